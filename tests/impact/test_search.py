"""Searching across everything: each finds what their own pages show, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from impact.search_kinds import KINDS
from programmes.models import MembershipTeam
from tests import factories

PAGE = "/own/search/"
WORD = "wombat"
# What everybody here may read; the others are tried one by one.
FOR_ALL = {kind.name for kind in KINDS}


def _found(client, words: str = WORD, **more) -> dict[str, list[str]]:
    """What the page shows, by kind."""
    answer = client.get(PAGE, {"q": words} | more)
    assert answer.status_code == 200
    shown = answer.context["answer"]
    return {
        one.kind.name: ["".join(said for _, said in hit.title) for hit in one.hits]
        for one in (shown.found if shown else [])
    }


def _one_of_each(programme, words: str = WORD) -> dict:
    """A row of each kind that everybody may read, by the kind's name."""
    authority = programme.authority
    blueprint = factories.BlueprintFactory(programme=programme)
    change = factories.SmallChangeFactory(programme=programme, title=f"{words} change")
    pillar = factories.PillarFactory(blueprint=blueprint, title=f"{words} pillar")
    workshop = factories.WorkshopFactory(programme=programme, title=f"{words} workshop")
    talk = factories.ActivityFactory(
        workshop=workshop, kind="discuss", title="Talk", opened_at=timezone.now()
    )
    survey = factories.SurveyFactory(programme=programme, state="open")
    of_change = {"change": change}
    return {
        "changes": change,
        "strands": factories.MissionStrandFactory(programme=programme, title=f"{words} strand"),
        "barriers": factories.BarrierFactory(programme=programme, text=f"{words} barrier"),
        "values": factories.ValueFactory(programme=programme, text=f"{words} value"),
        "opposites": factories.OppositeFactory(programme=programme, text=f"{words} opposite"),
        "principles": factories.PrincipleFactory(programme=programme, text=f"{words} principle"),
        "updates": factories.UpdateFactory(**of_change, text=f"{words} update"),
        "steps": factories.StepFactory(**of_change, text=f"{words} step"),
        "met": factories.MetFactory(**of_change, text=f"{words} met"),
        "measures": factories.MeasureFactory(**of_change, what=f"{words} measure"),
        "asks": factories.AskFactory(**of_change, what=f"{words} ask"),
        "rules": factories.RuleFactory(authority=authority, text=f"{words} rule"),
        "offered": factories.OfferedFactory(authority=authority, text=f"{words} offered"),
        "insights": factories.InsightFactory(programme=programme, text=f"{words} insight"),
        "pillars": pillar,
        "experiments": factories.ExperimentFactory(pillar=pillar, title=f"{words} experiment"),
        "commitments": factories.CommitmentFactory(blueprint=blueprint, text=f"{words} commitment"),
        "needs": factories.NeedFactory(blueprint=blueprint, text=f"{words} need"),
        "workshops": workshop,
        "agreed": factories.AgreementFactory(activity=talk, outcome=f"{words} agreed"),
        "stories": factories.StoryFactory(**of_change, text=f"{words} story", ring="authority"),
        "questions": factories.QuestionFactory(survey=survey, text=f"{words} question"),
        "people": factories.MembershipFactory(
            authority=authority, roles=["practitioner"], user__name=f"{words} person"
        ),
    }


def test_everybody_finds_one_of_each_kind_and_where_it_is(cast, client_of):
    rows = _one_of_each(cast.programme)
    assert rows.keys() == FOR_ALL
    for user in (cast.practitioner, cast.manager, cast.facilitator, cast.crescendo):
        client = client_of(user)
        assert _found(client).keys() == FOR_ALL
    for found in client.get(PAGE, {"q": WORD}).context["answer"].found:
        for hit in found.hits:
            if found.kind.name != "questions":
                assert client.get(hit.url).status_code == 200


def test_nothing_of_another_authority_is_found(cast, client_of):
    _one_of_each(cast.other_programme)
    assert _found(client_of(cast.facilitator)) == {}
    assert client_of(cast.outsider).get("/other/search/", {"q": WORD}).context["answer"].total > 20
    assert client_of(cast.outsider).get(PAGE).status_code == 404


def test_what_was_taken_away_is_not_found(cast, client_of):
    """Nor what stands in it, what was joined, and people who left."""
    rows = _one_of_each(cast.programme)
    stays = {"changes", "agreed", "workshops"}
    for name, row in rows.items():
        if name == "people":
            row.ended_at = timezone.now()
        elif name == "questions":
            row = row.survey
            row.removed_at = timezone.now()
        elif name not in stays:
            row.removed_at = timezone.now()
        row.save()
    client = client_of(cast.facilitator)
    assert _found(client).keys() == stays
    whole = factories.SmallChangeFactory(programme=cast.programme, title="Another")
    rows["changes"].merged_into = whole
    rows["changes"].save()
    assert _found(client).keys() == stays - {"changes"}


@pytest.fixture
def kept_from_others(cast):
    """What not everybody may read: each with a word of its own."""
    change = factories.SmallChangeFactory(programme=cast.programme)
    team = factories.TeamFactory(authority=cast.authority)
    membership = cast.manager.memberships.get()
    MembershipTeam.objects.create(authority=cast.authority, membership=membership, team=team)
    factories.StoryFactory(change=change, team=team, text=f"{WORD} of the manager’s team")
    factories.StoryFactory(
        change=change, told_by=cast.practitioner, text=f"{WORD} of the practitioner"
    )
    draft = factories.SurveyFactory(programme=cast.programme)
    factories.QuestionFactory(survey=draft, text=f"{WORD} of a draft")
    # Nobody at all: raw notes, talks that have not begun, and what may name somebody.
    activity = factories.ActivityFactory(
        opened_at=timezone.now(), workshop__programme=cast.programme
    )
    factories.NoteFactory(activity=activity, text=f"{WORD} note")
    talk = factories.ActivityFactory(kind="discuss", workshop=activity.workshop)
    factories.AgreementFactory(activity=talk, outcome=f"{WORD} too early")
    factories.OfferedFactory(authority=cast.authority, text=f"{WORD} held", held_for="guard")


OF_NO_TEAM = {"stories": [f"{WORD} of the practitioner"]}


@pytest.mark.parametrize(
    ("who", "finds"),
    [
        ("practitioner", OF_NO_TEAM),
        ("manager", {"stories": [f"{WORD} of the manager’s team"]}),
        # A story that was told to no team is its teller’s, and the facilitators’.
        ("facilitator", {**OF_NO_TEAM, "questions": [f"{WORD} of a draft"]}),
        ("crescendo", {**OF_NO_TEAM, "questions": [f"{WORD} of a draft"]}),
    ],
)
def test_rings_hold(cast, client_of, kept_from_others, who, finds):
    assert _found(client_of(getattr(cast, who))) == finds


def test_addresses_of_people_find_nobody(cast, client_of):
    factories.MembershipFactory(
        authority=cast.authority, user__name="Jo Example", user__email=f"{WORD}@own.example"
    )
    client = client_of(cast.practitioner)
    assert _found(client, "Jo Example") == {"people": ["Jo Example"]}
    assert _found(client) == {}


def test_what_people_wrote_is_escaped_and_marked(cast, client_of):
    attack = "<img src=x onerror=alert(1)> meetings </mark>"
    factories.SmallChangeFactory(programme=cast.programme, title=attack, why=f"{attack} again")
    body = client_of(cast.facilitator).get(PAGE, {"q": "meeting <b>x"}).content.decode()
    assert ("<img" in body, "<b>x" in body, "&lt;b&gt;x" in body) == (False, False, True)
    body = client_of(cast.facilitator).get(PAGE, {"q": "meeting"}).content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt; <mark>meetings</mark> &lt;/mark&gt;" in body
    assert "<img" not in body


def test_endings_and_slips_are_forgiven_and_the_best_comes_first(cast, client_of):
    client = client_of(cast.practitioner)
    for title, why in (
        ("Visits to the family", ""),
        ("Paper", "Families wait for it"),
        ("Tea", ""),
    ):
        factories.SmallChangeFactory(programme=cast.programme, title=title, why=why)
    factories.BarrierFactory(programme=cast.programme, text="Minutes fall to the social worker")
    assert _found(client, "families") == {"changes": ["Visits to the family", "Paper"]}
    assert _found(client, "minuets") == {"barriers": ["Minutes fall to the social worker"]}
    assert client.get(PAGE, {"q": "minuets"}).context["answer"].is_guess
    assert _found(client, "zebra") == _found(client, "!!") == {}


def test_equals_come_newest_first_and_one_kind_has_pages(cast, client_of):
    rows = [
        factories.BarrierFactory(programme=cast.programme, text=f"{WORD} {number:02}")
        for number in range(27)
    ]
    for number, row in enumerate(rows):
        row.created_at = timezone.now() - timedelta(days=number)
        row.save()
    client = client_of(cast.practitioner)
    assert _found(client) == {"barriers": [f"{WORD} {number:02}" for number in range(5)]}
    assert len(_found(client, kind="barriers")["barriers"]) == 25
    assert _found(client, kind="barriers", page="2") == {"barriers": [f"{WORD} 25", f"{WORD} 26"]}
    assert len(_found(client, kind="barriers", page="9")["barriers"]) == 25
    answer = client.get(PAGE, {"q": WORD})
    assert f"{PAGE}?q={WORD}&amp;kind=barriers" in answer.content.decode()
    assert _found(client, kind="values") == {}
    assert {client.get(PAGE, {"q": WORD, "page": page}).status_code for page in ("x", "0")} == {200}


def test_before_a_search_and_after_one_that_found_nothing_there_is_a_way_on(cast, client_of):
    factories.BarrierFactory(programme=cast.programme, text="Minutes fall to us")
    client = client_of(cast.practitioner)
    page = client.get(PAGE).content.decode()
    assert f'<a href="{PAGE}?q=Minutes%20fall%20to%20us">Minutes fall to us</a>' in page
    page = client.get(PAGE, {"q": "zebra"}).content.decode()
    assert ("Nothing found for “zebra”" in page, "/own/inbox/add/" in page) == (True, True)
    assert not re.search(r"\bNone\b", page)


@pytest.mark.parametrize("number", [1, 3])
def test_a_search_asks_as_often_however_much_it_finds(
    cast, client_of, number, django_assert_num_queries
):
    for place in range(number):
        factories.BarrierFactory(programme=cast.programme, text=f"{WORD} {place}")
    client = client_of(cast.facilitator)
    with django_assert_num_queries(6):
        client.get(PAGE, {"q": WORD})
