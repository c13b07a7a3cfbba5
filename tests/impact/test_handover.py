"""The facilitators' log, and who ran what."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from impact import handover
from impact.models import Hands, LearningNote, PartnershipEnd
from programmes.models import AuditEvent, Notice
from programmes.notices import notify
from tests import factories

NINE = datetime(2026, 9, 7, 8, tzinfo=UTC)

# Counted apart from the meter: in whose hands each part of each session was.
COUNTED = """
WITH held AS (
  SELECT id, ended_at, authority_id, lag(ended_at) OVER (ORDER BY ended_at) AS before
  FROM workshops_workshop WHERE programme_id = %s AND ended_at IS NOT NULL
), about AS (
  SELECT id::text AS target, id AS session FROM held
  UNION ALL
  SELECT activity.id::text, activity.workshop_id
  FROM workshops_activity activity JOIN held ON held.id = activity.workshop_id
), seen AS (
  SELECT session, CASE verb WHEN 'block added' THEN 'agenda' ELSE 'facilitated' END AS what,
         actor_kind
  FROM about JOIN programmes_auditevent event ON event.target_id = about.target
  WHERE verb IN ('workshop doors opened', 'block added')
  UNION
  SELECT held.id, 'chased', actor_kind FROM held
  JOIN programmes_auditevent event ON event.authority_id = held.authority_id
   AND event.at <= held.ended_at AND (held.before IS NULL OR event.at > held.before)
  WHERE verb IN ('ask reminded', 'workshop invited to')
), read AS (
  SELECT session, what,
         CASE WHEN count(*) = 2 THEN 'both'
              WHEN max(actor_kind) = 'member' THEN 'local' ELSE 'crescendo' END AS whose
  FROM seen WHERE actor_kind <> 'system' GROUP BY session, what
)
SELECT held.id, parts.what, coalesce(nullif(
  CASE parts.what WHEN 'facilitated' THEN hands.facilitated WHEN 'agenda' THEN hands.agenda
                  ELSE hands.chased END, ''), read.whose, '')
FROM held CROSS JOIN (VALUES ('facilitated'), ('agenda'), ('chased')) parts (what)
LEFT JOIN read ON read.session = held.id AND read.what = parts.what
LEFT JOIN impact_hands hands ON hands.workshop_id = held.id
"""


def _at(view: str, *args) -> str:
    return reverse(f"impact:{view}", args=["own", *args])


def _told(verb, target, *, by, at: datetime) -> None:
    """An event of then: a row of history takes its time from the clock, so SQL writes this one."""
    kind = "system" if by is None else "crescendo team" if by.is_crescendo_team else "member"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO programmes_auditevent (at, authority_id, actor_id, actor_kind, verb,"
            " target_type, target_id, target_label, details)"
            " VALUES (%s, %s, %s, %s, %s, '', %s, '', '{}')",
            [at, target.authority_id, by and by.pk, kind, verb, str(target.pk)],
        )


@pytest.fixture
def sessions(cast):
    """Four sessions: Crescendo's, one together, and two of people here; five weeks apart."""
    rows = [
        factories.WorkshopFactory(
            programme=cast.programme,
            title=f"Session {number}",
            starts_at=NINE + number * timedelta(weeks=5),
            ended_at=NINE + number * timedelta(weeks=5) + timedelta(hours=2),
        )
        for number in range(4)
    ]
    team, local = cast.crescendo, cast.facilitator
    ran = [[team], [team, local], [local], [local]]
    planned = [[team], [team], [local], []]
    chased = [[team], [local], [team], [local]]
    for number, row in enumerate(rows):
        block = factories.ActivityFactory(workshop=row, position=0)
        for by in ran[number]:
            _told("workshop doors opened", row, by=by, at=row.starts_at)
        for by in planned[number]:
            _told("block added", block, by=by, at=row.starts_at - timedelta(days=3))
        for by in chased[number]:
            _told("ask reminded", cast.programme, by=by, at=row.starts_at - timedelta(days=9))
        _told("workshop invited to", row, by=None, at=row.starts_at - timedelta(days=8))
    return rows


def test_the_meter_is_what_sql_counts(cast, sessions):
    """With what a facilitator corrected; what only the system did is nobody's."""
    factories.HandsFactory(workshop=sessions[2], chased="local")
    held = handover.held_by(cast.programme)
    assert [[one.whose[name] for name in Hands.ASKED] for one in held] == [
        ["crescendo", "crescendo", "crescendo"],
        ["both", "crescendo", "local"],
        ["local", "local", "local"],
        ["local", "", "local"],
    ]
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [cast.programme.pk])
        counted = {(session, what): whose for session, what, whose in cursor.fetchall()}
    assert counted == {
        (one.workshop.pk, what): whose for one in held for what, whose in one.whose.items()
    }
    periods = handover.periods_of(held)
    assert [period.sessions for period in periods] == [1, 1, 1, 1]
    facilitated = [period.counts["facilitated"] for period in periods]
    assert [count.crescendo for count in facilitated] == [1, 1, 0, 0]
    assert [count.known for count in facilitated] == [1, 1, 1, 1]
    assert handover.lately(held) == handover.Lately(sessions=4, local=2, together=1)
    done = handover.steps_of(held, has_facilitator=True, has_end=False)
    assert [step.is_done for step in done] == [True, True, True, True, True, False, False]


def test_the_page_counts_and_a_tap_corrects(cast, sessions, client_of):
    member, facilitator = client_of(cast.practitioner), client_of(cast.facilitator)
    page = member.get(_at("handover")).content.decode()
    assert "local champions ran two, and one together with Crescendo" in page
    assert "From 7 September 2026: Crescendo in 1 of 1." in page
    # No name of who did it, and nothing to correct for whom it is not.
    assert (cast.facilitator.name in page, "Correct" in page) == (False, False)
    first = sessions[0]
    assert member.get(_at("hands", first.pk)).status_code == 403
    for sent, status in (
        ({"what": "facilitated", "whose": "local"}, 302),
        ({"what": "version", "whose": "local"}, 400),
        ({"what": "facilitated", "whose": "somebody"}, 400),
    ):
        assert facilitator.post(_at("hands", first.pk), sent).status_code == status
    assert facilitator.get(_at("hands", first.pk)).status_code == 200
    assert "local champions ran three" in member.get(_at("handover")).content.decode()
    facilitator.post(_at("hands", first.pk), {"what": "facilitated", "whose": ""})
    assert "local champions ran two" in member.get(_at("handover")).content.decode()
    unheld = factories.WorkshopFactory(programme=cast.programme)
    assert facilitator.get(_at("hands", unheld.pk)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_query_counts_do_not_grow(cast, client_of, django_assert_num_queries, rows):
    client = client_of(cast.facilitator)
    for number in range(rows):
        then = NINE + number * timedelta(weeks=4)
        hands = factories.HandsFactory(
            workshop__programme=cast.programme,
            workshop__starts_at=then,
            workshop__ended_at=then,
            facilitated="local",
        )
        factories.LearningNoteFactory(authority=cast.authority, workshop=hands.workshop)
    with django_assert_num_queries(10):
        assert client.get(_at("handover")).status_code == 200
    with django_assert_num_queries(6):
        assert client.get(_at("learning")).status_code == 200


def test_after_the_last_day_crescendo_gets_no_more_mail(cast, client_of):
    """People here still do; and an earlier day counts again where the later one is taken away."""
    client, member = client_of(cast.facilitator), client_of(cast.practitioner)
    today = timezone.localdate()
    later = {"id": "00000000-0000-4000-8000-00000000000a", "ends_on": today + timedelta(days=9)}
    gone = {"id": "00000000-0000-4000-8000-00000000000b", "ends_on": today - timedelta(days=1)}
    for sent in (later, gone):
        for _ in range(2):
            assert client.post(_at("partnership-end"), sent).status_code == 302
    assert PartnershipEnd.objects.count() == 2
    assert "You run this now" in client.get(_at("handover")).content.decode()
    assert "Own Borough runs this now" in member.get(_at("handover")).content.decode()
    for number, to in enumerate((cast.crescendo, cast.facilitator)):
        for place in (cast.authority, cast.other):
            notify(
                authority=place,
                to=to.email,
                kind="reply",
                key=f"told {number}",
                template="impact/email/story_picked",
                context={"link": "https://crescendo.example/"},
            )
    handover.hush(timezone.now())
    waiting = Notice.objects.waiting().values_list("authority__slug", "choice__email")
    assert set(waiting) == {
        ("own", cast.facilitator.email),
        ("other", cast.facilitator.email),
        ("other", cast.crescendo.email),
    }
    assert client.post(_at("partnership-end-remove", gone["id"])).status_code == 302
    assert handover.end_of(cast.programme).ends_on == later["ends_on"]
    assert client.post(_at("partnership-end-put-back", gone["id"])).status_code == 302
    assert handover.end_of(cast.programme).ends_on == gone["ends_on"]


def test_the_log_is_the_facilitators(cast, client_of):
    """Begun from a session, found by its words and by kind of session; two roles are refused."""
    session = factories.WorkshopFactory(
        programme=cast.programme, kind="pod", title="Third pod", starts_at=NINE, ended_at=NINE
    )
    client = client_of(cast.facilitator)
    form = client.get(f"{_at('learning-add')}?workshop={session.pk}").content.decode()
    begun = ("How did “Third pod” go?", "2026-09-07")
    assert [words in form for words in begun] == [True, True]
    sent = {
        "id": "00000000-0000-4000-8000-00000000000c",
        "what_happened": "Nobody spoke.",
        "what_we_learned": "Begin in pairs.",
        "what_next": "",
        "workshop": session.pk,
        "on": "2026-09-07",
    }
    for _ in range(2):
        assert client.post(_at("learning-add"), sent).status_code == 302
    note = LearningNote.objects.get()
    assert (note.by, note.workshop, note.on) == (cast.facilitator, session, date(2026, 9, 7))
    factories.LearningNoteFactory(authority=cast.authority, what_we_learned="Bring cake.")
    factories.LearningNoteFactory(authority=cast.other, what_we_learned="Begin elsewhere.")

    def found(query: str) -> list[bool]:
        page = client.get(f"{_at('learning')}{query}").content.decode()
        return [words in page for words in ("Begin in pairs", "Bring cake", "Begin elsewhere")]

    assert found("") == [True, True, False]
    assert found("?q=PAIRS") == [True, False, False]
    assert found("?kind=pod") == [True, False, False]
    assert found("?kind=nothing&q=cake") == [False, True, False]
    changed = sent | {"version": 1, "what_we_learned": "Begin in threes."}
    assert client.post(_at("learning-edit", note.pk), changed).status_code == 302
    assert client.post(_at("learning-edit", note.pk), changed).status_code == 409
    assert client.post(_at("learning-remove", note.pk)).status_code == 302
    assert "Begin in threes." not in client.get(_at("learning")).content.decode()
    assert client.post(_at("learning-put-back", note.pk)).status_code == 302
    assert "Begin in threes." in client_of(cast.crescendo).get(_at("learning")).content.decode()
    for who in (cast.practitioner, cast.manager):
        assert client_of(who).get(_at("learning")).status_code == 403
    everywhere = client_of(cast.crescendo).get(reverse("across:learning")).content.decode()
    assert ("Bring cake" in everywhere, "Begin elsewhere" in everywhere) == (True, True)
    told = AuditEvent.objects.values_list("details", "target_label")
    assert "Begin" not in str(list(told))
