"""One small change in the browser: reading it, offering it, writing it, and its gate."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.utils import timezone

from programmes.models import AuditEvent
from smallchanges import actions
from smallchanges.models import SLIP, SmallChange
from tests import factories
from tests.answers import errors, follow, told, undo

PAGE = "/own/changes/"
PK = UUID(int=7)


def _words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def _part(response, pattern: str) -> str:
    """What stands between the tags of the first element that begins so."""
    return _words(re.search(pattern, response.content.decode(), re.S).group(1))


@pytest.fixture
def address(change):
    return f"{PAGE}{change.pk}/"


# --- reading


def test_everybody_of_the_authority_reads_it(cast, client_of, address, other_change):
    for person in (cast.practitioner, cast.manager, cast.facilitator, cast.crescendo):
        response = client_of(person).get(address)
        assert (response.status_code, response.context["change"].title) == (200, "Quiet hour")
    assert client_of(cast.outsider).get(address).status_code == 404
    assert client_of(cast.practitioner).get(f"{PAGE}{other_change.pk}/").status_code == 404
    assert client_of(cast.practitioner).post(address).status_code == 405


def test_an_idea_says_what_is_still_to_be_written(practitioner, address):
    page = practitioner.get(address).content.decode()
    assert page.count("Nobody has written this yet.") == 3
    for words in (
        "No steps yet.",
        "Nobody is named here yet.",
        "Nothing written yet. Who or what made it easier?",
        "Nothing written yet. What did you run into?",
        "Nothing to tell yet.",
        "<b>Nothing yet.</b>",
        "No barrier yet",
        "No pillar yet",
        "<dt>Led by</dt><dd>Nobody yet</dd>",
        "<dt>Tried by</dt><dd>Nobody yet</dd>",
    ):
        assert words in page
    # What nobody has chosen yet is asked for no plan.
    assert '<details class="adder" id="adder-step" hx-preserve>' in page
    SmallChange.objects.update(status="chosen")
    page = practitioner.get(address).content.decode()
    assert "<dt>Tried by</dt><dd>All of us</dd>" in page
    assert '<details class="adder" id="adder-step" hx-preserve open>' in page
    assert "Not ours alone to change" not in page


def test_its_plan_is_four_questions(cast, practitioner, change, address):
    SmallChange.objects.update(
        purpose="So that nobody calls",
        why="We lose <b>hours</b>",
        success="We write",
        tracking="Ask",
    )
    factories.StepFactory(change=change, text="choose the hour")
    response = practitioner.get(address)
    answers = re.findall(
        r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", response.content.decode(), re.S
    )
    plan = {question: _words(answer) for question, answer in answers}
    assert plan["Why do we need it?"] == "We lose &lt;b&gt;hours&lt;/b&gt;"
    assert plan["What does success look like?"] == "We write"
    assert plan["How will we keep each other going?"] == "Ask"
    assert plan["What steps will we take?"].startswith("Done: Choose the hour")
    assert _part(response, r'<p class="lead">(.*?)</p>') == "So that nobody calls"


def test_steps_say_who_and_by_when_and_whether_they_are_done(cast, practitioner, change, address):
    step = factories.StepFactory(
        change=change,
        text="Ask",
        owner=cast.manager.memberships.get(),
        due_on="2026-12-03",
        illustrative="owner",
    )
    page = practitioner.get(address).content.decode()
    row = re.search(r'<ol class="todos">(.*?)</ol>', page, re.S).group(1)
    assert _words(row) == "Done: Ask Manager Example, by 3 December 2026 Illustrative: owner"
    assert f'id="tick-{step.pk}" name="done" value="yes" aria-pressed="false"' in row
    actions.tick_step(step=step, done=True, by=cast.practitioner)
    page = practitioner.get(address).content.decode()
    assert f'id="tick-{step.pk}" name="done" value="no" aria-pressed="true"' in page


def test_the_stairs_say_when_and_why(cast, practitioner, change, address):
    for days, (stage, status) in enumerate([("develop", "chosen"), ("influence", "in progress")]):
        actions.move(
            change=change,
            stage=stage,
            status=status,
            why=f"Reason {days}",
            by=cast.manager,
            at=timezone.make_aware(timezone.datetime(2026, 1, 5 + days, 12)),
        )
    stairs = _part(practitioner.get(address), r'<ol class="stairs"[^>]*>(.*?)</ol>')
    assert stairs == (
        "Mission Done. Where it began Develop Done. Reason 0 5 Jan 2026"
        " Influence Here now. Reason 1 6 Jan 2026 Grow Still to come."
    )


def test_how_it_has_moved_is_told_and_going_back_is_learning(cast, practitioner, change, address):
    for stage, status, why in [
        ("develop", "chosen", ""),
        ("influence", "in progress", "We asked"),
        ("develop", "in progress", "Too long a form"),
    ]:
        actions.move(change=change, stage=stage, status=status, why=why, by=cast.manager)
    moves = re.findall(
        r'<div class="pods__w">(.*?)</div>\s*<div class="card">(.*?)</li>',
        practitioner.get(address).content.decode(),
        re.S,
    )
    today = timezone.localdate().strftime("%A %-d %B %Y")
    assert [(_words(head), _words(body)) for head, body in moves] == [
        ("Back to Develop Today", f"We learned Too long a form Manager Example, {today}"),
        (
            "Moved to Influence Today",
            f"We asked It moved to Influence and is under way. Manager Example, {today}",
        ),
        ("Moved to Develop Today", f"It moved to Develop and was chosen. Manager Example, {today}"),
    ]


def test_its_thread_leads_from_barriers_to_experiments(cast, practitioner, change, strand, address):
    barriers = factories.BarrierFactory.create_batch(4, programme=cast.programme)
    strand.barriers.set(barriers, through_defaults={"authority": cast.authority})
    insight = factories.InsightFactory(programme=cast.programme, text="Calls break us up")
    insight.changes.add(change, through_defaults={"authority": cast.authority})
    pillar = factories.PillarFactory(blueprint__programme=cast.programme, title="Time")
    pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    thread = _part(practitioner.get(address), r'<ol class="minithread">(.*?)</ol>')
    assert thread == (
        f"Barrier {barriers[0]} Barrier {barriers[1]} Barrier {barriers[2]} And more"
        " All four barriers Strand Time Small change This one"
        " What it taught us Calls break us up Pillar 1 Time Experiment No experiment yet"
    )


@pytest.mark.parametrize(
    ("gift", "words"),
    [
        (
            "needs sponsorship",
            "Someone else must agree first: a leader, another service or a partner.",
        ),
        ("beyond us", "National rules or law would have to change first."),
    ],
)
def test_what_is_not_ours_alone_says_who_is_waited_for(practitioner, change, address, gift, words):
    SmallChange.objects.update(gift=gift)
    for number in range(6):
        factories.StakeholderFactory(change=change, who=f"Head {number}", position=number)
    factories.MetFactory(change=change, text="no sign-off yet")
    card = _part(practitioner.get(address), r'aria-labelledby="gift">(.*?)</section>')
    assert card.startswith(f"Not ours alone to change {words}")
    assert "In the way so far: no sign-off yet." in card
    assert "Not on board yet: Head 0, Head 1, Head 2, Head 3 and others." in card


def test_a_long_change_holds(cast, practitioner, change, address):
    factories.StepFactory.create_batch(30, change=change)
    page = practitioner.get(address).content.decode()
    assert page.count('class="tick"') == 30
    assert 'id="change-steps" class="qa__wide"' in page


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("arrange", ["", "steps", "stakeholders", "met", "story", "measures"])
def test_the_number_of_queries_stays(
    cast, practitioner, change, strand, address, django_assert_num_queries, rows, arrange
):
    for _ in range(rows):
        factories.MembershipFactory(authority=cast.authority)
        factories.StepFactory(change=change, owner=cast.manager.memberships.get())
        stakeholder = factories.StakeholderFactory(change=change)
        factories.StanceMoveFactory(stakeholder=stakeholder)
        factories.ReadingFactory(measure=factories.MeasureFactory(change=change))
        factories.TimeBackFactory(change=change, costs="none")
        factories.MetFactory(change=change)
        factories.UpdateFactory(change=change, by=cast.manager)
        ask = factories.AskFactory(change=change, asked_by=cast.manager)
        factories.AskAnswerFactory(ask=ask, kind="passed on", to_whom="Dana")
        barrier = factories.BarrierFactory(programme=cast.programme)
        strand.barriers.add(barrier, through_defaults={"authority": cast.authority})
        team = factories.TeamFactory(authority=cast.authority)
        change.teams.add(team, through_defaults={"authority": cast.authority})
        actions.move(
            change=change,
            stage="develop" if change.stage == "mission" else "mission",
            status="chosen",
            why="On",
            by=cast.manager,
        )
        insight = factories.InsightFactory(programme=cast.programme)
        insight.changes.add(change, through_defaults={"authority": cast.authority})
        rule = factories.RuleFactory(authority=cast.authority, change=change)
        rule.verdict = factories.VerdictFactory(rule=rule, by=cast.manager)
        rule.save()
        factories.ThankYouFactory(change=change, by=cast.manager)
        factories.CheerFactory(authority=cast.authority, change=change)
    with django_assert_num_queries(29):
        practitioner.get(address, {"arrange": arrange})


# --- offering


def test_an_idea_sent_twice_is_one_change(cast, practitioner, strand):
    team = factories.TeamFactory(authority=cast.authority)
    sent = {
        "id": PK,
        "title": "Talk first",
        "purpose": "So that we know",
        "strand": strand.pk,
        "teams": [team.pk],
        "gift": "ours",
        "why": "Letters scare",
    }
    assert practitioner.get(f"{PAGE}add/").status_code == 200
    for _ in range(2):
        response = practitioner.post(f"{PAGE}add/", sent)
        assert response["Location"] == f"{PAGE}{PK}/"
        assert told(follow(practitioner, response)) == [
            "Got it. Your idea is in Mission: Talk first"
        ]
    change = SmallChange.objects.get()
    assert (change.pk, change.purpose, change.why) == (PK, "So that we know", "Letters scare")
    assert (change.strand, list(change.teams.all())) == (strand, [team])
    assert (change.stage, change.status, change.created_by) == (
        "mission",
        "proposed",
        cast.practitioner,
    )
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == ["change added"]


def test_an_idea_can_begin_at_its_strand(practitioner, strand):
    for query, chosen in {str(strand.pk): str(strand.pk), "nonsense": "nonsense", "": ""}.items():
        response = practitioner.get(f"{PAGE}add/", {"strand": query})
        assert (response.status_code, response.context["form"]["strand"].value()) == (200, chosen)


def test_an_idea_that_is_not_in_order_keeps_what_was_typed(cast, practitioner):
    sent = {"id": PK, "title": "", "purpose": "Typed with care", "gift": "ours"}
    response = practitioner.post(f"{PAGE}add/", sent)
    assert errors(response) == {"title": ["Give the change a few words, so that people know it."]}
    page = response.content.decode()
    assert ('value="Typed with care"' in page, str(PK) in page) == (True, True)
    assert 'id="id_title_error"' in page
    assert SmallChange.objects.count() == 0


def test_an_idea_is_asked_for_in_a_few_words(practitioner):
    """What else can be said is folded away, and open where something has to be put right."""
    page = practitioner.get(f"{PAGE}add/").content.decode()
    asked, more = page.split('<details class="more">')
    names = [
        re.findall(r'name="(title|purpose|strand|teams|gift|why)"', part) for part in (asked, more)
    ]
    assert [sorted(set(part)) for part in names] == [
        ["purpose", "strand", "title"],
        ["gift", "why"],
    ]
    page = practitioner.post(f"{PAGE}add/", {"id": PK, "title": ""}).content.decode()
    assert '<details class="more" open>' in page


def test_a_title_that_is_there_already_is_told_of(practitioner, change):
    response = practitioner.post(f"{PAGE}add/", {"id": PK, "title": "quiet HOUR", "gift": "ours"})
    assert errors(response) == {"title": ["There’s a small change with this title already."]}


def test_an_id_of_another_authority_is_not_taken_over(practitioner, other_change):
    sent = {"id": other_change.pk, "title": "Ours now", "gift": "ours"}
    assert practitioner.post(f"{PAGE}add/", sent).status_code == 400
    other_change.refresh_from_db()
    assert other_change.title != "Ours now"


def test_nothing_is_offered_before_there_is_a_programme(cast, practitioner):
    cast.programme.delete()
    assert practitioner.get(f"{PAGE}add/").status_code == 404


def test_outsiders_do_not_offer(cast, outsider):
    sent = {"id": PK, "title": "Theirs", "gift": "ours"}
    assert outsider.post(f"{PAGE}add/", sent).status_code == 404
    assert SmallChange.objects.count() == 0


# --- writing


def _edited(**values):
    return {"version": 1, "title": "Quiet hour", "gift": "ours"} | values


def test_a_change_is_written(cast, practitioner, change, address):
    lead = cast.manager.memberships.get()
    assert 'value="Quiet hour"' in practitioner.get(f"{address}edit/").content.decode()
    response = practitioner.post(
        f"{address}edit/",
        _edited(title="Quiet hours", lead=lead.pk, result="We write", gift="needs sponsorship"),
    )
    assert response["Location"] == address
    assert told(follow(practitioner, response)) == ["Got it. The new words are in place."]
    change.refresh_from_db()
    assert (change.title, change.lead, change.result) == ("Quiet hours", lead, "We write")
    assert (change.gift, change.strand, change.version) == ("needs sponsorship", None, 2)
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == ["change edited"]


def test_a_change_that_is_not_in_order_keeps_what_was_typed(practitioner, change, address):
    response = practitioner.post(f"{address}edit/", _edited(title=" ", why="Typed with care"))
    assert errors(response) == {"title": ["Give the change a few words, so that people know it."]}
    assert "Typed with care" in response.content.decode()
    change.refresh_from_db()
    assert (change.title, change.version) == ("Quiet hour", 1)


def test_two_who_write_at_once_are_shown_both_texts(practitioner, change, address):
    SmallChange.objects.update(why="Theirs", version=2)
    sent = _edited(why="Ours", tracking="Weekly")
    response = practitioner.post(f"{address}edit/", sent)
    assert response.status_code == 409
    both = {label: (theirs, ours) for label, theirs, ours in response.context["both"]}
    assert both["Why do we need it?"] == ("Theirs", "Ours")
    assert both["How will we keep each other going?"] == ("", "Weekly")
    change.refresh_from_db()
    assert change.why == "Theirs"
    # Sent again from that page, it is meant.
    again = sent | {"version": response.context["form"]["version"].value()}
    assert practitioner.post(f"{address}edit/", again)["Location"] == address
    change.refresh_from_db()
    assert (change.why, change.tracking, change.version) == ("Ours", "Weekly", 3)


def test_what_belongs_to_others_is_not_written(practitioner, outsider, address, other_change):
    assert outsider.post(f"{address}edit/", _edited()).status_code == 404
    assert practitioner.post(f"{PAGE}{other_change.pk}/edit/", _edited()).status_code == 404
    assert practitioner.put(f"{address}edit/").status_code == 405


# --- the gate


def _moved(**values):
    return {"stage": "develop", "status": "chosen", "why": ""} | values


def test_the_gate_shows_where_it_is(practitioner, change, address):
    response = practitioner.get(f"{address}move/")
    page = response.content.decode()
    assert "It’s in Mission today, and proposed." in page
    assert "Going back is fine: it’s how we learn." in page
    form = response.context["form"]
    assert (form["stage"].value(), form["status"].value()) == ("mission", "proposed")
    assert page.count('class="bars"') == 4
    SmallChange.objects.update(status="chosen")
    # What was chosen and moves is most likely under way.
    form = practitioner.get(f"{address}move/").context["form"]
    assert form["status"].value() == "in progress"


def test_a_change_moves_and_can_be_moved_back(cast, practitioner, change, address):
    response = practitioner.post(f"{address}move/", _moved(why="All wanted it"))
    assert response["Location"] == address
    page = follow(practitioner, response)
    assert told(page) == ["Quiet hour moved to Develop and was chosen."]
    change.refresh_from_db()
    assert (change.stage, change.status) == ("develop", "chosen")
    back = follow(practitioner, undo(practitioner, page))
    assert told(back)[-1] == "Taken back: Quiet hour is where it was, in Mission."
    change.refresh_from_db()
    assert (change.stage, change.status) == ("mission", "proposed")
    assert list(change.moves.values_list("why", flat=True)) == [SLIP, "All wanted it"]
    # Pressed again, it stays.
    again = follow(practitioner, undo(practitioner, page))
    assert told(again)[-1] == "Quiet hour has moved on since, so it stays where it is."
    assert change.moves.count() == 2


def test_a_move_sent_twice_is_one_move(practitioner, change, address):
    sent = _moved(seen="mission/proposed")
    practitioner.post(f"{address}move/", sent)
    page = follow(practitioner, practitioner.post(f"{address}move/", sent))
    assert told(page)[-1] == "Quiet hour is there already."
    assert change.moves.count() == 1


@pytest.mark.parametrize(
    ("here", "sent", "said"),
    [
        (
            ("influence", "in progress"),
            _moved(status="in progress"),
            {"why": ["Tell us why it’s going back. It counts as learning."]},
        ),
        (
            ("develop", "in progress"),
            _moved(status="stopped"),
            {"why": ["Tell us why it’s stopping, and what it taught you."]},
        ),
        (
            ("mission", "proposed"),
            _moved(status="stopped", why="No time"),
            {"stage": ["A change that stops stays where it got to. Leave it at Mission."]},
        ),
        (
            ("mission", "proposed"),
            _moved(status="embedded"),
            {"status": ["A change can only be embedded in Grow. Move it to Grow as well."]},
        ),
        (
            ("mission", "proposed"),
            {"stage": "top"},
            {"stage": ["Choose one from the list."], "status": ["Choose how it’s going."]},
        ),
    ],
)
def test_a_move_that_does_not_fit_says_why_beside_its_field(
    practitioner, change, address, here, sent, said
):
    SmallChange.objects.update(stage=here[0], status=here[1])
    response = practitioner.post(f"{address}move/", sent)
    assert (response.status_code, errors(response)) == (200, said)
    page = response.content.decode()
    assert [f'id="id_{name}_error"' in page for name in said] == [True] * len(said)
    change.refresh_from_db()
    assert ((change.stage, change.status), change.moves.count()) == (here, 0)


def test_a_change_that_somebody_else_moved_asks_again(cast, practitioner, change, address):
    actions.move(change=change, stage="grow", status="chosen", why="", by=cast.manager)
    response = practitioner.post(
        f"{address}move/", _moved(seen="mission/proposed", why="Typed with care")
    )
    assert list(errors(response)) == ["__all__"]
    assert "Somebody else moved it while you were here" in response.content.decode()
    assert response.context["form"]["why"].value() == "Typed with care"
    change.refresh_from_db()
    assert change.stage == "grow"


def test_a_move_from_the_board_leads_back_to_its_card(practitioner, change, address):
    board = f"{PAGE}?as=board&q=quiet#change-{change.pk}"
    response = practitioner.get(f"{address}move/", {"back": "as=board&q=quiet"})
    assert response.context["back"] == board
    assert response.context["form"]["back"].value() == "as=board&q=quiet"
    sent = _moved(back="as=board&q=quiet")
    assert practitioner.post(f"{address}move/", sent)["Location"] == board


@pytest.mark.parametrize(
    ("back", "query"),
    [
        ("https://example.org/", {"https://example.org/": [""]}),
        ("//example.org", {"//example.org": [""]}),
        ("as=board#x\r\nSet-Cookie: a=b", {"as": ["board#x\r\nSet-Cookie: a=b"]}),
    ],
)
def test_a_move_leads_nowhere_else(practitioner, change, address, back, query):
    location = practitioner.post(f"{address}move/", _moved(back=back))["Location"]
    there = urlsplit(location)
    assert (there.scheme, there.netloc, there.path) == ("", "", PAGE)
    assert parse_qs(there.query, keep_blank_values=True) == query


def test_undoing_a_move_is_for_its_own_change(cast, practitioner, outsider, change, address):
    move = actions.move(change=change, stage="develop", status="chosen", why="", by=cast.manager)
    other = factories.SmallChangeFactory(programme=cast.programme)
    assert practitioner.post(f"{PAGE}{other.pk}/moves/{move.pk}/undo/").status_code == 404
    assert outsider.post(f"{address}moves/{move.pk}/undo/").status_code == 404
    assert practitioner.get(f"{address}moves/{move.pk}/undo/").status_code == 405
    assert change.moves.count() == 1


def test_the_last_move_is_the_newest_by_its_own_day(cast, practitioner, change):
    """A move that a journey's file dates long ago is not undone before one of today."""
    now = actions.move(change=change, stage="develop", status="chosen", why="", by=cast.manager)
    old = actions.move(
        change=change,
        stage="influence",
        status="chosen",
        why="",
        by=None,
        at=timezone.now() - timedelta(days=100),
    )
    assert list(change.moves.all()) == [now, old]
