"""The blueprint's page, the bench where it is written, its focus, commitments and needs."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from blueprints.models import Blueprint, Commitment, Experiment, Need
from programmes.models import Membership
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

PAGE, BENCH = "/own/blueprint/", "/own/blueprint/edit/"
PK = UUID(int=7)
THEN, LATER = datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 2, 2, 9, tzinfo=UTC)
LINES = [
    pytest.param(Commitment, factories.CommitmentFactory, "commitments", id="commitments"),
    pytest.param(Need, factories.NeedFactory, "needs", id="needs"),
]


def _grow(blueprint, *, pillars: int, experiments: int) -> None:
    for _ in range(pillars):
        pillar = factories.PillarFactory(blueprint=blueprint)
        factories.many_experiments(pillar, experiments)
        factories.CommitmentFactory(blueprint=blueprint)
        factories.NeedFactory(blueprint=blueprint)


# --- reading it


def test_it_works(practitioner, blueprint):
    blueprint.focus = "Early help"
    blueprint.save()
    _grow(blueprint, pillars=2, experiments=3)
    response = practitioner.get(PAGE)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Two pillars, and six experiments that could clear the way." in page
    assert "<b>Our focus:</b> Early help" in page
    assert re.findall(r'<li class="exp" id="(\w+)"', page) == [
        *("p1e1", "p1e2", "p1e3"),
        *("p2e1", "p2e2", "p2e3"),
    ]


def test_who_reads_it_sees_no_way_to_write_it(practitioner, manager, blueprint):
    factories.PillarFactory(blueprint=blueprint)
    seen = {
        who: ("Write the blueprint" in page, "Add an experiment" in page)
        for who, client in (("practitioner", practitioner), ("manager", manager))
        for page in [client.get(PAGE).content.decode()]
    }
    assert seen == {"practitioner": (False, False), "manager": (True, True)}


SIZES = pytest.mark.parametrize(("pillars", "experiments"), [(1, 1), (3, 10), (12, 100)])


@SIZES
def test_query_count_does_not_grow(
    practitioner, manager, blueprint, django_assert_num_queries, pillars, experiments
):
    """Nor does it for those who write it, nor where all that a page can say of a pillar is said."""
    _grow(blueprint, pillars=pillars, experiments=experiments)
    for who in (practitioner, manager):
        with django_assert_num_queries(20):
            who.get(PAGE)
    _live(blueprint)
    for who in (practitioner, manager):
        # One more, which asks for what insights rest on.
        with django_assert_num_queries(21):
            who.get(PAGE)


def _live(blueprint) -> None:
    """Everything that a page can say of a pillar, of each; and a manager for whom much waits."""
    authority = {"authority": blueprint.authority}
    managed, works = (
        blueprint.authority.memberships.get(roles=[role]) for role in ("manager", "practitioner")
    )
    pillars = list(blueprint.pillars.all())
    blueprint.pillars.update(sponsor=managed, practitioner_lead=works)
    insight = factories.InsightFactory(programme=blueprint.programme)
    strand = factories.MissionStrandFactory(programme=blueprint.programme)
    barrier = factories.BarrierFactory(programme=blueprint.programme)
    strand.barriers.add(barrier, through_defaults=authority)
    change = factories.SmallChangeFactory(programme=blueprint.programme, strand=strand)
    factories.EvidenceFactory(insight=insight, change=change)
    aim = factories.AimFactory(programme=blueprint.programme)
    for pillar in pillars:
        pillar.insights.add(insight, through_defaults=authority)
        pillar.aims.add(aim, through_defaults=authority)
        experiment = pillar.experiments.first()
        factories.ObservationFactory(cycle=experiment.cycle)
        factories.AnswerFactory(experiment=experiment, by=managed.user)
    Experiment.objects.update(state="waiting for a yes", waiting_since=timezone.now())


@pytest.mark.parametrize("words", [{}, {"focus": "Early help"}], ids=["empty", "partial"])
def test_a_page_without_a_pillar_asks_for_less(
    practitioner, manager, cast, django_assert_num_queries, words
):
    if words:
        factories.BlueprintFactory(programme=cast.programme, **words)
    for who in (practitioner, manager):
        with django_assert_num_queries(9 if words else 5):
            who.get(PAGE)


def _text(client) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(PAGE).content.decode()).split())


def test_a_pillar_says_whose_voice_is_in_it(practitioner, cast, pillar):
    page = _text(practitioner)
    assert ("Done to? Nobody who" in page, "No owner yet No leader" in page) == (True, True)
    pillar.sponsor, pillar.practitioner_lead = (
        one.memberships.get() for one in (cast.manager, cast.practitioner)
    )
    pillar.save()
    page = _text(practitioner)
    assert "Practitioners and leaders are both heard." in page
    assert "ME Sponsor Manager Example PE Practitioner lead Practitioner Example" in page
    assert ("Done to?" in page, "No owner yet" in page) == (False, False)
    insight = factories.InsightFactory(programme=cast.programme)
    pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    change = factories.SmallChangeFactory(programme=cast.programme)
    for met in factories.MetFactory.create_batch(2, change=change):
        factories.EvidenceFactory(insight=insight, met=met)
    assert "In it: 2 things met in the way and 1 small change." in _text(practitioner)
    cast.manager.memberships.update(ended_at=timezone.now())
    assert "Its sponsor isn’t here as a leader any more." in _text(practitioner)


def test_a_pillar_says_when_it_last_learned_and_goes_pale(practitioner, cast, pillar):
    now = timezone.now()

    def seen():
        body = practitioner.get(PAGE).content.decode()
        line = re.search(r'learned">.*?</p>', body, re.DOTALL).group()
        said = " ".join(re.sub(r"<[^>]+>", " ", f"<{line}").split())
        return said, "is-pale" in body

    assert seen() == ("Hasn’t learned yet", False)
    long_ago = now - timedelta(weeks=5, hours=1)
    pillar.created_at = long_ago
    pillar.save()
    quiet = f"Quiet since {date_format(timezone.localtime(long_ago), 'j F Y')}: what could it"
    assert seen() == (f"Hasn’t learned yet. {quiet} try next?", True)
    experiment = factories.ExperimentFactory(
        pillar=pillar, cycle__decision="adapt", cycle__decided_at=long_ago - timedelta(weeks=1)
    )
    assert seen() == (f"Last learned 1 month ago. {quiet} try next?", True)
    taken_back = factories.ObservationFactory(cycle=experiment.cycle, at=now, removed_at=now)
    elsewhere = factories.ExperimentFactory(pillar=pillar, removed_at=now)
    factories.ObservationFactory(cycle=elsewhere.cycle, at=now)
    assert seen()[1] is True
    taken_back.removed_at = None
    taken_back.save()
    assert seen() == ("Last learned today", False)


def test_an_experiment_says_its_cycle_its_days_and_the_newest_answer(practitioner, cast, pillar):
    experiment = factories.ExperimentFactory(pillar=pillar, title="Take turns", cycle__number=1)
    answer = {"experiment": experiment, "by": cast.manager, "at": THEN}
    factories.AnswerFactory(kind="not yet", words="In May", **answer)
    factories.AnswerFactory(kind="yes if", words="Jo agrees", **answer | {"at": LATER})
    factories.AnswerFactory(kind="yes", removed_at=LATER, **answer | {"at": timezone.now()})
    said = "Take turns Yes, if : Jo agrees Manager Example, 2 February 2026 Idea"
    assert said in _text(practitioner)
    # What was said of the cycle before is read on the experiment's own page.
    factories.LearningCycleFactory(
        experiment=experiment, from_on=date(2026, 3, 2), to_on=date(2026, 4, 1)
    )
    assert "Take turns Cycle 2 · 2 March 2026 to 1 April 2026 Idea" in _text(practitioner)


def test_before_anything_is_written_it_says_what_will_be_here(
    practitioner, manager, cast, client_of
):
    for client, way in (
        (practitioner, "See what we’ve learned so far"),
        (manager, "Write the first insight"),
    ):
        page = client.get(PAGE).content.decode()
        assert ("Nothing is written here yet." in page, way in page) == (True, True)
        # Nothing to print, and nothing that it grew from.
        assert "Print for the meeting" not in page
    cast.programme.delete()
    page = manager.get(PAGE).content.decode()
    assert ("The programme hasn’t begun here yet." in page, "insight" in page) == (True, False)


def test_a_pillar_without_an_experiment_asks_for_one(manager, pillar):
    assert "<b>No experiment here yet.</b>" in manager.get(PAGE).content.decode()


def test_leaders_read_which_experiments_wait_for_a_yes(manager, practitioner, pillar):
    factories.ExperimentFactory(pillar=pillar, title="Being tried", state="trying")
    heading = re.compile(r'<h2 id="waiting">(.*?)</h2>')
    assert heading.findall(manager.get(PAGE).content.decode()) == []
    factories.ExperimentFactory(pillar=pillar, state="waiting for a yes")
    assert heading.findall(manager.get(PAGE).content.decode()) == [
        "Manager, one experiment is waiting for a yes"
    ]
    factories.ExperimentFactory.create_batch(6, pillar=pillar, state="waiting for a yes")
    page = manager.get(PAGE).content.decode()
    assert heading.findall(page) == ["Manager, seven experiments are waiting for a yes"]
    assert "and two more, further down" in page
    assert heading.findall(practitioner.get(PAGE).content.decode()) == []
    # What they sponsor comes first, and then what stands higher.
    own = factories.PillarFactory(
        blueprint=pillar.blueprint, sponsor=Membership.objects.get(user__name="Manager Example")
    )
    theirs = factories.ExperimentFactory(pillar=own, state="waiting for a yes")
    assert manager.get(PAGE).context["reading"].waiting_named[0] == theirs


def test_what_is_made_up_says_so(practitioner, pillar):
    for row, mark in ((pillar, "pillar’s date"), (pillar.blueprint, "focus")):
        row.illustrative = mark
        row.save()
    Blueprint.objects.update(focus="Early help")
    marks = re.findall(r"Illustrative: (.*?)</span>", practitioner.get(PAGE).content.decode())
    assert marks == ["focus", "pillar’s date"]


def test_words_are_shown_as_they_were_typed(practitioner, pillar):
    pillar.title = "<img src=x onerror=alert(1)> & co"
    pillar.save()
    page = practitioner.get(PAGE).content.decode()
    assert ("<img" in page, "&lt;img src=x onerror=alert(1)&gt; &amp; co" in page) == (False, True)


# --- the bench


def test_the_bench_is_for_those_who_write(practitioner, manager, blueprint):
    assert (practitioner.get(BENCH).status_code, manager.get(BENCH).status_code) == (403, 200)


@pytest.mark.parametrize(
    "path", ["edit/", "focus/edit/", "commitments/add/", "needs/add/", "pillars/add/"]
)
def test_without_a_programme_there_is_nothing_to_write(manager, cast, path):
    cast.programme.delete()
    assert manager.get(f"{PAGE}{path}").status_code == 404


@pytest.mark.parametrize(("pillars", "experiments"), [(1, 1), (3, 10), (12, 100)])
def test_the_bench_asks_no_more_of_a_long_blueprint(
    manager, blueprint, django_assert_num_queries, pillars, experiments
):
    _grow(blueprint, pillars=pillars, experiments=experiments)
    with django_assert_num_queries(11):
        manager.get(BENCH)


def test_the_bench_answers_htmx_with_its_parts(manager, blueprint):
    response = manager.get(BENCH, headers=HTMX)
    assert response.content.decode().strip().startswith('<div id="blueprint-parts"')
    assert response["Vary"].count("HX-Request") == 1


# --- the focus


def test_the_first_focus_begins_the_blueprint(manager, cast):
    response = manager.post(f"{PAGE}focus/edit/", {"focus": "Early help", "version": 1})
    assert response["Location"] == BENCH
    assert told(follow(manager, response)) == ["That’s our focus now."]
    blueprint = Blueprint.objects.get()
    assert (blueprint.programme, blueprint.focus) == (cast.programme, "Early help")


def test_htmx_is_sent_on_as_a_whole_page(manager, blueprint):
    response = manager.post(
        f"{PAGE}focus/edit/", {"focus": "Early help", "version": 1}, headers=HTMX
    )
    assert (response.status_code, response["HX-Redirect"]) == (200, BENCH)


def test_a_focus_can_be_emptied(manager, blueprint):
    Blueprint.objects.update(focus="Early help")
    manager.post(f"{PAGE}focus/edit/", {"focus": "", "version": 1})
    assert Blueprint.objects.get().focus == ""


def test_a_focus_that_is_too_long_keeps_what_was_typed(manager, blueprint):
    response = manager.post(f"{PAGE}focus/edit/", {"focus": "w" * 301, "version": 1})
    assert (response.status_code, list(errors(response))) == (200, ["focus"])
    assert "w" * 301 in response.content.decode()
    assert Blueprint.objects.get().focus == ""


def test_two_focuses_at_once_are_shown_beside_each_other(manager, blueprint):
    Blueprint.objects.update(focus="Theirs", version=2)
    response = manager.post(f"{PAGE}focus/edit/", {"focus": "Ours", "version": 1})
    assert response.status_code == 409
    assert [pair[1:] for pair in response.context["both"]] == [("Theirs", "Ours")]
    # The form on that page holds what was typed, at the newest version: sent again, it means it.
    again = response.context["form"].data.dict()
    assert (again["focus"], again["version"]) == ("Ours", "2")
    assert manager.post(f"{PAGE}focus/edit/", again).status_code == 302
    assert Blueprint.objects.get().focus == "Ours"


def test_who_reads_it_changes_no_focus(practitioner, blueprint):
    response = practitioner.post(f"{PAGE}focus/edit/", {"focus": "Ours", "version": 1})
    assert (response.status_code, Blueprint.objects.get().focus) == (403, "")


# --- commitments and needs


@pytest.mark.parametrize(("kind", "factory", "word"), LINES)
def test_a_line_sent_twice_is_one_line(manager, cast, kind, factory, word):
    for _ in range(2):
        response = manager.post(f"{PAGE}{word}/add/", {"id": PK, "text": "Families first"})
        assert response["Location"] == BENCH
    assert told(follow(manager, response)) == ["Added: Families first"] * 2
    assert list(kind.objects.values_list("pk", "text")) == [(PK, "Families first")]


@pytest.mark.parametrize(("kind", "factory", "word"), LINES)
def test_a_line_that_is_there_already_is_told_of(manager, blueprint, kind, factory, word):
    factory(blueprint=blueprint, text="Families first")
    response = manager.post(f"{PAGE}{word}/add/", {"id": PK, "text": "FAMILIES first"})
    assert errors(response) == {"text": ["This is there already, in the same words."]}
    assert 'value="FAMILIES first"' in response.content.decode()
    assert kind.objects.count() == 1


@pytest.mark.parametrize(("kind", "factory", "word"), LINES)
def test_a_line_is_reworded(manager, blueprint, kind, factory, word):
    line = factory(blueprint=blueprint, text="Families")
    address = f"{PAGE}{word}/{line.pk}/edit/"
    assert 'value="Families"' in manager.get(address).content.decode()
    response = manager.post(address, {"text": "Families first", "version": 1})
    assert (response["Location"], kind.objects.get().text) == (BENCH, "Families first")
    stale = manager.post(address, {"text": "Children first", "version": 1})
    assert (stale.status_code, kind.objects.get().text) == (409, "Families first")
    assert [pair[1:] for pair in stale.context["both"]] == [("Families first", "Children first")]


@pytest.mark.parametrize(("kind", "factory", "word"), LINES)
def test_a_line_without_words_is_refused(manager, blueprint, kind, factory, word):
    line = factory(blueprint=blueprint, text="Families")
    response = manager.post(f"{PAGE}{word}/{line.pk}/edit/", {"text": " ", "version": 1})
    assert (response.status_code, list(errors(response))) == (200, ["text"])
    assert kind.objects.get().text == "Families"


@pytest.mark.parametrize(("kind", "factory", "word"), LINES)
def test_a_line_is_taken_away_and_comes_back(manager, blueprint, kind, factory, word):
    line = factory(blueprint=blueprint, text="Families")
    page = follow(manager, manager.post(f"{PAGE}{word}/{line.pk}/remove/"))
    assert (told(page), list(kind.objects.standing())) == (["Taken away: Families"], [])
    assert manager.get(f"{PAGE}{word}/{line.pk}/edit/").status_code == 404
    page = follow(manager, undo(manager, page))
    assert (told(page), list(kind.objects.standing())) == (["It’s back: Families"], [line])


@pytest.mark.parametrize(("kind", "factory", "word"), LINES)
def test_a_line_that_was_written_again_does_not_come_back(manager, blueprint, kind, factory, word):
    line = factory(blueprint=blueprint, text="Families", removed_at=timezone.now())
    again = factory(blueprint=blueprint, text="FAMILIES")
    page = follow(manager, manager.post(f"{PAGE}{word}/{line.pk}/put-back/"))
    assert told(page) == ["Somebody has written this again meanwhile: Families"]
    assert list(kind.objects.standing()) == [again]


@pytest.mark.parametrize(("kind", "factory", "word"), LINES)
def test_a_line_moves_with_and_without_htmx(manager, blueprint, kind, factory, word):
    first, second = factory.create_batch(2, blueprint=blueprint)
    address = f"{PAGE}{word}/{second.pk}/order/"
    response = manager.post(address, {"way": "up"})
    assert (response["Location"], list(kind.objects.standing())) == (BENCH, [second, first])
    assert told(follow(manager, response)) == [f"Moved up: {second}"]
    response = manager.post(address, {"way": "up"}, headers=HTMX)
    assert told(response) == [f"First already: {second}"]
    response = manager.post(address, {"way": "down"}, headers=HTMX)
    body = response.content.decode()
    assert (response.status_code, list(kind.objects.standing())) == (200, [first, second])
    assert body.strip().startswith('<div id="blueprint-parts"')
    # The button that was pressed is there again under its id, so that htmx gives it the focus.
    assert f'id="down-{second.pk}"' in body
    assert 'id="status-line" role="status" hx-swap-oob="true"' in body
    response = manager.post(address, {"way": "down"}, headers=HTMX)
    assert told(response) == [f"Last already: {second}"]


@pytest.mark.parametrize("way", ["", "sideways"])
def test_a_row_moves_up_or_down_alone(manager, blueprint, way):
    line = factories.NeedFactory(blueprint=blueprint)
    response = manager.post(f"{PAGE}needs/{line.pk}/order/", {"way": way})
    assert response.status_code == 400


@pytest.mark.parametrize("verb", ["edit", "order", "remove", "put-back"])
@pytest.mark.parametrize(("kind", "factory", "word"), LINES)
def test_who_reads_it_changes_no_line(practitioner, blueprint, kind, factory, word, verb):
    line = factory(blueprint=blueprint, text="Families")
    sent = {"text": "Others", "version": 1, "way": "up"}
    response = practitioner.post(f"{PAGE}{word}/{line.pk}/{verb}/", sent)
    assert response.status_code == 403
    assert list(kind.objects.standing().values_list("text", "version")) == [("Families", 1)]


def test_a_need_is_no_commitment(manager, blueprint):
    need = factories.NeedFactory(blueprint=blueprint)
    assert manager.get(f"{PAGE}commitments/{need.pk}/edit/").status_code == 404


def test_the_anchor_of_an_experiment_is_where_it_stands(manager, blueprint):
    first, second = factories.PillarFactory.create_batch(2, blueprint=blueprint)
    factories.ExperimentFactory.create_batch(3, pillar=first)
    experiments = factories.ExperimentFactory.create_batch(3, pillar=second)
    context = manager.get(f"{PAGE}experiments/{experiments[2].pk}/").context
    assert (context["anchor"], context["number"]) == ("p2e3", 2)
    manager.post(f"{PAGE}experiments/{experiments[2].pk}/order/", {"way": "up"})
    Experiment.objects.filter(pk=experiments[0].pk).update(removed_at=timezone.now())
    context = manager.get(f"{PAGE}experiments/{experiments[2].pk}/").context
    assert context["anchor"] == "p2e1"
