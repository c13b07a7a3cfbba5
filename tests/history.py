"""Every action, called once in a scene of rows, and the events that it must leave.

The literal table that tests/programmes/test_audit.py holds the application to.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from blueprints import actions as blueprints
from blueprints.actions import partners
from blueprints.models import Need, Promise
from blueprints.versions import fingerprint, parts_now
from impact.actions import archives, erasure, feeds, handover, learning, stories
from impact.actions import reports as impact_reports
from impact.actions import sharing as impact_sharing
from programmes.actions import (
    addresses,
    ambition,
    invitations,
    mails,
    people,
    places,
    steps,
    timeline,
)
from programmes.models import (
    Invitation,
    JourneyStep,
    Milestone,
    Principle,
    StepReturn,
    Value,
)
from smallchanges import actions as changes
from smallchanges.actions import inbox
from smallchanges.models import Met, Move, Step
from smallchanges.timeback import week_of
from surveys import actions as asking
from surveys.actions import answers as survey_answers
from surveys.actions import looks, published
from surveys.said import Said, Sheet
from tests import factories
from workshops.actions import (
    agreements,
    calendars,
    groups,
    harvest,
    notes,
    planning,
    plans,
    pods,
    room,
    series,
    suggestions,
    summaries,
    templates,
    voices,
    votes,
    window,
)
from workshops.actions import invitations as workshop_invitations

NEW = UUID(int=1)
# A launch whose timeline is laid out in tests; each action is tried by the cast's facilitator.
LAUNCH = date(2026, 1, 5)
DAY = date(2026, 2, 2)
THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
SOON = timezone.now().replace(microsecond=0) + timedelta(days=2)


WORDS_FOR_OTHERS = {
    "title": "Walk outside",
    "sentence": "We walk and talk.",
    "what_we_did": "We walked.",
    "what_it_needed": "",
    "what_we_met": "",
    "what_came_of_it": "",
    "our_setting": "A team of seven",
}


class Scene:
    """The rows that actions are tried on, each made when it is first asked for."""

    def __init__(self, cast):
        self.cast, self.by = cast, cast.facilitator
        self.authority, self.programme = cast.authority, cast.programme
        self.user = cast.practitioner
        self.crescendo = cast.crescendo

    def _once(self, factory, **values):
        return factory(programme=self.programme, **values)

    @staticmethod
    def after(_first, row):
        """`row`, with the first before it in its list."""
        return row

    # --- step 1

    @cached_property
    def value(self):
        return self._once(factories.ValueFactory, text="Honesty", position=5)

    @cached_property
    def other_value(self):
        return self._once(factories.ValueFactory, text="Candour", position=4)

    @cached_property
    def removed_value(self):
        return self._once(factories.ValueFactory, text="Warmth", removed_at=THEN)

    @cached_property
    def merged_value(self):
        return self._once(factories.ValueFactory, text="Truth", merged_into=self.value)

    @cached_property
    def barrier(self):
        return self._once(factories.BarrierFactory, text="Forms")

    # --- Part C: what people wrote in a survey

    @cached_property
    def comment(self):
        survey = self._once(factories.SurveyFactory, state="closed", people_answered=10)
        question = factories.QuestionFactory(survey=survey, kind="text")
        return factories.SurveyAnswerFactory(question=question, option=None, text="More time")

    # --- the inbox

    def _offered(self, **values):
        return factories.OfferedFactory(authority=self.authority, **values)

    @cached_property
    def offered(self):
        return self._offered(text="Jo Example fills the same form twice")

    @cached_property
    def offered_held(self):
        return self._offered(text="Mr Example rang", held_for="guard")

    @cached_property
    def offered_removed(self):
        assert self.inbox
        return self._offered(removed_at=THEN, is_stirred=True)

    @cached_property
    def offered_answered(self):
        return self._offered(state="not now", answer="No money", answered_at=THEN)

    @cached_property
    def offered_asked(self):
        return self._offered(state="ask", answer="We ask for it", answered_at=THEN, ask=self.ask)

    @cached_property
    def offered_ask(self):
        self.offered.refresh_from_db()
        return self.offered.ask

    @cached_property
    def offered_barrier(self):
        self.offered.refresh_from_db()
        return self.offered.barrier

    @cached_property
    def offered_change(self):
        self.offered.refresh_from_db()
        return self.offered.change

    @cached_property
    def inbox(self):
        return factories.InboxFactory(authority=self.authority)

    # --- running surveys

    def _survey(self, **values):
        survey = self._once(factories.SurveyFactory, title="How it is", **values)
        factories.QuestionFactory(survey=survey, text="First", position=0)
        return survey

    @cached_property
    def survey(self):
        return self._survey()

    @cached_property
    def survey_open(self):
        return self._survey(state="open")

    @cached_property
    def survey_mailed(self):
        factories.AskedFactory(survey=self.survey_open, membership=self.membership)
        return self.survey_open

    @cached_property
    def survey_removed(self):
        return self._survey(removed_at=THEN)

    @cached_property
    def question(self):
        return factories.QuestionFactory(survey=self.survey, text="Is it so?", position=5)

    @cached_property
    def question_removed(self):
        return factories.QuestionFactory(survey=self.survey, text="Was it?", removed_at=THEN)

    # --- people and places

    @cached_property
    def team(self):
        return factories.TeamFactory(authority=self.authority, name="North team")

    @cached_property
    def membership(self):
        return self.user.memberships.get()

    @cached_property
    def manager(self):
        return self.cast.manager.memberships.get()

    @cached_property
    def ended_membership(self):
        return factories.MembershipFactory(authority=self.authority, ended_at=THEN)

    @cached_property
    def stranger(self):
        return factories.UserFactory(email="stranger@own.example", name="Stranger Example")

    def _invited(self, email: str, **values):
        return Invitation.objects.create(
            **{"authority": self.authority, "roles": ["manager"], "email": email}
            | {"secret_digest": email, "expires_at": timezone.now() + timedelta(days=1)}
            | values
        )

    @cached_property
    def mailed_link(self):
        return factories.MailedLinkFactory(authority=self.authority)

    @cached_property
    def moved_on_change(self):
        return self._once(factories.SmallChangeFactory, title="Walk", status="in progress")

    @cached_property
    def mails(self):
        return factories.NoticeChoiceFactory(authority=self.authority)

    @cached_property
    def stopped_mails(self):
        return factories.NoticeChoiceFactory(authority=self.authority, stopped_at=THEN)

    @cached_property
    def invitation(self):
        return self._invited("stranger@own.example")

    @cached_property
    def invitation_that_ran_out(self):
        invitation = self._invited("late@own.example")
        Invitation.objects.filter(pk=invitation.pk).update(
            created_at=THEN, expires_at=THEN + timedelta(days=14)
        )
        return invitation

    @cached_property
    def invitation_to_the_crescendo_team(self):
        return self._invited("stranger@own.example", authority=None, roles=[])

    # --- the programme, its dates and steps

    @cached_property
    def other_authority(self):
        """Without a programme."""
        return factories.LocalAuthorityFactory(name="New Borough", slug="new")

    @cached_property
    def scoped(self):
        """A programme without a date, and so without a timeline."""
        return factories.ProgrammeFactory(
            authority=self.other_authority, service="Scoped service", starts_on=None
        )

    @cached_property
    def dated(self):
        """A programme whose timeline nobody laid out yet."""
        return factories.ProgrammeFactory(
            authority=self.other_authority, service="Dated service", starts_on=LAUNCH
        )

    @cached_property
    def ended(self):
        return factories.ProgrammeFactory(
            authority=self.other_authority, service="Ended service", starts_on=LAUNCH, ended_on=DAY
        )

    @cached_property
    def launch(self):
        return self._once(factories.MilestoneFactory, laid_out_on=LAUNCH)

    @cached_property
    def moved(self):
        return self._once(
            factories.MilestoneFactory, kind=Milestone.Kind.VISION, laid_out_on=LAUNCH, moved_to=DAY
        )

    @cached_property
    def pod(self):
        return self._once(
            factories.MilestoneFactory, kind=Milestone.Kind.POD, number=9, laid_out_on=DAY
        )

    @cached_property
    def step_done(self):
        return JourneyStep.objects.create(
            authority=self.authority,
            programme=self.programme,
            step=1,
            done_at=THEN,
            said="All agreed",
        )

    @cached_property
    def step_not_done(self):
        return JourneyStep.objects.create(
            authority=self.authority, programme=self.programme, step=2
        )

    @cached_property
    def learned(self):
        return StepReturn.objects.create(
            authority=self.authority,
            programme=self.programme,
            step=self.step_not_done.step,
            at=THEN,
            why="There was more to say",
            was_done_at=THEN,
        )

    # --- step 2

    @cached_property
    def strand(self):
        return self._once(factories.MissionStrandFactory, title="Time", position=5)

    @cached_property
    def other_strand(self):
        return self._once(factories.MissionStrandFactory, title="Trust", position=4)

    @cached_property
    def removed_strand(self):
        return self._once(factories.MissionStrandFactory, title="Tools", removed_at=THEN)

    @cached_property
    def change(self):
        return self._once(
            factories.SmallChangeFactory, title="Walk and talk", status="chosen", position=1
        )

    @cached_property
    def twin(self):
        return self._once(factories.SmallChangeFactory, title="Walk while we talk")

    @cached_property
    def joined_change(self):
        return self._once(factories.SmallChangeFactory, title="Walks", merged_into=self.change)

    @cached_property
    def offshoot(self):
        offshoot = self._once(factories.SmallChangeFactory, title="Talk", split_from=self.change)
        self.offshoot_pk = offshoot.pk
        return offshoot

    @cached_property
    def passage(self):
        self.change.stage = "develop"
        self.change.save()
        return Move.objects.create(
            authority=self.authority,
            change=self.change,
            at=THEN,
            from_stage="mission",
            to_stage="develop",
            from_status="chosen",
            to_status="chosen",
        )

    @cached_property
    def joint(self):
        self.passage.joint = factories.JointMoveFactory(authority=self.authority)
        self.passage.save()
        return self.passage.joint

    @cached_property
    def step(self):
        return factories.StepFactory(change=self.change, text="Ask the school", position=5)

    @cached_property
    def other_step(self):
        return factories.StepFactory(change=self.change, text="Try it", position=4)

    @cached_property
    def step_ticked(self):
        return factories.StepFactory(change=self.change, text="Buy shoes", done_at=THEN)

    @cached_property
    def stakeholder(self):
        return factories.StakeholderFactory(change=self.change, who="Marcia Example")

    @cached_property
    def met(self):
        return factories.MetFactory(change=self.change, text="No time", removed_at=THEN)

    # --- asks

    def _ask(self, **values):
        return factories.AskFactory(
            change=self.change, what="A yes of Marcia Example", asked_by=self.by, **values
        )

    @cached_property
    def ask(self):
        return self._ask(member=self.manager)

    @cached_property
    def ask_taken_back(self):
        return self._ask(removed_at=THEN)

    @cached_property
    def promised_ask(self):
        return self._ask(state="yes", said_yes_at=THEN)

    @cached_property
    def released_ask(self):
        return self._ask(state="yes", said_yes_at=THEN, released_at=THEN)

    @cached_property
    def reminded_ask(self):
        return self._ask(reminded_at=THEN)

    @cached_property
    def old_link(self):
        return factories.MailedLinkFactory(
            authority=self.authority, purpose="answer", target=self.ask.pk, email=self.ask.address
        )

    @cached_property
    def rule(self):
        return factories.RuleFactory(authority=self.authority, text="Marcia Example forbids it")

    @cached_property
    def rule_being_checked(self):
        return factories.RuleFactory(
            authority=self.authority, checker=self.membership, checking_since=THEN
        )

    @cached_property
    def rule_taken_away(self):
        return factories.RuleFactory(authority=self.authority, removed_at=THEN)

    @cached_property
    def rule_checked(self):
        self.rule.verdict = factories.VerdictFactory(rule=self.rule)
        self.rule.save()
        return self.rule

    @cached_property
    def clue(self):
        return factories.ClueFactory(rule=self.rule)

    @cached_property
    def clue_taken_away(self):
        return factories.ClueFactory(rule=self.rule, removed_at=THEN)

    @cached_property
    def thanks(self):
        return factories.ThankYouFactory(change=self.change, to_whom="Marcia Example")

    @cached_property
    def thanks_taken_away(self):
        return factories.ThankYouFactory(change=self.change, removed_at=THEN)

    @cached_property
    def stance_move(self):
        """How the stakeholder came to be against it, taken back easily: nothing came since."""
        self.stakeholder.stance = "against"
        self.stakeholder.save()
        return factories.StanceMoveFactory(
            stakeholder=self.stakeholder, from_stance="unsure", to_stance="against"
        )

    @cached_property
    def measure(self):
        return factories.MeasureFactory(change=self.change, what="Calls a day")

    @cached_property
    def reading(self):
        return factories.ReadingFactory(measure=self.measure, on=DAY)

    @cached_property
    def own_time_back(self):
        return factories.TimeBackFactory(
            change=self.change, member=self.membership, week=week_of(timezone.localdate())
        )

    # --- shares and seeds

    def _shared(self, **values):
        """Words that its one lead has said yes to, at whatever point on their way."""
        change = self._once(
            factories.SmallChangeFactory, title="Take turns", lead=self.membership, position=2
        )
        share = factories.shared(change, title="Take turns")
        for name, value in values.items():
            setattr(share, name, value)
        share.save()
        return share

    @cached_property
    def draft(self):
        return self._shared(shared_at=None, asked_at=None, consent=None)

    @cached_property
    def asked(self):
        return self._shared(shared_at=None, consent=None)

    @cached_property
    def open_words(self):
        return self._shared()

    @cached_property
    def taken_back(self):
        return self._shared(ended_at=THEN, consent=None)

    @cached_property
    def words_of_others(self):
        return factories.shared(
            factories.SmallChangeFactory(programme=self.cast.other_programme, title="Theirs")
        )

    @cached_property
    def seed(self):
        return factories.SeedFactory(change=self.change, share=self.words_of_others)

    # --- step 3

    @cached_property
    def insight(self):
        return self._once(factories.InsightFactory, text="Time is not protected")

    @cached_property
    def evidence(self):
        return factories.EvidenceFactory(insight=self.insight, rule=self.rule)

    @cached_property
    def two_voices(self):
        return self._once(factories.PlacingRoundFactory, question="What helps", closes_on=DAY)

    @cached_property
    def two_voices_open(self):
        return self._once(factories.PlacingRoundFactory, question="What helps")

    @cached_property
    def blueprint(self):
        return self._once(factories.BlueprintFactory)

    @cached_property
    def commitment(self):
        return factories.CommitmentFactory(blueprint=self.blueprint, text="Families first")

    @cached_property
    def need(self):
        return factories.NeedFactory(blueprint=self.blueprint, text="Time", removed_at=THEN)

    @cached_property
    def pillar(self):
        return factories.PillarFactory(
            blueprint=self.blueprint, title="Partners", sponsor=self.manager, position=5
        )

    @cached_property
    def aim(self):
        return self._once(factories.AimFactory, code="2.3", title="Early help")

    @cached_property
    def other_pillar(self):
        return factories.PillarFactory(blueprint=self.blueprint, title="Paper", position=4)

    @cached_property
    def removed_pillar(self):
        pillar = factories.PillarFactory(blueprint=self.blueprint, title="Places", removed_at=THEN)
        factories.ExperimentFactory(pillar=pillar, removed_at=THEN)
        return pillar

    @cached_property
    def experiment(self):
        return factories.ExperimentFactory(pillar=self.pillar, title="Take turns")

    @cached_property
    def partner_link(self):
        return factories.PartnerLinkFactory(authority=self.authority)

    @cached_property
    def revoked_link(self):
        return factories.PartnerLinkFactory(authority=self.authority, revoked_at=THEN)

    # --- the data feed

    @cached_property
    def feed_key(self):
        return factories.FeedKeyFactory(authority=self.authority)

    @property
    def given_feed_key(self):
        return self.authority.feed_keys.get(pk=NEW)

    # --- the impact report

    @cached_property
    def report(self):
        return self._once(factories.ReportFactory, number=2)

    @cached_property
    def published_report(self):
        return factories.published(self._once(factories.ReportFactory, number=1))

    @cached_property
    def withdrawn_report(self):
        return self._once(factories.ReportFactory, number=3, state="withdrawn", withdrawn_at=THEN)

    @cached_property
    def report_section(self):
        return factories.ReportSectionFactory(report=self.report, key="changes", position=5)

    @cached_property
    def report_section_left_out(self):
        return factories.ReportSectionFactory(report=self.report, key="gift", is_in=False)

    @cached_property
    def report_sentence(self):
        return factories.ReportSentenceFactory(section=self.report_section)

    @cached_property
    def reworded_sentence(self):
        before = {"text": "Old", "drafted": "", "rests_on": [], "illustrative": ""}
        return factories.ReportSentenceFactory(section=self.report_section, before=before)

    @cached_property
    def removed_sentence(self):
        return factories.ReportSentenceFactory(section=self.report_section, removed_at=THEN)

    @cached_property
    def report_share(self):
        return factories.ReportShareFactory(report=self.published_report)

    @cached_property
    def share_taken_back(self):
        return factories.ReportShareFactory(report=self.published_report, taken_back_at=THEN)

    # --- versions

    @cached_property
    def blueprint_with_words(self):
        return factories.CommitmentFactory(blueprint=self.blueprint).blueprint

    @property
    def fingerprint(self):
        return fingerprint(parts_now(self.blueprint))

    @cached_property
    def version(self):
        return factories.BlueprintVersionFactory(blueprint=self.blueprint)

    @cached_property
    def withdrawn_version(self):
        return factories.BlueprintVersionFactory(
            blueprint=self.blueprint, state="withdrawn", ended_at=THEN
        )

    @cached_property
    def version_signed_by_them(self):
        return factories.SignOffFactory(version=self.version, by=self.by).version

    @cached_property
    def version_after_another(self):
        for voice in ("practitioner", "leader"):
            factories.SignOffFactory(version=self.version, voice=voice)
        self.version.state, self.version.agreed_at = "agreed", THEN
        self.version.save()
        draft = factories.BlueprintVersionFactory(blueprint=self.blueprint, number=2)
        return factories.SignOffFactory(version=draft, voice="practitioner").version

    # --- workshops

    @cached_property
    def workshop(self):
        return self._once(
            factories.WorkshopFactory, title="Mission", starts_at=THEN, invitation_number=1
        )

    @cached_property
    def block(self):
        return factories.ActivityFactory(workshop=self.workshop, title="What stops us", position=5)

    @cached_property
    def plan_block(self):
        return factories.ActivityFactory(workshop=self.workshop, kind="plan", title="Our plan")

    @cached_property
    def other_block(self):
        return factories.ActivityFactory(workshop=self.workshop, title="Hello", position=4)

    @cached_property
    def block_left_out(self):
        return factories.ActivityFactory(
            workshop=self.workshop, title="A break", is_skipped=True, position=6
        )

    @cached_property
    def learning_pod(self):
        return self._once(factories.WorkshopFactory, kind="pod", title="Learning pod 9")

    @cached_property
    def pod_on_the_timeline(self):
        return self._once(factories.MilestoneFactory, kind="pod", number=9, laid_out_on=SOON.date())

    @cached_property
    def planned_pod(self):
        return self.pod_on_the_timeline.workshops.get()

    @cached_property
    def look(self):
        return factories.ActivityFactory(
            workshop=self.room, kind="look", title="Shorter forms", change=self.change, position=7
        )

    @property
    def said_step(self):
        return Step.objects.get(text="Call them")

    @cached_property
    def block_put_to_the_end(self):
        return factories.ActivityFactory(workshop=self.workshop, title="A walk", if_time=True)

    @cached_property
    def calendar_feed(self):
        return factories.CalendarFeedFactory(membership=self.membership)

    @cached_property
    def invitee(self):
        return factories.InviteeFactory(
            workshop=self.workshop, email="guest@elsewhere.example", sent_at=THEN
        )

    @cached_property
    def template_retired(self):
        return factories.TemplateFactory(title="Pod", retired_at=THEN)

    @cached_property
    def second_template(self):
        factories.TemplateFactory(title="Launch", position=1)
        return factories.TemplateFactory(title="Mission", position=2)

    @cached_property
    def template(self):
        return factories.TemplateFactory(title="Mission")

    @cached_property
    def room(self):
        """Open, and at what people write."""
        room = self._once(factories.WorkshopFactory, title="Mission", is_open=True)
        room.current = factories.ActivityFactory(
            workshop=room, title="What stops us", opened_at=THEN, position=1
        )
        room.save()
        return room

    @cached_property
    def window(self):
        """Open for some days."""
        return self._once(
            factories.WorkshopFactory,
            title="Mission",
            is_open=True,
            collects_until=SOON + timedelta(days=1),
        )

    @cached_property
    def longer(self):
        """Its calendars keep less free than an empty plan takes."""
        return self._once(
            factories.WorkshopFactory, title="Mission", starts_at=SOON, told_minutes=30
        )

    @cached_property
    def over(self):
        """It has ended, and somebody is to hear of it."""
        row = self._once(factories.WorkshopFactory, title="Mission", ended_at=THEN)
        factories.InviteeFactory(workshop=row, email="guest@elsewhere.example")
        return row

    @cached_property
    def unopened_part(self):
        return factories.ActivityFactory(workshop=self.window)

    @cached_property
    def waiting(self):
        return factories.InviteeFactory(workshop=self.window, email="guest@elsewhere.example")

    @cached_property
    def late_guest(self):
        self.window.collects_until = THEN
        self.window.save()
        return factories.ParticipantFactory(workshop=self.window, name="Guest Example")

    @cached_property
    def writing(self):
        return self.room.current

    @cached_property
    def guest(self):
        return factories.ParticipantFactory(workshop=self.room, name="Guest Example")

    @cached_property
    def note(self):
        return factories.NoteFactory(
            activity=self.writing, participant=self.guest, text="Ask Marcia Example"
        )

    @cached_property
    def note_taken_back(self):
        return factories.NoteFactory(activity=self.writing, removed_at=THEN)

    @cached_property
    def note_parked(self):
        return factories.NoteFactory(activity=self.writing, is_parked=True)

    @cached_property
    def parked_elsewhere(self):
        return factories.NoteFactory(
            activity__workshop=self._once(factories.WorkshopFactory), is_parked=True
        )

    @cached_property
    def theme(self):
        return factories.ActivityFactory(
            workshop=self.room, kind="theme", title="What belongs together", position=2
        )

    @cached_property
    def group(self):
        return factories.GroupFactory(activity=self.theme, title="Paper")

    @cached_property
    def merged_group(self):
        return factories.GroupFactory(activity=self.theme, title="Forms", merged_into=self.group)

    @cached_property
    def removed_group(self):
        return factories.GroupFactory(activity=self.theme, title="Cars", removed_at=THEN)

    @cached_property
    def asking_theme(self):
        self.theme.takes_suggestions = True
        self.theme.save()
        return self.theme

    def _suggested(self, **values):
        return factories.SuggestionFactory(activity=self.asking_theme, note=self.note, **values)

    @cached_property
    def own_suggestion(self):
        """That the note belongs to the group, by the guest."""
        return self._suggested(group=self.group, voter=self.theme.voter(self.guest))

    @cached_property
    def two_suggestions(self):
        return [self._suggested(group=self.group) for _ in range(2)]

    @cached_property
    def accepted_suggestion(self):
        self.note.group = self.group
        self.note.save()
        return self._suggested(group=self.group, decision=NEW, went_to=self.group)

    @cached_property
    def vote(self):
        return factories.ActivityFactory(
            workshop=self.room,
            kind="vote",
            title="What first",
            opened_at=THEN,
            dots=3,
            most_on_one=2,
            position=3,
        )

    @cached_property
    def placing(self):
        return factories.ActivityFactory(workshop=self.room, kind="place", title="What’s worth it")

    @cached_property
    def sense(self):
        return factories.ActivityFactory(
            workshop=self.room, kind="sense", round=self.two_voices_open, opened_at=THEN
        )

    @cached_property
    def own_dot(self):
        """On the group, by the guest."""
        return factories.VoteFactory(
            activity=self.vote, group=self.group, voter=self.vote.voter(self.guest)
        )

    @property
    def only_promise(self):
        return Promise.objects.get()

    @property
    def harvested(self):
        return Value.objects.get(text="Plain words")

    # --- reviews

    @cached_property
    def waiting_experiment(self):
        return factories.ExperimentFactory(
            pillar=self.pillar, title="Wait a little", state="waiting for a yes", position=7
        )

    def _answer(self, experiment, **values):
        return factories.AnswerFactory(experiment=experiment, words="Sam agrees", **values)

    @cached_property
    def yes_if(self):
        return self._answer(self.waiting_experiment, kind="yes if")

    @cached_property
    def asked_again(self):
        assert self._answer(self.waiting_experiment, kind="yes if", at=THEN)
        return self.waiting_experiment

    @cached_property
    def begun_move(self):
        self.experiment.state = "trying"
        self.experiment.save()
        assert self._answer(self.experiment, kind="yes if")
        return factories.ExperimentMoveFactory(
            experiment=self.experiment, from_state="waiting for a yes"
        )

    @cached_property
    def promise(self):
        return factories.PromiseFactory(experiment=self.experiment, made_by=self.by)

    @cached_property
    def telling(self):
        self.promise.kept, self.promise.told_at = True, THEN
        self.promise.save()
        return factories.TellingFactory(promise=self.promise)

    @cached_property
    def review(self):
        return factories.ReviewFactory(pillar=self.pillar, words="Sam sees to it")

    @cached_property
    def removed_review(self):
        return factories.ReviewFactory(pillar=self.pillar, removed_at=THEN)

    @cached_property
    def experiment_move(self):
        self.experiment.state = "trying"
        self.experiment.save()
        return factories.ExperimentMoveFactory(experiment=self.experiment)

    # --- learning from experiments

    @cached_property
    def experiment_tried(self):
        return factories.ExperimentFactory(
            pillar=self.pillar, title="Meet less", state="trying", cycle__we_expect="Time"
        )

    @cached_property
    def experiment_decided(self):
        return factories.ExperimentFactory(
            pillar=self.pillar,
            title="Meet weekly",
            state="decided",
            decision="adapt",
            cycle__decision="adapt",
            cycle__decided_at=THEN,
        )

    @cached_property
    def observation(self):
        """By somebody whose name is in it."""
        cycle = self.experiment_tried.cycle
        return factories.ObservationFactory(cycle=cycle, text="Jo Example liked it")

    @cached_property
    def observation_taken_back(self):
        cycle = self.experiment_tried.cycle
        return factories.ObservationFactory(cycle=cycle, removed_at=THEN)

    # --- stories, the facilitators' log and the hand-over

    def _told(self, **values):
        words = {"text": "Jo Example rang", "teller": "Jo Example", "told_by": self.by}
        return factories.StoryFactory(change=self.change, **(words | values))

    @cached_property
    def story(self):
        return self._told()

    @cached_property
    def others_story(self):
        return self._told(told_by=self.user)

    @cached_property
    def shared_story(self):
        return self._told(ring="public")

    @cached_property
    def story_taken_back(self):
        story = self._told(ring="authority")
        story.ring, story.crossing = "team", None
        story.save()
        return story

    @cached_property
    def removed_story(self):
        return self._told(removed_at=THEN, removed_by=self.by)

    @cached_property
    def story_pick(self):
        return factories.StoryPickFactory(story=self.shared_story, panel="Jo Example’s pod")

    @cached_property
    def removed_story_pick(self):
        return factories.StoryPickFactory(story=self.shared_story, removed_at=THEN)

    @cached_property
    def learning_note(self):
        return factories.LearningNoteFactory(
            authority=self.authority, what_we_learned="Ask Jo Example first"
        )

    @cached_property
    def removed_learning_note(self):
        return factories.LearningNoteFactory(authority=self.authority, removed_at=THEN)

    @cached_property
    def partnership_end(self):
        return factories.PartnershipEndFactory(programme=self.programme, ends_on=DAY)

    @cached_property
    def removed_partnership_end(self):
        return factories.PartnershipEndFactory(
            programme=self.programme, ends_on=DAY, removed_at=THEN
        )

    # --- answering surveys

    @cached_property
    def question_asked(self):
        survey = factories.SurveyFactory(programme=self.programme, state="open", title="How are we")
        return factories.QuestionFactory(survey=survey)

    @property
    def asked_survey(self):
        return self.question_asked.survey

    @property
    def sheet(self):
        return Sheet({self.question_asked: Said(option=2)})

    @cached_property
    def survey_with_a_sheet(self):
        """As `take_sheets` leaves it, but for its line of history."""
        voice = f"sheet {NEW} 0"
        survey_answers.answer(survey=self.asked_survey, voice=voice, sheet=self.sheet)
        return self.asked_survey


def _write(s, act):
    return act(activity=s.writing, participant=s.guest, key="key", pk=NEW, text="Too many forms")


def _until(_):
    return {"until": (timezone.localdate() + timedelta(weeks=2)).isoformat()}


def _promised_to(kind: str, row) -> dict[str, str]:
    return {"to": kind, "row": str(row.pk), "day": str(DAY)}


def _address(path: str) -> str:
    return f"https://crescendo.example{path}"


type FromScene = Callable[[Scene], dict[str, Any]]


@dataclass(frozen=True)
class Leaves:
    """One event that an action leaves. `about` is the scene's name of the row, or "result"."""

    verb: str
    about: str
    label: str = ""
    details: FromScene | None = None
    # The scene's name of the place, or "" for an event that belongs to none.
    place: str = "authority"
    actor: str = "by"


@dataclass(frozen=True)
class Row:
    """An action, how it is called in the scene, and what it leaves.

    `call` is given the scene and the action; `by` is the scene's own where it says nothing else.
    """

    action: Callable
    call: Callable
    events: tuple[Leaves, ...]

    @property
    def id(self) -> str:
        verbs = " and ".join(event.verb for event in self.events)
        return f"{self.action.__module__}.{self.action.__name__}: {verbs}"


def row(action: Callable, call: Callable, *events: Leaves) -> Row:
    return Row(action, call, events)


def ids(*rows) -> list[str]:
    return sorted(str(one.pk) for one in rows)


SHARED = "Sections of the impact report"
OWN = {"place": ""}  # about people themselves, wherever they take part
LAID_OUT = {"starts_on": "2026-01-05", "pod_every_weeks": 4}
NO_DATES = {"model": "team-based", "starts_on": None, "ended_on": None}

TABLE = [
    # --- Part C: surveys.actions.published, surveys.actions.looks
    row(
        published.add_published,
        lambda s, act: act(
            programme=s.programme,
            pk=NEW,
            title="Published",
            source="a report",
            people=8,
            told=[published.Told("job satisfaction", "purpose", 6)],
        ),
        Leaves("survey written down", "result", "Published"),
    ),
    row(
        looks.look_at,
        lambda s, act: act(answer=s.comment, look="shown"),
        Leaves("comment shown", "comment"),
    ),
    # --- programmes.actions.addresses
    row(
        addresses.ask,
        lambda s, act: act(to="new@own.example"),
        Leaves("address asked for", "by", **OWN),
    ),
    row(
        addresses.change,
        lambda s, act: act(to="new@own.example"),
        Leaves("address changed", "by", **OWN),
    ),
    # --- programmes.actions.ambition
    row(
        ambition.add,
        lambda s, act: act(programme=s.programme, kind=Principle, text="Curiosity"),
        Leaves("principle added", "result", "Curiosity", lambda s: {"source": "typed"}),
    ),
    row(
        ambition.edit,
        lambda s, act: act(statement=s.value, version=1, text="Honest with families"),
        Leaves("value edited", "value", "Honest with families"),
    ),
    row(
        ambition.edit_barrier,
        lambda s, act: act(
            barrier=s.barrier, version=1, text="Long forms", gift="ours", teams=[s.team]
        ),
        Leaves(
            "barrier edited",
            "barrier",
            "Long forms",
            lambda s: {"gift": "ours", "teams": ids(s.team)},
        ),
    ),
    row(
        ambition.move,
        lambda s, act: act(row=s.after(s.other_value, s.value), places=-1),
        Leaves("value moved", "value", "Honesty", lambda s: {"places": -1}),
    ),
    row(
        ambition.remove,
        lambda s, act: act(statement=s.value),
        Leaves("value removed", "value", "Honesty"),
    ),
    row(
        ambition.put_back,
        lambda s, act: act(statement=s.removed_value),
        Leaves("value put back", "removed_value", "Warmth"),
    ),
    row(
        ambition.merge,
        lambda s, act: act(into=s.value, others=[s.other_value]),
        Leaves("value merged", "value", "Honesty", lambda s: {"others": ids(s.other_value)}),
    ),
    row(
        ambition.unmerge,
        lambda s, act: act(into=s.value, others=[s.merged_value]),
        Leaves("value unmerged", "value", "Honesty", lambda s: {"others": ids(s.merged_value)}),
    ),
    # --- programmes.actions.invitations
    row(
        invitations.invite,
        lambda s, act: act(
            authority=s.authority,
            emails=["someone@own.example"],
            roles=["manager"],
            teams=[s.team],
            address=_address,
        ),
        Leaves(
            "invitation made",
            "result",
            details=lambda s: {"roles": ["manager"], "teams": ids(s.team)},
        ),
    ),
    row(
        invitations.invite,
        lambda s, act: act(
            authority=s.authority,
            emails=[s.invitation_that_ran_out.email],
            roles=["manager"],
            address=_address,
        ),
        Leaves(
            "invitation renewed",
            "invitation_that_ran_out",
            details=lambda s: {"roles": ["manager"], "teams": []},
        ),
    ),
    row(
        invitations.send_again,
        lambda s, act: act(
            invitations=Invitation.objects.filter(pk=s.invitation.pk), address=_address
        ),
        Leaves("invitation sent again", "invitation"),
    ),
    row(
        invitations.withdraw,
        lambda s, act: act(invitation=s.invitation),
        Leaves("invitation withdrawn", "invitation"),
    ),
    row(
        invitations.accept,
        lambda s, act: act(invitation=s.invitation, by=s.stranger),
        Leaves("invitation accepted", "invitation", actor="stranger"),
        Leaves(
            "membership started",
            "result",
            details=lambda s: {"roles": ["manager"], "teams": []},
            actor="stranger",
        ),
    ),
    row(
        invitations.accept,
        lambda s, act: act(invitation=s.invitation_to_the_crescendo_team, by=s.stranger),
        # Written before they are in the Crescendo team; what comes after is theirs as one of it.
        Leaves("invitation accepted", "invitation_to_the_crescendo_team", actor="stranger", **OWN),
        Leaves("crescendo team joined", "stranger", actor="stranger", **OWN),
    ),
    row(
        invitations.accept_as_new_person,
        lambda s, act: act(
            invitation=s.invitation, name="New Example", password=factories.PASSWORD
        ),
        Leaves("account made", "result", actor="result"),
        Leaves("invitation accepted", "invitation", actor="result"),
        Leaves(
            "membership started",
            "result.memberships.get()",
            details=lambda s: {"roles": ["manager"], "teams": []},
            actor="result",
        ),
    ),
    # --- programmes.actions.mails
    row(
        mails.choose,
        lambda s, act: act(choice=s.mails, wanted=False),
        Leaves("mails stopped", "mails", details=lambda s: {"kind": "digest"}),
    ),
    row(
        mails.choose,
        lambda s, act: act(choice=s.stopped_mails, wanted=True),
        Leaves("mails wanted", "stopped_mails", details=lambda s: {"kind": "digest"}),
    ),
    # --- programmes.actions.people
    row(
        people.join,
        lambda s, act: act(
            authority=s.authority, user=s.stranger, roles=["practitioner"], teams=[s.team]
        ),
        Leaves(
            "membership started",
            "result",
            details=lambda s: {"roles": ["practitioner"], "teams": ids(s.team)},
        ),
    ),
    row(
        people.join,
        lambda s, act: act(authority=s.authority, user=s.user, roles=["facilitator"], teams=[]),
        Leaves(
            "membership changed",
            "membership",
            details=lambda s: {"roles": ["facilitator", "practitioner"], "teams": []},
        ),
    ),
    row(
        people.change,
        lambda s, act: act(membership=s.membership, roles=["manager"], teams=[s.team]),
        Leaves(
            "membership changed",
            "membership",
            details=lambda s: {
                "before": {"roles": ["practitioner"], "teams": []},
                "roles": ["manager"],
                "teams": ids(s.team),
            },
        ),
    ),
    row(
        people.end,
        lambda s, act: act(membership=s.membership),
        Leaves("membership ended", "membership"),
    ),
    row(
        people.resume,
        lambda s, act: act(membership=s.ended_membership),
        Leaves("membership resumed", "ended_membership"),
    ),
    row(people.rename, lambda s, act: act(name="Fay Example"), Leaves("name changed", "by", **OWN)),
    row(
        people.join_crescendo_team,
        lambda s, act: act(user=s.user),
        Leaves("crescendo team joined", "user", **OWN),
    ),
    row(
        people.leave_crescendo_team,
        lambda s, act: act(user=s.crescendo),
        Leaves("crescendo team left", "crescendo", **OWN),
    ),
    # --- programmes.actions.places
    row(
        places.add,
        lambda s, act: act(
            name="Third Borough", slug="third", kind="county council", ons_code="E09000030"
        ),
        Leaves(
            "authority added",
            "result",
            "Third Borough",
            lambda s: {"kind": "county council", "ons_code": "E09000030"},
            place="result",
        ),
    ),
    row(
        places.change,
        lambda s, act: act(
            authority=s.authority,
            name="Owned Borough",
            slug="owned",
            kind="county council",
            ons_code="",
        ),
        Leaves(
            "authority changed",
            "authority",
            "Owned Borough",
            lambda s: {"slug": "owned", "kind": "county council", "ons_code": ""},
        ),
    ),
    row(
        places.set_logo,
        lambda s, act: act(authority=s.authority, png=b"a picture"),
        Leaves("logo set", "authority", "Own Borough"),
    ),
    row(
        places.remove_logo,
        lambda s, act: act(authority=s.authority),
        Leaves("logo removed", "authority", "Own Borough"),
    ),
    row(
        places.add_programme,
        lambda s, act: act(
            authority=s.other_authority,
            pk=NEW,
            model="team-based",
            service="New service",
            starts_on=LAUNCH,
        ),
        Leaves(
            "programme added",
            "result",
            "New service, New Borough",
            lambda s: NO_DATES | {"starts_on": "2026-01-05"},
            place="other_authority",
        ),
        Leaves(
            "timeline laid out",
            "result",
            "New service, New Borough",
            lambda s: LAID_OUT,
            place="other_authority",
        ),
    ),
    row(
        places.change_programme,
        lambda s, act: act(programme=s.scoped, version=1, service="Better service"),
        Leaves(
            "programme changed",
            "scoped",
            "Better service, New Borough",
            lambda s: NO_DATES,
            place="other_authority",
        ),
    ),
    row(
        places.end_programme,
        lambda s, act: act(programme=s.dated, on=DAY),
        Leaves(
            "programme ended",
            "dated",
            "Dated service, New Borough",
            lambda s: NO_DATES | {"starts_on": "2026-01-05", "ended_on": "2026-02-02"},
            place="other_authority",
        ),
    ),
    row(
        places.resume_programme,
        lambda s, act: act(programme=s.ended),
        Leaves(
            "programme resumed",
            "ended",
            "Ended service, New Borough",
            lambda s: NO_DATES | {"starts_on": "2026-01-05"},
            place="other_authority",
        ),
    ),
    row(
        places.add_team,
        lambda s, act: act(authority=s.authority, name="South team", pk=NEW),
        Leaves("team added", "result", "South team"),
    ),
    row(
        places.rename_team,
        lambda s, act: act(team=s.team, name="Northern team"),
        Leaves("team renamed", "team", "Northern team"),
    ),
    row(
        places.remove_team,
        lambda s, act: act(team=s.team),
        Leaves("team removed", "team", "North team"),
    ),
    # --- programmes.actions.steps
    row(
        steps.say_done,
        lambda s, act: act(programme=s.programme, step=s.step_not_done.step, said="Agreed"),
        Leaves("step done", "step_not_done", "Making small changes", lambda s: {"step": 2}),
    ),
    row(
        steps.take_done_back,
        lambda s, act: act(programme=s.programme, step=s.step_done.step),
        Leaves("step done taken back", "step_done", "Setting our ambition", lambda s: {"step": 1}),
    ),
    row(
        steps.go_back,
        lambda s, act: act(programme=s.programme, step=s.step_done.step, why="More to say"),
        Leaves("step gone back to", "step_done", "Setting our ambition", lambda s: {"step": 1}),
    ),
    row(
        steps.take_return_back,
        lambda s, act: act(learned=s.learned),
        Leaves(
            "step return taken back", "step_not_done", "Making small changes", lambda s: {"step": 2}
        ),
    ),
    # --- programmes.actions.timeline
    row(
        timeline.lay_out,
        lambda s, act: act(programme=s.dated),
        Leaves(
            "timeline laid out",
            "dated",
            "Dated service, New Borough",
            lambda s: LAID_OUT,
            place="other_authority",
        ),
    ),
    row(
        timeline.move,
        lambda s, act: act(milestone=s.launch, on=DAY, place="Town Hall"),
        Leaves(
            "date moved",
            "launch",
            "Launch",
            lambda s: {"before": "2026-01-05", "after": "2026-02-02"},
        ),
    ),
    row(
        timeline.put_back,
        lambda s, act: act(milestone=s.moved),
        Leaves(
            "date put back",
            "moved",
            "Ambition workshop: vision and barriers",
            lambda s: {"before": "2026-02-02", "after": "2026-01-05"},
        ),
    ),
    row(
        timeline.drop_pod,
        lambda s, act: act(pod=Milestone.objects.get(pk=s.pod.pk)),
        Leaves("pod dropped", "pod", "Learning pod 9", lambda s: {"on": "2026-02-02"}),
    ),
    row(
        timeline.keep_pod,
        lambda s, act: act(programme=s.programme, number=8, on=DAY, place="Town Hall"),
        Leaves("pod kept", "result", "Learning pod 8", lambda s: {"on": "2026-02-02"}),
    ),
    # --- smallchanges.actions.asks
    row(
        changes.add_ask,
        lambda s, act: act(change=s.change, pk=NEW, member=s.manager, what="Ask Marcia Example"),
        Leaves("ask added", "result"),
    ),
    row(
        changes.edit_ask,
        lambda s, act: act(ask=s.ask, version=1, what="Ask Marcia Example again"),
        Leaves("ask edited", "ask"),
    ),
    row(changes.remove_ask, lambda s, act: act(ask=s.ask), Leaves("ask removed", "ask")),
    row(
        changes.put_back_ask,
        lambda s, act: act(ask=s.ask_taken_back),
        Leaves("ask put back", "ask_taken_back"),
    ),
    row(
        changes.answer_ask,
        lambda s, act: act(ask=s.ask, pk=NEW, kind="yes if", words="Marcia Example agrees", seen=1),
        Leaves("ask answered", "ask", details=lambda s: {"kind": "yes if"}),
    ),
    row(
        changes.answer_ask,
        lambda s, act: act(
            ask=s.ask,
            pk=NEW,
            kind="passed on",
            seen=1,
            name="Tom Example",
            email="tom@elsewhere.example",
        ),
        Leaves("ask passed on", "ask", details=lambda s: {"kind": "passed on"}),
    ),
    row(
        changes.release_ask,
        lambda s, act: act(ask=s.promised_ask, released=True),
        Leaves("ask released", "promised_ask"),
    ),
    row(
        changes.release_ask,
        lambda s, act: act(ask=s.released_ask, released=False),
        Leaves("ask not released", "released_ask"),
    ),
    row(
        changes.send_link_again,
        lambda s, act: act(link=s.old_link, ask=s.ask),
        Leaves("ask link sent again", "ask"),
    ),
    row(
        changes.remind,
        lambda s, act: act(ask=s.ask, due_at=THEN, now=THEN),
        Leaves("ask reminded", "ask"),
    ),
    row(
        changes.suggest_chat,
        lambda s, act: act(ask=s.reminded_ask, due_at=THEN, now=THEN),
        Leaves("chat about an ask suggested", "reminded_ask"),
    ),
    # --- smallchanges.actions
    row(
        changes.add_change,
        lambda s, act: act(
            programme=s.programme, pk=NEW, strand=s.strand, teams=[s.team], title="Meet outside"
        ),
        Leaves("change added", "result", "Meet outside"),
    ),
    row(
        changes.edit_change,
        lambda s, act: act(change=s.change, version=1, strand=None, teams=[], title="Walk more"),
        Leaves("change edited", "change", "Walk more"),
    ),
    row(
        changes.move,
        lambda s, act: act(change=s.change, stage="grow", status="in progress", why="It works"),
        Leaves(
            "change moved",
            "change",
            "Walk and talk",
            lambda s: {
                "from_stage": "mission",
                "to_stage": "grow",
                "from_status": "chosen",
                "to_status": "in progress",
            },
        ),
    ),
    row(
        changes.undo_move,
        lambda s, act: act(last=s.passage),
        Leaves(
            "change moved",
            "change",
            "Walk and talk",
            lambda s: {
                "from_stage": "develop",
                "to_stage": "mission",
                "from_status": "chosen",
                "to_status": "chosen",
            },
        ),
    ),
    row(
        changes.share_update_by_mail,
        lambda s, act: act(
            link=s.mailed_link, change=s.moved_on_change, pk=NEW, text="It works", stage="mission"
        ),
        Leaves("update shared", "result"),
    ),
    row(
        changes.move_together,
        lambda s, act: act(
            authority=s.authority, pk=NEW, changes=[s.change], stage="grow", status="", why=""
        ),
        Leaves(
            "change moved",
            "change",
            "Walk and talk",
            lambda s: {
                "from_stage": "mission",
                "to_stage": "grow",
                "from_status": "chosen",
                "to_status": "chosen",
            },
        ),
    ),
    row(
        changes.undo_together,
        lambda s, act: act(joint=s.joint),
        Leaves(
            "change moved",
            "change",
            "Walk and talk",
            lambda s: {
                "from_stage": "develop",
                "to_stage": "mission",
                "from_status": "chosen",
                "to_status": "chosen",
            },
        ),
    ),
    row(
        changes.share_update,
        lambda s, act: act(change=s.change, pk=NEW, text="It works", stage="mission"),
        Leaves("update shared", "result"),
        Leaves(
            "change moved",
            "change",
            "Walk and talk",
            lambda s: {
                "from_stage": "mission",
                "to_stage": "mission",
                "from_status": "chosen",
                "to_status": "in progress",
            },
        ),
    ),
    row(
        changes.add_step,
        lambda s, act: act(
            change=s.change, pk=NEW, text="Ring them", owner=s.membership, due_on=DAY
        ),
        Leaves("step added", "result", "Ring them"),
    ),
    row(
        changes.edit_step,
        lambda s, act: act(
            step=s.step, version=1, text="Ask both schools", owner=s.membership, due_on=DAY
        ),
        Leaves("step edited", "step", "Ask both schools"),
    ),
    row(
        changes.tick_step,
        lambda s, act: act(step=s.step, done=True),
        Leaves("step done", "step", "Ask the school"),
    ),
    row(
        changes.tick_step,
        lambda s, act: act(step=s.step_ticked, done=False),
        Leaves("step reopened", "step_ticked", "Buy shoes"),
    ),
    row(
        changes.order,
        lambda s, act: act(row=s.after(s.other_step, s.step), places=-1),
        Leaves("step ordered", "step", "Ask the school", lambda s: {"places": -1}),
    ),
    row(
        changes.add_stakeholder,
        lambda s, act: act(change=s.change, pk=NEW, who="Jo Example", stance="unsure"),
        Leaves("stakeholder added", "result", details=lambda s: {"stance": "unsure"}),
    ),
    row(
        changes.edit_stakeholder,
        lambda s, act: act(stakeholder=s.stakeholder, version=1, stance="on board"),
        Leaves(
            "stance moved",
            "stakeholder",
            details=lambda s: {"from_stance": "not asked", "to_stance": "on board"},
        ),
        Leaves("stakeholder edited", "stakeholder", details=lambda s: {"stance": "on board"}),
    ),
    row(
        changes.move_stance,
        lambda s, act: act(stakeholder=s.stakeholder, stance="unsure", why="Jo Example asked"),
        Leaves(
            "stance moved",
            "stakeholder",
            details=lambda s: {"from_stance": "not asked", "to_stance": "unsure"},
        ),
    ),
    row(
        changes.undo_stance,
        lambda s, act: act(moved=s.stance_move),
        Leaves("stance move taken back", "stakeholder", details=lambda s: {"to_stance": "unsure"}),
    ),
    row(
        changes.add_measure,
        lambda s, act: act(
            change=s.change,
            pk=NEW,
            what="Letters a week",
            unit="",
            better="lower",
            baseline=None,
            baseline_on=None,
            target=None,
        ),
        Leaves("measure added", "result", "Letters a week", lambda s: {"better": "lower"}),
    ),
    row(
        changes.edit_measure,
        lambda s, act: act(measure=s.measure, version=1, what="Calls", better="higher"),
        Leaves("measure edited", "measure", "Calls", lambda s: {"better": "higher"}),
    ),
    row(
        changes.add_reading,
        lambda s, act: act(measure=s.measure, pk=NEW, on=DAY, value=9, note="Jo Example was in"),
        Leaves(
            "reading added",
            "measure",
            "Calls a day",
            lambda s: {"reading": str(NEW), "on": DAY.isoformat()},
        ),
    ),
    row(
        changes.remove_from_plan,
        lambda s, act: act(row=s.reading),
        Leaves("reading removed", "reading", "14 on 2 February 2026"),
    ),
    # Never what was said, nor of which week.
    row(
        changes.say_time_back,
        lambda s, act: act(change=s.change, member=s.membership, gives_back="1 to 3"),
        Leaves("time back told", "change", "Walk and talk"),
    ),
    row(
        changes.take_back_time_back,
        lambda s, act: act(change=s.own_time_back.change, member=s.membership),
        Leaves("time back taken back", "change", "Walk and talk"),
    ),
    row(
        changes.add_met,
        lambda s, act: act(change=s.change, pk=NEW, kind=Met.Kind.ENABLER, text="Kind heads"),
        Leaves("met added", "result", "Kind heads", lambda s: {"kind": "enabler"}),
    ),
    row(
        changes.remove_from_plan,
        lambda s, act: act(row=s.step),
        Leaves("step removed", "step", "Ask the school"),
    ),
    row(
        changes.put_back_in_plan,
        lambda s, act: act(row=s.met),
        Leaves("met put back", "met", "No time"),
    ),
    # --- shares and seeds
    row(
        changes.write_share,
        lambda s, act: act(change=s.change, version=0, **WORDS_FOR_OTHERS),
        Leaves("share prepared", "result", "Walk outside"),
    ),
    row(
        changes.write_share,
        lambda s, act: act(change=s.draft.change, version=1, **WORDS_FOR_OTHERS),
        Leaves("share edited", "draft", "Walk outside"),
    ),
    row(
        changes.ask_about_share,
        lambda s, act: act(share=s.draft),
        Leaves("share asked about", "draft", "Take turns", lambda s: {"people": 1}),
    ),
    row(
        changes.answer_share,
        lambda s, act: act(share=s.asked, membership=s.membership, says="yes", why=""),
        Leaves("share answered", "result", details=lambda s: {"says": "yes"}),
    ),
    row(
        changes.answer_share,
        lambda s, act: act(
            share=s.open_words, membership=s.membership, says="not yet", why="Too long"
        ),
        Leaves("share taken back", "open_words", "Take turns"),
        Leaves("share answered", "result", details=lambda s: {"says": "not yet"}),
    ),
    row(
        changes.open_share,
        lambda s, act: act(share=s.asked),
        Leaves("share opened", "asked", "Take turns"),
    ),
    row(
        changes.take_back_share,
        lambda s, act: act(share=s.open_words),
        Leaves("share taken back", "open_words", "Take turns"),
    ),
    row(
        changes.take_back_share,
        lambda s, act: act(share=s.asked),
        Leaves("share put aside", "asked", "Take turns"),
    ),
    row(
        changes.put_back_share,
        lambda s, act: act(share=s.taken_back),
        Leaves("share put back", "taken_back", "Take turns"),
    ),
    row(
        changes.take_seed,
        lambda s, act: act(
            share=s.words_of_others.pk,
            programme=s.programme,
            pk=NEW,
            title="Walk elsewhere",
            purpose="",
            strand=None,
            tells=True,
            whose_yes="",
            starting_point="We sit",
            what_differs="It rains",
        ),
        Leaves("change added", "result.change", "Walk elsewhere"),
        Leaves("seed taken", "result", details=lambda s: {"tells": True}),
    ),
    row(
        changes.edit_seed,
        lambda s, act: act(seed=s.seed, version=1, tells=True, told="It grows"),
        Leaves("seed edited", "seed", details=lambda s: {"tells": True}),
    ),
    row(
        changes.add_rule,
        lambda s, act: act(authority=s.authority, pk=NEW, text="Sam Example says no"),
        Leaves("rule added", "result"),
    ),
    row(
        changes.edit_rule,
        lambda s, act: act(rule=s.rule, version=1, text="No texting"),
        Leaves("rule edited", "rule"),
    ),
    row(changes.remove_rule, lambda s, act: act(rule=s.rule), Leaves("rule removed", "rule")),
    row(
        changes.put_back_rule,
        lambda s, act: act(rule=s.rule_taken_away),
        Leaves("rule put back", "rule_taken_away"),
    ),
    row(
        changes.set_checker,
        lambda s, act: act(rule=s.rule, checker=s.membership),
        Leaves(
            "rule taken on to check",
            "rule",
            details=lambda s: {"checker": str(s.membership.pk)},
        ),
    ),
    row(
        changes.set_checker,
        lambda s, act: act(rule=s.rule_being_checked, checker=None),
        Leaves("rule left for others to check", "rule_being_checked"),
    ),
    row(
        changes.settle_rule,
        lambda s, act: act(
            rule=s.rule, pk=NEW, kind="myth", found="Asked", source="", may_do="Text", seen=None
        ),
        Leaves("rule checked", "rule", details=lambda s: {"verdict": "myth"}),
    ),
    row(
        changes.take_back_verdict,
        lambda s, act: act(verdict=s.rule_checked.verdict),
        Leaves("verdict taken back", "rule", details=lambda s: {"verdict": "local policy"}),
    ),
    row(
        changes.add_clue,
        lambda s, act: act(rule=s.rule, pk=NEW, text="Ask Jo Example"),
        Leaves("clue added", "result"),
    ),
    row(changes.remove_clue, lambda s, act: act(clue=s.clue), Leaves("clue removed", "clue")),
    row(
        changes.put_back_clue,
        lambda s, act: act(clue=s.clue_taken_away),
        Leaves("clue put back", "clue_taken_away"),
    ),
    # Who cheered what is nobody's entry.
    row(changes.cheer, lambda s, act: act(thing=s.change, is_on=True)),
    row(
        changes.thank,
        lambda s, act: act(
            change=s.change, pk=NEW, value=s.value, to_whom="Jo", text="Thanks", is_named=True
        ),
        Leaves("thank-you said", "result"),
    ),
    row(
        changes.remove_thanks,
        lambda s, act: act(thanks=s.thanks),
        Leaves("thank-you removed", "thanks"),
    ),
    row(
        changes.put_back_thanks,
        lambda s, act: act(thanks=s.thanks_taken_away),
        Leaves("thank-you put back", "thanks_taken_away"),
    ),
    row(
        changes.add_strand,
        lambda s, act: act(
            programme=s.programme, pk=NEW, title="Talk", about="More of it", barriers=[s.barrier]
        ),
        Leaves("strand added", "result", "Talk"),
    ),
    row(
        changes.edit_strand,
        lambda s, act: act(
            strand=s.strand,
            version=1,
            title="Time together",
            about="More of it",
            barriers=[s.barrier],
        ),
        Leaves("strand edited", "strand", "Time together"),
    ),
    row(
        changes.order,
        lambda s, act: act(row=s.after(s.other_strand, s.strand), places=-1),
        Leaves("strand ordered", "strand", "Time", lambda s: {"places": -1}),
    ),
    row(
        changes.remove_strand,
        lambda s, act: act(strand=s.strand),
        Leaves("strand removed", "strand", "Time"),
    ),
    row(
        changes.put_back_strand,
        lambda s, act: act(strand=s.removed_strand),
        Leaves("strand put back", "removed_strand", "Tools"),
    ),
    # --- smallchanges.actions.joining
    row(
        changes.join,
        lambda s, act: act(into=s.change, others=[s.twin]),
        Leaves("change joined", "change", "Walk and talk", lambda s: {"others": [str(s.twin.pk)]}),
    ),
    row(
        changes.join,
        lambda s, act: act(into=s.strand, others=[s.other_strand]),
        Leaves("strand joined", "strand", "Time", lambda s: {"others": [str(s.other_strand.pk)]}),
    ),
    row(
        changes.take_apart,
        lambda s, act: act(into=s.change, others=[s.joined_change]),
        Leaves(
            "change taken apart",
            "change",
            "Walk and talk",
            lambda s: {"others": [str(s.joined_change.pk)]},
        ),
    ),
    row(
        changes.split_change,
        lambda s, act: act(
            change=s.change, pk=NEW, title="Talk", purpose="", steps=[], met=[], asks=[]
        ),
        Leaves("change split", "change", "Walk and talk", lambda s: {"new": str(NEW)}),
    ),
    row(
        changes.split_strand,
        lambda s, act: act(
            strand=s.strand, pk=NEW, title="Talk", about="", changes=[], barriers=[s.barrier]
        ),
        Leaves("strand split", "strand", "Time", lambda s: {"new": str(NEW)}),
    ),
    row(
        changes.undo_split,
        lambda s, act: act(new=s.offshoot),
        Leaves(
            "change split undone",
            "change",
            "Walk and talk",
            lambda s: {"new": str(s.offshoot_pk)},
        ),
    ),
    # --- smallchanges.actions.inbox
    row(
        inbox.offer,
        lambda s, act: act(
            authority=s.authority, pk=NEW, kind="idea", text="Shorter forms", reply="link"
        ),
    ),
    row(
        inbox.offer_named,
        lambda s, act: act(authority=s.authority, pk=NEW, kind="barrier", text="Long forms"),
        Leaves("offered", "result", details=lambda s: {"kind": "barrier"}),
    ),
    row(
        inbox.offer_by_mail,
        lambda s, act: act(
            authority=s.authority,
            kind="idea",
            text="Shorter forms",
            email="jo@council.example",
            message_digest="one",
            sender_digest="jo",
        ),
    ),
    row(
        inbox.set_up,
        lambda s, act: act(
            authority=s.authority, version=1, is_open=True, most_waiting=5, answers_within=3
        ),
        Leaves(
            "inbox set up",
            "result",
            "Inbox of Own Borough",
            lambda s: {"is_open": True, "most_waiting": 5, "answers_within": 3},
        ),
    ),
    row(
        inbox.renew_link,
        lambda s, act: act(authority=s.authority, seen=""),
        Leaves("inbox link renewed", "result", "Inbox of Own Borough"),
    ),
    row(
        inbox.show,
        lambda s, act: act(offered=s.offered_held),
        Leaves("offered shown", "offered_held"),
    ),
    row(
        inbox.tidy,
        lambda s, act: act(offered=s.offered_held, version=1, text="Nobody is named"),
        Leaves("offered tidied", "offered_held"),
    ),
    row(inbox.remove, lambda s, act: act(offered=s.offered), Leaves("offered removed", "offered")),
    row(
        inbox.put_back_offered,
        lambda s, act: act(offered=s.offered_removed),
        Leaves("offered put back", "offered_removed"),
    ),
    row(
        inbox.answer,
        lambda s, act: act(offered=s.offered, state="not now", words="No money this year"),
        Leaves("offered answered", "offered", details=lambda s: {"state": "not now"}),
    ),
    row(
        inbox.answer_as_barrier,
        lambda s, act: act(
            offered=s.offered,
            programme=s.programme,
            pk=NEW,
            text="Long forms",
            known=None,
            words="",
        ),
        Leaves("barrier added", "offered_barrier", "Long forms", lambda s: {"source": "typed"}),
        Leaves("offered answered", "offered", details=lambda s: {"state": "barrier"}),
    ),
    row(
        inbox.answer_as_change,
        lambda s, act: act(
            offered=s.offered,
            programme=s.programme,
            pk=NEW,
            title="One form for all",
            purpose="",
            strand=None,
            why="",
            known=None,
            words="",
        ),
        Leaves("change added", "offered_change", "One form for all"),
        Leaves("offered answered", "offered", details=lambda s: {"state": "change"}),
    ),
    row(
        inbox.answer_as_ask,
        lambda s, act: act(
            offered=s.offered,
            change=s.change,
            member=s.manager,
            what="Ask Marcia Example",
            words="We ask for it",
        ),
        Leaves("ask added", "offered_ask"),
        Leaves("offered answered", "offered", details=lambda s: {"state": "ask"}),
    ),
    row(
        inbox.take_answer_back,
        lambda s, act: act(offered=s.offered_answered),
        Leaves("offered answer taken back", "offered_answered"),
    ),
    row(
        inbox.take_answer_back,
        lambda s, act: act(offered=s.offered_asked),
        Leaves("offered answer taken back", "offered_asked"),
        Leaves("ask removed", "ask"),
    ),
    row(
        inbox.forget,
        lambda s, act: act(authority=s.offered_removed.authority, now=SOON),
        Leaves(
            "inbox forgot",
            "inbox",
            "Inbox of Own Borough",
            lambda s: {"people": 0, "removed": 1, "mails": 0, "stirred": 0},
        ),
    ),
    # --- blueprints.actions
    row(
        blueprints.begin,
        lambda s, act: act(programme=s.programme),
        Leaves("blueprint begun", "result", "Blueprint of Own Borough"),
    ),
    row(
        blueprints.word_focus,
        lambda s, act: act(blueprint=s.blueprint, version=1, focus="Early help"),
        Leaves("focus worded", "blueprint", "Blueprint of Own Borough"),
    ),
    row(
        blueprints.write_line,
        lambda s, act: act(kind=Need, blueprint=s.blueprint, pk=NEW, text="A wall"),
        Leaves("need written", "result", "A wall"),
    ),
    row(
        blueprints.reword_line,
        lambda s, act: act(line=s.commitment, version=1, text="Practice first"),
        Leaves("commitment reworded", "commitment", "Practice first"),
    ),
    row(
        blueprints.write_insight,
        lambda s, act: act(
            programme=s.programme,
            pk=NEW,
            changes=[s.change],
            text="Trust speeds things up",
            kind="enabler",
            sits_in="culture",
        ),
        Leaves(
            "insight written",
            "result",
            "Trust speeds things up",
            lambda s: {"kind": "enabler", "changes": ids(s.change)},
        ),
    ),
    row(
        blueprints.reword_insight,
        lambda s, act: act(insight=s.insight, version=1, changes=[s.change], text="Time is short"),
        Leaves(
            "insight reworded",
            "insight",
            "Time is short",
            lambda s: {"kind": "barrier", "changes": ids(s.change)},
        ),
    ),
    row(
        blueprints.link_evidence,
        lambda s, act: act(insight=s.insight, evidence={"ask": [s.ask], "met": [s.met]}),
        Leaves(
            "evidence linked",
            "insight",
            "Time is not protected",
            lambda s: {"ask": ids(s.ask), "met": ids(s.met)},
        ),
    ),
    row(
        blueprints.unlink_evidence,
        lambda s, act: act(insight=s.evidence.insight, evidence=[s.evidence.pk]),
        Leaves(
            "evidence unlinked",
            "insight",
            "Time is not protected",
            lambda s: {"rule": ids(s.rule)},
        ),
    ),
    row(
        blueprints.write_pillar,
        lambda s, act: act(
            blueprint=s.blueprint,
            pk=NEW,
            insights=[s.insight],
            title="People",
            sponsor=s.manager,
            practitioner_lead=s.membership,
        ),
        Leaves(
            "pillar written",
            "result",
            "People",
            lambda s: {
                "sponsor": str(s.manager.pk),
                "practitioner_lead": str(s.membership.pk),
                "insights": ids(s.insight),
            },
        ),
    ),
    row(
        blueprints.reword_pillar,
        lambda s, act: act(pillar=s.pillar, version=1, insights=[], title="Good partners"),
        Leaves(
            "pillar reworded",
            "pillar",
            "Good partners",
            lambda s: {"sponsor": str(s.manager.pk), "insights": []},
        ),
    ),
    row(
        blueprints.remove_pillar,
        lambda s, act: act(pillar=s.experiment.pillar, experiments=1),
        Leaves("pillar removed", "pillar", "Partners", lambda s: {"experiments": 1}),
    ),
    row(
        blueprints.put_back_pillar,
        lambda s, act: act(pillar=s.removed_pillar),
        Leaves("pillar put back", "removed_pillar", "Places", lambda s: {"experiments": 1}),
    ),
    row(
        blueprints.reword_pillar,
        lambda s, act: act(pillar=s.pillar, version=1, insights=[], aims=[s.aim], title="Good"),
        Leaves(
            "pillar reworded",
            "pillar",
            "Good",
            lambda s: {"sponsor": str(s.manager.pk), "insights": [], "aims": ids(s.aim)},
        ),
    ),
    row(
        blueprints.write_aim,
        lambda s, act: act(
            programme=s.programme, pk=NEW, pillars=[s.pillar], code="2.4", title="Short waits"
        ),
        Leaves("aim written", "result", "2.4 Short waits", lambda s: {"pillars": ids(s.pillar)}),
    ),
    row(
        blueprints.write_aims,
        lambda s, act: act(programme=s.programme, pk=NEW, lines=[("2.4", "Short waits")]),
        Leaves("aim written", "result", "2.4 Short waits", lambda s: {"pillars": []}),
    ),
    row(
        blueprints.reword_aim,
        lambda s, act: act(aim=s.aim, version=1, pillars=[s.pillar], title="Help early"),
        Leaves("aim reworded", "aim", "2.3 Help early", lambda s: {"pillars": ids(s.pillar)}),
    ),
    row(
        blueprints.write_experiment,
        lambda s, act: act(pillar=s.pillar, pk=NEW, title="Meet weekly"),
        Leaves(
            "experiment written", "result", "Meet weekly", lambda s: {"pillar": str(s.pillar.pk)}
        ),
    ),
    row(
        blueprints.reword_experiment,
        lambda s, act: act(
            experiment=s.experiment, version=1, pillar=s.other_pillar, title="Meet less"
        ),
        Leaves(
            "experiment reworded",
            "experiment",
            "Meet less",
            lambda s: {"pillar": str(s.other_pillar.pk)},
        ),
    ),
    row(
        blueprints.move_experiment,
        lambda s, act: act(
            experiment=s.experiment, state="decided", decision="adopt", why="People liked it"
        ),
        Leaves(
            "experiment moved",
            "experiment",
            "Take turns",
            lambda s: {"from_state": "idea", "to_state": "decided", "decision": "adopt"},
        ),
    ),
    row(
        blueprints.move_back,
        lambda s, act: act(move=s.experiment_move),
        Leaves(
            "experiment moved",
            "experiment",
            "Take turns",
            lambda s: {"from_state": "trying", "to_state": "idea", "decision": ""},
        ),
    ),
    row(
        blueprints.observe,
        lambda s, act: act(experiment=s.experiment_tried, pk=NEW, text="Jo Example liked it"),
        Leaves(
            "cycle sealed",
            "experiment_tried",
            "Meet less",
            lambda s: {"number": 1},
        ),
        Leaves(
            "observation written",
            "result",
            details=lambda s: {"experiment": str(s.experiment_tried.pk)},
        ),
    ),
    row(
        blueprints.take_back_observation,
        lambda s, act: act(observation=s.observation),
        Leaves("observation taken back", "observation"),
    ),
    row(
        blueprints.put_back_observation,
        lambda s, act: act(observation=s.observation_taken_back),
        Leaves("observation put back", "observation_taken_back"),
    ),
    row(
        blueprints.say_surprise,
        lambda s, act: act(experiment=s.experiment_decided, surprised_us="Jo Example did"),
        Leaves(
            "cycle reworded",
            "experiment_decided",
            "Meet weekly",
            lambda s: {"number": 1},
        ),
    ),
    row(
        blueprints.begin_cycle,
        lambda s, act: act(experiment=s.experiment_decided, pk=NEW, state="trying"),
        Leaves(
            "cycle begun",
            "experiment_decided",
            "Meet weekly",
            lambda s: {"number": 2},
        ),
        Leaves(
            "experiment moved",
            "experiment_decided",
            "Meet weekly",
            lambda s: {"from_state": "decided", "to_state": "trying", "decision": ""},
        ),
    ),
    row(
        blueprints.order,
        lambda s, act: act(row=s.after(s.other_pillar, s.pillar), places=-1),
        Leaves("pillar ordered", "pillar", "Partners", lambda s: {"places": -1}),
    ),
    row(
        blueprints.remove,
        lambda s, act: act(row=s.experiment),
        Leaves("experiment removed", "experiment", "Take turns"),
    ),
    row(
        blueprints.put_back, lambda s, act: act(row=s.need), Leaves("need put back", "need", "Time")
    ),
    # --- blueprints.actions.voices
    row(
        blueprints.open_round,
        lambda s, act: act(
            programme=s.programme,
            pk=NEW,
            question="What helps",
            closes_on=DAY,
            things={"change": [s.change]},
        ),
        Leaves("two voices opened", "result", "What helps", lambda s: {"closes_on": str(DAY)}),
    ),
    row(
        blueprints.edit_round,
        lambda s, act: act(placing=s.two_voices, version=1, things={"change": [s.change]}),
        Leaves("two voices edited", "two_voices", "What helps", lambda s: {"closes_on": str(DAY)}),
    ),
    row(
        blueprints.place,
        lambda s, act: act(
            placing=s.two_voices_open,
            who="member 1",
            voice="leader",
            answers={
                factories.PlacedThingFactory(round=s.two_voices_open, change=s.change).pk: (1, 5)
            },
        ),
    ),
    row(
        blueprints.close_round,
        lambda s, act: act(placing=s.two_voices),
        Leaves("two voices closed", "two_voices", "What helps"),
    ),
    row(
        voices.speak,
        lambda s, act: act(
            activity=s.sense,
            participant=s.guest,
            placing=s.sense.round,
            who="guest 1",
            voice="leader",
            answers={},
        ),
    ),
    # --- blueprints.actions.partners
    row(
        partners.give_link,
        lambda s, act: act(
            authority=s.authority, pk=NEW, for_whom="Partners", lasts=timedelta(weeks=2)
        ),
        Leaves("partner link given", "result", details=_until),
    ),
    row(
        partners.take_back_link,
        lambda s, act: act(link=s.partner_link),
        Leaves("partner link taken back", "partner_link"),
    ),
    row(
        partners.give_back_link,
        lambda s, act: act(link=s.revoked_link),
        Leaves("partner link given back", "revoked_link"),
    ),
    # --- impact.actions.feeds
    row(
        feeds.give_key,
        lambda s, act: act(
            authority=s.authority,
            pk=NEW,
            for_whom="Performance team",
            scopes=["changes"],
            lasts=timedelta(weeks=2),
        ),
        Leaves(
            "feed key given",
            "given_feed_key",
            details=lambda s: {
                "scopes": ["changes"],
                "until": timezone.localdate(s.given_feed_key.expires_at).isoformat(),
            },
        ),
    ),
    row(
        feeds.take_back_key,
        lambda s, act: act(key=s.feed_key),
        Leaves("feed key taken back", "feed_key"),
    ),
    # --- the impact report: impact.actions.reports and impact.actions.sharing
    row(
        impact_reports.draft_report,
        lambda s, act: act(programme=s.programme, pk=NEW),
        Leaves("report drafted", "result", "Impact report, version 1"),
    ),
    row(
        impact_reports.publish_report,
        lambda s, act: act(report=s.report, version=1, title="Our report", why=""),
        Leaves("report published", "report", "Impact report, version 2"),
    ),
    row(
        impact_reports.withdraw_report,
        lambda s, act: act(report=s.report),
        Leaves("report withdrawn", "report", "Impact report, version 2"),
    ),
    row(
        impact_reports.put_back_report,
        lambda s, act: act(report=s.withdrawn_report),
        Leaves("report put back", "withdrawn_report", "Impact report, version 3"),
    ),
    row(
        impact_reports.choose_section,
        lambda s, act: act(section=s.report_section_left_out, is_in=True),
        Leaves(
            "report section chosen",
            "report_section_left_out",
            "What turned out to be in our gift",
            lambda s: {"is_in": True},
        ),
    ),
    row(
        impact_reports.order_section,
        lambda s, act: act(row=s.after(s.report_section_left_out, s.report_section), places=-1),
        Leaves("report section ordered", "report_section", "Small changes"),
    ),
    row(
        impact_reports.add_sentence,
        lambda s, act: act(section=s.report_section, pk=NEW, text="We were proud."),
        Leaves("report sentence added", "result"),
    ),
    row(
        impact_reports.reword_sentence,
        lambda s, act: act(sentence=s.report_sentence, version=1, text="We were proud."),
        Leaves("report sentence reworded", "report_sentence"),
    ),
    row(
        impact_reports.take_sentence,
        lambda s, act: act(
            section=s.after(s.moved_on_change, s.report_section), key="changes:counts"
        ),
        Leaves("report sentence taken from the data", "result"),
    ),
    row(
        impact_reports.unsay_sentence,
        lambda s, act: act(sentence=s.reworded_sentence),
        Leaves("report sentence brought back", "reworded_sentence"),
    ),
    row(
        impact_reports.remove_sentence,
        lambda s, act: act(sentence=s.report_sentence),
        Leaves("report sentence removed", "report_sentence"),
    ),
    row(
        impact_reports.put_back_sentence,
        lambda s, act: act(sentence=s.removed_sentence),
        Leaves("report sentence put back", "removed_sentence"),
    ),
    row(
        impact_sharing.share_report,
        lambda s, act: act(report=s.published_report, pk=NEW, keys=["people"]),
        Leaves(
            "report shared",
            "result",
            SHARED,
            details=lambda s: {"sections": ["people"], "version": 1},
        ),
    ),
    row(
        impact_sharing.take_back_share,
        lambda s, act: act(share=s.report_share),
        Leaves("report share taken back", "report_share", SHARED),
    ),
    row(
        impact_sharing.give_back_share,
        lambda s, act: act(share=s.share_taken_back),
        Leaves("report shared again", "share_taken_back", SHARED),
    ),
    # --- blueprints.actions.reviews
    row(
        blueprints.answer_experiment,
        lambda s, act: act(
            experiment=s.waiting_experiment,
            pk=NEW,
            kind="not yet",
            words="Marcia Example is away",
            seen=1,
            promise={"what": "Ask Marcia Example", "by_when": DAY},
        ),
        Leaves(
            "experiment moved",
            "waiting_experiment",
            "Wait a little",
            lambda s: {"from_state": "waiting for a yes", "to_state": "idea", "decision": ""},
        ),
        Leaves(
            "experiment answered",
            "result",
            details=lambda s: {"kind": "not yet", "experiment": str(s.waiting_experiment.pk)},
        ),
        Leaves(
            "promise made",
            "only_promise",
            details=lambda s: _promised_to("experiment", s.waiting_experiment),
        ),
    ),
    row(
        blueprints.take_back_answer,
        lambda s, act: act(answer=s.yes_if),
        Leaves(
            "answer taken back",
            "yes_if",
            details=lambda s: {"kind": "yes if", "experiment": str(s.waiting_experiment.pk)},
        ),
    ),
    row(
        blueprints.begin_answered,
        lambda s, act: act(experiment=s.yes_if.experiment),
        Leaves(
            "experiment moved",
            "waiting_experiment",
            "Wait a little",
            lambda s: {"from_state": "waiting for a yes", "to_state": "trying", "decision": ""},
        ),
        Leaves("experiment begun after a yes if", "waiting_experiment", "Wait a little"),
    ),
    row(
        blueprints.take_back_begun,
        lambda s, act: act(move=s.begun_move),
        Leaves(
            "experiment moved",
            "experiment",
            "Take turns",
            lambda s: {"from_state": "trying", "to_state": "waiting for a yes", "decision": ""},
        ),
        Leaves("experiment not begun after all", "experiment", "Take turns"),
    ),
    row(
        blueprints.ask_again,
        lambda s, act: act(experiment=s.yes_if.experiment),
        Leaves("experiment asked again", "waiting_experiment", "Wait a little"),
    ),
    row(
        blueprints.take_back_ask_again,
        lambda s, act: act(experiment=s.asked_again),
        Leaves("experiment not asked again", "waiting_experiment", "Wait a little"),
    ),
    row(
        blueprints.make_promise,
        lambda s, act: act(pk=NEW, pillar=s.pillar, what="Ask Marcia Example", by_when=DAY),
        Leaves("promise made", "result", details=lambda s: _promised_to("pillar", s.pillar)),
    ),
    row(
        blueprints.answer_ask_and_promise,
        lambda s, act: act(
            ask=s.ask, pk=NEW, kind="yes", seen=1, promise={"what": "Time", "by_when": DAY}
        ),
        Leaves("ask answered", "ask", details=lambda s: {"kind": "yes"}),
        Leaves("promise made", "only_promise", details=lambda s: _promised_to("ask", s.ask)),
    ),
    row(
        blueprints.tell_promise,
        lambda s, act: act(
            promise=s.promise, pk=NEW, version=1, kept=False, why="Marcia Example was ill"
        ),
        Leaves("promise told", "promise", details=lambda s: {"kept": False}),
    ),
    row(
        blueprints.take_back_telling,
        lambda s, act: act(telling=s.telling),
        Leaves("promise told otherwise", "promise", details=lambda s: {"kept": None}),
    ),
    row(
        blueprints.write_review,
        lambda s, act: act(pillar=s.pillar, pk=NEW, going="stuck", words="Marcia Example left"),
        Leaves(
            "pillar reviewed",
            "result",
            details=lambda s: {"going": "stuck", "pillar": str(s.pillar.pk)},
        ),
    ),
    row(
        blueprints.take_back_review,
        lambda s, act: act(review=s.review),
        Leaves("review taken back", "review"),
    ),
    row(
        blueprints.put_back_review,
        lambda s, act: act(review=s.removed_review),
        Leaves("review put back", "removed_review"),
    ),
    row(
        blueprints.remind_of_experiment,
        lambda s, act: act(experiment=s.waiting_experiment, due_at=THEN, now=THEN),
        Leaves("experiment reminded", "waiting_experiment", "Wait a little"),
    ),
    row(
        blueprints.suggest_chat_about_experiment,
        lambda s, act: act(experiment=s.waiting_experiment, due_at=THEN, now=THEN),
        Leaves("chat about an experiment suggested", "waiting_experiment", "Wait a little"),
    ),
    # --- blueprints.actions.versions
    row(
        blueprints.propose_version,
        lambda s, act: act(blueprint=s.blueprint_with_words, pk=NEW, seen=s.fingerprint),
        Leaves("version proposed", "result", "Version 1"),
    ),
    row(
        blueprints.withdraw_version,
        lambda s, act: act(version=s.version),
        Leaves("version withdrawn", "version", "Version 1"),
    ),
    row(
        blueprints.put_back_version,
        lambda s, act: act(version=s.withdrawn_version),
        Leaves("version put back", "withdrawn_version", "Version 1"),
    ),
    row(
        blueprints.sign_version,
        lambda s, act: act(version=s.version, voice="leader"),
        Leaves("version signed", "version", "Version 1", lambda s: {"voice": "leader"}),
    ),
    row(
        blueprints.sign_version,
        lambda s, act: act(version=s.version_after_another, voice="leader"),
        Leaves(
            "version signed", "version_after_another", "Version 2", lambda s: {"voice": "leader"}
        ),
        Leaves("version superseded", "version", "Version 1"),
        Leaves("version agreed", "version_after_another", "Version 2"),
    ),
    row(
        blueprints.unsign_version,
        lambda s, act: act(version=s.version_signed_by_them),
        Leaves("version unsigned", "version_signed_by_them", "Version 1"),
    ),
    # --- workshops.actions.planning
    row(
        planning.plan,
        lambda s, act: act(programme=s.programme, pk=NEW, title="Mission", kind="mission"),
        Leaves("workshop planned", "result", "Mission", lambda s: {"kind": "mission"}),
    ),
    row(
        planning.plan_date,
        lambda s, act: act(milestone=s.launch, pk=NEW),
        Leaves("workshop planned", "result", "Launch", lambda s: {"kind": "launch"}),
    ),
    row(
        planning.change,
        lambda s, act: act(
            workshop=s.workshop, version=1, title="Mission 1", starts_at=None, address=_address
        ),
        Leaves("workshop changed", "workshop", "Mission 1", lambda s: {"on": None}),
    ),
    row(
        planning.call_off,
        lambda s, act: act(workshop=s.workshop, address=_address),
        Leaves("workshop called off", "workshop", "Mission", lambda s: {"on": "2026-01-05"}),
    ),
    row(
        planning.set_co_facilitators,
        lambda s, act: act(workshop=s.workshop, users=[s.user]),
        Leaves("co-facilitators chosen", "workshop", "Mission", lambda s: {"users": [s.user.pk]}),
    ),
    row(
        planning.add_block,
        lambda s, act: act(workshop=s.workshop, pk=NEW, kind="write", title="What stops us"),
        Leaves("block added", "result", "What stops us", lambda s: {"kind": "write"}),
    ),
    row(
        planning.change_block,
        lambda s, act: act(block=s.block, version=1, title="What is in the way"),
        Leaves("block changed", "block", "What is in the way"),
    ),
    row(
        planning.order_block,
        lambda s, act: act(row=s.after(s.other_block, s.block), places=-1),
        Leaves("block moved", "block", "What stops us", lambda s: {"places": -1}),
    ),
    row(
        planning.double_block,
        lambda s, act: act(block=s.block, pk=NEW),
        Leaves("block added", "result", "What stops us", lambda s: {"kind": "write"}),
    ),
    row(
        plans.choose_change,
        lambda s, act: act(activity=s.plan_block, change=s.change),
        Leaves(
            "block put to a change",
            "plan_block",
            "Our plan",
            lambda s: {"change": str(s.change.pk)},
        ),
    ),
    row(
        planning.skip_block,
        lambda s, act: act(block=s.block, is_skipped=True),
        Leaves("block left out", "block", "What stops us"),
    ),
    row(
        planning.skip_block,
        lambda s, act: act(block=s.block_left_out, is_skipped=False),
        Leaves("block taken back in", "block_left_out", "A break"),
    ),
    row(
        planning.remove_block,
        lambda s, act: act(block=s.block),
        Leaves("block removed", "block", "What stops us"),
    ),
    # --- workshops.actions.pods, series and calendars, and what is written down on a pod
    row(
        pods.make_agenda,
        lambda s, act: act(workshop=s.learning_pod, minutes=45),
        Leaves(
            "agenda made",
            "learning_pod",
            "Learning pod 9",
            lambda s: {"added": 0, "gone": 0, "minutes": 45, "team": ""},
        ),
    ),
    row(
        pods.set_if_time,
        lambda s, act: act(block=s.block, if_time=True),
        Leaves("block put to the end", "block", "What stops us"),
    ),
    row(
        pods.set_if_time,
        lambda s, act: act(block=s.block_put_to_the_end, if_time=False),
        Leaves("block given time", "block_put_to_the_end", "A walk"),
    ),
    row(
        harvest.write_down,
        lambda s, act: act(activity=s.look, pk=NEW, to="next", text="Call them"),
        Leaves("step added", "said_step", "Call them"),
        Leaves(
            "note harvested",
            "result",
            "Call them",
            lambda s: {"to": "step", "row": str(s.said_step.pk)},
        ),
    ),
    row(
        series.invite_to_pods,
        lambda s, act: act(
            programme=s.pod_on_the_timeline.programme,
            emails=["guest@elsewhere.example"],
            address=_address,
        ),
        Leaves("workshop planned", "planned_pod", "Learning pod 9", lambda s: {"kind": "pod"}),
        Leaves(
            "agenda made",
            "planned_pod",
            "Learning pod 9",
            lambda s: {"added": 0, "gone": 0, "minutes": 60, "team": ""},
        ),
        Leaves("workshop invited to", "planned_pod", "Learning pod 9", lambda s: {"count": 1}),
        Leaves(
            "pods invited to",
            "programme",
            "Family Support, Own Borough",
            lambda s: {"pods": 1, "count": 1},
        ),
    ),
    row(
        calendars.renew,
        lambda s, act: act(membership=s.membership),
        Leaves("calendar address made", "result", "A calendar’s address"),
    ),
    row(
        calendars.stop,
        lambda s, act: act(membership=s.calendar_feed.membership),
        Leaves("calendar address stopped", "calendar_feed", "A calendar’s address"),
    ),
    # --- workshops.actions.invitations
    row(
        workshop_invitations.invite,
        lambda s, act: act(
            workshop=s.workshop, emails=["guest@elsewhere.example"], address=_address
        ),
        Leaves("workshop invited to", "workshop", "Mission", lambda s: {"count": 1}),
    ),
    row(
        workshop_invitations.send_again,
        lambda s, act: act(workshop=s.invitee.workshop, address=_address, unsent=False),
        Leaves("workshop invitations sent again", "workshop", "Mission", lambda s: {"count": 1}),
    ),
    row(
        workshop_invitations.leave_length,
        lambda s, act: act(workshop=s.longer),
        Leaves("workshop length not told", "longer", "Mission", lambda s: {"minutes": 60}),
    ),
    row(
        workshop_invitations.uninvite,
        lambda s, act: act(invitee=s.invitee, address=_address),
        Leaves("workshop invitation taken back", "workshop", "Mission"),
    ),
    # --- workshops.actions.templates
    row(
        templates.write,
        lambda s, act: act(template=s.template, title="Mission, shorter", blocks=[]),
        Leaves("template written", "result", "Mission, shorter", lambda s: {"number": 2}, **OWN),
    ),
    row(
        templates.make,
        lambda s, act: act(pk=NEW, kind="mission", title="Mission", about="", blocks=[])[0],
        Leaves("template written", "result", "Mission", lambda s: {"number": 1}, **OWN),
    ),
    row(
        templates.order,
        lambda s, act: act(row=s.second_template, places=-1),
        Leaves("template moved", "second_template", "Mission", lambda s: {"places": -1}, **OWN),
    ),
    row(
        templates.retire,
        lambda s, act: act(template=s.template),
        Leaves("template retired", "template", "Mission", lambda s: {"number": 1}, **OWN),
    ),
    row(
        templates.bring_back,
        lambda s, act: act(template=s.template_retired),
        Leaves("template brought back", "template_retired", "Pod", lambda s: {"number": 1}, **OWN),
    ),
    row(
        templates.load,
        lambda s, act: act(
            sessions=[{"key": "mission", "kind": "mission", "title": "Mission", "blocks": []}]
        ),
        Leaves("template written", "result", "Mission", lambda s: {"number": 1}, **OWN),
    ),
    # --- workshops.actions.room
    row(
        room.open_doors,
        lambda s, act: act(workshop=s.workshop),
        Leaves("workshop doors opened", "workshop", "Mission"),
    ),
    row(
        room.close_doors,
        lambda s, act: act(workshop=s.room),
        Leaves("workshop doors closed", "room", "Mission"),
    ),
    # Who comes in, and what they give, is nobody's entry.
    row(room.join, lambda s, act: act(workshop=s.room, name="Guest Example")),
    row(room.join_as_member, lambda s, act: act(workshop=s.room, user=s.user)),
    row(
        room.remove,
        lambda s, act: act(participant=s.guest),
        Leaves("participant removed", "guest"),
    ),
    row(
        room.go,
        lambda s, act: act(workshop=s.room, activity=s.theme),
        Leaves("workshop moved on", "room", "Mission", lambda s: {"to": str(s.theme.pk)}),
    ),
    row(
        room.go,
        lambda s, act: act(workshop=s.room, activity=None),
        Leaves("workshop moved on", "room", "Mission", lambda s: {"to": ""}),
    ),
    row(
        room.add_time,
        lambda s, act: act(workshop=s.room, minutes=2),
        Leaves("workshop clock set", "room", "Mission", lambda s: {"minutes": 2}),
    ),
    row(
        room.set_screen,
        lambda s, act: act(workshop=s.room, is_held=True),
        Leaves("workshop screen set", "room", "Mission", lambda s: {"held": True, "code": True}),
    ),
    row(
        room.turn_screen,
        lambda s, act: act(workshop=s.room, page=2),
        Leaves("workshop screen turned", "room", "Mission", lambda s: {"page": 2}),
    ),
    row(
        room.renew_screen_link,
        lambda s, act: act(workshop=s.room),
        Leaves("workshop screen link renewed", "room", "Mission"),
    ),
    row(
        room.take_seat,
        lambda s, act: act(workshop=s.room),
        Leaves("workshop seat taken", "room", "Mission"),
    ),
    row(
        room.end,
        lambda s, act: act(workshop=s.own_dot.activity.workshop),
        Leaves("workshop ended", "room", "Mission"),
    ),
    # --- workshops.actions.window
    row(
        window.open_until,
        lambda s, act: act(workshop=s.room, until=SOON),
        Leaves(
            "workshop window opened",
            "room",
            "Mission",
            lambda s: {"until": timezone.localdate(SOON).isoformat()},
        ),
    ),
    row(
        window.open_until,
        lambda s, act: act(workshop=s.window, until=SOON),
        Leaves(
            "workshop window moved",
            "window",
            "Mission",
            lambda s: {"until": timezone.localdate(SOON).isoformat()},
        ),
    ),
    row(
        window.open_ready,
        lambda s, act: act(workshop=s.unopened_part.workshop),
        Leaves("workshop parts opened", "window", "Mission", lambda s: {"parts": 1}),
    ),
    row(
        window.close,
        lambda s, act: act(workshop=s.window),
        Leaves("workshop window closed", "window", "Mission"),
    ),
    row(
        window.take_back,
        lambda s, act: act(workshop=s.window),
        Leaves("workshop window taken back", "window", "Mission"),
    ),
    row(window.ask_for_time, lambda s, act: act(participant=s.late_guest, wants=True)),
    row(
        window.tell_invited,
        lambda s, act: act(workshop=s.waiting.workshop, address=_address),
        Leaves("workshop window told of", "window", "Mission", lambda s: {"count": 1}),
    ),
    row(
        window.remind,
        lambda s, act: act(workshop=s.waiting.workshop, address=_address),
        Leaves("workshop reminder sent", "window", "Mission", lambda s: {"count": 1}),
    ),
    # --- workshops.actions.notes
    row(notes.write, _write),
    row(notes.change, lambda s, act: act(note=s.note, version=1, text="Fewer forms")),
    row(notes.take_back, lambda s, act: act(note=s.note)),
    row(notes.say_done, lambda s, act: act(activity=s.writing, participant=s.guest)),
    row(notes.put_back, lambda s, act: act(note=s.note_taken_back)),
    row(notes.report, lambda s, act: act(note=s.note)),
    row(
        notes.reveal,
        lambda s, act: act(activity=s.note.activity),
        Leaves("activity revealed", "writing", "What stops us"),
    ),
    row(notes.show, lambda s, act: act(note=s.note), Leaves("note shown", "note")),
    row(
        notes.tidy,
        lambda s, act: act(note=s.note, version=1, text="Fewer forms"),
        Leaves("note tidied", "note"),
    ),
    row(notes.redact, lambda s, act: act(note=s.note), Leaves("note redacted", "note")),
    row(
        notes.place,
        lambda s, act: act(activity=s.theme, notes=[s.note], group=s.group),
        Leaves(
            "notes placed",
            "theme",
            "What belongs together",
            lambda s: {"group": str(s.group.pk), "notes": 1},
        ),
    ),
    row(
        notes.bring_in_parked,
        lambda s, act: act(activity=s.after(s.parked_elsewhere, s.writing)),
        Leaves("parked notes brought in", "writing", "What stops us", lambda s: {"notes": 1}),
    ),
    # --- workshops.actions.groups
    row(
        groups.add,
        lambda s, act: act(activity=s.theme, pk=NEW, title="Paper", notes=[s.note]),
        Leaves("group added", "result", "Paper"),
        Leaves(
            "notes placed",
            "theme",
            "What belongs together",
            lambda s: {"group": str(NEW), "notes": 1},
        ),
    ),
    row(
        groups.rename,
        lambda s, act: act(group=s.group, version=1, title="Paperwork"),
        Leaves("group renamed", "group", "Paperwork"),
    ),
    row(
        groups.merge,
        lambda s, act: act(group=s.removed_group, into=s.group),
        Leaves(
            "group merged",
            "removed_group",
            "Cars",
            lambda s: {"into": str(s.group.pk), "notes": []},
        ),
    ),
    row(
        groups.split,
        lambda s, act: act(group=s.merged_group, notes=[s.note.pk]),
        Leaves("group split", "merged_group", "Forms", lambda s: {"into": str(s.group.pk)}),
    ),
    row(
        groups.remove,
        lambda s, act: act(group=s.group),
        Leaves("group removed", "group", "Paper"),
    ),
    row(
        groups.put_back,
        lambda s, act: act(group=s.removed_group),
        Leaves("group put back", "removed_group", "Cars"),
    ),
    row(
        agreements.say,
        lambda s, act: act(about=s.note, outcome="Ask them", activity=s.writing, version=0),
        Leaves("outcome said", "result"),
    ),
    row(
        groups.settle_gift,
        lambda s, act: act(row=s.note, gift="another agency", activity=s.writing),
        Leaves("gift settled", "note", details=lambda s: {"gift": "another agency"}),
    ),
    # --- workshops.actions.suggestions
    row(
        suggestions.let_in,
        lambda s, act: act(activity=s.theme, is_on=True),
        Leaves("suggestions let in", "theme", "What belongs together"),
    ),
    row(
        suggestions.let_in,
        lambda s, act: act(activity=s.asking_theme, is_on=False),
        Leaves("suggestions closed", "theme", "What belongs together"),
    ),
    row(
        suggestions.suggest,
        lambda s, act: act(
            activity=s.asking_theme, participant=s.guest, note=s.note, title="Marcia Example"
        ),
    ),
    row(
        suggestions.take_back,
        lambda s, act: act(activity=s.own_suggestion.activity, participant=s.guest, note=s.note),
    ),
    row(
        suggestions.accept,
        lambda s, act: act(activity=s.own_suggestion.activity, note=s.note, group=s.group),
        Leaves(
            "notes placed",
            "theme",
            "What belongs together",
            lambda s: {"group": str(s.group.pk), "notes": 1},
        ),
        Leaves("suggestions accepted", "theme", "What belongs together", lambda s: {"notes": 1}),
    ),
    row(
        suggestions.accept_agreed,
        lambda s, act: act(activity=s.two_suggestions[0].activity),
        Leaves(
            "notes placed",
            "theme",
            "What belongs together",
            lambda s: {"group": str(s.group.pk), "notes": 1},
        ),
        Leaves("suggestions accepted", "theme", "What belongs together", lambda s: {"notes": 1}),
    ),
    row(
        suggestions.leave,
        lambda s, act: act(activity=s.own_suggestion.activity, note=s.note),
        Leaves("suggestions put aside", "theme", "What belongs together"),
    ),
    row(
        suggestions.reopen,
        lambda s, act: act(activity=s.accepted_suggestion.activity, decision=NEW),
        Leaves(
            "notes placed",
            "theme",
            "What belongs together",
            lambda s: {"group": "", "notes": 1},
        ),
        Leaves("suggestions reopened", "theme", "What belongs together"),
    ),
    # --- surveys.actions, running surveys
    row(
        asking.add_survey,
        lambda s, act: act(
            programme=s.programme, pk=NEW, kind="pulse", moment="start", title="Time"
        ),
        Leaves("survey added", "result", "Time", lambda s: {"kind": "pulse", "moment": "start"}),
    ),
    row(
        asking.edit_survey,
        lambda s, act: act(survey=s.survey, version=1, title="How it was"),
        Leaves("survey edited", "survey", "How it was"),
    ),
    row(
        asking.remove_survey,
        lambda s, act: act(survey=s.survey),
        Leaves("survey removed", "survey", "How it is"),
    ),
    row(
        asking.put_back_survey,
        lambda s, act: act(survey=s.survey_removed),
        Leaves("survey put back", "survey_removed", "How it is"),
    ),
    row(
        asking.add_question,
        lambda s, act: act(survey=s.survey, pk=NEW, kind="text", text="Why?"),
        Leaves(
            "question added",
            "result",
            "Why?",
            lambda s: {"survey": str(s.survey.pk), "kind": "text"},
        ),
    ),
    row(
        asking.edit_question,
        lambda s, act: act(question=s.question, version=1, text="Why?"),
        Leaves("question edited", "question", "Why?", lambda s: {"survey": str(s.survey.pk)}),
    ),
    row(
        asking.remove_question,
        lambda s, act: act(question=s.question),
        Leaves("question removed", "question", "Is it so?", lambda s: {"survey": str(s.survey.pk)}),
    ),
    row(
        asking.put_back_question,
        lambda s, act: act(question=s.question_removed),
        Leaves(
            "question put back",
            "question_removed",
            "Was it?",
            lambda s: {"survey": str(s.survey.pk)},
        ),
    ),
    row(
        asking.order_question,
        lambda s, act: act(row=s.question, places=-1),
        Leaves(
            "question ordered",
            "question",
            "Is it so?",
            lambda s: {"survey": str(s.survey.pk), "places": -1},
        ),
    ),
    row(
        asking.open_survey,
        lambda s, act: act(survey=s.survey, closes_on=DAY),
        Leaves("survey opened", "survey", "How it is", lambda s: {"closes_on": str(DAY)}),
    ),
    row(
        asking.change_closing_day,
        lambda s, act: act(survey=s.survey_open, closes_on=DAY),
        Leaves(
            "survey closing day changed",
            "survey_open",
            "How it is",
            lambda s: {"was": "", "closes_on": str(DAY)},
        ),
    ),
    row(
        asking.back_to_draft,
        lambda s, act: act(survey=s.survey_open),
        Leaves("survey back to draft", "survey_open", "How it is"),
    ),
    row(
        asking.ask_by_mail,
        lambda s, act: act(
            survey=s.survey_open, members=[s.membership], teams=[s.team], roles=["manager"]
        ),
        Leaves(
            "survey mailed",
            "survey_open",
            "How it is",
            lambda s: {"people": 1, "teams": ids(s.team), "roles": ["manager"]},
        ),
    ),
    row(
        asking.remind,
        lambda s, act: act(survey=s.survey_mailed, due_at=THEN),
        Leaves("survey reminded", "survey_mailed", "How it is"),
    ),
    row(
        asking.close_survey,
        lambda s, act: act(survey=s.survey_mailed, people_asked=3),
        Leaves("survey closed", "survey_mailed", "How it is"),
    ),
    row(asking.speak, lambda s, act: act(survey=s.survey_open, voice="somebody")),
    # --- workshops.actions.votes
    row(votes.cast, lambda s, act: act(activity=s.vote, participant=s.guest, group=s.group)),
    row(
        votes.take_back,
        lambda s, act: act(activity=s.own_dot.activity, participant=s.guest, group=s.group),
    ),
    row(
        votes.put,
        lambda s, act: act(activity=s.vote, participant=s.guest, group=s.group, had={0}, wanted=2),
    ),
    row(votes.mark, lambda s, act: act(activity=s.vote, participant=s.guest, across=3)),
    row(
        votes.set_limits,
        lambda s, act: act(activity=s.vote, dots=5, most_on_one=1),
        Leaves("vote limits set", "vote", "What first", lambda s: {"dots": 5, "most_on_one": 1}),
    ),
    row(
        votes.set_asks,
        lambda s, act: act(activity=s.placing, asks=5),
        Leaves("number asked about set", "placing", "What’s worth it", lambda s: {"asks": 5}),
    ),
    # --- workshops.actions.summaries
    row(
        summaries.send,
        lambda s, act: act(workshop=s.over, address=str),
        Leaves("workshop summary sent", "over", "Mission", lambda s: {"count": 1}),
    ),
    # --- workshops.actions.harvest
    row(
        harvest.gather,
        lambda s, act: act(
            programme=s.programme, wishes=[harvest.Wish(s.note, "value", "Plain words")]
        ),
        Leaves("value added", "harvested", "Plain words", lambda s: {"source": "workshop note"}),
        Leaves(
            "note harvested",
            "result",
            "Plain words",
            lambda s: {"to": "value", "row": str(s.harvested.pk)},
        ),
    ),
    row(
        harvest.park,
        lambda s, act: act(notes=[s.note], is_parked=True),
        Leaves("note parked", "note"),
    ),
    row(
        harvest.park,
        lambda s, act: act(notes=[s.note_parked], is_parked=False),
        Leaves("note unparked", "note_parked"),
    ),
    # --- impact.actions.stories
    row(
        stories.tell_story,
        lambda s, act: act(
            change=s.change,
            pk=NEW,
            text="Jo Example rang",
            teller="Jo Example",
            told_by=s.user,
            team=None,
        ),
        Leaves("story told", "result", details=lambda s: {"change": str(s.change.pk)}),
    ),
    row(
        stories.tell_anew,
        lambda s, act: act(story=s.story, pk=NEW, text="Marcia Example", teller="A manager"),
        Leaves("story told", "result", details=lambda s: {"change": str(s.change.pk)}),
        Leaves("story removed", "story"),
    ),
    row(
        stories.cross,
        lambda s, act: act(
            story=s.story,
            ring="public",
            digest=hashlib.md5(b"Jo Example rang", usedforsecurity=False).hexdigest(),
        ),
        Leaves("story crossed", "story", details=lambda s: {"ring": "public"}),
    ),
    row(
        stories.take_back_story,
        lambda s, act: act(story=s.shared_story),
        Leaves("story taken back", "shared_story", details=lambda s: {"ring": "public"}),
    ),
    row(
        stories.give_story_again,
        lambda s, act: act(story=s.story_taken_back),
        Leaves("story given again", "story_taken_back", details=lambda s: {"ring": "authority"}),
    ),
    row(
        stories.ask_for_story,
        lambda s, act: act(story=s.others_story) and s.others_story,
        Leaves("story asked for", "others_story", details=lambda s: {"ring": "authority"}),
    ),
    row(
        stories.remove_story,
        lambda s, act: act(story=s.story),
        Leaves("story removed", "story"),
    ),
    row(
        stories.put_back_story,
        lambda s, act: act(story=s.removed_story),
        Leaves("story put back", "removed_story"),
    ),
    row(
        stories.pick_story,
        lambda s, act: act(
            story=s.shared_story, pk=NEW, panel="Jo Example’s pod", why="Jo Example did it"
        ),
        Leaves("story picked", "result", details=lambda s: {"story": str(s.shared_story.pk)}),
    ),
    row(
        stories.remove_pick,
        lambda s, act: act(pick=s.story_pick),
        Leaves("story pick removed", "story_pick"),
    ),
    row(
        stories.put_back_pick,
        lambda s, act: act(pick=s.removed_story_pick),
        Leaves("story pick put back", "removed_story_pick"),
    ),
    # --- impact.actions.learning
    row(
        learning.keep_learning,
        lambda s, act: act(
            authority=s.authority,
            pk=NEW,
            on=DAY,
            workshop=s.workshop,
            what_happened="Jo Example was late",
            what_we_learned="Ask Jo Example",
            what_next="",
        ),
        Leaves(
            "learning kept",
            "result",
            details=lambda s: {"on": DAY.isoformat(), "workshop": str(s.workshop.pk)},
        ),
    ),
    row(
        learning.edit_learning,
        lambda s, act: act(
            note=s.learning_note,
            version=1,
            on=DAY,
            workshop=None,
            what_happened="",
            what_we_learned="Ask Jo Example twice",
            what_next="",
        ),
        Leaves("learning reworded", "learning_note", details=lambda s: {"on": DAY.isoformat()}),
    ),
    row(
        learning.remove_learning,
        lambda s, act: act(note=s.learning_note),
        Leaves("learning removed", "learning_note"),
    ),
    row(
        learning.put_back_learning,
        lambda s, act: act(note=s.removed_learning_note),
        Leaves("learning put back", "removed_learning_note"),
    ),
    # --- impact.actions.handover
    row(
        handover.say_hands,
        lambda s, act: act(workshop=s.over, what="agenda", whose="local"),
        Leaves("hands said", "over", "Mission", lambda s: {"agenda": "local"}),
    ),
    row(
        handover.end_partnership,
        lambda s, act: act(programme=s.programme, pk=NEW, ends_on=DAY),
        Leaves(
            "partnership end set",
            "result",
            "2 February 2026",
            lambda s: {"on": DAY.isoformat()},
        ),
    ),
    row(
        handover.remove_end,
        lambda s, act: act(end=s.partnership_end),
        Leaves(
            "partnership end taken back",
            "partnership_end",
            "2 February 2026",
            lambda s: {"on": DAY.isoformat()},
        ),
    ),
    row(
        handover.put_back_end,
        lambda s, act: act(end=s.removed_partnership_end),
        Leaves(
            "partnership end put back",
            "removed_partnership_end",
            "2 February 2026",
            lambda s: {"on": DAY.isoformat()},
        ),
    ),
    # --- surveys.actions.answers: nobody's history says that they answered
    row(
        survey_answers.answer,
        lambda s, act: act(survey=s.asked_survey, voice="a device", sheet=s.sheet),
    ),
    row(
        survey_answers.take_sheets,
        lambda s, act: act(survey=s.asked_survey, batch=NEW, sheets=[s.sheet]),
        Leaves("answer sheets taken in", "asked_survey", "How are we", lambda s: {"sheets": 1}),
    ),
    row(
        survey_answers.take_back_sheets,
        lambda s, act: act(survey=s.survey_with_a_sheet, batch=NEW, count=1),
        Leaves("answer sheets taken back", "asked_survey", "How are we", lambda s: {"sheets": 1}),
    ),
    # --- impact.actions of the archive and erasure
    row(
        archives.take_archive,
        lambda s, act: act(authority=s.authority, out=io.BytesIO()),
        Leaves("archive taken", "authority", "Own Borough"),
    ),
    row(
        erasure.ask_for_erasure,
        lambda s, act: act(membership=s.membership),
        Leaves("erasure asked for", "membership"),
    ),
    row(
        erasure.erase_person,
        lambda s, act: act(user=s.user),
        Leaves("person erased", "user"),
    ),
    row(
        erasure.erase_authority,
        lambda s, act: act(authority=s.authority),
        Leaves("authority erased", "authority", place=""),
    ),
]
