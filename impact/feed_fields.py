"""The data feed's dictionary: the tables that leave, and every field of each. Nothing else leaves.

What people wrote stays here: no plan, update, answer, story, note or insight is in any table, and
nobody's name or address. Titles leave, since a chart without them says nothing.
"""

from dataclasses import dataclass

from impact.models import FeedScope


@dataclass(frozen=True)
class Field:
    """One column. `unit` is empty where there is none; any may be empty unless it says so."""

    name: str
    kind: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """One table, the scope that opens it, and what was left out of it and why."""

    name: str
    scope: FeedScope
    about: str
    left_out: str
    fields: tuple[Field, ...]


def _fields(lines: str) -> tuple[Field, ...]:
    """A line is: name | kind | unit | meaning."""
    rows = (line.split("|") for line in lines.strip().splitlines())
    return tuple(Field(*(part.strip() for part in row)) for row in rows)


_MADE_UP = "is_illustrative | true or false | | whether any of it was made up to show a feature"

TABLES = (
    Table(
        "changes",
        FeedScope.CHANGES,
        "Small changes of every programme. One that was joined with another is part of that one.",
        "The action plan, updates and what came of it are people’s words. Who leads it is a"
        " person. Teams are counted and not named, so that no table ranks them.",
        _fields(f"""
id | uuid | | stays the same for ever
title | text | | what the change is called
strand_id | uuid | | its mission strand, a row of “strands”
stage | text | | mission, develop, influence or grow
status | text | | proposed, chosen, in progress, paused, embedded or stopped
in_whose_gift | text | | ours, needs sponsorship or beyond us
teams | number | teams | how many teams it belongs to
steps | number | steps | steps of its plan
steps_done | number | steps | of which are done
added_on | date | | when it was written down
moved_on | date | | when it last went to another stage or status; as added_on where it never did
{_MADE_UP}
"""),
    ),
    Table(
        "strands",
        FeedScope.CHANGES,
        "Mission strands: what people work towards.",
        "What is said about a strand is people’s words, and so are the barriers that it comes from:"
        " they are counted.",
        _fields(f"""
id | uuid | | stays the same for ever
title | text | | the strand’s short phrase
place | number | | its place in the list: a smaller number comes first
barriers | number | barriers | how many barriers it comes from
changes | number | changes | how many small changes are in it
{_MADE_UP}
"""),
    ),
    Table(
        "measures",
        FeedScope.MEASURES,
        "What small changes count to see whether they help.",
        "Notes beside numbers are people’s words. The time that a change gives back is not here: it"
        " is what single members said.",
        _fields(f"""
id | uuid | | stays the same for ever
change_id | uuid | | the small change, a row of “changes”
what | text | | what is counted, in a few words
unit | text | | what it is counted in
better | text | | lower or higher: which way is better
baseline | number | see unit | how it was before
baseline_on | date | | when somebody looked
target | number | see unit | where it should go
latest | number | see unit | the newest number
latest_on | date | | when that was counted
readings | number | readings | how many numbers there are beside the baseline
{_MADE_UP}
"""),
    ),
    Table(
        "readings",
        FeedScope.MEASURES,
        "The numbers of each measure, by day.",
        "Notes are people’s words.",
        _fields(f"""
id | uuid | | stays the same for ever
measure_id | uuid | | the measure, a row of “measures”
on | date | | the day
value | number | see measure | what was counted
{_MADE_UP}
"""),
    ),
    Table(
        "asks",
        FeedScope.ASKS,
        "For each small change that asked for something: how many asks there are, what came of"
        " them, and how long it takes from a yes until the time or money is there.",
        "What was asked, of whom, by whom and what they answered are people’s words and names. So"
        " there is no row for a single ask.",
        _fields(f"""
change_id | uuid | | the small change, a row of “changes”
asks | number | asks | all that were not taken back
waiting | number | asks | of which nobody has answered
said_yes | number | asks | of which got a yes, with or without an if
said_no | number | asks | of which got a no
arrived | number | asks | of which got a yes, and what was promised is there
promised | number | asks | of which got a yes, and what was promised is not there yet
typical_gap | number | days | from the yes until it was there, or until today: the middle of all
longest_gap | number | days | the longest of them
{_MADE_UP}
"""),
    ),
    Table(
        "blueprint",
        FeedScope.BLUEPRINT,
        "The local blueprint as it stands today: its pillars, each with its experiments.",
        "Insights, commitments, what is tried and expected, what was seen and decided and why are"
        " people’s words. Sponsors and leads are people.",
        _fields(f"""
id | uuid | | stays the same for ever
kind | text | | pillar or experiment
pillar_id | uuid | | the pillar that an experiment is in; a pillar’s own id
title | text | | what it is called
place | number | | its place on the page, from 1: of a pillar in all, of an experiment in its pillar
state | text | | of an experiment: idea, waiting for a yes, trying or decided
decision | text | | of one that is decided: adopt, adapt, amplify or stop
cycles | number | cycles | of an experiment: how many times round it has gone
from_on | date | | of an experiment: when the newest cycle starts
to_on | date | | when that ends
{_MADE_UP}
"""),
    ),
    Table(
        "surveys",
        FeedScope.SURVEYS,
        "Surveys that were opened. Of an open one nothing is told but that it is open.",
        "Drafts are nobody’s business yet. How many have answered is told at the close.",
        _fields(f"""
id | uuid | | stays the same for ever
kind | text | | temperature, impact, pulse or own
moment | text | | start, during or after: where in the programme it is asked
title | text | | what it is called
state | text | | open or closed
source | text | | where its figures were published, if they were
opened_on | date | | the first day that it took answers
closed_on | date | | the last
people_asked | number | people | how many were asked; empty where nobody counted
people_answered | number | people | how many answered anything; empty where fewer than five did
{_MADE_UP}
"""),
    ),
    Table(
        "survey-results",
        FeedScope.SURVEYS,
        "Closed surveys: a row for each answer that could be chosen, with how many chose it, among"
        " everybody and in groups that are large enough. Shown as on the page, and no finer.",
        "Nothing is told of fewer than five answers, nor of a group from which fewer could be"
        " worked out. What people wrote in their own words is not here.",
        _fields(f"""
survey_id | uuid | | the survey, a row of “surveys”
question_id | uuid | | stays the same for ever
place | number | | the question’s place in its survey, from 1
core | text | | the key of a question that every place asks in the same words; else empty
area | text | | connected, avenues, purpose or optimism: the area of impact
question | text | | the question
group_by | text | | everybody, team, work or both
group | text | | which group; several small ones may be joined, and then it says so
answer | text | | one answer that could be chosen; empty where nothing is shown
answer_place | number | | its place, from 1
is_moderate_or_large | true or false | | of an extent: whether it counts as moderate or large
count | number | people | how many chose it
base | number | people | how many answered the question
per_cent | number | % | count of base, to one decimal
asked | number | people | how many the survey went to; empty where nobody counted
first_on | date | | the first day that it took answers
last_on | date | | the last
not_shown | text | | why there are no numbers
{_MADE_UP}
"""),
    ),
)
BY_NAME = {table.name: table for table in TABLES}
# The dictionary's own columns, as a file.
DICTIONARY = ("table", "field", "type", "unit", "meaning", "opened_by", "left_out_of_the_table")


def dictionary() -> list[dict[str, str]]:
    """A row for each field of each table."""
    return [
        dict(
            zip(
                DICTIONARY,
                (
                    table.name,
                    field.name,
                    field.kind,
                    field.unit,
                    field.meaning,
                    table.scope.value,
                    table.left_out,
                ),
                strict=True,
            )
        )
        for table in TABLES
        for field in table.fields
    ]
