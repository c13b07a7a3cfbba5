"""Versions: a draft, the names under it, what was agreed, and what changed since."""

import re
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blueprints import actions
from blueprints.changed import what_changed
from blueprints.models import BlueprintVersion, Experiment, Pillar, SignOff
from blueprints.versions import fingerprint, missing_of, parts_now, title_of
from crescendo.digest import queue_digests
from programmes.editing import Stale, Taken
from programmes.models import AuditEvent, Membership, Notice, Role
from tests import factories
from tests.answers import errors, told, undo
from tests.at_once import while_waiting

PAGE, ADD, NOW = (f"/own/blueprint/versions/{name}" for name in ("", "add/", "now/"))
PK = UUID(int=7)
State = BlueprintVersion.State


@pytest.fixture
def words(cast, blueprint):
    """A blueprint that nothing is missing in: each pillar with a leader and a practitioner."""
    blueprint.focus = "Early help"
    blueprint.save()
    factories.CommitmentFactory(blueprint=blueprint, text="Families first")
    factories.NeedFactory(blueprint=blueprint, text="Protected time")
    _grow(cast, blueprint, pillars=1, experiments=2)
    return blueprint


def _grow(cast, blueprint, *, pillars: int, experiments: int) -> None:
    for _ in range(pillars):
        pillar = factories.PillarFactory(
            blueprint=blueprint,
            sponsor=cast.manager.memberships.get(),
            practitioner_lead=cast.practitioner.memberships.get(),
        )
        insight = factories.InsightFactory(programme=cast.programme)
        pillar.insights.add(insight, through_defaults={"authority": cast.authority})
        factories.many_experiments(pillar, experiments, we_try="We meet on Mondays")


def _propose(blueprint, by, **said) -> BlueprintVersion:
    seen = fingerprint(parts_now(blueprint))
    said = {"pk": uuid4(), "seen": seen} | said
    return actions.propose_version(blueprint=blueprint, by=by, **said)


def _agreed(cast, blueprint, **said) -> BlueprintVersion:
    version = _propose(blueprint, cast.facilitator, **said)
    actions.sign_version(version=version, voice="practitioner", by=cast.practitioner)
    return actions.sign_version(version=version, voice="leader", by=cast.manager)


def _address(version, what: str = "") -> str:
    return f"/own/blueprint/versions/{version.pk}/{what}"


def _state(version) -> str:
    return BlueprintVersion.objects.get(pk=version.pk).state


# --- what a version holds


def test_the_same_words_are_the_same_parts_and_the_database_gives_them_back(words, cast):
    parts = parts_now(words)
    assert [(one["kind"], title_of(one)) for one in parts] == [
        ("focus", "Early help"),
        ("commitment", "Families first"),
        ("pillar", Pillar.objects.get().title),
        *(("experiment", one.title) for one in Experiment.objects.all()),
        ("need", "Protected time"),
    ]
    version = _propose(words, cast.manager)
    version.refresh_from_db()
    assert version.parts == parts == parts_now(words)
    assert fingerprint(version.parts) == fingerprint(parts)
    assert parts[2]["facts"]["sponsor"] == str(cast.manager.memberships.get().pk)


def test_a_pillar_lacks_whoever_is_not_heard_in_it(cast, blueprint):
    manager, practitioner = (one.memberships.get() for one in (cast.manager, cast.practitioner))
    heard = factories.InsightFactory(programme=cast.programme)
    factories.EvidenceFactory(
        insight=heard, barrier=factories.BarrierFactory(programme=cast.programme)
    )
    unheard = factories.InsightFactory(programme=cast.programme)
    factories.EvidenceFactory(insight=unheard, rule=factories.RuleFactory(authority=cast.authority))
    made = {}
    for name, insight, people in (
        ("bare", unheard, {}),
        ("grown", heard, {}),
        ("led", unheard, {"practitioner_lead": practitioner}),
        ("both", heard, {"sponsor": manager}),
    ):
        made[name] = factories.PillarFactory(blueprint=blueprint, title=name, **people)
        made[name].insights.add(insight, through_defaults={"authority": cast.authority})
    found = missing_of(list(made.values()))
    assert {name: found[pillar.pk] for name, pillar in made.items()} == {
        "bare": ["leader", "practitioner"],
        "grown": ["leader"],
        "led": ["leader"],
        "both": [],
    }


# --- from a draft to what is agreed


def test_one_of_each_agrees_it_and_it_is_told_to_whoever_proposed_it(words, cast, client_of):
    manager, practitioner = client_of(cast.manager), client_of(cast.practitioner)
    page = client_of(cast.facilitator)
    form = page.get(ADD).context["form"]
    response = page.post(ADD, {"id": PK, "seen": form["seen"].value()})
    version = BlueprintVersion.objects.get()
    assert (response.url, version.number, version.state) == (_address(version), 1, "draft")
    # Who looks after it for others has no voice in it.
    assert page.post(_address(version, "sign/"), {"voice": "leader"}).status_code == 403
    assert practitioner.post(_address(version, "sign/"), {"voice": "leader"}).status_code == 400
    signed = practitioner.post(_address(version, "sign/"), {"voice": "practitioner"}, follow=True)
    practitioner.post(_address(version, "sign/"), {"voice": "practitioner"})
    assert (_state(version), SignOff.objects.count()) == ("draft", 1)
    undo(practitioner, signed)
    assert SignOff.objects.count() == 0
    practitioner.post(_address(version, "sign/"), {"voice": "practitioner"})
    signed = manager.post(_address(version, "sign/"), {"voice": "leader"}, follow=True)
    assert told(signed)[-1] == "It’s agreed: version 1 holds from today."
    read = practitioner.get(_address(version)).content.decode()
    assert "by Practitioner Example (practitioner) and Manager Example (leader)" in read
    assert "Take my name back" not in read
    assert [(one.choice.email, one.subject) for one in Notice.objects.all()] == [
        (cast.facilitator.email, "Version 1 of the blueprint is agreed")
    ]
    # What is agreed, nobody takes back.
    for client in (manager, practitioner):
        client.post(_address(version, "unsign/"))
    page.post(_address(version, "withdraw/"))
    assert (_state(version), SignOff.objects.count()) == ("agreed", 2)


def test_the_next_one_supersedes_it_and_says_why(words, cast, client_of):
    first = _agreed(cast, words)
    parts = first.parts
    experiment = Experiment.objects.first()
    actions.move_experiment(
        experiment=experiment, state="decided", decision="adapt", why="Too long", by=cast.manager
    )
    manager = client_of(cast.manager)
    response = manager.get(ADD)
    form = response.context["form"]
    assert form[f"why-{experiment.pk}"].value() == "Too long"
    sent = {"id": PK, "seen": form["seen"].value(), f"why-{experiment.pk}": "It took too long"}
    refused = manager.post(ADD, sent)
    assert errors(refused) == {"why": ["Say in a sentence why there is a new version."]}
    manager.post(ADD, sent | {"why": "We learned"})
    manager.post(ADD, sent | {"why": "We learned"})
    second = BlueprintVersion.objects.get(state="draft")
    assert (second.number, second.why) == (2, "We learned")
    assert [one["why"] for one in second.parts if one["why"]] == ["It took too long"]
    actions.sign_version(version=second, voice="practitioner", by=cast.practitioner)
    actions.sign_version(version=second, voice="leader", by=cast.manager)
    first.refresh_from_db()
    assert (first.state, first.parts, _state(second)) == ("superseded", parts, "agreed")
    page = manager.get(_address(second, "changes/")).content.decode()
    assert "One experiment was adapted." in page
    assert "<b>Why:</b> It took too long" in page
    assert "Manager Example: decided, adapt. Too long" in page
    assert "version 2 holds now" in manager.get(_address(first)).content.decode()
    rows = manager.get(PAGE).context["rows"]
    assert [(one.number, one.state) for one, _ in rows] == [(2, "agreed"), (1, "superseded")]


def test_with_a_voice_missing_it_is_read_and_not_signed(words, cast, client_of):
    pillar = Pillar.objects.get()
    Pillar.objects.update(sponsor=None)
    manager = client_of(cast.manager)
    mend = f"/own/blueprint/pillars/{pillar.pk}/edit/"
    page = manager.get(ADD).content.decode()
    assert ("No owner yet" in page, mend in page) == (True, True)
    version = _propose(words, cast.manager)
    manager.post(_address(version, "sign/"), {"voice": "leader"})
    with pytest.raises(ValidationError):
        actions.sign_version(version=version, voice="practitioner", by=cast.practitioner)
    assert (_state(version), SignOff.objects.count()) == ("draft", 0)
    page = manager.get(_address(version)).content.decode()
    assert ("It can’t be signed yet" in page, "Sign as a leader" in page) == (True, False)
    assert "and sign it" not in manager.get("/own/").content.decode()
    queue_digests(timezone.now())
    assert not Notice.objects.filter(body__contains="for your name").exists()


def test_it_stands_while_the_blueprint_moves_on_and_can_be_withdrawn(words, cast, client_of):
    manager = client_of(cast.manager)
    version = _propose(words, cast.manager)
    text = title_of(version.parts[3])
    Experiment.objects.filter(title=text).update(title="Something else")
    page = manager.get(_address(version)).content.decode()
    assert (text in page, "Something else" in page) == (True, False)
    assert "one thing has changed since" in page
    response = manager.post(_address(version, "withdraw/"), {"then": "again"}, follow=True)
    assert (response.redirect_chain, _state(version)) == ([(ADD, 302)], "withdrawn")
    assert manager.get(_address(version)).status_code == 404
    undo(manager, response)
    assert _state(version) == "draft"
    manager.post(_address(version, "withdraw/"))
    other = _propose(words, cast.manager)
    with pytest.raises(Taken):
        actions.put_back_version(version=version, by=cast.manager)
    *_, said = told(manager.post(_address(version, "put-back/"), follow=True))
    assert said == "There’s a newer version by now, so this one stays withdrawn."
    assert (_state(version), _state(other), other.number) == ("withdrawn", "draft", 1)
    # There is one draft at a time, and its form leads to it.
    assert manager.get(ADD).url == _address(other)
    with pytest.raises(Taken):
        _propose(words, cast.manager)


def test_what_its_writer_did_not_see_is_not_proposed(words, cast, client_of):
    manager = client_of(cast.manager)
    seen = manager.get(ADD).context["form"]["seen"].value()
    factories.CommitmentFactory(blueprint=words, text="One more")
    with pytest.raises(Stale):
        actions.propose_version(blueprint=words, pk=PK, seen=seen, by=cast.manager)
    response = manager.post(ADD, {"id": PK, "seen": seen})
    assert "Somebody changed the blueprint while you were here" in response.content.decode()
    assert BlueprintVersion.objects.count() == 0
    manager.post(ADD, {"id": PK, "seen": response.context["form"]["seen"].value()})
    assert BlueprintVersion.objects.get().pk == PK


def test_who_can_sign_is_told_at_home_and_on_tuesday_until_they_have(words, cast, client_of):
    version = _propose(words, cast.facilitator)
    actions.sign_version(version=version, voice="leader", by=cast.manager)
    waits = {
        who: "Read version 1 of the blueprint, and sign it" in page
        for who in ("practitioner", "manager", "facilitator")
        for page in [client_of(getattr(cast, who)).get("/own/").content.decode()]
    }
    assert waits == {"practitioner": True, "manager": False, "facilitator": False}
    queue_digests(timezone.now().replace(year=2027, month=3, day=23, hour=10))
    asked = Notice.objects.filter(body__contains="Version 1 of the blueprint waits for your name")
    assert [one.choice.email for one in asked] == [cast.practitioner.email]


def test_somebody_with_both_voices_is_one_name(words, cast, client_of):
    Membership.objects.filter(user=cast.manager).update(roles=[Role.MANAGER, Role.PRACTITIONER])
    manager = client_of(cast.manager)
    version = _propose(words, cast.manager)
    page = manager.get(_address(version)).content.decode()
    assert re.findall(r'name="voice" value="(\w+)"', page) == ["practitioner", "leader"]
    for voice in ("practitioner", "leader"):
        manager.post(_address(version, "sign/"), {"voice": voice})
    assert [(one.voice, one.by) for one in SignOff.objects.all()] == [
        ("practitioner", cast.manager)
    ]
    assert _state(version) == "draft"


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_agree_it_once(words, cast):
    _agreed(cast, words)
    factories.CommitmentFactory(blueprint=words)
    version = _propose(words, cast.manager)
    while_waiting(
        lambda: actions.sign_version(version=version, voice="leader", by=cast.manager),
        lambda: actions.sign_version(version=version, voice="practitioner", by=cast.practitioner),
    )
    assert (_state(version), SignOff.objects.filter(version=version).count()) == ("agreed", 2)
    agreed = AuditEvent.objects.filter(verb="version agreed", target_id=str(version.pk))
    assert agreed.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_propose_at_once_make_one(words, cast):
    _, second = while_waiting(
        lambda: _propose(words, cast.manager), lambda: _propose(words, cast.facilitator)
    )
    assert (type(second), BlueprintVersion.objects.count()) == (Taken, 1)


# --- what was agreed stays


def test_nothing_that_people_do_changes_what_was_agreed(words, cast, client_of):
    """By the pages and actions of the blueprint; tests/test_constraints_blueprints.py tries SQL."""
    version = _agreed(cast, words)
    before = client_of(cast.practitioner).get(_address(version)).content.decode()
    pillar, experiment = Pillar.objects.get(), Experiment.objects.first()
    by = cast.manager
    actions.reword_pillar(pillar=pillar, version=1, insights=[], title="Another", by=by)
    actions.reword_experiment(
        experiment=experiment, version=1, pillar=pillar, title="Another", we_try="More", by=by
    )
    actions.move_experiment(experiment=experiment, state="decided", decision="stop", by=by)
    actions.order(row=experiment, places=1, by=by)
    actions.word_focus(blueprint=words, version=1, focus="Another", by=by)
    actions.remove_pillar(pillar=pillar, experiments=2, by=by)
    for name in ("sign/", "unsign/", "withdraw/", "put-back/"):
        client_of(cast.manager).post(_address(version, name), {"voice": "leader"})
    parts = version.parts
    version.refresh_from_db()
    assert (version.parts, version.state) == (parts, "agreed")
    after = client_of(cast.practitioner).get(_address(version)).content.decode()
    assert _words_of(after) == _words_of(before)


def _words_of(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", page)


def test_somebody_who_is_erased_leaves_what_was_agreed_as_it_was(words, cast, client_of):
    version = _agreed(cast, words)
    cast.manager.delete()
    version.refresh_from_db()
    page = client_of(cast.practitioner).get(_address(version)).content.decode()
    assert "<dd>Somebody who has left</dd>" in page
    assert "by Practitioner Example (practitioner) and somebody who has left (leader)" in page
    assert "Manager Example" not in page


# --- what changed


def test_each_kind_of_change_is_said(words, cast):
    other = factories.PillarFactory(blueprint=words, title="Places")
    before = parts_now(words)
    first, second = Experiment.objects.order_by("position")
    pillar = first.pillar
    by = cast.manager
    actions.reword_experiment(experiment=first, version=1, pillar=other, title=first.title, by=by)
    actions.move_experiment(experiment=second, state="trying", by=by)
    actions.reword_pillar(
        pillar=pillar, version=1, insights=[], title=pillar.title, sponsor=None, by=by
    )
    words.needs.update(removed_at=timezone.now())
    words.commitments.update(text="Families come first")
    factories.CommitmentFactory(blueprint=words, text="Time to think")
    found = what_changed(before, parts_now(words))
    assert {one.title: one.what for one in found.changes} == {
        "Families come first": "reworded",
        "Time to think": "new",
        pillar.title: "reworded",
        first.title: "moved",
        second.title: "moved on",
        "Protected time": "gone",
    }
    assert found.summary == (
        "One commitment is new, one need was taken away, one commitment was reworded, one pillar "
        "was reworded, one experiment moved on and one experiment has another place."
    )
    (moved,) = (one for one in found.changes if one.what == "moved")
    assert (moved.was_at, moved.is_at) == ("Pillar 1, experiment 1", "Pillar 2, experiment 1")
    assert what_changed(before, before).changes == []


def test_a_cycle_that_follows_a_decision_says_which(words, cast):
    before = parts_now(words)
    experiment = Experiment.objects.first()
    actions.move_experiment(experiment=experiment, state="decided", decision="adapt", by=None)
    decided = parts_now(words)
    factories.LearningCycleFactory(experiment=experiment, we_try="We meet on Tuesdays")
    actions.move_experiment(experiment=experiment, state="trying", by=None)
    now = parts_now(words)
    assert [one.what for one in what_changed(before, now).changes] == ["adapted"]
    assert [one.what for one in what_changed(decided, now).changes] == ["began anew"]


def test_any_two_versions_and_the_living_one_are_compared(words, cast, client_of):
    practitioner = client_of(cast.practitioner)
    assert "There’s no version yet" in practitioner.get(NOW).content.decode()
    versions = []
    for text in ("A", "B", "C"):
        words.commitments.update(text=f"Families first, {text}")
        versions.append(_agreed(cast, words, why="Because"))
    first, _, third = versions
    words.commitments.update(text="Families always")
    seen = {}
    for name, address in (
        ("before", _address(third, "changes/")),
        ("first", f"{_address(third, 'changes/')}?with={first.pk}"),
        ("other way", f"{_address(first, 'changes/')}?with={third.pk}"),
        ("now", NOW),
        ("now and first", f"{NOW}?with={first.pk}"),
        ("nothing before", _address(first, "changes/")),
    ):
        shown = practitioner.get(address).context
        numbers = [one.number if one else None for one in (shown["older"], shown["newer"])]
        seen[name] = (*numbers, len(shown["changed"].changes))
    assert seen == {
        "before": (2, 3, 1),
        "first": (1, 3, 1),
        "other way": (1, 3, 1),
        "now": (3, None, 1),
        "now and first": (1, None, 1),
        "nothing before": (None, 1, 0),
    }
    assert practitioner.get(f"{NOW}?with=7").status_code == 404
    page = practitioner.get("/own/blueprint/").content.decode()
    assert "One thing has changed since" in page


def test_nothing_that_changed_is_said_and_makes_no_version(words, cast, client_of):
    _agreed(cast, words)
    manager = client_of(cast.manager)
    assert "Nothing has changed since." in manager.get(NOW).content.decode()
    assert "Nothing has changed since version 1" in manager.get(ADD).content.decode()
    assert "Nothing has changed since" in manager.get("/own/blueprint/").content.decode()


def test_before_anything_is_written_pages_say_what_will_be_here(practitioner, manager, cast):
    assert "No version yet." in practitioner.get(PAGE).content.decode()
    assert "There’s nothing to agree yet." in manager.get(ADD).content.decode()
    assert manager.post(ADD, {"id": PK, "seen": "x"}).status_code == 200
    assert BlueprintVersion.objects.count() == 0


# --- how little is asked of the database


@pytest.mark.parametrize(("pillars", "experiments"), [(1, 1), (3, 10), (12, 20)])
def test_query_count_does_not_grow(words, cast, manager, pillars, experiments):
    _grow(cast, words, pillars=pillars, experiments=experiments)
    first = _agreed(cast, words)
    words.commitments.update(text="Families always")
    Experiment.objects.update(state="trying")
    second = _propose(words, cast.manager, why="Because")
    asked = {
        address: _queries(manager, address)
        for address in (
            *(PAGE, _address(first), _address(second), _address(second, "changes/"), NOW),
            "/own/blueprint/",
        )
    }
    actions.withdraw_version(version=second, by=cast.manager)
    asked[ADD] = _queries(manager, ADD)
    assert list(asked.values()) == [6, 7, 19, 9, 22, 25, 23]


def _queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)
