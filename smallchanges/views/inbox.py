"""The small-changes inbox: reading, offering and answering, and what a facilitator sees to."""

from dataclasses import dataclass

from allauth.core.internal.ratelimit import get_ip
from allauth.core.ratelimit import consume
from django.conf import settings
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes import guard
from programmes.access import authority_view, open_view, programme_or_404
from programmes.editing import Stale, Taken
from programmes.mail import site_url
from programmes.pages import conflict, go, page, qr, tell, wants_part
from programmes.permissions import Permission
from smallchanges import inbox as reading
from smallchanges.actions import inbox as actions
from smallchanges.forms.inbox import (
    AskAnswerForm,
    BarrierAnswerForm,
    ChangeAnswerForm,
    MemberOfferForm,
    NotNowAnswerForm,
    OfferedTidyForm,
    OfferForm,
    SetUpForm,
)
from smallchanges.models import Ask, Inbox, Offered, SmallChange

_ON_A_PAGE = 20
# Of how many small changes the form tells that came of what people offered.
_BECAME = 5


@dataclass(frozen=True)
class Way:
    """One way to answer: how its button and its page say it, and its form."""

    state: Offered.State
    label: str
    about: str
    icon: str
    form: type
    needs_a_programme: bool = False


WAYS = {
    "barrier": Way(
        Offered.State.BARRIER,
        "It’s a barrier",
        "It goes on the list that strands and small changes come from.",
        "flag",
        BarrierAnswerForm,
        needs_a_programme=True,
    ),
    "change": Way(
        Offered.State.CHANGE,
        "It’s a small change",
        "It joins the ideas in Mission, in words that you can still better.",
        "leaf",
        ChangeAnswerForm,
        needs_a_programme=True,
    ),
    "ask": Way(
        Offered.State.ASK,
        "We’re asking for this",
        "Somebody else has to say yes to it. They get a mail, and answer from there.",
        "bubble",
        AskAnswerForm,
        needs_a_programme=True,
    ),
    "not-now": Way(
        Offered.State.NOT_NOW,
        "Not now, because…",
        "An honest reason is an answer too.",
        "clock",
        NotNowAnswerForm,
    ),
}


# --- for members


@authority_view(Permission.JOURNEY_READ)
@require_GET
def inbox(request):
    inbox = reading.inbox_of(request.authority)
    may_run = Permission.INBOX_RUN in request.permissions
    offered = request.authority.offered.for_list()
    answered = Paginator(offered.answered(), _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "inbox": inbox,
        "today": timezone.localdate(),
        "waiting": _with_promise(offered.waiting().shown(), inbox),
        "held": list(offered.held()) if may_run else [],
        "answered": answered,
        "clock": reading.clock_of(request.authority),
        "can_answer": Permission.INBOX_ANSWER in request.permissions,
        "may_run": may_run,
        "mail_to": mail_address(request.authority),
    }
    return page(request, "smallchanges/inbox.html", context)


def _with_promise(offered, inbox: Inbox) -> list[Offered]:
    """Each with how long it has waited, and whether that is longer than was promised."""
    today = timezone.localdate()
    rows = list(offered)
    for row in rows:
        row.waited = (today - row.day).days
        row.is_overdue = reading.promised_by(row, inbox) < today
    return rows


def mail_address(authority) -> str:
    """Where mails to this inbox go; empty where the mail server hands none on."""
    local, at, host = settings.INBOX_ADDRESS.partition("@")
    return f"{local}+{authority.slug}@{host}" if at else ""


@authority_view(Permission.JOURNEY_READ)
@require_http_methods(["GET", "POST"])
def inbox_add(request):
    """A member offers something, with their name or without a trace of it."""
    inbox = reading.inbox_of(request.authority)
    form = MemberOfferForm(request.POST or None)
    if _asks_for_a_look(request):
        return _looked(request)
    context = {"form": form, "inbox": inbox, "finding": None}
    if request.method == "POST" and form.is_valid():
        context["finding"] = _to_warn_of(request, form)
        if context["finding"] is None and _may_offer(request, form):
            said = {name: form.cleaned_data[name] for name in ("kind", "text")}
            pk, is_named = form.cleaned_data["id"], form.cleaned_data["who"] == "named"
            try:
                if is_named:
                    offered = actions.offer_named(
                        authority=request.authority, pk=pk, by=request.user, **said
                    )
                else:
                    offered = actions.offer(
                        authority=request.authority, pk=pk, reply=Offered.Reply.LINK, **said
                    )
            except (actions.Closed, actions.Full):
                form.add_error(None, _NO_ROOM)
            else:
                if is_named:
                    tell(request, "Thank you. It’s in the inbox, and you’ll hear from us.")
                    return go(request, inbox.get_absolute_url())
                # Nothing is told: that would wait in the session, which is theirs, and say when.
                return go(request, reading.answer_path(offered))
    return page(request, "smallchanges/inbox_add.html", context | _room(inbox))


@authority_view(Permission.JOURNEY_READ)
@require_GET
def inbox_item(request, pk):
    return _item_page(request, _offered_or_404(request, pk))


def _item_page(request, offered: Offered, *, status: int = 200, **more):
    inbox = reading.inbox_of(request.authority)
    can_answer = Permission.INBOX_ANSWER in request.permissions
    _with_promise([offered], inbox)
    ways = WAYS if can_answer and offered.is_waiting and not offered.held_for else {}
    if request.authority.current_programme() is None:
        ways = {name: way for name, way in ways.items() if not way.needs_a_programme}
    context = {
        "offered": offered,
        "inbox": inbox,
        "promised_by": reading.promised_by(offered, inbox),
        "ways": ways,
        "can_answer": can_answer,
        "may_run": Permission.INBOX_RUN in request.permissions,
    }
    return page(request, "smallchanges/inbox_item.html", context | more, status=status)


def _offered_or_404(request, pk, *, held: bool = True, removed: bool = False) -> Offered:
    """What is held back is there for the facilitator alone."""
    rows = request.authority.offered.for_list()
    if not removed:
        rows = rows.standing()
    if not held or Permission.INBOX_RUN not in request.permissions:
        rows = rows.filter(held_for="")
    return get_object_or_404(rows, pk=pk)


# --- answers


@authority_view(Permission.INBOX_ANSWER)
@require_http_methods(["GET", "POST"])
def inbox_answer(request, pk, way):
    if way not in WAYS:
        raise Http404
    chosen, offered = WAYS[way], _offered_or_404(request, pk, held=False)
    programme = programme_or_404(request) if chosen.needs_a_programme else None
    form = chosen.form(request.POST or None, programme=programme, offered=offered)
    if not offered.is_waiting:
        return _too_late(request, offered, form)
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, chosen, offered, programme, form.cleaned_data)
        except Taken:
            form.say_taken()
        except ValidationError as error:
            form.add_error(None, error)  # the strand has just been taken away
        except actions.Answered as meanwhile:
            return _too_late(request, meanwhile.row, form)
        else:
            undo = reverse("smallchanges:inbox-take-back", args=[request.authority.slug, pk])
            tell(request, "Answered. Thank you: every answer brings the next idea.", undo=undo)
            return go(request, reading.inbox_of(request.authority).get_absolute_url())
    context = {"form": form, "offered": offered, "way": chosen}
    return page(request, "smallchanges/inbox_answer.html", context)


def _answer(request, way: Way, offered: Offered, programme, said: dict) -> None:
    pk, by = said.pop("id"), request.user
    if way.state == Offered.State.BARRIER:
        actions.answer_as_barrier(offered=offered, programme=programme, pk=pk, by=by, **said)
    elif way.state == Offered.State.CHANGE:
        actions.answer_as_change(offered=offered, programme=programme, pk=pk, by=by, **said)
    elif way.state == Offered.State.ASK:
        actions.answer_as_ask(offered=offered, by=by, **said)
    else:
        actions.answer(offered=offered, state=way.state, by=by, **said)


def _too_late(request, offered: Offered, form):
    """Somebody else's answer, and what this person wrote; their own sent twice is theirs."""
    if offered.removed_at:
        tell(request, "Somebody has just taken it away.")
        return go(request, reading.inbox_of(request.authority).get_absolute_url())
    if request.method == "GET" or offered.answered_by == request.user:
        return go(request, offered.get_absolute_url())
    fresh = _offered_or_404(request, offered.pk)
    typed = [
        (field.label, field.value())
        for field in form.visible_fields()
        if field.value() and field.name in ("words", "text", "title", "purpose", "what", "why")
    ]
    return _item_page(request, fresh, status=409, typed=typed)


@authority_view(Permission.INBOX_ANSWER)
@require_POST
def inbox_take_back(request, pk):
    """Take an answer back."""
    offered = _offered_or_404(request, pk, removed=True)
    ask = offered.ask
    if actions.take_answer_back(offered=offered, by=request.user):
        tell(request, f"The answer is taken back. It waits again.{_what_stays(ask)}")
    else:
        tell(request, "It waits for an answer already.")
    return go(request, offered.get_absolute_url())


def _what_stays(ask: Ask | None) -> str:
    """An ask that somebody had answered by then is there still."""
    if ask is None or not Ask.objects.standing().filter(pk=ask.pk).exists():
        return ""
    return " What was asked for stays with its small change: it has been answered."


# --- what the facilitator sees to


@authority_view(Permission.INBOX_RUN)
@require_POST
def inbox_show(request, pk):
    """It names nobody: let everybody read it."""
    offered = _offered_or_404(request, pk)
    actions.show(offered=offered, by=request.user)
    tell(request, "Everybody here can read it now.")
    return go(request, offered.get_absolute_url())


@authority_view(Permission.INBOX_RUN)
@require_http_methods(["GET", "POST"])
def inbox_tidy(request, pk):
    """Other words for what seems to name somebody."""
    offered = _offered_or_404(request, pk)
    initial = {"text": offered.text, "version": offered.version}
    form = OfferedTidyForm(request.POST or None, initial=initial)
    back = offered.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            actions.tidy(offered=offered, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        tell(request, "It’s in these words now, and everybody here can read it.")
        return go(request, back)
    context = {"form": form, "offered": offered, "finding": guard.look(offered.text)}
    return page(request, "smallchanges/inbox_tidy.html", context)


@authority_view(Permission.INBOX_RUN)
@require_POST
def inbox_remove(request, pk):
    offered = _offered_or_404(request, pk, removed=True)
    actions.remove(offered=offered, by=request.user)
    undo = reverse("smallchanges:inbox-put-back", args=[request.authority.slug, pk])
    tell(request, "Taken away. It’s gone for good in 30 days.", undo=undo)
    return go(request, reading.inbox_of(request.authority).get_absolute_url())


@authority_view(Permission.INBOX_RUN)
@require_POST
def inbox_put_back(request, pk):
    offered = _offered_or_404(request, pk, removed=True)
    actions.put_back_offered(offered=offered, by=request.user)
    tell(request, "It’s back.")
    return go(request, offered.get_absolute_url())


@authority_view(Permission.INBOX_RUN)
@require_http_methods(["GET", "POST"])
def inbox_settings(request):
    """Open or closed, what is promised, and the link for everybody without an account."""
    inbox = reading.inbox_of(request.authority)
    form = SetUpForm(request.POST or None, initial=SetUpForm.has(inbox))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_up(authority=request.authority, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=request.path)
        tell(request, "Saved how the inbox works.")
        return go(request, request.path)
    context = {
        "form": form,
        "inbox": inbox,
        "mail_to": mail_address(request.authority),
        **_link(request, inbox),
    }
    return page(request, "smallchanges/inbox_settings.html", context)


def _link(request, inbox: Inbox) -> dict[str, str]:
    if not inbox.key:
        return {"link": ""}
    link = site_url(request, inbox.public_path)
    shown = link.removeprefix("https://").removeprefix("http://").rstrip("/")
    return {"link": link, "shown_link": shown, "qr": qr(link)}


@authority_view(Permission.INBOX_RUN)
@require_POST
def inbox_link(request):
    """Make the link, or another one for it."""
    seen = request.POST.get("seen", "")
    inbox = actions.renew_link(authority=request.authority, seen=seen, by=request.user)
    if seen and inbox.key != seen:
        tell(request, "There’s a new link. Print the poster anew: old ones lead nowhere now.")
    else:
        tell(request, "This is the link. Print the poster, or send it around.")
    return go(request, reverse("smallchanges:inbox-settings", args=[request.authority.slug]))


@authority_view(Permission.INBOX_RUN)
@require_GET
def inbox_poster(request):
    """One sheet of A4 to hang up; before there is a link, where one is made."""
    inbox = reading.inbox_of(request.authority)
    if not inbox.key:
        tell(request, "Make the link first: the poster leads to it.")
        return go(request, reverse("smallchanges:inbox-settings", args=[request.authority.slug]))
    context = {"inbox": inbox, "mail_to": mail_address(request.authority), **_link(request, inbox)}
    return page(request, "smallchanges/inbox_poster.html", context)


# --- for everybody who has a link


@open_view(reason="whoever has the poster's link may offer something, without an account")
@require_http_methods(["GET", "POST"])
def inbox_offer(request, authority_slug, key):
    """The same page for everybody: whoever is signed in is not asked who they are."""
    inbox = get_object_or_404(
        Inbox.objects.select_related("authority"),
        authority__slug=authority_slug,
        key=key,
        is_open=True,
    )
    if _asks_for_a_look(request):
        return _looked(request)
    form = OfferForm(request.POST or None)
    context = {"form": form, "inbox": inbox, "finding": None}
    if request.method == "POST" and form.is_valid():
        context["finding"] = _to_warn_of(request, form)
        if context["finding"] is None and _may_offer(request, form):
            said = form.cleaned_data
            try:
                offered = actions.offer(authority=inbox.authority, pk=said.pop("id"), **said)
            except actions.Closed:
                raise Http404 from None
            except actions.Full:
                form.add_error(None, _NO_ROOM)
            else:
                return go(request, reading.answer_path(offered))
    context |= _room(inbox) | {
        "clock": reading.clock_of(inbox.authority),
        "became": SmallChange.objects.filter(offered__authority=inbox.authority)
        .distinct()
        .order_by("-created_at")[:_BECAME],
    }
    return _kept_by_nobody(page(request, "smallchanges/inbox_offer.html", context))


@open_view(reason="whoever offered something has the link to its answer, and no account")
@require_GET
def inbox_said(request, authority_slug, token):
    """What became of it. A visit leaves no trace."""
    offered = reading.offered_behind(token, slug=authority_slug)
    if offered is None:
        raise Http404
    inbox = reading.inbox_of(offered.authority)
    context = {
        "offered": offered,
        "inbox": inbox,
        "promised_by": reading.promised_by(offered, inbox),
        "link": site_url(request, request.path),
        "clock": reading.clock_of(offered.authority),
    }
    return _kept_by_nobody(page(request, "smallchanges/inbox_said.html", context))


_NO_ROOM = (
    "Somebody was a moment quicker, and the inbox is full now. What you wrote is still here: keep"
    " it until there’s room again."
)


def _kept_by_nobody(response):
    """On a computer that people share, the next one finds nothing in its cache."""
    response["Cache-Control"] = "no-store, private"
    return response


def _room(inbox: Inbox) -> dict:
    """Whether one more fits, and when there is room again."""
    full = reading.is_full(inbox)
    return {"is_full": full, "come_back_on": reading.come_back_on(inbox) if full else None}


def _may_offer(request, form) -> bool:
    """A flood from one address is slowed; a whole council behind one is not kept out."""
    if consume(request, action="inbox_offer", key=_from_where(request)):
        return True
    form.add_error(
        None, "That’s a lot at once from where you are. Wait a minute, then send it again."
    )
    return False


def _from_where(request) -> str:
    """The address that it comes from, another word each day.

    Whoever has the database would else read in the cache from where somebody wrote, and when.
    """
    said = f"{get_ip(request)} {timezone.localdate()}"
    return salted_hmac("crescendo.inbox-offer", said, algorithm="sha256").hexdigest()


def _to_warn_of(request, form) -> guard.Finding | None:
    """What the words seem to name, until their writer says that they mean it so."""
    if "anyway" in request.POST:
        return None
    if finding := guard.look(form.cleaned_data["text"]):
        form.fields["text"].widget.attrs["autofocus"] = True
    return finding


def _asks_for_a_look(request) -> bool:
    """While somebody types, the page asks whether that names anybody. Nothing of it is kept."""
    return request.method == "POST" and "look" in request.GET


def _looked(request):
    text = request.POST.get("text", "")
    if len(text) > 10_000 or not wants_part(request):
        raise BadRequest("There is nothing to look at.")
    return page(request, "smallchanges/_inbox_look.html", {"finding": guard.look(text)})
