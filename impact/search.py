"""Finding anything that somebody may see, from one box: one statement, however much there is."""

import difflib
import functools
import operator
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchRank, SearchVector, TrigramWordSimilarity
from django.db import connection, models
from django.db.models.functions import Cast, Concat

from impact.search_kinds import BY_NAME, KINDS, Kind, Reader
from smallchanges.models.search import asked_in, query_of

LONGEST = 100  # letters of what is looked for
OF_A_KIND = 5
ON_A_PAGE = 25
# Letters that nobody types, around what PostgreSQL found in a text.
_FROM, _TO = "\ue000", "\ue001"
_MARKS = f"StartSel={_FROM}, StopSel={_TO}"
_WHOLE = f"{_MARKS}, HighlightAll=true"
_PART = f"{_MARKS}, MaxFragments=1, MaxWords=28, MinWords=14"
_TITLE_LENGTH = 200
_NO_ID = UUID(int=0)
# How alike two words are that one slip of the finger keeps apart.
_ALIKE = 0.6

type Pieces = list[tuple[bool, str]]


@dataclass
class Hit:
    """Something that was found: its words in pieces, of which some are what was looked for."""

    kind: Kind
    url: str
    title: Pieces
    body: Pieces
    within: str
    at: datetime
    illustrative: str


@dataclass
class Found:
    """All of one kind that was found, of which `hits` are the best."""

    kind: Kind
    total: int
    hits: list[Hit]

    @property
    def label(self) -> str:
        return self.kind.one if self.total == 1 else self.kind.many


@dataclass
class Answer:
    """What was found, the best kind first. `is_guess` where nothing has the very words."""

    found: list[Found]
    is_guess: bool = False
    page: int = 1

    @property
    def total(self) -> int:
        return sum(one.total for one in self.found)


def search(words: str, reader: Reader, *, kind: Kind | None = None, page: int = 1) -> Answer:
    """What `reader` may see that has all of these words; without any such, what comes close.

    Of every kind the first few; of one `kind` a page of many.
    """
    if not asked_in(words):
        return Answer([])
    for is_guess in (False, True):
        rows = _rows(words, reader, kind=kind, page=page, is_guess=is_guess)
        if not rows and page > 1:  # past the last one
            page = 1
            rows = _rows(words, reader, kind=kind, page=page, is_guess=is_guess)
        if rows:
            return Answer(_told(rows, words, reader, is_guess=is_guess), is_guess, page)
    return Answer([])


def examples(reader: Reader) -> list[str]:
    """Three of this place's own words to begin with; one statement."""
    firsts = [
        kind.rows(reader).annotate(hit=_text(kind.title)).order_by("created_at").values_list("hit")
        for kind in KINDS
        if kind.name in ("barriers", "strands", "changes")
    ]
    rows = firsts[0][:1].union(*(one[:1] for one in firsts[1:]), all=True).order_by()
    return [said for (said,) in rows]


# --- one statement for all kinds


@dataclass(frozen=True)
class _Row:
    kind: str
    pk: UUID
    title: str
    body: str
    within: str
    inside: UUID
    at: datetime
    illustrative: str
    rank: float
    total: int


def _rows(words: str, reader: Reader, *, kind, page: int, is_guess: bool) -> list[_Row]:
    kinds = [kind] if kind else KINDS
    asked = [_of_kind(one, words, reader, is_guess=is_guess) for one in kinds]
    parts: list[Any] = [one for one in asked if one is not None]
    if not parts:
        return []
    if kind:
        rows = parts[0][(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    else:
        firsts = [one[:OF_A_KIND] for one in parts]
        rows = firsts[0].union(*firsts[1:], all=True).order_by()
    return [_Row(*row) for row in rows]


def _of_kind(kind: Kind, words: str, reader: Reader, *, is_guess: bool):
    """The best first, and of equals the newest; each knows how many there are of its kind."""
    rows = kind.rows(reader)
    title, body = _text(kind.title), _text(kind.body)
    rank: models.Expression
    if is_guess:
        if not kind.forgives:
            return None
        rows = rows.alias(hit_words=title).filter(hit_words__trigram_word_similar=words)
        rank = TrigramWordSimilarity(words, title)
    else:
        query: Any = query_of(words)
        vector = models.F(kind.kept) if kind.kept else _vector(title, body)
        rows = rows.alias(hit_vector=vector).filter(hit_vector=query)
        rank = SearchRank(vector, query)
    inside = Cast(kind.inside, models.UUIDField()) if kind.inside else models.Value(_NO_ID)
    return (
        rows.annotate(
            hit_kind=models.Value(kind.name, output_field=models.TextField()),
            hit_pk=models.F("pk"),
            hit_title=title,
            hit_body=body,
            hit_within=_text(kind.within),
            hit_inside=Cast(inside, models.UUIDField()),
            hit_at=models.F(kind.at),
            hit_illustrative=models.F("illustrative"),
            hit_rank=Cast(rank, models.FloatField()),
            hit_total=models.Window(models.Count("*")),
        )
        .order_by("-hit_rank", "-hit_at", "hit_pk")
        .values_list(*(f"hit_{name}" for name in _Row.__dataclass_fields__))
    )


def _text(said: Any) -> models.Expression:
    """A field, several with a space between, an expression, or nothing: as text."""
    if isinstance(said, tuple):
        space = models.Value(" ")
        parts = [part for name in said for part in (models.F(name), space)]
        return Concat(*parts, output_field=models.TextField())
    if said == "":
        said = models.Value("")
    return Cast(said, models.TextField())


def _vector(title, body) -> Any:
    """As a kept column would be, made on the spot: for kinds of which there are never very many."""
    parts = (
        SearchVector(words, weight=weight, config="english")
        for words, weight in ((title, "A"), (body, "C"))
    )
    return functools.reduce(operator.add, parts)


# --- told to people


def _told(rows: list[_Row], words: str, reader: Reader, *, is_guess: bool) -> list[Found]:
    """By kind; that with the best hit comes first, and of equals in the order of `KINDS`."""
    marked = _marked([row.title for row in rows] + [row.body for row in rows], words)
    found: dict[str, Found] = {}
    best: dict[str, float] = {}
    for place, row in enumerate(rows):
        kind = BY_NAME[row.kind]
        body = _pieces(marked[len(rows) + place])
        title = _closest(row.title, words) if is_guess else _pieces(marked[place])
        # Words that were not looked for are no reason to show all of a plan.
        has_it = any(is_mark for is_mark, _ in body)
        hit = Hit(
            kind=kind,
            url=kind.leads_to(reader.authority.slug, row.pk, row.inside),
            title=title,
            body=_cut_out(body, row.body) if has_it else [],
            within=row.within,
            at=row.at,
            illustrative=row.illustrative,
        )
        found.setdefault(row.kind, Found(kind, row.total, [])).hits.append(hit)
        best[row.kind] = max(row.rank, best.get(row.kind, 0))
    return sorted(
        (found[kind.name] for kind in KINDS if kind.name in found),
        key=lambda one: -best[one.kind.name],
    )


def _cut_out(pieces: Pieces, whole: str) -> Pieces:
    """With dots where the text goes on."""
    said, whole = " ".join("".join(part for _, part in pieces).split()), " ".join(whole.split())
    before = [] if whole.startswith(said) else [(False, "… ")]
    after = [] if whole.endswith(said) else [(False, " …")]
    return [*before, *pieces, *after]


def _marked(texts: list[str], words: str) -> list[str]:
    """Each text with letters around what was found: titles whole, of long ones the best part."""
    clean = [text.replace(_FROM, "").replace(_TO, "") for text in texts]
    ways = [_WHOLE if len(text) <= _TITLE_LENGTH else _PART for text in clean]
    asked = asked_in(words)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline('english', said, to_tsquery('english', %s)"
            " || to_tsquery('simple', %s), way)"
            " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS one(said, way, place)"
            " ORDER BY place",
            [asked, asked, clean, ways],
        )
        return [said for (said,) in cursor.fetchall()]


def _pieces(marked: str) -> Pieces:
    """Cut at the marks; a template escapes each piece."""
    pieces: Pieces = []
    for number, part in enumerate(re.split(f"[{_FROM}{_TO}]", marked)):
        if part:
            pieces.append((number % 2 == 1, part))
    return pieces


def _closest(text: str, words: str) -> Pieces:
    """Marked where a word is most like one that was looked for."""
    wanted = [word.lower() for word in re.findall(r"\w+", words)]
    return [
        (bool(difflib.get_close_matches(part.lower(), wanted, 1, _ALIKE)), part)
        for part in re.findall(r"\w+|\W+", text)
    ]
