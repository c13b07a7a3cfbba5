"""The small things that many pages show."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import engines
from django.utils import timezone

from crescendo.templatetags import house
from smallchanges.models import MissionStrand, SmallChange, Stage
from tests import factories

NASTY = '<img src=x onerror=alert(1)> & "co"'
ESCAPED = "&lt;img src=x onerror=alert(1)&gt; &amp; &quot;co&quot;"


def _render(source: str, **context) -> str:
    """As a template does it, in which the tags need no load."""
    return engines["django"].from_string(source).render(context)


# --- days


def _days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "yesterday"),
        (2, "2 days ago"),
        (6, "6 days ago"),
        (7, "1 week ago"),
        (13, "1 week ago"),
        (14, "2 weeks ago"),
        (29, "4 weeks ago"),
        (30, "1 month ago"),
        (59, "1 month ago"),
        (60, "2 months ago"),
        (364, "12 months ago"),
        (365, "1 year ago"),
        (729, "1 year ago"),
        (730, "2 years ago"),
    ],
)
def test_ago(days, words):
    assert house.ago(_days_ago(days)) == words
    assert _render("{{ on|ago }}", on=_days_ago(days)) == words


def test_a_day_to_come_is_named():
    tomorrow = _days_ago(-1)
    assert house.ago(tomorrow) == f"on {house.day(tomorrow)}"


def test_no_day_is_no_words():
    assert (house.ago(None), house.day(None)) == ("", "")


def test_a_moment_is_told_by_its_day_in_london():
    """An hour before midnight in UTC in July, London is in the next day already."""
    summer = datetime(2026, 7, 15, 23, 30, tzinfo=UTC)
    assert house.day(summer) == "Thursday 16 July 2026"
    winter = datetime(2026, 1, 15, 23, 30, tzinfo=UTC)
    assert house.day(winter) == "Thursday 15 January 2026"
    assert house.ago(timezone.now()) == "today"
    assert house.ago(timezone.now() - timedelta(days=1)) == "yesterday"


def test_a_moment_without_a_place_is_told_as_it_is():
    assert house.day(datetime(2026, 12, 3, 23, 30)) == "Thursday 3 December 2026"  # noqa: DTZ001
    assert house.ago(datetime(2020, 1, 1, 23, 30)).endswith("years ago")  # noqa: DTZ001


def test_a_day():
    assert house.day(date(2026, 12, 3)) == "Thursday 3 December 2026"


# --- numbers


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "no"), (1, "one"), (7, "seven"), (12, "twelve"), (13, "13"), (1000, "1000"), (-1, "-1")],
)
def test_in_words(number, words):
    assert house.in_words(number) == words


# --- icons and strands


def test_icons_say_nothing_to_a_screen_reader():
    drawn = {name: house.icon(name) for name in house._ICON_PATHS}
    silent = 'aria-hidden="true" focusable="false"'
    assert [name for name, svg in drawn.items() if silent not in svg] == []
    with pytest.raises(KeyError):
        house.icon("no such icon")


def test_a_strand_is_never_known_by_its_colour_alone():
    looks = [MissionStrand(position=position).look for position in range(7)]
    assert looks == [1, 2, 3, 4, 5, 1, 2]
    marks = {look: house.strand_mark(look) for look in set(looks)}
    assert len(set(marks.values())) == 5
    with pytest.raises(KeyError):
        house.strand_mark(6)


def test_a_strands_tag_has_its_look_its_shape_and_its_title():
    tag = house.strand_tag(MissionStrand(title=NASTY, position=2))
    assert tag.startswith('<span class="strandtag strand strand-3"><svg class="mark"')
    assert tag.endswith(f"<span>{ESCAPED}</span></span>")
    assert "<img" not in tag


@pytest.mark.parametrize(
    ("stage", "filled"), [("mission", 1), ("develop", 2), ("influence", 3), ("grow", 4)]
)
def test_bars_are_filled_as_far_as_the_change_has_come(stage, filled):
    bars = house.stage_bars(stage)
    rects = re.findall(r'<rect( class="on")?', bars)
    assert [bool(on) for on in rects] == [True] * filled + [False] * (4 - filled)
    assert bars.endswith(f"</svg>{Stage(stage).label}</span>")


def test_a_stage_that_is_none_is_refused():
    with pytest.raises(ValueError, match="is not a valid Stage"):
        house.stage_bars('"><img>')


# --- what is made up


def test_what_is_made_up_says_so_and_what_is_real_says_nothing():
    assert house.illustrative(SmallChange()) == ""
    assert house.illustrative(SmallChange(illustrative=NASTY)) == (
        f'<span class="tag tag--line illustrative">Illustrative: {ESCAPED}</span>'
    )


def test_the_tags_need_no_load():
    change = SmallChange(illustrative="stage")
    page = _render('{% icon "check" %}{% illustrative change %}{{ 2|in_words }}', change=change)
    assert page.startswith('<svg class="icon"')
    assert page.endswith("Illustrative: stage</span>two")


# --- where a change led


def test_a_barrier_knows_the_standing_strands_that_grew_from_it(cast, django_assert_num_queries):
    used, unused = (factories.BarrierFactory(programme=cast.programme) for _ in range(2))
    kept, gone = (factories.MissionStrandFactory(programme=cast.programme) for _ in range(2))
    for strand in (kept, gone):
        strand.barriers.add(used, through_defaults={"authority": cast.authority})
    gone.removed_at = timezone.now()
    gone.save()
    with django_assert_num_queries(1):
        house.grew_into([used, unused])
    assert (used.grew, unused.grew) == ([kept], [])


def test_what_is_not_there_yet_says_so(cast):
    change = factories.SmallChangeFactory(programme=cast.programme)
    assert house.onwards(change) == [("Pillar", "No pillar yet", "")]
    insight = factories.InsightFactory(programme=cast.programme, text="Time is short")
    insight.changes.add(change, through_defaults={"authority": cast.authority})
    taught = (
        "What it taught us",
        "Time is short",
        f"/own/blueprint/insights/#row-{insight.pk}",
    )
    assert house.onwards(change) == [taught, ("Pillar", "No pillar yet", "")]
    pillar = factories.PillarFactory(blueprint__programme=cast.programme, title="Partners")
    pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    grown = ("Pillar 1", "Partners", "/own/blueprint/#pil1")
    assert house.onwards(change) == [taught, grown, ("Experiment", "No experiment yet", "")]
    experiment = factories.ExperimentFactory(pillar=pillar, title="Take turns")
    tried = ("Experiment", "Take turns", f"/own/blueprint/experiments/{experiment.pk}/")
    assert house.onwards(change) == [taught, grown, tried]


def test_a_long_thread_names_the_first_of_a_kind_and_leads_to_the_rest(cast):
    change = factories.SmallChangeFactory(programme=cast.programme)
    pillar = factories.PillarFactory(blueprint__programme=cast.programme)
    for _ in range(5):
        insight = factories.InsightFactory(programme=cast.programme)
        insight.changes.add(change, through_defaults={"authority": cast.authority})
        pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    factories.ExperimentFactory.create_batch(4, pillar=pillar)
    knots = house.onwards(change)
    kinds = ["What it taught us"] * 4 + ["Pillar 1"] + ["Experiment"] * 4
    assert [label for label, _, _ in knots] == kinds
    assert knots[3][1:] == ("And two more", "/own/blueprint/insights/")
    assert knots[8][1:] == ("And one more", "/own/blueprint/#pil1")


# --- browsers


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/126.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
            " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Firefox/127.0", "Firefox on Linux"),
        ("", "A browser on an unknown system"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent, words):
    assert house.browser(agent) == words


@pytest.mark.parametrize(
    ("said", "mark"),
    [("", ""), ("all of it", "Illustrative"), ("stage, dates", "Partly illustrative")],
)
def test_made_up_says_in_a_word_or_two_whether_something_is_illustrative(said, mark):
    assert house.made_up(SmallChange(title="Quiet hour", illustrative=said)) == mark
