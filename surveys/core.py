"""The questions that every authority asks in the same words, so that answers can be compared.

The wording is locked: the database holds each question with a `core` key to the words here
(`question_core_words_are_locked`). To change a word is to begin a new key, by a migration.
"""

from dataclasses import dataclass

from django.db import models


class QuestionKind(models.TextChoices):
    EXTENT = "extent", "To what extent"
    CHOICE = "choice", "One of several"
    CHOICES = "choices", "Any of several"
    SCALE = "scale", "1 to 5"
    NUMBER = "number", "A number"
    TEXT = "text", "In their own words"
    SHARE = "share", "Share of last week"


class Area(models.TextChoices):
    """The four areas of impact (`programme.md`)."""

    CONNECTED = "connected", "People feel more connected"
    AVENUES = "avenues", "Avenues to effect change"
    PURPOSE = "purpose", "Empowered, and connected to our purpose"
    OPTIMISM = "optimism", "Optimism about children’s social care"


# Nothing is told of fewer people. It may be raised, and is never lowered.
FEWEST = 5
EXTENTS = ("Not at all", "To a small extent", "To a moderate extent", "To a large extent")
# From which place in `EXTENTS` on an answer counts as "moderate or large".
MODERATE = 2
# Of a working week, in per cent: from, and below. The last one has no upper end.
SHARES = (
    "Less than 10%",
    "10% to 20%",
    "20% to 30%",
    "30% to 40%",
    "40% to 50%",
    "Half or more",
)
SCALE = ("1", "2", "3", "4", "5")


@dataclass(frozen=True)
class CoreQuestion:
    """`survey` is the kind of survey that it stands in; `stem` is read before `text`."""

    key: str
    survey: str
    kind: QuestionKind
    area: str
    stem: str
    text: str


_POSITIVELY = "To what extent have small changes positively affected …"
_AGREE = "How far do you agree?"

CORE = (
    CoreQuestion(
        "impact-satisfaction",
        "impact",
        QuestionKind.EXTENT,
        Area.PURPOSE,
        _POSITIVELY,
        "job satisfaction",
    ),
    CoreQuestion(
        "impact-team",
        "impact",
        QuestionKind.EXTENT,
        Area.CONNECTED,
        _POSITIVELY,
        "how effective you are as a team",
    ),
    CoreQuestion(
        "impact-change",
        "impact",
        QuestionKind.EXTENT,
        Area.AVENUES,
        _POSITIVELY,
        "your ability to effect change within the local authority",
    ),
    CoreQuestion(
        "impact-valued",
        "impact",
        QuestionKind.EXTENT,
        Area.OPTIMISM,
        _POSITIVELY,
        "how valued you feel in your role",
    ),
    CoreQuestion(
        "impact-time",
        "impact",
        QuestionKind.EXTENT,
        Area.OPTIMISM,
        _POSITIVELY,
        "the time that you or your team spend in direct work with children, young people or"
        " families",
    ),
    CoreQuestion(
        "check-time",
        "temperature",
        QuestionKind.EXTENT,
        Area.PURPOSE,
        _AGREE,
        "I get enough time for direct work with children and families",
    ),
    CoreQuestion(
        "check-change",
        "temperature",
        QuestionKind.EXTENT,
        Area.AVENUES,
        _AGREE,
        "I can change things that get in the way of good practice",
    ),
    CoreQuestion(
        "check-connected",
        "temperature",
        QuestionKind.EXTENT,
        Area.CONNECTED,
        _AGREE,
        "I feel connected to the people I work with",
    ),
    CoreQuestion(
        "check-valued",
        "temperature",
        QuestionKind.EXTENT,
        Area.OPTIMISM,
        _AGREE,
        "I feel valued in my role",
    ),
    CoreQuestion(
        "check-keeps",
        "temperature",
        QuestionKind.TEXT,
        "",
        "",
        "What keeps you from time with families?",
    ),
    CoreQuestion(
        "check-way",
        "temperature",
        QuestionKind.TEXT,
        "",
        "",
        "What gets in the way of change?",
    ),
    CoreQuestion(
        "check-wanted",
        "temperature",
        QuestionKind.TEXT,
        "",
        "",
        "What do you want to be different?",
    ),
    CoreQuestion(
        "pulse-families",
        "pulse",
        QuestionKind.SHARE,
        "",
        "",
        "How much of your working time last week did you spend with children, young people or"
        " families?",
    ),
)
CORE_KEYS = [(one.key, one.text) for one in CORE]


def core_of(survey_kind: str) -> list[CoreQuestion]:
    """The locked questions of one kind of survey, in their order; none of our own questions."""
    return [one for one in CORE if one.survey == survey_kind]
