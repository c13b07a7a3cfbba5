"""Step 1 in the browser: the four lists, read and narrowed."""

import re
from uuid import uuid4

import pytest

from programmes.actions import ambition as actions
from programmes.models import (
    Barrier,
    Gift,
    TemperatureFinding,
    WayOfWorking,
)
from tests import factories
from tests.answers import HTMX, follow
from tests.statements import (
    FACTORIES,
    MODELS,
    address_of,
    is_region,
    make,
    meet,
    shown_in,
)

# --- reading


def test_everybody_reads_the_four_lists_in_their_order(cast, practitioner):
    for kind in MODELS:
        make(cast, kind, f"{kind} b", f"{kind} a")
        FACTORIES[kind](programme=cast.other_programme, text=f"{kind} elsewhere")
    page = practitioner.get("/own/ambition/")
    assert {kind: shown_in(page, kind) for kind in MODELS} == {
        kind: [f"{kind} b", f"{kind} a"] for kind in MODELS
    }
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page.content.decode()) == ["Our ambition"]


def test_who_may_not_change_the_lists_gets_no_form_and_no_buttons(cast, practitioner, facilitator):
    make(cast, "values", "Honesty")
    page = practitioner.get("/own/ambition/?change=values&added=values")
    shown = page.context["lists"]["values"]
    assert (shown.form, shown.changing) == (None, False)
    assert re.findall(r'<form[^>]*method="post"', page.content.decode()) == []
    assert facilitator.get("/own/ambition/?change=values").context["lists"]["values"].changing


def test_a_barrier_leads_to_what_became_of_it(cast, practitioner):
    barrier, _ = make(cast, "barriers", "Too many forms", "No time")
    strand = factories.MissionStrandFactory(programme=cast.programme, title="Fewer forms")
    strand.barriers.add(barrier, through_defaults={"authority": cast.authority})
    page = practitioner.get("/own/ambition/").content.decode()
    assert re.findall(r'<a class="strandlink" href="([^"]*)">', page) == [strand.get_absolute_url()]


def test_each_row_says_where_it_came_from_and_what_is_made_up(cast, practitioner):
    rows = {
        "As in the file": {"source": "journey file", "source_ref": "as in the FILE"},
        "Better words": {"source": "journey file", "source_ref": "Other words"},
        "From the wall": {"source": "workshop note", "source_ref": "1"},
        "By hand": {"created_by": cast.facilitator, "illustrative": "wording"},
    }
    for text, fields in rows.items():
        factories.BarrierFactory(programme=cast.programme, text=text, **fields)
    day = "24 November 2026"
    Barrier.objects.update(created_at="2026-11-24T12:00:00Z")
    text = practitioner.get("/own/ambition/").content.decode()
    found = re.findall(r'<p class="said__t">(.*?)</p>\s*<p class="small">(.*?)</p>', text, re.S)
    words = [(said, " ".join(re.sub(r"<[^>]*>", "", it).split())) for said, it in found]
    assert words == [
        ("As in the file", "Brought in from a file"),
        ("Better words", "Brought in from a file, where it said “Other words”"),
        ("From the wall", "From a workshop note"),
        ("By hand", f"Typed in by Facilitator on {day} Illustrative: wording"),
    ]


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        (["all of it", "all of it"], ["all of it"]),
        (["all of it", "wording"], ["all of it", "wording"]),
        (["", "wording"], ["wording"]),
        (["", ""], []),
    ],
)
def test_words_that_are_all_made_up_alike_say_so_once(cast, practitioner, marks, shown):
    for mark in marks:
        factories.ValueFactory(programme=cast.programme, illustrative=mark)
    text = practitioner.get("/own/ambition/").content.decode()
    assert re.findall(r"Illustrative: (.*?)<", text) == shown


def test_findings_stand_under_their_questions_and_ways_of_working_beside_them(cast, practitioner):
    ours = {"authority": cast.authority, "programme": cast.programme}
    question = TemperatureFinding.Question
    for position, (asked, text) in enumerate(
        [
            (question.CHANGE_WANTED, "more time"),
            (question.KEEPS_US_FROM_FAMILIES, "admin"),
            (question.CHANGE_WANTED, "fewer forms"),
        ]
    ):
        TemperatureFinding.objects.create(question=asked, text=text, position=position, **ours)
    WayOfWorking.objects.create(text="sitting together", **ours)
    context = practitioner.get("/own/ambition/").context
    assert [(asked, [str(one) for one in said]) for asked, said in context["findings"]] == [
        ("What keeps us from time with families", ["admin"]),
        ("What we want to be different", ["more time", "fewer forms"]),
    ]
    assert [str(way) for way in context["ways"]] == ["sitting together"]


def test_an_empty_list_says_what_will_be_here(cast, practitioner):
    text = practitioner.get("/own/ambition/").content.decode()
    assert re.findall(r'<p class="said__none">(\w+)', text) == ["The", "Values", "The"]
    assert re.findall(r'<div class="card card--dash"><p>(\w+)', text) == ["Barriers"]


@pytest.mark.parametrize(("who", "can_begin"), [("facilitator", True), ("practitioner", False)])
def test_before_a_programme_the_page_says_what_comes_first(cast, client_of, who, can_begin):
    cast.programme.delete()
    page = client_of(getattr(cast, who)).get("/own/ambition/")
    assert (page.status_code, page.context["can_begin"]) == (200, can_begin)
    links = re.findall(r'<main.*?href="(/own/programme/|/own/)"', page.content.decode(), re.S)
    assert links == ["/own/programme/" if can_begin else "/own/"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("who", "queries"), [("practitioner", 15), ("facilitator", 15)])
def test_query_count_does_not_grow(cast, client_of, django_assert_num_queries, rows, who, queries):
    team = factories.TeamFactory(authority=cast.authority)
    for kind in MODELS:
        for row in make(cast, kind, *(f"{kind} {number}" for number in range(rows))):
            part = FACTORIES[kind](programme=cast.programme, created_by=cast.facilitator)
            row.created_by = cast.manager
            row.save()
            if kind == "barriers":
                meet(team, row, part)
            actions.merge(into=row, others=[part], by=cast.facilitator)
    client = client_of(getattr(cast, who))
    with django_assert_num_queries(queries):
        client.get("/own/ambition/?change=barriers")


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_of_a_region_does_not_grow(cast, facilitator, django_assert_num_queries, rows):
    team = factories.TeamFactory(authority=cast.authority)
    for row in make(cast, "barriers", *(f"barrier {number}" for number in range(rows))):
        meet(team, row)
    with django_assert_num_queries(11):
        facilitator.get("/own/ambition/?change=barriers&q=barrier", headers=HTMX)


# --- narrowing a long list


@pytest.fixture
def barriers(cast) -> dict[str, Barrier]:
    """Three to be told apart, one of them with other words merged into it, among many."""
    team = factories.TeamFactory(authority=cast.authority, name="Evolve")
    rows = dict(zip("abc", make(cast, "barriers", "Forms", "Meetings", "Rules"), strict=True))
    make(cast, "barriers", *(f"Other {number}" for number in range(12)))
    rows["a"].gift, rows["b"].gift = Gift.OURS, Gift.NEEDS_SPONSORSHIP
    for row in rows.values():
        row.save()
    meet(team, rows["b"], rows["c"])
    (part,) = make(cast, "barriers", "Paperwork, all day")
    actions.merge(into=rows["a"], others=[part], by=cast.facilitator)
    return rows | {"team": team}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "MEET"}, ["Meetings"]),
        ({"q": "paperwork"}, ["Forms"]),
        ({"gift": "ours"}, ["Forms"]),
        ({"team": "Evolve"}, ["Meetings", "Rules"]),
        ({"team": "Evolve", "gift": "needs sponsorship", "q": "e"}, ["Meetings"]),
        ({"q": "nothing like it"}, []),
    ],
)
def test_barriers_are_narrowed_by_words_gift_and_team(practitioner, barriers, query, expected):
    query = query | ({"team": barriers["team"].pk} if "team" in query else {})
    page = practitioner.get("/own/ambition/", query)
    region = practitioner.get("/own/ambition/", query, headers=HTMX)
    assert (shown_in(page), shown_in(region)) == (expected, expected)
    shown = page.context["lists"]["barriers"]
    assert (shown.total, shown.narrowed) == (15, True)


def test_a_barrier_is_found_by_words_that_were_merged_at_two_removes(cast, practitioner):
    first, second, third = make(cast, "barriers", "First", "Second", "Third")
    actions.merge(into=second, others=[third], by=cast.facilitator)
    actions.merge(into=first, others=[second], by=cast.facilitator)
    page = practitioner.get("/own/ambition/?q=third")
    assert shown_in(page) == ["First"]


def test_a_filter_that_finds_nothing_says_which_filters_are_on(practitioner, barriers):
    query = {"q": "zz", "gift": "beyond us", "team": barriers["team"].pk}
    shown = practitioner.get("/own/ambition/", query).context["lists"]["barriers"]
    assert shown.narrow.said == [
        ("Search", "zz"),
        ("In whose gift", "Beyond us"),
        ("Which team meets it", "Evolve"),
    ]


@pytest.mark.parametrize("query", [{"gift": "nobody's"}, {"team": "no number"}, {"q": ""}])
def test_a_filter_that_is_none_narrows_nothing(practitioner, barriers, query):
    shown = practitioner.get("/own/ambition/", query).context["lists"]["barriers"]
    assert (shown.page.paginator.count, shown.narrowed) == (15, False)


def test_a_team_of_another_authority_narrows_nothing(cast, practitioner, barriers):
    foreign = factories.TeamFactory(authority=cast.other)
    shown = practitioner.get("/own/ambition/", {"team": foreign.pk}).context["lists"]["barriers"]
    assert (shown.page.paginator.count, shown.narrowed) == (15, False)


@pytest.mark.parametrize(("rows", "can_narrow"), [(12, False), (13, True)])
def test_only_a_long_list_can_be_narrowed(cast, practitioner, rows, can_narrow):
    make(cast, "barriers", *(f"Barrier {number}" for number in range(rows)))
    shown = practitioner.get("/own/ambition/").context["lists"]["barriers"]
    assert (shown.narrow is not None) == can_narrow


def test_a_very_long_list_is_paged_and_what_is_added_is_seen(cast, facilitator):
    make(cast, "barriers", *(f"Barrier {number}" for number in range(51)))
    assert len(shown_in(facilitator.get("/own/ambition/"))) == 50
    assert shown_in(facilitator.get("/own/ambition/?page=2")) == ["Barrier 50"]
    assert len(shown_in(facilitator.get("/own/ambition/?page=nonsense"))) == 50
    for headers in ({}, HTMX):
        text = f"New {len(headers)}"
        data = {"id": uuid4(), "text": text}
        answer = facilitator.post(address_of("barriers", "add"), data, headers=headers)
        page = answer if headers else follow(facilitator, answer)
        assert shown_in(page)[-1] == text


def test_htmx_gets_the_barriers_alone_and_a_restored_page_is_whole(cast, practitioner):
    make(cast, "barriers", "Forms")
    make(cast, "values", "Honesty")
    assert is_region(practitioner.get("/own/ambition/", headers=HTMX), "barriers")
    for header in ("HX-Boosted", "HX-History-Restore-Request"):
        page = practitioner.get("/own/ambition/", headers=HTMX | {header: "true"})
        assert (shown_in(page, "values"), shown_in(page)) == (["Honesty"], ["Forms"])


# --- the buttons of a row


def test_a_row_that_is_being_changed_offers_what_can_be_done_with_it(cast, facilitator):
    one, two = make(cast, "values", "One", "Two")
    text = facilitator.get("/own/ambition/?change=values").content.decode()
    actions_of_rows = re.findall(r'(?:action|href)="/own/ambition/values/(?!add)([^"]+)"', text)
    assert actions_of_rows == [
        f"{row.pk}/{verb}/?change=values"
        for row in (one, two)
        for verb in ("edit", "merge", "remove", "move")
    ]
    ends = re.findall(r'id="((?:up|down)-[\w-]+)"[^>]*aria-disabled="true"', text)
    assert ends == [f"up-{one.pk}", f"down-{two.pk}"]


def test_a_place_among_a_chosen_few_cannot_be_changed(facilitator, barriers):
    text = facilitator.get("/own/ambition/?change=barriers&q=meet").content.decode()
    assert re.findall(r'id="(up|down)-', text) == []
    assert re.findall(rf"{barriers['b'].pk}/(\w+)/", text) == ["edit", "merge", "remove", "remove"]
