"""Asks: put to one person, answered, passed on, released, taken back; and who hears of it when."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from programmes.editing import Stale
from programmes.models import MailedLink, Notice, NoticeChoice, NoticeKind
from smallchanges import actions
from smallchanges.models import Ask, AskAnswer
from tests import factories
from tests.answers import errors, told

NEW = UUID(int=5)
DIRECTOR = {"name": "Dana Dean", "role": "Director", "email": "dana@elsewhere.example"}


@pytest.fixture
def change(cast):
    return factories.SmallChangeFactory(
        programme=cast.programme, title="Shared notes", status="in progress"
    )


@pytest.fixture
def ask(cast, change):
    """Of a director without an account, by the practitioner."""
    return actions.add_ask(
        change=change,
        pk=uuid4(),
        member=None,
        what="Two hours a week",
        why="So that we write less",
        by=cast.practitioner,
        **DIRECTOR,
    )


@pytest.fixture
def of_manager(cast, change):
    """Of the manager, by the practitioner."""
    return actions.add_ask(
        change=change,
        pk=uuid4(),
        member=cast.manager.memberships.get(),
        what="A word with the board",
        by=cast.practitioner,
    )


def _answer(ask, kind="yes", by=None, **said):
    said = {"pk": uuid4(), "seen": ask.version} | said
    answer = actions.answer_ask(ask=ask, kind=kind, by=by, **said)
    ask.refresh_from_db()
    return answer


def _waiting(**wanted):
    """Whom mails that wait go to, by kind."""
    rows = Notice.objects.waiting().filter(**wanted).order_by("created_at")
    return [(row.choice.kind, row.choice.email) for row in rows]


def _link(ask) -> str:
    """The newest address that was mailed to whom the ask is with."""
    body = Notice.objects.filter(choice__kind="ask").order_by("-created_at").first().body
    return re.search(r"/own/asks/answer/\S+/", body).group()


# --- asking


def test_whoever_is_asked_gets_a_mail_at_once_that_holds_no_words_of_the_ask(ask):
    notice = Notice.objects.get()
    assert (notice.choice.kind, notice.choice.email) == (NoticeKind.ASK, DIRECTOR["email"])
    assert notice.subject == "Practitioner Example asks you for something: Shared notes"
    assert notice.due_at <= timezone.now()
    assert ask.what not in notice.body
    assert ask.why not in notice.body
    link = MailedLink.objects.get()
    assert (link.purpose, link.target, link.email) == ("answer", ask.pk, DIRECTOR["email"])


def test_an_ask_that_is_sent_twice_is_there_once_and_mailed_once(cast, change):
    said = {"change": change, "pk": NEW, "member": None, "what": "A yes", "by": cast.manager}
    first = actions.add_ask(**said, **DIRECTOR)
    assert actions.add_ask(**said, **DIRECTOR) == first
    assert (Ask.objects.count(), Notice.objects.count()) == (1, 1)


def _form(**said) -> dict:
    empty = dict.fromkeys(
        ("member", "name", "role", "email", "stakeholder", "what", "why", "cost", "cost_unit"), ""
    )
    return {"id": str(NEW), **empty, "due_on": "", "what": "A yes"} | said


def test_a_practitioner_asks_by_name_and_address(practitioner, change):
    said = _form(**DIRECTOR, cost="1,200", cost_unit="pounds", due_on="3 December 2026")
    answer = practitioner.post(f"/own/changes/{change.pk}/asks/add/", said, follow=True)
    ask = Ask.objects.get()
    assert (ask.who, ask.role, ask.email) == tuple(DIRECTOR.values())
    assert (ask.cost_in_words, str(ask.due_on)) == ("£1,200", "2026-12-03")
    assert told(answer) == ["Got it. We’ve asked Dana Dean, and remind them once after a week."]
    page = answer.content.decode()
    assert "What it costs</dt><dd>£1,200" in page
    practitioner.post(f"/own/asks/{ask.pk}/remove/")
    assert _waiting() == []


def test_a_comma_before_one_digit_is_a_point(practitioner, change):
    said = _form(**DIRECTOR, cost="1,5", cost_unit="hours")
    practitioner.post(f"/own/changes/{change.pk}/asks/add/", said)
    assert Ask.objects.get().cost_in_words == "1.5 hours"


def test_an_address_of_a_member_is_that_member(cast, practitioner, change):
    said = _form(**DIRECTOR | {"email": cast.manager.email.upper()})
    practitioner.post(f"/own/changes/{change.pk}/asks/add/", said)
    ask = Ask.objects.get()
    assert (ask.member.user, ask.name, ask.email) == (cast.manager, "", "")
    assert ask.who == "Manager Example"


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, {"member": "Choose who to ask, or write their name and email address."}),
        ({"name": "Dana"}, {"email": "Write their name and their email address"}),
        ({"email": "d@e.example"}, {"name": "Write their name and their email address"}),
        ({"name": "Dana", "email": "nonsense"}, {"email": "Enter an email address such as"}),
        (DIRECTOR | {"what": ""}, {"what": "Say what you ask for, in one line."}),
        (DIRECTOR | {"cost": "a lot", "cost_unit": "hours"}, {"cost": "Write one number"}),
        (DIRECTOR | {"cost": "-2", "cost_unit": "hours"}, {"cost": "above nought"}),
        (DIRECTOR | {"cost": "4"}, {"cost_unit": "Choose whether the number is hours or pounds."}),
        (DIRECTOR | {"cost_unit": "hours"}, {"cost": "Write the number too"}),
        (DIRECTOR | {"due_on": "soon"}, {"due_on": "Write the day as in"}),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nobody_is_asked(
    practitioner, change, said, wrong
):
    answer = practitioner.post(f"/own/changes/{change.pk}/asks/add/", _form(**said))
    assert list(errors(answer)) == list(wrong)
    for field, words in wrong.items():
        assert words in errors(answer)[field][0]
    assert (Ask.objects.count(), Notice.objects.count()) == (0, 0)


def test_a_stakeholder_in_the_address_fills_the_form(practitioner, change, other_change):
    one = factories.StakeholderFactory(change=change, who="Court team", what_we_ask="Their time")
    foreign = factories.StakeholderFactory(change=other_change)
    url = f"/own/changes/{change.pk}/asks/add/?stakeholder="
    form = practitioner.get(f"{url}{one.pk}").context["form"]
    assert form.initial == {"stakeholder": one.pk, "role": "Court team", "what": "Their time"}
    for nobody in (foreign.pk, "x", ""):
        assert practitioner.get(f"{url}{nobody}").context["form"].initial == {}


@pytest.mark.parametrize("field", ["member", "stakeholder"])
def test_nobody_of_another_authority_is_asked(cast, practitioner, change, other_change, field):
    foreign = {
        "member": cast.outsider.memberships.get(),
        "stakeholder": factories.StakeholderFactory(change=other_change),
    }
    # There is somebody to choose, so that it is asked.
    factories.StakeholderFactory(change=change)
    said = _form(**{"member": "", **DIRECTOR, field: foreign[field].pk})
    answer = practitioner.post(f"/own/changes/{change.pk}/asks/add/", said)
    assert errors(answer) == {field: ["Choose one from the list."]}
    assert Ask.objects.count() == 0


@pytest.mark.parametrize(
    ("cost", "unit", "words"),
    [
        (None, "", ""),
        ("1", "hours", "1 hour"),
        ("4", "hours a week", "4 hours a week"),
        ("2.50", "hours a month", "2.5 hours a month"),
        ("1200", "pounds", "£1,200"),
        ("9.5", "pounds a year", "£9.50 a year"),
        ("10", "hours", "10 hours"),
    ],
)
def test_what_it_costs_is_said_plainly(cost, unit, words):
    assert Ask(cost=cost and Decimal(cost), cost_unit=unit).cost_in_words == words


def test_while_nobody_answered_it_can_be_changed_and_two_see_both_texts(practitioner, ask):
    url, said = f"/own/asks/{ask.pk}/edit/", {"version": 1, "what": "One hour", "why": "Less"}
    assert practitioner.post(url, said).status_code == 302
    answer = practitioner.post(url, said | {"what": "Three hours"})
    assert answer.status_code == 409
    assert "One hour" in answer.content.decode()
    assert "Three hours" in answer.content.decode()
    ask.refresh_from_db()
    _answer(ask)
    answer = practitioner.post(url, said | {"version": ask.version})
    assert "It has been answered" in errors(answer)["__all__"][0]
    ask.refresh_from_db()
    assert ask.what == "One hour"


# --- answering


@pytest.mark.parametrize(
    ("kind", "words", "is_yes"), [("yes", "", True), ("yes if", "If…", True), ("no", "Not", False)]
)
def test_an_answer_counts_and_those_who_asked_hear_of_it_at_once(
    cast, change, ask, kind, words, is_yes
):
    change.lead = cast.manager.memberships.get()
    change.save()
    Notice.objects.all().delete()
    answer = _answer(ask, kind, words=words)
    assert (ask.state, ask.is_yes, ask.said_yes_at) == (kind, is_yes, answer.at if is_yes else None)
    assert (answer.who, answer.words, answer.by) == ("Dana Dean", words, None)
    assert _waiting() == [("answer", cast.manager.email), ("answer", cast.practitioner.email)]
    assert not any(words and words in notice.body for notice in Notice.objects.all())


def test_who_asked_and_has_left_hears_no_more_of_it(cast, ask):
    ask.asked_by.memberships.update(ended_at=timezone.now())
    _answer(ask)
    assert _waiting(choice__kind="answer") == []


def test_whoever_thinks_again_is_believed_and_what_they_said_stays(ask):
    first = _answer(ask, "yes if", words="If paid")
    second = _answer(ask, "yes", at=timezone.now() + timedelta(days=2))
    assert (ask.state, ask.said_yes_at) == ("yes", first.at)
    actions.release_ask(ask=ask, released=True, by=None)
    third = _answer(ask, "no", words="Gone", at=timezone.now() + timedelta(days=3))
    assert (ask.state, ask.said_yes_at, ask.released_at) == ("no", None, None)
    assert list(ask.answers.all()) == [third, second, first]


def test_the_same_answer_sent_twice_is_there_once(ask):
    pk = uuid4()
    assert _answer(ask, pk=pk) == _answer(ask, pk=pk)
    assert AskAnswer.objects.count() == 1


def test_nobody_answers_to_words_that_they_did_not_read(cast, ask):
    actions.edit_ask(ask=ask, version=1, what="Ten hours", by=cast.practitioner)
    with pytest.raises(Stale):
        _answer(ask, seen=1)
    assert (AskAnswer.objects.count(), ask.state) == (0, "waiting")


def test_what_nobody_needs_any_more_is_not_answered(cast, ask):
    actions.remove_ask(ask=ask, by=cast.practitioner)
    with pytest.raises(ValidationError, match="Nobody needs this any more"):
        _answer(ask)


def test_it_is_passed_on_and_the_chain_stays(cast, ask):
    old = MailedLink.objects.get()
    answer = _answer(ask, "passed on", member=cast.manager.memberships.get(), words="Yours")
    assert (ask.who, ask.email, ask.state) == ("Manager Example", "", "waiting")
    assert (answer.who, answer.to_whom) == ("Dana Dean", "Manager Example")
    old.refresh_from_db()
    assert old.is_open is False
    # The first mail is not needed any more; the next person, and who asked, hear of it.
    assert _waiting() == [("ask", cast.manager.email), ("answer", cast.practitioner.email)]
    with pytest.raises(ValidationError, match="with them already"):
        _answer(ask, "passed on", member=cast.manager.memberships.get())
    (mailed,) = Notice.objects.waiting().filter(choice__kind="ask")
    assert "Dana Dean passed it on to you." in mailed.body
    _answer(ask, "passed on", name="Tom", email="Tom@elsewhere.example")
    assert (ask.who, ask.member, ask.email) == ("Tom", None, "tom@elsewhere.example")
    assert [one.to_whom for one in ask.answers.all()] == ["Tom", "Manager Example"]


# --- the second tick


def test_what_was_promised_arrives_and_the_days_between_are_counted(cast, ask):
    with pytest.raises(ValidationError, match="Only what got a yes"):
        actions.release_ask(ask=ask, released=True, by=cast.practitioner)
    _answer(ask, at=timezone.now() - timedelta(days=12))
    Notice.objects.all().delete()
    assert ask.gap == 12
    actions.release_ask(ask=ask, released=True, by=cast.manager)
    ask.refresh_from_db()
    assert (ask.released_by, ask.gap) == (cast.manager, 12)
    assert _waiting() == [("answer", cast.practitioner.email)]
    actions.release_ask(ask=ask, released=False, by=cast.manager)
    ask.refresh_from_db()
    assert (ask.released_at, ask.released_by) == (None, None)


def test_whoever_ticks_it_off_is_not_written_to_about_it(cast, ask):
    _answer(ask)
    Notice.objects.all().delete()
    actions.release_ask(ask=ask, released=True, by=cast.practitioner)
    assert _waiting() == []


@pytest.mark.parametrize(
    ("who", "status"),
    [("practitioner", 302), ("facilitator", 302), ("manager", 302), ("colleague", 403)],
)
def test_who_asked_who_answered_and_facilitators_tick_it_off(
    cast, client_of, of_manager, who, status
):
    colleague = factories.MembershipFactory(authority=cast.authority).user
    _answer(of_manager, by=cast.manager)
    client = client_of(colleague if who == "colleague" else getattr(cast, who))
    url = f"/own/asks/{of_manager.pk}/release/"
    assert client.post(url, {"released": "yes"}).status_code == status
    of_manager.refresh_from_db()
    assert (of_manager.released_at is not None) is (status == 302)
    assert client.post(url, {"released": "perhaps"}).status_code == (400 if status == 302 else 403)


# --- not needed any more


def test_it_is_taken_back_and_undone_and_nobody_is_written_to_twice(cast, practitioner, ask):
    page = practitioner.post(f"/own/asks/{ask.pk}/remove/", follow=True)
    assert _waiting() == []
    assert ask.what not in page.content.decode().split("change-asks")[1]
    practitioner.post(f"/own/asks/{ask.pk}/put-back/")
    # Its mail had not gone: now it does.
    assert _waiting() == [("ask", DIRECTOR["email"])]
    Notice.objects.update(sent_at=timezone.now(), dropped_at=None)
    practitioner.post(f"/own/asks/{ask.pk}/remove/")
    practitioner.post(f"/own/asks/{ask.pk}/put-back/")
    assert _waiting() == []
    ask.refresh_from_db()
    assert ask.removed_at is None


def test_only_who_asked_and_facilitators_change_it_or_take_it_back(cast, client_of, ask):
    for who, status in (("manager", 403), ("outsider", 404), ("facilitator", 302)):
        client = client_of(getattr(cast, who))
        slug = "other" if who == "outsider" else "own"
        assert client.post(f"/{slug}/asks/{ask.pk}/remove/").status_code == status


# --- from a mail


def _sent(page, kind: str, **said) -> dict:
    """The form of this kind as the page has it, filled in."""
    form = page.context["forms"][kind]
    ids = {name: str(form[name].value()) for name in ("id", "seen")}
    return {"kind": form.kind.value} | ids | said


def test_a_mailed_link_is_answered_without_signing_in(client, ask):
    link = _link(ask)
    page = client.get(link)
    assert page.status_code == 200
    assert "Two hours a week" in page.content.decode()
    # A scanner that only looks has changed nothing, and the members are nobody's business.
    assert MailedLink.objects.get().used_at is None
    assert "Facilitator Example" not in page.content.decode()
    nothing = client.post(link, _sent(page, "yes_if", words=""))
    assert "Say what you would need first." in nothing.content.decode()
    assert MailedLink.objects.get().used_at is None
    answer = client.post(link, _sent(page, "yes_if", words="If it is one team"), follow=True)
    assert told(answer) == ["Got it: yes, if. Those who asked hear of it."]
    assert answer.status_code == 200
    assert "Your answer is with us" in answer.content.decode()
    ask.refresh_from_db()
    assert (ask.state, ask.answers.get().words) == ("yes if", "If it is one team")


def test_one_page_open_twice_takes_one_answer_and_gives_the_other_back(client, ask):
    link = _link(ask)
    first = _sent(client.get(link), "yes")
    second = _sent(client.get(link), "no", words="We thought again")
    client.post(link, first)
    assert "Your answer is with us" in client.post(link, first).content.decode()
    after = client.post(link, second).content.decode()
    assert "That didn’t reach us" in after
    assert "We thought again" in after
    assert ask.answers.get().kind == "yes"


def test_whoever_stopped_these_mails_is_told_that_no_new_link_comes(client, ask):
    link = _link(ask)
    client.post(link, _sent(client.get(link), "no", words="Too dear"))
    NoticeChoice.objects.filter(kind="ask").update(stopped_at=timezone.now())
    waiting = Notice.objects.count()
    again = client.post(link, {"again": "yes"}, follow=True)
    assert "You’ve stopped these mails, so none comes." in told(again)[-1]
    assert Notice.objects.count() == waiting


def test_an_answer_is_changed_and_ticked_off_with_a_new_link(client, ask):
    link = _link(ask)
    client.post(link, _sent(client.get(link), "no", words="Too dear"))
    Notice.objects.all().delete()
    for _ in range(2):  # once a day, however often somebody presses
        again = client.post(link, {"again": "yes"}, follow=True)
        assert "A new link comes by mail" in told(again)[-1]
    assert _waiting() == [("ask", DIRECTOR["email"])]
    link = _link(ask)
    client.post(link, _sent(client.get(link), "yes"))
    ask.refresh_from_db()
    assert ask.state == "yes"
    # The same day again: it is the next day's mail that brings one.
    Notice.objects.all().delete()
    client.post(link, {"again": "yes"})
    link = _link(ask)
    assert "Is it there?" in client.get(link).content.decode()
    client.post(link, {"released": "yes"})
    ask.refresh_from_db()
    assert ask.released_at is not None
    assert "used already" in client.get(link).content.decode()


@pytest.mark.parametrize(
    ("spoil", "status", "words"),
    [
        (lambda ask: None, 404, "This link isn’t one of ours."),
        (lambda ask: MailedLink.objects.update(purpose="update"), 404, "isn’t one of ours"),
        (
            lambda ask: MailedLink.objects.update(expires_at=timezone.now()),
            404,
            "This link has run out: it’s good for four weeks.",
        ),
        (lambda ask: MailedLink.objects.update(revoked_at=timezone.now()), 404, "taken back"),
        (lambda ask: MailedLink.objects.update(used_at=timezone.now()), 200, "used already"),
        (lambda ask: Ask.objects.update(removed_at=timezone.now()), 404, "Nobody needs this"),
        (lambda ask: Ask.objects.update(email="else@elsewhere.example"), 404, "isn’t with you any"),
    ],
    ids=["forged", "of another purpose", "late", "taken back", "used", "not needed", "passed on"],
)
def test_a_link_that_is_worth_nothing_says_why_and_changes_nothing(
    client, ask, spoil, status, words
):
    link = _link(ask)
    sent = _sent(client.get(link), "yes")
    spoil(ask)
    if "isn’t one of ours." in words:
        link = f"{link[:-2]}x/"
    for answer in (client.get(link), client.post(link, sent)):
        assert (answer.status_code, words in answer.content.decode()) == (status, True)
        assert ask.what not in answer.content.decode()
    assert AskAnswer.objects.count() == 0


def test_somebody_else_who_is_signed_in_is_told_so(cast, client_of, ask):
    answer = client_of(cast.manager).get(_link(ask))
    assert (answer.status_code, "mailed to somebody else" in answer.content.decode()) == (404, True)
    assert client_of(cast.manager).post(_link(ask), {"again": "yes"}).status_code == 404
    assert client_of(cast.manager).get("/nowhere/asks/answer/x/").status_code == 404


def test_whoever_left_the_service_answers_no_more(cast, client, of_manager):
    link = _link(of_manager)
    cast.manager.memberships.update(ended_at=timezone.now())
    assert "isn’t with you any more" in client.get(link).content.decode()


def test_it_is_passed_on_from_a_mail_by_name_and_address_alone(client, cast, ask):
    link = _link(ask)
    page = client.get(link)
    assert "member" not in page.context["forms"]["passed_on"].fields
    wrong = client.post(link, _sent(page, "passed_on", name="Tom", email=""))
    assert wrong.context["forms"]["passed_on"].errors.keys() == {"email"}
    sent = _sent(page, "passed_on", name="Tom", email=cast.manager.email, words="Yours")
    assert client.post(link, sent).status_code == 302
    ask.refresh_from_db()
    assert ask.member.user == cast.manager
    after = client.get(link).content.decode()
    assert ("used already" in after, "Mail me a new link" in after) == (True, False)


# --- the pages


def test_what_waits_for_one_comes_first_and_is_one_tap_away(cast, client_of, of_manager, ask):
    client = client_of(cast.manager)
    page = client.get("/own/asks/")
    (waiting,) = page.context["waiting"]
    assert waiting[0].ask == of_manager
    sent = {"kind": "yes", "id": str(uuid4()), "seen": of_manager.version}
    answer = client.post(f"/own/asks/{of_manager.pk}/answer/", sent, follow=True)
    assert told(answer) == ["Got it: yes. Those who asked hear of it."]
    assert answer.context["waiting"] == []
    promised = answer.content.decode().split('id="promises"')[1]
    assert "it hasn’t arrived yet. Has it?" in promised
    gone = client.post(
        f"/own/asks/{of_manager.pk}/release/", {"released": "yes", "to": "asks"}, follow=True
    )
    assert gone.context["promised"] == []


def test_an_answer_without_its_words_comes_back_open_with_what_was_typed(
    cast, client_of, of_manager
):
    client = client_of(cast.manager)
    sent = {"id": str(NEW), "words": "x" * 501, "seen": 1}
    url = f"/own/asks/{of_manager.pk}/answer/"
    answer = client.post(url, sent | {"kind": "no"})
    page = answer.content.decode()
    assert "Make it shorter: 500 characters fit, this has 501." in page
    assert page.count('<details class="adder" open>') == 1
    assert "x" * 501 in page
    assert client.post(url, {"kind": "perhaps"}).status_code == 400
    assert client_of(cast.practitioner).post(url, sent | {"kind": "no"}).status_code == 404


def test_it_is_passed_on_to_a_member_of_the_same_authority_alone(cast, client_of, of_manager):
    client = client_of(cast.manager)
    url = f"/own/asks/{of_manager.pk}/answer/"
    sent = {"kind": "passed on", "id": str(NEW), "seen": 1}
    foreign = {"member": cast.outsider.memberships.get().pk}
    forms = client.post(url, sent | foreign).context["waiting"][0][1]
    assert forms["passed_on"].errors == {"member": ["Choose one from the list."]}
    own = {"member": cast.facilitator.memberships.get().pk}
    assert client.post(url, sent | own).status_code == 302
    of_manager.refresh_from_db()
    assert of_manager.member.user == cast.facilitator


def test_somebody_who_thinks_again_does_so_on_a_page_of_its_own(cast, client_of, of_manager):
    client = client_of(cast.manager)
    url = f"/own/asks/{of_manager.pk}/answer/"
    _answer(of_manager, by=cast.manager)
    page = client.get(f"/own/asks/{of_manager.pk}/change-answer/")
    assert client.post(url, _sent(page, "no", words="")).context["card"].ask == of_manager
    client.post(url, _sent(page, "no", words="The money went"))
    of_manager.refresh_from_db()
    assert (of_manager.state, of_manager.answers.count()) == ("no", 2)


def test_a_stale_answer_is_read_again_first(cast, client_of, of_manager):
    client = client_of(cast.manager)
    page = client.get(f"/own/asks/{of_manager.pk}/change-answer/")
    sent = _sent(page, "yes_if", words="If it is short")
    actions.edit_ask(ask=of_manager, version=1, what="Ten words", by=cast.practitioner)
    answer = client.post(f"/own/asks/{of_manager.pk}/answer/", sent)
    text = answer.content.decode()
    assert "Somebody changed the ask while you were here." in text
    assert "If it is short" in text
    assert re.search(r'name="seen" value="2" id="yes_if-', text)


def _several(cast, change):
    """One of each: (waiting, promised, here, no, passed on)."""
    days_ago = timezone.now() - timedelta(days=9)
    yes = {"state": "yes", "said_yes_at": days_ago}
    asks = [
        factories.AskFactory(change=change, what=what, **values)
        for what, values in (
            ("waits", {}),
            ("promised", yes),
            ("here", yes | {"released_at": timezone.now()}),
            ("no", {"state": "no"}),
            ("passed", {"asked_by": cast.practitioner}),
        )
    ]
    factories.AskAnswerFactory(ask=asks[4], kind="passed on", to_whom="Tom")
    factories.AskFactory(change=change, what="taken back", removed_at=timezone.now())
    return asks


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"waits", "promised", "here", "no", "passed"}),
        ("?show=open", {"waits", "passed"}),
        ("?show=promised", {"promised"}),
        ("?show=answered", {"promised", "here", "no"}),
        ("?show=passed", {"passed"}),
        ("?show=nonsense&page=99", {"waits", "promised", "here", "no", "passed"}),
        ("?whose=ours", {"passed"}),
        ("?whose=ours&show=promised", set()),
    ],
)
def test_the_list_is_as_the_address_wants_it(cast, practitioner, change, query, found):
    _several(cast, change)
    page = practitioner.get(f"/own/asks/{query}")
    assert {card.ask.what for card in page.context["found"]} == found
    assert ("No asks match." in page.content.decode()) is (not found)


def test_what_is_asked_for_ones_teams_change_is_ones_own(cast, practitioner, change):
    ask = factories.AskFactory(change=change)
    factories.AskFactory(change__programme=cast.programme)
    team = factories.TeamFactory(authority=cast.authority)
    for thing in (change, cast.practitioner.memberships.get()):
        thing.teams.add(team, through_defaults={"authority": cast.authority})
    page = practitioner.get("/own/asks/?whose=ours")
    assert [card.ask for card in page.context["found"]] == [ask]


@pytest.mark.parametrize(
    ("arrived", "waiting", "words"),
    [
        (0, 0, None),
        (0, 1, "One yes so far, and it hasn’t arrived yet."),
        (1, 0, "One yes so far, and it has arrived."),
        (0, 2, "Of two yeses, none has arrived yet."),
        (4, 1, "Of five yeses, four have arrived."),
        (5, 0, "Of five yeses, all have arrived; typically after 12 days (n = 5)."),
        (6, 3, "Of nine yeses, six have arrived; typically after 12 days (n = 6)."),
    ],
)
def test_the_figures_are_counts_until_enough_arrived(
    cast, practitioner, change, arrived, waiting, words
):
    then = timezone.now() - timedelta(days=30)
    for number in range(arrived + waiting):
        days = (12, 12, 1, 30, 12, 12)[number] if number < arrived else None
        factories.AskFactory(
            change=change,
            state="yes",
            said_yes_at=then,
            released_at=then + timedelta(days=days) if days else None,
        )
    page = " ".join(practitioner.get("/own/asks/").content.decode().split())
    assert ("yes so far" in page or "yeses" in page) is (words is not None)
    assert (words or "") in page.replace("twelve", "12")


def test_nothing_yet_says_what_will_be_here(practitioner):
    page = practitioner.get("/own/asks/").content.decode()
    assert "Nothing waits for you." in page
    assert "Nobody has been asked for anything yet." in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_as_many_queries(cast, client_of, change, django_assert_num_queries, rows):
    member = cast.manager.memberships.get()
    for _ in range(rows):
        _several(cast, change)
        for state in ({}, {"state": "yes", "said_yes_at": timezone.now()}):
            of_theirs = factories.AskFactory(
                change=change, member=member, asked_by=cast.practitioner, **state
            )
            factories.AskAnswerFactory(ask=of_theirs, kind="passed on", to_whom="Manager")
    client = client_of(cast.manager)
    with django_assert_num_queries(15):
        client.get("/own/asks/")


def test_the_change_says_what_it_asks_and_what_came_of_it(cast, practitioner, ask):
    _answer(ask, "yes if", words="If it is one team", at=timezone.now() - timedelta(days=3))
    page = " ".join(practitioner.get(f"/own/changes/{ask.change_id}/").content.decode().split())
    section = page.split('id="change-asks"')[1].split("</section>")[0]
    for words in ("Two hours a week", "Dana Dean", "If it is one team", "three days ago"):
        assert words in section
    assert "Not needed any more" in section


@pytest.mark.parametrize("gift", ["ours", "needs sponsorship"])
def test_where_somebody_must_agree_the_page_offers_to_ask(practitioner, change, gift):
    change.gift = gift
    change.save()
    page = practitioner.get(f"/own/changes/{change.pk}/").content.decode()
    assert ("This one needs somebody’s yes." in page) is (gift != "ours")
    assert page.count(f'href="/own/changes/{change.pk}/asks/add/"') == (1 if gift == "ours" else 2)


def test_an_ask_that_waits_is_the_first_thing_on_the_home_page(cast, client_of, of_manager):
    (first, *_) = client_of(cast.manager).get("/own/").context["todo"]
    assert (first.title, first.url) == ("Answer what somebody asks of you", "/own/asks/")
    _answer(of_manager, by=cast.manager)
    todo = client_of(cast.manager).get("/own/").context["todo"]
    assert [one for one in todo if one.url == "/own/asks/"] == []
