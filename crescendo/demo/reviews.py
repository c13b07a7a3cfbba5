"""What the demo's managers answered and promised: made up, with days counted back."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from blueprints import actions
from blueprints.models import Answer, Experiment, Pillar, Review
from crescendo.loading.desk import MADE_UP
from programmes.models import LocalAuthority, User

_PLACE = "tower-hamlets"
_MANAGER = "manager@tower-hamlets.example"
_PRACTITIONER = "practitioner@tower-hamlets.example"

_PRINCIPAL = "The principal social worker joins team meetings to unblock things"
_CHAIRING = "A new approach to meetings: rotate chairing and notetaking"
_PATHWAY = "A skills pathway and career progression for business support officers"
_BUSINESS_SUPPORT = "Create better ways of working with Business Support colleagues"


def load() -> None:
    """Once: what people did with it since stays."""
    place = LocalAuthority.objects.filter(slug=_PLACE).first()
    if place is None or place.promises.filter(pk=_pk("principal")).exists():
        return
    users = {one.email: one for one in User.objects.filter(email__in=[_MANAGER, _PRACTITIONER])}
    manager = users.get(_MANAGER)
    experiments = {one.title: one for one in place.experiments.in_standing_pillars()}
    if manager is None or not {_PRINCIPAL, _CHAIRING, _PATHWAY} <= experiments.keys():
        return
    _promises(experiments, manager)
    _yes_if(experiments[_PATHWAY], manager, users.get(_PRACTITIONER))
    pillar = place.pillars.standing().filter(title=_BUSINESS_SUPPORT).first()
    if pillar is not None:
        _review(pillar, manager)


def _promises(experiments: dict[str, Experiment], manager: User) -> None:
    """One that was kept, one that was not, and one whose day is near."""
    made: dict = {"by": None, "person": manager, "illustrative": MADE_UP}
    kept = actions.make_promise(
        pk=_pk("principal"),
        experiment=experiments[_PRINCIPAL],
        what="The principal social worker’s first visits, one to each team",
        by_when=_ago(21).date(),
        at=_ago(35),
        **made,
    )
    not_kept = actions.make_promise(
        pk=_pk("chairing"),
        experiment=experiments[_CHAIRING],
        what="Tell the head teachers that schools may chair",
        by_when=_ago(8).date(),
        at=_ago(21),
        **made,
    )
    actions.make_promise(
        pk=_pk("cover"),
        experiment=experiments[_PRINCIPAL],
        what="Cover for the meetings of December",
        amount=Decimal(3),
        unit="hours a month",
        by_when=_ago(-4).date(),
        at=_ago(12),
        **made,
    )
    actions.tell_promise(promise=kept, pk=_pk("kept"), version=1, kept=True, at=_ago(20), **made)
    actions.tell_promise(
        promise=not_kept,
        pk=_pk("not kept"),
        version=1,
        kept=False,
        why="The heads’ meeting was called off. It’s first on the list for January.",
        at=_ago(6),
        **made,
    )


def _yes_if(experiment: Experiment, manager: User, asker: User | None) -> None:
    if experiment.state != Experiment.State.IDEA:
        return
    actions.move_experiment(
        experiment=experiment,
        state=Experiment.State.WAITING,
        why="Three officers would like to begin. They need to know that it’s wanted.",
        by=None,
        person=asker,
        at=_ago(20),
        illustrative=MADE_UP,
    )
    actions.answer_experiment(
        experiment=experiment,
        pk=_pk("pathway"),
        kind=Answer.Kind.YES_IF,
        words="Somebody from human resources sits at the table from the first day.",
        seen=experiment.version,
        by=None,
        person=manager,
        at=_ago(13),
        illustrative=MADE_UP,
    )


def _review(pillar: Pillar, manager: User) -> None:
    actions.write_review(
        pillar=pillar,
        pk=_pk("business support"),
        going=Review.Going.SLOWLY,
        words="Team 1 and its officer have found things to swap. Team 2 waits for an officer.",
        decided="We ask the Business Support director together, and not team by team.",
        by=None,
        person=manager,
        at=_ago(36),
        illustrative=MADE_UP,
    )


def _ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def _pk(word: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"{_PLACE} reviews {word}")
