"""What a room's audiences are told of each thing that happens, in the transaction that does it.

The console and the big screen are few: they hear that something changed, and fetch their page's
region. The phones are many: what they show is rendered once and sent to all.
"""

from django.template.loader import render_to_string

from workshops import agreements, asking, looks, reading, surveying, voices
from workshops.live import announce
from workshops.models import ASKS_ABOUT_THINGS, Activity, ActivityKind, Candour, Note, Workshop

CHANGED = "<i></i>"
# Tells a phone to fetch what is its own.
OWN_STAGE = '<div class="pstage" id="stage" data-own></div>'
# Said in these words once a page, for each of its boxes (`reliability.md` 5).
CANDOUR_SENTENCES: dict[str, str] = {
    Candour.NAMED: "Your name stands beside what you write.",
    Candour.HIDDEN: "Your name is hidden from colleagues. The facilitator can see it.",
    Candour.ANONYMOUS: "Anonymous: nobody can find out that it was you, and neither can we.",
}


def moved_on(workshop: Workshop) -> None:
    """The room is somewhere else, or shows what it kept back: every phone gets the new page."""
    workshop.refresh_from_db()
    announce(workshop, console=CHANGED, screen=CHANGED, **_to_phones(workshop))


def _to_phones(workshop: Workshop) -> dict[str, str]:
    """Where the room is; nothing in a window over days, where nobody is dragged anywhere."""
    return {} if workshop.is_self_paced else {"phones": stage_for_all(workshop)}


def paced_anew(workshop: Workshop) -> None:
    """From one pace for all to everybody's own, or open again: each phone fetches its page."""
    announce(workshop, console=CHANGED, screen=CHANGED, phones=OWN_STAGE)


def written(note: Note) -> None:
    activity = note.activity
    seen = activity.is_revealed and not note.held_for
    if seen and not activity.workshop.is_self_paced:
        announce(activity.workshop, console=CHANGED, screen=CHANGED, phones=card(note))
    else:
        announce(activity.workshop, topic="written", console=CHANGED, screen=CHANGED)


def changed(note: Note) -> None:
    """Its words, or whether it may be seen, are different now."""
    workshop = note.activity.workshop
    is_seen = not (note.held_for or note.removed_at)
    # At one's own pace another part's list may have the same name: only what goes is told there.
    if note.activity.is_revealed and not (workshop.is_self_paced and is_seen):
        announce(workshop, console=CHANGED, screen=CHANGED, phones=card(note))
    else:
        announce(workshop, topic="written", console=CHANGED, screen=CHANGED)


def redacted(note: Note) -> None:
    """Nothing of it may stay anywhere: not in what was told before either."""
    workshop = note.activity.workshop
    workshop.events.filter(html__contains=str(note.pk)).delete()
    announce(workshop, console=CHANGED, screen=CHANGED, phones=card(note))


def grouped(activity: Activity) -> None:
    _all_of(activity, topic="grouped")


def chosen(activity: Activity) -> None:
    """Somebody voted or marked: who watches sees how many have, never what."""
    announce(activity.workshop, topic="chosen", console=CHANGED, screen=CHANGED)


def suggested(activity: Activity) -> None:
    """The console alone: nobody's suggestion is shown to anybody else."""
    announce(activity.workshop, topic="suggested", console=CHANGED)


def asked(activity: Activity) -> None:
    """More things are asked about, or fewer."""
    _all_of(activity, topic="asked")


def settled(activity: Activity) -> None:
    _all_of(activity, topic="settled")


def outcome(activity: Activity) -> None:
    _all_of(activity, topic="outcome")


def put_to_a_change(activity: Activity) -> None:
    _all_of(activity, topic="change")


def clock(workshop: Workshop) -> None:
    html = render_to_string("room/_clock.html", {"activity": workshop.current})
    to_phones = {} if workshop.is_self_paced else {"phones": html}
    announce(workshop, console=CHANGED, screen=CHANGED, **to_phones)


def screen(workshop: Workshop) -> None:
    announce(workshop, console=CHANGED, screen=CHANGED)


def _all_of(activity: Activity, *, topic: str) -> None:
    """Phones are told only where the room is at it: who looks at something else stays there."""
    workshop = activity.workshop
    if workshop.current_id == activity.pk and not workshop.is_self_paced:
        announce(
            workshop,
            topic=topic,
            console=CHANGED,
            screen=CHANGED,
            phones=stage_for_all(workshop),
        )
    else:
        announce(workshop, topic=topic, console=CHANGED, screen=CHANGED)


def stage_for_all(workshop: Workshop) -> str:
    """The phone's page as everybody may see it: nothing of one's own, nothing hidden."""
    context = phone_context(workshop, workshop.current)
    return render_to_string("room/room.html#stage", context | {"is_for_all": True})


def card(note: Note) -> str:
    """A note as everybody may see it; empty where it may not be seen."""
    seen = not (note.held_for or note.removed_at or note.redacted_at)
    context = {"workshop": note.activity.workshop, "note": note, "is_seen": seen}
    return render_to_string("room/_card.html", context)


def phone_context(workshop: Workshop, activity: Activity | None) -> dict:
    """What the phone's page of an activity needs, without anything of one person's own."""
    context: dict = {"workshop": workshop, "activity": activity, "things": [], "homeless": []}
    if activity is None:
        return context
    context["sentence"] = CANDOUR_SENTENCES[activity.candour]
    context["parts"] = [] if workshop.is_self_paced else reading.parts_up_to(workshop, activity)
    context["has_closed"] = workshop.has_closed_for(activity)
    context["look"] = looks.look_of(activity)
    context |= voices.about(activity)
    context |= surveying.about(activity)
    if activity.is_written:
        shown = activity.notes.shown() if activity.is_revealed else Note.objects.none()
        shown = shown.select_related("participant")
        context["columns"] = reading.columns_of(activity, shown)
        context["barriers"] = reading.barriers_to_read(activity)
    elif activity.kind == ActivityKind.THEME:
        context["things"], context["homeless"] = reading.themed(activity)
    elif activity.kind in ASKS_ABOUT_THINGS:
        context |= asking.about(activity)
    elif activity.kind == ActivityKind.DISCUSS:
        context["things"] = agreements.talked_of(activity)
    elif activity.kind in reading.ABOUT_EARLIER:
        things = reading.things_of(activity)
        if activity.kind == ActivityKind.VOTE:
            context["things"] = reading.with_dots(activity, things)
            context["each_dot"] = range(activity.dots)
        else:
            context["things"] = reading.by_dots(activity, things)
    return context | reading.results(activity, [*context["things"], *context.get("rest", [])])
