"""How words find a small change: by what it says of itself, and by what was told of it."""

import functools
import operator
import re

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models

# Endings do not count in English: "families" finds "family". Some words are looked for as they were
# written too, since who is still typing "meetin" has not come to a word's end yet.
_STEMS, _AS_WRITTEN = "english", "simple"


def kept_vector(
    weighed: dict[str, list[str]], *, as_written: list[str] | None = None
) -> models.Field:
    """A column that PostgreSQL fills by itself: the words of these fields, by weight (A to D)."""
    parts = [
        SearchVector(*names, weight=weight, config=_STEMS) for weight, names in weighed.items()
    ]
    if as_written:
        parts.append(SearchVector(*as_written, weight="D", config=_AS_WRITTEN))
    whole = functools.reduce(operator.add, parts)
    return models.GeneratedField(
        expression=whole, output_field=SearchVectorField(), db_persist=True
    )


def query_of(words: str) -> SearchQuery | None:
    """What finds all of these words, the last of which may not be whole yet; None without any."""
    asked = asked_in(words)
    if not asked:
        return None
    return SearchQuery(asked, config=_STEMS, search_type="raw") | SearchQuery(
        asked, config=_AS_WRITTEN, search_type="raw"
    )


def asked_in(words: str) -> str:
    """The same as PostgreSQL writes it down; empty without any words."""
    found = re.findall(r"\w+", words)
    # Letters and digits in quotes: nothing that somebody types is an operator.
    return " & ".join(f"'{word}'" for word in found) + ":*" if found else ""
