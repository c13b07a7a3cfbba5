"""Cheers, thank-yous, and the wall."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from programmes.models import AuditEvent, start_of_today
from smallchanges import actions
from smallchanges.celebration import (
    MOST_THANKS,
    Celebrated,
    Cheers,
    Wall,
    celebrated_since,
    cheers_of,
)
from smallchanges.models import Cheer, Move, ThankYou
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

WALL = "/own/wall/"


@pytest.fixture
def change(cast):
    return factories.SmallChangeFactory(
        programme=cast.programme, title="Walk and talk", status="in progress", stage="grow"
    )


@pytest.fixture
def page(change):
    return f"/own/changes/{change.pk}/"


def _becomes(change, status, why="It works", days=0):
    at = timezone.now() - timedelta(days=days)
    return actions.move(change=change, stage=change.stage, status=status, why=why, by=None, at=at)


def _thank(change, by, **said):
    said = {"value": None, "to_whom": "the desk", "text": "for it", "is_named": True} | said
    return actions.thank(change=change, pk=uuid4(), by=by, **said)


# --- cheers


def test_a_cheer_is_there_once_and_goes_by_the_same_way(cast, change):
    for on in (True, True):
        actions.cheer(thing=change, is_on=on, by=cast.practitioner)
    actions.cheer(thing=change, is_on=True, by=cast.manager)
    assert cheers_of(change, viewer=cast.practitioner)[change.pk] == Cheers(2, mine=True)
    for on in (False, False):
        actions.cheer(thing=change, is_on=on, by=cast.practitioner)
    assert cheers_of(change, viewer=cast.practitioner)[change.pk] == Cheers(1, mine=False)
    # Nobody can read in history who cheered what.
    assert AuditEvent.objects.count() == 0


def test_two_taps_at_once_are_one_cheer(cast, change):
    actions.cheer(thing=change, is_on=True, by=cast.practitioner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cheer.objects.create(authority=cast.authority, change=change, user=cast.practitioner)


def test_a_tap_brings_the_cheer_alone_and_another_takes_it_back(change, page, practitioner):
    answer = practitioner.post(f"{page}cheer/", {"cheer": "yes"}, headers=HTMX)
    shown = answer.content.decode()
    assert ("<main" in shown, "You cheered this" in shown) == (False, True)
    assert 'aria-pressed="true"' in shown
    assert told(answer) == ["You cheered. Tap again to take it back."]
    shown = practitioner.post(f"{page}cheer/", {"cheer": "no"}, headers=HTMX).content.decode()
    assert ('aria-pressed="false"' in shown, "cheered this" in shown) == (True, False)
    assert practitioner.post(f"{page}cheer/").status_code == 400


def test_without_a_script_a_cheer_leads_back_to_its_place(change, page, practitioner):
    answer = practitioner.post(f"{page}cheer/", {"cheer": "yes"})
    assert answer["Location"] == f"{page}#cheer-{change.pk}"


def test_updates_and_what_stopping_taught_are_cheered_and_other_moves_are_not(
    cast, change, page, practitioner
):
    update = factories.UpdateFactory(change=change)
    other = _becomes(change, "paused")
    stop = _becomes(change, "stopped", why="Too loud outside")
    for address in (f"{page}updates/{update.pk}/cheer/", f"{page}moves/{stop.pk}/cheer/"):
        assert practitioner.post(address, {"cheer": "yes"}).status_code == 302
    assert practitioner.post(f"{page}moves/{other.pk}/cheer/", {"cheer": "yes"}).status_code == 404
    story = practitioner.get(page).context["reading"].story
    cheered = {one.pk: getattr(one, "cheered", None) for one in story}
    mine = Cheers(1, mine=True)
    assert cheered == {update.pk: mine, stop.pk: mine, other.pk: None}


@pytest.mark.parametrize(
    ("others", "mine", "said"),
    [
        (0, True, "You cheered this"),
        (1, False, "One person cheered this"),
        (2, True, "You and two others cheered this"),
        (12, False, "Twelve people cheered this"),
    ],
)
def test_cheers_are_gathered_in_words_and_name_nobody(
    cast, change, page, practitioner, others, mine, said
):
    for _ in range(others):
        user = factories.UserFactory(name="Somebody Else")
        factories.CheerFactory(authority=cast.authority, change=change, user=user)
    actions.cheer(thing=change, is_on=mine, by=cast.practitioner)
    shown = practitioner.get(page).content.decode()
    assert (said in shown, "Somebody Else" in shown) == (True, False)


# --- thank-yous


def test_a_named_thank_you_can_be_taken_away_by_whoever_wrote_it(
    cast, change, page, practitioner, client_of
):
    value = factories.ValueFactory(programme=cast.programme, text="Honesty")
    said = {
        "id": str(uuid4()),
        "whom": "the desk",
        "text": "for the forms",
        "sign": "name",
        "value": str(value.pk),
    }
    for _ in range(2):
        answer = follow(practitioner, practitioner.post(f"{page}thanks/add/", said))
    thanks = ThankYou.objects.get()
    assert (thanks.by, thanks.value, thanks.to_whom) == (cast.practitioner, value, "the desk")
    assert answer.context["reading"].thanks == [(value, [thanks])]
    assert "From Practitioner Example" in answer.content.decode()
    refused = client_of(cast.manager).post(f"{page}thanks/{thanks.pk}/remove/", follow=True)
    assert told(refused) == ["Whoever said this thank-you can take it away, or a facilitator."]
    assert ThankYou.objects.standing().count() == 1
    gone = follow(practitioner, undo(practitioner, answer))
    assert gone.context["reading"].thanks == []
    back = follow(practitioner, undo(practitioner, gone))
    assert back.context["reading"].thanks == [(value, [thanks])]


def test_a_thank_you_from_a_colleague_leads_to_nobody(
    cast, change, page, practitioner, facilitator
):
    said = {"id": str(uuid4()), "whom": "the desk", "text": "for it", "sign": "colleague"}
    answer = follow(practitioner, practitioner.post(f"{page}thanks/add/", said))
    thanks = ThankYou.objects.get()
    assert "From a colleague" in answer.content.decode()
    # Nor in any column, nor in history; and no undo, which would have to know.
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM smallchanges_thankyou t")
        row = cursor.fetchone()[0]
    assert ('"by_id": null' in row, "practitioner" in row.lower()) == (True, False)
    assert not AuditEvent.objects.exists()
    # Not even when, beside what somebody did at that minute; nor anything in a session.
    assert thanks.created_at == start_of_today()
    assert told(answer) == []
    assert "Said, from a colleague." in answer.content.decode()
    practitioner.post(f"{page}thanks/{thanks.pk}/remove/")
    assert ThankYou.objects.standing().count() == 1
    facilitator.post(f"{page}thanks/{thanks.pk}/remove/")
    assert ThankYou.objects.standing().count() == 0


def test_a_team_is_thanked_by_its_name(cast, change, page, practitioner):
    team = factories.TeamFactory(authority=cast.authority, name="North")
    said = {"id": str(uuid4()), "team": str(team.pk), "text": "for it", "sign": "name"}
    practitioner.post(f"{page}thanks/add/", said)
    more = {"id": str(uuid4()), "whom": "the desk"}
    practitioner.post(f"{page}thanks/add/", said | more)
    thanked = ThankYou.objects.order_by("created_at").values_list("to_whom", flat=True)
    assert list(thanked) == ["North", "North, and the desk"]
    long = practitioner.post(f"{page}thanks/add/", said | {"whom": "x" * 119})
    assert errors(long) == {"whom": ["Make it shorter: 120 characters fit, the team’s included."]}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"whom": ""}, {"whom": ["Say whom you thank: a team, or somebody in words."]}),
        ({"text": ""}, {"text": ["Say in a line what you thank them for."]}),
        (
            {"text": "x" * 201},
            {"text": ["Make it shorter: 200 characters fit, this has 201."]},
        ),
        ({"sign": "x"}, {"sign": ["Choose one from the list."]}),
        ({"value": "foreign"}, {"value": ["Choose one from the list."]}),
        ({"team": "x"}, {"team": ["Choose one from the list."]}),
    ],
)
def test_what_is_wrong_with_thanks_stands_beside_it(cast, page, practitioner, said, wrong):
    factories.ValueFactory(programme=cast.programme)
    if said.get("value"):
        said = {"value": str(factories.ValueFactory(programme=cast.other_programme).pk)}
    sent = {"id": str(uuid4()), "whom": "the desk", "text": "for it", "sign": "name"} | said
    answer = practitioner.post(f"{page}thanks/add/", sent)
    assert errors(answer) == wrong
    assert sent["text"] in answer.content.decode()
    assert ThankYou.objects.count() == 0


# --- the wall


def test_the_wall_gathers_what_changed_what_it_taught_and_whom_we_thank(cast, change):
    other, stopped, silent = (
        factories.SmallChangeFactory(programme=cast.programme, title=title, status="in progress")
        for title in ("Shoes", "Standing", "Silent")
    )
    values = [factories.ValueFactory(programme=cast.programme) for _ in range(2)]
    _becomes(change, "embedded")
    _becomes(stopped, "stopped", why="Knees hurt")
    _becomes(silent, "paused")
    actions.cheer(thing=change, is_on=True, by=cast.manager)
    first = _thank(change, cast.manager, value=values[1])
    second = _thank(change, cast.manager, value=values[0])
    third = _thank(change, cast.manager)
    elsewhere = _thank(other, cast.manager)
    taken = _thank(silent, cast.manager)
    actions.remove_thanks(thanks=taken, by=cast.manager)
    wall = Wall(cast.programme, timezone.now() - timedelta(weeks=4))
    (brick,) = wall.embedded
    assert (brick.change, brick.cheers.count, brick.learned) == (change, 1, "")
    assert brick.thanks == [(values[0], [second]), (values[1], [first]), (None, [third])]
    assert [(one.change, one.learned) for one in wall.stopped] == [(stopped, "Knees hurt")]
    assert [(one.change, one.thanks) for one in wall.thanked] == [(other, [(None, [elsewhere])])]


def test_the_wall_looks_four_weeks_back_or_to_the_start(cast, change, practitioner):
    _becomes(change, "embedded", days=40)
    thanks = _thank(change, cast.manager, text="for long ago")
    ThankYou.objects.update(created_at=timezone.now() - timedelta(days=40))
    assert "Nothing went on the wall in these four weeks." in (
        practitioner.get(WALL).content.decode()
    )
    page = practitioner.get(WALL, {"period": "all"})
    (brick,) = page.context["wall"].embedded
    assert (brick.change, brick.thanks) == (change, [(None, [thanks])])
    assert "for long ago" in page.content.decode()


def test_a_full_wall_says_where_the_rest_is(cast, change, practitioner):
    _thank(change, cast.manager)
    assert "The newest are here." not in practitioner.get(WALL).content.decode()
    ThankYou.objects.bulk_create(
        factories.ThankYouFactory.build(authority=cast.authority, change=change)
        for _ in range(MOST_THANKS - 1)
    )
    assert "The newest are here." in practitioner.get(WALL).content.decode()


def test_one_that_is_embedded_no_more_left_the_wall(cast, change):
    _becomes(change, "embedded")
    _becomes(change, "in progress")
    assert Wall(cast.programme, None).is_empty


def test_a_myth_that_was_cleared_is_on_the_wall(cast, practitioner):
    rule = factories.RuleFactory(authority=cast.authority, text="No texting")
    factories.RuleFactory(authority=cast.other)
    said = {"kind": "myth", "found": "Asked", "source": "", "may_do": "Text them", "seen": None}
    actions.settle_rule(rule=rule, pk=uuid4(), by=cast.manager, **said)
    page = practitioner.get(WALL)
    assert page.context["wall"].cleared == [rule]
    assert "This was a myth." in page.content.decode()


def test_an_empty_wall_and_none_yet(cast, practitioner):
    page = practitioner.get(WALL, {"period": "all"}).content.decode()
    assert "Our wall begins with a first thank-you." in page
    cast.programme.delete()
    assert "It begins once the programme is set up." in practitioner.get(WALL).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_wall_takes_as_many_queries(cast, practitioner, django_assert_num_queries, rows):
    for _ in range(rows):
        for status in ("embedded", "stopped"):
            one = factories.SmallChangeFactory(
                programme=cast.programme, stage="grow", status="in progress"
            )
            _becomes(one, status)
            _thank(one, cast.manager, value=factories.ValueFactory(programme=cast.programme))
            actions.cheer(thing=one, is_on=True, by=cast.manager)
        _thank(factories.SmallChangeFactory(programme=cast.programme), cast.manager)
    with django_assert_num_queries(10):
        page = practitioner.get(WALL)
    wall = page.context["wall"]
    assert [len(one) for one in (wall.embedded, wall.stopped, wall.thanked)] == [rows] * 3


# --- for the mail on Tuesdays


def test_what_was_celebrated_since(cast, change):
    stopped = factories.SmallChangeFactory(
        programme=cast.programme, title="Standing", status="in progress"
    )
    foreign = factories.SmallChangeFactory(programme=cast.other_programme)
    rules = [
        factories.RuleFactory(authority=cast.authority, text=text, change=of)
        for text, of in (("No texting", change), ("No lifts", None))
    ]
    before = timezone.now()
    assert celebrated_since(cast.programme, before) == []
    _becomes(change, "embedded")
    _becomes(stopped, "stopped")
    for one in (change, foreign):
        _thank(one, cast.manager)
        actions.cheer(thing=one, is_on=True, by=cast.manager)
    update = factories.UpdateFactory(change=stopped)
    actions.cheer(thing=update, is_on=True, by=cast.manager)
    said = {"kind": "myth", "found": "Asked", "source": "", "may_do": "Do", "seen": None}
    for rule in rules:
        actions.settle_rule(rule=rule, pk=uuid4(), by=cast.manager, **said)
    walk = ("Walk and talk", f"/own/changes/{change.pk}/")
    standing = ("Standing", f"/own/changes/{stopped.pk}/")
    assert celebrated_since(cast.programme, before) == [
        Celebrated("embedded", *walk),
        Celebrated("learned", *standing),
        Celebrated("thanked", *walk),
        Celebrated("cheered", *standing),
        Celebrated("cheered", *walk),
        Celebrated("cleared", "", f"/own/permissions/{rules[1].pk}/"),
        Celebrated("cleared", "Walk and talk", f"/own/permissions/{rules[0].pk}/"),
    ]
    assert celebrated_since(cast.programme, timezone.now()) == []
    assert Move.objects.count() == 2


def test_one_without_a_name_is_new_for_the_whole_of_its_day(cast, change):
    actions.thank(
        change=change,
        pk=uuid4(),
        value=None,
        to_whom="the desk",
        text="for it",
        is_named=False,
        by=cast.practitioner,
    )
    new = celebrated_since(cast.programme, timezone.now())
    assert [(one.kind, one.title) for one in new] == [("thanked", "Walk and talk")]
    assert celebrated_since(cast.programme, timezone.now() + timedelta(days=1)) == []
