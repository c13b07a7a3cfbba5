"""All small changes, in three views of one filtered list."""

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from programmes.access import authority_view, programme_or_404
from programmes.pages import page
from programmes.permissions import Permission
from smallchanges import exports, reading
from smallchanges.forms import FilterForm
from smallchanges.models import SORTS, SmallChangeQuerySet

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
CARDS_IN_A_COLUMN = 25


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


def _file(request, write, ending: str, kind: str) -> HttpResponse:
    """The table with the filters of the address, all of its pages."""
    programme = programme_or_404(request)
    filters = FilterForm(request.GET, programme=programme)
    found, _, _ = _sorted(request, programme.small_changes.matching(**filters.wanted))
    name = f"small-changes-{request.authority.slug}-{timezone.localdate()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write(found), content_type=kind, headers=headers)


def _listed(request, programme) -> dict:
    filters = FilterForm(request.GET, programme=programme)
    found = programme.small_changes.matching(**filters.wanted)
    seen_as = request.GET.get("as", "")
    parts = {"lines": _lines, "board": _board, "table": _table}
    if seen_as not in parts:
        seen_as = "lines"
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in request.GET.items() if value})
    return {
        "query": query,
        "seen_as": seen_as,
        "views": VIEWS,
        "filters": filters,
        "counts": found.told_apart(),
        **parts[seen_as](request, programme, found, filters),
    }


def _lines(request, programme, found, filters) -> dict:
    """Living changes, unless people ask for others. A filter leaves out lines without a note."""
    shown = found if "status" in filters.wanted else found.living()
    lines = reading.lines_of(programme, shown)
    if filters.wanted:
        lines = [(strand, changes) for strand, changes in lines if changes]
    return {"lines": lines}


def _board(request, programme, found, filters) -> dict:
    """Each stage with its first cards and how many there are; the table shows the rest."""
    return {
        "columns": [
            (stage, changes[:CARDS_IN_A_COLUMN], len(changes))
            for stage, changes in reading.columns_of(found)
        ]
    }


def _table(request, programme, found, filters) -> dict:
    rows, column, down = _sorted(request, found)
    heads = [
        _head(name, label, is_sorted=name == column != "", down=down) for name, label in COLUMNS
    ]
    return {
        "rows": Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page")),
        "heads": heads,
    }


def _sorted(request, found) -> tuple[SmallChangeQuerySet, str, bool]:
    """The rows as the address wants them; by which column, if any, and whether downwards."""
    asked = request.GET.get("sort", "")
    down, column = asked.startswith("-"), asked.removeprefix("-")
    rows = found.for_list()
    if column not in SORTS:
        return rows, "", down
    return rows.sorted_by(column, down=down), column, down


def _head(name: str, label: str, *, is_sorted: bool, down: bool) -> dict[str, str]:
    """A heading of the table: what its link sorts by, and how the table is sorted by it now."""
    return {
        "label": label,
        "sort": f"-{name}" if is_sorted and not down else name,
        "sorted": ("descending" if down else "ascending") if is_sorted else "",
    }
