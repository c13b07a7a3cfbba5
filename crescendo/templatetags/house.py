"""Small things that many pages show. Built into every template: none of these needs a load."""

from datetime import date, datetime
from itertools import groupby

from django import template
from django.db.models import Model, Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from blueprints import reviews
from blueprints.models import Experiment
from blueprints.reading import onwards_of
from crescendo.loading.desk import MADE_UP
from programmes.wording import in_words
from smallchanges.models import MissionStrand, SmallChange, Stage
from workshops import afterwards
from workshops.models import Harvest

register = template.Library()
register.filter(in_words)

# Each icon is one path on a 24 by 24 grid, drawn in the colour of the text beside it.
_ICON_PATHS = {
    "arrow": "M4 12h15M13 6l6 6-6 6",
    "board": "M4.5 4.5h3a1 1 0 011 1v13a1 1 0 01-1 1h-3a1 1 0 01-1-1v-13a1 1 0 011-1z"
    "M11.5 4.5h3a1 1 0 011 1v8a1 1 0 01-1 1h-3a1 1 0 01-1-1v-8a1 1 0 011-1z"
    "M18.5 4.5H20a1 1 0 011 1v4a1 1 0 01-1 1h-1.5a1 1 0 01-1-1v-4a1 1 0 011-1z",
    "bubble": "M4 5.5h16V16H11l-4.5 4v-4H4z",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "chevron": "M6 9l6 6 6-6",
    "clock": "M3.5 12.5a8.5 8.5 0 1017 0 8.5 8.5 0 10-17 0zM12 7.5v5l3.2 2",
    "cross": "M6 6l12 12M18 6L6 18",
    "down": "M12 5v14M6 13l6 6 6-6",
    "flag": "M5 21V4M5 4.5h12l-2.5 4 2.5 4H5",
    "info": "M2.5 12a9.5 9.5 0 1019 0 9.5 9.5 0 10-19 0zM12 11v5.5M12 7.5v.1",
    "leaf": "M5 19C5 9 11 5 20 5c0 9-4 14.5-12 14.5M5 19c2-5 5-7.5 9-9",
    "lock": "M7 10.5h10a2 2 0 012 2V18a2 2 0 01-2 2H7a2 2 0 01-2-2v-5.5a2 2 0 012-2z"
    "M8 10.5V8a4 4 0 018 0v2.5",
    "mail": "M5 5.5h14A1.5 1.5 0 0120.5 7v10a1.5 1.5 0 01-1.5 1.5H5A1.5 1.5 0 013.5 17V7"
    "A1.5 1.5 0 015 5.5zM4 7l8 6 8-6",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "move": "M4 8h13M13.5 4.5L17 8l-3.5 3.5M20 16H7M10.5 12.5L7 16l3.5 3.5",
    "pencil": "M4 20l1-4.5L16.5 4a2.1 2.1 0 013 3L8 18.5z",
    "people": "M5.5 8a3.5 3.5 0 107 0 3.5 3.5 0 10-7 0zM2.5 20c0-4 2.5-6.5 6.5-6.5s6.5 2.5 6.5 6.5"
    "M15.5 4.8a3.5 3.5 0 010 6.4M18 14c2.3.8 3.5 3 3.5 6",
    "play": "M8 5.5v13L18.5 12z",
    "plus": "M12 5v14M5 12h14",
    "print": "M7 9V4h10v5M7 17H4.5V9.5h15V17H17M7 14h10v6H7z",
    "question": "M2.5 12a9.5 9.5 0 1019 0 9.5 9.5 0 10-19 0z"
    "M9.5 9.5a2.6 2.6 0 113.7 2.3c-.8.5-1.2 1-1.2 2M12 17v.1",
    "search": "M4.5 11a6.5 6.5 0 1013 0 6.5 6.5 0 10-13 0zM16 16l4.5 4.5",
    "sparkle": "M12 3v4M12 17v4M3 12h4M17 12h4M5.8 5.8l2.7 2.7M15.5 15.5l2.7 2.7"
    "M18.2 5.8l-2.7 2.7M8.5 15.5l-2.7 2.7",
    "table": "M5 5h14a1.5 1.5 0 011.5 1.5v11A1.5 1.5 0 0119 19H5"
    "a1.5 1.5 0 01-1.5-1.5v-11A1.5 1.5 0 015 5zM3.5 10h17M9.5 10v9",
    "up": "M12 19V5M6 11l6-6 6 6",
    "warning": "M12 4l9 16H3zM12 10v4.5M12 17.2v.1",
}
_ICONS = {
    name: format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        path,
    )
    for name, path in _ICON_PATHS.items()
}
# Circle, square, triangle, diamond, pentagon: a strand is never known by its colour alone.
_STRAND_SHAPES = {
    1: "M.5 8a7.5 7.5 0 1015 0 7.5 7.5 0 10-15 0z",
    2: "M2.5 1h11A1.5 1.5 0 0115 2.5v11a1.5 1.5 0 01-1.5 1.5h-11"
    "A1.5 1.5 0 011 13.5v-11A1.5 1.5 0 012.5 1z",
    3: "M8 .8L15.8 15H.2z",
    4: "M8 0l8 8-8 8-8-8z",
    5: "M8 .3l7.7 5.6-2.9 9.1H3.2L.3 5.9z",
}
_BARS = ((1, "15", "4"), (8, "10.3", "8.7"), (15, "5.6", "13.4"), (22, ".9", "18.1"))
_FILLED = format_html(' class="{}"', "on")
_UNITS = (("year", 365), ("month", 30), ("week", 7), ("day", 1))  # days
# The first that a browser's own description of itself holds; Edge and Chrome also name those below.
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    *(("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Mac OS", "Mac"), ("Linux", "Linux")),
)
# How many of one kind stand in a row on a change's thread, before it says that there are more.
_KNOTS_OF_A_KIND = 3


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing that says nothing to a screen reader: the words beside it do."""
    return _ICONS[name]


@register.simple_tag
def strand_mark(look: int) -> SafeString:
    """The shape of the strand whose `look` this is, in the strand's own colour."""
    return format_html(
        '<svg class="mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        _STRAND_SHAPES[look],
    )


@register.simple_tag
def strand_tag(strand: MissionStrand) -> SafeString:
    """A strand's shape and title, in its colour."""
    return format_html(
        '<span class="strandtag strand strand-{}">{}<span>{}</span></span>',
        strand.look,
        strand_mark(strand.look),
        strand.title,
    )


@register.simple_tag
def stage_bars(stage: str) -> SafeString:
    """Four bars that grow, filled as far as the change has come, and the stage's word."""
    stage = Stage(stage)
    bars = format_html_join(
        "",
        '<rect{} x="{}" y="{}" width="5" height="{}" rx="1"/>',
        (
            (_FILLED if number <= stage.number else "", x, y, height)
            for number, (x, y, height) in enumerate(_BARS, start=1)
        ),
    )
    return format_html(
        '<span class="stage"><svg class="bars" viewBox="0 0 28 20" aria-hidden="true"'
        ' focusable="false">{}</svg>{}</span>',
        bars,
        stage.label,
    )


@register.simple_tag
def illustrative(row) -> SafeString | str:
    """What of this row was made up to show a feature; nothing where everything is real."""
    if not row.illustrative:
        return ""
    return format_html(
        '<span class="tag tag--line illustrative">Illustrative: {}</span>', row.illustrative
    )


@register.simple_tag
def onwards(change: SmallChange) -> list[tuple[str, str, str]]:
    """Where a small change led, as (label, text, url); what is not there yet says so, with no url.

    What it taught us, then the pillars and experiments that grew from it; of several of one kind in
    a row the first few, and how many more. Four queries at most.
    """
    page = reverse("blueprints:insights", args=[change.authority.slug])
    taught = [
        ("What it taught us", insight.text, f"{page}#row-{insight.pk}")
        for insight in change.insights.standing()
    ]
    grown = onwards_of(change)
    if not grown:
        grown = [("Pillar", "No pillar yet", "")]
    elif not any(label == "Experiment" for label, _, _ in grown):
        grown.append(("Experiment", "No experiment yet", ""))
    knots: list[tuple[str, str, str]] = []
    everything = page  # where all of a kind can be read: experiments stand under their pillar
    for label, same in groupby(taught + grown, key=lambda knot: knot[0]):
        run = list(same)
        knots += run[:_KNOTS_OF_A_KIND]
        if rest := run[_KNOTS_OF_A_KIND:]:
            knots.append((label, f"And {in_words(len(rest))} more", everything))
        everything = knots[-1][2]
    return knots


@register.simple_tag(takes_context=True)
def answers_of(context, experiment: Experiment) -> reviews.Said:
    """What was answered to an experiment and promised for it; three queries."""
    return reviews.of_experiment(context["request"], experiment)


@register.simple_tag
def grew_into(barriers) -> str:
    """Give each of these barriers `grew`, the standing strands that come from it; one query."""
    strands = Prefetch("strands", MissionStrand.objects.standing(), to_attr="grew")
    prefetch_related_objects(list(barriers), strands)
    return ""


@register.simple_tag
def give_sources(*said) -> str:
    """Give each of these rows, and those of these lists, `sources` for `_source.html`; one query.

    What came out of a room says where on every page, also on those of apps that know of no room.
    """
    afterwards.give_sources(
        row for one in said for row in ([one] if isinstance(one, Model) else one)
    )
    return ""


@register.simple_tag
def where_said(rows) -> dict:
    """The workshops in which any of these rows, which have their `sources`, was said; each once.

    `begins` is how the sentence begins: not all of them need have been.
    """
    found = {one.workshop_pk: one for row in rows for one in row.sources}
    begins = "Said in" if all(row.sources for row in rows) else "Some were said in"
    return {"sources": list(found.values()), "begins": begins}


@register.simple_tag
def place_of(harvest: Harvest, slug: str) -> str:
    """The address at which a harvested thing is read."""
    return afterwards.place_of(harvest, slug)


@register.filter
def made_up(row) -> str:
    """The same where there is no room to say which parts: its own page does."""
    if not row.illustrative:
        return ""
    return "Illustrative" if row.illustrative == MADE_UP else "Partly illustrative"


@register.filter
def day(value: date | datetime | None) -> str:
    """Thursday 3 December 2026."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "l j F Y")


@register.filter
def ago(value: date | datetime | None) -> str:
    """Today, yesterday, 3 days, 2 weeks, 5 months, 1 year ago. A day to come is named."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    days = (timezone.localdate() - value).days
    if days < 0:
        return f"on {day(value)}"
    if days < 2:
        return ("today", "yesterday")[days]
    unit, length = next(one for one in _UNITS if days >= one[1])
    count = days // length
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


@register.filter
def browser(user_agent: str) -> str:
    """Such as "Edge on Windows", from the long line by which a browser describes itself."""
    program = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "an unknown system")
    return f"{program} on {system}"
