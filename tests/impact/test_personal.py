"""What one person takes along: theirs in full, other people's words not at all."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from programmes.models import AuditEvent, Membership, Notice, User
from tests import factories

OTHERS = "words of others"


@pytest.fixture
def files(cast, client):
    member = cast.authority.memberships.get(user=cast.practitioner)
    change = factories.SmallChangeFactory(
        programme=cast.programme, title="Walk outside", why=OTHERS, lead=member
    )
    factories.UpdateFactory(change=change, by=cast.practitioner, text="We walked")
    factories.UpdateFactory(change=change, by=cast.manager, text=OTHERS)
    factories.AskFactory(change=change, member=member, what=OTHERS)
    factories.NoticeChoiceFactory(authority=cast.authority, email=cast.practitioner.email)
    workshop = factories.WorkshopFactory(programme=cast.programme)
    room = factories.ParticipantFactory(workshop=workshop, user=cast.practitioner)
    activity = factories.ActivityFactory(workshop=workshop)
    factories.NoteFactory(activity=activity, participant=room, text="My note")
    factories.NoteFactory(activity=activity, candour="anonymous", text="Whose note")
    client.force_login(cast.practitioner)
    answer = client.get(reverse("personal:about-me"))
    assert answer["Content-Disposition"] == 'attachment; filename="about-me.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def test_own_words_are_in_it_and_no_words_of_others(files, cast):
    data = json.loads(files["about-me.json"])
    tables = data["tables"]
    assert data["person"]["email"] == cast.practitioner.email
    assert [row["text"] for row in tables["smallchanges.Update"]] == ["We walked"]
    assert [row["text"] for row in tables["workshops.Note"]] == ["My note"]
    assert [row["title"] for row in tables["smallchanges.SmallChange"]] == ["Walk outside"]
    assert [row["roles"] for row in tables["programmes.Membership"]] == [["practitioner"]]
    assert {"smallchanges.Ask", "programmes.NoticeChoice"} <= tables.keys()
    for written in files.values():
        assert [OTHERS in written, "Whose note" in written] == [False, False]
        assert [cast.manager.email in written, cast.manager.name in written] == [False, False]
    for words in ("We walked", "My note", "Walk outside", "anonymous notes"):
        assert words in files["about-me.html"]


def test_who_asks_to_be_erased_is_heard_by_the_facilitators_once(cast, client):
    client.force_login(cast.practitioner)
    for _ in range(2):
        client.post(reverse("personal:erase-me"))
    notice = Notice.objects.get()
    membership = Membership.objects.get(user=cast.practitioner)
    path = reverse("impact:person-erase", args=[cast.authority.slug, membership.pk])
    assert notice.choice.email == cast.facilitator.email
    assert path in notice.body
    client.force_login(cast.facilitator)
    page = client.get(path)
    assert (page.status_code, page.context["is_last"], page.context["only_team"]) == (
        200,
        False,
        False,
    )
    assert client.post(path, {"typed": "somebody@else.example"}).status_code == 200
    assert User.objects.filter(email=cast.practitioner.email).exists()
    assert client.post(path, {"typed": cast.practitioner.email}).status_code == 302
    assert not User.objects.filter(name=cast.practitioner.name).exists()
    own = Membership.objects.get(user=cast.facilitator)
    own_path = reverse("impact:person-erase", args=[cast.authority.slug, own.pk])
    assert client.get(own_path).status_code == 403


def test_who_takes_part_elsewhere_is_erased_by_the_crescendo_team(cast, client):
    factories.MembershipFactory(authority=cast.other, user=cast.practitioner)
    membership = cast.authority.memberships.get(user=cast.practitioner)
    path = reverse("impact:person-erase", args=[cast.authority.slug, membership.pk])
    typed = {"typed": cast.practitioner.email}
    client.force_login(cast.facilitator)
    assert client.get(path).context["only_team"] is True
    assert client.post(path, typed).status_code == 403
    client.force_login(cast.crescendo)
    assert client.post(path, typed).status_code == 302
    assert not User.objects.filter(email=typed["typed"]).exists()


def test_the_archive_is_taken_and_history_says_by_whom(cast, client):
    survey = factories.SurveyFactory(programme=cast.programme, title="Our questions", state="open")
    client.force_login(cast.facilitator)
    path = reverse("impact:archive", args=[cast.authority.slug])
    assert list(client.get(path).context["open_surveys"]) == [survey]
    answer = client.post(path)
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as bundle:
        assert "manifest.json" in bundle.namelist()
    event = AuditEvent.objects.get(verb="archive taken")
    assert (event.actor_id, event.authority_id) == (cast.facilitator.pk, cast.authority.pk)
