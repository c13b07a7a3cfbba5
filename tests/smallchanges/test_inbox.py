"""The small-changes inbox: what waits, what is answered, and what a facilitator sees to."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import BadRequest
from django.db import transaction
from django.utils import timezone

from programmes import notices
from programmes.models import AuditEvent, Barrier, Notice, NoticeChoice
from smallchanges import inbox as reading
from smallchanges.actions import answer_ask, remove_ask
from smallchanges.actions import inbox as actions
from smallchanges.models import Ask, Inbox, Offered, ReceivedMail, SmallChange
from tests import factories
from tests.at_once import while_waiting

TODAY = timezone.localdate()


def _offered(cast, *, days=0, **values):
    """Something that was offered so many days ago."""
    at = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    values = {"created_at": at - timedelta(days=days)} | values
    return factories.OfferedFactory(authority=cast.authority, **values)


def _answered(cast, *, days=10, took=0, **values):
    at = timezone.now() - timedelta(days=days - took)
    said = {"state": "not now", "answer": "No money this year", "answered_at": at}
    return _offered(cast, days=days, **said | values)


@pytest.fixture
def manager(cast, client_of):
    return client_of(cast.manager)


@pytest.fixture
def offered(cast):
    return _offered(cast, text="A kettle that works")


def _now(offered):
    return Offered.objects.get(pk=offered.pk)


def _answer(offered, way: str) -> str:
    return f"/own/inbox/{offered.pk}/answer/{way}/"


# --- the list


def test_members_read_what_waits_the_oldest_first_and_what_was_answered(cast, practitioner):
    new, old = _offered(cast, days=1), _offered(cast, days=20)
    answered = _answered(cast)
    factories.OfferedFactory(authority=cast.other, text="canary")
    response = practitioner.get("/own/inbox/")
    assert response.context["waiting"] == [old, new]
    assert [one.waited for one in response.context["waiting"]] == [20, 1]
    assert [one.is_overdue for one in response.context["waiting"]] == [True, False]
    assert list(response.context["answered"]) == [answered]
    assert "canary" not in response.content.decode()


def test_an_inbox_that_nobody_touched_is_open_and_empty(cast, practitioner):
    response = practitioner.get("/own/inbox/")
    assert "Nothing has been offered yet." in response.content.decode()
    assert 'aria-current="page">Small changes</a>' in response.content.decode()
    assert "/own/inbox/add/" in response.content.decode()
    assert Inbox.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries(cast, facilitator, django_assert_num_queries, rows):
    for _ in range(rows):
        barrier = factories.BarrierFactory(programme=cast.programme)
        change = factories.SmallChangeFactory(programme=cast.programme)
        _offered(cast, by=cast.practitioner, reply="member")
        _offered(cast, held_for="guard")
        _answered(cast, state="barrier", barrier=barrier, answered_by=cast.manager)
        _answered(cast, state="change", change=change, answered_by=cast.manager)
        member = factories.MembershipFactory(authority=cast.authority)
        ask = factories.AskFactory(change=change, member=member)
        _answered(cast, state="ask", ask=ask, answered_by=cast.manager)
    facilitator.get("/own/inbox/")
    with django_assert_num_queries(9):
        facilitator.get("/own/inbox/")


def test_answers_come_twenty_to_a_page(cast, practitioner):
    for _ in range(21):
        _answered(cast)
    assert len(practitioner.get("/own/inbox/").context["answered"]) == 20
    assert len(practitioner.get("/own/inbox/?page=2").context["answered"]) == 1


# --- the clock


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 11, 30), date(2026, 11, 30), 0),
        (date(2026, 11, 30), date(2026, 12, 4), 4),
        (date(2026, 12, 4), date(2026, 12, 7), 1),  # Friday to Monday
        (date(2026, 12, 5), date(2026, 12, 6), 0),  # a weekend
        (date(2026, 11, 27), date(2026, 12, 18), 15),
        (date(2026, 12, 4), date(2026, 11, 30), 0),
    ],
)
def test_weekends_count_for_nothing(first, last, days):
    assert reading.working_days_between(first, last) == days
    if last >= first and reading.is_working(last):
        assert reading.working_days_after(first, days) in (last, first)


@pytest.mark.parametrize(
    ("answered", "typical", "words"),
    [
        (0, None, "No answers in the last three months yet: too soon to say how long it takes."),
        (1, None, "One answered in the last three months: too few to say how long it takes."),
        (4, None, "Four answered in the last three months: too few to say how long it takes."),
        (
            5,
            1,
            "Typically answered within one working day. Five answered in the last three months.",
        ),
        (13, 0, "Typically answered on the same day. 13 answered in the last three months."),
    ],
)
def test_the_clock_is_honest_with_small_numbers(answered, typical, words):
    assert reading.Clock(answered, typical).words == words


def test_the_clock_says_how_long_an_answer_typically_takes(cast):
    for took in (7, 7, 14, 14, 21):
        _answered(cast, days=28, took=took)
    _answered(cast, days=120, took=20)  # too long ago
    factories.OfferedFactory(
        authority=cast.other, state="not now", answer="No", answered_at=timezone.now()
    )
    assert reading.clock_of(cast.authority) == reading.Clock(answered=5, typical=10)


def test_what_waits_is_counted_for_whoever_answers(cast):
    factories.InboxFactory(authority=cast.authority, answers_within=5)
    _offered(cast, days=14)
    _offered(cast, days=1, held_for="guard")
    _answered(cast)
    _offered(cast, days=30, removed_at=timezone.now())
    factories.OfferedFactory(authority=cast.other)
    waiting = reading.inbox_waiting(cast.authority)
    assert (waiting.count, waiting.overdue, waiting.held, waiting.oldest) == (2, 1, 1, 10)


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("facilitator", ["Answer what waits in the inbox"]),
        ("manager", ["Answer what waits in the inbox"]),
        ("practitioner", []),
    ],
)
def test_what_waits_too_long_is_for_whoever_answers(cast, client_of, who, titles):
    factories.MembershipFactory(authority=cast.authority)
    cast.programme.starts_on = TODAY - timedelta(days=40)
    cast.programme.save()
    _offered(cast, days=20)
    todo = client_of(getattr(cast, who)).get("/own/").context["todo"]
    assert [one.title for one in todo] == titles


# --- answers


def test_an_offered_thing_becomes_a_barrier_in_other_words(cast, manager, offered):
    assert manager.get(_answer(offered, "barrier")).context["form"]["text"].value() == offered.text
    said = {"id": uuid4(), "text": "Nothing works in the family room", "words": "You’re right"}
    assert manager.post(_answer(offered, "barrier"), said).status_code == 302
    barrier = Barrier.objects.get(text="Nothing works in the family room")
    row = _now(offered)
    assert (row.state, row.barrier, row.made_it) == ("barrier", barrier, True)
    assert (row.answer, row.answered_by) == ("You’re right", cast.manager)
    assert barrier.programme == cast.programme


def test_it_becomes_a_small_change_and_the_change_says_where_it_came_from(
    cast, manager, offered, strand
):
    said = {"title": "A kettle", "purpose": "", "why": "Tea helps", "strand": strand.pk}
    manager.post(_answer(offered, "change"), said | {"id": uuid4(), "words": ""})
    change = SmallChange.objects.get(title="A kettle")
    assert (change.why, change.strand, change.status) == ("Tea helps", strand, "proposed")
    assert (_now(offered).state, _now(offered).change) == ("change", change)
    page = manager.get(change.get_absolute_url())
    assert page.context["reading"].offered == [offered]
    assert f"/own/inbox/{offered.pk}/" in page.content.decode()


@pytest.mark.parametrize("kind", ["barrier", "change"])
def test_it_may_be_one_that_is_there(cast, manager, offered, kind):
    known = {
        "barrier": factories.BarrierFactory,
        "change": factories.SmallChangeFactory,
    }[kind](programme=cast.programme)
    sent = {"id": uuid4(), "known": known.pk, "text": "", "title": "", "words": "It’s this one"}
    manager.post(_answer(offered, kind), sent)
    row = _now(offered)
    assert (row.state, getattr(row, kind), row.made_it) == (kind, known, False)
    assert actions.take_answer_back(offered=row, by=cast.manager)
    assert type(known).objects.filter(pk=known.pk).exists()


@pytest.mark.parametrize(
    ("way", "said", "field", "error"),
    [
        ("not-now", {"words": ""}, "words", "Say in a sentence why not now."),
        (
            "ask",
            {"words": " "},
            "words",
            "Say in a sentence what you’re asking for, and of whom.",
        ),
        ("barrier", {"text": ""}, "text", "Write the barrier as it goes on the list."),
        (
            "barrier",
            {"text": "x" * 301},
            "text",
            "Make it shorter: 300 characters fit, this has 301.",
        ),
        (
            "barrier",
            {"text": "THERE already"},
            "text",
            "This barrier is on the list already. Choose it above.",
        ),
        ("change", {"title": ""}, "title", "Give the change a few words, so that people know it."),
        (
            "change",
            {"title": "THERE already"},
            "title",
            "There’s a small change with this title already. Choose it above, or call this"
            " another.",
        ),
    ],
)
def test_an_answer_that_does_not_fit_stays_on_the_page(
    cast, manager, offered, way, said, field, error
):
    factories.BarrierFactory(programme=cast.programme, text="There already")
    factories.SmallChangeFactory(programme=cast.programme, title="There already")
    response = manager.post(_answer(offered, way), {"id": uuid4()} | said)
    assert response.context["form"].errors[field] == [error]
    assert _now(offered).state == "waiting"


def test_a_row_of_another_authority_cannot_be_chosen(cast, manager, offered):
    theirs = {"programme": cast.other_programme}
    strand = factories.MissionStrandFactory(**theirs, title="canary")
    known = {
        "barrier": factories.BarrierFactory(**theirs, text="canary"),
        "change": factories.SmallChangeFactory(**theirs, title="canary"),
    }
    for way, row in known.items():
        sent = {"id": uuid4(), "known": row.pk, "text": "T", "title": "T"}
        response = manager.post(_answer(offered, way), sent)
        assert response.context["form"].errors == {"known": ["Choose one from the list."]}
        assert "canary" not in response.content.decode()
    sent = {"id": uuid4(), "title": "T", "strand": strand.pk}
    response = manager.post(_answer(offered, "change"), sent)
    assert response.context["form"].errors == {"strand": ["Choose one from the list."]}
    foreign = factories.OfferedFactory(authority=cast.other)
    assert manager.post(_answer(foreign, "ask"), {"words": "T"}).status_code == 404


def test_words_are_an_answer_too(cast, manager, offered):
    response = manager.post(_answer(offered, "not-now"), {"id": uuid4(), "words": "The desks move"})
    assert (_now(offered).state, _now(offered).answer) == ("not now", "The desks move")
    page = manager.get(response["Location"])
    assert f"/own/inbox/{offered.pk}/take-back/" in page.content.decode()  # Undo


def test_the_second_to_answer_sees_the_first_answer_and_keeps_their_words(
    cast, manager, facilitator, offered
):
    manager.post(_answer(offered, "not-now"), {"id": uuid4(), "words": "The desks move"})
    late = {"id": uuid4(), "title": "", "why": "We have asked for one"}
    response = facilitator.post(_answer(offered, "change"), late)
    page = response.content.decode()
    assert response.status_code == 409
    assert ("The desks move" in page, "We have asked for one" in page) == (True, True)
    assert "Manager Example answered this a moment before you." in page
    assert _now(offered).answer == "The desks move"


def test_the_same_answer_sent_twice_is_one(cast, manager, offered):
    said = {"id": uuid4(), "text": "Nothing works", "words": ""}
    answers = [manager.post(_answer(offered, "barrier"), said).status_code for _ in range(2)]
    assert (answers, Barrier.objects.count()) == ([302, 302], 1)
    assert AuditEvent.objects.filter(verb="offered answered").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_leave_one_answer(cast, offered):
    def act(words, by):
        return lambda: actions.answer(offered=offered, state="ask", words=words, by=by)

    first, second = while_waiting(act("One", cast.manager), act("Two", cast.facilitator))
    assert (first.answer, second.row.answer) == ("One", "One")
    assert isinstance(second, actions.Answered)


def test_an_answer_is_taken_back_with_what_it_made(cast, manager, offered):
    made = [
        ("barrier", {"text": "Nothing works"}),
        ("change", {"title": "A kettle", "why": ""}),
    ]
    for way, said in made:
        manager.post(_answer(offered, way), {"id": uuid4(), "words": ""} | said)
        manager.post(f"/own/inbox/{offered.pk}/take-back/")
        row = _now(offered)
        assert (row.state, row.answered_at, row.answered_by) == ("waiting", None, None)
    assert SmallChange.objects.count() == 0
    assert [one.removed_by for one in Barrier.objects.all()] == [cast.manager]
    assert actions.take_answer_back(offered=offered, by=cast.manager) is False


def test_what_people_have_worked_on_since_stays(cast, offered):
    words = {"title": "A kettle", "purpose": "", "strand": None, "why": "", "words": ""}
    row = actions.answer_as_change(
        offered=offered, programme=cast.programme, pk=uuid4(), known=None, by=cast.manager, **words
    )
    factories.StepFactory(change=row.change)
    assert actions.take_answer_back(offered=row, by=cast.manager)
    assert [str(one) for one in SmallChange.objects.all()] == ["A kettle"]


def test_what_was_there_before_the_answer_stays_too(cast, manager, offered):
    """Its id sent as that of a new one: a page that was gone back to, or somebody's trick."""
    before = factories.SmallChangeFactory(programme=cast.programme, title="A kettle")
    said = {"id": before.pk, "title": "A kettle", "why": "", "words": ""}
    assert manager.post(_answer(offered, "change"), said).status_code == 302
    manager.post(f"/own/inbox/{offered.pk}/take-back/")
    assert _now(offered).state == "waiting"
    assert list(SmallChange.objects.all()) == [before]


def test_without_a_programme_there_are_no_barriers_to_add_to(cast, manager, offered):
    cast.programme.delete()
    ways = manager.get(f"/own/inbox/{offered.pk}/").context["ways"]
    assert list(ways) == ["not-now"]
    assert manager.get(_answer(offered, "barrier")).status_code == 404
    assert manager.get(_answer(offered, "nowhere")).status_code == 404


# --- what becomes an ask


WHOM = {"name": "Dana Dean", "role": "Director", "email": "dana@elsewhere.example"}


@pytest.fixture
def change(cast):
    return factories.SmallChangeFactory(
        programme=cast.programme, title="Warm rooms", status="in progress"
    )


def _sent(change, **more):
    said = {"id": uuid4(), "change": change.pk, "what": "£30 for a kettle", "words": "We ask"}
    return said | WHOM | more


def _asked(cast, offered, change, **more):
    said = {"member": None, "what": "£30 for a kettle", "words": "We ask", **WHOM}
    return actions.answer_as_ask(offered=offered, change=change, by=cast.manager, **said | more)


def _to_be_mailed() -> list[str]:
    return sorted(Notice.objects.waiting().values_list("choice__email", flat=True))


def test_what_is_asked_for_becomes_an_ask_of_one_person_once(cast, manager, change):
    factories.SmallChangeFactory(programme=cast.programme, status="stopped")
    offered = _offered(cast, text="A kettle\nthat works", reply="email", email="jo@council.example")
    form = manager.get(_answer(offered, "ask")).context["form"]
    assert list(form.fields["change"].queryset) == [change]
    assert form["what"].value() == "A kettle that works"
    sent = _sent(change, why="So that families stay", cost="30", cost_unit="pounds")
    said = [manager.post(_answer(offered, "ask"), sent).status_code for _ in range(2)]
    ask = Ask.objects.get()
    row = _now(offered)
    assert said == [302, 302]
    assert (row.state, row.answer, row.ask, ask.offered) == ("ask", "We ask", ask, row)
    assert (ask.change, ask.what, ask.asked_by) == (change, "£30 for a kettle", cast.manager)
    assert (ask.name, ask.role, ask.email) == tuple(WHOM.values())
    assert (ask.why, ask.cost, ask.cost_unit) == ("So that families stay", Decimal(30), "pounds")
    assert _to_be_mailed() == ["dana@elsewhere.example", "jo@council.example"]


def test_a_member_can_be_asked_too_and_by_when(cast, manager, offered, change):
    member = cast.facilitator.memberships.get()
    nobody = dict.fromkeys(WHOM, "")
    sent = _sent(change, member=member.pk, due_on="2027-01-31", **nobody)
    assert manager.post(_answer(offered, "ask"), sent).status_code == 302
    assert (Ask.objects.get().member, Ask.objects.get().due_on) == (member, date(2027, 1, 31))


def test_an_ask_that_lacks_something_is_not_made(cast, manager, offered, change):
    theirs = factories.SmallChangeFactory(programme=cast.other_programme, status="in progress")
    stopped = factories.SmallChangeFactory(programme=cast.programme, status="stopped")
    lacking = [
        ({"change": ""}, {"change": ["Choose the small change that needs it."]}),
        ({"change": theirs.pk}, {"change": ["Choose one from the list."]}),
        ({"change": stopped.pk}, {"change": ["Choose one from the list."]}),
        (
            {"member": cast.outsider.memberships.get().pk} | dict.fromkeys(WHOM, ""),
            {"member": ["Choose one from the list."]},
        ),
        ({"what": ""}, {"what": ["Say what you ask for, in one line."]}),
        (
            dict.fromkeys(WHOM, ""),
            {"member": ["Choose who to ask, or write their name and email address."]},
        ),
        (
            {"cost": "3"},
            {"cost_unit": ["Choose whether the number is hours or pounds."]},
        ),
    ]
    for said, errors in lacking:
        response = manager.post(_answer(offered, "ask"), _sent(change) | said)
        assert response.context["form"].errors == errors
    assert (_now(offered).state, Ask.objects.count()) == ("waiting", 0)


def test_long_words_are_cut_to_what_an_ask_takes(cast, manager, change):
    offered = _offered(cast, text="Another kettle " * 60)
    what = manager.get(_answer(offered, "ask")).context["form"]["what"].value()
    assert (len(what) <= 300, what[-9:]) == (True, "Another …")


def test_without_a_living_change_the_page_says_how_to_make_one(cast, manager, offered):
    page = manager.get(_answer(offered, "ask")).content.decode()
    assert "There’s no small change that it could be for." in page
    assert ('href="/own/changes/add/"' in page, 'name="what"' in page) == (True, False)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "We’ve asked for it, and wait for the answer."),
        ({"state": "yes", "said_yes_at": timezone.now()}, "It’s not here yet."),
        ({"state": "yes if", "said_yes_at": timezone.now()}, "something else comes first."),
        ({"state": "no"}, "We asked for it, and the answer was no."),
        (
            {"state": "yes", "said_yes_at": timezone.now(), "released_at": timezone.now()},
            "We asked for it, got a yes, and it’s here.",
        ),
        ({"removed_at": timezone.now()}, "Nobody needs it any more, so we’ve stopped asking."),
    ],
)
def test_members_read_of_whom_and_whoever_offered_it_where_it_stands(
    cast, client, practitioner, offered, change, values, words
):
    ask = _asked(cast, offered, change).ask
    Ask.objects.filter(pk=ask.pk).update(**values)
    item = practitioner.get(f"/own/inbox/{offered.pk}/").content.decode()
    assert (words in item, "Dana Dean" in item, "£30 for a kettle" in item) == (True, True, True)
    said = client.get(reading.answer_path(offered)).content.decode()
    assert (words in said, "Dana" in said, "£30 for a kettle" in said) == (True, False, False)


def test_an_ask_says_that_it_came_from_the_inbox(cast, practitioner, facilitator, offered, change):
    factories.AskFactory(change=change)
    _asked(cast, offered, change)
    page = f"/own/changes/{change.pk}/"
    source = f'<a href="/own/inbox/{offered.pk}/">From the inbox'
    assert practitioner.get(page).content.decode().count(source) == 1
    facilitator.post(f"/own/inbox/{offered.pk}/remove/")
    assert "From the inbox" not in practitioner.get(page).content.decode()


def test_taking_the_answer_back_takes_the_ask_and_its_mail_away(cast, manager, change):
    offered = _offered(cast, reply="email", email="jo@council.example")
    _asked(cast, offered, change)
    told = manager.post(f"/own/inbox/{offered.pk}/take-back/", follow=True).content.decode()
    assert "The answer is taken back. It waits again." in told
    assert "What was asked for stays" not in told
    assert (_now(offered).state, _now(offered).ask) == ("waiting", None)
    assert [one.removed_by for one in Ask.objects.all()] == [cast.manager]
    assert _to_be_mailed() == []
    manager.post(_answer(offered, "ask"), _sent(change))
    assert _now(offered).ask == Ask.objects.standing().get()


def test_an_ask_that_was_answered_stays_when_the_answer_is_taken_back(
    cast, manager, offered, change
):
    ask = _asked(cast, offered, change).ask
    answer_ask(ask=ask, pk=uuid4(), kind="yes", seen=1, by=None)
    told = manager.post(f"/own/inbox/{offered.pk}/take-back/", follow=True).content.decode()
    assert "What was asked for stays with its small change: it has been answered." in told
    assert (_now(offered).state, list(Ask.objects.standing())) == ("waiting", [ask])


def test_an_ask_that_nobody_needs_any_more_is_no_hindrance(cast, manager, offered, change):
    ask = _asked(cast, offered, change).ask
    remove_ask(ask=ask, by=cast.practitioner)
    manager.post(f"/own/inbox/{offered.pk}/take-back/")
    assert (_now(offered).state, Ask.objects.get().removed_by) == ("waiting", cast.practitioner)


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_ask_once(cast, offered, change):
    def act(what):
        return lambda: _asked(cast, offered, change, what=what)

    _, second = while_waiting(act("One"), act("Two"))
    assert ([str(one) for one in Ask.objects.all()], type(second)) == (["One"], actions.Answered)


# --- who is told


@pytest.mark.parametrize(
    ("values", "to"),
    [
        ({"reply": "email", "email": "jo@council.example"}, ["jo@council.example"]),
        ({"reply": "member"}, ["practitioner@own.example"]),
        ({"reply": "link"}, []),
        ({"reply": "none"}, []),
    ],
)
def test_whoever_gave_an_address_is_told_once_with_a_link_and_none_of_the_words(
    cast, client, mailoutbox, values, to
):
    by = cast.practitioner if values["reply"] == "member" else None
    offered = _offered(cast, text="A kettle that works", by=by, **values)
    actions.answer(offered=offered, state="not now", words="The desks move", by=cast.manager)
    assert list(Notice.objects.values_list("choice__email", flat=True)) == to
    monday = notices.at_nine(TODAY + timedelta(days=7))
    notices.send_due(now=monday)
    notices.send_due(now=monday)
    assert [letter.to for letter in mailoutbox] == [[one] for one in to]
    for letter in mailoutbox:
        assert "kettle" not in letter.body + letter.subject
        assert "desks" not in letter.body + letter.subject
        path = reading.answer_path(offered)
        assert path in letter.body
        assert "The desks move" in client.get(path).content.decode()


def test_an_answer_that_was_a_slip_is_told_to_nobody_and_the_next_one_is(cast, mailoutbox):
    offered = _offered(cast, reply="email", email="jo@council.example")
    for words in ("A slip", "The desks move"):
        actions.answer(offered=offered, state="not now", words=words, by=cast.manager)
        if words == "A slip":
            actions.take_answer_back(offered=offered, by=cast.manager)
    assert Notice.objects.waiting().count() == 1
    notices.send_due(now=notices.at_nine(TODAY + timedelta(days=7)))
    assert len(mailoutbox) == 1


# --- what the facilitator sees to


def test_what_may_name_somebody_is_for_the_facilitator_alone(
    cast, facilitator, manager, practitioner
):
    held = _offered(cast, text="Mr Sampleton rang", held_for="guard")
    page = f"/own/inbox/{held.pk}/"
    pages = {"facilitator": facilitator, "manager": manager, "practitioner": practitioner}
    assert {name: client.get(page).status_code for name, client in pages.items()} == {
        "facilitator": 200,
        "manager": 404,
        "practitioner": 404,
    }
    assert "Sampleton" not in manager.get("/own/inbox/").content.decode()
    assert "Sampleton" in facilitator.get("/own/inbox/").content.decode()
    assert facilitator.get(f"{page}answer/ask/").status_code == 404
    with pytest.raises(BadRequest), transaction.atomic():
        actions.answer(offered=held, state="ask", words="A", by=cast.facilitator)


def test_the_facilitator_shows_it_or_puts_it_in_other_words(cast, facilitator, practitioner):
    shown, tidied = (_offered(cast, text="Mr Sampleton", held_for="guard") for _ in range(2))
    facilitator.post(f"/own/inbox/{shown.pk}/show/")
    page = facilitator.get(f"/own/inbox/{tidied.pk}/tidy/")
    said = {"text": "Somebody rang", "version": page.context["form"]["version"].value()}
    facilitator.post(f"/own/inbox/{tidied.pk}/tidy/", said)
    assert [(row.text, row.held_for) for row in map(_now, (shown, tidied))] == [
        ("Mr Sampleton", ""),
        ("Somebody rang", ""),
    ]
    assert "Sampleton" not in str(Offered.objects.filter(pk=tidied.pk).values_list())
    late = facilitator.post(f"/own/inbox/{tidied.pk}/tidy/", said | {"text": "Other words"})
    assert late.status_code == 409
    assert "Other words" in late.content.decode()


def test_what_is_no_idea_is_taken_away_and_can_come_back(cast, facilitator, client, offered):
    response = facilitator.post(f"/own/inbox/{offered.pk}/remove/")
    assert f"/own/inbox/{offered.pk}/put-back/" in facilitator.get(response["Location"]).text
    assert list(cast.authority.offered.waiting()) == []
    said = client.get(reading.answer_path(offered))
    assert "We’ve taken this off the list" in said.content.decode()
    facilitator.post(f"/own/inbox/{offered.pk}/put-back/")
    assert list(cast.authority.offered.waiting()) == [offered]


def test_the_facilitator_says_what_is_promised(cast, facilitator):
    page = facilitator.get("/own/inbox/settings/")
    said = {"version": page.context["form"]["version"].value()}
    said |= {"is_open": "yes", "most_waiting": "5", "answers_within": "3"}
    assert facilitator.post("/own/inbox/settings/", said).status_code == 302
    inbox = Inbox.objects.get(authority=cast.authority)
    assert (inbox.most_waiting, inbox.answers_within, inbox.is_open) == (5, 3, True)
    late = facilitator.post("/own/inbox/settings/", said | {"most_waiting": "9"})
    assert late.status_code == 409
    wrong = facilitator.post("/own/inbox/settings/", {"most_waiting": "0", "version": "2"})
    assert wrong.context["form"].errors == {
        "is_open": ["Choose whether it’s open."],
        "most_waiting": ["Write a number from 1 to 200."],
        "answers_within": ["Write a number from 1 to 60."],
    }


def test_the_poster_needs_a_link_and_has_it_as_a_qr_code(cast, facilitator):
    assert facilitator.get("/own/inbox/poster/")["Location"] == "/own/inbox/settings/"
    facilitator.post("/own/inbox/link/", {"seen": ""})
    inbox = Inbox.objects.get(authority=cast.authority)
    page = facilitator.get("/own/inbox/poster/")
    assert page.context["link"] == f"http://testserver/own/inbox/{inbox.key}/"
    assert page.context["qr"].startswith("data:image/svg+xml")
    assert cast.authority.formal_name in page.content.decode()


def test_a_new_link_makes_the_old_one_worthless_and_pressed_twice_is_one(cast, facilitator, client):
    inbox = factories.InboxFactory(authority=cast.authority)
    old = inbox.key
    for _ in range(2):
        facilitator.post("/own/inbox/link/", {"seen": old})
    inbox.refresh_from_db()
    assert len({old, inbox.key}) == 2
    statuses = [client.get(f"/own/inbox/{key}/").status_code for key in (old, inbox.key)]
    assert statuses == [404, 200]
    assert AuditEvent.objects.filter(verb="inbox link renewed").count() == 1


# --- forgetting


def test_addresses_are_forgotten_thirty_days_after_the_answer(cast):
    factories.InboxFactory(authority=cast.authority)
    give = {"reply": "email", "name": "Jo Example"}
    old = _answered(cast, days=40, email="old@council.example", **give)
    new = _answered(cast, days=20, email="new@council.example", **give)
    waits = _offered(cast, days=90, email="waits@council.example", **give)
    for one in (old, new):
        notices.notify(
            authority=cast.authority,
            to=one.email,
            kind="reply",
            key=f"inbox answer {one.pk}",
            template="smallchanges/email/inbox_answer",
            context={"offered": one, "link": "x"},
        )
    actions.forget_due(timezone.now())
    kept = [(row.email, row.name) for row in map(_now, (old, new, waits))]
    assert kept == [
        ("", ""),
        ("new@council.example", "Jo Example"),
        ("waits@council.example", "Jo Example"),
    ]
    assert [one.email for one in NoticeChoice.objects.all()] == ["new@council.example"]
    events = AuditEvent.objects.count()
    actions.forget_due(timezone.now())
    assert AuditEvent.objects.count() == events


def test_a_members_choice_of_mails_is_kept(cast):
    factories.InboxFactory(authority=cast.authority)
    address = cast.practitioner.email
    _answered(cast, days=40, reply="email", email=address)
    factories.NoticeChoiceFactory(authority=cast.authority, email=address, kind="reply")
    actions.forget_due(timezone.now())
    assert NoticeChoice.objects.filter(email=address).exists()


def test_what_was_taken_away_is_gone_for_good_after_thirty_days(cast):
    factories.InboxFactory(authority=cast.authority)
    month_ago = timezone.now() - timedelta(days=31)
    _offered(cast, removed_at=month_ago)
    kept = _offered(cast, removed_at=timezone.now())
    factories.ReceivedMailFactory(authority=cast.authority, created_at=month_ago)
    actions.forget_due(timezone.now())
    assert [list(rows.objects.all()) for rows in (Offered, ReceivedMail)] == [[kept], []]
