"""Reviews: what waits for a manager is answered, promised, told and recorded, and can be undone."""

import re
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from blueprints import actions
from blueprints.models import Answer, Experiment, Promise, Review, Telling
from programmes.models import AuditEvent, Notice
from smallchanges.models import Ask
from tests import factories
from tests.answers import HTMX, follow, told, undo

PAGE = "/own/reviews/"
PK = UUID(int=7)
SOON = timezone.localdate() + timedelta(days=30)
PROMISE = {"promised": "A room", "amount": "4", "unit": "hours a week", "by_when": SOON.isoformat()}


@pytest.fixture
def sponsored(cast, pillar):
    pillar.sponsor = cast.manager.memberships.get()
    pillar.practitioner_lead = cast.practitioner.memberships.get()
    pillar.save()
    return pillar


@pytest.fixture
def waiting(sponsored):
    return factories.ExperimentFactory(pillar=sponsored, title="Turns", state="waiting for a yes")


def _answer_url(experiment) -> str:
    return f"{PAGE}experiments/{experiment.pk}/answer/"


def _say(client, experiment, kind, words="", pk=PK, seen=1, htmx=False, **more):
    data = {"id": str(pk), "kind": kind, "words": words, "seen": seen, **more}
    return client.post(_answer_url(experiment), data, headers=HTMX if htmx else None)


def _states() -> list[tuple[str, str]]:
    return list(Experiment.objects.order_by("title").values_list("title", "state"))


# --- what waits


def test_what_waits_for_a_manager_comes_in_order(cast, manager, blueprint, waiting):
    """Their pillars' first, then those of nobody, asks, promises, pillars; others' folded away."""
    member = cast.manager.memberships.get()
    other = factories.MembershipFactory(authority=cast.authority, roles=["manager"])
    nobodys = factories.PillarFactory(blueprint=blueprint, title="Of nobody")
    others = factories.PillarFactory(blueprint=blueprint, title="Of another", sponsor=other)
    for title, pillar in (("Free", nobodys), ("Theirs", others)):
        factories.ExperimentFactory(pillar=pillar, title=title, state="waiting for a yes")
    factories.ExperimentFactory(pillar=nobodys, title="An idea")
    answered = factories.ExperimentFactory(
        pillar=nobodys, title="With an if", state="waiting for a yes"
    )
    factories.AnswerFactory(experiment=answered, kind="yes if", words="Jo agrees")
    change = factories.SmallChangeFactory(programme=cast.programme)
    factories.AskFactory(change=change, member=member, what="A word")
    factories.PromiseFactory(
        experiment=waiting, made_by=cast.manager, what="Near", by_when=timezone.localdate()
    )
    factories.PromiseFactory(experiment=waiting, made_by=cast.manager, what="Far", by_when=SOON)
    factories.PromiseFactory(
        experiment=waiting, what="Somebody else’s", by_when=timezone.localdate()
    )
    long_ago = timezone.now() - timedelta(weeks=4, days=1)
    type(nobodys).objects.update(created_at=long_ago)
    reviewed = factories.PillarFactory(blueprint=blueprint, title="Reviewed", sponsor=member)
    factories.ReviewFactory(pillar=reviewed)
    type(nobodys).objects.filter(pk=reviewed.pk).update(created_at=long_ago)

    page = manager.get(PAGE)
    items = page.context["items"]
    assert [str(one.row) for one in items.mine] == ["Turns", "Free", "A word", "Near", "Partners"]
    assert [str(one.row) for one in items.others] == ["Theirs"]
    assert [str(one.experiment) for one in page.context["waiting_if"]] == ["With an if"]
    assert "five things wait for you" in page.content.decode()


@pytest.mark.parametrize(
    ("who", "mine", "elsewhere"),
    [("manager", 1, 0), ("facilitator", 0, 1), ("practitioner", 0, 0), ("crescendo", 0, 1)],
)
def test_others_read_the_record_and_answer_nothing(cast, client_of, waiting, who, mine, elsewhere):
    factories.PromiseFactory(experiment=waiting, what="A quiet room")
    page = client_of(getattr(cast, who)).get(PAGE)
    assert len(page.context["items"].mine) == mine
    assert len(page.context["waiting_elsewhere"]) == elsewhere
    html = page.content.decode()
    assert ("A quiet room" in html, "Send my answer" in html) == (True, bool(mine))


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(
    manager, cast, sponsored, blueprint, django_assert_num_queries, rows
):
    member = cast.manager.memberships.get()
    change = factories.SmallChangeFactory(programme=cast.programme)
    for _ in range(rows):
        experiment = factories.ExperimentFactory(pillar=sponsored, state="waiting for a yes")
        factories.ExperimentMoveFactory(experiment=experiment, to_state="waiting for a yes")
        other = factories.PillarFactory(blueprint=blueprint, sponsor=member)
        type(other).objects.update(created_at=timezone.now() - timedelta(weeks=9))
        tried = factories.ExperimentFactory(pillar=other, state="trying")
        factories.AnswerFactory(experiment=tried, by=cast.manager)
        promise = factories.PromiseFactory(
            experiment=tried, made_by=cast.manager, by_when=timezone.localdate()
        )
        factories.TellingFactory(promise=promise)
        factories.ReviewFactory(pillar=other, at=timezone.now() - timedelta(weeks=8))
        factories.AskFactory(change=change, member=member)
    with django_assert_num_queries(19):
        manager.get(PAGE)
    with django_assert_num_queries(10):
        manager.get(f"{PAGE}pillars/{other.pk}/")
    with django_assert_num_queries(16):
        manager.get(f"/own/blueprint/experiments/{tried.pk}/")


# --- answering


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("kind", "words", "state"),
    [
        ("yes", "", "trying"),
        ("yes if", "Jo agrees", "waiting for a yes"),
        ("not yet", "No", "idea"),
    ],
)
def test_an_answer_moves_it_and_can_be_undone(cast, manager, waiting, kind, words, state, htmx):
    """Its move and its promise go back with it; the pillar's lead hears of it, or not after all."""
    answer = _say(manager, waiting, kind, words, htmx=htmx, **PROMISE)
    page = follow(manager, answer) if not htmx else None
    made = Answer.objects.get()
    assert (made.kind, made.words, made.by, made.move is None) == (
        *(kind, words, cast.manager),
        kind == "yes if",
    )
    assert _states() == [("Turns", state)]
    promise = Promise.objects.get()
    assert (str(promise), promise.by_when, promise.made_by) == (
        *("4 hours a week · A room", SOON),
        cast.manager,
    )
    assert [one.choice.email for one in Notice.objects.waiting()] == [cast.practitioner.email]
    _say(manager, waiting, kind, words, htmx=htmx, **PROMISE)
    manager.get(PAGE)
    assert Answer.objects.count() == Promise.objects.count() == 1

    if htmx:
        html = answer.content.decode()
        assert "Nothing waits for you" in html
        assert ": 4 hours a week · A room<" in html
        assert 'data-at="waiting-count"' in html
        back = manager.post(f"{PAGE}answers/{PK}/undo/", headers=HTMX)
        assert "Send my answer" in back.content.decode()
    else:
        assert answer["Location"].startswith(PAGE)
        back = undo(manager, page)
        assert told(follow(manager, back)) == ["Your answer is taken back: Turns"]
    assert _states() == [("Turns", "waiting for a yes")]
    assert (Answer.objects.standing().count(), Promise.objects.standing().count()) == (0, 0)
    assert not Notice.objects.waiting().exists()
    assert actions.take_back_answer(answer=made, by=cast.manager)
    # The page of before sends nothing; nor does it say so.
    old = _say(manager, waiting, kind, words, htmx=htmx, **PROMISE).content.decode()
    assert ("You took this back after you’d sent it." in old, str(PK) in old) == (True, False)
    assert _states() == [("Turns", "waiting for a yes")]
    # And it can be answered anew.
    _say(manager, waiting, "yes", pk=uuid4())
    assert _states() == [("Turns", "trying")]


def test_history_keeps_no_words_of_answers_and_promises(manager, waiting):
    _say(manager, waiting, "yes if", "Jo Example agrees", **PROMISE)
    events = AuditEvent.objects.filter(target_type__in=("answer", "promise"))
    assert [(one.verb, one.target_label) for one in events.order_by("id")] == [
        ("experiment answered", ""),
        ("promise made", ""),
    ]
    assert "Jo" not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_missing_is_said_and_what_was_typed_stays(manager, waiting, htmx):
    cases = {
        "kind": ({"kind": ""}, "Choose one of the three."),
        "words": ({"kind": "not yet"}, "Say in a few words why not yet."),
        "by_when": ({"kind": "yes", "promised": "A room"}, "Give your promise a day."),
        "promised": (
            {"kind": "yes", "by_when": SOON.isoformat()},
            "Say what you promise for that day.",
        ),
        "unit": (
            {"kind": "yes", "amount": "4", "by_when": SOON.isoformat()},
            "Choose whether the number is hours or pounds.",
        ),
    }
    for data, words in cases.values():
        page = _say(manager, waiting, htmx=htmx, **({"kind": ""} | data))
        html = page.content.decode()
        assert (page.status_code, words in html) == (200, True)
    assert ('value="4"' in html, Answer.objects.exists()) == (True, False)
    page = _say(manager, waiting, "yes", htmx=htmx, promised="Rooms", by_when="2020-01-01")
    assert "Choose today or a day to come." in page.content.decode()
    assert 'value="Rooms"' in page.content.decode()


def test_two_managers_at_once_and_words_that_changed(cast, manager, client_of, waiting):
    second = factories.MembershipFactory(authority=cast.authority, roles=["manager"]).user
    stale = _say(manager, waiting, "yes if", "We see", seen=2)
    assert "Somebody changed the words while you were here." in stale.content.decode()
    assert "We see</textarea>" in stale.content.decode()
    _say(manager, waiting, "yes if", "Jo agrees")
    browser = client_of(second)
    page = follow(browser, _say(browser, waiting, "yes", pk=uuid4()))
    assert told(page) == ["Manager Example answered it before you: Yes, if. Yours wasn’t sent."]
    manager.get(PAGE)
    Experiment.objects.update(state="idea", waiting_since=None)
    page = follow(manager, _say(manager, waiting, "yes", pk=uuid4()))
    assert told(page) == ["Manager Example answered it before you: Yes, if. Yours wasn’t sent."]
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("what", ["seen", "moved", "told", "asked again"])
def test_an_answer_from_which_something_followed_stays(cast, manager, waiting, what):
    _say(manager, waiting, "yes if" if what == "asked again" else "yes", "Go", **PROMISE)
    manager.get(PAGE)
    answer = Answer.objects.get()
    if what == "seen":
        factories.ObservationFactory(cycle=waiting.cycle)
    elif what == "moved":
        actions.move_experiment(experiment=waiting, state="idea", by=cast.manager)
    elif what == "told":
        Promise.objects.update(kept=True, told_at=timezone.now())
    else:
        actions.ask_again(experiment=waiting, by=cast.practitioner)
    page = follow(manager, manager.post(f"{PAGE}answers/{answer.pk}/undo/"))
    assert told(page) == ["Something has come of it since, so it stays."]
    assert Answer.objects.standing().get() == answer


def test_who_may_not_answer_and_what_is_not_theirs(cast, client_of, waiting, other_blueprint):
    other = factories.ExperimentFactory(
        pillar__blueprint=other_blueprint, state="waiting for a yes"
    )
    statuses = {
        who: _say(client_of(getattr(cast, who)), waiting, "yes").status_code
        for who in ("facilitator", "practitioner", "crescendo", "outsider")
    }
    assert statuses == {
        "facilitator": 403,
        "practitioner": 403,
        "crescendo": 403,
        "outsider": 404,
    }
    manager = client_of(cast.manager)
    assert _say(manager, other, "yes").status_code == 404
    # Another manager's answer, and an ask of somebody else.
    factories.AnswerFactory(experiment=waiting, pk=PK)
    assert manager.post(f"{PAGE}answers/{PK}/undo/").status_code == 404
    ask = factories.AskFactory(change__programme=cast.programme, name="Jo", email="jo@else.example")
    assert manager.post(f"{PAGE}asks/{ask.pk}/answer/", {"kind": "yes"}).status_code == 404
    theirs = factories.PromiseFactory(experiment=other)
    assert manager.post(f"{PAGE}promises/{theirs.pk}/tell/").status_code == 404
    assert manager.get(f"{PAGE}pillars/{other.pillar_id}/").status_code == 404
    assert Experiment.objects.filter(state="trying").count() == 0


# --- after a "yes, if"


def test_what_a_yes_if_asked_for_is_sorted_or_asked_again(cast, manager, practitioner, waiting):
    _say(manager, waiting, "yes if", "Jo agrees")
    url = f"/own/blueprint/experiments/{waiting.pk}/"
    html = practitioner.get(url).content.decode()
    assert ("Jo agrees" in html, "That’s sorted: begin" in html) == (True, True)
    page = follow(practitioner, practitioner.post(f"{PAGE}experiments/{waiting.pk}/begin/"))
    assert (told(page), _states()) == (["It begins: Turns"], [("Turns", "trying")])
    page = follow(practitioner, undo(practitioner, page))
    assert (told(page), _states()) == (["It waits again: Turns"], [("Turns", "waiting for a yes")])
    # It waits with the same "yes, if", and not for the manager.
    assert manager.get(PAGE).context["count"] == 0
    Notice.objects.all().delete()
    page = follow(practitioner, practitioner.post(f"{PAGE}experiments/{waiting.pk}/ask-again/"))
    assert told(page) == ["Asked again: Turns"]
    assert manager.get(PAGE).context["count"] == 1
    assert [one.choice.email for one in Notice.objects.waiting()] == [cast.manager.email]
    page = follow(practitioner, undo(practitioner, page))
    assert told(page) == ["It waits with its “yes, if”, as before: Turns"]
    assert (manager.get(PAGE).context["count"], Notice.objects.waiting().count()) == (0, 0)
    _say(manager, waiting, "yes", pk=uuid4())
    assert _states() == [("Turns", "waiting for a yes")]
    actions.move_experiment(experiment=waiting, state="idea", by=cast.manager)
    for verb in ("begin", "ask-again", "ask-again/undo"):
        practitioner.post(f"{PAGE}experiments/{waiting.pk}/{verb}/")
    assert _states() == [("Turns", "idea")]


# --- asks and promises


@pytest.mark.parametrize("htmx", [False, True])
def test_an_ask_is_answered_here_and_its_promise_is_kept(cast, manager, blueprint, htmx):
    ask = factories.AskFactory(
        change__programme=cast.programme, member=cast.manager.memberships.get(), what="A room"
    )
    data = {"id": str(PK), "seen": 1, "words": ""}
    url = f"{PAGE}asks/{ask.pk}/answer/"
    headers = HTMX if htmx else None
    page = manager.post(url, data | {"kind": "no"}, headers=headers)
    assert "Say in a few words what stands in the way." in page.content.decode()
    manager.post(url, data | {"kind": "yes"} | PROMISE, headers=headers)
    ask.refresh_from_db()
    promise = Promise.objects.get()
    assert (ask.state, promise.ask, promise.by_when) == ("yes", ask, SOON)
    tell = f"{PAGE}promises/{promise.pk}/tell/"
    said = {"id": str(uuid4()), "seen": 1, "kept": "yes", "why": ""}
    manager.post(tell, said, headers=headers)
    ask.refresh_from_db()
    assert ask.released_at is not None
    telling = Telling.objects.get()
    manager.post(f"{PAGE}tellings/{telling.pk}/undo/", headers=headers)
    ask.refresh_from_db()
    promise.refresh_from_db()
    assert (ask.released_at, promise.kept) == (None, None)
    # A no later: kept or not, nothing is there to be released.
    Ask.objects.update(state="no", said_yes_at=None)
    said |= {"id": str(uuid4()), "seen": promise.version}
    assert manager.post(tell, said, headers=headers).status_code in (200, 302)
    promise.refresh_from_db()
    assert promise.kept is True


def test_a_promise_is_told_changed_and_its_history_is_shown(cast, manager, practitioner, waiting):
    promise = factories.PromiseFactory(experiment=waiting, made_by=cast.manager, what="Half a day")
    tell = f"{PAGE}promises/{promise.pk}/tell/"
    page = manager.post(tell, {"id": str(PK), "seen": 1, "kept": "no", "why": ""})
    assert "Say in a few words why not: those who waited read it." in page.content.decode()
    page = follow(
        manager, manager.post(tell, {"id": str(PK), "seen": 1, "kept": "no", "why": "No cover"})
    )
    assert told(page) == ["Got it, and thank you for the why."]
    stale = manager.post(tell, {"id": str(uuid4()), "seen": 1, "kept": "yes", "why": "Mine"})
    assert "Somebody changed the words" in stale.content.decode()
    assert "Mine</textarea>" in stale.content.decode()
    second = {"id": str(uuid4()), "seen": 2, "kept": "yes", "why": ""}
    page = follow(manager, manager.post(tell, second))
    manager.post(tell, second)
    assert Telling.objects.count() == 2
    html = practitioner.get(f"/own/blueprint/experiments/{waiting.pk}/").content.decode()
    before = re.search(r"What was said before.*?</ul>", html, re.S).group()
    assert ("It happened" in html, "No cover" in before) == (True, True)
    # The older one is not undone; the newest brings it back.
    manager.post(f"{PAGE}tellings/{PK}/undo/")
    undo(manager, page)
    promise.refresh_from_db()
    assert (promise.kept, promise.why, promise.told_by) == (False, "No cover", cast.manager)


def test_it_never_says_overdue(manager, waiting):
    factories.PromiseFactory(experiment=waiting, by_when=date(2026, 3, 3))
    html = manager.get(PAGE).content.decode()
    assert "Was due on 3 March: did it happen?" in html
    assert "overdue" not in html.lower()


# --- pillars


def test_a_pillar_is_reviewed_and_its_record_is_dated(cast, manager, practitioner, waiting):
    pillar = waiting.pillar
    url = f"{PAGE}pillars/{pillar.pk}/"
    assert "Nothing yet." in practitioner.get(url).content.decode()
    page = manager.post(f"{url}add/", {"id": str(PK), "going": ""})
    assert "Choose how it goes." in page.content.decode()
    data = {"id": str(PK), "going": "slowly", "words": "It moves", "decided": "One more month"}
    page = follow(manager, manager.post(f"{url}add/", data | PROMISE))
    manager.post(f"{url}add/", data | PROMISE)
    assert told(page) == ["Reviewed: Partners"]
    review, promise = Review.objects.get(), Promise.objects.get()
    assert (review.going, review.decided, promise.pillar) == ("slowly", "One more month", pillar)
    _say(manager, waiting, "yes")
    manager.get(PAGE)
    Review.objects.update(at=timezone.now() - timedelta(days=40))
    actions.move_experiment(
        experiment=waiting, state="decided", decision="adopt", why="Works", by=cast.manager
    )
    months = practitioner.get(url).context["months"]
    assert [[one.kind for one in entries] for _, entries in months] == [
        ["move", "answer", "promise"],
        ["review"],
    ]
    page = undo(manager, page)
    page = follow(manager, page)
    assert told(page) == ["Taken away: your review of Partners"]
    assert not Promise.objects.standing().exists()
    undo(manager, page)
    assert Promise.objects.standing().get() == promise
    Promise.objects.update(kept=True, told_at=timezone.now())
    manager.post(f"{PAGE}written/{PK}/remove/")
    assert Review.objects.standing().exists()


def test_what_fits_into_the_column_can_be_promised(manager, waiting):
    _say(manager, waiting, "yes", amount="9,999,999.99", unit="pounds", by_when=SOON.isoformat())
    assert Promise.objects.get().amount == Decimal("9999999.99")
