"""The report as the data would write it today: sentences for each section, with what they rest on.

`LEAVES` is the whole list of fields whose words may get into a report, with the reasons, and
`STAYS` what a member reads elsewhere and no draft takes. Counts of things may be told whatever they
are; of people only what `surveys.results` shows.
"""

from collections.abc import Iterable
from typing import Any

from blueprints.models import Decision, Experiment, Pillar
from impact.basis import Basis, capital
from impact.handover import Held, count_of, held_by
from impact.models import ReportSentence, SectionKey, Story, StoryPick
from impact.survey_sentences import Drafted, from_surveys
from programmes.models import Gift, Programme
from programmes.wording import in_words
from smallchanges.models import Ask, SmallChange, Status

LEAVES = {
    "principle.text": "what we set out to do is said to everybody",
    "missionstrand.title": "what we set out to do is said to everybody",
    "smallchange.title": "what was done is what a report is about",
    "smallchange.result": "what came of a change; whoever edits the report reads it first",
    "pillar.title": "the plan itself, as its own paper has it",
    "experiment.title": "the plan itself, as its own paper has it",
    "experiment.decision": "what we learned, in one word that was chosen from four",
    "story.text": "public ones alone, to whose very words their teller said yes",
    "story.teller": "a role, never a name",
    "survey.title": "says which survey a figure is of",
    "survey.source": "says where a figure was published",
    "question.stem": "what people were asked",
    "question.text": "what people were asked",
    "question.options": "what people could choose from",
    "question.unit": "what a number counts",
}
STAYS = {
    "barrier.text": "said among ourselves: they are counted",
    "smallchange.impact": "may speak of a family",
    "smallchange.why": "written for the team",
    "storypick.why": "may name whom a story is about",
    "storypick.panel": "a small panel is people",
    "insight.text": "a conclusion in words for this house",
    "rule.text": "somebody said it, and may be known by it: they are counted",
    "ask.what": "asked of one person: they are counted",
    "promise.what": "made by one person: they are counted",
    "surveyanswer.text": "their own words are read on the Impact page, where somebody looked first",
    "team.name": "a team is small: figures by team stay on the Impact page",
}
# So many titles fit a sentence, however long they are.
_MOST = 7
# So many changes are told one by one, and so many stories.
_MOST_TOLD = 12
_TOLD = (Status.EMBEDDED, Status.STOPPED)
_DECIDED = {
    Decision.ADOPT: "is how we work now",
    Decision.ADAPT: "was changed, to be tried again",
    Decision.AMPLIFY: "goes on in more places",
    Decision.STOP: "was stopped, and we keep what it taught",
}


def drafted(programme: Programme) -> dict[str, list[Drafted]]:
    """By section; a section of which the data says nothing has no sentence."""
    surveys = from_surveys(programme)
    changes = list(programme.small_changes.order_by("position", "created_at"))
    experiments = list(
        Experiment.objects.standing()
        .filter(pillar__blueprint__programme=programme, pillar__removed_at=None)
        .order_by("pillar__position", "position", "created_at")
    )
    return {
        SectionKey.AMBITION: _ambition(programme),
        SectionKey.CHANGES: _changes(changes),
        SectionKey.GIFT: _gift(programme, changes),
        SectionKey.PEOPLE: surveys.people,
        SectionKey.FAMILIES: surveys.families,
        SectionKey.STORIES: _stories(programme),
        SectionKey.BLUEPRINT: _blueprint(programme, experiments),
        SectionKey.PROMISES: _promises(programme),
        SectionKey.CARRIED: _carried(programme),
        SectionKey.DIFFERENTLY: _differently(changes, experiments),
        SectionKey.NUMBERS: surveys.numbers,
    }


def _ambition(programme: Programme) -> list[Drafted]:
    principles = list(programme.principles.standing())
    strands = list(programme.strands.standing())
    barriers = programme.barriers.standing().count()
    said = []
    if principles:
        text = f"Our vision: {_named(principles)}."
        said.append(_counted("ambition", "ambition:principles", text, principles, "principles"))
    if barriers and strands:
        text = (
            f"People named {_many(barriers, 'barrier', 'barriers')} to working in this way. From"
            f" them grew {_many(len(strands), 'mission strand', 'mission strands')}:"
            f" {_named(strands)}."
        )
        said.append(_counted("ambition", "ambition:strands", text, strands, "mission strands"))
    return said


def _changes(changes: list[SmallChange]) -> list[Drafted]:
    if not changes:
        return []
    by = _by_status(changes)
    chosen = [one for one in changes if one.status != Status.PROPOSED]
    parts = _counts(
        (len(by[Status.EMBEDDED]), "is how we work now", "are how we work now"),
        (len(by[Status.IN_PROGRESS]), "is under way", "are under way"),
        (len(by[Status.STOPPED]), "stopped", "stopped"),
    )
    text = (
        f"Of {_many(len(changes), 'small change', 'small changes')} that people thought of,"
        f" {_none(len(chosen))} {'were' if len(chosen) > 1 else 'was'} chosen"
        f"{f': {parts}' if parts else ''}."
    )
    said = [_counted("changes", "changes:counts", text, changes, "small changes")]
    if embedded := by[Status.EMBEDDED]:
        text = f"How we work now: {_named(embedded)}."
        said.append(_counted("changes", "changes:embedded", text, embedded, "small changes"))
    told = [one for one in changes if one.status in _TOLD and one.result]
    for one in told[:_MOST_TOLD]:
        now = "is how we work now" if one.status == Status.EMBEDDED else "stopped"
        text = f"“{one.title}” {now}. What came of it: {_sentence(one.result)}"
        said.append(_counted("changes", f"change:{one.pk}", text, [one], "small change"))
    return said


def _gift(programme: Programme, changes: list[SmallChange]) -> list[Drafted]:
    said = []
    found = programme.authority.rules.told_apart()
    if found["checked"]:
        text = (
            f"We looked into {_many(found['checked'], 'rule', 'rules')} that people said held them"
            f" back: {in_words(found['cleared'])} turned out to be habit or myth."
        )
        basis = Basis(kind="rules", what="Rules that were checked", n=found["checked"])
        said.append(Drafted("gift:rules", text, [basis]))
    embedded = _by_status(changes)[Status.EMBEDDED]
    others = [one for one in embedded if one.gift == Gift.NEEDS_SPONSORSHIP]
    if others:
        them = _many(len(others), "change", "changes")
        text = f"{capital(them)} that needed somebody else’s yes {_are(others)} how we work now."
        said.append(_counted("changes", "gift:sponsored", text, others, "small changes"))
    return said


def _stories(programme: Programme) -> list[Drafted]:
    """Public ones, in their tellers' words; those that a panel picked come first."""
    stories = Story.objects.public().filter(change__programme=programme)
    picked = set(
        StoryPick.objects.standing().filter(story__in=stories).values_list("story", flat=True)
    )
    told = sorted(stories, key=lambda one: one.pk not in picked)[:_MOST_TOLD]
    return [_story(one, is_picked=one.pk in picked) for one in told]


def _story(story: Story, *, is_picked: bool) -> Drafted:
    what = f"{story.teller}, about “{story.change.title}”"
    if is_picked:
        what = f"{what}. A panel picked this story"
    basis = Basis(
        kind="stories", what=what, ids=[str(story.pk)], first_on=story.told_on.isoformat()
    )
    return Drafted(
        f"story:{story.pk}",
        story.text,
        [basis],
        kind=ReportSentence.Kind.STORY,
        made_up=story.illustrative,
    )


def _blueprint(programme: Programme, experiments: list[Experiment]) -> list[Drafted]:
    pillars = list(Pillar.objects.standing().filter(blueprint__programme=programme))
    said = []
    if pillars:
        text = f"Our blueprint has {_many(len(pillars), 'pillar', 'pillars')}: {_named(pillars)}."
        said.append(_counted("blueprint", "blueprint:pillars", text, pillars, "pillars"))
    if experiments:
        states = [one.state for one in experiments]
        parts = _counts(
            (states.count(Experiment.State.IDEA), "is an idea", "are ideas"),
            (states.count(Experiment.State.WAITING), "waits for a yes", "wait for a yes"),
            (states.count(Experiment.State.TRYING), "is being tried", "are being tried"),
            (states.count(Experiment.State.DECIDED), "is decided", "are decided"),
        )
        text = f"Of {_many(len(experiments), 'experiment', 'experiments')}, {parts}."
        said.append(
            _counted("blueprint", "blueprint:experiments", text, experiments, "experiments")
        )
    for one in [one for one in experiments if one.decision][:_MOST_TOLD]:
        text = f"“{one.title}” {_DECIDED[Decision(one.decision)]}."
        said.append(_counted("blueprint", f"experiment:{one.pk}", text, [one], "experiment"))
    return said


def _promises(programme: Programme) -> list[Drafted]:
    said = []
    kept = list(programme.authority.promises.meant().values_list("kept", flat=True))
    if kept:
        parts = _counts(
            (kept.count(True), "was kept", "were kept"),
            (kept.count(False), "was not kept", "were not kept"),
            (kept.count(None), "is still open", "are still open"),
        )
        text = f"Of {_many(len(kept), 'promise', 'promises')} that were made, {parts}."
        basis = Basis(kind="promises", what="Promises for experiments, pillars and asks")
        said.append(Drafted("promises:kept", text, [basis]))
    asks = list(Ask.objects.standing().filter(change__programme=programme))
    if asks:
        yes = [one for one in asks if one.said_yes_at]
        here = [one for one in yes if one.released_at]
        text = f"Of {_many(len(asks), 'ask', 'asks')} of somebody else, {_none(len(yes))} got a yes"
        if yes:
            text += (
                f", and of those {_none(len(here))} {'have' if len(here) > 1 else 'has'} arrived"
            )
        text += "."
        basis = Basis(kind="promises", what="What small changes asked of somebody else")
        said.append(Drafted("promises:asks", text, [basis]))
    return said


def _carried(programme: Programme) -> list[Drafted]:
    """How many sessions were held, and in how many of them Crescendo still had a hand."""
    held = held_by(programme)
    if not held:
        return []
    days = [one.day for one in held]
    text = f"{capital(_many(len(held), 'workshop or pod', 'workshops and pods'))} were held."
    if len(held) == 1:
        text = "One workshop or pod was held."
    workshops = [one.workshop for one in held]
    basis = Basis(
        kind="workshops",
        what="Workshops and learning pods that ended",
        first_on=min(days).isoformat(),
        last_on=max(days).isoformat(),
        made_up=_made_up(workshops),
    )
    said = [Drafted("carried:workshops", text, [basis], made_up=basis.made_up)]
    if text := _handed_over(held):
        said.append(Drafted("carried:hands", text, [basis], made_up=basis.made_up))
    return said


def _handed_over(held: list[Held]) -> str:
    """Who ran sessions at first and lately; nothing where it is not known of several."""
    known = [one for one in held if one.whose["facilitated"]]
    if len(known) < 2:
        return ""
    size = min(4, len(known) // 2)
    first, last = (count_of(some, "facilitated") for some in (known[:size], known[-size:]))
    if size == 1:
        return (
            f"Crescendo {'ran' if first.crescendo else 'did not run'} the first of them, and"
            f" {'had a hand in' if last.crescendo else 'had no hand in'} the last."
        )
    return (
        f"Of the first {in_words(size)} of them Crescendo had a hand in running"
        f" {_none(first.crescendo)}; of the last {in_words(size)}, in {_none(last.crescendo)}."
    )


def _differently(changes: list[SmallChange], experiments: list[Experiment]) -> list[Drafted]:
    stopped = _by_status(changes)[Status.STOPPED]
    ended = [one for one in experiments if one.decision == Decision.STOP]
    parts = []
    if stopped:
        parts.append(_many(len(stopped), "small change", "small changes"))
    if ended:
        parts.append(_many(len(ended), "experiment", "experiments"))
    if not parts:
        return []
    both = [*stopped, *ended]
    taught = "it taught" if len(both) == 1 else "they taught"
    text = f"We stopped {_listed(parts)}, and keep what {taught}: {_named(both)}."
    return [_counted("changes", "differently:stopped", text, both, "what we stopped")]


# --- in words


def _counted(kind: str, key: str, text: str, rows: Iterable[Any], what: str) -> Drafted:
    """A sentence about rows, which it can be looked up by."""
    rows = list(rows)
    made_up = _made_up(rows)
    basis = Basis(
        kind=kind,
        what=f"{capital(what)}: {len(rows)}" if len(rows) != 1 else capital(what),
        ids=[str(one.pk) for one in rows[:_MOST_TOLD]],
        made_up=made_up,
    )
    return Drafted(key, text, [basis], made_up=made_up)


def _made_up(rows: list) -> str:
    """What of these rows is illustrative, each kind once."""
    said = ", ".join(one.illustrative for one in rows if one.illustrative)
    return ", ".join(dict.fromkeys(said.split(", ")))[:200] if said else ""


def _by_status(changes: list[SmallChange]) -> dict[str, list[SmallChange]]:
    return {status: [one for one in changes if one.status == status] for status in Status}


def _named(rows: list) -> str:
    """Their words in quotation marks, and how many more there are."""
    names = [f"“{one}”" for one in rows[:_MOST]]
    if more := len(rows) - len(names):
        names.append(f"{in_words(more)} more")
    return _listed(names)


def _listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _many(count: int, one: str, several: str) -> str:
    return f"{in_words(count)} {one if count == 1 else several}"


def _none(count: int) -> str:
    return in_words(count) if count else "none"


def _counts(*counted: tuple[int, str, str]) -> str:
    """Such as "two are under way and one stopped": how many, one and several, without noughts."""
    some = [(count, one if count == 1 else several) for count, one, several in counted if count]
    return _listed([f"{in_words(count)} {words}" for count, words in some])


def _are(rows: list) -> str:
    return "is" if len(rows) == 1 else "are"


def _sentence(words: str) -> str:
    words = " ".join(words.split())
    return words if words[-1:] in ".?!…" else f"{words}."
