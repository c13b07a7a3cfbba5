"""What the search looks through: each kind of thing, which of its rows somebody may see, and where.

A row is here only if a page shows it to the same person; who may see that page sees the row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse

from blueprints.models import Commitment, Experiment, LearningCycle, Need, Pillar
from programmes.models import LocalAuthority, Membership, Programme, User
from programmes.permissions import Permission
from smallchanges.models import Measure, Met, Step, Update
from surveys.models import Question
from workshops.models import ActivityKind, Agreement


@dataclass(frozen=True)
class Reader:
    """Who looks, and where."""

    authority: LocalAuthority
    programme: Programme | None
    user: User
    membership: Membership | None
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class Kind:
    """One kind of thing.

    `rows` are those that the reader may see. `title`, `body` and `within` are what is read of one,
    and `inside` is the id of what it stands in; `at` is when it is from. `kept` is a column with
    its words ready to be searched. Titles that `forgives` are also found with a slip of the finger.
    """

    name: str
    one: str
    many: str
    rows: Callable[[Reader], models.QuerySet]
    leads_to: Callable[[str, UUID, UUID | None], str]
    title: Any = "text"
    body: Any = ""
    within: Any = ""
    inside: str = ""
    at: str = "created_at"
    kept: str = ""
    forgives: bool = True


def _page(name: str, *, anchor: str = "") -> Callable[[str, UUID, UUID | None], str]:
    """A page that shows many; `anchor` is what the row's id stands after there."""
    return lambda slug, pk, inside: (
        reverse(name, args=[slug]) + (f"#{anchor}-{pk}" if anchor else "")
    )


def _own(name: str) -> Callable[[str, UUID, UUID | None], str]:
    """A page of its own."""
    return lambda slug, pk, inside: reverse(name, args=[slug, pk])


def _within(name: str, *, anchor: str = "") -> Callable[[str, UUID, UUID | None], str]:
    """The page of what it stands in."""
    return lambda slug, pk, inside: (
        reverse(name, args=[slug, inside]) + (f"#{anchor}-{pk}" if anchor else "")
    )


def _said(field: str) -> Callable[[Reader], models.QuerySet]:
    """A list of step 1, of the programme that runs."""
    return lambda reader: (
        getattr(reader.authority, field).standing().filter(programme=reader.programme)
    )


def _of_changes(rows: Any) -> Callable[[Reader], models.QuerySet]:
    """Standing rows of the running programme's changes; none of one that was joined."""
    return lambda reader: rows.objects.standing().filter(
        authority=reader.authority,
        change__programme=reader.programme,
        change__merged_into=None,
    )


def _of_blueprint(rows: Any) -> Callable[[Reader], models.QuerySet]:
    return lambda reader: rows.objects.standing().filter(
        authority=reader.authority, blueprint__programme=reader.programme
    )


def _experiments(reader: Reader) -> models.QuerySet:
    return Experiment.objects.in_standing_pillars().filter(
        authority=reader.authority, pillar__blueprint__programme=reader.programme
    )


def _tried() -> models.Expression:
    """What the newest cycle of an experiment tries and expects."""
    newest = LearningCycle.objects.filter(experiment=models.OuterRef("pk")).order_by("-number")
    words = Concat("we_try", models.Value(" "), "we_expect", output_field=models.TextField())
    return Coalesce(models.Subquery(newest.values(said=words)[:1]), models.Value(""))


def _agreed(reader: Reader) -> models.QuerySet:
    """What a workshop's summary shows of its talks."""
    return Agreement.objects.said().filter(
        authority=reader.authority,
        activity__workshop__programme=reader.programme,
        activity__kind=ActivityKind.DISCUSS,
        activity__is_skipped=False,
        activity__opened_at__isnull=False,
    )


def _stories(reader: Reader) -> models.QuerySet:
    """Those that one may read, as their own pages say."""
    may_run = Permission.WORKSHOP_RUN in reader.permissions
    return reader.authority.stories.read_by(reader.user, facilitates=may_run)


def _people(reader: Reader) -> models.QuerySet:
    if Permission.PEOPLE_SEE not in reader.permissions:
        return reader.authority.memberships.none()
    return reader.authority.memberships.standing().exclude(user__name="")


def _questions(reader: Reader) -> models.QuerySet:
    """Of surveys that were opened; drafts are for those who write them."""
    rows = Question.objects.filter(
        authority=reader.authority,
        survey__programme=reader.programme,
        survey__removed_at=None,
    )
    if Permission.SURVEY_RUN in reader.permissions:
        return rows
    return rows.filter(survey__opened_at__isnull=False)


_CHANGE: dict[str, Any] = {"within": "change__title", "inside": "change_id"}
_AMBITION = _page("programmes:ambition", anchor="row")

KINDS = (
    Kind(
        "changes",
        "small change",
        "small changes",
        lambda reader: reader.authority.small_changes.filter(programme=reader.programme),
        _own("smallchanges:change"),
        title="title",
        body=("purpose", "why", "success", "tracking", "result", "impact"),
        kept="search",
    ),
    Kind(
        "strands",
        "mission strand",
        "mission strands",
        _said("strands"),
        _own("smallchanges:strand"),
        title="title",
        body="about",
    ),
    Kind("barriers", "barrier", "barriers", _said("barriers"), _AMBITION),
    Kind("values", "value", "values", _said("values"), _AMBITION),
    Kind("opposites", "opposite", "opposites", _said("opposites"), _AMBITION),
    Kind("principles", "principle", "principles", _said("principles"), _AMBITION),
    Kind(
        "updates",
        "update",
        "updates",
        _of_changes(Update),
        _within("smallchanges:change", anchor="row"),
        **_CHANGE,
        at="at",
        kept="search",
        forgives=False,
    ),
    Kind(
        "steps",
        "step",
        "steps",
        _of_changes(Step),
        _within("smallchanges:change", anchor="row"),
        **_CHANGE,
        forgives=False,
    ),
    Kind(
        "met",
        "barrier met or enabler",
        "barriers met and enablers",
        _of_changes(Met),
        _within("smallchanges:change", anchor="met"),
        **_CHANGE,
    ),
    Kind(
        "measures",
        "measure",
        "measures",
        _of_changes(Measure),
        _within("smallchanges:change"),
        title="what",
        **_CHANGE,
    ),
    Kind(
        "asks",
        "ask",
        "asks",
        lambda reader: reader.authority.asks.standing().filter(change__merged_into=None),
        _within("smallchanges:change", anchor="ask"),
        title="what",
        body="why",
        **_CHANGE,
        at="asked_at",
    ),
    Kind(
        "rules",
        "entry of the permission book",
        "entries of the permission book",
        lambda reader: reader.authority.rules.standing(),
        _own("smallchanges:rule"),
        body=("answer", "said_by", "written_in"),
        kept="search",
    ),
    Kind(
        "offered",
        "offer in the inbox",
        "offers in the inbox",
        lambda reader: reader.authority.offered.standing().shown(),
        _own("smallchanges:inbox-item"),
        body="answer",
        forgives=False,
    ),
    Kind(
        "insights",
        "insight",
        "insights",
        _said("insights"),
        _page("blueprints:insights", anchor="row"),
    ),
    Kind(
        "pillars",
        "pillar",
        "pillars",
        _of_blueprint(Pillar),
        _page("blueprints:blueprint"),
        title="title",
        body="so_that",
    ),
    Kind(
        "experiments",
        "experiment",
        "experiments",
        _experiments,
        _own("blueprints:experiment"),
        title="title",
        body=_tried(),
        within="pillar__title",
    ),
    Kind(
        "commitments",
        "commitment",
        "commitments",
        _of_blueprint(Commitment),
        _page("blueprints:blueprint"),
    ),
    Kind(
        "needs",
        "need of the blueprint",
        "needs of the blueprint",
        _of_blueprint(Need),
        _page("blueprints:blueprint"),
    ),
    Kind(
        "workshops",
        "workshop",
        "workshops",
        lambda reader: reader.authority.workshops.filter(programme=reader.programme),
        _own("workshops:workshop"),
        title="title",
        body="place",
    ),
    Kind(
        "agreed",
        "agreed point",
        "agreed points",
        _agreed,
        _within("workshops:summary"),
        title="outcome",
        within="activity__workshop__title",
        inside="activity__workshop_id",
    ),
    Kind(
        "stories",
        "story",
        "stories",
        _stories,
        _own("impact:story"),
        **_CHANGE,
        at="created_at",
        forgives=False,
    ),
    Kind(
        "questions",
        "question of a survey",
        "questions of surveys",
        _questions,
        _within("surveys:survey"),
        body="stem",
        within="survey__title",
        inside="survey_id",
    ),
    Kind(
        "people",
        "person",
        "people",
        _people,
        _page("programmes:people"),
        title="user__name",
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
