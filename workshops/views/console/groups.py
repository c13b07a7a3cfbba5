"""Theming on the console: notes into groups and out of them, each with its undo."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.editing import Stale
from programmes.pages import conflict, go, page, tell, wants_part
from workshops import reading
from workshops.actions import groups, notes
from workshops.doors import console_view
from workshops.forms.room import GroupEditForm, GroupForm
from workshops.models import Activity, Group, Note, Workshop
from workshops.views.console.page import (
    LONGEST_SEARCH,
    MANY,
    SEARCHES,
    activity_of,
    back,
    console,
    console_url,
    group_of,
)


@console_view
@require_POST
def run_notes_move(request, workshop, activity_pk):
    """Put the picked notes into a group, out of any, or into a new one."""
    activity = activity_of(workshop, activity_pk)
    picked = _picked(request, activity)
    if request.POST.get("way") == "find":
        return _found(request, workshop)
    if not picked:
        tell(request, "Pick a note first.")
        return back(request, workshop)
    to = request.POST.get("to") or request.GET.get("to", "")  # an undo says it in its address
    group = None if to == "none" else group_of(activity, to)
    before = {note.group_id for note in picked}
    moved = notes.place(activity=activity, notes=picked, group=group, by=request.user)
    if moved:
        words = f"Moved “{picked[0]}”" if len(picked) == 1 else f"Moved {len(picked)} notes"
        undo = _undo_of_move(workshop, activity, picked, before)
        tell(request, f"{words} to {group}." if group else f"{words} out of its group.", undo=undo)
    return back(request, workshop, at=f"pick-{picked[0].pk}", keeps_ticks=False)


def _found(request, workshop: Workshop):
    """What a search box leaves, with every tick; by its own address where there is no script."""
    if wants_part(request):
        return console(request, workshop)
    kept = {name: request.POST.getlist(name) for name in (*SEARCHES, "note", "to")}
    return go(
        request, console_url(workshop, **{name: said for name, said in kept.items() if any(said)})
    )


@console_view
@require_GET
def run_note_move(request, workshop, activity_pk, note_pk):
    """One note, and where it could go: found by typing where there are many groups."""
    activity = activity_of(workshop, activity_pk)
    note = get_object_or_404(reading.source_notes(activity), pk=note_pk)
    others = [group for group in reading.groups_of(activity) if group.pk != note.group_id]
    find = request.GET.get("find", "").strip()[:LONGEST_SEARCH]
    context = {
        "workshop": workshop,
        "activity": activity,
        "note": note,
        "groups": [group for group in others if reading.holds(group.title, find)],
        "is_grouped": any(group.pk == note.group_id for group in reading.groups_of(activity)),
        "has_many_groups": len(others) >= MANY,
        "find": find,
        "form": GroupForm(),
        "back": console_url(workshop),
    }
    return page(request, "workshops/run_note_move.html", context, region="places")


def _undo_of_move(workshop: Workshop, activity: Activity, picked, before) -> str:
    """The address that takes a move back, where all came from one place."""
    if len(before) != 1:
        return ""
    came_from = before.pop()
    return reverse(
        "workshops:run-notes-move",
        args=[workshop.authority.slug, workshop.pk, activity.pk],
        query={"note": [str(note.pk) for note in picked], "to": str(came_from or "none")},
    )


def _picked(request, activity: Activity) -> list[Note]:
    """An undo names its notes in the address; a form sends them."""
    asked = request.POST.getlist("note") or request.GET.getlist("note")
    return [note for note in reading.source_notes(activity) if str(note.pk) in asked]


@console_view
@require_POST
def run_group_add(request, workshop, activity_pk):
    activity = activity_of(workshop, activity_pk)
    form = GroupForm(request.POST)
    if not form.is_valid():
        return console(request, workshop, form=form)
    said = form.cleaned_data
    picked = _picked(request, activity)
    group = groups.add(
        activity=activity, pk=said["id"], title=said["title"], notes=picked, by=request.user
    )
    undo = _group_url("run-group-remove", workshop, group)
    tell(request, f"New group: {group}", undo=undo)
    return back(request, workshop, at=f"g-{group.pk}", keeps_ticks=False)


def _group_url(name: str, workshop: Workshop, group: Group, **query) -> str:
    return reverse(
        f"workshops:{name}", args=[workshop.authority.slug, workshop.pk, group.pk], query=query
    )


def _group(workshop: Workshop, pk) -> Group:
    return get_object_or_404(
        Group.objects.select_related("activity__workshop"), activity__workshop=workshop, pk=pk
    )


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def run_group_edit(request, workshop, group_pk):
    """Another name for a group, or a merge into another one."""
    group = _group(workshop, group_pk)
    initial = {"title": group.title, "version": group.version}
    form = GroupEditForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            groups.rename(group=group, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=console_url(workshop))
        tell(request, f"Renamed: {group}")
        return go(request, console_url(workshop, at=f"g-{group.pk}"))
    others = reading.groups_of(group.activity).exclude(pk=group.pk)
    context = {"workshop": workshop, "group": group, "form": form, "others": others}
    return page(request, "workshops/run_group_edit.html", context | {"back": console_url(workshop)})


@console_view
@require_POST
def run_group_merge(request, workshop, group_pk):
    group = _group(workshop, group_pk)
    into = group_of(group.activity, request.POST.get("into", ""))
    kept = [str(one) for one in group.notes.values_list("pk", flat=True)]
    groups.merge(group=group, into=into, by=request.user)
    undo = _group_url("run-group-split", workshop, group, note=kept)
    tell(request, f"“{group}” is part of “{into}” now.", undo=undo)
    return go(request, console_url(workshop, at=f"g-{into.pk}"))


@console_view
@require_POST
def run_group_split(request, workshop, group_pk):
    """Take a merge back, with the notes that the group had."""
    group = _group(workshop, group_pk)
    asked = request.GET.getlist("note")
    mine = [note.pk for note in reading.source_notes(group.activity) if str(note.pk) in asked]
    groups.split(group=group, notes=mine, by=request.user)
    tell(request, f"Apart again: {group}")
    return back(request, workshop, at=f"g-{group.pk}")


@console_view
@require_POST
def run_group_remove(request, workshop, group_pk):
    group = groups.remove(group=_group(workshop, group_pk), by=request.user)
    undo = _group_url("run-group-put-back", workshop, group)
    tell(request, f"Taken apart: {group}. Its notes look for a home.", undo=undo)
    return back(request, workshop, at="l0")


@console_view
@require_POST
def run_group_put_back(request, workshop, group_pk):
    group = groups.put_back(group=_group(workshop, group_pk), by=request.user)
    tell(request, f"Together again: {group}")
    return back(request, workshop, at=f"g-{group.pk}")
