"""The improvement plan's aims beside the blueprint: read both ways, and written one or many."""

import re
from uuid import UUID

import pytest
from django.utils import timezone

from blueprints.forms.aims import read_aims
from blueprints.models import Aim, PillarAim
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

PAGE, PLAN = "/own/blueprint/", "/own/blueprint/improvement-plan/"
PK = UUID(int=7)
PASTED = "2.3\tFamilies get help early\r\n\r\n A-1 –  Short   waits \r\n"


def _aim(cast, **words):
    return factories.AimFactory(programme=cast.programme, **words)


def _serve(aim, *pillars) -> None:
    aim.pillars.add(*pillars, through_defaults={"authority": aim.authority})


def _words(client, path=PLAN) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(path).content.decode()).split())


def test_the_plan_is_read_both_ways(practitioner, manager, cast, blueprint):
    partners, paper = (
        factories.PillarFactory(blueprint=blueprint, title=title) for title in ("Partners", "Paper")
    )
    for state in ("idea", "trying", "trying"):
        factories.ExperimentFactory(pillar=partners, state=state)
    served, alone = _aim(cast, code="2.3", title="Help early"), _aim(cast, code="4", title="Waits")
    gone = _aim(cast, code="5", title="Gone", removed_at=timezone.now())
    _serve(served, partners)
    _serve(gone, partners)
    page = _words(practitioner)
    assert "2.3 Help early Pillar 1: Partners 2 being tried 1 idea" in page
    assert "4 Waits No pillar serves this yet" in page
    assert "One of the two aims has no pillar that serves it yet." in page
    assert "Pillar 1: Partners 2 being tried 1 idea 2.3 Help early" in page
    assert "Pillar 2: Paper No experiment yet Serves no aim of the plan yet" in page
    assert "One of the two pillars serves no aim of the plan." in page
    assert ("Gone" in page, "Add an aim" in page) == (False, False)
    assert "Add an aim" in _words(manager)
    assert "Serves aim 2.3 Help early" in _words(practitioner, PAGE)
    _serve(alone, partners, paper)
    page = _words(practitioner)
    assert "Each of the two aims is served by a pillar." in page
    assert "Each of the two pillars serves an aim of the plan." in page
    assert "Serves aims 2.3 Help early and 4 Waits" in _words(practitioner, PAGE)


def test_before_there_is_an_aim_it_says_what_will_be_here(practitioner, manager, cast):
    assert "Read the blueprint" in _words(practitioner)
    assert "Paste the plan’s aims" in _words(manager)
    cast.programme.delete()
    assert "The programme hasn’t begun here yet." in _words(manager)
    assert manager.get(f"{PLAN}add/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(manager, cast, blueprint, django_assert_num_queries, rows):
    for _ in range(rows):
        pillar = factories.PillarFactory(blueprint=blueprint)
        factories.ExperimentFactory.create_batch(rows, pillar=pillar)
        _serve(_aim(cast), pillar)
    with django_assert_num_queries(8):
        manager.get(PLAN)


def test_either_form_writes_the_same_rows(manager, cast, blueprint, pillar):
    aim = {"code": "2.3", "title": "Help early", "pillars": [pillar.pk]}
    for _ in range(2):
        response = manager.post(f"{PLAN}add/", aim | {"id": PK})
        assert response["Location"] == PLAN
    made = Aim.objects.get()
    assert list(PillarAim.objects.values_list("pillar", "aim")) == [(pillar.pk, PK)]
    # The pillar's form shows it ticked, and takes the tick away; the aim's form sets it again.
    address = f"{PAGE}pillars/{pillar.pk}/edit/"
    assert re.search(rf'value="{PK}"[^>]*checked', manager.get(address).content.decode())
    manager.post(address, {"title": "Partners", "version": 1})
    assert PillarAim.objects.count() == 0
    address = f"{PLAN}{made.pk}/edit/"
    manager.post(address, aim | {"version": 1, "link": "HTTPS://council.example/plan"})
    made.refresh_from_db()
    assert (made.link, list(made.pillars.all())) == ("https://council.example/plan", [pillar])
    # A tick at a pillar that is away for now stays for its coming back.
    pillar.removed_at = timezone.now()
    pillar.save()
    manager.post(address, aim | {"version": 2, "pillars": []})
    assert list(made.pillars.all()) == [pillar]
    stale = manager.post(address, aim | {"version": 1, "title": "Earlier help", "pillars": []})
    assert stale.status_code == 409
    assert [pair[1:] for pair in stale.context["both"]] == [("Help early", "Earlier help")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", ""),
        ("code", "a1"),
        ("title", " "),
        ("title", "w" * 201),
        ("link", "http://council.example/"),
        ("link", "javascript:alert(1)"),
        ("pillars", [PK]),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(manager, cast, pillar, field, value):
    _aim(cast, code="A1")
    sent = {"id": PK, "code": "2.3", "title": "Help early", field: value}
    response = manager.post(f"{PLAN}add/", sent)
    assert (response.status_code, list(errors(response))) == (200, [field])
    assert Aim.objects.count() == 1


def test_an_aim_goes_comes_back_and_moves(manager, practitioner, cast):
    first, second = _aim(cast, code="1"), _aim(cast, code="2")
    response = manager.post(f"{PLAN}{second.pk}/order/", {"way": "up"}, headers=HTMX)
    assert response.content.decode().strip().startswith('<div id="aims-list"')
    assert list(Aim.objects.standing()) == [second, first]
    page = follow(manager, manager.post(f"{PLAN}{first.pk}/remove/"))
    assert told(page) == [f"Taken away: {first}"]
    assert manager.get(f"{PLAN}{first.pk}/edit/").status_code == 404
    page = follow(manager, undo(manager, page))
    assert told(page) == [f"It’s back: {first}"]
    follow(manager, manager.post(f"{PLAN}{first.pk}/remove/"))
    _aim(cast, code="1")
    page = follow(manager, manager.post(f"{PLAN}{first.pk}/put-back/"))
    assert told(page) == [f"There’s another aim with its number by now: {first}"]
    assert practitioner.post(f"{PLAN}{second.pk}/remove/").status_code == 403


def test_a_list_is_shown_before_it_is_added_and_added_once(manager, cast):
    shown = manager.post(f"{PLAN}add-many/", {"id": PK, "lines": PASTED})
    assert shown.context["aims"] == [("2.3", "Families get help early"), ("A-1", "Short waits")]
    assert (Aim.objects.count(), "these two aims" in shown.content.decode()) == (0, True)
    # What was typed goes along out of sight, lines and all, and comes back to be changed.
    form = shown.context["form"]
    assert (form["lines"].value(), form["lines"].is_hidden) == (PASTED, True)
    again = manager.post(f"{PLAN}add-many/", {"id": PK, "lines": PASTED, "again": "on"})
    assert (again.context["aims"], again.context["form"]["lines"].is_hidden) == ([], False)
    for _ in range(2):
        sure = manager.post(f"{PLAN}add-many/", {"id": PK, "lines": PASTED, "sure": "on"})
        assert told(follow(manager, sure)) == ["Added: 2 aims"]
    assert list(Aim.objects.values_list("code", "title")) == shown.context["aims"]


def test_a_list_with_a_mistake_adds_nothing_and_says_which_line(manager, cast):
    _aim(cast, code="2.3")
    lines = "1 - One\nno dash\n2.3 - Taken\n1 - Again\n\n" + "8 -\n" * 4
    response = manager.post(f"{PLAN}add-many/", {"id": PK, "lines": lines, "sure": "on"})
    assert errors(response) == {
        "lines": [
            "Line 2: put a tab or a dash between the number and the aim.",
            "Line 3: there’s an aim 2.3 already.",
            "Line 4: 1 is on line 1 already.",
            *(f"Line {n}: put a tab or a dash between the number and the aim." for n in (6, 7)),
            "And 2 more like these.",
        ]
    }
    assert (Aim.objects.count(), "no dash" in response.content.decode()) == (1, True)
    for words, said in (
        (" \n", "Paste at least one aim."),
        ("x - y\n" * 201, "There are 201 lines here. Add up to 200 at a time."),
        ("x" * 60_001, "This is too long for us to read. Paste it in smaller parts."),
    ):
        response = manager.post(f"{PLAN}add-many/", {"id": PK, "lines": words})
        assert errors(response) == {"lines": [said]}


def test_numbers_and_aims_are_told_apart_as_people_write_them():
    lines = [
        "2.3 Wait - less",
        "A-1 - Early-help",
        "2—Long",
        "3- Dash",
        f"{'c' * 21} - T",
        "4\tA - b",
    ]
    aims, wrong = read_aims(enumerate(lines, 1), taken=set())
    assert aims == [("2.3 Wait", "less"), ("A-1", "Early-help"), ("3", "Dash"), ("4", "A - b")]
    assert wrong == [
        "Line 3: put a tab or a dash between the number and the aim.",
        "Line 5: the number is longer than 20 characters.",
    ]
