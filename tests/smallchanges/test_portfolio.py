"""Many small changes: who takes them on, which went quiet, which need an ask, and where all are."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from benchmarks.portfolio import CHANGES, fill
from smallchanges import reading
from smallchanges.models import Move, SmallChange, Stage, Status
from tests import factories

PAGE = "/own/changes/"


def _change(cast, title, **values):
    return factories.SmallChangeFactory(programme=cast.programme, title=title, **values)


def _titles(found) -> list[str]:
    return sorted(change.title for change in found)


def _shown(response) -> list[str]:
    page = response.content.decode()
    return sorted(re.findall(r'href="/own/changes/[0-9a-f-]{36}/">([^<]+)', page))


# --- who takes it on


def test_lead_and_steps_say_who_takes_a_change_on(cast, practitioner):
    mine = cast.practitioner.memberships.get()
    boss = cast.manager.memberships.get()
    _change(cast, "Led by me", lead=mine)
    _change(cast, "Led by a group", led_by="A working group")
    stepped = _change(cast, "With my step", lead=boss)
    gone = _change(cast, "With a step that went")
    factories.StepFactory.create_batch(2, change=stepped, owner=mine)
    factories.StepFactory(change=gone, owner=mine, removed_at=timezone.now())
    for owner, found in {
        "me": ["Led by me", "With my step"],
        str(mine.pk): ["Led by me", "With my step"],
        str(boss.pk): ["With my step"],
        "none": ["With a step that went"],
    }.items():
        for kind in ("board", "table"):
            response = practitioner.get(PAGE, {"as": kind, "owner": owner})
            assert (owner, _shown(response)) == (owner, found)
        rows = practitioner.get("/own/changes.csv", {"owner": owner}).content.decode()
        assert [title for title in found if title not in rows] == []
        assert rows.count("\n") == 1 + len(found)


def test_the_filter_offers_who_takes_something_on_and_nobody_else(cast, client_of):
    led = cast.manager.memberships.get()
    _change(cast, "One", lead=led, status="chosen")
    foreign = factories.SmallChangeFactory(
        programme=cast.other_programme, lead=cast.outsider.memberships.get()
    )
    assert foreign.lead.pk

    def offered(user) -> list[str]:
        form = client_of(user).get(PAGE).context["filters"]
        return [label for _, label in form.fields["owner"].choices]

    me = "Me: I lead it or own a step"
    assert offered(cast.practitioner) == [
        *("Anybody", me, "Manager Example", "Nobody leads it yet"),
    ]
    # Oneself too: a link that somebody else shares says whom it means.
    assert offered(cast.manager) == ["Anybody", me, "Manager Example", "Nobody leads it yet"]
    # Somebody of the Crescendo team without a membership leads nothing.
    assert offered(cast.crescendo) == ["Anybody", "Manager Example", "Nobody leads it yet"]
    page = client_of(cast.crescendo).get(PAGE, {"as": "table", "owner": "me"})
    assert _shown(page) == ["One"]


# --- quiet, and needing an ask


def test_a_change_is_quiet_for_so_many_weeks(cast, practitioner):
    for weeks in (1, 3, 6, 9):
        change = _change(cast, f"{weeks} weeks", stage="develop", status="in progress")
        Move.objects.create(
            authority=cast.authority,
            change=change,
            at=timezone.now() - timedelta(weeks=weeks),
            from_stage="mission",
            to_stage="develop",
            from_status="chosen",
            to_status="in progress",
        )
    for weeks, found in {
        "2": ["3 weeks", "6 weeks", "9 weeks"],
        "5": ["6 weeks", "9 weeks"],
        "8": ["9 weeks"],
        "4": ["1 weeks", "3 weeks", "6 weeks", "9 weeks"],  # not one of those offered
    }.items():
        assert (weeks, _shown(practitioner.get(PAGE, {"as": "table", "quiet": weeks}))) == (
            weeks,
            found,
        )
    page = practitioner.get(PAGE, {"quiet": "8"}).content.decode()
    assert "Gone quiet: Quiet for 8 weeks." in page


def test_a_change_needs_an_ask_where_somebody_elses_yes_is_missing(cast, practitioner):
    _change(cast, "Ours", status="chosen")
    _change(cast, "Sponsor", status="chosen", gift="needs sponsorship")
    _change(cast, "Law", status="in progress", gift="beyond us")
    _change(cast, "Idea", gift="beyond us")
    waiting = _change(cast, "Waiting", status="paused")
    factories.StakeholderFactory(change=waiting, stance="warming up")
    done = _change(cast, "On board", status="chosen")
    factories.StakeholderFactory(change=done, stance="on board")
    factories.StakeholderFactory(change=done, stance="against", removed_at=timezone.now())
    asked = _change(cast, "Asked", status="chosen", gift="needs sponsorship")
    factories.AskFactory(change=asked)
    refused = _change(cast, "Refused", status="chosen", gift="needs sponsorship")
    factories.AskFactory(change=refused, state="no")
    found = ["Law", "Refused", "Sponsor", "Waiting"]
    assert _titles(cast.programme.small_changes.needing_an_ask()) == found
    assert _shown(practitioner.get(PAGE, {"as": "board", "ask": "needed"})) == found


# --- many


@pytest.fixture
def many(cast):
    """Three of each stage and status that go together, in two strands."""
    strands = factories.MissionStrandFactory.create_batch(2, programme=cast.programme)
    places = [(stage, status) for stage in Stage for status in Status]
    places = [place for place in places if place[1] != "embedded" or place[0] == "grow"]
    SmallChange.objects.bulk_create(
        factories.SmallChangeFactory.build(
            programme=cast.programme,
            authority=cast.authority,
            strand=strands[number % 2],
            stage=stage,
            status=status,
            title=f"{stage.label} {status.label} {number}",
        )
        for stage, status in places
        for number in range(3)
    )
    return strands


def test_many_changes_begin_with_where_they_all_are(cast, practitioner, many):
    response = practitioner.get(PAGE)
    page = unescape(response.content.decode())
    rows = re.findall(
        r'<li class="glance__r">(?:<a href="([^"]*)">|<span>)([^<]*)<.*?class="num">(\d+)', page
    )
    numbers = {words: int(number) for _, words, number in rows}
    assert numbers == {
        "Mission": 15,
        "Develop": 15,
        "Influence": 15,
        "Grow": 18,
        "Proposed": 12,
        "Chosen": 12,
        "In progress": 12,
        "Paused": 12,
        "Embedded": 3,
        "Stopped": 12,
        many[0].title: 42,
        many[1].title: 21,
    }
    # Each number leads to as many.
    for href, _, number in rows:
        found = practitioner.get(f"{PAGE}{href}&as=table")
        assert f"{number} small changes" in found.content.decode()
    assert "Gone quiet for five weeks" in page
    # Once somebody filters, that is what the page is about.
    filtered = practitioner.get(PAGE, {"stage": "grow"}).content.decode()
    assert 'class="glance"' not in filtered


def test_few_changes_need_no_glance(cast, practitioner, change):
    assert 'class="glance"' not in practitioner.get(PAGE).content.decode()


def test_lines_of_many_name_two_of_a_stage_and_lead_to_all(cast, many):
    lines = reading.lines_of(cast.programme, cast.programme.small_changes.all())
    assert [len(named) for _, named in lines] == [8, 8]
    assert [(one.stage, one.in_all) for one in lines[0][1][:3]] == [
        *(("mission", 10), ("mission", 10), ("develop", 10)),
    ]


@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ({"as": "lines"}, 12),
        ({"as": "board"}, 12),
        ({"as": "table"}, 13),
        ({"as": "table", "sort": "-moved"}, 13),
        ({"as": "table", "q": "grow"}, 12),
        ({"as": "board", "owner": "me", "quiet": "2", "ask": "needed"}, 10),
    ],
    ids=lambda one: "-".join(one.values()) if isinstance(one, dict) else None,
)
@pytest.mark.parametrize("rows", [24, 120])
def test_the_number_of_queries_is_that_of_a_few(
    cast, practitioner, django_assert_num_queries, query, queries, rows
):
    fill(cast.programme, rows)
    with django_assert_num_queries(queries):
        practitioner.get(PAGE, query)


def test_a_place_can_be_filled_with_believable_changes(cast):
    fill(cast.programme, 60)
    made = cast.programme.small_changes.all()
    assert (made.count(), made.exclude(illustrative="all of it").count()) == (60, 0)
    strands = {change.strand.title for change in made if change.strand}
    assert strands <= CHANGES.keys()
    assert {change.stage for change in made} == set(Stage)
    # Every change is where its newest move brought it.
    astray = [
        change.title
        for change in made
        if (last := change.moves.first())
        and (last.to_stage, last.to_status) != (change.stage, change.status)
    ]
    assert astray == []
    begin = timezone.now() - timedelta(weeks=16, minutes=1)
    assert not Move.objects.filter(at__lt=begin).exists()
    # A second time adds others.
    fill(cast.programme, 5)
    assert made.all().count() == 65
    assert not SmallChange.objects.exclude(authority=cast.authority).exists()
