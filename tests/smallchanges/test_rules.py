"""The permission book: writing a rule down, looking it up, and saying what it turned out to be."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from programmes.models import Notice, NoticeChoice
from smallchanges import actions
from smallchanges.models import Clue, Rule, Verdict
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

BOOK = "/own/permissions/"


def _rule(cast, text="We may not text families", **values):
    return factories.RuleFactory(authority=cast.authority, text=text, **values)


@pytest.fixture
def rule(cast):
    return _rule(cast, created_by=cast.practitioner)


@pytest.fixture
def manager(cast, client_of):
    return client_of(cast.manager)


def _settle(rule, cast, kind="myth", *, by=None, **said):
    words = {"found": "Nobody has it written", "source": "", "may_do": "Text them"}
    return actions.settle_rule(
        rule=rule,
        kind=kind,
        by=by or cast.manager,
        **{"pk": uuid4(), "seen": Rule.objects.get(pk=rule.pk).verdict_id} | words | said,
    )


def _shown(response) -> list[str]:
    return [one.text for one in response.context["rules"]]


def _now(rule) -> Rule:
    return Rule.objects.for_list().get(pk=rule.pk)


# --- the gate


def test_a_verdict_stands_and_is_told_to_whoever_asked(cast, rule):
    actions.set_checker(rule=rule, checker=cast.manager.memberships.get(), by=cast.manager)
    verdict = _settle(rule, cast)
    now = _now(rule)
    assert (now.verdict, now.state, now.checker, now.checking_since) == (
        verdict,
        "checked",
        None,
        None,
    )
    assert (verdict.by, verdict.kind, verdict.may_do) == (cast.manager, "myth", "Text them")
    notice = Notice.objects.get()
    assert (notice.choice.email, notice.choice.kind) == ("practitioner@own.example", "answer")
    assert notice.key == f"rule {rule.pk} verdict {verdict.pk}"
    assert notice.subject == "You may after all: your rule has been checked"
    assert (f"/own/permissions/{rule.pk}/" in notice.body, "it was a myth" in notice.body) == (
        True,
        True,
    )
    # No words of people travel.
    for words in (rule.text, "Text them", "Nobody has it written"):
        assert words not in notice.body


def test_whoever_checks_their_own_or_has_left_gets_no_mail(cast):
    _settle(_rule(cast, created_by=cast.manager), cast)
    cast.practitioner.memberships.update(ended_at=timezone.now())
    _settle(_rule(cast, "No lifts", created_by=cast.practitioner), cast)
    assert Notice.objects.count() == NoticeChoice.objects.count() == 0


def test_who_is_asked_no_more_before_they_heard_of_it_gets_no_mail(cast, rule):
    for who in (cast.manager, cast.practitioner):
        checker = who.memberships.get()
        actions.set_checker(rule=rule, checker=checker, by=cast.facilitator)
    (waiting,) = Notice.objects.waiting()
    assert waiting.choice.email == cast.practitioner.email
    _settle(rule, cast, by=cast.practitioner)
    assert not Notice.objects.waiting().filter(choice__kind="ask").exists()


def test_checking_again_keeps_what_was_said_before_with_its_day(cast, rule, practitioner):
    first = _settle(rule, cast, "law", may_do="", at=timezone.now() - timedelta(days=40))
    second = _settle(rule, cast, "habit", by=cast.facilitator)
    page = practitioner.get(f"{BOOK}{rule.pk}/")
    assert (page.context["rule"].verdict, page.context["earlier"]) == (second, [first])
    assert "What was said of it before" in page.content.decode()
    assert _now(rule).answer == "It was a habit\nNobody has it written\nText them"


def test_the_same_verdict_sent_twice_is_there_once(cast, rule):
    pk = uuid4()
    first = _settle(rule, cast, pk=pk, seen=None)
    assert _settle(rule, cast, pk=pk, seen=None) == first
    assert list(Verdict.objects.all()) == [first]
    assert Notice.objects.count() == 1


def test_who_was_slower_overwrites_nothing_unseen(cast, rule):
    first = _settle(rule, cast)
    with pytest.raises(actions.Overtaken):
        _settle(rule, cast, "law", seen=None)
    assert (list(rule.verdicts.all()), _now(rule).verdict) == ([first], first)


def test_what_nobody_has_to_keep_to_says_what_we_may_do(cast, rule):
    with pytest.raises(ValidationError) as refused:
        _settle(rule, cast, "habit", may_do="")
    assert list(refused.value.message_dict) == ["may_do"]
    assert _settle(rule, cast, "law", may_do="").kind == "law"


def test_taking_a_verdict_back_leaves_the_entry_as_it_was(cast, rule):
    first = _settle(rule, cast, "law")
    second = _settle(rule, cast, "myth")
    assert actions.take_back_verdict(verdict=first, by=cast.manager) is False
    assert actions.take_back_verdict(verdict=second, by=cast.manager) is True
    assert _now(rule).verdict == first
    assert Notice.objects.waiting().get().key.endswith(str(first.pk))
    actions.take_back_verdict(verdict=first, by=cast.manager)
    assert (_now(rule).verdict, _now(rule).answer, _now(rule).state) == (None, "", "not checked")
    assert Notice.objects.waiting().count() == 0


def test_a_verdict_on_the_page_and_undo(cast, rule, manager, practitioner):
    address = f"{BOOK}{rule.pk}/verdict/"
    assert practitioner.get(address).status_code == 403
    said = {"id": str(uuid4()), "kind": "myth", "found": "Asked legal", "seen": ""}
    refused = manager.post(address, said)
    assert errors(refused) == {"may_do": ["Nobody has to keep to it: say what we may do now."]}
    assert "Asked legal" in refused.content.decode()
    page = follow(manager, manager.post(address, said | {"may_do": "Ring them\r\nOr text"}))
    assert told(page) == ["Got it, and every team can look it up. It was a myth."]
    assert "This was a myth: you may" in page.content.decode()
    again = undo(manager, page)
    assert told(follow(manager, again)) == ["Taken back: the entry is as it was before."]
    assert _now(rule).verdict is None


def test_who_was_slower_sees_the_other_verdict_and_sends_again(cast, rule, manager):
    theirs = _settle(rule, cast, "law", by=cast.facilitator)
    address = f"{BOOK}{rule.pk}/verdict/"
    said = {"id": str(uuid4()), "kind": "habit", "found": "Asked IT", "may_do": "Do", "seen": ""}
    page = manager.post(address, said)
    shown = page.content.decode()
    assert "Somebody else wrote what it turned out to be while you were here." in shown
    assert ("It’s the law" in shown, "Asked IT" in shown) == (True, True)
    assert f'name="seen" value="{theirs.pk}"' in shown
    manager.post(address, said | {"seen": str(theirs.pk)})
    assert [one.kind for one in rule.verdicts.all()] == ["habit", "law"]


# --- finding out


def test_a_member_takes_it_on_and_leaves_it(cast, rule, practitioner):
    address = f"{BOOK}{rule.pk}/take/"
    assert practitioner.post(address).status_code == 400
    for _ in range(2):
        page = follow(practitioner, practitioner.post(address, {"take": "yes"}))
    assert _now(rule).state == "being checked"
    assert "Being checked by Practitioner Example" in page.content.decode()
    practitioner.post(address, {"take": "no"})
    assert (_now(rule).state, _now(rule).checking_since) == ("not checked", None)
    assert Notice.objects.count() == 0


def test_nobody_takes_it_from_whoever_is_at_it_but_those_who_may_ask(
    cast, rule, practitioner, manager
):
    member = cast.facilitator.memberships.get()
    actions.set_checker(rule=rule, checker=member, by=cast.facilitator)
    for take in ("yes", "no"):
        page = follow(practitioner, practitioner.post(f"{BOOK}{rule.pk}/take/", {"take": take}))
        assert told(page) == ["Facilitator Example is finding out."]
        assert _now(rule).checker == member
    manager.post(f"{BOOK}{rule.pk}/take/", {"take": "no"})
    assert _now(rule).checker is None


def test_a_colleague_who_is_asked_gets_one_mail(cast, rule, manager):
    member = cast.practitioner.memberships.get()
    for _ in range(2):
        page = follow(manager, manager.post(f"{BOOK}{rule.pk}/ask/", {"checker": member.pk}))
    assert told(page) == ["Got it. Practitioner Example finds out."]
    notice = Notice.objects.get()
    assert (notice.choice.email, notice.choice.kind) == (cast.practitioner.email, "ask")
    assert rule.text not in notice.body


def test_one_who_left_is_not_finding_out_any_more(cast, rule):
    member = cast.practitioner.memberships.get()
    actions.set_checker(rule=rule, checker=member, by=cast.practitioner)
    member.ended_at = timezone.now()
    member.save()
    assert _now(rule).state == "not checked"
    found = Rule.objects.for_list().matching
    assert list(found(state="not checked")) == [rule]
    assert list(found(state="being checked")) == []


# --- writing one down


def test_anybody_writes_one_down_from_a_changes_page(cast, practitioner, change):
    team = factories.TeamFactory(authority=cast.authority, name="North")
    cast.practitioner.memberships.get().teams.add(
        team, through_defaults={"authority": cast.authority}
    )
    address = f"{BOOK}add/?change={change.pk}"
    assert f'href="{address}"' in practitioner.get(f"/own/changes/{change.pk}/").content.decode()
    form = practitioner.get(address).context["form"]
    assert (form["change"].value(), form["team"].value()) == (change.pk, team.pk)
    said = {
        "id": str(uuid4()),
        "text": "No  texting",
        "said_by": "Legal",
        "written_in": "Page 2",
        "change": str(change.pk),
        "team": str(team.pk),
    }
    for _ in range(2):
        page = follow(practitioner, practitioner.post(address, said))
    rule = Rule.objects.get()
    assert (rule.text, rule.said_by, rule.written_in, rule.change, rule.team, rule.created_by) == (
        *("No texting", "Legal", "Page 2", change, team),
        cast.practitioner,
    )
    undo(practitioner, page)
    assert list(Rule.objects.standing()) == []


@pytest.mark.parametrize("asked", ["nonsense", str(UUID(int=1)), "foreign"])
def test_a_change_that_is_not_ours_is_no_change(practitioner, other_change, asked):
    asked = str(other_change.pk) if asked == "foreign" else asked
    page = practitioner.get(f"{BOOK}add/?change={asked}&text=No+texting")
    assert (page.context["change"], page.context["form"]["text"].value()) == (None, "No texting")
    said = {"id": str(uuid4()), "text": "No texting", "change": str(other_change.pk)}
    assert list(errors(practitioner.post(f"{BOOK}add/", said))) == ["change"]


def test_the_same_rule_is_in_the_book_once(cast, rule, practitioner):
    said = {"id": str(uuid4()), "text": "WE MAY not text families"}
    twice = errors(practitioner.post(f"{BOOK}add/", said))
    assert twice == {"text": ["This is in the book already. Look it up, and add what you know."]}
    empty = errors(practitioner.post(f"{BOOK}add/", said | {"text": " "}))
    assert empty == {"text": ["Write what you were told, as people say it."]}


def test_two_who_change_the_words_see_both(cast, rule, practitioner, client_of):
    address = f"{BOOK}{rule.pk}/edit/"
    said = {"version": "1", "text": "No texts", "said_by": "Legal"}
    assert practitioner.post(address, said).status_code == 302
    page = client_of(cast.manager).post(address, said | {"text": "No texting at all"})
    assert page.status_code == 409
    assert page.context["both"] == [
        ("What are you told you’re not allowed to do?", "No texts", "No texting at all")
    ]


def test_taking_it_out_of_the_book_and_back(cast, rule, practitioner):
    page = follow(practitioner, practitioner.post(f"{BOOK}{rule.pk}/remove/"))
    assert (_shown(page), practitioner.get(f"{BOOK}{rule.pk}/").status_code) == ([], 404)
    follow(practitioner, undo(practitioner, page))
    assert _shown(practitioner.get(BOOK)) == [rule.text]
    actions.remove_rule(rule=rule, by=cast.practitioner)
    _rule(cast)
    page = follow(practitioner, practitioner.post(f"{BOOK}{rule.pk}/put-back/"))
    assert told(page) == [f"Somebody has written this down again meanwhile: {rule}"]


def test_what_people_know_comes_and_goes(cast, rule, practitioner):
    address = f"{BOOK}{rule.pk}/clues/add/"
    refused = practitioner.post(address, {"id": str(uuid4()), "text": ""}, headers=HTMX)
    assert errors(refused) == {"text": ["Tell us what you know, even if it’s small."]}
    said = {"id": str(uuid4()), "text": "Wandsworth does it"}
    answer = practitioner.post(address, said, headers=HTMX).content.decode()
    assert ("<main" in answer, "Wandsworth does it" in answer) == (False, True)
    page = follow(practitioner, practitioner.post(address, said))
    clue = Clue.objects.get()
    assert (page.context["clues"], clue.by) == ([clue], cast.practitioner)
    assert "Take away" in practitioner.get(f"{BOOK}{rule.pk}/?arrange=clues").content.decode()
    page = follow(practitioner, undo(practitioner, page))
    assert page.context["clues"] == []
    page = follow(practitioner, undo(practitioner, page))
    assert page.context["clues"] == [clue]


# --- looking one up


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"q": "texting"}, ["We may not text families"]),
        ({"q": "famly"}, ["We may not text families"]),
        ({"q": "fam"}, ["We may not text families"]),
        ({"q": "recording policies"}, ["Every form on paper"]),
        ({"q": "legal"}, ["No lifts"]),
        ({"q": "weather"}, []),
        ({"q": "!!! & | :*"}, []),
        ({"state": "checked"}, ["Every form on paper"]),
        ({"state": "not checked", "q": "no lifts"}, ["No lifts"]),
        ({"verdict": "local policy"}, ["Every form on paper"]),
        ({"verdict": "myth"}, []),
        (
            {"verdict": "weather", "state": "asleep"},
            ["Every form on paper", "No lifts", "We may not text families"],
        ),
    ],
)
def test_words_and_filters_find_it(cast, practitioner, query, shown):
    """What somebody found out is searched too; a misspelt word finds what it was meant for."""
    paper = _rule(cast, "Every form on paper")
    _settle(paper, cast, "local policy", found="Our recording policy says so", may_do="")
    _rule(cast, "No lifts", said_by="Legal")
    _rule(cast, "We may not text families")
    factories.RuleFactory(authority=cast.other, text="We may not text families elsewhere")
    page = practitioner.get(BOOK, query)
    assert sorted(_shown(page)) == shown
    part = practitioner.get(BOOK, query, headers=HTMX)
    assert sorted(_shown(part)) == shown


def test_the_best_fit_comes_first(cast, practitioner):
    _rule(cast, "Nothing of it", said_by="The texting desk")
    _rule(cast, "No texting")
    assert _shown(practitioner.get(BOOK, {"q": "texting"})) == ["No texting", "Nothing of it"]


def test_the_stored_words_are_looked_up_by_an_index(cast, rule):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for condition, index in (
            ("search @@ to_tsquery('english', 'text:*')", "rule_search"),
            ("'famly' <% text", "rule_text_trigrams"),
        ):
            cursor.execute(f"EXPLAIN SELECT 1 FROM smallchanges_rule WHERE {condition}")
            assert index in str(cursor.fetchall())


def test_it_says_how_many_turned_out_to_be_habit_or_myth(cast, practitioner):
    for number, kind in enumerate(["law", "habit", "myth"]):
        _settle(_rule(cast, f"Rule {number}"), cast, kind)
    _rule(cast, "Not checked")
    page = practitioner.get(BOOK).content.decode()
    assert "Of three rules that were checked, two turned out to be habit or myth." in page


def test_an_empty_book_says_what_it_is_for(practitioner, rule):
    assert "Write it down" in practitioner.get(BOOK, {"q": "lifts"}).content.decode()
    rule.delete()
    page = practitioner.get(BOOK).content.decode()
    assert "Every “we’re not allowed” will be here" in page
    assert 'class="filters"' not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_book_takes_as_many_queries(cast, practitioner, django_assert_num_queries, rows):
    for number in range(rows):
        change = factories.SmallChangeFactory(programme=cast.programme)
        member = cast.facilitator.memberships.get()
        one = _rule(cast, f"Rule {number}", change=change)
        _settle(one, cast)
        actions.set_checker(rule=one, checker=member, by=cast.facilitator)
    with django_assert_num_queries(6):
        assert len(_shown(practitioner.get(BOOK))) == rows


def test_a_long_book_has_pages(cast, practitioner):
    Rule.objects.bulk_create(
        factories.RuleFactory.build(authority=cast.authority, text=f"No {number}")
        for number in range(31)
    )
    assert len(_shown(practitioner.get(BOOK))) == 30
    page = practitioner.get(BOOK, {"page": "2", "state": "not checked"})
    assert len(_shown(page)) == 1
    assert 'href="?page=1&amp;state=not+checked"' in page.content.decode()


def test_the_change_that_asked_shows_what_came_of_it(cast, practitioner, change):
    rule = _rule(cast, change=change)
    _settle(rule, cast)
    page = practitioner.get(f"/own/changes/{change.pk}/").content.decode()
    shown = " ".join(page.split())
    assert "<b>This was a myth.</b> You may: Text them" in shown
    actions.remove_rule(rule=rule, by=cast.practitioner)
    assert "Text them" not in practitioner.get(f"/own/changes/{change.pk}/").content.decode()


def test_a_barrier_that_became_part_of_another_is_named_by_that(cast, rule):
    whole = factories.BarrierFactory(programme=cast.programme)
    rule.barrier = factories.BarrierFactory(programme=cast.programme, merged_into=whole)
    assert rule.barrier_now == whole
    whole.removed_at = timezone.now()
    assert rule.barrier_now is None
