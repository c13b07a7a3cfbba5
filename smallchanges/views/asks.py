"""Asks: putting one to somebody, answering it here or from a mail, and where all of them stand."""

from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view, open_view
from programmes.editing import Stale
from programmes.links import LinkRefused, link_of
from programmes.models import MailedLink, NoticeKind
from programmes.notices import has_stopped
from programmes.pages import conflict, go, page, tell
from programmes.permissions import Permission
from smallchanges import actions
from smallchanges.asking import cards, figures, is_theirs, may_tend
from smallchanges.forms import AskAddForm, AskEditForm, answer_forms, offered_in
from smallchanges.models import ASKS_SHOWN, Ask, AskAnswer
from smallchanges.room import SEATS, room_of
from smallchanges.views.change import change_or_404

ROWS_ON_A_PAGE = 25
_SAID = {
    AskAnswer.Kind.YES: "Got it: yes. Those who asked hear of it.",
    AskAnswer.Kind.YES_IF: "Got it: yes, if. Those who asked hear of it.",
    AskAnswer.Kind.NO: "Got it. Those who asked hear of it, and can think again.",
    AskAnswer.Kind.PASSED_ON: "Got it. We’ve passed it on, and those who asked hear of it.",
}
_READ_AGAIN = "Somebody changed the ask while you were here. Read it again, then send your answer."


# --- whose they are: asked before the method is looked at, so that no answer tells of others' asks


def _tended(view, *, standing: bool = True):
    """Whoever made the ask, or looks after those that others made; other members get 403."""

    @wraps(view)
    def inside(request, pk):
        asks = request.authority.asks.standing() if standing else request.authority.asks
        ask = get_object_or_404(asks.for_list(), pk=pk)
        if not may_tend(request, ask):
            raise PermissionDenied
        return view(request, ask)

    return inside


_tended_even_taken_back = partial(_tended, standing=False)


def _theirs(view):
    """The member whom the ask is with; nobody else finds it there."""

    @wraps(view)
    def inside(request, pk):
        mine = request.authority.asks.standing().put_to(request.membership)
        return view(request, get_object_or_404(mine.for_list(), pk=pk))

    return inside


def _released_by(view):
    """Whoever made the ask, answered it, or looks after those that others made."""

    @wraps(view)
    def inside(request, pk):
        ask = get_object_or_404(request.authority.asks.standing().for_list(), pk=pk)
        if not (is_theirs(request, ask) or may_tend(request, ask)):
            raise PermissionDenied
        return view(request, ask)

    return inside


# --- where all of them stand


@authority_view(Permission.JOURNEY_READ)
@require_GET
def asks(request):
    return asks_page(request)


def asks_page(request, answered: dict[UUID, dict] | None = None):
    """What waits for this person, what they promised, and all others, as the address wants them.

    `answered` are the forms of an ask, by its id, that came back with something to mend.
    """
    answered = answered or {}
    everything = request.authority.asks.standing()
    mine = everything.put_to(request.membership).for_list()
    waiting = cards(request, mine.waiting())
    offered = offered_in(request.authority) if waiting else []
    whose = request.GET.get("whose", "")
    show = request.GET.get("show", "")
    found = everything.shown_as(show)
    if whose == "ours":
        found = found.of_ones_own(request.user, request.membership)
    rows = Paginator(found.for_list(), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": [
            (card, answered.get(card.ask.pk) or answer_forms(card.ask, offered=offered))
            for card in waiting
        ],
        "promised": cards(request, mine.promised()),
        "rows": rows,
        "found": cards(request, rows),
        "shown": ASKS_SHOWN,
        "show": show if show in ASKS_SHOWN else "",
        "whose": "ours" if whose == "ours" else "",
        "figures": figures(request.authority.asks),
        "programme": request.authority.current_programme(),
    }
    return page(request, "smallchanges/asks.html", context)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def asks_room(request):
    """Who must be in the room, so that as much as possible can move."""
    asked = request.GET.get("seats", "")
    seats = int(asked) if asked in map(str, SEATS) else SEATS[2]
    programme = request.authority.current_programme()
    context = {
        "seats": seats,
        "choices": SEATS,
        "programme": programme,
        "meeting": room_of(programme, seats) if programme else None,
    }
    return page(request, "smallchanges/asks_room.html", context)


# --- asking


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def ask_add(request, pk):
    change = change_or_404(request, pk)
    form = AskAddForm(request.POST or None, initial=_begun(request, change), change=change)
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        ask = actions.add_ask(change=change, pk=pk, by=request.user, **form.cleaned_data)
        undo = _url(ask, "ask-remove")
        tell(
            request, f"Got it. We’ve asked {ask.who}, and remind them once after a week.", undo=undo
        )
        return go(request, ask.get_absolute_url())
    context = {"form": form, "change": change, "back": f"{change.get_absolute_url()}#change-asks"}
    return page(request, "smallchanges/ask_add.html", context)


def _begun(request, change) -> dict[str, Any]:
    """What is known of somebody who must be on board, where the address names them."""
    try:
        pk = UUID(request.GET.get("stakeholder", ""))
    except ValueError:
        return {}
    stakeholder = change.stakeholders.standing().filter(pk=pk).first()
    if stakeholder is None:
        return {}
    return {"stakeholder": pk, "role": stakeholder.who[:120], "what": stakeholder.what_we_ask}


@authority_view(Permission.CHANGE_EDIT)
@_tended
@require_http_methods(["GET", "POST"])
def ask_edit(request, ask):
    form = AskEditForm(request.POST or None, initial=model_to_dict(ask))
    back = ask.get_absolute_url()
    if form.is_valid():
        try:
            actions.edit_ask(ask=ask, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, "Got it. Whoever opens the ask reads the new words.")
            return go(request, back)
    context = {"form": form, "ask": ask, "back": back}
    return page(request, "smallchanges/ask_edit.html", context)


@authority_view(Permission.CHANGE_EDIT)
@_tended_even_taken_back
@require_POST
def ask_remove(request, ask):
    actions.remove_ask(ask=ask, by=request.user)
    tell(request, f"Not needed any more: {ask}", undo=_url(ask, "ask-put-back"))
    return go(request, f"{ask.change.get_absolute_url()}#change-asks")


@authority_view(Permission.CHANGE_EDIT)
@_tended_even_taken_back
@require_POST
def ask_put_back(request, ask):
    actions.put_back_ask(ask=ask, by=request.user)
    tell(request, f"It’s back: {ask}")
    return go(request, ask.get_absolute_url())


# --- answering


@authority_view(Permission.CHANGE_EDIT)
@_theirs
@require_POST
def ask_answer(request, ask):
    """By the member whom it is with, from the page of asks."""
    forms = answer_forms(ask, offered=offered_in(request.authority), sent=request.POST)
    if _answer(request, ask, forms, by=request.user):
        return go(request, reverse("smallchanges:asks", args=[request.authority.slug]))
    if ask.state != Ask.State.WAITING:
        # Its form stands on a page of its own.
        return _change_answer_page(request, ask, forms)
    return asks_page(request, {ask.pk: forms})


@authority_view(Permission.CHANGE_EDIT)
@_theirs
@require_GET
def ask_change_answer(request, ask):
    """Somebody thought again: the same four ways to answer, beside what they said."""
    return _change_answer_page(
        request, ask, answer_forms(ask, offered=offered_in(request.authority))
    )


def _change_answer_page(request, ask: Ask, forms):
    (card,) = cards(request, [ask])
    context = {"card": card, "forms": forms, "action": _url(ask, "ask-answer")}
    return page(request, "smallchanges/ask_change_answer.html", context)


@authority_view(Permission.CHANGE_EDIT)
@_released_by
@require_POST
def ask_release(request, ask):
    """The form says what is meant, so that tapping twice is not taking back."""
    released = request.POST.get("released")
    if released not in ("yes", "no"):
        raise BadRequest("It is there or it is not.")
    try:
        actions.release_ask(ask=ask, released=released == "yes", by=request.user)
    except ValidationError as error:
        tell(request, " ".join(error.messages))
    else:
        done = "Got it: it’s there. Those who asked hear of it." if released == "yes" else ""
        tell(request, done or "Got it: not there yet.")
    to_asks = request.POST.get("to") == "asks"
    asks_url = reverse("smallchanges:asks", args=[request.authority.slug])
    return go(request, asks_url if to_asks else ask.get_absolute_url())


@open_view(reason="the link stands in a mail to somebody who need not have an account")
@require_http_methods(["GET", "POST"])
def ask_link(request, authority_slug, token):
    """The same four ways to answer, from a mail. Looking changes nothing: scanners look too."""
    try:
        link, ask = _opened(request, authority_slug, token)
    except LinkRefused as refused:
        return _refused_link(request, refused)
    forms = answer_forms(ask, offered=None, sent=request.POST if request.POST else None)
    if request.method == "POST" and _use_link(request, ask, link, forms):
        return go(request, request.path)
    (newest, *earlier) = [*ask.answers.all(), None]
    context = {
        "ask": ask,
        "link": link,
        "forms": forms,
        "action": request.path,
        "newest": None if newest and newest.to_whom else newest,
        "passed": [one for one in reversed((newest, *earlier)) if one and one.to_whom],
    }
    return page(request, "smallchanges/ask_link.html", context)


def _opened(request, slug: str, token: str) -> tuple[MailedLink, Ask]:
    """Raises `LinkRefused` where the link is worth nothing, or the ask is not theirs any more."""
    link = link_of(token, MailedLink.Purpose.ANSWER, slug=slug, user=request.user)
    ask = link.authority.asks.for_list().filter(pk=link.target).first()
    if ask is None or ask.address != link.email:
        raise LinkRefused("This ask isn’t with you any more. There’s nothing that you need to do.")
    if ask.removed_at:
        raise LinkRefused("Nobody needs this any more. Thank you all the same.")
    return link, ask


def _use_link(request, ask: Ask, link: MailedLink, forms) -> bool:
    by = request.user if request.user.is_authenticated else None
    if "released" not in request.POST:
        return _answer(request, ask, forms, by=by, link=link)
    try:
        actions.release_ask(ask=ask, released=True, by=by, link=link)
    except ValidationError as error:
        tell(request, " ".join(error.messages))
        return False
    tell(request, "Got it: it’s there. Those who asked hear of it.")
    return True


def _refused_link(request, refused: LinkRefused):
    """Say why, and mail a new link to whom the old one was theirs, where they ask for it."""
    link = refused.link
    ask = _still_theirs(link)
    if ask and link and request.POST.get("again"):
        by = request.user if request.user.is_authenticated else None
        actions.send_link_again(link=link, ask=ask, by=by)
        if has_stopped(authority=ask.authority, to=link.email, kind=NoticeKind.ASK):
            tell(request, "You’ve stopped these mails, so none comes. Their last line starts them.")
        else:
            tell(request, "Got it. A new link comes by mail, between 8 and 6 on a working day.")
        return go(request, request.path)
    was_used = link is not None and link.used_at is not None
    context = {
        "why": str(refused),
        "was_used": was_used,
        "ask": ask,
        "not_taken": was_used and _says_more(request, link),
        "typed": request.POST.get("words", ""),
    }
    status = 200 if was_used else 404
    return page(request, "smallchanges/ask_link_refused.html", context, status=status)


def _says_more(request, link: MailedLink | None) -> bool:
    """Whether what was sent is nothing that the ask has: one page may be open twice."""
    if link is None or not request.POST.keys() & {"kind", "released"}:
        return False
    if "released" in request.POST:
        asks = Ask.objects.filter(authority=link.authority_id, pk=link.target)
        return asks.filter(released_at=None).exists()
    answers = AskAnswer.objects.filter(authority=link.authority_id, ask=link.target)
    return request.POST.get("id", "") not in {
        str(pk) for pk in answers.values_list("pk", flat=True)
    }


def _still_theirs(link: MailedLink | None) -> Ask | None:
    """The ask that an old link was about, where it is still with whom the link was mailed to."""
    if link is None:
        return None
    ask = link.authority.asks.standing().filter(pk=link.target).first()
    return ask if ask and ask.address == link.email else None


def _answer(request, ask: Ask, forms, *, by, link: MailedLink | None = None) -> bool:
    """Answer with the form of these that was sent; False where there is something to mend."""
    sent = next((form for form in forms.values() if form.is_bound), None)
    if sent is None:
        raise BadRequest("There are four ways to answer.")
    if not sent.is_valid():
        return False
    words = dict(sent.cleaned_data)
    pk = words.pop("id")
    try:
        actions.answer_ask(ask=ask, pk=pk, kind=sent.kind, by=by, link=link, **words)
    except Stale as stale:
        sent.data = sent.data.copy()
        sent.data[sent.add_prefix("seen")] = str(stale.row.version)
        sent.add_error(None, _READ_AGAIN)
    except ValidationError as error:
        sent.add_error(None, error)
    else:
        tell(request, _SAID[sent.kind])
        return True
    return False


# --- what they share


def _url(ask: Ask, name: str) -> str:
    return reverse(f"smallchanges:{name}", args=[ask.authority.slug, ask.pk])
