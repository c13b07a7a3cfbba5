"""A person, or an authority, that was erased is nowhere in a full dump of the database."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from impact.actions.erasure import erase_person, where_named
from programmes.models import AuditEvent, Invitation, LocalAuthority, User
from tests import factories
from tests.doors import examples
from tests.impact.kept import settle, what_came_of_it

PERSON = "canary-person"
PLACE = "canary-place"


def dump() -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            found[table] = [text for (text,) in cursor.fetchall()]
    return found


def tables_with(canary: str) -> set[str]:
    return {name for name, rows in dump().items() if any(canary in row.lower() for row in rows)}


@pytest.fixture
def canary(cast, client):
    """Somebody of whom every table that can knows something."""
    user = cast.practitioner
    user.email, user.name = f"{PERSON}@own.example", f"{PERSON} Lee"
    user.save()
    client.force_login(user)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    change = factories.SmallChangeFactory(programme=cast.programme)
    workshop = factories.WorkshopFactory(programme=cast.programme)
    factories.AskFactory(change=change, name=user.name, email=user.email)
    ask = change.asks.get()
    factories.AskAnswerFactory(ask=ask, who=user.name)
    factories.OfferedFactory(
        authority=cast.authority, name=user.name, email=user.email, reply="email"
    )
    factories.InviteeFactory(workshop=workshop, email=user.email)
    factories.LetterFactory(workshop=workshop, email=user.email)
    factories.ParticipantFactory(workshop=workshop, user=user, name=user.name)
    Invitation.objects.create(
        authority=cast.authority,
        email=user.email,
        roles=["practitioner"],
        secret_digest="of nothing",
        expires_at=timezone.now() + timedelta(days=1),
    )
    choice = factories.NoticeChoiceFactory(authority=cast.authority, email=user.email)
    factories.NoticeFactory(choice=choice, body=f"Hello {user.name}")
    # A mail to somebody else that names them.
    factories.NoticeFactory(
        choice=factories.NoticeChoiceFactory(authority=cast.authority),
        subject=f"{user.name} answered",
        sent_at=timezone.now(),
    )
    factories.MailedLinkFactory(authority=cast.authority, email=user.email)
    return user


def test_nothing_is_left_of_a_person(canary, cast):
    number = canary.pk
    update = factories.UpdateFactory(change__programme=cast.programme, by=canary, text="We walked")
    report = factories.ReportFactory(programme=cast.programme, title="What we saw", made_by=canary)
    told = {"section__report": report, "text": "Much", "removed_at": timezone.now()}
    factories.ReportSentenceFactory(removed_by=canary, **told)
    report.published_by = canary
    factories.published(report)
    factories.ReportShareFactory(report=report, shared_by=canary)
    story = factories.StoryFactory(change=update.change, told_by=canary, teller="A social worker")
    factories.CrossingFactory(story=story, by=canary)
    assert len(tables_with(PERSON)) >= 11
    erase_person(user=canary, by=cast.facilitator)
    settle()
    assert tables_with(PERSON) == set()
    report.refresh_from_db()
    assert (report.title, report.state) == ("What we saw", "published")
    links = [report.made_by, report.published_by, report.shares.get().shared_by]
    story.refresh_from_db()
    assert [*links, story.told_by, story.crossings.get().by] == [None] * 5
    gone = User.objects.get(pk=number)
    update.refresh_from_db()
    assert (update.by, update.text) == (None, "We walked")
    assert (gone.name, gone.is_active, gone.has_usable_password()) == (
        "Somebody who left",
        False,
        False,
    )
    assert list(gone.memberships.values_list("ended_at", flat=True)) != [None]
    assert Session.objects.count() == 0
    event = AuditEvent.objects.get(verb="person erased")
    assert (event.target_id, event.target_label, event.actor_id) == (
        str(number),
        "",
        cast.facilitator.pk,
    )


def test_where_others_named_somebody_is_counted_for_who_erases(canary, cast):
    factories.BarrierFactory(programme=cast.programme, text=f"Ask {canary.name} first")
    factories.BarrierFactory(programme=cast.other_programme, text=f"{canary.name} elsewhere")
    report = factories.ReportFactory(programme=cast.programme, why=f"{canary.name} asked for it")
    factories.FeedKeyFactory(authority=cast.authority, for_whom=f"{canary.name}’s spreadsheet")
    rests_on = [{"kind": "changes", "what": f"Changes of {canary.name}"}]
    section = factories.ReportSectionFactory(report=report)
    factories.ReportSentenceFactory(section=section, rests_on=rests_on)
    named = list(where_named(user=canary, authority=cast.authority))
    assert {
        ("The ambition", "Barriers", 1),
        ("The impact report", "Reports", 1),
        ("The impact report", "Sentences", 1),
        ("The data feed", "Keys to the figures", 1),
    } <= set(named)


def test_nothing_is_left_of_an_authority_and_the_other_is_whole(cast, tmp_path):
    cast.authority.name = f"{PLACE} Borough"
    cast.authority.save()
    # Who takes part nowhere else goes with it.
    User.objects.filter(pk=cast.practitioner.pk).update(name=PLACE)
    for programme, person, words in (
        (cast.programme, cast.facilitator, PLACE),
        (cast.other_programme, cast.outsider, "other words"),
    ):
        examples(programme, person, words)
        what_came_of_it(programme, words)
    # What the Crescendo team sent to a colleague is no authority's.
    Invitation.objects.filter(authority=None).delete()
    assert len(tables_with(PLACE)) > 40
    before = {name: sum("other words" in row for row in rows) for name, rows in dump().items()}

    slug = cast.authority.slug
    with pytest.raises(CommandError, match="Take its archive first"):
        call_command("erase_authority", slug, yes=slug)
    call_command("export_authority", slug, str(tmp_path / "own.zip"))
    with pytest.raises(CommandError, match="can’t be written"):
        call_command("export_authority", slug, str(tmp_path / "own.zip"))
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_authority", slug, yes="another")
    call_command("erase_authority", slug, yes=slug)

    settle()
    assert tables_with(PLACE) == set()
    after = {name: sum("other words" in row for row in rows) for name, rows in dump().items()}
    assert after == before
    assert not AuditEvent.objects.filter(authority_id=cast.authority.pk).exists()
    assert AuditEvent.objects.get(verb="authority erased").target_label == ""
    call_command("import_authority", str(tmp_path / "own.zip"), slug="back")
    assert LocalAuthority.objects.get(slug="back").name == f"{PLACE} Borough"
