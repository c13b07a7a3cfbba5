"""What people count: numbers as they write them, readings, and what may be said of a run."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from django.utils import timezone

from programmes.models import AuditEvent
from smallchanges.charts import BOTTOM, LEFT, RIGHT, TOP, chart_of
from smallchanges.models import Measure, Reading
from smallchanges.numbers import NotANumber, amount, in_figures, in_short, number_of
from smallchanges.runs import Run, shift_of, trend_of
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

PK = UUID(int=7)
MARCH = date(2026, 3, 2)


@pytest.fixture
def page(change):
    return f"/own/changes/{change.pk}/"


@pytest.fixture
def measure(change):
    return factories.MeasureFactory(change=change, what="Minutes to write up", unit="minutes")


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def _numbers(*values) -> list[Decimal]:
    return [Decimal(str(value)) for value in values]


def _run(*values, better="lower", unit="minutes", **fields) -> Run:
    measure = Measure(what="Minutes", unit=unit, better=better, **fields)
    return Run(
        measure,
        [
            Reading(measure=measure, on=MARCH + timedelta(weeks=week), value=value)
            for week, value in enumerate(_numbers(*values))
        ],
    )


# --- numbers


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("14", "14"),
        (" 9.5 ", "9.5"),
        ("9,5", "9.5"),
        ("9,50", "9.5"),
        (",5", "0.5"),
        ("12,500", "12500"),
        ("1,250,000.5", "1250000.5"),
        ("0,12", "0.12"),
        ("−3", "-3"),
        ("-0", "0"),
        ("£12.50", "12.5"),
        ("40 %", "40"),
        ("9999999.99", "9999999.99"),
    ],
)
def test_a_number_is_read_with_a_comma_or_a_point(written, number):
    assert number_of(written) == Decimal(number)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("fourteen", "Write one number, such as 14 or 9.5."),
        ("14 minutes", "Write one number, such as 14 or 9.5."),
        ("1.2.3", "Write one number, such as 14 or 9.5."),
        ("NaN", "Write one number, such as 14 or 9.5."),
        ("٣", "Write one number, such as 14 or 9.5."),
        ("10-12", "Write one number: halfway from 10 to 12 is 11."),
        ("10 to 12,5", "Write one number: halfway from 10 to 12.5 is 11.25."),
        ("9.555", "Two digits after the point are plenty."),
        ("0,125", "Two digits after the point are plenty."),
        ("10000000", "That’s more than fits here. Count in thousands, or in millions."),
    ],
)
def test_what_is_no_number_is_told_what_would_be(written, said):
    with pytest.raises(NotANumber, match=re.escape(said)):
        number_of(written)


def test_a_number_is_written_without_a_digit_too_many():
    written = [in_figures(one) for one in _numbers("14.00", "9.50", 12500, -3, "100")]
    assert written == ["14", "9.5", "12,500", "−3", "100"]
    assert [in_short(one) for one in _numbers(9999, 12500, 1250000, "9.5")] == [
        *("9,999", "12.5k", "1.25m", "9.5"),
    ]
    units = ("minutes", "%", "£", "")
    assert [amount(Decimal("9.50"), unit) for unit in units] == [
        *("9.5 minutes", "9.5%", "£9.5", "9.5"),
    ]


# --- what may be said of a run


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (_run(), ""),
        (_run(baseline=Decimal(14), baseline_on=MARCH), "14 minutes to begin with, on 2 March"),
        (_run(14), "14 minutes on 2 March"),
        (_run(14, 9), "From 14 to 9 minutes since 2 March"),
        (_run(14, 12, 11, 10, 9, 9), "From 14 to 9 minutes since March"),
        (_run(14, 12, 11, 10, 14, 14), "Still 14 minutes since March"),
        (_run(14, 14), "Still 14 minutes since 2 March"),
        (_run(20, 35, unit="%"), "From 20% to 35% since 2 March"),
        (
            _run(9, baseline=Decimal(14), baseline_on=date(2025, 11, 3)),
            "From 14 to 9 minutes since November 2025",
        ),
    ],
)
def test_a_run_is_said_in_two_numbers(run, said, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 30))
    assert run.said == said


def test_below_six_readings_nothing_is_claimed():
    few, enough = _run(14, 12, 11, 10, 9), _run(14, 12, 11, 10, 9, 8)
    assert (few.middle, few.findings, few.missing) == (None, [], 1)
    assert (enough.middle, enough.missing) == (Decimal("10.5"), 0)
    assert [(one.kind, one.count, one.is_hoped_for) for one in enough.findings] == [
        ("trend", 6, True)
    ]


def _found(pattern):
    return pattern and (pattern.first, pattern.last, pattern.count, pattern.is_upwards)


@pytest.mark.parametrize(
    ("values", "middle", "shift"),
    [
        # Six on one side, and not five.
        ([5, 5, 5, 5, 5, 5, 1, 1, 1, 1, 1], 3, (0, 5, 6, True)),
        ([5, 5, 5, 5, 5, 1, 1, 1, 1, 1], 3, None),
        # What lies on the line neither breaks nor counts.
        ([1, 1, 1, 3, 1, 1, 5], 3, None),
        ([1, 1, 1, 3, 1, 1, 1, 5], 3, (0, 6, 6, False)),
        # The latest of two.
        ([5, 5, 5, 5, 5, 5, 1, 1, 1, 1, 1, 1, 1], 3, (6, 12, 7, False)),
    ],
)
def test_a_shift_is_six_on_one_side_of_the_middle(values, middle, shift):
    assert _found(shift_of(_numbers(*values), Decimal(middle))) == shift


@pytest.mark.parametrize(
    ("values", "trend"),
    [
        ([1, 2, 3, 4, 5], (0, 4, 5, True)),
        ([1, 2, 3, 4], None),
        # The same again neither breaks nor counts.
        ([1, 2, 2, 3, 3, 4], None),
        ([1, 2, 2, 3, 4, 5], (0, 5, 5, True)),
        # Where it turns, the turning point belongs to both.
        ([9, 1, 2, 3, 4, 3, 2, 1, 0], (4, 8, 5, False)),
        ([3, 1, 2, 1, 2, 1], None),
    ],
)
def test_a_trend_is_five_that_go_one_way(values, trend):
    assert _found(trend_of(_numbers(*values))) == trend


@pytest.mark.parametrize(
    ("better", "target", "latest", "is_there"),
    [
        ("lower", 9, 9, True),
        ("lower", 9, 10, False),
        ("higher", 60, 61, True),
        ("higher", 60, 59, False),
        ("lower", None, 1, False),
    ],
)
def test_a_target_is_reached_from_its_own_side(better, target, latest, is_there):
    run = _run(latest, better=better, target=target)
    assert run.has_reached_target == is_there


# --- the picture


@pytest.mark.parametrize(
    "run",
    [
        _run(14),
        _run(0, baseline=Decimal(0), target=Decimal(0)),
        _run(14, 9, baseline=Decimal(14), target=Decimal(14)),
        _run(-3, -9),
        _run(-3, 9),
        _run("9999999.99", "-9999999.99"),
        _run("0.01", "0.02"),
        _run(*[92 + (week % 7) / 10 for week in range(40)], unit="%", target=Decimal(95)),
    ],
    ids=["one", "nought", "one line", "below nought", "both", "widest", "narrowest", "forty"],
)
def test_everything_lies_in_the_picture(run):
    chart = chart_of(run)
    assert [LEFT <= dot.x <= RIGHT and TOP <= dot.y <= BOTTOM for dot in chart.dots] == (
        [True] * len(run.readings)
    )
    assert [dot.x for dot in chart.dots] == sorted(dot.x for dot in chart.dots)
    for line in chart.lines:
        assert (TOP <= line.y <= BOTTOM, TOP <= line.label_y <= BOTTOM) == (True, True)
    labels = [line.label_y for line in chart.lines]
    assert [b - a >= 30 for a, b in pairwise(labels)] == ([True] * (max(1, len(labels)) - 1))
    assert 2 <= len(chart.ticks) <= 6


def test_small_differences_far_from_nought_are_seen_and_others_are_not_made_large():
    assert chart_of(_run(14, 9)).ticks[0].words == "0"
    assert chart_of(_run(92, 95)).ticks[0].words == "92"


def test_there_is_no_picture_without_a_reading():
    assert chart_of(_run(baseline=Decimal(14), baseline_on=MARCH)) is None


# --- in the browser


def test_who_counts_nothing_sees_a_line_and_a_button(practitioner, page):
    html = practitioner.get(page).content.decode()
    part = re.search(r'id="change-measures".*?<form', html, re.S).group()
    assert _words(part[part.index(">") + 1 :]) == (
        "What we count Nothing yet. One number, counted now and then, shows whether it helps."
        " Count something <form"
    )


def _sent(**values) -> dict:
    fields = {"id": PK, "what": "Minutes to write up", "unit": "minutes", "better": "lower"}
    return {f"measure-{name}": value for name, value in (fields | values).items()}


def test_a_measure_sent_twice_is_one(practitioner, change, page):
    sent = _sent(baseline="14,5", baseline_on="2026-03-02", target="9")
    for _ in range(2):
        response = practitioner.post(f"{page}measures/add/", sent)
        assert response["Location"] == f"{page}#change-measures"
    measure = change.measures.get()
    assert (measure.pk, measure.what, measure.unit, measure.better) == (
        *(PK, "Minutes to write up", "minutes", "lower"),
    )
    assert (measure.baseline, measure.baseline_on, measure.target) == (
        *(Decimal("14.5"), MARCH, Decimal(9)),
    )
    assert told(follow(practitioner, response))[-1] == "We’re counting: Minutes to write up"
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == ["measure added"]


def test_a_baseline_has_a_day_and_a_day_alone_is_none(practitioner, change, page):
    practitioner.post(f"{page}measures/add/", _sent(baseline="14"))
    assert change.measures.get().baseline_on == timezone.localdate()
    sent = {"version": 1, "what": "Minutes", "better": "higher", "baseline_on": "2026-03-02"}
    address = f"{page}measures/{PK}/edit/"
    assert practitioner.post(address, sent)["Location"] == f"{page}#change-measures"
    measure = change.measures.get()
    assert (measure.what, measure.better, measure.version) == ("Minutes", "higher", 2)
    assert (measure.baseline, measure.baseline_on) == (None, None)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_measure_that_is_not_in_order_keeps_what_was_typed(practitioner, change, page, headers):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    sent = _sent(what=" ", baseline="10-12", baseline_on=tomorrow, target="lots", better="best")
    response = practitioner.post(f"{page}measures/add/", sent, headers=headers)
    said = {name: list(one) for name, one in response.context["forms"]["measure"].errors.items()}
    assert said == {
        "what": ["Say in a few words what we count."],
        "better": ["Choose one from the list."],
        "baseline": ["Write one number: halfway from 10 to 12 is 11."],
        "baseline_on": ["That day hasn’t come yet."],
        "target": ["Write one number, such as 14 or 9.5."],
    }
    html = response.content.decode()
    assert ('value="10-12"' in html, 'value="lots"' in html) == (True, True)
    assert ("<html" in html) == (headers == {})
    assert change.measures.count() == 0


def test_the_same_is_counted_once(practitioner, measure, page):
    response = practitioner.post(f"{page}measures/add/", _sent(what="MINUTES to write up"))
    assert list(response.context["forms"]["measure"].errors["what"]) == ["We count this already."]


def test_two_who_write_a_measure_are_shown_both(practitioner, measure, page):
    Measure.objects.update(version=2, what="Theirs", target=Decimal(9))
    sent = {"version": 1, "what": "Ours", "better": "lower", "target": "9", "unit": "minutes"}
    response = practitioner.post(f"{page}measures/{measure.pk}/edit/", sent)
    assert response.status_code == 409
    assert response.context["both"] == [("What do we count?", "Theirs", "Ours")]


def _reading(measure, **values) -> dict:
    fields = {"id": PK, "value": "9"} | values
    return {f"reading-{measure.pk}-{name}": value for name, value in fields.items()}


def test_a_reading_is_one_field_and_one_tap(practitioner, measure, page):
    form = re.search(
        r'<form class="counting".*?</form>', practitioner.get(page).content.decode(), re.S
    ).group()
    assert "Today’s number (minutes)" in form
    assert len(re.findall(r"<button", form)) == 1
    for _ in range(2):
        response = practitioner.post(
            f"{page}measures/{measure.pk}/readings/add/", _reading(measure)
        )
        assert response["Location"] == f"{page}#change-measures"
        shown = follow(practitioner, response)
    reading = measure.readings.get()
    assert (reading.pk, reading.value, reading.on) == (PK, 9, timezone.localdate())
    assert told(shown)[-1] == f"Added: 9 minutes on {timezone.localdate():%-d %B %Y}"
    undo(practitioner, shown)
    assert measure.readings.standing().count() == 0


def test_htmx_gets_the_region_with_the_picture_alone(practitioner, measure, page):
    other = factories.MeasureFactory(change=measure.change)
    response = practitioner.post(
        f"{page}measures/{measure.pk}/readings/add/", _reading(measure), headers=HTMX
    )
    html = response.content.decode()
    assert html.strip().startswith('<div id="change-measures"')
    assert ("<html" in html, html.count('id="change-'), html.count('<svg class="chart"')) == (
        False,
        1,
        1,
    )
    # What somebody has begun to write for another measure stays; this form is new.
    preserved = re.findall(r'id="counting-([\w-]+)"[^>]*hx-preserve', html)
    assert preserved == [str(other.pk)]


def test_a_day_has_one_reading(practitioner, measure, page):
    factories.ReadingFactory(measure=measure, on=timezone.localdate(), value=Decimal("14"))
    address = f"{page}measures/{measure.pk}/readings/add/"
    response = practitioner.post(address, _reading(measure))
    said = response.context["forms"]["reading"].errors
    assert list(said["on"]) == [
        "That day has a reading already: 14 minutes. Take that one away first, or choose another"
        " day."
    ]
    html = response.content.decode()
    assert f'name="reading-{measure.pk}-value" value="9"' in html
    assert practitioner.post(address, _reading(measure, on="2026-03-02")).status_code == 302
    assert measure.readings.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("value", "", "Write the number that you counted."),
        ("value", "a few", "Write one number, such as 14 or 9.5."),
        ("on", "1926-03-02", "Choose a day since the year 2000."),
        ("on", "soon", "Write the day as in 3 December 2026, or 03/12/2026."),
        ("note", "x" * 201, "Make it shorter: 200 characters fit, this has 201."),
    ],
)
def test_a_reading_that_is_not_in_order_says_so(practitioner, measure, page, field, value, said):
    sent = _reading(measure, **{field: value})
    response = practitioner.post(f"{page}measures/{measure.pk}/readings/add/", sent)
    assert response.context["forms"]["reading"].errors == {field: [said]}
    html = response.content.decode()
    assert f'id="id_reading-{measure.pk}-{field}_error"' in html
    assert measure.readings.count() == 0


def test_a_run_tells_what_it_shows_to_those_who_do_not_see_it(practitioner, measure, page):
    for week, value in enumerate([15, 14, 15, 16, 14, 15, 15, 10, 11, 10, 9, 11, 10, 9]):
        factories.ReadingFactory(measure=measure, on=MARCH + timedelta(weeks=week), value=value)
    html = practitioner.get(page).content.decode()
    label = re.search(r'<svg class="chart"[^>]*aria-label="([^"]*)"', html).group(1)
    assert label.startswith(
        "Run chart: Minutes to write up, in minutes. Lower is better. Middle 12.5."
        " 2 March 2026: 15 minutes. 9 March 2026: 14 minutes."
    )
    assert label.count(" 2026: ") == 14
    table = re.search(r'<table class="table table--read">.*?</table>', html, re.S).group()
    assert table.count("<tr>") == 15
    words = _words(html)
    assert (
        "The last seven readings are all below the middle line. That’s rarely chance alone:"
        " something seems to have changed, the way we hoped." in words
    )


def test_few_readings_say_how_many_more_it_takes(practitioner, measure, page):
    factories.ReadingFactory(measure=measure)
    assert "From six readings on we can tell a change from chance: five to go." in _words(
        practitioner.get(page).content.decode()
    )


def test_readings_and_measures_are_taken_away_and_come_back(practitioner, measure, page):
    reading = factories.ReadingFactory(measure=measure, on=MARCH)
    rows = {"readings": (Reading, reading), "measures": (Measure, measure)}
    for place, (model, row) in rows.items():
        address = f"{page}{place}/{row.pk}/remove/?arrange=measures"
        response = practitioner.post(address)
        assert response["Location"] == f"{page}?arrange=measures#change-measures"
        shown = follow(practitioner, response)
        assert model.objects.standing().count() == 0
        follow(practitioner, undo(practitioner, shown))
        assert model.objects.standing().get() == row
    # Of a day that has another by now, the old one stays away.
    practitioner.post(f"{page}readings/{reading.pk}/remove/")
    factories.ReadingFactory(measure=measure, on=MARCH)
    response = practitioner.post(f"{page}readings/{reading.pk}/put-back/")
    assert told(follow(practitioner, response))[-1].startswith("Somebody has written this again")
    assert Reading.objects.standing().count() == 1


def test_others_count_nothing_here(practitioner, outsider, measure, page, other_change):
    theirs = factories.ReadingFactory(measure__change=other_change)
    for place in (f"measures/{measure.pk}/readings/add/", f"measures/{measure.pk}/edit/"):
        assert outsider.post(f"{page}{place}").status_code == 404
    for place in (f"measures/{theirs.measure.pk}/edit/", f"readings/{theirs.pk}/remove/"):
        assert practitioner.post(f"{page}{place}").status_code == 404
    assert Reading.objects.standing().get() == theirs


def test_the_form_of_a_measure_shows_its_numbers_as_they_are_read(practitioner, measure, page):
    Measure.objects.update(baseline="12500", baseline_on=MARCH, target="9.50")
    form = practitioner.get(f"{page}measures/{measure.pk}/edit/").context["form"]
    assert [form[name].value() for name in ("baseline", "target")] == ["12500", "9.5"]
    assert errors(practitioner.post(f"{page}measures/{measure.pk}/edit/", {"version": 1})) == {
        "what": ["Say in a few words what we count."],
        "better": ["Choose which way is better."],
    }
