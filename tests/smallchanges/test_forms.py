"""What the forms take, and the words with which they ask again."""

from uuid import uuid4

import pytest
from django.utils import timezone

from smallchanges.forms import (
    ChangeAddForm,
    ChangeEditForm,
    FilterForm,
    MetAddForm,
    MoveForm,
    StakeholderAddForm,
    StepAddForm,
    StepEditForm,
    StrandAddForm,
)
from tests import factories


def _added(**values):
    return {"id": uuid4(), "title": "Talk first", "gift": "ours"} | values


# --- changes


def test_a_title_and_a_gift_are_enough(cast):
    form = ChangeAddForm(_added(), programme=cast.programme)
    assert form.errors == {}
    assert (form.cleaned_data["strand"], list(form.cleaned_data["teams"])) == (None, [])


def test_what_is_missing_is_asked_for_kindly(cast):
    form = ChangeAddForm({}, programme=cast.programme)
    assert form.errors == {
        "id": ["This field is required."],
        "title": ["Give the change a few words, so that people know it."],
        "gift": ["Choose who can make it happen."],
    }


def test_words_that_are_too_long_are_told_how_long_they_are(cast):
    form = ChangeAddForm(_added(title="x" * 161), programme=cast.programme)
    assert form.errors == {"title": ["Make it shorter: 160 characters fit, this has 161."]}


@pytest.mark.parametrize("form_class", [ChangeAddForm, ChangeEditForm])
def test_rows_of_another_authority_are_refused(cast, change, form_class):
    theirs = {
        "strand": factories.MissionStrandFactory(programme=cast.other_programme).pk,
        "teams": [factories.TeamFactory(authority=cast.other).pk],
        "lead": cast.outsider.memberships.get().pk,
    }
    factories.TeamFactory(authority=cast.authority)
    whose = {"programme": cast.programme} if form_class is ChangeAddForm else {"change": change}
    form = form_class(_added(version=1, **theirs), **whose)
    wanted = {"strand": ["Choose one from the list."], "teams": ["Choose from the list."]}
    if form_class is ChangeEditForm:
        wanted["lead"] = ["Choose one from the list."]
    assert form.errors == wanted


@pytest.mark.parametrize("sent", ["nonsense", "\0", "9" * 40])
def test_what_is_no_row_at_all_is_refused(cast, change, sent):
    factories.TeamFactory(authority=cast.authority)
    form = ChangeEditForm(
        _added(version=1, strand=sent, teams=[sent], lead=sent, gift=sent), change=change
    )
    assert sorted(form.errors) == ["gift", "lead", "strand", "teams"]


def test_a_strand_that_was_taken_away_is_not_offered(cast, strand):
    type(strand).objects.update(removed_at=timezone.now())
    form = ChangeAddForm(_added(strand=strand.pk), programme=cast.programme)
    assert form.errors == {"strand": ["Choose one from the list."]}


def test_a_title_that_is_there_is_told_of_but_not_ones_own(cast, change, other_change):
    twice = {"title": ["There’s a small change with this title already."]}
    taken = _added(title="QUIET HOUR", version=1)
    assert ChangeAddForm(taken, programme=cast.programme).errors == twice
    # Sent a second time, it meets the row that it made.
    assert ChangeAddForm(taken | {"id": change.pk}, programme=cast.programme).errors == {}
    assert ChangeEditForm(taken, change=change).errors == {}
    factories.SmallChangeFactory(programme=cast.programme, title="Talk first")
    assert ChangeEditForm(_added(version=1), change=change).errors == twice
    assert ChangeAddForm(_added(title=other_change.title), programme=cast.programme).errors == {}


def test_a_question_with_no_answers_is_left_out(cast):
    form = ChangeAddForm(programme=cast.programme)
    assert [field.name for field in form.hidden_fields()] == ["id", "teams"]


def test_who_leads_it_is_kept_where_they_have_left(cast, change):
    lead = cast.manager.memberships.get()
    change.lead = lead
    lead.ended_at = timezone.now()
    lead.save()
    left = factories.MembershipFactory(authority=cast.authority, ended_at=timezone.now())
    form = ChangeEditForm(change=change)
    assert [label for _, label in form.fields["lead"].choices] == [
        *("Nobody yet", "Facilitator Example, facilitator", "Manager Example, manager"),
        "Practitioner Example, practitioner",
    ]
    sent = _added(version=1)
    assert ChangeEditForm(sent | {"lead": lead.pk}, change=change).errors == {}
    assert list(ChangeEditForm(sent | {"lead": left.pk}, change=change).errors) == ["lead"]


# --- the gate


def _gate(change, **sent):
    places = {"stage": "develop", "status": "chosen", "seen": "mission/proposed"}
    return MoveForm(places | sent, change=change)


def test_the_gate_takes_a_place_and_may_have_a_why(change):
    form = _gate(change)
    assert form.errors == {}
    assert form.cleaned_data["why"] == ""


@pytest.mark.parametrize("sent", [{"stage": "", "status": ""}, {"stage": "x", "status": "\0"}])
def test_the_gate_knows_its_places(change, sent):
    assert sorted(_gate(change, **sent).errors) == ["stage", "status"]


def test_the_gate_tells_where_somebody_moved_it_meanwhile(change):
    change.stage, change.status = "influence", "in progress"
    form = _gate(change)
    assert form.errors == {
        "__all__": [
            "Somebody else moved it while you were here: it’s in Influence now, and in progress."
            " If you still mean your choice, send it again."
        ]
    }
    # The second time, the person has seen it.
    assert form["seen"].value() == "influence/in progress"
    assert _gate(change, seen=form["seen"].value()).errors == {}


def test_words_without_a_move_are_kept_and_not_lost(change):
    change.stage, change.status = "develop", "in progress"
    here = {"seen": "develop/in progress", "status": "in progress"}
    form = _gate(change, why="Two interpreters said yes", **here)
    assert form.errors == {
        "why": [
            "It’s in Develop already, and in progress. Choose where it has got to, or write this"
            " under “What we met on the way” on its page."
        ]
    }
    assert form["why"].value() == "Two interpreters said yes"
    assert _gate(change, **here).errors == {}
    assert _gate(change, why="It’s in use", **here | {"stage": "grow"}).errors == {}


def test_the_gate_does_not_mind_where_it_is_there_already(change):
    change.stage, change.status = "develop", "chosen"
    assert _gate(change).errors == {}


# --- the plan


def test_a_step_is_taken_on_by_a_member_of_this_authority(cast):
    member, outsider = (user.memberships.get() for user in (cast.practitioner, cast.outsider))
    left = factories.MembershipFactory(authority=cast.authority, ended_at=timezone.now())
    sent = {"id": uuid4(), "text": "Ask", "version": 1}
    assert StepAddForm(sent | {"owner": member.pk}, authority=cast.authority).errors == {}
    for other in (outsider, left):
        form = StepAddForm(sent | {"owner": other.pk}, authority=cast.authority)
        assert form.errors == {"owner": ["Choose one from the list."]}
    form = StepEditForm(sent | {"owner": left.pk}, authority=cast.authority, owner_now=left.pk)
    assert form.errors == {}


def test_a_step_says_what_it_is_and_by_which_day(cast):
    form = StepAddForm(
        {"id": uuid4(), "text": " ", "due_on": "30 February"}, authority=cast.authority
    )
    assert form.errors == {
        "text": ["Say in a few words what the step is."],
        "due_on": ["Write the day as in 3 December 2026, or 03/12/2026."],
    }


@pytest.mark.parametrize("day", ["2026-12-03", "3 December 2026", "03/12/2026"])
def test_a_day_can_be_written_in_several_ways(cast, day):
    form = StepAddForm({"id": uuid4(), "text": "Ask", "due_on": day}, authority=cast.authority)
    assert form.errors == {}
    assert form.cleaned_data["due_on"].isoformat() == "2026-12-03"


def test_somebody_is_on_the_list_once(change):
    factories.StakeholderFactory(change=change, who="Heads")
    sent = {"id": uuid4(), "who": "heads", "stance": "unsure"}
    form = StakeholderAddForm(sent, others=change.stakeholders.standing())
    assert form.errors == {"who": ["They’re on the list already."]}
    form = StakeholderAddForm(
        sent | {"who": "", "stance": "keen"}, others=change.stakeholders.standing()
    )
    assert form.errors == {
        "who": ["Say who needs to be on board."],
        "stance": ["Choose one from the list."],
    }


def test_the_same_words_may_help_and_be_in_the_way(change):
    factories.MetFactory(change=change, kind="enabler", text="Time")
    sent = {"id": uuid4(), "text": "time"}
    others = change.met.standing()
    assert MetAddForm(sent | {"kind": "barrier met"}, others=others).errors == {}
    assert MetAddForm(sent | {"kind": "enabler"}, others=others).errors == {
        "text": ["This is there already, in the same words."]
    }
    assert MetAddForm(sent, others=others).errors == {
        "kind": ["Choose whether it helped or got in the way."]
    }


# --- strands


def test_a_strand_comes_from_barriers_of_its_own_programme(cast):
    ours = factories.BarrierFactory(programme=cast.programme)
    merged = factories.BarrierFactory(programme=cast.programme, merged_into=ours)
    theirs = factories.BarrierFactory(programme=cast.other_programme)
    whose = {"programme": cast.programme, "others": cast.programme.strands.standing()}
    sent = {"id": uuid4(), "title": "Time"}
    assert StrandAddForm(sent | {"barriers": [ours.pk]}, **whose).errors == {}
    for other in (merged, theirs):
        form = StrandAddForm(sent | {"barriers": [other.pk]}, **whose)
        assert form.errors == {"barriers": ["Choose from the list."]}


def test_a_strands_title_is_there_once(cast, strand):
    whose = {"programme": cast.programme, "others": cast.programme.strands.standing()}
    form = StrandAddForm({"id": uuid4(), "title": "TIME"}, **whose)
    assert form.errors == {"title": ["There’s a strand with this title already."]}
    form = StrandAddForm({"id": uuid4(), "title": ""}, **whose)
    assert form.errors == {"title": ["Give the strand a short phrase."]}


# --- filters


def test_a_filter_that_is_none_is_left_out(cast, strand):
    team = factories.TeamFactory(authority=cast.authority, name="North")
    theirs = factories.MissionStrandFactory(programme=cast.other_programme)
    form = FilterForm(
        {"q": " hour ", "strand": strand.pk, "team": team.pk, "stage": "grow"},
        programme=cast.programme,
    )
    assert form.wanted == {
        "q": "hour",
        "strand": str(strand.pk),
        "team": str(team.pk),
        "stage": "grow",
    }
    assert form.said == [
        ("Search", "hour"),
        ("Strand", "Time"),
        ("Team", "North"),
        ("Stage", "Grow"),
    ]
    nonsense = {
        "q": "\0",
        "strand": theirs.pk,
        "team": "x",
        "stage": "top",
        "status": "",
        "gift": 1,
    }
    form = FilterForm(nonsense, programme=cast.programme)
    assert (form.wanted, form.said) == ({}, [])
