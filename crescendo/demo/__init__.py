"""What the demo has beside its journeys' files. All of it is made up, and marked so."""
