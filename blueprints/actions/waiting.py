"""What people are mailed about an experiment that waits for a yes, and until when."""

from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from blueprints.models import Answer, Experiment, Observation
from programmes.audit import record
from programmes.editing import locked
from programmes.models import Membership, NoticeKind, User
from programmes.notices import drop_all, may_hear, notify, site_link
from programmes.permissions import Permission, permissions_of, roles_that_may

_MAILS = "blueprints/email"


def sponsor_of(experiment: Experiment) -> Membership | None:
    """Whose yes it waits for: its pillar's sponsor, while they are here and may give one."""
    sponsor = experiment.pillar.sponsor
    if sponsor is None or sponsor.ended_at or not sponsor.user.is_active:
        return None
    return sponsor if Permission.REVIEW in permissions_of(sponsor.roles) else None


def tell_sponsor(experiment: Experiment, *, unless: User | None) -> None:
    """It begins to wait: its sponsor is mailed at once, unless it was they who let it wait."""
    sponsor = sponsor_of(experiment)
    if sponsor and sponsor.user != unless:
        _mail(experiment, sponsor, "waits")


def drop_waiting(experiment: Experiment) -> None:
    """What was to be written about its waiting is not needed any more."""
    drop_all(authority=experiment.authority, about=f"experiment {experiment.pk}")


def tell_who_waits(answer: Answer) -> None:
    """Who wrote the experiment, leads its pillar, asked for the yes or saw something in it.

    Not whoever answered.
    """
    experiment = answer.experiment
    waiting = experiment.moves.filter(to_state=Experiment.State.WAITING).select_related("by")
    asked, lead = waiting.first(), experiment.pillar.practitioner_lead
    seen = Observation.objects.standing().filter(cycle__experiment=experiment)
    people = [experiment.created_by, lead.user if lead else None, asked.by if asked else None]
    people += [one.by for one in seen.select_related("by")]
    others = {one for one in people if one and one != answer.by}
    hearing = [one for one in others if may_hear(one, of=answer.authority)]
    for user in sorted(hearing, key=lambda one: one.email):
        notify(
            authority=answer.authority,
            to=user.email,
            kind=NoticeKind.ANSWER,
            key=f"{_about(answer.pk)} {user.pk}",
            template=f"{_MAILS}/answered",
            context={"answer": answer, "page": site_link(experiment.get_absolute_url())},
        )


def drop_answered(answer: Answer) -> None:
    """An answer that was taken back before its mails had gone is told to nobody."""
    drop_all(authority=answer.authority, about=_about(answer.pk))


# --- what the worker does by itself


@transaction.atomic
def remind_of_experiment(
    *, experiment: Experiment, due_at: datetime, now: datetime, by: None = None
) -> None:
    """Write once more to its sponsor; they are not written to a third time."""
    experiment = locked(experiment)
    if _is_over(experiment) or experiment.reminded_at:
        return
    sponsor = sponsor_of(experiment)
    if sponsor is None:
        return
    experiment.reminded_at = max(due_at, now)
    experiment.save(update_fields=["reminded_at"])
    _mail(experiment, sponsor, "reminder", due_at=due_at)
    record("experiment reminded", experiment, by=by)


@transaction.atomic
def suggest_chat_about_experiment(
    *, experiment: Experiment, due_at: datetime, now: datetime, by: None = None
) -> None:
    """Tell those who see to what is asked of others that somebody may need a word."""
    experiment = locked(experiment)
    if _is_over(experiment) or experiment.chat_at:
        return
    experiment.chat_at = max(due_at, now)
    experiment.save(update_fields=["chat_at"])
    tending = roles_that_may(Permission.ASK_TEND)
    for one in experiment.authority.memberships.standing().holding_any(tending).with_people():
        _mail(experiment, one, "chat", kind=NoticeKind.CHAT, due_at=due_at)
    record("chat about an experiment suggested", experiment, by=by)


def _is_over(experiment: Experiment) -> bool:
    """Whether nobody waits for an answer any more."""
    if experiment.removed_at or experiment.state != Experiment.State.WAITING:
        return True
    return experiment.answers.in_force().exists()


def _mail(
    experiment: Experiment,
    to: Membership,
    template: str,
    *,
    kind: NoticeKind = NoticeKind.ASK,
    due_at: datetime | None = None,
) -> None:
    since = cast(datetime, experiment.waiting_since).astimezone(UTC)
    path = reverse("blueprints:reviews", args=[experiment.authority.slug])
    page = path if kind == NoticeKind.CHAT else f"{path}#what-{experiment.pk}"
    notify(
        authority=experiment.authority,
        to=to.user.email,
        kind=kind,
        key=f"experiment {experiment.pk} {since:%Y%m%d%H%M%S%f} {template} {to.pk}",
        template=f"{_MAILS}/{template}",
        context={
            "experiment": experiment,
            "to": to.user,
            "sponsor": sponsor_of(experiment),
            "page": site_link(page),
        },
        due_at=due_at,
    )


def _about(pk: UUID) -> str:
    return f"answer to experiment {pk}"
