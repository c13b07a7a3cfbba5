"""Step 1 in the browser: the four lists, and what people do to them."""

import re
from uuid import UUID, uuid4

import pytest

from programmes.actions import ambition as actions
from programmes.models import (
    AuditEvent,
    Barrier,
    BarrierTeam,
    Gift,
    Opposite,
    Principle,
    TemperatureFinding,
    Value,
    WayOfWorking,
)
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo
from tests.at_once import while_waiting

MODELS = {"values": Value, "opposites": Opposite, "principles": Principle, "barriers": Barrier}
FACTORIES = {
    "values": factories.ValueFactory,
    "opposites": factories.OppositeFactory,
    "principles": factories.PrincipleFactory,
    "barriers": factories.BarrierFactory,
}
TAKEN = "That’s on the list already. Say what’s different about this one, or leave it out."
each_kind = pytest.mark.parametrize("kind", list(MODELS))


@pytest.fixture
def facilitator(cast, client_of):
    return client_of(cast.facilitator)


@pytest.fixture
def practitioner(cast, client_of):
    return client_of(cast.practitioner)


def _make(cast, kind: str, *texts: str) -> list:
    return [FACTORIES[kind](programme=cast.programme, text=text) for text in texts]


def _address(kind: str, verb: str, row=None) -> str:
    return f"/own/ambition/{kind}/{f'{row.pk}/' if row else ''}{verb}/"


def _said(cast, kind: str = "barriers") -> list[str]:
    """The list as it stands."""
    standing = MODELS[kind].objects.standing().filter(programme=cast.programme)
    return [row.text for row in standing]


def _shown(response, kind: str = "barriers") -> list[str]:
    """The list as an answer shows it: the whole page, or its region."""
    context = response.context
    shown = context["lists"][kind] if "lists" in context else context["list"]
    assert str(shown.kind) == kind
    return [row.text for row in shown.page]


def _events() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", "target_label"))


def _focused(response) -> list[str]:
    """The ids of the fields that the browser puts the focus into."""
    fields = re.findall(r"<input[^>]* autofocus[^>]*>", response.content.decode())
    return [re.search(r' id="([\w-]+)"', field).group(1) for field in fields]


def _is_region(response, kind: str) -> bool:
    text = response.content.decode()
    return re.match(rf'\s*<div id="{kind}-list"', text) is not None and "<main" not in text


# --- reading


def test_everybody_reads_the_four_lists_in_their_order(cast, practitioner):
    for kind in MODELS:
        _make(cast, kind, f"{kind} b", f"{kind} a")
        FACTORIES[kind](programme=cast.other_programme, text=f"{kind} elsewhere")
    page = practitioner.get("/own/ambition/")
    assert {kind: _shown(page, kind) for kind in MODELS} == {
        kind: [f"{kind} b", f"{kind} a"] for kind in MODELS
    }
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page.content.decode()) == ["Our ambition"]


def test_who_may_not_change_the_lists_gets_no_form_and_no_buttons(cast, practitioner, facilitator):
    _make(cast, "values", "Honesty")
    page = practitioner.get("/own/ambition/?change=values&added=values")
    shown = page.context["lists"]["values"]
    assert (shown.form, shown.changing) == (None, False)
    assert re.findall(r'<form[^>]*method="post"', page.content.decode()) == []
    assert facilitator.get("/own/ambition/?change=values").context["lists"]["values"].changing


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
    found = re.findall(r'<p class="said__t">(.*?)</p>\s*<p class="small">(.*?)</p>', text)
    assert [(said, re.sub(r"<[^>]*>", "", origin).strip()) for said, origin in found] == [
        ("As in the file", "From the journey’s file"),
        ("Better words", "From the journey’s file, where it said “Other words”"),
        ("From the wall", "From a workshop note"),
        ("By hand", f"Typed in by Facilitator on {day} Illustrative: wording"),
    ]


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
@pytest.mark.parametrize(("who", "queries"), [("practitioner", 13), ("facilitator", 13)])
def test_query_count_does_not_grow(cast, client_of, django_assert_num_queries, rows, who, queries):
    team = factories.TeamFactory(authority=cast.authority)
    for kind in MODELS:
        for row in _make(cast, kind, *(f"{kind} {number}" for number in range(rows))):
            part = FACTORIES[kind](programme=cast.programme, created_by=cast.facilitator)
            row.created_by = cast.manager
            row.save()
            if kind == "barriers":
                _meet(team, row, part)
            actions.merge(into=row, others=[part], by=cast.facilitator)
    client = client_of(getattr(cast, who))
    with django_assert_num_queries(queries):
        client.get("/own/ambition/?change=barriers")


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_of_a_region_does_not_grow(cast, facilitator, django_assert_num_queries, rows):
    team = factories.TeamFactory(authority=cast.authority)
    for row in _make(cast, "barriers", *(f"barrier {number}" for number in range(rows))):
        _meet(team, row)
    with django_assert_num_queries(9):
        facilitator.get("/own/ambition/?change=barriers&q=barrier", headers=HTMX)


def _meet(team, *barriers):
    for barrier in barriers:
        barrier.teams.add(team, through_defaults={"authority": team.authority})


# --- narrowing a long list


@pytest.fixture
def barriers(cast) -> dict[str, Barrier]:
    """Three to be told apart, one of them with other words merged into it, among many."""
    team = factories.TeamFactory(authority=cast.authority, name="Evolve")
    rows = dict(zip("abc", _make(cast, "barriers", "Forms", "Meetings", "Rules"), strict=True))
    _make(cast, "barriers", *(f"Other {number}" for number in range(12)))
    rows["a"].gift, rows["b"].gift = Gift.OURS, Gift.NEEDS_SPONSORSHIP
    for row in rows.values():
        row.save()
    _meet(team, rows["b"], rows["c"])
    (part,) = _make(cast, "barriers", "Paperwork, all day")
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
    assert (_shown(page), _shown(region)) == (expected, expected)
    shown = page.context["lists"]["barriers"]
    assert (shown.total, shown.narrowed) == (15, True)


def test_a_barrier_is_found_by_words_that_were_merged_at_two_removes(cast, practitioner):
    first, second, third = _make(cast, "barriers", "First", "Second", "Third")
    actions.merge(into=second, others=[third], by=cast.facilitator)
    actions.merge(into=first, others=[second], by=cast.facilitator)
    page = practitioner.get("/own/ambition/?q=third")
    assert _shown(page) == ["First"]


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
    _make(cast, "barriers", *(f"Barrier {number}" for number in range(rows)))
    shown = practitioner.get("/own/ambition/").context["lists"]["barriers"]
    assert (shown.narrow is not None) == can_narrow


def test_a_very_long_list_is_paged_and_what_is_added_is_seen(cast, facilitator):
    _make(cast, "barriers", *(f"Barrier {number}" for number in range(51)))
    assert len(_shown(facilitator.get("/own/ambition/"))) == 50
    assert _shown(facilitator.get("/own/ambition/?page=2")) == ["Barrier 50"]
    assert len(_shown(facilitator.get("/own/ambition/?page=nonsense"))) == 50
    for headers in ({}, HTMX):
        text = f"New {len(headers)}"
        data = {"id": uuid4(), "text": text}
        answer = facilitator.post(_address("barriers", "add"), data, headers=headers)
        page = answer if headers else follow(facilitator, answer)
        assert _shown(page)[-1] == text


def test_htmx_gets_the_barriers_alone_and_a_restored_page_is_whole(cast, practitioner):
    _make(cast, "barriers", "Forms")
    _make(cast, "values", "Honesty")
    assert _is_region(practitioner.get("/own/ambition/", headers=HTMX), "barriers")
    for header in ("HX-Boosted", "HX-History-Restore-Request"):
        page = practitioner.get("/own/ambition/", headers=HTMX | {header: "true"})
        assert (_shown(page, "values"), _shown(page)) == (["Honesty"], ["Forms"])


# --- who may write

WRITES = ["add", "edit", "move", "remove", "put-back", "merge", "unmerge"]


@pytest.mark.parametrize("verb", WRITES)
@each_kind
def test_writing_is_for_those_who_may_and_by_post(cast, client_of, kind, verb):
    (row,) = _make(cast, kind, "Here")
    address = _address(kind, verb, None if verb == "add" else row)
    statuses = {
        who: client_of(getattr(cast, who)).post(address).status_code
        for who in ("practitioner", "manager", "outsider")
    }
    assert statuses == {"practitioner": 403, "manager": 403, "outsider": 404}
    can_be_read = verb in ("edit", "merge")
    assert client_of(cast.facilitator).get(address).status_code == (200 if can_be_read else 405)
    assert (_said(cast, kind), _events()) == (["Here"], [])


@pytest.mark.parametrize("verb", WRITES[1:])
def test_a_row_of_another_list_or_another_authority_is_not_found(cast, facilitator, verb):
    (value,) = _make(cast, "values", "Honesty")
    foreign = factories.BarrierFactory(programme=cast.other_programme)
    for row in (value, foreign):
        assert facilitator.post(_address("barriers", verb, row)).status_code == 404


def test_without_a_programme_there_is_nothing_to_write(cast, facilitator):
    (row,) = _make(cast, "values", "Honesty")
    addresses = [_address("values", verb, None if verb == "add" else row) for verb in WRITES]
    cast.programme.delete()
    assert {facilitator.post(address).status_code for address in addresses} == {404}


# --- adding


@each_kind
def test_add_puts_it_last_and_leads_back_to_the_field(cast, facilitator, kind):
    _make(cast, kind, "First")
    data = {"id": uuid4(), "text": "  Second,\r\n in two lines "}
    answer = facilitator.post(_address(kind, "add"), data)
    assert answer["Location"] == f"/own/ambition/?added={kind}"
    page = follow(facilitator, answer)
    assert (_said(cast, kind), told(page)) == (
        ["First", "Second, in two lines"],
        ["Added “Second, in two lines”."],
    )
    assert _focused(page) == [f"{kind}-text"]
    assert re.findall(r'<details class="adder" id="([\w-]+)" open>', page.content.decode()) == [
        f"{kind}-adder"
    ]
    row = MODELS[kind].objects.get(pk=data["id"])
    assert (row.created_by, row.source, row.authority) == (
        cast.facilitator,
        "typed",
        cast.authority,
    )
    assert _events() == [(f"{kind[:-1]} added", "Second, in two lines")]


@each_kind
def test_add_by_htmx_brings_the_list_with_an_empty_field_in_focus(cast, facilitator, kind):
    data = {"id": uuid4(), "text": "First"}
    region = facilitator.post(_address(kind, "add") + "?change=" + kind, data, headers=HTMX)
    assert _is_region(region, kind)
    assert (_shown(region, kind), told(region)) == (["First"], ["Added “First”."])
    assert region.context["list"].changing
    assert _focused(region) == [f"{kind}-text"]
    form = region.context["list"].form
    assert (form["text"].value(), form["id"].value() == data["id"]) == (None, False)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "region"])
@pytest.mark.parametrize(
    ("text", "error"),
    [
        (" ", "Write it first, then add it"),
        ("x" * 301, "Make it shorter: 300 characters fit, this has 301."),
        ("FORMS, forms", TAKEN),
    ],
)
def test_add_keeps_what_was_typed_with_the_error_beside_it(cast, facilitator, headers, text, error):
    _make(cast, "barriers", "Forms, forms")
    data = {"id": uuid4(), "text": text}
    answer = facilitator.post(_address("barriers", "add"), data, headers=headers)
    assert (answer.status_code, _is_region(answer, "barriers")) == (200, bool(headers))
    shown = answer.context["list"] if headers else answer.context["lists"]["barriers"]
    assert (shown.form.errors, shown.form["text"].value(), shown.adding) == (
        {"text": [error]},
        text,
        True,
    )
    beside = re.findall(r'id="barriers-text_error">.*?</span> (.*?)</p>', answer.content.decode())
    assert beside == [error]
    assert (_said(cast), _events()) == (["Forms, forms"], [])


def test_an_error_in_one_list_leaves_the_others_alone(cast, facilitator):
    page = facilitator.post(_address("values", "add"), {"id": uuid4(), "text": ""})
    asked = {kind: bool(shown.form.errors) for kind, shown in page.context["lists"].items()}
    assert asked == {"values": True, "opposites": False, "principles": False, "barriers": False}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "region"])
def test_a_form_that_is_sent_twice_adds_once(cast, facilitator, headers):
    data = {"id": uuid4(), "text": "Honesty"}
    for _ in range(2):
        facilitator.post(_address("values", "add"), data, headers=headers)
    assert (_said(cast, "values"), _events()) == (["Honesty"], [("value added", "Honesty")])


def test_words_of_another_list_another_place_or_taken_away_are_free(cast, facilitator):
    _make(cast, "values", "Kindness")
    factories.PrincipleFactory(programme=cast.other_programme, text="Kindness")
    (gone,) = _make(cast, "principles", "Kindness")
    actions.remove(statement=gone, by=cast.facilitator)
    facilitator.post(_address("principles", "add"), {"id": uuid4(), "text": "Kindness"})
    assert _said(cast, "principles") == ["Kindness"]


def test_an_id_of_another_authority_is_refused(cast, facilitator):
    foreign = factories.ValueFactory(programme=cast.other_programme, text="Elsewhere")
    answer = facilitator.post(_address("values", "add"), {"id": foreign.pk, "text": "Mine"})
    assert answer.status_code == 400
    assert list(Value.objects.values_list("text", flat=True)) == ["Elsewhere"]


@pytest.mark.django_db(transaction=True)
def test_two_who_say_the_same_at_once_make_one(cast, facilitator):
    def add(text):
        return facilitator.post(_address("values", "add"), {"id": uuid4(), "text": text})

    first, second = while_waiting(lambda: add("Honesty"), lambda: add("honesty"))
    assert (first.status_code, second.context["lists"]["values"].form.errors) == (
        302,
        {"text": [TAKEN]},
    )
    assert (_said(cast, "values"), _events()) == (["Honesty"], [("value added", "Honesty")])


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_makes_one(cast, facilitator):
    data = {"id": uuid4(), "text": "Honesty"}

    def add():
        return facilitator.post(_address("values", "add"), data)

    first, second = while_waiting(add, add)
    assert (first.status_code, second.status_code) == (302, 302)
    assert (_said(cast, "values"), _events()) == (["Honesty"], [("value added", "Honesty")])


# --- editing


def test_edit_shows_what_is_there_and_keeps_what_is_written(cast, facilitator):
    (row,) = _make(cast, "values", "Onesty")
    address = _address("values", "edit", row) + "?change=values"
    form = facilitator.get(address).context["form"]
    assert form.initial == {"text": "Onesty", "version": 1}
    answer = facilitator.post(address, {"text": "Honesty", "version": 1})
    assert answer["Location"] == "/own/ambition/?change=values#values"
    assert told(follow(facilitator, answer)) == ["It now says “Honesty”."]
    row.refresh_from_db()
    assert (row.text, row.version) == ("Honesty", 2)
    assert _events() == [("value edited", "Honesty")]


def test_edit_by_htmx_redirects_the_whole_page(cast, facilitator):
    (row,) = _make(cast, "values", "Onesty")
    data = {"text": "Honesty", "version": 1}
    answer = facilitator.post(_address("values", "edit", row), data, headers=HTMX)
    assert answer["HX-Redirect"] == "/own/ambition/#values"


def test_a_barrier_also_says_whose_gift_it_is_and_who_meets_it(cast, facilitator):
    (row,) = _make(cast, "barriers", "Forms")
    north, south, west = (
        factories.TeamFactory(authority=cast.authority, name=name) for name in "NSW"
    )
    _meet(north, row)
    _meet(south, row)
    kept = BarrierTeam.objects.get(barrier=row, team=south)
    data = {"text": "Forms", "version": 1, "gift": "beyond us", "teams": [south.pk, west.pk]}
    facilitator.post(_address("barriers", "edit", row), data)
    row.refresh_from_db()
    assert (row.gift, [team.name for team in row.teams.order_by("name")]) == (
        "beyond us",
        ["S", "W"],
    )
    assert BarrierTeam.objects.get(barrier=row, team=south) == kept


def test_teams_of_another_authority_cannot_be_ticked(cast, facilitator):
    (row,) = _make(cast, "barriers", "Forms")
    factories.TeamFactory(authority=cast.authority)
    foreign = factories.TeamFactory(authority=cast.other)
    data = {"text": "Forms", "version": 1, "gift": "", "teams": [foreign.pk]}
    page = facilitator.post(_address("barriers", "edit", row), data)
    assert errors(page) == {"teams": ["Choose from the list."]}
    assert list(row.teams.all()) == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Leave a few words here"),
        ("kindness", TAKEN),
    ],
)
def test_edit_keeps_what_was_typed_with_the_error(cast, facilitator, text, error):
    row, _ = _make(cast, "values", "Honesty", "Kindness")
    page = facilitator.post(_address("values", "edit", row), {"text": text, "version": 1})
    assert (errors(page), page.context["form"]["text"].value()) == ({"text": [error]}, text)
    assert _said(cast, "values") == ["Honesty", "Kindness"]


def test_ones_own_words_may_stay_or_change_their_case(cast, facilitator):
    (row,) = _make(cast, "values", "honesty")
    facilitator.post(_address("values", "edit", row), {"text": "Honesty", "version": 1})
    assert _said(cast, "values") == ["Honesty"]


def test_a_stale_edit_loses_neither_text(cast, facilitator):
    (row,) = _make(cast, "barriers", "Forms")
    address = _address("barriers", "edit", row)
    facilitator.post(address, {"text": "Forms, first", "version": 1, "gift": "ours"})
    mine = {"text": "Forms, second", "version": 1, "gift": "beyond us"}
    page = facilitator.post(address, mine)
    assert (page.status_code, page.context["both"]) == (
        409,
        [
            ("The barrier, in your words", "Forms, first", "Forms, second"),
            (
                "Whose gift is it to change this?",
                "Ours: we can change it ourselves",
                "Beyond us: it’s national",
            ),
        ],
    )
    assert _said(cast) == ["Forms, first"]
    again = {name: page.context["form"].data[name] for name in mine}
    assert again == mine | {"version": "2"}
    facilitator.post(address, again)
    assert _said(cast) == ["Forms, second"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_the_second_is_shown_both(cast, facilitator):
    (row,) = _make(cast, "values", "Words")
    address = _address("values", "edit", row)

    def save(text):
        return facilitator.post(address, {"text": text, "version": 1})

    first, second = while_waiting(lambda: save("One"), lambda: save("Two"))
    assert (first.status_code, second.status_code) == (302, 409)
    assert _said(cast, "values") == ["One"]


def _leave(how: str, cast, row) -> None:
    if how == "removed":
        actions.remove(statement=row, by=cast.manager)
    else:
        (into,) = _make(cast, "values", "Another")
        actions.merge(into=into, others=[row], by=cast.manager)


@pytest.mark.parametrize("how", ["removed", "merged"])
def test_who_edits_what_has_left_the_list_keeps_their_words_in_sight(cast, facilitator, how):
    (row,) = _make(cast, "values", "Honesty")
    _leave(how, cast, row)
    address = _address("values", "edit", row)
    assert told(follow(facilitator, facilitator.get(address))) == [
        "“Honesty” isn’t on the list any more."
    ]
    page = facilitator.post(address, {"text": "Being honest", "version": 1})
    assert (page.status_code, page.context["form"]["text"].value()) == (409, "Being honest")
    assert errors(page) == {
        "__all__": [
            "Somebody took this off the list while you were writing. Your words are still here."
        ]
    }
    row.refresh_from_db()
    assert row.text == "Honesty"


# --- ordering


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "region"])
@each_kind
def test_move_changes_the_order(cast, facilitator, kind, headers):
    _, second, _ = _make(cast, kind, "First", "Second", "Third")
    address = _address(kind, "move", second) + f"?change={kind}"
    answer = facilitator.post(address, {"to": "down"}, headers=headers)
    assert (_said(cast, kind), _events()) == (
        ["First", "Third", "Second"],
        [(f"{kind[:-1]} moved", "Second")],
    )
    if headers:
        assert (_is_region(answer, kind), _shown(answer, kind)) == (True, _said(cast, kind))
    else:
        assert answer["Location"] == f"/own/ambition/?change={kind}#{kind}"
        answer = follow(facilitator, answer)
    assert told(answer) == ["Moved “Second” down."]
    facilitator.post(address, {"to": "up"}, headers=headers)
    assert _said(cast, kind) == ["First", "Second", "Third"]


def test_at_the_end_of_the_list_nothing_moves(cast, facilitator):
    first, last = _make(cast, "values", "First", "Last")
    for row, to in ((first, "up"), (last, "down")):
        answer = facilitator.post(_address("values", "move", row), {"to": to}, headers=HTMX)
        assert (answer.status_code, told(answer)) == (200, [])
    assert (_said(cast, "values"), _events()) == (["First", "Last"], [])


def test_rows_that_left_the_list_are_not_in_the_way(cast, facilitator):
    first, gone, last = _make(cast, "values", "First", "Gone", "Last")
    actions.remove(statement=gone, by=cast.facilitator)
    facilitator.post(_address("values", "move", first), {"to": "down"})
    assert _said(cast, "values") == ["Last", "First"]
    actions.put_back(statement=gone, by=cast.facilitator)
    assert sorted(_said(cast, "values")) == ["First", "Gone", "Last"]
    assert facilitator.post(_address("values", "move", last), {}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_two_who_order_at_once_lose_neither_move(cast):
    a, _, _, d = _make(cast, "barriers", "a", "b", "c", "d")

    def move(row, places):
        return actions.move(statement=row, places=places, by=cast.facilitator)

    assert while_waiting(lambda: move(a, 1), lambda: move(d, -1)) == (True, True)
    assert _said(cast) == ["b", "a", "d", "c"]


@pytest.mark.django_db(transaction=True)
def test_who_adds_does_not_wait_for_who_orders(cast):
    first, _ = _make(cast, "values", "First", "Second")

    def add():
        return actions.add(
            programme=cast.programme, kind=Value, text="Third", by=cast.practitioner
        ).text

    def move():
        return actions.move(statement=first, places=1, by=cast.facilitator)

    assert while_waiting(move, add) == (True, "Third")
    assert _said(cast, "values") == ["Second", "First", "Third"]


# --- taking away, and back


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "region"])
@each_kind
def test_remove_can_be_undone_with_everything_as_it_was(cast, facilitator, kind, headers):
    _, row, _ = _make(cast, kind, "First", "Second", "Third")
    address = _address(kind, "remove", row) + f"?change={kind}"
    answer = facilitator.post(address, headers=headers)
    page = answer if headers else follow(facilitator, answer)
    assert (_shown(page, kind), told(page)) == (
        ["First", "Third"],
        ["Took “Second” off the list."],
    )
    assert not headers or _is_region(answer, kind)
    row.refresh_from_db()
    assert row.removed_by == cast.facilitator
    answer = undo(facilitator, page)
    assert answer["Location"] == f"/own/ambition/?change={kind}#{kind}"
    assert told(follow(facilitator, answer)) == ["“Second” is back."]
    assert _said(cast, kind) == ["First", "Second", "Third"]
    noun = kind[:-1]
    assert _events() == [(f"{noun} removed", "Second"), (f"{noun} put back", "Second")]


def test_removed_or_put_back_twice_it_happens_once(cast, facilitator):
    (row,) = _make(cast, "values", "Honesty")
    for verb in ("remove", "remove", "put-back", "put-back"):
        facilitator.post(_address("values", verb, row))
    assert _events() == [("value removed", "Honesty"), ("value put back", "Honesty")]


def test_words_that_were_added_again_meanwhile_stay_the_only_ones(cast, facilitator):
    (row,) = _make(cast, "values", "Honesty")
    page = follow(facilitator, facilitator.post(_address("values", "remove", row)))
    _make(cast, "values", "honesty")
    assert told(follow(facilitator, undo(facilitator, page))) == [
        "“Honesty” is on the list already: somebody added it again."
    ]
    assert _said(cast, "values") == ["honesty"]


@pytest.mark.django_db(transaction=True)
def test_what_is_merged_and_taken_away_at_once_is_only_merged(cast):
    into, part = _make(cast, "values", "Honesty", "Being honest")

    def merge():
        return actions.merge(into=into, others=[part], by=cast.facilitator)

    def remove():
        return actions.remove(statement=Value.objects.get(pk=part.pk), by=cast.manager)

    assert while_waiting(merge, remove) == (into, False)
    assert _events() == [("value merged", "Honesty")]


# --- saying the same


def test_merge_keeps_the_words_that_were_chosen_and_can_be_undone(cast, facilitator):
    one, two, three, _ = _make(cast, "barriers", "Forms", "Paperwork", "Admin", "Rules")
    address = _address("barriers", "merge", one) + "?change=barriers"
    form = facilitator.get(address).context["form"]
    assert [str(row) for row in form.fields["others"].queryset] == ["Paperwork", "Admin", "Rules"]
    assert form["keep"].value() == one.pk
    answer = facilitator.post(address, {"others": [two.pk, three.pk], "keep": two.pk})
    assert answer["Location"] == "/own/ambition/?change=barriers#barriers"
    page = follow(facilitator, answer)
    assert told(page) == ["“Paperwork” now stands for 2 more."]
    kept = page.context["lists"]["barriers"].page[0]
    assert (_shown(page), [str(part) for part in kept.parts]) == (
        ["Paperwork", "Rules"],
        ["Forms", "Admin"],
    )
    answer = undo(facilitator, page)
    assert answer["Location"] == "/own/ambition/?change=barriers#barriers"
    assert told(follow(facilitator, answer)) == ["Took 2 out of “Paperwork” again."]
    assert _said(cast) == ["Forms", "Paperwork", "Admin", "Rules"]
    assert _events() == [("barrier merged", "Paperwork"), ("barrier unmerged", "Paperwork")]


@each_kind
def test_every_list_can_be_merged_and_taken_apart(cast, facilitator, kind):
    one, two = _make(cast, kind, "One", "Two")
    facilitator.post(_address(kind, "merge", two), {"others": [one.pk], "keep": two.pk})
    assert _said(cast, kind) == ["Two"]
    facilitator.post(_address(kind, "unmerge", two) + f"?part={one.pk}")
    assert _said(cast, kind) == ["One", "Two"]


def test_merge_wants_at_least_one_other(cast, facilitator):
    one, _ = _make(cast, "values", "One", "Two")
    page = facilitator.post(_address("values", "merge", one), {"keep": one.pk})
    assert errors(page) == {"others": ["Tick at least one that says the same"]}
    page = facilitator.post(_address("values", "merge", one), {"others": [uuid4()], "keep": ""})
    assert errors(page) == {
        "others": ["Choose from the list."],
        "keep": ["Choose whose words stay"],
    }
    assert _said(cast, "values") == ["One", "Two"]


def test_merge_offers_only_what_stands_on_the_same_list(cast, facilitator):
    one, part, gone, _ = _make(cast, "values", "One", "Part", "Gone", "Two")
    actions.merge(into=one, others=[part], by=cast.facilitator)
    actions.remove(statement=gone, by=cast.facilitator)
    _make(cast, "principles", "Elsewhere")
    form = facilitator.get(_address("values", "merge", one)).context["form"]
    assert [str(row) for row in form.fields["others"].queryset] == ["Two"]
    assert facilitator.get(_address("values", "merge", part)).status_code == 404


def test_the_only_one_of_its_list_has_nothing_to_be_merged_with(cast, facilitator):
    (one,) = _make(cast, "values", "One")
    page = facilitator.get(_address("values", "merge", one))
    assert (page.status_code, page.context["others"]) == (200, False)


@pytest.mark.django_db(transaction=True)
def test_who_merges_what_was_just_taken_away_is_asked_to_look_again(cast, facilitator):
    one, two = _make(cast, "values", "One", "Two")

    def remove():
        return actions.remove(statement=two, by=cast.manager)

    def merge():
        data = {"others": [two.pk], "keep": one.pk}
        return facilitator.post(_address("values", "merge", one), data)

    removed, page = while_waiting(remove, merge)
    assert (removed, errors(page)) == (
        True,
        {"__all__": ["Somebody changed the list a moment ago. Please look again."]},
    )
    assert (_said(cast, "values"), _events()) == (["One"], [("value removed", "Two")])


def test_a_part_at_two_removes_can_be_taken_out_where_it_is_shown(cast, facilitator):
    one, two, three = _make(cast, "values", "One", "Two", "Three")
    actions.merge(into=two, others=[three], by=cast.facilitator)
    actions.merge(into=one, others=[two], by=cast.facilitator)
    page = facilitator.get(_address("values", "edit", one) + "?change=values")
    assert [str(part) for part in page.context["parts"]] == ["Two", "Three"]
    buttons = re.findall(r'action="([^"]*unmerge[^"]*)"', page.content.decode())
    facilitator.post(buttons[1].replace("&amp;", "&"))
    assert _said(cast, "values") == ["One", "Three"]
    facilitator.post(buttons[0].replace("&amp;", "&"))
    assert _said(cast, "values") == ["One", "Two", "Three"]


def test_words_said_again_meanwhile_keep_a_part_where_it_is(cast, facilitator):
    one, two = _make(cast, "values", "One", "Two")
    actions.merge(into=one, others=[two], by=cast.facilitator)
    _make(cast, "values", "two")
    answer = facilitator.post(_address("values", "unmerge", one) + f"?part={two.pk}")
    assert told(follow(facilitator, answer)) == [
        "The same words were added again since. Please change those first."
    ]
    assert _said(cast, "values") == ["One", "two"]


@pytest.mark.parametrize("part", ["not-an-id", str(UUID(int=1)), "own"])
def test_taking_out_what_is_no_part_changes_nothing(cast, facilitator, part):
    one, two = _make(cast, "values", "One", "Two")
    part = str(two.pk) if part == "own" else part
    answer = facilitator.post(_address("values", "unmerge", one) + f"?part={part}")
    assert told(follow(facilitator, answer)) == []
    assert (_said(cast, "values"), _events()) == (["One", "Two"], [])


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("verb", "queries"), [("edit", 10), ("merge", 9)])
def test_query_count_of_the_forms_does_not_grow(
    cast, facilitator, django_assert_num_queries, rows, verb, queries
):
    (row,) = _make(cast, "barriers", "Here")
    team = factories.TeamFactory(authority=cast.authority)
    for number in range(rows):
        part, _ = _make(cast, "barriers", f"Part {number}", f"Other {number}")
        _meet(team, part)
        actions.merge(into=row, others=[part], by=cast.facilitator)
        factories.TeamFactory(authority=cast.authority)
    with django_assert_num_queries(queries):
        facilitator.get(_address("barriers", verb, row))


# --- the buttons of a row


def test_a_row_that_is_being_changed_offers_what_can_be_done_with_it(cast, facilitator):
    one, two = _make(cast, "values", "One", "Two")
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
