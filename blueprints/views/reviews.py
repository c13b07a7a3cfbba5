"""Reviews: what waits for a manager, answered where it stands, and the record that all may read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blueprints import actions
from blueprints import reviews as reading
from blueprints.forms.reviews import AnswerForm, AskAnswerForm, ReviewForm, TellForm
from blueprints.models import Answer, Experiment
from programmes.access import authority_view
from programmes.editing import Stale
from programmes.pages import go, page, tell, wants_part
from programmes.permissions import Permission
from smallchanges.asking import cards
from smallchanges.models import Ask, AskAnswer

_PAGE = "blueprints/reviews.html"
_SAID: dict[str, str] = {
    Answer.Kind.YES: "Got it: yes. Those who wait for it hear of it now.",
    Answer.Kind.YES_IF: "Got it: yes, if. Those who wait for it hear of it now.",
    Answer.Kind.NOT_YET: "Got it: not yet. Those who wait for it hear of it, and can think again.",
}
_SAID_OF_ASK: dict[str, str] = {
    AskAnswer.Kind.YES: "Got it: yes. Those who asked hear of it.",
    AskAnswer.Kind.YES_IF: "Got it: yes, if. Those who asked hear of it.",
    AskAnswer.Kind.NO: "Got it. Those who asked hear of it, and can think again.",
}
_TOLD = {True: "Got it: it happened.", False: "Got it, and thank you for the why."}
_READ_AGAIN = "Somebody changed the words while you were here. Read them again, then send this."
_STAYS = "Something has come of it since, so it stays."
_TAKEN_BACK = "You took this back after you’d sent it. If you still mean it, send it again."


@dataclass
class Item:
    """One thing that waits, with the form to answer it."""

    kind: str
    row: Any
    form: Any
    # An ask's card, with its answers so far.
    card: Any = None

    @property
    def why(self) -> str:
        """What an experiment needs, in the words of whoever let it wait."""
        moves = [one for one in self.row.all_moves if one.to_state == Experiment.State.WAITING]
        return moves[0].why if moves else ""

    @property
    def asked_by(self):
        moves = [one for one in self.row.all_moves if one.to_state == Experiment.State.WAITING]
        return moves[0].by if moves else None


@dataclass
class Items:
    """What the page offers to answer: what is theirs, and what is somebody else's."""

    mine: list[Item] = field(default_factory=list)
    others: list[Item] = field(default_factory=list)

    def of(self, kind: str) -> list[Item]:
        return [one for one in self.mine if one.kind == kind]

    @property
    def experiments(self) -> list[Item]:
        return self.of("experiment")

    @property
    def asks(self) -> list[Item]:
        return self.of("ask")

    @property
    def promises(self) -> list[Item]:
        return self.of("promise")

    @property
    def pillars(self) -> list[Item]:
        return self.of("pillar")


# --- the page


@authority_view(Permission.JOURNEY_READ)
@require_GET
def reviews(request):
    return reviews_page(request)


def reviews_page(request, sent: Item | None = None):
    """What waits for this person, and the record. `sent` came back with something to mend."""
    programme = request.authority.current_programme()
    waiting = reading.waiting_for(request, programme)
    may_review = Permission.REVIEW in request.permissions
    sees_waiting = not may_review and Permission.ASK_TEND in request.permissions
    context = {
        "programme": programme,
        "items": _items(request, waiting, sent),
        "count": waiting.count,
        "may_review": may_review,
        "waiting_elsewhere": reading.all_waiting(programme) if programme and sees_waiting else [],
        "sees_waiting": sees_waiting,
        "waiting_if": reading.waiting_if(programme) if programme else [],
        "pillars": reading.pillars_of(programme) if programme else [],
        "record": reading.record_of(programme) if programme else [],
    }
    return page(request, _PAGE, context)


def _items(request, waiting: reading.Waiting, sent: Item | None) -> Items:
    def item(kind: str, row, form: Callable, **more) -> Item:
        if sent and sent.row.pk == row.pk:
            return Item(kind, row, sent.form, **more)
        return Item(kind, row, form(), **more)

    promises = Permission.REVIEW in request.permissions
    return Items(
        mine=[
            *(_of_experiment(one, item) for one in waiting.experiments),
            *(
                item(
                    "ask",
                    one.ask,
                    partial(AskAnswerForm, ask=one.ask, may_promise=promises),
                    card=one,
                )
                for one in waiting.asks
            ),
            *(item("promise", one, partial(TellForm, promise=one)) for one in waiting.promises),
            *(item("pillar", one, partial(ReviewForm, pillar=one)) for one in waiting.pillars),
        ],
        others=[_of_experiment(one, item) for one in waiting.others],
    )


def _of_experiment(experiment: Experiment, item: Callable) -> Item:
    return item("experiment", experiment, partial(AnswerForm, experiment=experiment))


# --- answering an experiment


@authority_view(Permission.REVIEW)
@require_POST
def review_answer(request, pk):
    experiment = get_object_or_404(reading.to_answer(request.authority), pk=pk)
    after = _after(request, pk)
    form = AnswerForm(request.POST, experiment=experiment)
    if form.is_valid():
        said = form.cleaned_data
        try:
            answer = actions.answer_experiment(
                experiment=experiment,
                pk=said["id"],
                kind=said["kind"],
                words=said["words"],
                seen=said["seen"],
                promise=form.promise,
                by=request.user,
            )
        except Stale as stale:
            experiment.refresh_from_db()
            _see_again(form, stale.row)
        except actions.Answered as quicker:
            tell(request, _who_was_quicker(quicker))
            return _done(request, experiment, after, quicker.answer)
        else:
            if _was_taken_back(request, form, answer):
                return _mend(request, Item("experiment", experiment, form))
            undo = _url(request, "answer-undo", answer.pk)
            promises = experiment.promises.standing().filter(made_by=request.user)
            promised = promises.order_by("-created_at").first() if form.promise else None
            thanks = _SAID[answer.kind]
            return _done(
                request, experiment, after, answer, undo=undo, said=thanks, promised=promised
            )
    return _mend(request, Item("experiment", experiment, form))


def _see_again(form, row) -> None:
    """Somebody changed what was read: the form holds what was typed, and the new version."""
    form.data = form.data.copy()
    form.data[form.add_prefix("seen")] = str(row.version)
    form.add_error(None, _READ_AGAIN)


def _was_taken_back(request, form, row) -> bool:
    """Whether what this old page sent again was taken back; the form can then be sent anew."""
    if row.removed_at is None:
        return False
    form.data = form.data.copy()
    form.data[form.add_prefix("id")] = str(uuid4())
    tell(request, _TAKEN_BACK)
    return True


def _who_was_quicker(quicker) -> str:
    answer, experiment = quicker.answer, quicker.experiment
    if answer is None:
        now = experiment.get_state_display().lower()
        return f"It doesn’t wait any more: somebody moved it, and it’s “{now}” now."
    who = answer.by or "Somebody"
    said = answer.get_kind_display().removesuffix("…")
    return f"{who} answered it before you: {said}. Yours wasn’t sent."


@authority_view(Permission.REVIEW)
@require_POST
def answer_undo(request, pk):
    """By whoever gave the answer; nobody else finds it there."""
    answer = get_object_or_404(request.authority.answers.filter(by=request.user), pk=pk)
    experiment = get_object_or_404(reading.to_answer(request.authority), pk=answer.experiment_id)
    if actions.take_back_answer(answer=answer, by=request.user):
        tell(request, f"Your answer is taken back: {experiment}")
    else:
        tell(request, _STAYS)
        if wants_part(request):
            return _done(request, experiment, "", answer)
    if wants_part(request):
        experiment = reading.to_answer(request.authority).get(pk=experiment.pk)
        return _open(request, Item("experiment", experiment, AnswerForm(experiment=experiment)))
    return go(request, f"{_page_url(request)}#what-{experiment.pk}")


# --- after a "yes, if"


@authority_view(Permission.EXPERIMENT_TEND)
@require_POST
def review_begin(request, pk):
    """That's sorted: what the "yes, if" asked for is there."""
    experiment = get_object_or_404(request.authority.experiments.in_standing_pillars(), pk=pk)
    move = actions.begin_answered(experiment=experiment, by=request.user)
    if move is None:
        tell(request, "It doesn’t wait for that any more, so nothing changed.")
    else:
        undo = _url(request, "begun-undo", move.pk)
        tell(request, f"It begins: {experiment}", undo=undo)
    return go(request, experiment.get_absolute_url())


def _own_move(view):
    """Gives the view a move of this person's; anybody else's is not there."""

    @wraps(view)
    def inside(request, pk):
        moves = request.authority.experiment_moves.select_related("experiment")
        return view(request, get_object_or_404(moves.filter(by=request.user), pk=pk))

    return inside


@authority_view(Permission.EXPERIMENT_TEND)
@_own_move
@require_POST
def begun_undo(request, move):
    if actions.take_back_begun(move=move, by=request.user):
        tell(request, f"It waits again: {move.experiment}")
    else:
        tell(request, _STAYS)
    return go(request, move.experiment.get_absolute_url())


@authority_view(Permission.EXPERIMENT_TEND)
@require_POST
def review_ask_again(request, pk):
    experiment = get_object_or_404(request.authority.experiments.in_standing_pillars(), pk=pk)
    if actions.ask_again(experiment=experiment, by=request.user):
        undo = _url(request, "review-ask-again-undo", pk)
        tell(request, f"Asked again: {experiment}", undo=undo)
    else:
        tell(request, "It doesn’t wait with a “yes, if” any more, so nothing changed.")
    return go(request, experiment.get_absolute_url())


@authority_view(Permission.EXPERIMENT_TEND)
@require_POST
def review_ask_again_undo(request, pk):
    experiment = get_object_or_404(request.authority.experiments.in_standing_pillars(), pk=pk)
    if actions.take_back_ask_again(experiment=experiment, by=request.user):
        tell(request, f"It waits with its “yes, if”, as before: {experiment}")
    else:
        tell(request, _STAYS)
    return go(request, experiment.get_absolute_url())


# --- answering an ask


def _theirs(view):
    """The member whom the ask is with; nobody else finds it there."""

    @wraps(view)
    def inside(request, pk):
        mine = request.authority.asks.standing().put_to(request.membership)
        return view(request, get_object_or_404(mine.for_list(), pk=pk))

    return inside


@authority_view(Permission.CHANGE_EDIT)
@_theirs
@require_POST
def review_ask(request, ask):
    """With the same gate as on the page of asks; a yes may bring a promise."""
    may_promise = Permission.REVIEW in request.permissions
    after = _after(request, ask.pk)
    form = AskAnswerForm(request.POST, ask=ask, may_promise=may_promise)
    if form.is_valid():
        try:
            answer = _answer_ask(request, ask, form)
        except Stale as stale:
            ask = request.authority.asks.for_list().get(pk=ask.pk)
            _see_again(form, stale.row)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(request, ask, after, answer, said=_SAID_OF_ASK[answer.kind])
    if ask.state != Ask.State.WAITING and not wants_part(request):
        tell(request, "It has been answered already. Think again from here, if you like.")
        return go(
            request, reverse("smallchanges:ask-change-answer", args=[ask.authority.slug, ask.pk])
        )
    (card,) = cards(request, [ask])
    return _mend(request, Item("ask", ask, form, card))


def _answer_ask(request, ask: Ask, form: AskAnswerForm):
    said = form.cleaned_data
    return actions.answer_ask_and_promise(
        ask=ask,
        pk=said["id"],
        kind=said["kind"],
        words=said["words"],
        seen=said["seen"],
        promise=form.promise,
        by=request.user,
    )


# --- promises


@authority_view(Permission.REVIEW)
@require_http_methods(["GET", "POST"])
def promise_tell(request, pk):
    """Whether it was kept; said again, the newest counts."""
    promise = get_object_or_404(request.authority.promises.meant().with_all(), pk=pk)
    after = _after(request, pk) if request.method == "POST" else ""
    form = TellForm(request.POST or None, promise=promise)
    if form.is_valid():
        said = form.cleaned_data
        try:
            telling = actions.tell_promise(
                promise=promise,
                pk=said["id"],
                version=said["seen"],
                kept=said["kept"],
                why=said["why"],
                by=request.user,
            )
        except Stale as stale:
            _see_again(form, stale.row)
            promise = request.authority.promises.with_all().get(pk=pk)
        else:
            if not _was_taken_back(request, form, telling):
                undo = _url(request, "telling-undo", telling.pk)
                words = _TOLD[telling.kept]
                return _done(request, promise, after, telling, undo=undo, said=words)
    if wants_part(request):
        return _open(request, Item("promise", promise, form))
    context = {"promise": promise, "form": form, "back": _page_url(request)}
    return page(request, "blueprints/promise_tell.html", context)


@authority_view(Permission.REVIEW)
@require_POST
def telling_undo(request, pk):
    """By whoever said it."""
    tellings = request.authority.tellings.filter(by=request.user)
    telling = get_object_or_404(tellings.select_related("promise__ask"), pk=pk)
    if actions.take_back_telling(telling=telling, by=request.user):
        tell(request, "Taken back: what you said of your promise.")
    else:
        tell(request, _STAYS)
    if wants_part(request):
        promise = request.authority.promises.with_all().get(pk=telling.promise_id)
        return _open(request, Item("promise", promise, TellForm(promise=promise)))
    return go(request, f"{_page_url(request)}#what-{telling.promise_id}")


# --- how a pillar goes


@authority_view(Permission.JOURNEY_READ)
@require_GET
def pillar_reviews(request, pk):
    """A pillar's dated record."""
    pillars = request.authority.pillars.standing().with_people()
    pillar = get_object_or_404(pillars, pk=pk)
    context = {
        "pillar": pillar,
        "months": reading.record_of_pillar(pillar),
        "may_review": Permission.REVIEW in request.permissions,
    }
    return page(request, "blueprints/pillar_reviews.html", context)


@authority_view(Permission.REVIEW)
@require_http_methods(["GET", "POST"])
def review_add(request, pk):
    """`pk` is the pillar's."""
    pillar = get_object_or_404(request.authority.pillars.standing(), pk=pk)
    after = _after(request, pk) if request.method == "POST" else ""
    form = ReviewForm(request.POST or None, pillar=pillar)
    if form.is_valid():
        said = form.cleaned_data
        review = actions.write_review(
            pillar=pillar,
            pk=said["id"],
            going=said["going"],
            words=said["words"],
            decided=said["decided"],
            promise=form.promise,
            by=request.user,
        )
        undo = _url(request, "review-remove", review.pk)
        if not wants_part(request):
            tell(request, f"Reviewed: {pillar}", undo=undo)
            return go(request, _url(request, "pillar-reviews", pillar.pk))
        return _done(request, pillar, after, review, undo=undo, said=f"Reviewed: {pillar}")
    if wants_part(request):
        return _open(request, Item("pillar", pillar, form))
    back = _url(request, "pillar-reviews", pillar.pk)
    context = {"pillar": pillar, "form": form, "back": back}
    return page(request, "blueprints/review_add.html", context)


@authority_view(Permission.REVIEW)
@require_POST
def review_remove(request, pk):
    """By whoever wrote it."""
    reviews = request.authority.reviews.filter(by=request.user).select_related("pillar")
    review = get_object_or_404(reviews, pk=pk)
    if actions.take_back_review(review=review, by=request.user):
        undo = _url(request, "review-put-back", pk)
        tell(request, f"Taken away: your review of {review.pillar}", undo=undo)
    else:
        tell(request, _STAYS)
    return go(request, _url(request, "pillar-reviews", review.pillar_id))


@authority_view(Permission.REVIEW)
@require_POST
def review_put_back(request, pk):
    reviews = request.authority.reviews.filter(by=request.user).select_related("pillar")
    review = get_object_or_404(reviews, pk=pk)
    actions.put_back_review(review=review, by=request.user)
    tell(request, f"It’s back: your review of {review.pillar}")
    return go(request, _url(request, "pillar-reviews", review.pillar_id))


# --- what they share


def _after(request, pk: UUID) -> str:
    """The heading of what waits after this one, or of the page's own list where nothing does."""
    waiting = reading.waiting_for(request, request.authority.current_programme())
    keys = [row.pk for row in waiting.rows]
    here = keys.index(pk) if pk in keys else -1
    rest = keys[here + 1 :] + keys[: max(here, 0)]
    rest = [one for one in rest if one != pk]
    return f"what-{rest[0]}" if rest else "waiting-count"


def _done(request, row, after: str, said_row, *, undo: str = "", said: str = "", promised=None):
    """What was sent, in a line; the next thing gets the focus. Without a script: the page again."""
    if not wants_part(request):
        if said:
            tell(request, said, undo=undo)
        return go(request, f"{_page_url(request)}#{after}")
    if said:
        tell(request, said)
    waiting = reading.waiting_for(request, request.authority.current_programme())
    context = {"row": row, "said": said_row, "after": after, "undo": undo, "count": waiting.count}
    context["promised"] = promised
    return page(request, _PAGE, context | {"is_part": True}, region="done")


def _mend(request, item: Item):
    """The form again, with what is to be mended: alone for htmx, else where it stands."""
    return _open(request, item) if wants_part(request) else reviews_page(request, item)


def _open(request, item: Item):
    return page(request, _PAGE, {"item": item}, region=f"{item.kind}-item")


def _url(request, name: str, pk: UUID) -> str:
    return reverse(f"blueprints:{name}", args=[request.authority.slug, pk])


def _page_url(request) -> str:
    return reverse("blueprints:reviews", args=[request.authority.slug])
