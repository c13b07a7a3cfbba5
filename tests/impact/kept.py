"""What the archive and erasure have to hold that no page has an address of."""

from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone

from impact.actions.erasure import erase_person
from programmes.models import Role
from tests import factories

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)


def settle() -> None:
    """What is looked at when a transaction ends, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def what_came_of_it(programme, words: str):
    """Beside `examples`: all that is held to its words, by a teller and two signers who were erased
    since; what was closed, crossed, withdrawn or taken away; and what no file may tell.
    """
    authority = programme.authority
    teller, other = (
        factories.MembershipFactory(authority=authority, roles=[role], user__name=words).user
        for role in (Role.PRACTITIONER, Role.MANAGER)
    )
    stories = _stories(programme.small_changes.first(), teller, words)
    _reports(programme, stories, teller, words)
    _versions(authority.versions.get(), teller, other, words)
    _surveys(programme, teller, words)
    workshop = authority.workshops.first()
    factories.HandsFactory(workshop=workshop, facilitated="crescendo", agenda="both")
    factories.PartnershipEndFactory(programme=programme, by=teller, removed_at=THEN)
    factories.LearningNoteFactory(authority=authority, by=teller, what_we_learned=words)
    factories.FeedKeyFactory(authority=authority, made_by=teller, for_whom=words)
    settle()
    for person in (teller, other):
        erase_person(user=person, by=None)
    settle()


def _stories(change, teller, words: str) -> list:
    told = {"change": change, "told_by": teller, "text": words, "teller": words}
    public, taken_back = (factories.StoryFactory(ring="public", **told) for _ in range(2))
    factories.CrossingFactory(story=factories.StoryFactory(**told), by=teller, ring="authority")
    for story in (public, taken_back):
        story.crossings.update(by=teller)
    taken_back.ring, taken_back.crossing = "team", None
    taken_back.save()
    factories.StoryPickFactory(story=public, panel=words, why=words, removed_at=THEN)
    return [public, taken_back]


def _reports(programme, stories: list, by, words: str) -> None:
    """After a published one and a draft: one that was published and withdrawn, and a lost draft."""
    factories.ReportShareFactory(report=programme.reports.published().get(), shared_by=by)
    withdrawn = {"state": "withdrawn", "withdrawn_at": THEN, "withdrawn_by": by}
    lost = factories.ReportFactory(programme=programme, number=3, title=words, **withdrawn)
    factories.ReportSentenceFactory(section__report=lost, text=words, removed_at=THEN)
    old = factories.ReportFactory(
        programme=programme, number=3, why=words, logo=b"png", **withdrawn
    )
    part = factories.ReportSectionFactory(report=old, key="stories", is_in=False)
    for story in stories:
        factories.ReportSentenceFactory(
            section=part, kind="story", key=f"story:{story.pk}", text=words
        )
    factories.ReportSentenceFactory(
        section=part,
        key="small changes",
        text=words,
        rests_on=[{"kind": "surveys", "what": words, "counts": [1, 2]}],
        before={"text": words, "drafted": words, "rests_on": []},
        illustrative="made up",
    )
    old.published_at, old.published_by = timezone.now(), by
    old.letterhead = programme.authority.formal_name
    old.save()


def _versions(draft, practitioner, leader, words: str) -> None:
    """One superseded, the next one agreed, and a draft after them."""
    for number in (1, 2):
        for voice, by in (("practitioner", practitioner), ("leader", leader)):
            factories.SignOffFactory(version=draft, voice=voice, by=by)
        draft.state, draft.agreed_at = "agreed", timezone.now()
        draft.save()
        if number == 1:
            draft.state, draft.ended_at = "superseded", timezone.now()
            draft.save()
        draft = factories.BlueprintVersionFactory(
            blueprint=draft.blueprint, number=number + 1, why=words, parts=draft.parts
        )


def _surveys(programme, by, words: str) -> None:
    """A closed one with a group, and an open one of which somebody was reminded."""
    values = {"programme": programme, "title": words}
    closed = factories.SurveyFactory(
        state="closed", people_asked=9, people_answered=6, closed_by=by, **values
    )
    question = factories.QuestionFactory(survey=closed, text=words)
    factories.SurveyAnswerFactory.create_batch(6, question=question)
    group = factories.SplitGroupFactory(survey=closed, label=words, joined_because=words)
    factories.TallyFactory(question=question, group=group)
    opened = factories.SurveyFactory(
        state="open", opened_by=by, closes_on=timezone.localdate(), **values
    )
    factories.VoiceFactory(survey=opened)
    factories.QuestionFactory(survey=opened, text=words, removed_at=THEN, removed_by=by)
