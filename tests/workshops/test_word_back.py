"""Word back: by account, by team and by a device's key, along the thread to the blueprint."""

from datetime import UTC, datetime, timedelta

import pytest

from blueprints.models import Experiment, Promise
from crescendo.digest import queue_digests
from programmes.models import Barrier, Notice
from smallchanges.models import StrandBarrier
from tests import factories
from workshops.word_back import said_by_teams, voices_moved_since, word_back

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def thread(cast):
    """A barrier of a team, what it led to as far as a pillar, and a barrier that led nowhere."""
    authority = cast.authority
    barrier = factories.BarrierFactory(programme=cast.programme, text="Too much admin")
    other = factories.BarrierFactory(programme=cast.programme, text="Slow lifts")
    team = factories.TeamFactory(authority=authority, name="Team 1")
    barrier.teams.add(team, through_defaults={"authority": authority})
    strand = factories.MissionStrandFactory(programme=cast.programme)
    StrandBarrier.objects.create(authority=authority, strand=strand, barrier=barrier)
    change = factories.SmallChangeFactory(
        programme=cast.programme, strand=strand, title="One form", stage="grow", status="embedded"
    )
    stopped = factories.SmallChangeFactory(
        programme=cast.programme, strand=strand, title="Voice notes", status="stopped"
    )
    stopped.moves.create(
        authority=authority,
        at=DAY,
        from_stage="grow",
        to_stage="grow",
        from_status="in progress",
        to_status="stopped",
        why="The system keeps none",
    )
    insight = factories.InsightFactory(programme=cast.programme)
    insight.changes.add(change, through_defaults={"authority": authority})
    blueprint = factories.BlueprintFactory(programme=cast.programme)
    pillar = factories.PillarFactory(blueprint=blueprint)
    pillar.insights.add(insight, through_defaults={"authority": authority})
    trying = factories.ExperimentFactory(pillar=pillar, title="Take turns", state="trying")
    factories.ExperimentMoveFactory(experiment=trying, at=DAY)
    not_yet = factories.ExperimentFactory(pillar=pillar, title="A pod room")
    factories.AnswerFactory(
        experiment=not_yet, kind="not yet", words="No room is free before May", at=DAY
    )
    factories.PromiseFactory(
        experiment=trying, what="An hour a week", kept=True, told_at=DAY + timedelta(days=1)
    )
    cast.__dict__.update(barrier=barrier, unheard=other, team=team)
    return cast


def _told(back, *, reasons=True):
    return [
        [(deed.words, deed.because) if reasons else deed.words for deed in deeds]
        for deeds in (back.did, back.under_way, back.could_not)
    ]


ALL = [
    [("“One form” is how we work now", ""), ("A promise was kept: An hour a week", "")],
    [("We’re trying “Take turns”", "")],
    [
        ("We tried “Voice notes”, and stopped", "The system keeps none"),
        ("“A pod room”: not yet", "No room is free before May"),
    ],
]


def test_a_team_reads_what_became_of_its_barrier(thread, client_of):
    (back,) = word_back(thread.programme, said_by_teams(thread.programme, [thread.team]))
    assert (back.said.words, _told(back)) == ("Too much admin", ALL)
    assert back.blueprint_moved_at == DAY + timedelta(days=1)
    thread.practitioner.memberships.get().teams.add(
        thread.team, through_defaults={"authority": thread.authority}
    )
    page = client_of(thread.practitioner).get("/own/word-back/")
    assert [len(page.context["of_teams"]), page.context["own"]] == [1, []]
    body = page.content.decode()
    assert [words in body for words in ("No room is free before May", "Slow lifts")] == [
        True,
        False,
    ]


def test_what_is_told_says_that_it_was_made_up_and_not_what_it_is_told_of(thread):
    Experiment.objects.update(illustrative="what we try")
    Promise.objects.update(illustrative="all of it")
    (back,) = word_back(thread.programme, said_by_teams(thread.programme, [thread.team]))
    deeds = [*back.did, *back.under_way, *back.could_not]
    assert [deed.words for deed in deeds if deed.illustrative] == [
        "A promise was kept: An hour a week"
    ]


def test_of_a_barrier_that_was_merged_it_is_told_where_it_went(thread):
    part = factories.BarrierFactory(
        programme=thread.programme, text="Forms", merged_into=thread.barrier
    )
    said = said_by_teams(thread.programme, [thread.team])[0]
    merged = type(said)("Forms", said.asked, "barrier", part.pk)
    assert _told(word_back(thread.programme, [merged])[0]) == ALL


def test_another_teams_is_chosen_by_its_name(thread, client_of):
    client = client_of(thread.manager)
    page = client.get("/own/word-back/", {"team": thread.team.pk})
    assert (page.context["team"], len(page.context["of_teams"])) == (thread.team, 1)
    theirs = factories.TeamFactory(authority=thread.other)
    chosen = [
        client.get("/own/word-back/", {"team": word}).context["team"] for word in (theirs.pk, "x")
    ]
    assert chosen == [None, None]


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(thread, client_of, django_assert_num_queries, rows):
    strand = StrandBarrier.objects.get().strand
    for number in range(rows):
        barrier = factories.BarrierFactory(programme=thread.programme, text=f"Barrier {number}")
        barrier.teams.add(thread.team, through_defaults={"authority": thread.authority})
        StrandBarrier.objects.create(authority=thread.authority, strand=strand, barrier=barrier)
    client = client_of(thread.manager)
    with django_assert_num_queries(21):
        client.get("/own/word-back/", {"team": thread.team.pk})


@pytest.fixture
def said(room, thread):
    """A guest, and the practitioner with an anonymous note, said what became that barrier."""
    for kind, name in (("named", "Sam"), ("anonymous", "")):
        activity = room.activity(prompt="What gets in the way?", candour=kind)
        room.stands_at(activity)
        phone = room.phone(name)
        phone.write(activity, f"Admin, {kind}")
        room.has_shown(activity)
        note = activity.notes.get()
        factories.HarvestFactory(
            activity=activity,
            note=note,
            value=None,
            barrier=Barrier.objects.get(pk=thread.barrier.pk),
        )
        setattr(room, kind, phone)
    room.press("run-end")
    return room


def test_a_guest_reads_it_by_the_devices_key_and_without_reasons(said):
    page = said.anonymous.shows()
    assert [
        words in page
        for words in ("“One form” is how we work now", "We’re trying “Take turns”", "not yet")
    ] == [True, True, True]
    assert "No room is free before May" not in page
    # Nor was any reason, or any way into the house, at hand for the page to show.
    fates = said.anonymous.page().context["fates"]
    (back,) = [since for _, since in fates if since]
    deeds = [*back.did, *back.under_way, *back.could_not]
    assert len(deeds) == 5
    assert {(deed.because, deed.url) for deed in deeds} == {("", "")}
    # What may name somebody stays in the house: a promise's words, as a reason's.
    assert ("A promise was kept" in page, "An hour a week" in page) == (True, False)
    assert "Take turns" not in said.phone().shows()


def test_an_account_reads_its_own_and_an_anonymous_note_only_on_its_device(said, client_of):
    """The device that wrote it shows an anonymous note; the account alone does not."""
    practitioner, workshop = said.cast.practitioner, said.workshop
    participant = workshop.participants.get(name="Sam")
    participant.user, participant.key_digest = practitioner, None
    participant.save()
    client = client_of(practitioner)
    own = client.get("/own/word-back/").context["own"]
    assert [back.said.words for back in own] == ["Admin, named"]
    # The same person's phone, on which they wrote the other one.
    client.cookies.update(said.anonymous.client.cookies)
    own = client.get("/own/word-back/").context["own"]
    assert sorted(back.said.words for back in own) == ["Admin, anonymous", "Admin, named"]
    assert client_of(said.cast.manager).get("/own/word-back/").context["own"] == []


def test_whose_words_moved_is_known_of_accounts_alone(said):
    since = DAY - timedelta(days=1)
    programme = said.cast.programme
    assert voices_moved_since(programme, since) == set()
    said.workshop.participants.filter(name="Sam").update(
        user=said.cast.practitioner, key_digest=None
    )
    assert voices_moved_since(programme, since) == {said.cast.practitioner.pk}
    assert voices_moved_since(programme, DAY + timedelta(days=2)) == set()
    # So the Tuesday after tells them, and nobody else.
    queue_digests(datetime(2026, 3, 3, 9, tzinfo=UTC))
    led = [
        notice.choice.email
        for notice in Notice.objects.select_related("choice")
        if "Something that you said has moved on in our blueprint" in notice.body
    ]
    assert led == [said.cast.practitioner.email]
