"""What the live room holds, beside others that do the same: `make bench`. Needs no network."""
