"""The planner: an authority's workshops, and the plan of each."""

import uuid
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale
from programmes.mail import site_url
from programmes.models import Milestone, Programme
from programmes.ordering import order
from programmes.pages import conflict, go, page, tell, wants_part
from programmes.permissions import Permission
from workshops.actions import invitations, planning
from workshops.actions.planning import HasBegun
from workshops.agenda import agenda_of, in_hours, kept_free, length_of
from workshops.calendar import PUBLISH, event_of
from workshops.forms.planner import (
    BlockAddForm,
    BlockEditForm,
    CoFacilitatorsForm,
    Lines,
    WhoComesForm,
    WorkshopAddForm,
    WorkshopEditForm,
)
from workshops.letters import people
from workshops.models import SessionKind, Template, Workshop

# Blocks that were taken out in this session of a browser, so that it can put them back.
_TAKEN_OUT = "blocks taken out"
_MOST_TAKEN_OUT = 10
EMPTY_PAGE = "empty"


@dataclass(frozen=True)
class Coming:
    """A workshop that has not been yet, or a date on the timeline that has none."""

    workshop: Workshop | None
    milestone: Milestone | None
    on: date | None

    @property
    def is_open(self) -> bool:
        return self.workshop is not None and bool(self.workshop.code)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def workshops(request):
    programme = request.authority.current_programme()
    rows = list(request.authority.workshops.for_list())
    dates = open_dates(programme).filter(on__gte=timezone.localdate()) if programme else []
    coming = [
        Coming(row, None, timezone.localdate(row.starts_at) if row.starts_at else None)
        for row in rows
        if row.ended_at is None
    ]
    coming += [Coming(None, one, one.on) for one in dates]
    context = {
        "programme": programme,
        "can_run": Permission.WORKSHOP_RUN in request.permissions,
        "coming": sorted(coming, key=lambda one: (not one.is_open, one.on or date.max)),
        "been": sorted(
            (row for row in rows if row.ended_at), key=lambda row: row.ended_at, reverse=True
        ),
    }
    return page(request, "workshops/workshops.html", context)


def open_dates(programme: Programme):
    """The dates on the timeline that have no workshop yet."""
    return Milestone.objects.filter(programme=programme, workshops=None).order_by("on", "number")


@authority_view(Permission.WORKSHOP_RUN)
@require_POST
def date_plan(request, pk):
    """One tap: the workshop of a date, from its ready-made session. `pk` is the milestone's."""
    milestone = get_object_or_404(request.authority.milestones, pk=pk)
    pk = uuid.uuid4()
    workshop = planning.plan_date(milestone=milestone, pk=pk, by=request.user)
    if workshop.pk == pk:
        tell(request, f"Here’s a plan to start from: {workshop}")
    return go(request, workshop.get_absolute_url())


@authority_view(Permission.WORKSHOP_RUN)
@require_http_methods(["GET", "POST"])
def workshop_add(request):
    """First which session to start from, then its title, day and place."""
    programme = programme_or_404(request)
    back = _list_url(request)
    start = request.POST.get("template") or request.GET.get("from", "")
    if request.method == "GET" and not start:
        return page(request, "workshops/workshop_add.html", {"ready": _ready(), "back": back})
    template = _template(start)
    form = WorkshopAddForm(
        request.POST or None,
        dates=open_dates(programme),
        template=template,
        initial=_to_start(programme, template),
    )
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        workshop = planning.plan(programme=programme, pk=pk, by=request.user, **form.cleaned_data)
        tell(request, f"Here’s your plan: {workshop}")
        return go(request, workshop.get_absolute_url())
    context = {"form": form, "template": template, "back": back}
    return page(request, "workshops/workshop_start.html", context)


@dataclass(frozen=True)
class Ready:
    """A ready-made session, as somebody sees it who chooses one."""

    template: Template
    blocks: list
    length: str


def _ready() -> list[Ready]:
    rows = Template.objects.newest().prefetch_related("blocks")
    return [
        Ready(row, blocks, in_hours(length_of(blocks)))
        for row in rows
        for blocks in [list(row.blocks.all())]
    ]


def _template(start: str) -> Template | None:
    """By its key in an address; by its id in a form, which may be older than a new version."""
    if start in (EMPTY_PAGE, ""):
        return None
    try:
        return get_object_or_404(Template, pk=uuid.UUID(start))
    except ValueError:
        return get_object_or_404(Template.objects.newest(), key=start[:60])


def _to_start(programme: Programme, template: Template | None) -> dict:
    """The next date of the session's kind that has no workshop yet, and its title and place."""
    if template is None:
        return {}
    found = open_dates(programme).filter(kind=template.kind, on__gte=timezone.localdate()).first()
    if found is None:
        return {"template": template.pk, "title": template.title}
    return {
        "template": template.pk,
        "title": found.title,
        "milestone": found.pk,
        "starts_at": planning.start_on(found.on),
        "place": found.place,
    }


@authority_view(Permission.JOURNEY_READ)
@require_GET
def workshop(request, pk):
    return _plan(request, _found(request, pk))


@authority_view(Permission.WORKSHOP_RUN)
@require_http_methods(["GET", "POST"])
def workshop_edit(request, pk):
    workshop = _planned(request, pk)
    form = WorkshopEditForm(request.POST or None, initial=model_to_dict(workshop))
    back = workshop.get_absolute_url()
    if form.is_valid():
        try:
            planning.change(
                workshop=workshop, by=request.user, address=_address(request), **form.cleaned_data
            )
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        tell(request, f"Got it. {_told(workshop)}".strip())
        return go(request, back)
    context = {"form": form, "workshop": workshop, "back": back}
    return page(request, "workshops/workshop_edit.html", context)


def _told(workshop: Workshop) -> str:
    """What became of the mail, which is known once a change is saved."""
    waiting = workshop.invitees.filter(sent_at=None).count()
    workshop.refresh_from_db(fields=["starts_at"])
    if waiting and workshop.starts_at:
        have = "has" if waiting == 1 else "have"
        return f"{people(waiting)} on the list {have} no mail yet: try “Send what hasn’t gone”."
    return ""


@authority_view(Permission.WORKSHOP_RUN)
@require_http_methods(["GET", "POST"])
def workshop_call_off(request, pk):
    """GET asks; POST takes it away and tells whoever is invited."""
    workshop = _planned(request, pk)
    if request.method == "POST":
        try:
            planning.call_off(workshop=workshop, by=request.user, address=_address(request))
        except HasBegun:
            tell(request, f"It has begun already, so it stays: {workshop}")
            return go(request, workshop.get_absolute_url())
        tell(request, f"Called off: {workshop}")
        return go(request, _list_url(request))
    context = {
        "workshop": workshop,
        "told": workshop.invitees.exclude(sent_at=None).count(),
        "back": workshop.get_absolute_url(),
    }
    return page(request, "workshops/workshop_call_off.html", context)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def workshop_calendar(request, pk):
    """The .ics file, for somebody's own calendar."""
    workshop = _found(request, pk)
    if workshop.starts_at is None:
        raise Http404
    link = site_url(request, workshop.get_absolute_url())
    text = event_of(workshop, method=PUBLISH, link=link, length=kept_free(workshop))
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="workshop.ics"'},
    )


@authority_view(Permission.WORKSHOP_RUN)
@require_http_methods(["GET", "POST"])
def workshop_people(request, pk):
    """Who helps to run it."""
    workshop = _planned(request, pk)
    there = [one.user_id for one in workshop.co_facilitators.all()]
    members = request.authority.memberships.standing().filter(user__in=there)
    form = CoFacilitatorsForm(
        request.POST if request.method == "POST" else None,
        authority=request.authority,
        initial={"helpers": [one.pk for one in members]},
    )
    back = workshop.get_absolute_url()
    if form.is_valid():
        users = [one.user for one in form.cleaned_data["helpers"]]
        planning.set_co_facilitators(workshop=workshop, users=users, by=request.user)
        tell(request, "Got it. That’s who runs it.")
        return go(request, back)
    context = {"form": form, "workshop": workshop, "back": back}
    return page(request, "workshops/workshop_people.html", context)


# --- who is invited


@authority_view(Permission.WORKSHOP_RUN)
@require_http_methods(["GET", "POST"])
def workshop_invite(request, pk):
    workshop = _planned(request, pk)
    data = request.POST if request.method == "POST" else None
    form = WhoComesForm(data, authority=request.authority)
    back = workshop.get_absolute_url()
    if form.is_valid():
        count = invitations.invite(
            workshop=workshop,
            emails=form.cleaned_data["emails"],
            by=request.user,
            address=_address(request),
        )
        tell(request, _invited(workshop, count))
        return go(request, f"{back}#invited")
    context = {"form": form, "workshop": workshop, "back": back}
    return page(request, "workshops/workshop_invite.html", context)


def _invited(workshop: Workshop, count: int) -> str:
    if not count:
        return "They’re all on the list already."
    added = f"{people(count)} added to the list."
    if workshop.starts_at is None:
        return f"{added} The mail goes when there’s a date."
    return f"{added} {_told(workshop) or 'The mail is on its way.'}"


@authority_view(Permission.WORKSHOP_RUN)
@require_POST
def invitations_send(request, pk):
    """Once more: to everybody, or, with `unsent`, only to those whose mail has not gone."""
    workshop = _planned(request, pk)
    count = invitations.send_again(
        workshop=workshop,
        by=request.user,
        address=_address(request),
        unsent=bool(request.POST.get("unsent")),
    )
    if workshop.starts_at is None:
        tell(request, "There’s no date yet. The mail goes when there is one.")
    else:
        tell(request, _told(workshop) or f"Sent to {people(count)}.")
    return go(request, f"{workshop.get_absolute_url()}#invited")


@authority_view(Permission.WORKSHOP_RUN)
@require_POST
def invitations_leave(request, pk):
    """The plan got longer or shorter, and nobody need hear of it."""
    workshop = _planned(request, pk)
    if invitations.leave_length(workshop=workshop, by=request.user):
        tell(request, "Left as it is: nobody gets a mail about the length.")
    return go(request, f"{workshop.get_absolute_url()}#invited")


@authority_view(Permission.WORKSHOP_RUN)
@require_POST
def invitee_remove(request, pk, invitee_pk):
    workshop = _planned(request, pk)
    invitee = get_object_or_404(workshop.invitees, pk=invitee_pk)
    invitations.uninvite(invitee=invitee, by=request.user, address=_address(request))
    tell(request, f"Off the list: {invitee}")
    return go(request, f"{workshop.get_absolute_url()}#invited")


# --- blocks


def _surveys_of(workshop: Workshop):
    """Those that people can answer, or will when they are open."""
    return workshop.programme.surveys.standing().filter(closed_at=None).for_list()


@authority_view(Permission.WORKSHOP_RUN)
@require_http_methods(["GET", "POST"])
def block_add(request, pk):
    workshop = _planned(request, pk)
    form = BlockAddForm(
        request.POST or None,
        blocks=workshop.activities.all(),
        rounds=workshop.programme.placing_rounds.all(),
        surveys=_surveys_of(workshop),
        initial={"after": request.GET.get("after", "")},
    )
    back = workshop.get_absolute_url()
    if form.is_valid():
        block_pk, after = form.cleaned_data.pop("id"), form.cleaned_data.pop("after")
        block = planning.add_block(
            workshop=workshop, pk=block_pk, by=request.user, after=after, **form.cleaned_data
        )
        tell(request, f"In the plan: {block}")
        return go(request, f"{back}#block-{block.pk}")
    context = {"form": form, "workshop": workshop, "back": back}
    return page(request, "workshops/block_add.html", context)


@authority_view(Permission.WORKSHOP_RUN)
@require_http_methods(["GET", "POST"])
def block_edit(request, pk, block_pk):
    workshop, block = block_or_404(request, pk, block_pk)
    has_begun = block.opened_at is not None
    initial = model_to_dict(block)
    for name in ("dots", "most_on_one"):
        initial[name] = initial[name] or None
    form = BlockEditForm(
        request.POST or None,
        initial=initial,
        has_begun=has_begun,
        rounds=workshop.programme.placing_rounds.all(),
        surveys=_surveys_of(workshop),
    )
    back = f"{workshop.get_absolute_url()}#block-{block.pk}"
    if form.is_valid():
        try:
            planning.change_block(block=block, by=request.user, **form.cleaned_data)
        except Stale as stale:
            stale.row.columns = Lines(stale.row.columns)
            return conflict(request, form=form, row=stale.row, back=back)
        tell(request, "Got it. The plan is up to date.")
        return go(request, back)
    context = {"form": form, "workshop": workshop, "block": block, "has_begun": has_begun}
    return page(request, "workshops/block_edit.html", context | {"back": back})


@authority_view(Permission.WORKSHOP_RUN)
@require_POST
def block_order(request, pk, block_pk):
    workshop, block = block_or_404(request, pk, block_pk)
    order(request, block, planning.order_block)
    return answer_with_plan(request, workshop)


@authority_view(Permission.WORKSHOP_RUN)
@require_POST
def block_double(request, pk, block_pk):
    workshop, block = block_or_404(request, pk, block_pk)
    try:
        new = uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        new = uuid.uuid4()
    planning.double_block(block=block, pk=new, by=request.user)
    tell(request, f"There twice now: {block}")
    return answer_with_plan(request, workshop)


@authority_view(Permission.WORKSHOP_RUN)
@require_POST
def block_skip(request, pk, block_pk):
    return _skip(request, pk, block_pk, is_skipped=True)


@authority_view(Permission.WORKSHOP_RUN)
@require_POST
def block_unskip(request, pk, block_pk):
    return _skip(request, pk, block_pk, is_skipped=False)


def _skip(request, pk, block_pk, *, is_skipped: bool):
    workshop, block = block_or_404(request, pk, block_pk)
    try:
        planning.skip_block(block=block, is_skipped=is_skipped, by=request.user)
        tell(request, f"{'Left out' if is_skipped else 'Back in'}: {block}")
    except HasBegun:
        tell(request, f"It has begun already, so it stays: {block}")
    return answer_with_plan(request, workshop)


@authority_view(Permission.WORKSHOP_RUN)
@require_POST
def block_remove(request, pk, block_pk):
    workshop, block = block_or_404(request, pk, block_pk)
    try:
        kept = planning.remove_block(block=block, by=request.user)
    except HasBegun:
        tell(request, f"It has begun already, so it stays: {block}")
    else:
        _keep(request, str(block_pk), kept)
        undo = reverse("workshops:block-put-back", args=[request.authority.slug, pk, block_pk])
        tell(request, f"Taken out: {block}", undo=undo)
    return answer_with_plan(request, workshop)


@authority_view(Permission.WORKSHOP_RUN)
@require_POST
def block_put_back(request, pk, block_pk):
    """Undo of taking a block out, in the browser that took it out."""
    workshop = _planned(request, pk)
    if (kept := request.session.get(_TAKEN_OUT, {}).get(str(block_pk))) is None:
        tell(request, "We can’t bring this one back. You can add it again.")
    else:
        block = planning.add_block(workshop=workshop, pk=block_pk, by=request.user, **kept)
        tell(request, f"It’s back: {block}")
    return answer_with_plan(request, workshop)


def _keep(request, pk: str, kept: dict) -> None:
    """The last few only: a session is no attic."""
    everything = request.session.get(_TAKEN_OUT, {}) | {pk: kept}
    request.session[_TAKEN_OUT] = dict(list(everything.items())[-_MOST_TAKEN_OUT:])


# --- what they share


def _found(request, pk) -> Workshop:
    found = request.authority.workshops.select_related("milestone", "template", "pod__team")
    return get_object_or_404(found, pk=pk)


def _planned(request, pk) -> Workshop:
    """One whose plan can still be written: it has not ended."""
    workshop = get_object_or_404(request.authority.workshops, pk=pk, ended_at=None)
    workshop.authority = request.authority
    return workshop


def block_or_404(request, pk, block_pk):
    workshop = _planned(request, pk)
    return workshop, get_object_or_404(workshop.activities, pk=block_pk)


def _plan(request, workshop: Workshop):
    workshop.authority = request.authority
    agenda = agenda_of(workshop)
    may_run = Permission.WORKSHOP_RUN in request.permissions
    can_edit = may_run and workshop.ended_at is None
    helpers = [one.user for one in workshop.co_facilitators.select_related("user")]
    invitees = list(workshop.invitees.all())
    new_length = _new_length(workshop) if can_edit and invitees else None
    context = {
        "workshop": workshop,
        "agenda": agenda,
        "length": in_hours(agenda.minutes),
        "can_edit": can_edit,
        "can_run": may_run or request.user in helpers,
        "invitees": invitees,
        "new_length": in_hours(new_length) if new_length else "",
        "told_length": in_hours(workshop.told_minutes or 0),
        "unsent": sum(one.sent_at is None for one in invitees),
        "helpers": helpers,
        "timeline_on": _other_day(workshop),
        "new_id": uuid.uuid4,
        "pod": getattr(workshop, "pod", None),
        "is_pod": workshop.kind == SessionKind.POD,
    }
    return page(request, "workshops/workshop.html", context, region="plan-blocks")


def _new_length(workshop: Workshop) -> int | None:
    """A length of the plan that the calendars don't know, and that nobody chose not to tell."""
    minutes = invitations.other_length(workshop)
    is_ahead = workshop.starts_at is not None and workshop.starts_at > timezone.now()
    return minutes if is_ahead and minutes != workshop.untold_minutes else None


def _other_day(workshop: Workshop) -> date | None:
    """The timeline's day for it, where that is another one."""
    if workshop.milestone is None or workshop.starts_at is None or workshop.ended_at:
        return None
    is_same = workshop.milestone.on == timezone.localdate(workshop.starts_at)
    return None if is_same else workshop.milestone.on


def answer_with_plan(request, workshop: Workshop):
    """After a small write in the plan: its blocks for htmx, else the page again."""
    if wants_part(request):
        return _plan(request, _found(request, workshop.pk))
    return go(request, workshop.get_absolute_url())


def _address(request):
    return partial(site_url, request)


def _list_url(request) -> str:
    return reverse("workshops:workshops", args=[request.authority.slug])
