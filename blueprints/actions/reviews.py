"""Managers' answers to experiments, what they promise, whether it was kept, and pillar reviews."""

from datetime import date, datetime
from decimal import Decimal
from typing import cast
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from blueprints.models import (
    Answer,
    Experiment,
    ExperimentMove,
    Observation,
    Pillar,
    Promise,
    Promised,
    Review,
    Telling,
)
from programmes.audit import record
from programmes.editing import Stale, locked, make_once, put_back, save_version, take_away
from programmes.models import User
from smallchanges.actions import answer_ask, release_ask
from smallchanges.models import Ask, AskAnswer

from .experiments import move_back, move_experiment
from .waiting import drop_answered, drop_waiting, tell_sponsor, tell_who_waits


class Answered(Exception):
    """It doesn't wait for an answer any more: somebody gave one (`answer`), or it was moved."""

    def __init__(self, experiment: Experiment, answer: Answer | None):
        super().__init__(str(experiment.pk))
        self.experiment, self.answer = experiment, answer


_TO = {Answer.Kind.YES: Experiment.State.TRYING, Answer.Kind.NOT_YET: Experiment.State.IDEA}


@transaction.atomic
def answer_experiment(
    *,
    experiment: Experiment,
    pk: UUID,
    kind: str,
    seen: int,
    by: User | None,
    words: str = "",
    promise: Promised | None = None,
    person: User | None = None,
    at: datetime | None = None,
    illustrative: str = "",
) -> Answer:
    """The gate of answers: nothing else makes one.

    Side effects, in one transaction: an `Answer`; a yes moves the experiment to "trying" and a "not
    yet" back to an idea, through `move_experiment`, whose move is the answer's; a "yes, if" leaves
    it waiting, for those who can make the if come true; mails that were to go to its sponsor are
    dropped, and those who wait for it are told at once; a `Promise`, if one goes with it.

    `seen` is the version of the experiment that they read. Raises `Stale` where its words are
    others by now, and `Answered` where somebody was quicker. Sent twice, it is there once.
    `person` and `at` say whose it is and since when, where the demo tells of it.
    """
    experiment = locked(experiment)
    if (there := experiment.answers.filter(pk=pk).first()) is not None:
        return there
    newest = experiment.answers.standing().first()
    if experiment.state != Experiment.State.WAITING or experiment.answers.in_force().exists():
        raise Answered(experiment, newest)
    if experiment.version != seen:
        raise Stale(experiment)
    now, who = at or timezone.now(), person or by
    drop_waiting(experiment)
    cycle, move = experiment.cycle, None
    if (state := _TO.get(Answer.Kind(kind))) is not None:
        move = move_experiment(
            experiment=experiment,
            state=state,
            why=words,
            by=by,
            person=person,
            at=at,
            illustrative=illustrative,
        )
    answer, _ = make_once(
        experiment.answers,
        pk=pk,
        constraint="",
        authority_id=experiment.authority_id,
        cycle=cycle,
        at=now,
        by=who,
        kind=kind,
        words=words,
        move=move,
        illustrative=illustrative,
    )
    record("experiment answered", answer, by=by, kind=kind, experiment=str(experiment.pk))
    if promise:
        make_promise(
            pk=promise_of(pk),
            experiment=experiment,
            by=by,
            person=person,
            at=at,
            illustrative=illustrative,
            **promise,
        )
    tell_who_waits(answer)
    return answer


@transaction.atomic
def take_back_answer(*, answer: Answer, by: User) -> bool:
    """Undo an answer, its move and its promise; False where something followed from it."""
    experiment = locked(answer.experiment)
    answer = locked(answer)
    if answer.removed_at:
        return True
    promise = experiment.promises.standing().filter(pk=promise_of(answer.pk)).first()
    if _followed(experiment, answer, promise):
        return False
    take_away(answer, by=by)
    if answer.move:
        move_back(move=answer.move, by=by)
    if promise:
        _take_back(promise, by=by)
    drop_answered(answer)
    record("answer taken back", answer, by=by, kind=answer.kind, experiment=str(experiment.pk))
    return True


def _followed(experiment: Experiment, answer: Answer, promise: Promise | None) -> bool:
    if experiment.answers.standing().first() != answer or (promise and promise.kept is not None):
        return True
    if answer.move is None:
        return answer not in experiment.answers.in_force().filter(
            experiment__state=Experiment.State.WAITING
        )
    return experiment.moves.first() != answer.move or _seen_since(experiment, answer.created_at)


def _seen_since(experiment: Experiment, moment: datetime) -> bool:
    seen = Observation.objects.standing().filter(cycle__experiment=experiment)
    return seen.filter(created_at__gte=moment).exists()


# --- after a "yes, if"


@transaction.atomic
def begin_answered(*, experiment: Experiment, by: User) -> ExperimentMove | None:
    """What the "yes, if" asked for is there, so it begins. None where it waits for something else.

    The move's own history tells of it.
    """
    experiment = locked(experiment)
    if _yes_if(experiment) is None:
        return None
    move = move_experiment(experiment=experiment, state=Experiment.State.TRYING, by=by)
    record("experiment begun after a yes if", experiment, by=by)
    return move


@transaction.atomic
def take_back_begun(*, move: ExperimentMove, by: User) -> bool:
    """Undo `begin_answered`: it waits for the same again, and nobody is written to.

    False where that is not how it began, or something was seen since.
    """
    experiment = locked(move.experiment)
    began = (Experiment.State.WAITING, Experiment.State.TRYING)
    if (move.from_state, move.to_state) != began or _seen_since(experiment, move.created_at):
        return False
    if move_back(move=move, by=by) is None:
        return False
    experiment.refresh_from_db()
    _wait_since_answered(experiment)
    record("experiment not begun after all", experiment, by=by)
    return True


@transaction.atomic
def ask_again(*, experiment: Experiment, by: User) -> bool:
    """Let it wait anew, as if nobody had answered; its sponsor is mailed. False where it does."""
    experiment = locked(experiment)
    if _yes_if(experiment) is None:
        return False
    experiment.waiting_since = timezone.now()
    experiment.reminded_at = experiment.chat_at = None
    experiment.save(update_fields=["waiting_since", "reminded_at", "chat_at"])
    tell_sponsor(experiment, unless=by)
    record("experiment asked again", experiment, by=by)
    return True


@transaction.atomic
def take_back_ask_again(*, experiment: Experiment, by: User) -> bool:
    """Undo `ask_again`, while nobody has answered; False where somebody has."""
    experiment = locked(experiment)
    waits = experiment.state == Experiment.State.WAITING
    if not waits or experiment.answers.in_force().exists():
        return False
    if not _wait_since_answered(experiment):
        return False
    record("experiment not asked again", experiment, by=by)
    return True


def _yes_if(experiment: Experiment) -> Answer | None:
    """The "yes, if" that an experiment waits with."""
    if experiment.state != Experiment.State.WAITING:
        return None
    return experiment.answers.in_force().filter(kind=Answer.Kind.YES_IF).first()


def _wait_since_answered(experiment: Experiment) -> bool:
    """Wait as it did when it got its newest answer, a "yes, if"; False where it got none."""
    newest = experiment.answers.standing().first()
    if newest is None or newest.kind != Answer.Kind.YES_IF:
        return False
    drop_waiting(experiment)
    experiment.waiting_since = newest.at
    experiment.reminded_at = experiment.chat_at = None
    experiment.save(update_fields=["waiting_since", "reminded_at", "chat_at"])
    return True


# --- promises


@transaction.atomic
def make_promise(
    *,
    pk: UUID,
    by_when: date,
    by: User | None,
    experiment: Experiment | None = None,
    ask: Ask | None = None,
    pillar: Pillar | None = None,
    what: str = "",
    amount: Decimal | None = None,
    unit: str = "",
    person: User | None = None,
    at: datetime | None = None,
    illustrative: str = "",
) -> Promise:
    """Commit time, money or a deed to one of the three. Made twice, it is there once."""
    about = cast(Experiment | Ask | Pillar, experiment or ask or pillar)
    promise, is_new = make_once(
        about.promises,
        pk=pk,
        constraint="",
        authority_id=about.authority_id,
        what=what,
        amount=amount,
        unit=unit,
        by_when=by_when,
        made_at=at or timezone.now(),
        made_by=person or by,
        illustrative=illustrative,
    )
    if is_new:
        kind = about._meta.model_name
        record("promise made", promise, by=by, to=kind, row=str(about.pk), day=str(by_when))
    return promise


@transaction.atomic
def answer_ask_and_promise(
    *,
    ask: Ask,
    pk: UUID,
    kind: str,
    seen: int,
    by: User,
    words: str = "",
    promise: Promised | None = None,
) -> AskAnswer:
    """Answer an ask through its gate, and promise what goes with a yes."""
    answer = answer_ask(ask=ask, pk=pk, kind=kind, seen=seen, words=words, by=by)
    if promise and kind in (AskAnswer.Kind.YES, AskAnswer.Kind.YES_IF):
        make_promise(pk=promise_of(pk), ask=ask, by=by, **promise)
    return answer


def _take_back(promise: Promise, *, by: User) -> None:
    take_away(promise, by=by)
    record("promise taken back", promise, by=by)


@transaction.atomic
def tell_promise(
    *,
    promise: Promise,
    pk: UUID,
    version: int,
    kept: bool,
    by: User | None,
    why: str = "",
    person: User | None = None,
    at: datetime | None = None,
    illustrative: str = "",
) -> Telling:
    """Say whether a promise was kept; what was said before stays, and the newest counts.

    What was promised for an ask is there, or not after all, through `release_ask`. Raises `Stale`
    where somebody said something else meanwhile. Sent twice, it is said once.
    """
    # First, so that of the same form sent twice at once the second finds what the first said.
    promise = locked(promise)
    if (there := promise.tellings.filter(pk=pk).first()) is not None:
        return there
    now, who = at or timezone.now(), person or by
    said = {"kept": kept, "told_at": now, "told_by": who, "why": why}
    save_version(promise, version=version, **said)
    telling, _ = make_once(
        promise.tellings,
        pk=pk,
        constraint="",
        authority_id=promise.authority_id,
        at=now,
        by=who,
        kept=kept,
        why=why,
        illustrative=illustrative,
    )
    _release(promise, by=by)
    record("promise told", promise, by=by, kept=kept)
    return telling


@transaction.atomic
def take_back_telling(*, telling: Telling, by: User) -> bool:
    """Undo what was said last of a promise: what was said before counts again. Else False."""
    promise = locked(telling.promise)
    telling = locked(telling)
    if telling.removed_at:
        return True
    said = list(promise.tellings.standing()[:2])
    if said[0] != telling:
        return False
    take_away(telling, by=by)
    before = said[1] if len(said) > 1 else None
    save_version(
        promise,
        version=promise.version,
        kept=before.kept if before else None,
        told_at=before.at if before else None,
        told_by=before.by if before else None,
        why=before.why if before else "",
    )
    _release(promise, by=by)
    record("promise told otherwise", promise, by=by, kept=promise.kept)
    return True


def _release(promise: Promise, *, by: User | None) -> None:
    """Say of its ask whether it is there; one that got a no meanwhile has nothing to be there."""
    if promise.ask is None:
        return
    try:
        with transaction.atomic():
            release_ask(ask=promise.ask, released=bool(promise.kept), by=by)
    except ValidationError:
        return


# --- how a pillar goes


@transaction.atomic
def write_review(
    *,
    pillar: Pillar,
    pk: UUID,
    going: str,
    by: User | None,
    words: str = "",
    decided: str = "",
    promise: Promised | None = None,
    person: User | None = None,
    at: datetime | None = None,
    illustrative: str = "",
) -> Review:
    """How a pillar goes on this day, what is decided, and a promise if one goes with it."""
    review, is_new = make_once(
        pillar.reviews,
        pk=pk,
        constraint="",
        authority_id=pillar.authority_id,
        at=at or timezone.now(),
        by=person or by,
        going=going,
        words=words,
        decided=decided,
        illustrative=illustrative,
    )
    if not is_new:
        return review
    record("pillar reviewed", review, by=by, going=going, pillar=str(pillar.pk))
    if promise:
        make_promise(
            pk=promise_of(pk),
            pillar=pillar,
            by=by,
            person=person,
            at=at,
            illustrative=illustrative,
            **promise,
        )
    return review


@transaction.atomic
def take_back_review(*, review: Review, by: User) -> bool:
    """Take a review away, and its promise; False where somebody said that this was kept or not."""
    review = locked(review)
    if review.removed_at:
        return True
    promise = review.pillar.promises.standing().filter(pk=promise_of(review.pk)).first()
    if promise and promise.kept is not None:
        return False
    take_away(review, by=by)
    if promise:
        _take_back(promise, by=by)
    record("review taken back", review, by=by)
    return True


@transaction.atomic
def put_back_review(*, review: Review, by: User) -> None:
    """Undo `take_back_review`, with the promise that went along."""
    review = locked(review)
    if review.removed_at is None:
        return
    gone = review.pillar.promises.filter(pk=promise_of(review.pk)).exclude(removed_at=None)
    put_back(review)
    for promise in gone:
        put_back(promise)
    record("review put back", review, by=by)


def promise_of(pk: UUID) -> UUID:
    """The id of the promise that goes with an answer or a review."""
    return uuid5(pk, "promise")
