"""Insights in the browser: what the small changes taught us about the system."""

import re
from uuid import UUID

import pytest
from django.utils import timezone

from blueprints.models import Insight
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

PAGE = "/own/blueprint/insights/"
PK = UUID(int=7)


@pytest.fixture
def insight(cast):
    return factories.InsightFactory(programme=cast.programme, text="Time is short")


def test_it_works(practitioner, cast, insight, pillar):
    change = factories.SmallChangeFactory(programme=cast.programme, title="Stand up")
    insight.changes.add(change, through_defaults={"authority": cast.authority})
    pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    Insight.objects.update(sits_in="culture")
    page = practitioner.get(PAGE).content.decode()
    assert f'From <a href="/own/changes/{change.pk}/">Stand up</a>' in page
    assert 'Grew into <a href="/own/blueprint/#pil1">pillar 1: Partners</a>' in page
    assert ("In our culture" in page, "Write an insight" in page) == (True, False)


def test_the_bar_says_that_insights_are_part_of_the_blueprint(practitioner):
    here = [item.label for item in practitioner.get(PAGE).context["bar"] if item.here]
    assert here == ["Blueprint"]


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(manager, cast, blueprint, django_assert_num_queries, rows):
    for kind in ("barrier", "enabler"):
        for _ in range(rows):
            insight = factories.InsightFactory(programme=cast.programme, kind=kind)
            change = factories.SmallChangeFactory(programme=cast.programme)
            insight.changes.add(change, through_defaults={"authority": cast.authority})
            pillar = factories.PillarFactory(blueprint=blueprint)
            pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    with django_assert_num_queries(10):
        manager.get(PAGE)


def test_before_there_is_one_it_says_what_will_be_here(manager, practitioner, cast):
    page = manager.get(PAGE).content.decode()
    assert re.findall(r'href="(\S+\?kind=\w+)"', page) == [
        f"{PAGE}add/?kind=barrier",
        f"{PAGE}add/?kind=enabler",
    ]
    assert "?kind=" not in practitioner.get(PAGE).content.decode()
    cast.programme.delete()
    assert "?kind=" not in manager.get(PAGE).content.decode()
    assert manager.get(f"{PAGE}add/").status_code == 404


def test_the_link_of_an_empty_list_chooses_the_kind(manager):
    form = manager.get(f"{PAGE}add/?kind=enabler").context["form"]
    assert form["kind"].value() == "enabler"


def test_an_insight_sent_twice_is_one_insight(manager, cast):
    change = factories.SmallChangeFactory(programme=cast.programme)
    sent = {
        "id": PK,
        "text": "Time is short",
        "kind": "barrier",
        "sits_in": "structures",
        "changes": [change.pk],
    }
    for _ in range(2):
        response = manager.post(f"{PAGE}add/", sent)
        assert response["Location"] == PAGE
    insight = Insight.objects.get()
    assert (insight.pk, insight.text, insight.kind) == (PK, "Time is short", "barrier")
    assert (insight.sits_in, list(insight.changes.all())) == ("structures", [change])


def test_an_insight_that_is_not_in_order_keeps_what_was_typed(manager, cast):
    change = factories.SmallChangeFactory(programme=cast.programme)
    sent = {"id": PK, "text": "Typed with care", "kind": "", "changes": [change.pk]}
    response = manager.post(f"{PAGE}add/", sent)
    assert list(errors(response)) == ["kind"]
    assert 'value="Typed with care"' in response.content.decode()
    assert response.context["form"]["changes"].value() == [str(change.pk)]
    assert Insight.objects.count() == 0


def test_an_insight_that_is_there_already_is_told_of(manager, insight):
    sent = {"id": PK, "text": "TIME is short", "kind": "enabler"}
    assert errors(manager.post(f"{PAGE}add/", sent)) == {
        "text": ["This insight is there already, in the same words."]
    }


def test_a_change_of_another_authority_is_refused(manager, cast):
    theirs = factories.SmallChangeFactory(programme=cast.other_programme)
    factories.SmallChangeFactory(programme=cast.programme)
    sent = {"id": PK, "text": "Time is short", "kind": "barrier", "changes": [theirs.pk]}
    response = manager.post(f"{PAGE}add/", sent)
    assert (list(errors(response)), Insight.objects.count()) == (["changes"], 0)


def test_an_insight_is_reworded(manager, cast, insight):
    change = factories.SmallChangeFactory(programme=cast.programme)
    address = f"{PAGE}{insight.pk}/edit/"
    assert 'value="Time is short"' in manager.get(address).content.decode()
    sent = {"text": "Time is shared", "kind": "enabler", "changes": [change.pk], "version": 1}
    response = manager.post(address, sent)
    assert (response["Location"], told(follow(manager, response))) == (
        PAGE,
        ["Got it. The new words are in place."],
    )
    insight.refresh_from_db()
    assert (insight.text, insight.kind, list(insight.changes.all())) == (
        "Time is shared",
        "enabler",
        [change],
    )


def test_two_who_reword_an_insight_are_shown_both_texts(manager, insight):
    Insight.objects.update(text="Theirs", kind="enabler", sits_in="culture", version=2)
    sent = {"text": "Ours", "kind": "barrier", "version": 1}
    response = manager.post(f"{PAGE}{insight.pk}/edit/", sent)
    assert response.status_code == 409
    assert [pair[1:] for pair in response.context["both"]] == [
        ("Theirs", "Ours"),
        ("It’s an enabler: it helps", "It’s a barrier: it gets in the way"),
        ("Culture: what people expect and dare", "We can’t say yet"),
    ]
    insight.refresh_from_db()
    assert insight.text == "Theirs"


def test_an_insight_is_taken_away_and_comes_back_with_its_pillar(manager, cast, insight, pillar):
    pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    page = follow(manager, manager.post(f"{PAGE}{insight.pk}/remove/"))
    assert (told(page), list(Insight.objects.standing())) == (["Taken away: Time is short"], [])
    page = follow(manager, undo(manager, page))
    assert told(page) == ["It’s back: Time is short"]
    assert list(pillar.insights.filter(removed_at=None)) == [insight]


def test_an_insight_that_was_written_again_does_not_come_back(manager, cast, insight):
    Insight.objects.update(removed_at=timezone.now())
    again = factories.InsightFactory(programme=cast.programme, text="TIME is short")
    page = follow(manager, manager.post(f"{PAGE}{insight.pk}/put-back/"))
    assert told(page) == ["Somebody has written this again meanwhile: Time is short"]
    assert list(Insight.objects.standing()) == [again]


def test_an_insight_moves_with_and_without_htmx(manager, cast, insight):
    second = factories.InsightFactory(programme=cast.programme)
    response = manager.post(f"{PAGE}{second.pk}/order/", {"way": "up"})
    assert (response["Location"], list(insight.siblings())) == (PAGE, [second, insight])
    assert told(follow(manager, response)) == [f"Moved up: {second}"]
    response = manager.post(f"{PAGE}{second.pk}/order/", {"way": "down"}, headers=HTMX)
    assert response.content.decode().strip().startswith('<div id="insights-list"')
    assert (told(response), list(insight.siblings())) == (
        [f"Moved down: {second}"],
        [insight, second],
    )


@pytest.mark.parametrize("verb", ["edit", "order", "remove", "put-back"])
def test_who_reads_it_changes_no_insight(practitioner, insight, verb):
    sent = {"text": "Others", "kind": "enabler", "version": 1, "way": "up"}
    assert practitioner.post(f"{PAGE}{insight.pk}/{verb}/", sent).status_code == 403
    assert practitioner.post(f"{PAGE}add/", sent | {"id": PK}).status_code == 403
    kept = Insight.objects.standing().values_list("text", "version")
    assert list(kept) == [("Time is short", 1)]


@pytest.mark.parametrize("verb", ["edit", "order", "remove", "put-back"])
def test_an_insight_of_another_authority_is_not_found(manager, cast, verb):
    theirs = factories.InsightFactory(programme=cast.other_programme, text="Theirs")
    sent = {"text": "Ours", "kind": "enabler", "version": 1, "way": "up"}
    assert manager.post(f"{PAGE}{theirs.pk}/{verb}/", sent).status_code == 404
    assert list(Insight.objects.standing().values_list("text", "version")) == [("Theirs", 1)]
