"""The evidence pack: what it gathers, how it is narrowed, and insights that rest on it."""

import itertools
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from blueprints.evidence import KINDS, Wanted, pack_of, weeks_of
from blueprints.models import Evidence, Insight
from programmes.actions import timeline
from programmes.models import AuditEvent, BarrierTeam
from smallchanges.models import Move
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

PAGE = "/own/evidence/"
INSIGHTS = "/own/blueprint/insights/"
PK = UUID(int=7)
NOW = timezone.now()


def _change(programme, team=None, **values):
    change = factories.SmallChangeFactory(programme=programme, **values)
    if team:
        change.teams.add(team, through_defaults={"authority": programme.authority})
    return change


def _stop(change, why, at):
    return Move.objects.create(
        authority=change.authority,
        change=change,
        at=at,
        from_stage="develop",
        to_stage="develop",
        from_status="in progress",
        to_status="stopped",
        why=why,
    )


def _one_of_each(programme, words: str, *, days_ago: int = 0, strand=None, team=None) -> dict:
    """A row of each kind, all of one strand, team and day, by the names of the pack's parts."""
    authority, at = programme.authority, NOW - timedelta(days=days_ago)
    change = _change(programme, team, title=f"{words} change", strand=strand)
    stopped = _change(programme, team, title=f"{words} stopped", strand=strand, status="stopped")
    measure = factories.MeasureFactory(change=change, what=f"{words} minutes")
    factories.ReadingFactory(measure=measure, on=timezone.localdate(at), value=4)
    barrier = factories.BarrierFactory(programme=programme, text=f"{words} barrier")
    if strand:
        strand.barriers.add(barrier, through_defaults={"authority": authority})
    if team:
        BarrierTeam.objects.create(authority=authority, barrier=barrier, team=team)
    made = {
        "met": factories.MetFactory(change=change, kind="barrier met", text=f"{words} met"),
        "enablers": factories.MetFactory(change=change, kind="enabler", text=f"{words} helped"),
        "asks": factories.AskFactory(change=change, what=f"{words} ask", asked_at=at),
        "rules": factories.RuleFactory(authority=authority, text=f"{words} rule", change=change),
        "stopped": _stop(stopped, f"{words} taught", at),
        "measures": measure,
        "beginning": barrier,
    }
    for name in ("met", "enablers", "rules", "beginning"):
        type(made[name]).objects.filter(pk=made[name].pk).update(created_at=at)
    return made


def _found(programme, **wanted) -> dict:
    sections = pack_of(programme, Wanted(**wanted))
    return {
        section.kind.name: {row.pk for item in section.items for row in item.rows}
        for section in sections
        if section.items
    }


def test_it_gathers_what_there_is_and_nothing_of_others(practitioner, cast):
    made = _one_of_each(cast.programme, "Ours")
    _one_of_each(cast.other_programme, "Theirs")
    # What is no learning: a stop without a word, one that was a slip, and one that began again.
    for why, status in (("", "stopped"), ("Begun again", "in progress")):
        change = _change(cast.programme, status=status)
        _stop(change, why, NOW)
    factories.MetFactory(change=made["met"].change, text="Gone", removed_at=NOW)
    assert _found(cast.programme) == {name: {row.pk} for name, row in made.items()}
    page = practitioner.get(PAGE).content.decode()
    assert ("Theirs" in page, "tickbox" in page) == (False, False)
    change, ask, move = made["met"].change_id, made["asks"], made["stopped"]
    links = set(re.findall(r'href="(/own/(?:changes|permissions|ambition)/[^"]*)"', page))
    assert {
        f"/own/changes/{change}/#met-{made['met'].pk}",
        f"/own/changes/{change}/#met-{made['enablers'].pk}",
        f"/own/changes/{change}/#ask-{ask.pk}",
        f"/own/permissions/{made['rules'].pk}/",
        f"/own/changes/{move.change_id}/#move-{move.pk}",
        f"/own/changes/{change}/#row-{made['measures'].pk}",
        f"/own/ambition/#row-{made['beginning'].pk}",
    } <= links
    source = practitioner.get(f"/own/changes/{change}/").content.decode()
    assert f'id="met-{made["met"].pk}"' in source
    assert (
        f'id="move-{move.pk}"'
        in practitioner.get(f"/own/changes/{move.change_id}/").content.decode()
    )
    # Whose yes it was is told on the page of the ask, not in a hand-out.
    assert str(ask.who) not in page


def test_any_filters_together_show_what_fits_all_of_them(cast):
    """Each combination against a plain look at what was made."""
    programme, authority = cast.programme, cast.authority
    strands = [factories.MissionStrandFactory(programme=programme) for _ in range(2)]
    teams = [factories.TeamFactory(authority=authority) for _ in range(2)]
    insight = factories.InsightFactory(programme=programme)
    gone = factories.InsightFactory(programme=programme, removed_at=NOW)
    made = []
    for number, (strand, team, days_ago) in enumerate(
        [(0, 0, 0), (0, 1, 30), (1, 0, 30), (1, 1, 60)]
    ):
        rows = _one_of_each(
            programme, f"N{number}", days_ago=days_ago, strand=strands[strand], team=teams[team]
        )
        if number in (0, 2):
            for name, row in rows.items():
                rests = insight if number == 2 else gone
                factories.EvidenceFactory(insight=rests, **{KINDS[name].field: row})
        made.append((rows, strands[strand], teams[team], days_ago, number == 2))
    today = timezone.localdate()
    for kind, strand, team, since, until, unused in itertools.product(
        ("", "asks", "beginning"), (None, 0), (None, 1), (None, 40), (None, 20), (False, True)
    ):
        wanted = {
            "kind": kind,
            "strand": None if strand is None else strands[strand].pk,
            "team": None if team is None else teams[team].pk,
            "since": since and today - timedelta(days=since),
            "until": until and today - timedelta(days=until),
            "is_unused": unused,
        }
        expected: dict = {}
        for rows, its_strand, its_team, days_ago, used in made:
            if (
                (strand is None or its_strand == strands[strand])
                and (team is None or its_team == teams[team])
                and (since is None or days_ago <= since)
                and (until is None or days_ago >= until)
                and not (unused and used)
            ):
                for name, row in rows.items():
                    if kind in ("", name):
                        expected.setdefault(name, set()).add(row.pk)
        assert _found(programme, **wanted) == expected, wanted


def test_filters_in_the_address(manager, cast):
    rows = _one_of_each(cast.programme, "Ours")
    day = timezone.localdate() + timedelta(days=1)
    page = manager.get(PAGE, {"since": day.isoformat(), "kind": "met"}).content.decode()
    assert ("Nothing in the evidence matches." in page, "Clear filters" in page) == (True, True)
    response = manager.get(PAGE, {"kind": "met", "team": "nonsense", "since": "soon"})
    page = response.content.decode()
    assert 'value="soon"' in page
    assert "Write the day as in 3 December 2026" in page
    assert [section.kind.name for section in response.context["sections"]] == ["met"]
    part = manager.get(PAGE, {"kind": "met"}, headers=HTMX).content.decode()
    assert part.strip().startswith('<div id="evidence-pack"')
    assert str(rows["met"].pk) in part


def test_the_same_words_of_several_changes_are_one(cast):
    changes = [_change(cast.programme, title=f"Change {n}") for n in range(3)]
    for change, text in zip(changes, ("No time", "NO time", "No money"), strict=True):
        factories.MetFactory(change=change, kind="barrier met", text=text)
    (section, *_) = pack_of(cast.programme, Wanted())
    assert [len(item.rows) for item in section.items] == [2, 1]
    assert section.total == 2


def test_how_long_a_yes_took_is_summed_up_from_five_on(practitioner, cast):
    change = _change(cast.programme)

    def said_yes(days, arrived):
        at = NOW - timedelta(days=30)
        factories.AskFactory(
            change=change,
            asked_at=at,
            state="yes",
            said_yes_at=at + timedelta(days=days),
            released_at=at + timedelta(days=days + arrived) if arrived is not None else None,
        )

    for days, arrived in ((1, 2), (3, 4), (5, None), (9, None)):
        said_yes(days, arrived)
    assert "typically" not in practitioner.get(PAGE).content.decode()
    said_yes(7, 6)
    page = " ".join(practitioner.get(PAGE).content.decode().split())
    assert "A yes typically came after five days (n = 5)." in page
    assert "typically arrived" not in page
    assert "Yes after seven days" in page
    assert "here six days later." in page


def test_long_lists_are_folded_and_paged(practitioner, cast):
    change = _change(cast.programme)
    for number in range(62):
        factories.MetFactory(change=change, kind="enabler", text=f"Help {number}")
    page = practitioner.get(PAGE)
    (section,) = [one for one in page.context["sections"] if one.kind.name == "enablers"]
    assert (len(section.items), section.total) == (20, 62)
    assert f'href="{PAGE}?kind=enablers">Show all 62' in page.content.decode()
    (section,) = practitioner.get(f"{PAGE}?kind=enablers&page=2").context["sections"]
    assert len(section.items) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(manager, cast, django_assert_num_queries, rows):
    insight = factories.InsightFactory(programme=cast.programme)
    for number in range(rows):
        strand = factories.MissionStrandFactory(programme=cast.programme)
        team = factories.TeamFactory(authority=cast.authority)
        made = _one_of_each(cast.programme, f"N{number}", strand=strand, team=team)
        for name, row in made.items():
            factories.EvidenceFactory(insight=insight, **{KINDS[name].field: row})
    with django_assert_num_queries(29):
        manager.get(PAGE)


def test_before_there_is_anything_it_says_what_will_be_here(manager, cast):
    assert "will gather here by itself" in manager.get(PAGE).content.decode()
    cast.programme.delete()
    assert "once the programme is set up" in manager.get(PAGE).content.decode()


def test_it_says_which_week_it_is(practitioner, cast):
    today = timezone.localdate()
    cast.programme.starts_on = today - timedelta(weeks=10 + 10)
    cast.programme.save()
    timeline.lay_out(programme=cast.programme, by=None)
    assert "week 11 of 16" in practitioner.get(PAGE).content.decode()
    for weeks, said in ((9, "is_before"), (10 + 13, "is_near"), (26, "is_over")):
        cast.programme.starts_on = today - timedelta(weeks=weeks)
        cast.programme.save()
        timeline.lay_out(programme=cast.programme, by=None)
        found = weeks_of(cast.programme.milestones.all())
        true = [name for name in ("is_before", "is_near", "is_over") if getattr(found, name)]
        assert true == [said]


# --- insights that rest on it


def _values(made: dict) -> dict:
    """What the boxes of these rows send, by the field of a piece of evidence."""
    sent: dict = {}
    for name, row in made.items():
        sent.setdefault(KINDS[name].field, []).append(str(row.pk))
    return sent


def _links(insight) -> set:
    return {link.what for link in insight.evidence.all()}


def test_an_insight_is_written_from_what_was_ticked(manager, cast):
    made = _one_of_each(cast.programme, "Ours")
    ticked = _values(made) | {"met": [f"{made['met'].pk},{made['enablers'].pk}"]}
    response = manager.post(f"{INSIGHTS}add/", ticked | {"begin": "evidence"})
    form = response.context["form"]
    assert (form.is_bound, Insight.objects.count()) == (False, 0)
    assert "Ours taught (Ours stopped)" in response.content.decode()
    sent = _values(made) | {"id": PK, "text": "Time is short", "kind": "barrier"}
    for _ in range(2):
        assert manager.post(f"{INSIGHTS}add/", sent)["Location"] == INSIGHTS
    insight = Insight.objects.get()
    assert _links(insight) == {(KINDS[name].field, row.pk) for name, row in made.items()}
    page = manager.get(INSIGHTS).content.decode()
    assert (
        "Rests on 1 barrier from the start, 1 barrier met, 1 enabler, 1 ask,"
        " 1 rule of the permission book, 1 measure, 1 stopped change" in page
    )


def test_what_an_insight_rests_on_is_unticked(manager, cast):
    made = _one_of_each(cast.programme, "Ours")
    insight = factories.InsightFactory(programme=cast.programme, text="Time is short")
    for name, row in made.items():
        factories.EvidenceFactory(insight=insight, **{KINDS[name].field: row})
    # One was taken away since: its link stays, and its words are not told.
    type(made["asks"]).objects.update(removed_at=NOW)
    page = manager.get(INSIGHTS).content.decode()
    assert ("<b>Ask:</b> taken away since" in page, "Ours ask" in page) == (True, False)
    address = f"{INSIGHTS}{insight.pk}/edit/"
    form = manager.get(address).context["form"]
    assert "Taken away since" in form.as_p()
    assert "Ours ask" not in form.as_p()
    kept = {name: row for name, row in made.items() if name not in ("rules", "met")}
    sent = _values(kept) | {"text": "Time is short", "kind": "barrier", "version": 1}
    sent["seen"] = form["seen"].value()
    assert manager.post(address, sent)["Location"] == INSIGHTS
    assert _links(insight) == {(KINDS[name].field, row.pk) for name, row in kept.items()}


def test_what_somebody_linked_meanwhile_stays(manager, cast):
    made = _one_of_each(cast.programme, "Ours")
    insight = factories.InsightFactory(programme=cast.programme, text="Time is short")
    factories.EvidenceFactory(insight=insight, met=made["met"])
    address = f"{INSIGHTS}{insight.pk}/edit/"
    seen = manager.get(address).context["form"]["seen"].value()
    link = {"insight": insight.pk, "met": [made["enablers"].pk]}
    manager.post(f"{PAGE}link/", link)
    sent = {"text": "Time", "kind": "barrier", "version": 1, "seen": seen, "met": []}
    response = manager.post(address, sent)
    form = response.context["form"]
    assert (response.status_code, form["met"].value()) == (409, [str(made["enablers"].pk)])
    again = sent | {"version": 2, "seen": form["seen"].value(), "met": form["met"].value()}
    assert manager.post(address, again).status_code == 302
    assert _links(insight) == {("met", made["enablers"].pk)}


def test_what_was_ticked_is_added_to_an_insight_and_taken_back(manager, cast):
    made = _one_of_each(cast.programme, "Ours")
    insight = factories.InsightFactory(programme=cast.programme, text="Time is short")
    ticked = _values(made) | {"insight": insight.pk}
    response = manager.post(f"{PAGE}link/", ticked)
    assert response["Location"] == f"{INSIGHTS}#row-{insight.pk}"
    page = follow(manager, response)
    assert (told(page), Evidence.objects.count()) == (["Linked: Time is short"], 7)
    again = follow(manager, manager.post(f"{PAGE}link/", ticked))
    assert (told(again), Evidence.objects.count()) == (
        ["It rests on that already: Time is short"],
        7,
    )
    follow(manager, undo(manager, page))
    assert Evidence.objects.count() == 0
    verbs = AuditEvent.objects.filter(verb__startswith="evidence").order_by("pk")
    assert [event.verb for event in verbs] == ["evidence linked", "evidence unlinked"]


def test_nothing_ticked_or_another_authoritys_is_told(manager, practitioner, cast):
    insight = factories.InsightFactory(programme=cast.programme)
    _one_of_each(cast.programme, "Ours")
    theirs = _one_of_each(cast.other_programme, "Theirs")
    response = manager.post(f"{PAGE}link/", {"insight": insight.pk})
    assert "Tick what the insight rests on first." in response.content.decode()
    for name, row in theirs.items():
        its = KINDS[name].field
        response = manager.post(f"{PAGE}link/", {"insight": insight.pk, its: [row.pk]})
        page = response.content.decode()
        assert ("Choose from the list." in page, "Theirs" in page) == (True, False)
        sent = {"id": PK, "text": "Time", "kind": "barrier", its: [row.pk]}
        response = manager.post(f"{INSIGHTS}add/", sent)
        assert (list(errors(response)), "Theirs" in response.content.decode()) == ([its], False)
    for address in (f"{PAGE}link/", f"{PAGE}{insight.pk}/unlink/"):
        assert practitioner.post(address).status_code == 403
    assert (Evidence.objects.count(), Insight.objects.count()) == (0, 1)


def test_insights_by_kind_and_place(manager, cast):
    for kind, place in (("barrier", "culture"), ("barrier", ""), ("enabler", "culture")):
        factories.InsightFactory(
            programme=cast.programme, kind=kind, sits_in=place, text=f"{kind} {place}"
        )
    for query, expected in (
        ("kind=barrier", ["barrier culture", "barrier "]),
        ("sits_in=culture", ["barrier culture", "enabler culture"]),
        ("kind=enabler&sits_in=structures", []),
        ("kind=nonsense", ["barrier culture", "barrier ", "enabler culture"]),
    ):
        page = manager.get(f"{INSIGHTS}?{query}")
        assert [one.text for one in page.context["insights"]] == expected
        assert ("No insight matches." in page.content.decode()) == (query[5:6] == "e")
    assert "Nothing is linked to this yet." in page.content.decode()
