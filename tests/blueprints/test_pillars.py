"""Writing pillars in the browser."""

from uuid import UUID

import pytest
from django.utils import timezone

from blueprints.models import Blueprint, Pillar
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

PAGE, BENCH = "/own/blueprint/", "/own/blueprint/edit/"
PILLARS = f"{PAGE}pillars/"
PK = UUID(int=7)


def test_a_pillar_sent_twice_is_one_pillar(manager, cast):
    insight = factories.InsightFactory(programme=cast.programme)
    sent = {
        "id": PK,
        "title": "Partners",
        "so_that": "so that nobody is passed on",
        "sponsor": cast.manager.memberships.get().pk,
        "practitioner_lead": cast.practitioner.memberships.get().pk,
        "insights": [insight.pk],
    }
    assert manager.get(f"{PILLARS}add/").status_code == 200
    for _ in range(2):
        response = manager.post(f"{PILLARS}add/", sent)
        assert response["Location"] == BENCH
    pillar = Pillar.objects.get()
    assert (pillar.pk, pillar.title, pillar.so_that) == (PK, sent["title"], sent["so_that"])
    assert (pillar.sponsor.user, pillar.practitioner_lead.user) == (cast.manager, cast.practitioner)
    assert (list(pillar.insights.all()), pillar.blueprint.programme) == ([insight], cast.programme)


def test_a_pillar_that_is_not_in_order_keeps_what_was_typed(manager, cast):
    insight = factories.InsightFactory(programme=cast.programme)
    sent = {"id": PK, "title": "", "so_that": "Typed with care", "insights": [insight.pk]}
    response = manager.post(f"{PILLARS}add/", sent)
    assert (response.status_code, list(errors(response))) == (200, ["title"])
    page = response.content.decode()
    assert 'value="Typed with care"' in page
    assert str(PK) in page
    assert (response.context["form"]["insights"].value(), Pillar.objects.count()) == (
        [str(insight.pk)],
        0,
    )
    assert Blueprint.objects.count() == 0


def test_a_title_that_is_there_already_is_told_of(manager, pillar):
    response = manager.post(f"{PILLARS}add/", {"id": PK, "title": "PARTNERS"})
    assert errors(response) == {"title": ["There’s a pillar with this title already."]}


def test_rows_of_another_authority_are_refused(manager, cast, other_blueprint):
    theirs = {
        "sponsor": cast.outsider.memberships.get().pk,
        "practitioner_lead": cast.outsider.memberships.get().pk,
        "insights": [factories.InsightFactory(programme=cast.other_programme).pk],
    }
    response = manager.post(f"{PILLARS}add/", {"id": PK, "title": "Partners"} | theirs)
    assert (sorted(errors(response)), Pillar.objects.count()) == (sorted(theirs), 0)


def test_a_pillar_is_reworded(manager, pillar):
    address = f"{PILLARS}{pillar.pk}/edit/"
    assert 'value="Partners"' in manager.get(address).content.decode()
    response = manager.post(address, {"title": "Good partners", "version": 1})
    assert response["Location"] == BENCH
    assert told(follow(manager, response)) == ["Got it. The pillar reads: Good partners"]
    pillar.refresh_from_db()
    assert (pillar.title, pillar.version) == ("Good partners", 2)


def test_two_who_reword_a_pillar_are_shown_all_of_both(manager, cast, pillar):
    sponsor = cast.manager.memberships.get()
    Pillar.objects.update(title="Theirs", so_that="their aim", sponsor=sponsor, version=2)
    insights = [
        factories.InsightFactory(programme=cast.programme, text=text) for text in ("One", "Two")
    ]
    pillar.insights.set(insights, through_defaults={"authority": cast.authority})
    sent = {"title": "Ours", "so_that": "our aim", "insights": [insights[0].pk], "version": 1}
    response = manager.post(f"{PILLARS}{pillar.pk}/edit/", sent)
    assert response.status_code == 409
    assert response.context["both"] == [
        ("What is this pillar about?", "Theirs", "Ours"),
        ("So that…", "their aim", "our aim"),
        ("Sponsor", "Manager Example, manager", "Nobody yet"),
        ("Which insights did it grow from?", "One\nTwo", "One"),
    ]
    pillar.refresh_from_db()
    assert (pillar.title, pillar.so_that) == ("Theirs", "their aim")


def test_a_pillar_goes_with_its_experiments_and_comes_back(manager, pillar):
    experiments = factories.ExperimentFactory.create_batch(2, pillar=pillar)
    address = f"{PILLARS}{pillar.pk}/remove/"
    page = manager.get(address)
    assert list(page.context["experiments"]) == experiments
    assert "Take the pillar away, with two experiments" in page.content.decode()
    page = follow(manager, manager.post(address, {"experiments": 2}))
    assert told(page) == ["Taken away: Partners"]
    assert list(Pillar.objects.standing()) == []
    # A second press of the button wanted no more than that.
    assert manager.post(address, {"experiments": 2}).status_code == 302
    assert (manager.get(address).status_code, page.status_code) == (404, 200)
    page = follow(manager, undo(manager, page))
    assert told(page)[-1] == "It’s back, with its experiments: Partners"
    assert list(pillar.experiments.standing()) == experiments


def test_experiments_that_came_meanwhile_are_shown_before_they_go(manager, pillar):
    experiment = factories.ExperimentFactory(pillar=pillar)
    response = manager.post(f"{PILLARS}{pillar.pk}/remove/", {"experiments": 0})
    assert (response.status_code, response.context["surprised"]) == (200, True)
    assert "Its experiments changed while you were here." in response.content.decode()
    assert list(pillar.experiments.standing()) == [experiment]


@pytest.mark.parametrize("sent", [{}, {"experiments": ""}, {"experiments": "-1"}])
def test_a_pillar_does_not_go_unless_somebody_saw_what_goes_along(manager, pillar, sent):
    response = manager.post(f"{PILLARS}{pillar.pk}/remove/", sent)
    assert (response.status_code, list(Pillar.objects.standing())) == (200, [pillar])


def test_a_pillar_whose_title_is_there_again_stays_away(manager, pillar):
    Pillar.objects.update(removed_at=timezone.now())
    again = factories.PillarFactory(blueprint=pillar.blueprint, title="partners")
    page = follow(manager, manager.post(f"{PILLARS}{pillar.pk}/put-back/"))
    assert told(page) == ["There’s a new pillar with the same title by now: Partners"]
    assert list(Pillar.objects.standing()) == [again]


def test_a_pillar_moves_with_its_number(manager, blueprint):
    first, second = factories.PillarFactory.create_batch(2, blueprint=blueprint)
    response = manager.post(f"{PILLARS}{second.pk}/order/", {"way": "up"}, headers=HTMX)
    numbers = {one.pillar: one.number for one in response.context["reading"].pillars}
    assert numbers == {second: 1, first: 2}


@pytest.mark.parametrize("verb", ["edit", "order", "remove", "put-back"])
def test_who_reads_it_changes_no_pillar(practitioner, pillar, verb):
    sent = {"title": "Others", "version": 1, "way": "up", "experiments": 0}
    assert practitioner.post(f"{PILLARS}{pillar.pk}/{verb}/", sent).status_code == 403
    assert practitioner.post(f"{PILLARS}add/", sent | {"id": PK}).status_code == 403
    assert list(Pillar.objects.standing().values_list("title", "version")) == [("Partners", 1)]


@pytest.mark.parametrize("verb", ["edit", "order", "remove", "put-back"])
def test_a_pillar_of_another_authority_is_not_found(manager, other_blueprint, verb):
    theirs = factories.PillarFactory(blueprint=other_blueprint, title="Theirs")
    sent = {"title": "Ours", "version": 1, "way": "up", "experiments": 0}
    assert manager.post(f"{PILLARS}{theirs.pk}/{verb}/", sent).status_code == 404
    assert list(Pillar.objects.standing().values_list("title", "version")) == [("Theirs", 1)]
