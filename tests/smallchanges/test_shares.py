"""What leaves the house of a small change: exact words, and the yes of its team to them."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from programmes.editing import Stale
from programmes.models import MembershipTeam, Notice, NoticeKind
from smallchanges import actions
from smallchanges.models import Consent, Share
from smallchanges.sharing import Asking, first_words
from tests import factories
from tests.at_once import while_waiting

WORDS = {
    "title": "Turns at the minutes",
    "sentence": "Everybody takes the minutes in turn.",
    "what_we_did": "We made a list.",
    "what_it_needed": "One yes",
    "what_we_met": "Doubts",
    "what_came_of_it": "More listening",
    "our_setting": "A team of seven",
}


@pytest.fixture
def team(cast, change):
    """The change is tried by a team of which the practitioner is one; the manager leads it."""
    team = factories.TeamFactory(authority=cast.authority, name="North team")
    change.teams.add(team, through_defaults={"authority": cast.authority})
    _join(team, cast.practitioner.memberships.get())
    change.lead = cast.manager.memberships.get()
    change.save()
    return team


@pytest.fixture
def people(cast, team):
    return cast.practitioner.memberships.get(), cast.manager.memberships.get()


@pytest.fixture
def page(change):
    return f"/own/changes/{change.pk}/share/"


def _join(team, membership):
    MembershipTeam.objects.create(authority=team.authority, membership=membership, team=team)


def _write(change, cast, *, version=0, **words):
    return actions.write_share(change=change, version=version, by=cast.facilitator, **WORDS | words)


def _asked(change, cast, **words):
    share = _write(change, cast, **words)
    actions.ask_about_share(share=share, by=cast.facilitator)
    return _again(share)


def _say(share, membership, says="yes", why=""):
    return actions.answer_share(
        share=share, membership=membership, says=says, why=why, by=membership.user
    )


def _agreed(change, cast, people, **words):
    share = _asked(change, cast, **words)
    for membership in people:
        _say(share, membership)
    return share


def _opened(change, cast, people):
    share = _agreed(change, cast, people)
    actions.open_share(share=share, by=cast.facilitator)
    return _again(share)


def _again(share):
    return Share.objects.get(pk=share.pk)


# --- writing


def test_it_begins_with_what_the_change_says(cast, change, team):
    change.purpose, change.result = "So that we listen", "we listen"
    factories.StepFactory(change=change, text="make a list")
    factories.MetFactory(change=change, text="some doubts")
    assert first_words(change) == {
        "title": "Quiet hour",
        "sentence": "So that we listen",
        "what_we_did": "Make a list",
        "what_it_needed": "",
        "what_we_met": "Some doubts",
        "what_came_of_it": "we listen",
        "our_setting": "London borough, Family Support. Tried by one team, two people.",
    }


def test_what_is_made_up_says_so_elsewhere_too(change, facilitator, page):
    change.illustrative = "plan, dates"
    change.save()
    facilitator.post(f"{page}edit/", WORDS | {"version": 0})
    assert change.shares.get().illustrative == "plan, dates"


def test_words_that_nobody_was_asked_about_are_written_over(cast, change):
    first = _write(change, cast)
    second = _write(change, cast, version=1, title="Turns")
    assert (second.pk, second.version, second.title) == (first.pk, 2, "Turns")


def test_new_words_ask_anew(cast, change, people):
    asked = _asked(change, cast)
    _say(asked, people[0])
    new = _write(change, cast, version=1, title="Turns")
    assert (new.pk != asked.pk, new.version, new.asked_at) == (True, 2, None)
    assert _again(asked).ended_at is not None
    assert new.consents.count() == 0
    with pytest.raises(ValidationError):
        _say(asked, people[1])


def test_the_same_words_again_keep_every_yes(cast, change, people):
    asked = _asked(change, cast)
    _say(asked, people[0])
    assert _write(change, cast, version=1) == asked
    assert asked.consents.count() == 1


def test_whoever_was_slower_sees_both(cast, change, facilitator, page):
    _write(change, cast)
    _write(change, cast, version=1, title="Theirs")
    answer = facilitator.post(f"{page}edit/", WORDS | {"title": "Mine", "version": 1})
    body = answer.content.decode()
    assert (answer.status_code, "Theirs" in body, "Mine" in body) == (409, True, True)
    facilitator.post(f"{page}edit/", WORDS | {"title": "Both", "version": 2})
    assert change.shares.get().title == "Both"


def test_what_is_missing_is_said_beside_its_field(facilitator, change, page):
    answer = facilitator.post(f"{page}edit/", WORDS | {"our_setting": "", "version": 0})
    body = answer.content.decode()
    assert "Say where this was tried" in body
    assert WORDS["what_we_did"] in body
    assert not change.shares.exists()


# --- asking


def test_its_team_and_its_lead_are_asked_by_mail_and_nobody_else(cast, change, people):
    away = factories.MembershipFactory(authority=cast.authority, ended_at=timezone.now())
    _join(change.teams.get(), away)
    _asked(change, cast)
    asked = Notice.objects.values_list("choice__email", "choice__kind", "subject")
    title = "Your yes, please: may others read about “Quiet hour”?"
    assert set(asked) == {
        (cast.practitioner.email, NoticeKind.ASK, title),
        (cast.manager.email, NoticeKind.ASK, title),
    }
    assert WORDS["what_we_met"] not in Notice.objects.first().body


def test_without_anybody_to_ask_nothing_goes_on(cast, change):
    share = _write(change, cast)
    with pytest.raises(ValidationError, match="Nobody could be asked"):
        actions.ask_about_share(share=share, by=cast.facilitator)


def test_whoever_answered_is_asked_no_more_and_whoever_asked_hears_of_the_last_yes(
    cast, change, people
):
    share = _asked(change, cast)
    _say(share, people[0])
    assert Notice.objects.waiting().count() == 1
    _say(share, people[1])
    (waiting,) = Notice.objects.waiting()
    assert (waiting.choice.email, waiting.choice.kind) == (cast.facilitator.email, "answer")


def test_who_asked_and_has_left_hears_no_more_of_it(cast, change, people):
    share = _asked(change, cast)
    cast.facilitator.memberships.update(ended_at=timezone.now())
    for membership in people:
        _say(share, membership)
    assert not Notice.objects.waiting().exists()


def test_nobody_else_answers(cast, change, people, facilitator, page):
    share = _asked(change, cast)
    with pytest.raises(ValidationError):
        _say(share, cast.facilitator.memberships.get())
    facilitator.post(f"{page}answer/", {"share": share.pk, "says": "yes"})
    assert not Consent.objects.exists()


def test_whoever_asked_hears_of_the_first_not_yet_and_none_of_its_words(cast, change, people):
    share = _asked(change, cast)
    for membership in people:
        _say(share, membership, "not yet", "It names us")
    (waiting,) = Notice.objects.waiting()
    assert waiting.subject == "Not yet: “Quiet hour” needs other words"
    assert "It names us" not in waiting.body


@pytest.mark.parametrize(
    ("yes", "not_yet", "weeks", "agreed"),
    [
        (4, 0, 0, True),
        (3, 0, 0, False),
        (3, 0, 2, True),
        (2, 0, 2, False),
        (3, 1, 9, False),
        (0, 0, 9, False),
    ],
)
def test_silence_is_no_yes_and_holds_nothing_back_for_ever(
    cast, change, team, yes, not_yet, weeks, agreed
):
    for _ in range(2):
        _join(team, factories.MembershipFactory(authority=cast.authority))
    share = _asked(change, cast)
    asked = [one.membership for one in Asking(share).said]
    assert len(asked) == 4
    for membership in asked[:yes]:
        _say(share, membership)
    for membership in asked[yes : yes + not_yet]:
        _say(share, membership, "not yet", "Too long")
    now = timezone.now() + timedelta(weeks=weeks)
    assert Asking(share, now=now).is_agreed == agreed


# --- sharing, and taking back


def test_nothing_is_shared_before_they_agree(cast, change, people):
    share = _asked(change, cast)
    _say(share, people[0])
    with pytest.raises(ValidationError):
        actions.open_share(share=share, by=cast.facilitator)
    _say(share, people[1])
    actions.open_share(share=share, by=cast.facilitator)
    share = _again(share)
    assert (share.is_open, share.consent.digest) == (True, share.digest)


def test_newer_words_replace_the_older_once_they_are_shared(cast, change, people):
    first = _opened(change, cast, people)
    second = _agreed(change, cast, people, version=1, title="Turns")
    assert list(Share.objects.shared()) == [first]
    actions.open_share(share=second, by=cast.facilitator)
    assert list(Share.objects.shared()) == [_again(second)]


def test_a_not_yet_takes_it_back_at_once(cast, change, people):
    share = _opened(change, cast, people)
    _say(share, people[1], "not yet", "It names us")
    assert not Share.objects.shared().exists()
    with pytest.raises(ValidationError):
        actions.put_back_share(share=share, by=cast.facilitator)


def test_taken_back_it_can_be_put_back_with_the_same_yes(cast, change, people):
    share = _opened(change, cast, people)
    actions.take_back_share(share=share, by=cast.facilitator)
    assert not Share.objects.shared().exists()
    actions.put_back_share(share=share, by=cast.facilitator)
    assert list(Share.objects.shared()) == [share]


def test_after_new_words_the_old_ones_stay_taken_back(cast, change, people):
    share = _opened(change, cast, people)
    actions.take_back_share(share=share, by=cast.facilitator)
    assert _write(change, cast, version=1).version == 2
    with pytest.raises(ValidationError):
        actions.put_back_share(share=share, by=cast.facilitator)


@pytest.mark.django_db(transaction=True)
def test_whoever_is_quicker_a_not_yet_holds(cast, change, people):
    """Said while somebody presses the button, or just before it."""
    share = _agreed(change, cast, people)
    again = partial(actions.open_share, share=share, by=cast.facilitator)
    not_yet = partial(_say, share, people[0], "not yet", "It names us")
    while_waiting(again, not_yet)
    assert not Share.objects.shared().exists()
    share = _agreed(change, cast, people, version=1, title="Turns")
    not_yet = partial(_say, share, people[0], "not yet", "It names us")
    again = partial(actions.open_share, share=share, by=cast.facilitator)
    _, refused = while_waiting(not_yet, again)
    assert isinstance(refused, ValidationError)
    assert not Share.objects.shared().exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_once_one_is_told(cast, change):
    first, second = while_waiting(
        partial(_write, change, cast), partial(_write, change, cast, title="Theirs")
    )
    assert (first.title, isinstance(second, Stale)) == (WORDS["title"], True)
    assert change.shares.get() == first


# --- the page


def test_the_whole_way_by_its_pages(cast, change, people, facilitator, client_of, page):
    """As three people, with nothing but the forms that their pages show."""
    assert "Nothing leaves Own Borough today" in facilitator.get(page).content.decode()
    facilitator.post(f"{page}edit/", WORDS | {"version": 0})
    share = change.shares.get()
    facilitator.post(f"{page}{share.pk}/ask/")
    for user in (cast.practitioner, cast.manager):
        member = client_of(user)
        body = member.get(page).content.decode()
        assert [body.count(words) for words in WORDS.values()] == [1] * len(WORDS)
        answer = member.post(f"{page}answer/", {"share": share.pk, "says": "yes"}, follow=True)
        assert "Your yes is to exactly these words." in answer.content.decode()
    assert "They say yes" in facilitator.get(page).content.decode()
    facilitator.post(f"{page}{share.pk}/open/")
    assert _again(share).is_open
    # Whoever only takes part in it may take it back too.
    answer = client_of(cast.practitioner).post(f"{page}{share.pk}/take-back/", follow=True)
    assert f"{page}{share.pk}/put-back/" in answer.content.decode()
    assert not _again(share).is_open
    client_of(cast.practitioner).post(f"{page}{share.pk}/put-back/")
    assert _again(share).is_open


def test_a_yes_is_to_the_words_that_were_read(cast, change, people, practitioner, page):
    old = _asked(change, cast)
    _write(change, cast, version=1, title="Turns")
    answer = practitioner.post(f"{page}answer/", {"share": old.pk, "says": "yes"}, follow=True)
    assert "have been changed, or taken back" in answer.content.decode()
    assert not Consent.objects.exists()


def test_a_not_yet_says_why_and_is_kept_where_it_was_typed(
    cast, change, people, practitioner, page
):
    share = _asked(change, cast)
    sent = {"share": share.pk, "says": "not yet", "why": ""}
    body = practitioner.post(f"{page}answer/", sent).content.decode()
    assert "Say what would have to change" in body
    practitioner.post(f"{page}answer/", sent | {"why": "Leave the doubts out"})
    assert "Leave the doubts out" in practitioner.get(page).content.decode()


def test_who_takes_part_in_something_else_takes_nothing_back(cast, change, people, client_of, page):
    share = _opened(change, cast, people)
    other = factories.MembershipFactory(authority=cast.authority).user
    client_of(other).post(f"{page}{share.pk}/take-back/")
    assert _again(share).is_open


def test_put_aside_nobody_is_asked_any_more_and_it_comes_back(
    cast, change, people, facilitator, page
):
    share = _asked(change, cast)
    answer = facilitator.post(f"{page}{share.pk}/take-back/", follow=True)
    assert "Put aside" in answer.content.decode()
    assert (_again(share).was_put_aside, Notice.objects.waiting().count()) == (True, 0)
    with pytest.raises(ValidationError):
        _say(share, people[0])
    facilitator.post(f"{page}{share.pk}/put-back/")
    assert _again(share).is_in_the_making


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_stays(
    cast, change, team, facilitator, page, django_assert_num_queries, rows
):
    for _ in range(rows):
        _join(team, factories.MembershipFactory(authority=cast.authority))
    share = _asked(change, cast)
    for one in Asking(share).said:
        _say(share, one.membership)
    with django_assert_num_queries(10):
        facilitator.get(page)
