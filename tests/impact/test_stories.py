"""Stories go as far as their teller says, and not a step further."""

import pytest
from django.urls import reverse

from impact.models import Story
from programmes.models import MembershipTeam, Notice, Role
from tests import factories

WORDS = "We took turns, and I listened."


def _at(view: str, row=None) -> str:
    return reverse(f"impact:{view}", args=["own", *([row.pk] if row else [])])


@pytest.fixture
def change(cast):
    return factories.SmallChangeFactory(programme=cast.programme, title="Take turns")


@pytest.fixture
def team(cast):
    """With the cast's practitioner in it."""
    team = factories.TeamFactory(authority=cast.authority, name="North team")
    membership = cast.practitioner.memberships.get()
    MembershipTeam.objects.create(authority=cast.authority, membership=membership, team=team)
    return team


@pytest.fixture
def story(cast, change, team):
    return factories.StoryFactory(change=change, team=team, told_by=cast.practitioner, text=WORDS)


def _yes(client, story, ring: str):
    return client.post(_at("story-cross", story), {"ring": ring, "digest": story.digest})


def test_who_reads_what(cast, change, team, story, client_of):
    """Each ring holds a canary; who may not read it meets it neither in the list nor on its page.

    A teammate and whoever told it can see it, so that there is something to be seen.
    """
    mate = factories.MembershipFactory(authority=cast.authority, roles=[Role.PRACTITIONER])
    mate.teams.add(team, through_defaults={"authority": cast.authority})
    left = factories.MembershipFactory(authority=cast.other, roles=[Role.PRACTITIONER])
    told = {"change": change, "told_by": cast.practitioner}
    gone = {"removed_at": "2026-11-02T09:00Z"}
    rows = {
        "canary-of-the-team": story,
        "canary-of-nobody": factories.StoryFactory(**told),
        "canary-of-all-here": factories.StoryFactory(ring="authority", **told),
        "canary-of-anyone": factories.StoryFactory(ring="public", **told),
        "canary-taken-away": factories.StoryFactory(ring="public", **told, **gone),
    }
    for words, row in rows.items():
        Story.objects.filter(pk=row.pk).update(teller=words)
    readers = {
        "teller": cast.practitioner,
        "teammate": mate.user,
        "manager": cast.manager,
        "facilitator": cast.facilitator,
        "crescendo": cast.crescendo,
    }
    seen = {}
    for who, user in readers.items():
        client = client_of(user)
        page = client.get(_at("stories")).content.decode()
        seen[who] = {words for words in rows if words in page}
        opened = {w for w, row in rows.items() if client.get(_at("story", row)).status_code == 200}
        assert opened == seen[who]
    all_here = {"canary-of-all-here", "canary-of-anyone"}
    assert seen == {
        "teller": {*all_here, "canary-of-the-team", "canary-of-nobody"},
        "teammate": {*all_here, "canary-of-the-team"},
        "manager": all_here,
        "facilitator": {*all_here, "canary-of-nobody"},
        "crescendo": {*all_here, "canary-of-nobody"},
    }
    for outsider in (cast.outsider, left.user):
        assert client_of(outsider).get(_at("stories")).status_code == 404


def test_telling_one_warns_of_a_name_and_begins_in_the_team(cast, change, team, client_of):
    client = client_of(cast.practitioner)
    sent = {
        "id": "00000000-0000-4000-8000-000000000001",
        "change": change.pk,
        "text": "Mrs Example rang to say thank you.",
        "teller": "A social worker",
        "team": team.pk,
    }
    foreign = {
        "change": factories.SmallChangeFactory(programme=cast.other_programme).pk,
        "team": factories.TeamFactory(authority=cast.other).pk,
        "member": cast.outsider.memberships.get().pk,
    }
    for who in (client, client_of(cast.facilitator)):
        for name in foreign:
            if name == "change" or name in who.get(_at("story-add")).context["form"].fields:
                wrong = sent | {"anyway": "yes", name: foreign[name]}
                assert who.post(_at("story-add"), wrong).status_code == 200
    warned = client.post(_at("story-add"), sent)
    assert (warned.status_code, Story.objects.count()) == (200, 0)
    assert "somebody’s name" in warned.content.decode()
    for _ in range(2):
        assert client.post(_at("story-add"), sent | {"anyway": "yes"}).status_code == 302
    story = Story.objects.get()
    kept = (story.ring, story.team, story.told_by, story.change, story.crossing)
    assert kept == ("team", team, cast.practitioner, change, None)


def test_only_the_teller_lets_it_go_further_and_takes_it_back(cast, story, client_of):
    """Every other role is refused, even where they can read it; the very words are shown first."""
    Story.objects.filter(pk=story.pk).update(team=None)
    for user, status in (
        (cast.manager, 404),
        (cast.facilitator, 403),
        (cast.crescendo, 403),
        (cast.outsider, 404),
    ):
        client = client_of(user)
        assert client.get(_at("story-cross", story)).status_code == status
        for ring in ("authority", "public"):
            assert _yes(client, story, ring).status_code == status
        assert client.post(_at("story-take-back", story)).status_code == status
        assert client.get(_at("story-anew", story)).status_code == status
    story.refresh_from_db()
    assert (story.ring, story.crossings.count()) == ("team", 0)

    teller = client_of(cast.practitioner)
    page = teller.get(_at("story-cross", story)).content.decode()
    shown = (WORDS, story.digest, "can’t be called back")
    assert [words in page for words in shown] == [True] * 3
    other = {"ring": "public", "digest": "0" * 32}
    assert teller.post(_at("story-cross", story), other).status_code == 403
    assert _yes(teller, story, "nowhere").status_code == 400
    for _ in range(2):
        assert _yes(teller, story, "public").status_code == 302
    story.refresh_from_db()
    yes = story.crossings.get()
    assert (story.ring, story.crossing, yes.by) == ("public", yes, cast.practitioner)
    assert list(Story.objects.public()) == [story]

    manager = client_of(cast.manager)
    assert WORDS in manager.get(_at("stories")).content.decode()
    assert manager.post(_at("story-take-back", story)).status_code == 403
    assert manager.post(_at("story-remove", story)).status_code == 403
    assert teller.post(_at("story-take-back", story)).status_code == 302
    assert list(Story.objects.public()) == []
    assert WORDS not in manager.get(_at("stories")).content.decode()
    assert teller.post(_at("story-give-again", story)).status_code == 302
    assert list(Story.objects.public()) == [story]


def test_other_words_are_another_story(cast, story, client_of):
    teller = client_of(cast.practitioner)
    _yes(teller, story, "public")
    sent = {"id": "00000000-0000-4000-8000-000000000002", "text": "Anew.", "teller": "A manager"}
    assert teller.post(_at("story-anew", story), sent).status_code == 302
    anew = Story.objects.standing().get()
    assert (anew.text, anew.ring, anew.team) == ("Anew.", "team", story.team)
    assert list(Story.objects.public()) == []


def test_what_was_taken_away_is_put_back_by_whoever_took_it(cast, story, client_of):
    teller, facilitator = client_of(cast.practitioner), client_of(cast.facilitator)
    _yes(teller, story, "public")
    assert facilitator.post(_at("story-remove", story)).status_code == 302
    assert teller.get(_at("story", story)).status_code == 404
    assert teller.post(_at("story-put-back", story)).status_code == 404
    assert facilitator.post(_at("story-put-back", story)).status_code == 302
    assert teller.post(_at("story-remove", story)).status_code == 302
    assert facilitator.post(_at("story-put-back", story)).status_code == 404
    assert not Story.objects.public().exists()
    assert teller.post(_at("story-put-back", story)).status_code == 302
    assert list(Story.objects.public()) == [story]


def test_written_down_for_somebody_else_it_waits_for_their_yes(cast, change, client_of):
    client = client_of(cast.facilitator)
    sent = {
        "id": "00000000-0000-4000-8000-000000000003",
        "change": change.pk,
        "text": WORDS,
        "teller": "A manager",
        "member": cast.manager.memberships.get().pk,
    }
    assert client.post(_at("story-add"), sent).status_code == 302
    story = Story.objects.get()
    assert (story.told_by, story.team, story.ring) == (cast.manager, None, "team")
    assert _yes(client, story, "authority").status_code == 403
    asked = Notice.objects.get()
    assert (asked.choice.email, asked.choice.kind) == (cast.manager.email, "reply")
    assert story.get_absolute_url() in asked.body
    assert WORDS not in asked.body + asked.subject
    assert _yes(client_of(cast.manager), story, "authority").status_code == 302
    # A practitioner chooses nobody else, and writes for themselves.
    sent |= {"id": "00000000-0000-4000-8000-000000000004"}
    client_of(cast.practitioner).post(_at("story-add"), sent)
    assert Story.objects.get(pk=sent["id"]).told_by == cast.practitioner


def test_a_panel_asks_once_picks_and_says_why(cast, story, client_of):
    """Of what all here may read; the teller hears that it was picked, and no word travels."""
    manager, teller = client_of(cast.manager), client_of(cast.practitioner)
    picked = {"id": "00000000-0000-4000-8000-000000000005", "panel": "Our pod", "why": "It’s us"}
    assert manager.post(_at("story-pick", story), picked).status_code == 404
    _yes(teller, story, "authority")
    assert teller.post(_at("story-ask", story)).status_code == 403
    for _ in range(2):
        assert manager.post(_at("story-ask", story)).status_code == 302
    assert Notice.objects.count() == 1
    assert teller.get(_at("story-pick", story)).status_code == 403
    for _ in range(2):
        assert manager.post(_at("story-pick", story), picked).status_code == 302
    pick = story.picks.get()
    body = " ".join(Notice.objects.values_list("body", flat=True))
    assert Notice.objects.count() == 2
    assert (WORDS in body, "It’s us" in body) == (False, False)
    for url in (_at("stories"), f"{_at('stories')}?picked=yes"):
        page = teller.get(url).content.decode()
        assert [words in page for words in ("Our pod", "It’s us")] == [True, True]
    teller.post(_at("story-take-back", story))
    assert "It’s us" not in teller.get(_at("stories")).content.decode()
    assert manager.post(_at("pick-remove", pick)).status_code == 404
    teller.post(_at("story-give-again", story))
    assert manager.post(_at("pick-remove", pick)).status_code == 302
    assert not story.picks.standing().exists()
    assert manager.post(_at("pick-put-back", pick)).status_code == 302
    assert story.picks.standing().exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(cast, change, client_of, django_assert_num_queries, rows):
    client = client_of(cast.facilitator)
    for _ in range(rows):
        shared = factories.StoryFactory(change=change, ring="public")
        factories.StoryPickFactory(story=shared)
        factories.StoryFactory(change=change)
    with django_assert_num_queries(6):
        assert client.get(_at("stories")).status_code == 200
