"""Step 1: values, their opposite, the vision and what gets in its way. One set of views for all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view, programme_or_404
from programmes.actions import ambition as actions
from programmes.editing import Stale, Taken
from programmes.forms.ambition import (
    AddStatementForm,
    EditBarrierForm,
    EditStatementForm,
    MergeForm,
    PartsForm,
)
from programmes.kinds import KINDS, Kind
from programmes.models import Barrier, Programme, Statement, TemperatureFinding
from programmes.ordering import order
from programmes.pages import conflict, go, page, tell, wants_part
from programmes.permissions import Permission
from programmes.views.lists import StatementList, kept, parts_of, rows_of, statement_list


@authority_view(Permission.JOURNEY_READ)
@require_GET
def ambition(request):
    """The four lists. htmx asks for the barriers alone: no other list can be narrowed or turned."""
    programme = request.authority.current_programme()
    if programme is None:
        context: dict = {"can_begin": Permission.PROGRAMME_EDIT in request.permissions}
        return page(request, "programmes/ambition.html", context)
    if wants_part(request):
        context = {"list": _list(request, programme, KINDS["barriers"])}
    else:
        context = _whole(request, programme)
    return page(request, "programmes/ambition.html", context, region="statements")


@authority_view(Permission.AMBITION_EDIT)
@require_POST
def statement_add(request, kind: Kind):
    """The list comes back with an empty field in focus, ready for the next one."""
    programme = programme_or_404(request)
    form = AddStatementForm(request.POST, kind=kind, programme=programme)
    if form.is_valid() and (added := _add(request, programme, kind, form)):
        tell(request, f"Added “{added}”.")
        change = request.GET.get("change", "")
        return _answer(request, programme, kind, {"change": change, "added": kind.word})
    if wants_part(request):
        context = {"list": _list(request, programme, kind, form=form)}
    else:
        context = _whole(request, programme, form=form)
    return page(request, "programmes/ambition.html", context, region="statements")


@authority_view(Permission.AMBITION_EDIT)
@require_http_methods(["GET", "POST"])
def statement_edit(request, kind: Kind, pk: UUID):
    statement = get_object_or_404(rows_of(programme_or_404(request), kind), pk=pk)
    form = _edit_form(request, kind, statement)
    if not statement.stands:
        return _no_longer_there(request, kind, statement, form)
    if form.is_valid():
        try:
            _edit(request, statement, form.cleaned_data)
        except Taken:
            form.say_taken()
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=_address(request, kind))
        else:
            tell(request, f"It now says “{statement}”.")
            return go(request, _address(request, kind))
    context = _edit_page(request, kind, statement, form)
    return page(request, "programmes/statement_edit.html", context)


@authority_view(Permission.AMBITION_EDIT)
@require_POST
def statement_move(request, kind: Kind, pk: UUID):
    programme = programme_or_404(request)
    statement = get_object_or_404(rows_of(programme, kind).standing(), pk=pk)
    order(request, statement, actions.move)
    return _answer(request, programme, kind)


@authority_view(Permission.AMBITION_EDIT)
@require_POST
def statement_remove(request, kind: Kind, pk: UUID):
    programme = programme_or_404(request)
    statement = get_object_or_404(rows_of(programme, kind), pk=pk)
    if actions.remove(statement=statement, by=request.user):
        undo = _undo(request, "programmes:statement-put-back", kind, statement)
        tell(request, f"Took “{statement}” off the list.", undo=undo)
    return _answer(request, programme, kind)


@authority_view(Permission.AMBITION_EDIT)
@require_POST
def statement_put_back(request, kind: Kind, pk: UUID):
    """Undo of `statement_remove`."""
    statement = get_object_or_404(rows_of(programme_or_404(request), kind), pk=pk)
    try:
        if actions.put_back(statement=statement, by=request.user):
            tell(request, f"“{statement}” is back.")
    except Taken:
        tell(request, f"“{statement}” is on the list already: somebody added it again.")
    return go(request, _address(request, kind))


@authority_view(Permission.AMBITION_EDIT)
@require_http_methods(["GET", "POST"])
def statement_merge(request, kind: Kind, pk: UUID):
    """Say that several mean the same: they become one, which takes on all their links."""
    standing = rows_of(programme_or_404(request), kind).standing()
    statement = get_object_or_404(standing, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = MergeForm(data, statement=statement, standing=standing)
    if form.is_valid():
        into, parts = form.cleaned_data["keep"], form.cleaned_data["parts"]
        try:
            actions.merge(into=into, others=parts, by=request.user)
        except actions.Gone:
            form.add_error(None, "Somebody changed the list a moment ago. Please look again.")
        else:
            undo = _undo(request, "programmes:statement-unmerge", kind, into, parts)
            tell(request, f"“{into}” now stands for {_so_many(parts)} more.", undo=undo)
            return go(request, _address(request, kind))
    context = {
        "kind": kind,
        "statement": statement,
        "form": form,
        "others": standing.exclude(pk=statement.pk).exists(),
        "back": _address(request, kind),
    }
    return page(request, "programmes/statement_merge.html", context)


@authority_view(Permission.AMBITION_EDIT)
@require_POST
def statement_unmerge(request, kind: Kind, pk: UUID):
    """Undo of `statement_merge`: the parts that the address names stand for themselves again."""
    into = get_object_or_404(rows_of(programme_or_404(request), kind), pk=pk)
    form = PartsForm(request.GET, parts=into.merged.all())
    # Parts that are none any more were taken out a moment ago, as was wanted.
    if form.is_valid():
        parts = list(form.cleaned_data["part"])
        try:
            if actions.unmerge(into=into, others=parts, by=request.user):
                tell(request, f"Took {_so_many(parts)} out of “{into}” again.")
        except Taken:
            tell(request, "The same words were added again since. Please change those first.")
    return go(request, _address(request, kind))


# --- what the views share


def _list(
    request, programme: Programme, kind: Kind, query: Mapping[str, str] | None = None, *, form=None
) -> StatementList:
    can_edit = Permission.AMBITION_EDIT in request.permissions
    return statement_list(
        programme, kind, request.GET if query is None else query, can_edit=can_edit, form=form
    )


def _whole(request, programme: Programme, form: AddStatementForm | None = None) -> dict:
    """The whole page; `form`, if any, takes the place of the empty one under its list."""
    return {
        "programme": programme,
        "lists": {
            word: _list(request, programme, kind, form=form if form and form.kind is kind else None)
            for word, kind in KINDS.items()
        },
        "findings": _findings(programme),
        "ways": programme.ways_of_working.all(),
    }


def _findings(programme: Programme) -> list[tuple[str, list[TemperatureFinding]]]:
    """What the first temperature check found, by question; one without answers is left out."""
    by_question = defaultdict(list)
    for finding in programme.temperature_findings.all():
        by_question[finding.question].append(finding)
    return [
        (question.label, by_question[question])
        for question in TemperatureFinding.Question
        if question in by_question
    ]


def _answer(request, programme: Programme, kind: Kind, query: Mapping[str, str] | None = None):
    """After a write to a list: the list anew for htmx, else the page at that list."""
    if not wants_part(request):
        return go(request, _address(request, kind, query))
    context = {"list": _list(request, programme, kind, query)}
    return page(request, "programmes/ambition.html", context, region="statements")


def _address(request, kind: Kind, query: Mapping[str, str] | None = None) -> str:
    """Where a list is, as it was shown; with its field in focus where something was just added."""
    query = request.GET if query is None else query
    added = {"added": kind.word} if query.get("added") else {}
    return reverse(
        "programmes:ambition",
        args=[request.authority.slug],
        query=kept(query) | added,
        # A browser that jumps to a fragment puts the focus nowhere else.
        fragment=None if added else kind.word,
    )


def _undo(request, name: str, kind: Kind, statement: Statement, parts: Iterable = ()) -> str:
    query = {"part": [part.pk for part in parts], **kept(request.GET)}
    return reverse(name, args=[request.authority.slug, kind, statement.pk], query=query)


def _add(request, programme: Programme, kind: Kind, form: AddStatementForm) -> Statement | None:
    """The new row; None, and an error in the form, where somebody said it a moment ago."""
    try:
        return actions.add(
            programme=programme,
            kind=kind.model,
            pk=form.cleaned_data["id"],
            text=form.cleaned_data["text"],
            by=request.user,
        )
    except Taken:
        form.say_taken()
        return None


def _edit_form(request, kind: Kind, statement: Statement) -> EditStatementForm:
    form_class, initial = EditStatementForm, {"text": statement.text, "version": statement.version}
    if isinstance(statement, Barrier):
        form_class = EditBarrierForm
        initial |= {"gift": statement.gift, "teams": statement.teams.all()}
    data = request.POST if request.method == "POST" else None
    return form_class(data, kind=kind, statement=statement, initial=initial)


def _edit(request, statement: Statement, words: dict) -> None:
    if isinstance(statement, Barrier):
        actions.edit_barrier(barrier=statement, by=request.user, **words)
    else:
        actions.edit(statement=statement, by=request.user, **words)


def _edit_page(request, kind: Kind, statement: Statement, form: EditStatementForm) -> dict:
    merged = rows_of(statement.programme, kind).merged().with_origin()
    return {
        "kind": kind,
        "statement": statement,
        "form": form,
        "parts": parts_of(merged).get(statement.pk, []),
        "kept": kept(request.GET),
        "back": _address(request, kind),
    }


def _no_longer_there(request, kind: Kind, statement: Statement, form: EditStatementForm):
    """Somebody took it away or merged it. Who was writing keeps what they wrote in sight."""
    if not form.is_bound:
        tell(request, f"“{statement}” isn’t on the list any more.")
        return go(request, _address(request, kind))
    form.add_error(
        None, "Somebody took this off the list while you were writing. Your words are still here."
    )
    context = _edit_page(request, kind, statement, form)
    return page(request, "programmes/statement_edit.html", context, status=409)


def _so_many(parts: list) -> str:
    return "one" if len(parts) == 1 else str(len(parts))
