"""Inviting people to an authority, and answering an invitation."""

from dataclasses import dataclass
from functools import partial

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from programmes.access import authority_view, open_view
from programmes.actions import invitations
from programmes.actions.invitations import Answer, NotOpen, Outcome
from programmes.editing import Taken
from programmes.forms.people import InviteForm, InviteManyForm, JoinForm, Line
from programmes.mail import site_url
from programmes.models import Invitation
from programmes.pages import go, page, tell
from programmes.permissions import Permission
from programmes.views.people import people_page


@authority_view(Permission.PEOPLE_MANAGE)
@require_http_methods(["GET", "POST"])
def people_invite(request):
    """Invite one person. Sending the form twice invites once."""
    form = InviteForm(
        request.POST or None, authority=request.authority, may_grant=request.may_grant
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        [outcome] = _invite(request, [wanted["email"]], wanted["roles"], wanted["teams"])
        problem = _why_not(outcome, wanted["roles"])
        if outcome.invitation is None or problem:
            form.add_error("email", problem)
        else:
            tell(request, what_became_of(outcome.invitation))
            return go(request, people_page(request))
    return page(request, "programmes/people_invite.html", {"form": form})


def _invite(request, emails, roles, teams) -> list[Outcome]:
    return invitations.invite(
        authority=request.authority,
        emails=emails,
        roles=roles,
        teams=teams,
        by=request.user,
        address=partial(site_url, request),
    )


def _why_not(outcome: Outcome, roles) -> str:
    """Why nobody was invited, for the person who tried; empty where the wish is met."""
    if outcome.answer is Answer.HERE:
        return f"{outcome.email} takes part here already."
    kept = outcome.invitation
    if outcome.answer is Answer.WAITING and kept and sorted(kept.roles) != sorted(roles):
        return (
            f"{outcome.email} is invited already, as {kept.role_names.lower()}. Withdraw that"
            " invitation first if it should be different."
        )
    return ""


def what_became_of(invitation: Invitation) -> str:
    """Says whether the mail went, which is known once the invitation is saved."""
    invitation.refresh_from_db(fields=["sent_at"])
    if invitation.sent_at:
        return f"{invitation.email} is invited. The mail is on its way."
    return f"{invitation.email} is invited, but the mail has not gone yet. Try “Send again” soon."


@dataclass(frozen=True)
class LineAnswer:
    """What became of one line that somebody pasted. `again`: an invitation to send once more."""

    text: str
    words: str
    is_good: bool
    again: Invitation | None = None


@authority_view(Permission.PEOPLE_MANAGE)
@require_http_methods(["GET", "POST"])
def people_invite_many(request):
    """Invite a list. Each line is answered for; those that were no address stay to be corrected."""
    may = {"authority": request.authority, "may_grant": request.may_grant}
    form, answers = InviteManyForm(request.POST or None, **may), []
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        lines = wanted["addresses"]
        emails = [line.email for line in lines if line.email]
        answers = _answers(lines, _invite(request, emails, wanted["roles"], wanted["teams"]))
        left = "\n".join(line.text for line in lines if not line.email)
        form = InviteManyForm(initial=wanted | {"addresses": left}, **may)
    context = {
        "form": form,
        "answers": answers,
        "dealt_with": sum(answer.is_good for answer in answers),
        "is_all_done": answers and not form.initial["addresses"],
    }
    return page(request, "programmes/people_invite_many.html", context)


def _answers(lines: list[Line], outcomes: list[Outcome]) -> list[LineAnswer]:
    by_email = {outcome.email: outcome for outcome in outcomes}
    sent = set(
        Invitation.objects.filter(pk__in=[o.invitation.pk for o in outcomes if o.invitation])
        .exclude(sent_at=None)
        .values_list("pk", flat=True)
    )
    answers, seen = [], set()
    for line in lines:
        if not line.email:
            answers.append(LineAnswer(line.text, "Not an email address. Correct it below.", False))
        elif line.email in seen:
            answers.append(LineAnswer(line.text, "Twice in your list, and dealt with once.", True))
        else:
            answers.append(_answer(line, by_email[line.email], sent))
        seen.add(line.email)
    return answers


def _answer(line: Line, outcome: Outcome, sent: set) -> LineAnswer:
    kept = outcome.invitation
    if outcome.answer is Answer.HERE:
        return LineAnswer(line.text, "Takes part already.", True)
    if outcome.answer is Answer.WAITING:
        role = f", as {kept.role_names.lower()}" if kept else ""
        return LineAnswer(line.text, f"Invited already{role}.", True, again=kept)
    words = "Invited." if outcome.answer is Answer.INVITED else "Invited again: the first ran out."
    if kept and kept.pk in sent:
        return LineAnswer(line.text, words, True)
    return LineAnswer(line.text, f"{words} The mail has not gone yet.", False, again=kept)


@authority_view(Permission.PEOPLE_MANAGE)
@require_POST
def people_invitation_send_again(request, pk):
    """A new link, by mail. The old one opens nothing any more."""
    kept = get_object_or_404(request.authority.invitations.waiting(), pk=pk)
    if not set(kept.roles) <= request.may_grant:
        raise PermissionDenied
    _send_again(request, request.authority.invitations.filter(pk=pk))
    tell(request, what_became_of(kept))
    return go(request, people_page(request))


@authority_view(Permission.PEOPLE_MANAGE)
@require_POST
def people_invitations_send_unsent(request):
    """Try all mail once more that has not gone."""
    unsent = request.authority.invitations.unsent()
    tried = _send_again(request, unsent)
    left = unsent.count()
    if left:
        tell(request, f"{left} of {len(tried)} mails have not gone. Please try again later.")
    else:
        tell(request, "All mail has gone now.")
    return go(request, people_page(request))


def _send_again(request, rows) -> list[Invitation]:
    return invitations.send_again(
        invitations=rows, by=request.user, address=partial(site_url, request)
    )


@authority_view(Permission.PEOPLE_MANAGE)
@require_POST
def people_invitation_withdraw(request, pk):
    kept = get_object_or_404(request.authority.invitations, pk=pk)
    try:
        invitations.withdraw(invitation=kept, by=request.user)
        tell(request, f"The invitation of {kept.email} is withdrawn. Its link no longer works.")
    except NotOpen:
        tell(request, f"{kept.email} said yes just before, and takes part now.")
    return go(request, people_page(request))


@open_view(reason="an invitation is for somebody who may have no account yet")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, secret):
    """Answer an invitation. Only a POST changes anything: mail scanners open links too."""
    kept = invitations.find(secret)
    if kept is None or kept.state != Invitation.State.OPEN:
        return _closed(request, kept)
    owner = invitations.person_at(kept.email)
    if request.user.is_authenticated:
        is_theirs = owner == request.user
        if is_theirs and request.method == "POST":
            return _accept(request, kept)
        return _show(request, kept, "accept" if is_theirs else "somebody else")
    if owner:
        return _show(request, kept, "sign in")
    form = JoinForm(request.POST or None, email=kept.email)
    if request.method == "POST" and form.is_valid():
        return _join(request, kept, form.cleaned_data)
    return _show(request, kept, "join", form=form)


def _show(request, kept: Invitation, step: str, **context):
    return page(request, "programmes/invitation.html", {"kept": kept, "step": step, **context})


def _closed(request, kept: Invitation | None):
    """404 for a link that we never sent, 410 for one that opens nothing any more."""
    status = 410 if kept else 404
    return page(request, "programmes/invitation_closed.html", {"kept": kept}, status=status)


def _accept(request, kept: Invitation):
    try:
        invitations.accept(invitation=kept, by=request.user)
    except NotOpen:
        return go(request, request.path)  # which says why
    tell(request, _welcome(kept))
    return go(request, _inside(kept))


def _join(request, kept: Invitation, said: dict):
    try:
        user = invitations.accept_as_new_person(
            invitation=kept, name=said["name"], password=said["password"]
        )
    except (NotOpen, Taken):
        return go(request, request.path)  # which says why, or asks to sign in
    # So that setting up a second step does not ask for the password that was just chosen.
    record_authentication(request, user, method="password", email=user.email, reauthenticated=True)
    tell(request, _welcome(kept))
    return perform_login(request, user, redirect_url=_inside(kept), email=user.email)


def _welcome(kept: Invitation) -> str:
    return f"You’re in. Welcome to {kept.authority or 'the Crescendo team'}."


def _inside(kept: Invitation) -> str:
    return kept.authority.get_absolute_url() if kept.authority else reverse("portfolio")
