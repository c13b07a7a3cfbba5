"""What the blueprint's forms offer, refuse and say."""

from uuid import uuid4

import pytest
from django.utils import timezone

from blueprints.forms import blueprint as forms
from blueprints.models import Commitment, Experiment, Insight, LearningCycle, Pillar
from programmes.models import Role
from tests import factories


def _read(form, name: str):
    """What a form that is in order makes of a field."""
    assert form.errors == {}
    return form.cleaned_data[name]


# --- words


def _line_form(blueprint, text, **values):
    return forms.LineAddForm(
        {"id": uuid4(), "text": text} | values,
        others=blueprint.commitments.standing(),
        label="What does our blueprint stand for?",
    )


def test_words_that_are_there_already_are_refused_beside_the_field(blueprint):
    factories.CommitmentFactory(blueprint=blueprint, text="Families first")
    form = _line_form(blueprint, " FAMILIES first ")
    assert form.errors == {"text": ["This is there already, in the same words."]}


def test_words_that_were_taken_away_may_be_said_again(blueprint):
    factories.CommitmentFactory(
        blueprint=blueprint, text="Families first", removed_at=timezone.now()
    )
    assert _line_form(blueprint, "Families first").errors == {}


def test_a_form_sent_twice_does_not_stumble_over_its_own_row(blueprint):
    line = factories.CommitmentFactory(blueprint=blueprint, text="Families first")
    assert _line_form(blueprint, "Families first", id=line.pk).errors == {}


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_no_words_are_no_words(blueprint, text):
    assert _line_form(blueprint, text).errors == {"text": ["Say it in a sentence."]}


def test_words_that_were_pasted_stand_on_one_line(blueprint):
    assert _read(_line_form(blueprint, " Families\r\n  first\t"), "text") == "Families first"


def test_words_have_room_for_three_hundred_letters(blueprint):
    assert _line_form(blueprint, "w" * 300).errors == {}
    assert list(_line_form(blueprint, "w" * 301).errors) == ["text"]


@pytest.mark.parametrize("form", [forms.LineAddForm, forms.LineEditForm])
@pytest.mark.parametrize("hidden", ["", "x", "-1", "0"])
def test_what_no_person_types_is_refused_too(blueprint, form, hidden):
    name = "id" if form is forms.LineAddForm else "version"
    sent = form({"text": "Words", name: hidden}, others=Commitment.objects.all(), label="")
    assert list(sent.errors) == [name]


# --- insights


def _insight_form(cast, **values):
    given = {"id": uuid4(), "text": "Time is short", "kind": "barrier"} | values
    return forms.InsightAddForm(
        given, programme=cast.programme, others=cast.programme.insights.standing()
    )


def test_an_insight_says_whether_it_hinders_or_helps(cast):
    assert _insight_form(cast, kind="").errors == {
        "kind": ["Choose whether it’s a barrier or an enabler."]
    }
    assert _insight_form(cast, kind="barrier met").errors == {"kind": ["Choose one from the list."]}
    assert _read(_insight_form(cast, sits_in=""), "sits_in") == ""
    assert _insight_form(cast, sits_in="weather").errors == {
        "sits_in": ["Choose one from the list."]
    }


def test_an_insight_comes_from_changes_of_its_own_programme(cast):
    ours = factories.SmallChangeFactory(programme=cast.programme)
    theirs = factories.SmallChangeFactory(programme=cast.other_programme)
    assert list(_read(_insight_form(cast, changes=[ours.pk]), "changes")) == [ours]
    assert _insight_form(cast, changes=[theirs.pk]).errors == {"changes": ["Choose from the list."]}


def test_a_question_without_answers_is_left_out(cast):
    form = _insight_form(cast)
    assert (form.errors, form["changes"].is_hidden) == ({}, True)
    factories.SmallChangeFactory(programme=cast.programme)
    assert _insight_form(cast)["changes"].is_hidden is False


# --- pillars


def _pillar_form(cast, pillar=None, **values):
    kind = forms.PillarEditForm if pillar else forms.PillarAddForm
    hidden = {"version": 1} if pillar else {"id": uuid4()}
    return kind(
        hidden | {"title": "Partners"} | values,
        programme=cast.programme,
        others=Pillar.objects.none(),
        **({"pillar": pillar} if pillar else {}),
    )


def _offered(form, name) -> set:
    return set(form.fields[name].queryset)


def test_a_sponsor_is_a_manager_and_a_lead_is_any_member(cast):
    manager, practitioner, facilitator = (
        person.memberships.get() for person in (cast.manager, cast.practitioner, cast.facilitator)
    )
    form = _pillar_form(cast)
    assert _offered(form, "sponsor") == {manager}
    assert _offered(form, "practitioner_lead") == {manager, practitioner, facilitator}
    assert _read(_pillar_form(cast, sponsor=manager.pk), "sponsor") == manager
    for member in (practitioner, facilitator):
        assert list(_pillar_form(cast, sponsor=member.pk).errors) == ["sponsor"]


@pytest.mark.parametrize("part", ["sponsor", "practitioner_lead"])
def test_nobody_of_another_authority_or_gone_takes_a_part(cast, part):
    people = {
        "of another authority": factories.MembershipFactory(
            authority=cast.other, roles=[Role.MANAGER]
        ),
        "ended": factories.MembershipFactory(
            authority=cast.authority, roles=[Role.MANAGER], ended_at=timezone.now()
        ),
        "deactivated": factories.MembershipFactory(
            authority=cast.authority, roles=[Role.MANAGER], user__is_active=False
        ),
    }
    refused = {
        who: list(_pillar_form(cast, **{part: member.pk}).errors) for who, member in people.items()
    }
    assert refused == {who: [part] for who in people}


def test_who_has_a_part_keeps_it_even_where_they_could_not_take_it_on_today(cast, blueprint):
    gone = factories.MembershipFactory(authority=cast.authority, ended_at=timezone.now())
    pillar = factories.PillarFactory(blueprint=blueprint, sponsor=gone, practitioner_lead=gone)
    form = _pillar_form(cast, pillar, sponsor=gone.pk, practitioner_lead=gone.pk)
    assert (_read(form, "sponsor"), _read(form, "practitioner_lead")) == (gone, gone)


def test_a_pillar_grows_from_standing_insights_of_its_own_programme(cast):
    ours, gone, theirs = (
        factories.InsightFactory(programme=cast.programme),
        factories.InsightFactory(programme=cast.programme, removed_at=timezone.now()),
        factories.InsightFactory(programme=cast.other_programme),
    )
    assert list(_read(_pillar_form(cast, insights=[ours.pk]), "insights")) == [ours]
    for other in (gone, theirs):
        assert _pillar_form(cast, insights=[other.pk]).errors == {
            "insights": ["Choose from the list."]
        }


def test_a_pillar_needs_a_title(cast):
    assert _pillar_form(cast, title=" ").errors == {
        "title": ["Give the pillar a few words, so that people know it."]
    }


def test_a_member_is_named_with_what_they_are(cast):
    labels = [label for _, label in _pillar_form(cast).fields["sponsor"].choices]
    assert labels == ["Nobody yet", "Manager Example, manager"]


# --- experiments


def _experiment_form(pillar, **values):
    given = {"id": uuid4(), "title": "Take turns"} | values
    return forms.ExperimentAddForm(given, others=pillar.experiments.standing())


def test_an_experiment_needs_a_title_alone(pillar):
    assert _experiment_form(pillar).errors == {}
    assert _experiment_form(pillar, title=" ").errors == {
        "title": ["Give the experiment a few words, so that people know it."]
    }


@pytest.mark.parametrize(
    ("days", "errors"),
    [
        ({"from_on": "2026-03-02", "to_on": "2026-03-02"}, {}),
        ({"to_on": "2026-03-02"}, {}),
        (
            {"from_on": "2026-03-02", "to_on": "2026-03-01"},
            {"to_on": ["It can’t end before it starts. Choose a later day."]},
        ),
    ],
)
def test_an_experiment_ends_after_it_starts(pillar, days, errors):
    assert _experiment_form(pillar, **days).errors == errors


def test_a_day_that_is_none_is_refused(pillar):
    assert list(_experiment_form(pillar, from_on="2026-02-30").errors) == ["from_on"]


def _edit_form(experiment, **values):
    given = {"version": 1, "title": experiment.title, "pillar": experiment.pillar_id} | values
    return forms.ExperimentEditForm(given, experiment=experiment)


def test_an_experiment_moves_to_a_standing_pillar_of_its_own_blueprint(pillar, other_blueprint):
    experiment = factories.ExperimentFactory(pillar=pillar)
    sister = factories.PillarFactory(blueprint=pillar.blueprint)
    gone = factories.PillarFactory(blueprint=pillar.blueprint, removed_at=timezone.now())
    theirs = factories.PillarFactory(blueprint=other_blueprint)
    assert _edit_form(experiment, pillar=sister.pk).errors == {}
    for other in (gone, theirs):
        assert _edit_form(experiment, pillar=other.pk).errors == {
            "pillar": ["Choose one from the list."]
        }


def test_a_title_is_looked_for_in_the_chosen_pillar(pillar):
    experiment = factories.ExperimentFactory(pillar=pillar, title="Take turns")
    sister = factories.PillarFactory(blueprint=pillar.blueprint)
    factories.ExperimentFactory(pillar=sister, title="TAKE turns")
    assert _edit_form(experiment).errors == {}
    assert _edit_form(experiment, pillar=sister.pk).errors == {
        "title": ["There’s an experiment with this title in that pillar already."]
    }


# --- moving an experiment


def _move_form(experiment, **values):
    return forms.ExperimentMoveForm({"seen": experiment.state} | values, experiment=experiment)


@pytest.mark.django_db
def test_words_without_a_move_are_kept_and_not_lost():
    experiment = factories.ExperimentFactory(state="trying")
    form = _move_form(experiment, state="trying", why="Not yet: ask first")
    assert form.errors == {
        "why": [
            "It’s “trying it” already. Choose where it goes next."
            " To say “not yet, and here’s why”, move it back."
        ]
    }
    assert form["why"].value() == "Not yet: ask first"
    assert _move_form(experiment, state="trying").errors == {}
    assert _move_form(experiment, why="It took too long", state="idea").errors == {}


@pytest.mark.django_db
def test_a_move_says_where_to():
    experiment = factories.ExperimentFactory()
    assert _move_form(experiment).errors == {"state": ["Choose where the experiment is now."]}
    for state in ("lost", "decided"):
        assert _move_form(experiment, state=state).errors == {
            "state": ["Choose one from the list."]
        }


@pytest.mark.django_db
def test_who_saw_another_place_is_told_and_can_send_it_again():
    experiment = factories.ExperimentFactory(state=Experiment.State.TRYING)
    form = _move_form(experiment, state="waiting for a yes", seen="idea")
    assert form.errors == {
        "__all__": [
            "Somebody else moved this experiment while you were here: it’s “trying it” now."
            " If you still mean your choice, send it again."
        ]
    }
    assert _move_form(experiment, **form.data).errors == {}


def test_every_question_asks_not_to_name_anybody():
    """Beside each box for words, other than one for a group of people."""
    boxes = {
        forms.FocusForm: ["focus"],
        forms.LineAddForm: ["text"],
        forms.InsightAddForm: ["text"],
        forms.PillarAddForm: ["title", "so_that"],
        forms.ExperimentAddForm: ["title", "we_try", "we_expect", "how_we_know"],
        forms.ExperimentMoveForm: ["why"],
    }
    without = [
        (form.__name__, name)
        for form, names in boxes.items()
        for name in names
        if "Please don’t name a child, family or colleague." not in form.base_fields[name].help_text
    ]
    assert without == []


def test_the_longest_words_are_those_that_the_database_takes():
    asked = {
        (Insight, "text"): forms.InsightAddForm,
        (Pillar, "title"): forms.PillarAddForm,
        (Pillar, "so_that"): forms.PillarAddForm,
        (Experiment, "title"): forms.ExperimentAddForm,
        (LearningCycle, "we_try"): forms.ExperimentAddForm,
        (LearningCycle, "who"): forms.ExperimentAddForm,
        (Commitment, "text"): forms.LineAddForm,
    }
    differing = [
        name
        for (model, name), form in asked.items()
        if form.base_fields[name].max_length != model._meta.get_field(name).max_length
    ]
    assert differing == []
