"""What leaves the house of a small change: writing it, its team's yes, sharing and taking back."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view
from programmes.editing import Stale
from programmes.pages import conflict, go, page, tell
from programmes.permissions import Permission
from smallchanges import actions, inspiration
from smallchanges.forms import AnswerForm, ShareForm
from smallchanges.models import WORDS, Consent, Share, SmallChange
from smallchanges.sharing import SILENCE, Asking, first_words
from smallchanges.views.change import change_or_404


@authority_view(Permission.JOURNEY_READ)
@require_GET
def share(request, pk):
    return _share_page(request, change_or_404(request, pk))


@authority_view(Permission.CHANGE_SHARE)
@require_http_methods(["GET", "POST"])
def share_edit(request, pk):
    """The words; those that somebody was asked about become new ones, and ask anew."""
    change = change_or_404(request, pk)
    newest = change.shares.first()
    words = {name: getattr(newest, name) for name in WORDS} if newest else first_words(change)
    version = newest.version if newest else 0
    form = ShareForm(request.POST or None, initial={**words, "version": version})
    back = _share_url(change)
    if form.is_valid():
        try:
            actions.write_share(
                change=change,
                by=request.user,
                illustrative=(newest or change).illustrative,
                **form.cleaned_data,
            )
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        tell(request, "Got it. Nobody else can read them yet.")
        return go(request, back)
    context = {"form": form, "change": change, "newest": newest, "back": back}
    return page(request, "smallchanges/share_edit.html", context)


@authority_view(Permission.CHANGE_SHARE)
@require_POST
def share_ask(request, pk, share_pk):
    share = _share(request, pk, share_pk)
    try:
        actions.ask_about_share(share=share, by=request.user)
    except ValidationError as error:
        tell(request, str(error.message))
    else:
        tell(request, "Asked. You’ll hear from us when they’ve said yes.")
    return go(request, _share_url(share.change))


@authority_view(Permission.JOURNEY_READ)
@require_POST
def share_answer(request, pk):
    """Whoever is asked answers; the form names the words that they have read."""
    change = change_or_404(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _share_page(request, change, answer=form)
    share = get_object_or_404(change.shares, pk=form.cleaned_data["share"])
    says, why = form.cleaned_data["says"], form.cleaned_data["why"]
    if request.membership is None:
        tell(request, "It’s for the people who are trying this change to say.")
        return go(request, _share_url(change))
    try:
        actions.answer_share(
            share=share, membership=request.membership, says=says, why=why, by=request.user
        )
    except ValidationError as error:
        tell(request, str(error.message))
    else:
        is_yes = says == Consent.Says.YES
        tell(request, "Thank you. Your yes is to exactly these words." if is_yes else "Thank you.")
    return go(request, _share_url(change))


@authority_view(Permission.CHANGE_SHARE)
@require_POST
def share_open(request, pk, share_pk):
    share = _share(request, pk, share_pk)
    try:
        actions.open_share(share=share, by=request.user)
    except ValidationError as error:
        tell(request, str(error.message))
    else:
        tell(request, f"Shared: {share}", undo=_address(request, "take-back", share))
    return go(request, _share_url(share.change))


@authority_view(Permission.JOURNEY_READ)
@require_POST
def share_take_back(request, pk, share_pk):
    """At any time, by whoever may share, and by everybody whose change it is; or put aside."""
    share = _share(request, pk, share_pk)
    if not _may_take_back(request, share):
        tell(request, "It’s for the people who are trying this change to say.")
    else:
        was_read = share.shared_at is not None
        actions.take_back_share(share=share, by=request.user)
        said = (
            "Taken back. Nobody elsewhere can read it any more."
            if was_read
            else "Put aside. Nobody is asked about these words any more."
        )
        tell(request, said, undo=_address(request, "put-back", share))
    return go(request, _share_url(share.change))


@authority_view(Permission.JOURNEY_READ)
@require_POST
def share_put_back(request, pk, share_pk):
    share = _share(request, pk, share_pk)
    try:
        if _may_take_back(request, share):
            actions.put_back_share(share=share, by=request.user)
            tell(request, f"It’s back as it was: {share}")
        else:
            tell(request, "It’s for the people who are trying this change to say.")
    except ValidationError as error:
        tell(request, str(error.message))
    return go(request, _share_url(share.change))


def _share_page(request, change: SmallChange, *, answer: AnswerForm | None = None):
    """The newest words with what was said to them, and those that can be read now, if others."""
    shares = list(change.shares.all())
    newest = shares[0] if shares else None
    asking = Asking(newest) if newest and newest.asked_at else None
    mine = asking.of(request.membership) if asking else None
    if answer is None and mine and newest:
        said = mine.consent
        answer = AnswerForm(
            initial={
                "share": newest.pk,
                "says": said.says if said else "",
                "why": said.why if said else "",
            }
        )
    context = {
        "change": change,
        "newest": newest,
        "others_read": next((one for one in shares if one.is_open and one != newest), None),
        "asking": asking,
        "mine": mine,
        "answer": answer if mine and newest and newest.is_in_the_making else None,
        "family": inspiration.family_of(change.pk, reader=request.authority),
        "silence_in_weeks": SILENCE.days // 7,
        "may_share": Permission.CHANGE_SHARE in request.permissions,
        "may_take_back": Permission.CHANGE_SHARE in request.permissions or mine is not None,
    }
    return page(request, "smallchanges/share.html", context)


def _may_take_back(request, share: Share) -> bool:
    if Permission.CHANGE_SHARE in request.permissions:
        return True
    return Asking(share).of(request.membership) is not None


def _share(request, pk, share_pk) -> Share:
    return get_object_or_404(change_or_404(request, pk).shares, pk=share_pk)


def _share_url(change: SmallChange) -> str:
    return reverse("smallchanges:share", args=[change.authority.slug, change.pk])


def _address(request, verb: str, share: Share) -> str:
    args = [request.authority.slug, share.change_id, share.pk]
    return reverse(f"smallchanges:share-{verb}", args=args)
