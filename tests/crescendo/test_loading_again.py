"""Loading again makes what is missing, fills what nobody has said, and undoes nothing."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from blueprints import actions as blueprints
from blueprints.models import Commitment, Experiment, ExperimentMove, Insight, Need, Pillar
from crescendo.loading.writing import load
from programmes.actions import ambition, places, steps, timeline
from programmes.models import (
    Barrier,
    JourneyStep,
    LocalAuthority,
    Membership,
    Milestone,
    Opposite,
    Principle,
    Programme,
    Role,
    Team,
    TenantModel,
    User,
    Value,
)
from smallchanges import actions as changes
from smallchanges.models import Measure, Met, MissionStrand, Move, SmallChange, Stakeholder, Step
from tests import factories
from tests.at_once import while_waiting
from tests.crescendo.loading import ADDS, LEAST, dump, file

FULL = (
    LEAST.replace('service = "', 'started = "2022-01-10"\nservice = "')
    + """\
[[step]]
number = 1
done = "2022-02-10"
said = "Agreed"

[[milestone]]
kind = "vision"
on = "2022-02-09"
place = "Town Hall"

[temperature_check]
change_wanted = "more time"

[ambition]
values = ["Honesty", "Curiosity"]
opposite = ["Siloed"]
principles = ["Kindness"]
barriers = ["Forms are hard to find", { text = "No time to think", gift = "ours", teams = "North" }]

[[strand]]
title = "More time"
barriers = ["No time to think", "Forms are hard to find"]

[[strand.change]]
title = "One folder"
chosen = true
teams = ["North"]
why = "Looking takes long"
steps = ["Collect", { text = "Agree on names", done = "2022-03-01" }]
barrier_met = ["Old copies"]
enabler = ["IT helped"]
[[strand.change.stakeholder]]
who = "IT"
stance = "on board"
[[strand.change.measure]]
what = "Minutes to find a form"
better = "lower"
baseline = 14
baseline_on = "2022-01"
[[strand.change.measure.reading]]
on = "2022-03-01"
value = 9.5
[[strand.change.move]]
on = "2022-02-16"
stage = "develop"
status = "in progress"

[[strand]]
title = "More trust"

[sensemaking]
enablers = ["Calm"]
barriers = [{ text = "Haste", changes = ["One folder"] }]

[blueprint]
focus = "time"
commitments = ["Families first"]
needs = ["Patience"]
[[blueprint.pillar]]
title = "Meetings"
insights = ["Haste"]
[[blueprint.pillar.experiments]]
title = "Shorter ones"
we_expect = "Calm"
[[blueprint.pillar.experiments.move]]
on = "2022-09-01"
state = "trying"
[[blueprint.pillar]]
title = "Recording"
"""
)


@pytest.fixture
def path(db, tmp_path):
    """A file that has been loaded."""
    path = file(tmp_path, FULL)
    load([path])
    return path


@pytest.fixture
def by(path):
    """A facilitator of the authority that was loaded."""
    authority = LocalAuthority.objects.get()
    member = factories.MembershipFactory(authority=authority, roles=[Role.FACILITATOR])
    return member.user


def _value(text="Honesty"):
    return Value.objects.get(source_ref=text)


def _change():
    return SmallChange.objects.get()


def _all_of(row, **words):
    """What `edit_change` takes, as the change has it, but for `words`."""
    return {"change": row, "version": row.version, "strand": row.strand} | {
        "teams": list(row.teams.all()),
        **words,
    }


# Each is something that a person does to what the file made.
def reword_a_value(by):
    ambition.edit(statement=_value(), version=1, text="Being honest", by=by)


def put_values_in_another_order(by):
    ambition.move(row=_value(), places=1, by=by)


def merge_values(by):
    ambition.merge(into=_value(), others=[_value("Curiosity")], by=by)


def reword_and_merge_barriers(by):
    one, other = Barrier.objects.order_by("position")
    ambition.merge(into=one, others=[other], by=by)
    ambition.edit_barrier(
        barrier=one, version=one.version, text="Forms hide", gift="", teams=[], by=by
    )


def take_the_gift_and_teams_of_a_barrier_away(by):
    barrier = Barrier.objects.get(gift="ours")
    ambition.edit_barrier(
        barrier=barrier, version=barrier.version, text=barrier.text, gift="", teams=[], by=by
    )


def remove_an_opposite_and_a_principle(by):
    ambition.remove(statement=Opposite.objects.get(), by=by)
    ambition.remove(statement=Principle.objects.get(), by=by)


def rename_a_team(by):
    places.rename_team(team=Team.objects.get(name="South"), name="West", by=by)


def remove_a_team(by):
    places.remove_team(team=Team.objects.get(name="South"), by=by)


def rename_a_strand_and_unlink_its_barriers(by):
    strand = MissionStrand.objects.get(title="More time")
    changes.edit_strand(strand=strand, version=1, title="Time", about="", barriers=[], by=by)


def remove_a_strand(by):
    changes.remove_strand(strand=MissionStrand.objects.get(title="More trust"), by=by)


def rename_a_change_and_empty_its_plan(by):
    change = _change()
    changes.edit_change(
        **_all_of(change, strand=None, teams=[], title="One drive", why="", gift="beyond us"), by=by
    )


def move_a_change_back(by):
    changes.undo_move(last=Move.objects.get(), by=by)


def move_a_change_on(by):
    changes.move(change=_change(), stage="grow", status="embedded", why="", by=by)


def reword_and_reopen_steps(by):
    collect, agree = Step.objects.all()
    changes.edit_step(step=collect, version=1, text="Gather", owner=None, due_on=None, by=by)
    changes.tick_step(step=agree, done=False, by=by)


def remove_a_step(by):
    changes.remove_from_plan(row=Step.objects.first(), by=by)


def rename_a_stakeholder(by):
    changes.edit_stakeholder(
        stakeholder=Stakeholder.objects.get(), version=1, who="Computing", stance="unsure", by=by
    )


def remove_what_was_met(by):
    for met in Met.objects.all():
        changes.remove_from_plan(row=met, by=by)


def go_back_to_a_step(by):
    steps.go_back(
        programme=Programme.objects.get(), step=JourneyStep.Step.AMBITION, why="More to say", by=by
    )


def take_a_step_back(by):
    steps.take_done_back(programme=Programme.objects.get(), step=JourneyStep.Step.AMBITION, by=by)


def put_a_date_back(by):
    timeline.put_back(milestone=Milestone.objects.get(kind="vision"), by=by)


def move_a_date(by):
    timeline.move(
        milestone=Milestone.objects.get(kind="vision"), on=date(2022, 2, 20), place="", by=by
    )


def change_the_rhythm_and_the_service(by):
    programme = Programme.objects.get()
    places.change_programme(
        programme=programme,
        version=programme.version,
        by=by,
        service="Families",
        pod_every_weeks=8,
        starts_on=None,
    )


def end_the_programme_and_begin_another(by):
    places.end_programme(programme=Programme.objects.get(), on=timezone.localdate(), by=by)
    places.add_programme(
        authority=LocalAuthority.objects.get(),
        by=by,
        pk=uuid4(),
        model="whole-service",
        service="Everybody",
        starts_on=None,
    )


def reword_an_insight(by):
    blueprints.reword_insight(
        insight=Insight.objects.get(text="Haste"), version=1, changes=[], by=by, text="Hurry"
    )


def remove_an_insight(by):
    blueprints.remove(row=Insight.objects.get(text="Calm"), by=by)


def empty_the_focus(by):
    pillar = Pillar.objects.first()
    blueprint = pillar.blueprint
    blueprints.word_focus(blueprint=blueprint, version=blueprint.version, focus="", by=by)


def reword_a_commitment_and_remove_a_need(by):
    blueprints.reword_line(line=Commitment.objects.get(), version=1, text="Children first", by=by)
    blueprints.remove(row=Need.objects.get(), by=by)


def rename_a_pillar(by):
    blueprints.reword_pillar(
        pillar=Pillar.objects.get(title="Meetings"), version=1, insights=[], by=by, title="Time"
    )


def remove_a_pillar(by):
    pillar = Pillar.objects.get(title="Meetings")
    blueprints.remove_pillar(pillar=pillar, experiments=1, by=by)


def put_an_experiment_elsewhere_and_rename_it(by):
    blueprints.reword_experiment(
        experiment=Experiment.objects.get(),
        version=1,
        pillar=Pillar.objects.get(title="Recording"),
        by=by,
        title="Short notes",
    )


def move_an_experiment_back(by):
    blueprints.move_back(move=ExperimentMove.objects.get(), by=by)


def begin_the_next_cycle(by):
    """Of which nobody has said yet what they expect."""
    experiment = Experiment.objects.get()
    blueprints.move_experiment(experiment=experiment, state="decided", decision="adapt", by=by)
    blueprints.begin_cycle(
        experiment=experiment, pk=uuid4(), state="trying", we_try="Standing", by=by
    )


def rename_the_authority(by):
    places.change(
        authority=LocalAuthority.objects.get(),
        name="Some Borough Council",
        slug="some-borough",
        kind="county council",
        ons_code="",
        by=by,
    )


DONE_BY_PEOPLE = [
    reword_a_value,
    put_values_in_another_order,
    merge_values,
    reword_and_merge_barriers,
    take_the_gift_and_teams_of_a_barrier_away,
    remove_an_opposite_and_a_principle,
    rename_a_team,
    remove_a_team,
    rename_a_strand_and_unlink_its_barriers,
    remove_a_strand,
    rename_a_change_and_empty_its_plan,
    move_a_change_back,
    move_a_change_on,
    reword_and_reopen_steps,
    remove_a_step,
    rename_a_stakeholder,
    remove_what_was_met,
    go_back_to_a_step,
    take_a_step_back,
    put_a_date_back,
    move_a_date,
    change_the_rhythm_and_the_service,
    end_the_programme_and_begin_another,
    reword_an_insight,
    remove_an_insight,
    empty_the_focus,
    reword_a_commitment_and_remove_a_need,
    rename_a_pillar,
    remove_a_pillar,
    put_an_experiment_elsewhere_and_rename_it,
    move_an_experiment_back,
    begin_the_next_cycle,
    rename_the_authority,
]


def test_loading_twice_changes_nothing(path):
    before = dump()
    load([path])
    assert dump() == before


def test_what_people_did_stays(path, by, subtests):
    loaded = dump()
    for does in DONE_BY_PEOPLE:
        with subtests.test(does.__name__), transaction.atomic():
            does(by)
            before = dump()
            assert before != loaded
            load([path])
            assert dump() == before
            transaction.set_rollback(True)


def test_all_of_it_together_stays(path, by):
    """But for what another of them makes impossible."""
    twice = {move_a_change_on, take_a_step_back, move_a_date, remove_a_pillar}
    twice |= {merge_values, change_the_rhythm_and_the_service, remove_a_team}
    for does in DONE_BY_PEOPLE:
        if does not in twice:
            does(by)
    before = dump()
    load([path])
    assert dump() == before


# --- what is missing is made


def test_a_longer_file_adds_what_is_new(path, by):
    reword_a_value(by)
    longer = FULL.replace('"Curiosity"]', '"Curiosity", "Patience"]').replace(
        'steps = ["Collect"', 'steps = ["Tidy up", "Collect"'
    )
    path.write_text(longer + '[[blueprint.pillar.experiments]]\ntitle = "Dictate"\n')
    assert str(load([path])[0]) == "some.toml: 3 rows added"
    standing = Value.objects.standing()
    assert [one.text for one in standing] == ["Being honest", "Curiosity", "Patience"]
    assert [step.text for step in Step.objects.all()] == ["Collect", "Agree on names", "Tidy up"]
    assert Experiment.objects.get(title="Dictate").pillar.title == "Recording"


def test_what_people_added_under_the_same_words_is_taken_for_it(path, by):
    programme = Programme.objects.get()
    theirs = changes.add_change(
        programme=programme, pk=uuid4(), strand=None, teams=[], by=by, title="Fewer forms"
    )
    path.write_text(
        FULL + '[[strand]]\ntitle = "Forms"\n[[strand.change]]\ntitle = "fewer FORMS"\n'
        'why = "They take long"\nteams = ["South"]\nchosen = true\n'
    )
    assert str(load([path])[0]) == "some.toml: 2 rows added, 1 row filled in"
    theirs.refresh_from_db()
    assert (theirs.title, theirs.strand.title, theirs.why, theirs.status) == (
        "Fewer forms",
        "Forms",
        "They take long",
        "chosen",
    )


def test_a_strand_that_was_taken_away_gets_nothing_new(path, by):
    remove_a_strand(by)
    text = FULL.replace(
        'title = "More trust"\n',
        'title = "More trust"\n[[strand.change]]\ntitle = "Lunch together"\n',
    )
    path.write_text(text)
    load([path])
    assert SmallChange.objects.get(title="Lunch together").strand is None
    assert MissionStrand.objects.get(title="More trust").removed_at is not None


def test_a_pillar_that_was_taken_away_gets_nothing_new(path, by):
    remove_a_pillar(by)
    path.write_text(
        FULL.replace('title = "Shorter ones"', 'title = "Fewer"').split(
            "[[blueprint.pillar.experiments.move"
        )[0]
    )
    before = dump()
    load([path])
    assert dump() == before


def test_a_reference_finds_what_people_reworded_merged_or_renamed(path, by):
    reword_and_merge_barriers(by)
    rename_a_team(by)
    rename_a_change_and_empty_its_plan(by)
    path.write_text(
        FULL
        + '[[strand]]\ntitle = "New"\nbarriers = ["No time to think"]\n'
        + '[[strand.change]]\ntitle = "Newer"\nteams = ["South"]\n'
    )
    load([path])
    strand = MissionStrand.objects.get(title="New")
    assert [barrier.text for barrier in strand.barriers.all()] == ["Forms hide"]
    assert [team.name for team in strand.small_changes.get().teams.all()] == ["West"]


def test_a_reference_to_a_team_that_people_removed_leads_nowhere(path, by):
    remove_a_team(by)
    path.write_text(
        FULL + '[[strand]]\ntitle = "New"\n[[strand.change]]\ntitle = "A"\nteams = ["South"]\n'
    )
    load([path])
    assert list(SmallChange.objects.get(title="A").teams.all()) == []


# --- several files of one authority


@pytest.fixture
def member(path):
    authority = LocalAuthority.objects.get()
    user = factories.UserFactory(email="amy@some.example")
    return factories.MembershipFactory(authority=authority, user=user, roles=[Role.MANAGER])


MORE = """\
[programme]
context = "Children and their families"

[next]
celebration = "cake"

[ambition]
barriers = [{ text = "Forms are hard to find", gift = "needs sponsorship", teams = "South" }]

[[strand]]
title = "More trust"
about = "Between people"
barriers = ["No time to think"]

[[strand]]
title = "More time"
[[strand.change]]
title = "One folder"
purpose = "So that we find things"
success = "Found in a minute"
why = "Something else"
lead = "amy@some.example"
gift = "needs sponsorship"
steps = [{ text = "Collect", owner = "amy@some.example", due = "in 2 weeks", done = "1 week ago" }]
[[strand.change.stakeholder]]
who = "it"
what_we_ask = "A folder"
influence = "high"
[[strand.change.measure]]
what = "minutes to find a FORM"
better = "lower"
unit = "minutes"
target = 5
[[strand.change.measure.reading]]
on = "1 day ago"
value = 1

[sensemaking]
enablers = [{ text = "Calm", sits_in = "culture", changes = ["One folder"] }]

[[blueprint.pillar]]
title = "Recording"
so_that = "So that it helps"
sponsor = "amy@some.example"
insights = ["Calm"]
[[blueprint.pillar]]
title = "Meetings"
experiments = [{ title = "Shorter ones", we_try = "Half an hour", from = "today" }]
"""


def _more(tmp_path):
    return file(tmp_path, ADDS + MORE, "more.toml")


def test_an_illustrative_file_fills_what_nobody_said_and_says_so(path, member, tmp_path):
    assert str(load([_more(tmp_path)])[0]) == "more.toml: 10 rows filled in"
    programme, change = Programme.objects.get(), _change()
    assert (programme.celebration, programme.illustrative) == ("cake", "context, celebration")
    barrier = Barrier.objects.get(text="Forms are hard to find")
    assert (barrier.gift, barrier.illustrative) == ("needs sponsorship", "gift, teams")
    assert [team.name for team in barrier.teams.all()] == ["South"]
    strand = MissionStrand.objects.get(title="More trust")
    assert (strand.about, strand.illustrative) == ("Between people", "about, barriers")
    assert (change.why, change.success, change.gift) == (
        "Looking takes long",
        "Found in a minute",
        "needs sponsorship",
    )
    assert (change.lead, change.illustrative) == (member, "purpose, plan, who leads it, gift")
    step = Step.objects.get(text="Collect")
    assert (step.owner, step.done_at is None, step.illustrative) == (
        member,
        False,
        "owner, date, when it was done",
    )
    stakeholder = Stakeholder.objects.get()
    assert (stakeholder.what_we_ask, stakeholder.stance) == ("A folder", "on board")
    assert (stakeholder.influence, stakeholder.illustrative) == ("high", "what we ask, influence")
    measure = Measure.objects.get()
    assert (measure.unit, measure.target, measure.illustrative) == ("minutes", 5, "unit, target")
    # What was counted stays what was counted.
    assert [str(one) for one in measure.readings.all()] == ["9.5 on 1 March 2022"]
    insight = Insight.objects.get(text="Calm")
    assert (insight.sits_in, list(insight.changes.all())) == ("culture", [change])
    pillar = Pillar.objects.get(title="Recording")
    assert (pillar.sponsor, list(pillar.insights.all())) == (member, [insight])
    experiment = Experiment.objects.get()
    assert (experiment.we_try, experiment.from_on, experiment.state) == (
        "Half an hour",
        timezone.localdate(),
        "trying",
    )
    before = dump()
    load([_more(tmp_path)])
    assert dump() == before


def test_what_people_worded_is_not_filled(path, member, by, tmp_path):
    rename_a_change_and_empty_its_plan(by)
    reword_and_merge_barriers(by)
    load([_more(tmp_path)])
    change = _change()
    assert (change.title, change.purpose, change.success) == ("One drive", "", "")
    assert (change.lead, change.illustrative) == (None, "")
    assert Barrier.objects.standing().get().gift == ""


def _said() -> list[tuple[str, str, str]]:
    """Each row with what it says of itself, whatever its id."""
    kinds = [kind for kind in apps.get_models() if issubclass(kind, TenantModel)]
    return sorted(
        (kind.__name__, re.sub(r"[0-9a-f-]{36}", "", str(row)), row.illustrative)
        for kind in kinds
        for row in kind._base_manager.all()
    )


def test_files_of_one_authority_come_in_any_order(db, tmp_path):
    text = re.sub(r'\w+ = "amy@some.example"(, |\n)', "", ADDS + MORE)
    one, two = file(tmp_path, FULL, "one.toml"), file(tmp_path, text, "two.toml")
    with transaction.atomic():
        loaded = [str(each) for each in load([one, two])]
        said = _said()
        transaction.set_rollback(True)
    assert loaded == [
        "one.toml: 32 rows added, 4 rows filled in",
        "two.toml: 10 rows filled in",
    ]
    assert ("SmallChange", "One folder", "purpose, plan, gift") in said
    load([two, one])
    assert _said() == said


def test_a_start_that_is_made_up_makes_the_dates_so(db, tmp_path):
    one = file(tmp_path, LEAST, "one.toml")
    text = '[programme]\nstarted = "10 weeks ago"\n[[milestone]]\nkind = "values"\nplace = "Hall"'
    load([one, file(tmp_path, ADDS + text, "two.toml")])
    marks = dict(Milestone.objects.values_list("kind", "illustrative"))
    assert set(marks) == set(Milestone.Kind.values)
    assert (marks.pop("values"), set(marks.values())) == ("date, place", {"date"})
    assert Programme.objects.get().illustrative == "start date"


def test_moves_of_a_file_have_their_dates_and_people(path, member):
    path.write_text(
        FULL + '[[strand]]\ntitle = "New"\n[[strand.change]]\ntitle = "A"\nchosen = true\n'
        '[[strand.change.move]]\non = "2022-03-01"\nstage = "grow"\nby = "amy@some.example"\n'
        'why = "It was quick"\n'
        '[[strand.change.move]]\non = "2022-03-01"\nstatus = "embedded"\n'
    )
    load([path])
    change = SmallChange.objects.get(title="A")
    assert (change.stage, change.status) == ("grow", "embedded")
    newest, oldest = change.moves.all()
    assert (oldest.from_stage, oldest.to_stage, oldest.why, oldest.by) == (
        "mission",
        "grow",
        "It was quick",
        member.user,
    )
    assert [timezone.localdate(move.at) for move in (oldest, newest)] == [date(2022, 3, 1)] * 2


def test_people_who_left_keep_what_they_did_and_lead_nothing_new(path, member):
    Membership.objects.filter(pk=member.pk).update(ended_at=timezone.now())
    path.write_text(
        FULL + '[[strand]]\ntitle = "New"\n[[strand.change]]\ntitle = "A"\nchosen = true\n'
        'lead = "amy@some.example"\n'
        '[[strand.change.move]]\non = "2022-03-01"\nstage = "grow"\nby = "Amy@some.example"\n'
    )
    load([path])
    change = SmallChange.objects.get(title="A")
    assert (change.lead, change.moves.get().by) == (None, member.user)


def test_no_file_touches_the_rows_of_another_authority(path, tmp_path):
    theirs = {table: rows for table, rows in dump().items() if table.startswith(("small", "blue"))}
    text = FULL.replace("Some Borough", "Other Borough")
    load([file(tmp_path, text, "other.toml")])
    assert LocalAuthority.objects.count() == 2
    after = dump()
    assert {
        table: [row for row in after[table] if row in rows] for table, rows in theirs.items()
    } == theirs
    assert User.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_loadings_at_once_make_everything_once(tmp_path):
    path = file(tmp_path, FULL)
    first, second = while_waiting(lambda: load([path]), lambda: load([path]))
    assert [str(one) for one in first + second] == [
        "some.toml: 32 rows added, 4 rows filled in",
        "some.toml: nothing new",
    ]
    assert LocalAuthority.objects.count() == 1
