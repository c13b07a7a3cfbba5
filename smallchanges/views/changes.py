"""All small changes, in three views of one filtered list, and moving several of them at once."""

import contextlib
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import push_url

from programmes.access import authority_view, programme_or_404
from programmes.pages import go, page, tell
from programmes.permissions import Permission
from smallchanges import actions, exports, reading, together
from smallchanges.forms import ME, FilterForm, TogetherForm
from smallchanges.models import (
    LIVING,
    NO_STRAND,
    QUIET_WEEKS,
    SORTS,
    JointMove,
    SmallChangeQuerySet,
    Stage,
    Status,
)

# How the same list can be seen, with the icon of each.
VIEWS = (("lines", "Lines", "leaf"), ("board", "Board", "board"), ("table", "Table", "table"))
COLUMNS = (
    ("title", "Small change"),
    ("strand", "Strand"),
    ("stage", "Stage"),
    ("status", "Status"),
    ("gift", "In whose gift"),
    ("", "Teams"),
    ("moved", "Last moved"),
)
ROWS_ON_A_PAGE = 50
CARDS_IN_A_COLUMN = 10
# With more than these the page begins with where they are, all told.
MANY = 20
# What one press moves at most: more than any page has boxes.
MOST_TICKED = 100


@authority_view(Permission.JOURNEY_READ)
@require_GET
def changes(request):
    programme = request.authority.current_programme()
    context = {
        "programme": programme,
        "can_add": Permission.CHANGE_ADD in request.permissions and programme is not None,
        "can_edit": Permission.CHANGE_EDIT in request.permissions,
        "can_set_up": Permission.TIMELINE_EDIT in request.permissions,
    }
    if programme is None:
        return page(request, "smallchanges/changes.html", context)
    context |= _listed(request, programme)
    response = page(request, "smallchanges/changes.html", context, region="changes-list")
    # The address can be shared, so it holds the filters that are on and no empty ones.
    return push_url(response, f"{request.path}?{context['query'].urlencode()}")


@authority_view(Permission.JOURNEY_READ)
@require_GET
def changes_csv(request):
    return _file(request, exports.as_csv, "csv", "text/csv; charset=utf-8")


@authority_view(Permission.JOURNEY_READ)
@require_GET
def changes_xlsx(request):
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(request, exports.as_xlsx, "xlsx", kind)


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def changes_move(request):
    """What was ticked in the list, where it goes, and what of it can go there: then one press."""
    programme = programme_or_404(request)
    ticked = _ticked(request, programme)
    is_asked = "stage" in request.POST
    initial = {"back": request.POST.get("back", "")}
    form = TogetherForm(request.POST if is_asked else None, initial=initial)
    is_valid = form.is_valid()
    plan = together.plan_of(ticked, **form.place)
    if is_valid and "go" in request.POST:
        joint = request.authority.joint_moves.filter(pk=form.cleaned_data["id"]).first()
        joint = joint or _moved_together(request, form, plan)
        if joint:
            return _after_joint_move(request, joint, form)
    context = {
        "form": form,
        "ticked": ticked,
        "plan": plan if any(form.place[name] for name in ("stage", "status")) else None,
        "back": _list_at(request, request.POST.get("back", "")),
    }
    return page(request, "smallchanges/changes_move.html", context, region="joint-plan")


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def changes_move_undo(request, pk):
    joint = get_object_or_404(request.authority.joint_moves, pk=pk)
    went, stayed = actions.undo_together(joint=joint, by=request.user)
    if not went:
        said = "They have moved on since, so they stay where they are."
    elif stayed:
        said = f"Taken back: {_number(went)}. {_number(stayed)} moved on since, and stayed."
    else:
        said = f"Taken back: {_number(went)}."
    tell(request, said)
    return go(request, _list_at(request, request.GET.get("back", "")))


def _ticked(request, programme) -> list:
    """The changes whose boxes were ticked; what is no change of this programme is left out."""
    keys = []
    for said in request.POST.getlist("change")[:MOST_TICKED]:
        with contextlib.suppress(ValueError):
            keys.append(UUID(said))
    return list(programme.small_changes.filter(pk__in=keys).in_stage_order().briefly())


def _moved_together(request, form, plan) -> JointMove | None:
    """The joint move, or None where the form says why it did not happen."""
    chosen = form.cleaned_data
    if chosen["seen"] != plan.seen:
        form.add_error(None, "This is what will move now. If you still mean it, press again.")
    elif not plan.moving:
        form.add_error(None, "None of them can move there. Choose another stage or status.")
    elif plan.needs_why:
        form.add_error("why", "Tell us why they go back, or stop. It counts as learning.")
    else:
        try:
            return actions.move_together(
                authority=request.authority,
                pk=chosen["id"],
                changes=plan.changes,
                by=request.user,
                **form.place,
            )
        except ValidationError as error:
            form.add_error(None, error)
    return None


def _after_joint_move(request, joint: JointMove, form: TogetherForm) -> HttpResponse:
    back, slug = form.cleaned_data["back"], request.authority.slug
    query = {"back": back} if back else None
    undo = reverse("smallchanges:changes-move-undo", args=[slug, joint.pk], query=query)
    tell(request, f"Moved {_number(joint.moves.count())}: {form.said}.", undo=undo)
    return go(request, _list_at(request, back))


def _number(changes: int) -> str:
    return f"{changes} change{'' if changes == 1 else 's'}"


def _list_at(request, back: str) -> str:
    """The list with the filters that the person came with."""
    return reverse("smallchanges:changes", args=[request.authority.slug], query=QueryDict(back))


def _file(request, write, ending: str, kind: str) -> HttpResponse:
    """The table with the filters of the address, all of its pages."""
    programme = programme_or_404(request)
    filters = FilterForm(request.GET, programme=programme, member=request.membership)
    found, is_guess = _found(programme, filters)
    rows, _, _ = _sorted(request, found, filters.words, is_guess=is_guess)
    name = f"small-changes-{request.authority.slug}-{timezone.localdate()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    written = write(rows.select_related("strand", "lead__user"))
    return HttpResponse(written, content_type=kind, headers=headers)


def _found(programme, filters: FilterForm) -> tuple[SmallChangeQuerySet, bool]:
    """What fits the filters, and whether its words are a guess, since nothing has those."""
    changes = programme.small_changes
    is_guess = bool(filters.words) and not changes.says(filters.words)
    return changes.matching(**filters.wanted, is_guess=is_guess), is_guess


def _listed(request, programme) -> dict:
    filters = FilterForm(request.GET, programme=programme, member=request.membership)
    found, is_guess = _found(programme, filters)
    tally = reading.Tally(found)
    seen_as = request.GET.get("as", "")
    parts = {"lines": _lines, "board": _board, "table": _table}
    if seen_as not in parts:
        seen_as = "lines"
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in request.GET.items() if value and name != "tick"})
    return {
        "query": query,
        "seen_as": seen_as,
        "views": VIEWS,
        "filters": filters,
        "counts": tally,
        "is_guess": is_guess and tally.all,
        "glance": _glance(request, programme, tally, filters, seen_as)
        if tally.all > MANY and not filters.chosen
        else None,
        "all_ticked": request.GET.get("tick") == "all",
        **parts[seen_as](request, programme, found, filters, tally, is_guess),
    }


def _glance(request, programme, tally: reading.Tally, filters, seen_as: str) -> dict:
    """Where all of many changes are, each number with the filter that shows those that it counts.

    Strands stand in their own order, and teams are not counted: nobody is ranked.
    """
    # Lines leave out ideas and what was stopped, and would show fewer than the number says.
    at = {"as": "table" if seen_as == "lines" else seen_as}

    def part(label: str, number: int, **chosen) -> tuple[str, str, int, int]:
        href = f"?{urlencode(at | chosen)}"
        return href, label, number, round(100 * number / tally.all)

    strands = [
        part(title, tally.of(strand=UUID(key)), strand=key) for key, title in filters.strands
    ]
    if number := tally.of(strand=None):
        strands.append(part("No strand yet", number, strand=NO_STRAND))
    return {
        "groups": [
            ("Stage", [part(one.label, tally.of(stage=one), stage=one.value) for one in Stage]),
            (
                "Status",
                [part(one.label, tally.of(status=[one]), status=one.value) for one in Status],
            ),
            ("Strand", strands),
        ],
        "weeks": QUIET_WEEKS,
        "quiet": programme.small_changes.quiet().count(),
        "quiet_at": f"?{urlencode(at | {'quiet': QUIET_WEEKS})}",
        "asks": programme.small_changes.needing_an_ask().count(),
        "asks_at": f"?{urlencode(at | {'ask': 'needed'})}",
        "mine_at": f"?{urlencode(at | {'owner': ME})}" if request.membership else "",
    }


def _lines(request, programme, found, filters, tally, is_guess) -> dict:
    """Living changes, unless people ask for others. A filter leaves out lines without a note."""
    shown, named = (
        (found, tally) if "status" in filters.chosen else (found.living(), tally.only(LIVING))
    )
    lines = reading.lines_of(programme, shown, tally=named)
    if filters.chosen:
        lines = [(strand, changes) for strand, changes in lines if changes]
    return {"lines": lines}


def _board(request, programme, found, filters, tally, is_guess) -> dict:
    """Each stage with its first cards and how many there are; the table shows the rest."""
    return {"columns": reading.columns_of(found, tally, most=CARDS_IN_A_COLUMN)}


def _table(request, programme, found, filters, tally, is_guess) -> dict:
    rows, column, down = _sorted(request, found, filters.words, is_guess=is_guess)
    heads = [
        _head(name, label, is_sorted=name == column != "", down=down) for name, label in COLUMNS
    ]
    return {
        "rows": _Pages(rows, tally.all, out_of=programme.small_changes).get_page(
            request.GET.get("page")
        ),
        "heads": heads,
    }


class _Pages(Paginator):
    """Pages of rows that were counted before; what is only shown is asked for the page's own."""

    def __init__(self, rows: SmallChangeQuerySet, number: int, *, out_of: SmallChangeQuerySet):
        super().__init__(rows.values_list("pk", flat=True), ROWS_ON_A_PAGE)
        self.count, self.out_of = number, out_of

    def page(self, number):
        page = super().page(number)
        keys = list(page.object_list)
        rows = {row.pk: row for row in self.out_of.filter(pk__in=keys).for_list().briefly()}
        page.object_list = [rows[key] for key in keys if key in rows]
        return page


def _sorted(request, found, words: str, *, is_guess: bool) -> tuple:
    """The rows as the address wants them; by which column, if any, and whether downwards.

    Who looks for words and asks for no order gets first what they fit best.
    """
    asked = request.GET.get("sort", "")
    down, column = asked.startswith("-"), asked.removeprefix("-")
    rows = found.for_list()
    if column in SORTS:
        return rows.sorted_by(column, down=down), column, down
    return rows.closest_first(words, is_guess=is_guess) if words else rows, "", down


def _head(name: str, label: str, *, is_sorted: bool, down: bool) -> dict[str, str]:
    """A heading of the table: what its link sorts by, and how the table is sorted by it now."""
    return {
        "label": label,
        "sort": f"-{name}" if is_sorted and not down else name,
        "sorted": ("descending" if down else "ascending") if is_sorted else "",
    }
