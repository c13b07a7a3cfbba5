"""How the four lists of step 1 are shown: which rows, narrowed by what, and with which forms."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator

from programmes.forms.ambition import AddStatementForm, BarrierFilterForm
from programmes.kinds import Kind
from programmes.models import Programme, Statement

# Barriers on one page; and from how many on they can be narrowed down.
A_PAGE = 50
LONG = 12
# What an address says of a list: whether it is being changed, and which barriers are shown.
_KEPT = ("change", "q", "gift", "team", "page")


@dataclass(frozen=True)
class StatementList:
    """One of the four lists, as a page shows it. Each of its rows has `parts`, merged into it."""

    kind: Kind
    page: Page
    # How many there are, shown or not.
    total: int
    # Whether the rows show what can be done with them; `kept` keeps that in each form's address.
    changing: bool
    kept: dict[str, str]
    # For those who may add to it; and whether they are at it.
    form: AddStatementForm | None
    adding: bool
    # For a long list; and whether it is narrowed now.
    narrow: BarrierFilterForm | None
    narrowed: bool

    @property
    def made_up_alike(self) -> bool:
        """Whether all that is shown is made up in the same way: then it is said only once."""
        return len({row.illustrative for row in self.page}) == 1

    @property
    def may_order(self) -> bool:
        """A place among a chosen few says nothing of the place among all."""
        return self.total > 1 and not self.narrowed


def statement_list(
    programme: Programme,
    kind: Kind,
    query: Mapping[str, str],
    *,
    can_edit: bool,
    form: AddStatementForm | None = None,
) -> StatementList:
    """What `query`, an address's, asks to see of one list. `form` is one that was sent and is kept.

    An address that says `added` to a list shows its end, with an empty field in focus.
    """
    added = query.get("added") == kind.word
    narrow = BarrierFilterForm(query, programme=programme) if kind.has_gift else None
    chosen = narrow.narrowed if narrow else {}
    if kind.has_gift:
        shown = _barriers(programme, chosen, "last" if added else query.get("page"))
    else:
        shown = _words(programme, kind)
    total = rows_of(programme, kind).standing().count() if chosen else shown.paginator.count
    return StatementList(
        kind=kind,
        page=shown,
        total=total,
        changing=can_edit and query.get("change") == kind.word,
        kept=kept(query, page=shown.number),
        form=form or (_empty_form(programme, kind, focus=added) if can_edit else None),
        adding=added or form is not None,
        narrow=narrow if chosen or total > LONG else None,
        narrowed=bool(chosen),
    )


def rows_of(programme: Programme, kind: Kind):
    return getattr(programme, kind.word)


def kept(query: Mapping[str, str], *, page: int | None = None) -> dict[str, str]:
    """What of an address's query a form sends along, so that one comes back to the same place."""
    values = {name: query[name] for name in _KEPT if query.get(name)}
    if page is not None:
        values.pop("page", None)
        if page > 1:
            values["page"] = str(page)
    return values


def parts_of(said: Iterable[Statement]) -> dict[UUID | None, list[Statement]]:
    """Which of these became part of which, at however many removes."""
    merged = {row.pk: row for row in said if row.merged_into_id}
    parts = defaultdict(list)
    for row in merged.values():
        last = row
        while last.merged_into_id in merged:
            last = merged[last.merged_into_id]
        parts[last.merged_into_id].append(row)
    return parts


def _words(programme: Programme, kind: Kind) -> Page:
    """All of a list that is short by its nature."""
    said = list(rows_of(programme, kind).said().with_origin())
    standing = [row for row in said if row.stands]
    return _with_parts(Paginator(standing, max(len(standing), 1)).get_page(1), parts_of(said))


def _barriers(programme: Programme, chosen: dict, number: str | None) -> Page:
    parts = parts_of(programme.barriers.merged().with_origin())
    found = programme.barriers.standing().matching(parts=parts, **chosen)
    pages = Paginator(found.with_origin().with_teams(), A_PAGE)
    return _with_parts(pages.get_page(pages.num_pages if number == "last" else number), parts)


def _with_parts(shown: Page, parts: Mapping[UUID | None, list[Statement]]) -> Page:
    for row in shown:
        row.parts = parts.get(row.pk, [])
    return shown


def _empty_form(programme: Programme, kind: Kind, *, focus: bool) -> AddStatementForm:
    form = AddStatementForm(kind=kind, programme=programme)
    if focus:
        form.start_here()
    return form
