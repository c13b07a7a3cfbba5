"""An update from a mail's link: for one person and one change, once, without signing in."""

from uuid import uuid4

import pytest

from programmes.links import make_link, revoke
from programmes.models import MailedLink
from smallchanges.models import SmallChange, Update
from tests import factories

pytestmark = pytest.mark.django_db
UPDATE = MailedLink.Purpose.UPDATE
WRITTEN = "We walked and talked twice"


@pytest.fixture(autouse=True)
def _at_work(change):
    SmallChange.objects.filter(pk=change.pk).update(stage="develop", status="in progress")


@pytest.fixture
def link(change, cast):
    token = make_link(
        authority=cast.authority, purpose=UPDATE, target=change.pk, email=cast.practitioner.email
    )
    return f"/own/changes/update/{token}/"


def _said(**more):
    return {"id": str(uuid4()), "text": WRITTEN, "stage": "influence", "seen": "develop"} | more


def test_it_is_theirs_without_signing_in(client, link, change, cast):
    page = client.get(link).content.decode()
    assert change.title in page
    assert "What’s happened since last time?" in page
    answer = client.post(link, _said(needs_help="on"))
    assert answer.headers["Location"] == link
    update = Update.objects.get()
    assert (update.text, update.by, update.needs_help) == (WRITTEN, cast.practitioner, True)
    change.refresh_from_db()
    assert (change.stage, change.status) == ("influence", "in progress")
    page = client.get(link).content.decode()
    assert "Got it. Thank you" in page
    assert "Your facilitator sees that you need help." in page


def test_whoever_only_looks_changes_nothing(client, link):
    for _ in range(3):
        client.get(link)
        client.head(link)
    assert not Update.objects.exists()
    assert MailedLink.objects.get().used_at is None


def test_sent_twice_it_is_there_once(client, link):
    said = _said()
    client.post(link, said)
    again = client.post(link, said)
    assert (again.status_code, "Got it. Thank you" in again.content.decode()) == (200, True)
    assert Update.objects.count() == 1


def test_sent_twice_with_other_spaces_it_is_known_again(client, link):
    said = _said(text=f"  {WRITTEN}\r\n")
    client.post(link, said)
    again = client.post(link, said)
    assert (again.status_code, "Got it. Thank you" in again.content.decode()) == (200, True)


def test_the_same_words_that_somebody_else_said_are_not_these(client, link, change):
    client.post(link, _said(text="Mine"))
    factories.UpdateFactory(change=change, text=WRITTEN)
    assert client.post(link, _said()).status_code == 404


def test_used_once_it_takes_nothing_else_and_gives_the_words_back(client, link):
    client.post(link, _said())
    answer = client.post(link, _said(text="And a third time"))
    page = answer.content.decode()
    assert (answer.status_code, Update.objects.count()) == (404, 1)
    assert "has been used already" in page
    assert "And a third time" in page


def test_bad_input_is_told_beside_the_field_and_keeps_the_link(client, link):
    page = client.post(link, _said(text="", stage="influence")).content.decode()
    assert "Tell us one thing that’s happened, even if it’s small." in page
    assert MailedLink.objects.get().used_at is None
    assert client.post(link, _said()).status_code == 302


def test_somebody_else_may_not_use_it(client_of, link, cast):
    other = client_of(cast.manager)
    for answer in (other.get(link), other.post(link, _said())):
        assert answer.status_code == 404
        assert "mailed to somebody else" in answer.content.decode()
    assert not Update.objects.exists()


@pytest.mark.parametrize("spoil", ["forged", "revoked", "elsewhere", "left", "stopped"])
def test_one_that_is_no_good_says_why(client, link, spoil, change, cast):
    words = {
        "forged": "isn’t one of ours",
        "revoked": "was taken back",
        "elsewhere": "isn’t one of ours",
        "left": "You don’t take part here any more",
        "stopped": "nothing to tell now",
    }[spoil]
    match spoil:
        case "forged":
            link = link[:-2] + ("A" if link[-2] != "A" else "B") + "/"
        case "revoked":
            revoke(authority=cast.authority, purpose=UPDATE, target=change.pk)
        case "elsewhere":
            link = link.replace("/own/", "/other/")
        case "left":
            cast.practitioner.memberships.update(ended_at=change.created_at)
        case "stopped":
            SmallChange.objects.filter(pk=change.pk).update(status="stopped")
    for answer in (client.get(link), client.post(link, _said())):
        assert (answer.status_code, words in answer.content.decode()) == (404, True)
    assert not Update.objects.exists()


def test_nobody_learns_from_it_which_places_take_part(client):
    pages = [client.get(f"/{slug}/changes/update/nonsense/") for slug in ("own", "nowhere")]
    assert [page.status_code for page in pages] == [404, 404]
    own, nowhere = (page.content.decode().split("<main")[1] for page in pages)
    assert own == nowhere
