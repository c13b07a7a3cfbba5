"""Asking people: surveys, their questions, and answers that nobody can be known by."""

from .answers import Asked, SplitGroup, SurveyAnswer, Tally, Voice, Work
from .surveys import MOST_OPTIONS, SECRET_LENGTH, Question, Survey, new_secret

__all__ = [
    "MOST_OPTIONS",
    "SECRET_LENGTH",
    "Asked",
    "Question",
    "SplitGroup",
    "Survey",
    "SurveyAnswer",
    "Tally",
    "Voice",
    "Work",
    "new_secret",
]
