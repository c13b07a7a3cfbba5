"""Rows for tests, with sensible defaults; everything of one authority unless told otherwise."""

import functools
import uuid
from datetime import date, timedelta

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from blueprints.models import (
    Aim,
    Answer,
    Blueprint,
    BlueprintVersion,
    Commitment,
    Evidence,
    Experiment,
    ExperimentMove,
    Insight,
    LearningCycle,
    Need,
    Observation,
    PartnerLink,
    Pillar,
    Place,
    PlacedThing,
    PlacingRound,
    Promise,
    Review,
    SignOff,
    Telling,
)
from impact.feed_keys import digest_of as digest_of_key
from impact.feed_keys import new_token
from impact.models import (
    Crossing,
    FeedKey,
    FeedScope,
    Hands,
    LearningNote,
    PartnershipEnd,
    Report,
    ReportSection,
    ReportSentence,
    ReportShare,
    SectionKey,
    Story,
    StoryPick,
)
from programmes.models import (
    Barrier,
    LocalAuthority,
    MailedLink,
    Membership,
    Milestone,
    Notice,
    NoticeChoice,
    Opposite,
    Principle,
    Programme,
    Role,
    Team,
    User,
    Value,
)
from smallchanges.models import (
    Ask,
    AskAnswer,
    Cheer,
    Clue,
    Consent,
    Inbox,
    JointMove,
    Measure,
    Met,
    MissionStrand,
    MovedRow,
    Offered,
    Reading,
    ReceivedMail,
    Rule,
    Seed,
    Share,
    SmallChange,
    Stakeholder,
    StanceMove,
    Step,
    ThankYou,
    TimeBack,
    Update,
    Verdict,
)
from smallchanges.models.inbox import new_key
from surveys.models import (
    Asked,
    Question,
    SplitGroup,
    Survey,
    SurveyAnswer,
    Tally,
    Voice,
    Work,
    new_secret,
)
from workshops.models import (
    Activity,
    ActivityKind,
    Agreement,
    CalendarFeed,
    CoFacilitator,
    Event,
    Group,
    Harvest,
    Invitee,
    Letter,
    Mark,
    Note,
    Participant,
    PodAgenda,
    SessionKind,
    Suggestion,
    TakingPart,
    Template,
    TemplateBlock,
    Vote,
    Workshop,
    digest_of,
    new_code,
    writer_digest,
)

PASSWORD = "a long password for tests"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person Number{n}")

    # Hashed once, not once a person.
    password = factory.LazyFunction(functools.cache(lambda: make_password(PASSWORD)))


class LocalAuthorityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LocalAuthority

    name = factory.Sequence(lambda n: f"Borough {n}")
    slug = factory.Sequence(lambda n: f"borough-{n}")
    kind = LocalAuthority.Kind.LONDON_BOROUGH


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    authority = factory.SubFactory(LocalAuthorityFactory)
    name = factory.Sequence(lambda n: f"Team {n}")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    authority = factory.SubFactory(LocalAuthorityFactory)
    user = factory.SubFactory(UserFactory)
    roles = [Role.PRACTITIONER]


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    authority = factory.SubFactory(LocalAuthorityFactory)
    model = Programme.Model.TEAM_BASED
    service = "Family Support"
    starts_on = factory.LazyFunction(timezone.localdate)


class _OfProgramme(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    programme = factory.SubFactory(ProgrammeFactory)
    authority = factory.SelfAttribute("programme.authority")


class MilestoneFactory(_OfProgramme):
    class Meta:
        model = Milestone

    kind = Milestone.Kind.LAUNCH
    laid_out_on = factory.LazyFunction(timezone.localdate)


class ValueFactory(_OfProgramme):
    class Meta:
        model = Value

    text = factory.Sequence(lambda n: f"Value {n}")
    position = factory.Sequence(lambda n: n)


class OppositeFactory(_OfProgramme):
    class Meta:
        model = Opposite

    text = factory.Sequence(lambda n: f"Opposite {n}")
    position = factory.Sequence(lambda n: n)


class PrincipleFactory(_OfProgramme):
    class Meta:
        model = Principle

    text = factory.Sequence(lambda n: f"Principle {n}")
    position = factory.Sequence(lambda n: n)


class BarrierFactory(_OfProgramme):
    class Meta:
        model = Barrier

    text = factory.Sequence(lambda n: f"Barrier {n}")
    position = factory.Sequence(lambda n: n)


class MissionStrandFactory(_OfProgramme):
    class Meta:
        model = MissionStrand

    title = factory.Sequence(lambda n: f"Strand {n}")
    position = factory.Sequence(lambda n: n)


class SmallChangeFactory(_OfProgramme):
    class Meta:
        model = SmallChange

    title = factory.Sequence(lambda n: f"Small change {n}")
    position = factory.Sequence(lambda n: n)


class _OfChange(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    change = factory.SubFactory(SmallChangeFactory)
    authority = factory.SelfAttribute("change.authority")


class MovedRowFactory(_OfChange):
    class Meta:
        model = MovedRow

    table = "smallchanges.step"
    link = "change"
    row = factory.Faker("uuid4")
    was = factory.Faker("uuid4")
    now = factory.Faker("uuid4")


class StepFactory(_OfChange):
    class Meta:
        model = Step

    text = factory.Sequence(lambda n: f"Step {n}")


class StakeholderFactory(_OfChange):
    class Meta:
        model = Stakeholder

    who = factory.Sequence(lambda n: f"Stakeholder {n}")


class MetFactory(_OfChange):
    class Meta:
        model = Met

    kind = Met.Kind.BARRIER
    text = factory.Sequence(lambda n: f"Met {n}")


class UpdateFactory(_OfChange):
    class Meta:
        model = Update

    text = factory.Sequence(lambda n: f"Update {n}")


class AskFactory(_OfChange):
    """Of somebody without an account; with `member=` of a member."""

    class Meta:
        model = Ask

    member = None
    name = factory.Maybe("member", "", factory.Sequence(lambda n: f"Director Number{n}"))
    email = factory.Maybe("member", "", factory.Sequence(lambda n: f"director{n}@council.example"))
    what = factory.Sequence(lambda n: f"Ask {n}")


class AskAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AskAnswer

    ask = factory.SubFactory(AskFactory)
    authority = factory.SelfAttribute("ask.authority")
    who = "Director Example"
    kind = "yes"


class JointMoveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = JointMove

    authority = factory.SubFactory(LocalAuthorityFactory)


class InboxFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Inbox

    authority = factory.SubFactory(LocalAuthorityFactory)
    key = factory.LazyFunction(new_key)


class OfferedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Offered

    authority = factory.SubFactory(LocalAuthorityFactory)
    kind = Offered.Kind.IDEA
    text = factory.Sequence(lambda n: f"Idea {n}")
    reply = Offered.Reply.LINK


class ReceivedMailFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReceivedMail

    authority = factory.SubFactory(LocalAuthorityFactory)
    message_digest = factory.Sequence(lambda n: f"message {n}")
    sender_digest = factory.Sequence(lambda n: f"sender {n}")


class CheerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cheer

    authority = factory.SubFactory(LocalAuthorityFactory)
    user = factory.SubFactory(UserFactory)
    change = factory.LazyAttribute(
        lambda row: SmallChangeFactory(
            programme=row.authority.current_programme() or ProgrammeFactory(authority=row.authority)
        )
    )


class ThankYouFactory(_OfChange):
    class Meta:
        model = ThankYou

    to_whom = factory.Sequence(lambda n: f"Colleague {n}")
    text = factory.Sequence(lambda n: f"Thanks {n}")


class RuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rule

    authority = factory.SubFactory(LocalAuthorityFactory)
    text = factory.Sequence(lambda n: f"Rule {n}")


class _OfRule(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    rule = factory.SubFactory(RuleFactory)
    authority = factory.SelfAttribute("rule.authority")


class VerdictFactory(_OfRule):
    """Of a rule that does not know of it yet: `settle_rule` is the gate."""

    class Meta:
        model = Verdict

    kind = Verdict.Kind.LOCAL_POLICY
    found = factory.Sequence(lambda n: f"Found {n}")


class ClueFactory(_OfRule):
    class Meta:
        model = Clue

    text = factory.Sequence(lambda n: f"Clue {n}")


class MeasureFactory(_OfChange):
    class Meta:
        model = Measure

    what = factory.Sequence(lambda n: f"Measure {n}")
    better = Measure.Better.LOWER


class ReadingFactory(factory.django.DjangoModelFactory):
    """A day apart from the one before."""

    class Meta:
        model = Reading

    measure = factory.SubFactory(MeasureFactory)
    authority = factory.SelfAttribute("measure.authority")
    on = factory.Sequence(lambda n: date(2010, 1, 1) + timedelta(days=n % 5000))
    value = 14


class StanceMoveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StanceMove

    stakeholder = factory.SubFactory(StakeholderFactory)
    authority = factory.SelfAttribute("stakeholder.authority")
    from_stance = Stakeholder.Stance.AGAINST
    to_stance = Stakeholder.Stance.UNSURE


class TimeBackFactory(_OfChange):
    class Meta:
        model = TimeBack

    member = factory.SubFactory(
        MembershipFactory, authority=factory.SelfAttribute("..change.authority")
    )
    week = date(2026, 1, 5)
    gives_back = TimeBack.Hours.TO_THREE


class ShareFactory(_OfChange):
    """Words that nobody has been asked about yet; `shared()` makes some that others read."""

    class Meta:
        model = Share

    title = factory.Sequence(lambda n: f"Shared change {n}")
    sentence = "Minutes are taken in turns."
    what_we_did = "We made a list of turns."
    our_setting = "A London borough, one team of seven."


class ConsentFactory(factory.django.DjangoModelFactory):
    """A yes to the words as they are."""

    class Meta:
        model = Consent

    share = factory.SubFactory(ShareFactory)
    authority = factory.SelfAttribute("share.authority")
    membership = factory.SubFactory(
        MembershipFactory, authority=factory.SelfAttribute("..authority")
    )
    says = Consent.Says.YES
    digest = factory.SelfAttribute("share.digest")


def shared(change: SmallChange, **words) -> Share:
    """What anybody may read of a change, with the yes of one person who leads it."""
    then = timezone.now()
    share = ShareFactory(change=change, asked_at=then, **words)
    if change.lead is None:
        change.lead = MembershipFactory(authority=change.authority)
        change.save()
    share.consent = ConsentFactory(share=share, membership=change.lead)
    share.shared_at = then
    share.save()
    return share


class SeedFactory(_OfChange):
    """Of words that another authority wrote."""

    class Meta:
        model = Seed

    share = factory.SubFactory(ShareFactory)
    starting_point = "One person takes all the minutes."
    what_differs = "Our meetings are longer."


class MailedLinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MailedLink

    authority = factory.SubFactory(LocalAuthorityFactory)
    purpose = MailedLink.Purpose.UPDATE
    target = factory.LazyFunction(uuid.uuid4)
    email = factory.Sequence(lambda n: f"link{n}@council.example")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))


class NoticeChoiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NoticeChoice

    authority = factory.SubFactory(LocalAuthorityFactory)
    email = factory.Sequence(lambda n: f"mails{n}@council.example")
    kind = "digest"


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    authority = factory.SelfAttribute("choice.authority")
    choice = factory.SubFactory(NoticeChoiceFactory)
    key = factory.Sequence(lambda n: f"notice {n}")
    due_at = factory.LazyFunction(timezone.now)


class InsightFactory(_OfProgramme):
    class Meta:
        model = Insight

    text = factory.Sequence(lambda n: f"Insight {n}")
    kind = Insight.Kind.BARRIER


class BlueprintFactory(_OfProgramme):
    class Meta:
        model = Blueprint


class _OfBlueprint(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    blueprint = factory.SubFactory(BlueprintFactory)
    authority = factory.SelfAttribute("blueprint.authority")
    position = factory.Sequence(lambda n: n)


class CommitmentFactory(_OfBlueprint):
    class Meta:
        model = Commitment

    text = factory.Sequence(lambda n: f"Commitment {n}")


class NeedFactory(_OfBlueprint):
    class Meta:
        model = Need

    text = factory.Sequence(lambda n: f"Need {n}")


class PillarFactory(_OfBlueprint):
    class Meta:
        model = Pillar

    title = factory.Sequence(lambda n: f"Pillar {n}")


class AimFactory(_OfProgramme):
    class Meta:
        model = Aim

    code = factory.Sequence(lambda n: f"9.{n}")
    title = factory.Sequence(lambda n: f"Aim {n}")
    position = factory.Sequence(lambda n: n)


class ExperimentFactory(factory.django.DjangoModelFactory):
    """With its first cycle, which takes what is given as `cycle__…`, as in `cycle__we_try`."""

    class Meta:
        model = Experiment
        skip_postgeneration_save = True

    pillar = factory.SubFactory(PillarFactory)
    authority = factory.SelfAttribute("pillar.authority")
    title = factory.Sequence(lambda n: f"Experiment {n}")
    position = factory.Sequence(lambda n: n)
    waiting_since = factory.LazyAttribute(
        lambda one: timezone.now() if getattr(one, "state", "") == "waiting for a yes" else None
    )

    @factory.post_generation
    def cycle(self, create, extracted, **words):
        if create:
            LearningCycleFactory(experiment=self, **words)


class PartnerLinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PartnerLink

    authority = factory.SubFactory(LocalAuthorityFactory)
    for_whom = factory.Sequence(lambda n: f"Partners {n}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


def many_experiments(pillar: Pillar, number: int, **words) -> list[Experiment]:
    """In two statements, for pages that are long; `words` are those of each one's cycle."""
    made = Experiment.objects.bulk_create(
        ExperimentFactory.build(pillar=pillar, authority=pillar.authority, position=n)
        for n in range(number)
    )
    LearningCycle.objects.bulk_create(
        LearningCycle(authority=pillar.authority, experiment=one, **words) for one in made
    )
    return made


class LearningCycleFactory(factory.django.DjangoModelFactory):
    """The next one of its experiment."""

    class Meta:
        model = LearningCycle

    experiment = factory.SubFactory(ExperimentFactory)
    authority = factory.SelfAttribute("experiment.authority")
    number = factory.LazyAttribute(lambda one: one.experiment.cycles.count() + 1)


class ExperimentMoveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ExperimentMove

    experiment = factory.SubFactory(ExperimentFactory)
    cycle = factory.LazyAttribute(lambda one: one.experiment.cycle)
    authority = factory.SelfAttribute("experiment.authority")
    at = factory.LazyFunction(timezone.now)
    from_state = Experiment.State.IDEA
    to_state = Experiment.State.TRYING


class ObservationFactory(factory.django.DjangoModelFactory):
    """In a cycle that is sealed by it, if it was not."""

    class Meta:
        model = Observation

    cycle = factory.LazyFunction(lambda: ExperimentFactory().cycle)
    authority = factory.SelfAttribute("cycle.authority")
    text = factory.Sequence(lambda n: f"Observation {n}")

    @classmethod
    def _create(cls, model, *args, cycle, **values):
        if not cycle.sealed_at:
            cycle.we_expect = cycle.we_expect or "Better notes"
            cycle.sealed_at = timezone.now()
            cycle.save()
        return super()._create(model, *args, cycle=cycle, **values)


class EvidenceFactory(factory.django.DjangoModelFactory):
    """Give it one of `blueprints.models.EVIDENCE`."""

    class Meta:
        model = Evidence

    insight = factory.SubFactory(InsightFactory)
    authority = factory.SelfAttribute("insight.authority")


class PlacingRoundFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlacingRound

    programme = factory.SubFactory(ProgrammeFactory)
    authority = factory.SelfAttribute("programme.authority")
    question = factory.Sequence(lambda n: f"Question {n}")
    closes_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=3))


class PlacedThingFactory(factory.django.DjangoModelFactory):
    """Give it one of `blueprints.models.PLACEABLE`."""

    class Meta:
        model = PlacedThing

    round = factory.SubFactory(PlacingRoundFactory)
    authority = factory.SelfAttribute("round.authority")
    position = factory.Sequence(lambda n: n)


class PlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Place

    thing = factory.SubFactory(PlacedThingFactory)
    authority = factory.SelfAttribute("thing.authority")
    voice = "practitioner"
    matters = 3
    can_move = 3


class AnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Answer

    experiment = factory.SubFactory(ExperimentFactory)
    cycle = factory.LazyAttribute(lambda one: one.experiment.cycle)
    authority = factory.SelfAttribute("experiment.authority")
    kind = Answer.Kind.YES


class PromiseFactory(factory.django.DjangoModelFactory):
    """For an experiment, unless told otherwise."""

    class Meta:
        model = Promise

    experiment = factory.SubFactory(ExperimentFactory)
    authority = factory.LazyAttribute(
        lambda one: (one.experiment or getattr(one, "ask", None) or one.pillar).authority
    )
    what = factory.Sequence(lambda n: f"Promise {n}")
    by_when = date(2026, 12, 1)


class TellingFactory(factory.django.DjangoModelFactory):
    """Kept, unless told otherwise; give its promise the same, where a test reads it there."""

    class Meta:
        model = Telling

    promise = factory.SubFactory(PromiseFactory)
    authority = factory.SelfAttribute("promise.authority")
    kept = True


class ReviewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Review

    pillar = factory.SubFactory(PillarFactory)
    authority = factory.SelfAttribute("pillar.authority")
    going = Review.Going.WELL


class BlueprintVersionFactory(factory.django.DjangoModelFactory):
    """A draft."""

    class Meta:
        model = BlueprintVersion

    blueprint = factory.SubFactory(BlueprintFactory)
    authority = factory.SelfAttribute("blueprint.authority")
    number = 1
    parts = factory.LazyFunction(list)


class SignOffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SignOff

    version = factory.SubFactory(BlueprintVersionFactory)
    authority = factory.SelfAttribute("version.authority")
    voice = SignOff.Voice.LEADER
    by = factory.SubFactory(UserFactory)


# --- workshops


class TemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Template

    key = factory.Sequence(lambda n: f"session-{n}")
    kind = SessionKind.VALUES
    title = factory.Sequence(lambda n: f"Session {n}")


class TemplateBlockFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TemplateBlock

    template = factory.SubFactory(TemplateFactory)
    kind = ActivityKind.WRITE
    title = factory.Sequence(lambda n: f"Block {n}")
    position = factory.Sequence(lambda n: n)


class WorkshopFactory(_OfProgramme):
    """Planned; with `is_open=True` its doors are open, and it has a code."""

    class Meta:
        model = Workshop

    class Params:
        is_open = factory.Trait(
            code=factory.LazyFunction(new_code),
            doors_opened_at=factory.LazyFunction(timezone.now),
        )

    kind = SessionKind.VALUES
    title = factory.Sequence(lambda n: f"Workshop {n}")


class _OfWorkshop(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    workshop = factory.SubFactory(WorkshopFactory)
    authority = factory.SelfAttribute("workshop.authority")


class ActivityFactory(_OfWorkshop):
    class Meta:
        model = Activity

    kind = ActivityKind.WRITE
    title = factory.Sequence(lambda n: f"Activity {n}")
    position = factory.Sequence(lambda n: n)


class CoFacilitatorFactory(_OfWorkshop):
    class Meta:
        model = CoFacilitator

    user = factory.SubFactory(UserFactory)


class InviteeFactory(_OfWorkshop):
    class Meta:
        model = Invitee

    email = factory.Sequence(lambda n: f"invitee{n}@example.org")


class LetterFactory(_OfWorkshop):
    class Meta:
        model = Letter

    kind = Letter.Kind.SUMMARY
    email = factory.Sequence(lambda n: f"letter{n}@example.org")


def guest_key(participant: Participant) -> str:
    """The key on the device of a guest whom `ParticipantFactory` made."""
    return f"the key of guest {participant.number}"


class ParticipantFactory(_OfWorkshop):
    """A guest; with `user=` a member."""

    class Meta:
        model = Participant

    user = None
    number = factory.Sequence(lambda n: n + 1)
    key_digest = factory.LazyAttribute(
        lambda made: None if made.user else digest_of(guest_key(made))
    )


class _OfActivity(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    activity = factory.SubFactory(ActivityFactory)
    authority = factory.SelfAttribute("activity.authority")


class TakingPartFactory(_OfActivity):
    class Meta:
        model = TakingPart

    participant = factory.SubFactory(
        ParticipantFactory, workshop=factory.SelfAttribute("..activity.workshop")
    )


class GroupFactory(_OfActivity):
    class Meta:
        model = Group

    title = factory.Sequence(lambda n: f"Group {n}")
    position = factory.Sequence(lambda n: n)


class NoteFactory(_OfActivity):
    """Nobody's, as one that was brought in; with `participant=` it is from that guest's device."""

    class Meta:
        model = Note

    id = factory.LazyFunction(uuid.uuid4)
    text = factory.Sequence(lambda n: f"Note {n}")
    candour = factory.SelfAttribute("activity.candour")
    participant = None
    writer_digest = factory.LazyAttribute(
        lambda made: writer_digest(guest_key(made.participant), made.id) if made.participant else ""
    )


class VoteFactory(_OfActivity):
    """One dot on a new note, or on `group=`. An activity without dots gets three, two on one."""

    class Meta:
        model = Vote

    voter = factory.Sequence(lambda n: f"voter {n}")
    group = None
    note = factory.Maybe(
        "group",
        None,
        factory.SubFactory(NoteFactory, activity=factory.SelfAttribute("..activity")),
    )
    slot = 1
    slot_on_one = 1

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        activity = kwargs["activity"]
        if not activity.dots:
            activity.dots, activity.most_on_one = 3, 2
            activity.save(update_fields=["dots", "most_on_one"])
        limits = {"dots": activity.dots, "most_on_one": activity.most_on_one}
        return super()._create(model_class, *args, **limits | kwargs)


class MarkFactory(_OfActivity):
    class Meta:
        model = Mark

    voter = factory.Sequence(lambda n: f"voter {n}")
    across = 3


class SuggestionFactory(_OfActivity):
    """A new name for a note; with `group=` it is for that group."""

    class Meta:
        model = Suggestion

    voter = factory.Sequence(lambda n: f"voter {n}")
    note = factory.SubFactory(NoteFactory, activity=factory.SelfAttribute("..activity"))
    group = None
    title = factory.LazyAttribute(lambda made: "" if made.group else "Trust")


class AgreementFactory(_OfActivity):
    """About a note, or about `group=`."""

    class Meta:
        model = Agreement

    group = None
    note = factory.Maybe(
        "group",
        None,
        factory.SubFactory(NoteFactory, activity=factory.SelfAttribute("..activity")),
    )
    outcome = "We try it"


class HarvestFactory(_OfActivity):
    """A value out of a note, or out of `group=`."""

    class Meta:
        model = Harvest

    group = None
    note = factory.Maybe(
        "group",
        None,
        factory.SubFactory(NoteFactory, activity=factory.SelfAttribute("..activity")),
    )
    value = factory.SubFactory(
        ValueFactory, programme=factory.SelfAttribute("..activity.workshop.programme")
    )


class EventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Event

    workshop = factory.SubFactory(WorkshopFactory)
    seq = factory.Sequence(lambda n: n + 1)
    audience = Event.Audience.PHONES
    html = '<p id="told">Told</p>'


class PodAgendaFactory(_OfWorkshop):
    class Meta:
        model = PodAgenda


class CalendarFeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CalendarFeed

    membership = factory.SubFactory(MembershipFactory)
    authority = factory.SelfAttribute("membership.authority")


class SurveyFactory(_OfProgramme):
    """Being written, unless `state=` is "open" or "closed"."""

    class Meta:
        model = Survey

    class Params:
        state = "draft"

    kind = Survey.Kind.OWN
    moment = Survey.Moment.START
    title = factory.Sequence(lambda n: f"Survey {n}")
    opened_at = factory.LazyAttribute(lambda one: None if one.state == "draft" else timezone.now())
    closed_at = factory.LazyAttribute(lambda one: one.opened_at if one.state == "closed" else None)
    secret = factory.LazyAttribute(lambda one: new_secret() if one.state == "open" else b"")
    people_answered = factory.LazyAttribute(lambda one: 0 if one.state == "closed" else None)


class _OfSurvey(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    survey = factory.SubFactory(SurveyFactory)
    authority = factory.SelfAttribute("survey.authority")


class QuestionFactory(_OfSurvey):
    class Meta:
        model = Question

    kind = Question.Kind.EXTENT
    text = factory.Sequence(lambda n: f"Question {n}")
    position = factory.Sequence(lambda n: n)


class AskedFactory(_OfSurvey):
    class Meta:
        model = Asked

    membership = factory.SubFactory(
        MembershipFactory, authority=factory.SelfAttribute("..authority")
    )


class SurveyAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SurveyAnswer

    question = factory.SubFactory(QuestionFactory)
    authority = factory.SelfAttribute("question.authority")
    option = 2


class SplitGroupFactory(_OfSurvey):
    class Meta:
        model = SplitGroup

    by = SplitGroup.By.WORK
    label = Work.PRACTITIONER.label


class TallyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tally

    question = factory.SubFactory(QuestionFactory)
    authority = factory.SelfAttribute("question.authority")
    group = factory.SubFactory(SplitGroupFactory, survey=factory.SelfAttribute("..question.survey"))
    answered = 5
    counts = [3, 2]


class StoryFactory(_OfChange):
    """Within its team, unless `ring=` says further: then with the teller's yes."""

    class Meta:
        model = Story
        skip_postgeneration_save = True

    text = factory.Sequence(lambda n: f"We sat down together, {n} of us.")
    teller = "A social worker"

    @classmethod
    def _create(cls, model, *args, ring="team", **fields):
        story = super()._create(model, *args, **fields)
        if ring != "team":
            story.crossing = CrossingFactory(story=story, ring=ring)
            story.ring = ring
            story.save(update_fields=["crossing", "ring"])
        return story


class CrossingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Crossing

    story = factory.SubFactory(StoryFactory)
    authority = factory.SelfAttribute("story.authority")
    ring = "authority"
    digest = factory.LazyAttribute(lambda one: Story.objects.get(pk=one.story.pk).digest)


class StoryPickFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StoryPick

    story = factory.SubFactory(StoryFactory)
    authority = factory.SelfAttribute("story.authority")
    panel = "the learning pod of 12 May"
    why = "It says what the minutes did to the meeting."


# --- what facilitators learned, and who ran what


class LearningNoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LearningNote

    authority = factory.SubFactory(LocalAuthorityFactory)
    what_we_learned = factory.Sequence(lambda n: f"Give the quiet ones {n} minutes.")


class HandsFactory(_OfWorkshop):
    class Meta:
        model = Hands


class PartnershipEndFactory(_OfProgramme):
    class Meta:
        model = PartnershipEnd

    ends_on = date(2026, 12, 18)


# --- the impact report


class ReportFactory(_OfProgramme):
    """A draft. Once its words are there, `published()` publishes it."""

    class Meta:
        model = Report

    number = 1


class ReportSectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportSection

    report = factory.SubFactory(ReportFactory)
    authority = factory.SelfAttribute("report.authority")
    key = SectionKey.PEOPLE
    heading = factory.LazyAttribute(lambda one: SectionKey(one.key).label)


class ReportSentenceFactory(factory.django.DjangoModelFactory):
    """In our own words, unless `key=` says what of the data it tells."""

    class Meta:
        model = ReportSentence

    section = factory.SubFactory(ReportSectionFactory)
    authority = factory.SelfAttribute("section.authority")
    key = ""
    kind = factory.LazyAttribute(lambda one: "data" if one.key else "own")
    text = factory.Sequence(lambda n: f"Sentence {n}.")
    drafted = factory.LazyAttribute(lambda one: one.text if one.key else "")


class ReportShareFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportShare

    report = factory.SubFactory(ReportFactory)
    authority = factory.SelfAttribute("report.authority")
    keys = factory.LazyFunction(lambda: [SectionKey.PEOPLE])


def published(report):
    """The report, published; its words stay from now on."""
    report.state, report.published_at = Report.State.PUBLISHED, timezone.now()
    report.letterhead = report.authority.formal_name
    report.save()
    return report


# Running surveys.
class VoiceFactory(_OfSurvey):
    class Meta:
        model = Voice

    name = factory.Sequence(lambda n: f"{n:064x}")


# --- the data feed


class FeedKeyFactory(factory.django.DjangoModelFactory):
    """Opens everything; `token` is the key itself."""

    class Meta:
        model = FeedKey

    class Params:
        token = factory.LazyFunction(new_token)

    authority = factory.SubFactory(LocalAuthorityFactory)
    for_whom = factory.Sequence(lambda n: f"Performance team {n}")
    digest = factory.LazyAttribute(lambda one: digest_of_key(one.token))
    scopes = FeedScope.values
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))
