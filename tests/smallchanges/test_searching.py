"""What words find: endings, half words, slips of a finger, and never another authority's."""

import random
import re

import pytest
from django.utils import timezone

from smallchanges.models import SmallChange, Update
from smallchanges.models.search import query_of
from tests import factories

PAGE = "/own/changes/"


@pytest.fixture
def changes(cast):
    """By title, the changes of an authority in which much is going on."""
    told = {
        "Take turns at the minutes": {"purpose": "So that everybody can listen"},
        "Shared notes": {"why": "Families tell their story three times"},
        "Walk and talk visits": {"impact": "The meetings are shorter", "success": "Less driving"},
        "Quiet hour": {"result": "Reports are written by four", "tracking": "We count calls"},
        "We receive referrals in one inbox": {"purpose": "So that nobody waits"},
    }
    made = {
        title: factories.SmallChangeFactory(programme=cast.programme, title=title, **words)
        for title, words in told.items()
    }
    factories.UpdateFactory(change=made["Quiet hour"], text="The headteacher rang to thank us")
    factories.UpdateFactory(
        change=made["Shared notes"], text="Paediatricians", removed_at=timezone.now()
    )
    return made


def _matching(programme, words: str) -> list[SmallChange]:
    """As the page asks for them."""
    changes = programme.small_changes
    return list(changes.matching(q=words, is_guess=not changes.says(words)))


def _found(programme, words: str) -> list[str]:
    return [change.title for change in _matching(programme, words)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("minute", ["Take turns at the minutes"]),
        ("LISTENING", ["Take turns at the minutes"]),
        ("family stories", ["Shared notes"]),
        ("meeting", ["Walk and talk visits"]),
        ("report", ["Quiet hour"]),
        ("count the calls", ["Quiet hour"]),
        # Still being typed: the last word is not whole yet.
        ("wal", ["Walk and talk visits"]),
        ("everybo", ["Take turns at the minutes"]),
        ("walk and ta", ["Walk and talk visits"]),
        ("in", ["We receive referrals in one inbox"]),
        # What was told of it, as long as nobody took that away.
        ("headteachers", ["Quiet hour"]),
        ("paediatricians", []),
        # Every word must be there, in one place or in several.
        ("turns listen", ["Take turns at the minutes"]),
        ("turns listen calls", []),
        # A slip, where nothing has the words.
        ("minuts", ["Take turns at the minutes"]),
        ("referel", ["We receive referrals in one inbox"]),
        ("qiuet hour", ["Quiet hour"]),
        ("walk adn talk", ["Walk and talk visits"]),
        # Signs are no operators.
        ("!minutes <-> :* ' \\ \" (", ["Take turns at the minutes"]),
        ("'", []),
        ("%", []),
        ("_", []),
        ("zzz", []),
    ],
)
def test_words_find(cast, changes, words, found):
    assert sorted(_found(cast.programme, words)) == found


def test_a_title_that_comes_close_is_said_to_be_a_guess(cast, changes, practitioner):
    said = "Nothing has just these words. These titles come close."
    for words, is_guess in {"minute": False, "referel": True, "zzz": False}.items():
        assert (said in practitioner.get(PAGE, {"q": words}).content.decode()) == is_guess


def test_best_matches_come_first_unless_somebody_sorts(cast, practitioner):
    for title, words in {
        "Apples": {"why": "They come by bus"},
        "Pears": {"purpose": "So that the bus waits"},
        "The bus": {},
    }.items():
        factories.SmallChangeFactory(programme=cast.programme, title=title, **words)

    def titles(**query) -> list[str]:
        page = practitioner.get(PAGE, {"as": "table", "q": "bus", **query}).content.decode()
        return re.findall(r'<th scope="row"><a [^>]*>([^<]*)', page)

    assert titles() == ["The bus", "Pears", "Apples"]
    assert titles(sort="title") == ["Apples", "Pears", "The bus"]


def test_the_words_to_look_for_are_kept_up_to_date(cast, changes):
    minutes = changes["Take turns at the minutes"]
    minutes.title = "Rota"
    minutes.save()
    SmallChange.objects.filter(pk=minutes.pk).update(purpose="So that somebody writes")
    assert (_found(cast.programme, "listen"), _found(cast.programme, "rota")) == ([], ["Rota"])
    assert _found(cast.programme, "writes") == ["Rota"]
    Update.objects.filter(change=changes["Quiet hour"]).update(text="Nothing to tell")
    assert _found(cast.programme, "headteacher") == []


def test_a_page_does_not_fetch_what_is_only_searched(cast, changes):
    read = cast.programme.small_changes.get(title="Quiet hour")
    assert read.get_deferred_fields() == {"search"}
    assert query_of("!? …") is None


def test_two_hundred_words_find_nothing_of_another_authority(cast, client_of):
    """`reliability.md`, T4: every word of theirs is looked for, and parts and slips of them."""
    chance = random.Random(4)
    letters = "bcdfghklmnprstvwz"
    words = ["".join(chance.choices(letters + "aeiou", k=8)) for _ in range(60)]
    for number in range(10):
        six = words[number * 6 : number * 6 + 6]
        theirs = factories.SmallChangeFactory(
            programme=cast.other_programme,
            title=f"canary {six[0]} {six[1]}",
            purpose=f"canary {six[2]}",
            why=six[3],
            impact=six[4],
        )
        factories.UpdateFactory(change=theirs, text=f"canary {six[5]}")
        factories.SmallChangeFactory(programme=cast.programme, title=f"Ours {number}")
    terms = [*words, *(word[:4] for word in words), *(word[:3] + word[4:] for word in words)]
    terms += [f"canary {word}" for word in words[:18]] + ["canary", "canar"]
    assert len(terms) == 200
    found = [
        change.title
        for term in terms
        for change in _matching(cast.programme, term)
        if change.authority_id != cast.authority.pk or "canary" in change.title
    ]
    assert found == []
    own, other = client_of(cast.practitioner), client_of(cast.outsider)
    for term in (*words[:6], "canary"):
        assert "canary" not in own.get("/own/changes.csv", {"q": term}).content.decode()
        # It is there to be found.
        assert "canary" in other.get("/other/changes.csv", {"q": term}).content.decode()
    for view in ("lines", "board", "table"):
        page = own.get(PAGE, {"as": view, "q": words[0]}).content.decode()
        assert ("canary" in page, "No changes match." in page) == (False, True)
