"""SQL cannot write down what the rules of strands and small changes refuse."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from smallchanges.models import ChangeTeam, Move, StrandBarrier
from tests import factories
from tests.constraints import ITSELF, SAME, Case, copy_refused_by, refusal, refused_by, write

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 9, tzinfo=UTC)


def _strand(cast, **values):
    return factories.MissionStrandFactory(programme=cast.programme, **values)


def _two_strands(cast):
    return _strand(cast, title="Time with families"), _strand(cast)


def _two_barriers_of_a_strand(cast):
    strand = _strand(cast)
    return tuple(
        StrandBarrier.objects.create(
            authority=cast.authority,
            strand=strand,
            barrier=factories.BarrierFactory(programme=cast.programme),
        )
        for _ in range(2)
    )


def _change(cast, **values):
    return factories.SmallChangeFactory(programme=cast.programme, **values)


def _joint_move(cast):
    return factories.JointMoveFactory(authority=cast.authority)


def _change_that_is_embedded(cast):
    return _change(cast, stage="grow", status="embedded")


def _two_changes(cast):
    return _change(cast, title="Walk and talk"), _change(cast)


def _two_teams_of_a_change(cast):
    change = _change(cast)
    return tuple(
        ChangeTeam.objects.create(
            authority=cast.authority,
            change=change,
            team=factories.TeamFactory(authority=cast.authority),
        )
        for _ in range(2)
    )


def _move(cast):
    return Move.objects.create(
        authority=cast.authority,
        change=_change(cast),
        at=THEN,
        from_stage="influence",
        to_stage="grow",
        from_status="in progress",
        to_status="in progress",
    )


def _of_a_change(factory, **values):
    return lambda cast: factory(change=_change(cast), **values)


def _two_of_a_change(factory, **values):
    def two(cast):
        change = _change(cast)
        return factory(change=change, **values), factory(change=change)

    return two


def _removed(factory):
    return lambda cast: factory(change=_change(cast), removed_at=THEN, removed_by=cast.facilitator)


_step = _of_a_change(factories.StepFactory)
_stakeholder = _of_a_change(factories.StakeholderFactory)
_met = _of_a_change(factories.MetFactory)
_update = _of_a_change(factories.UpdateFactory)
_ask = _of_a_change(factories.AskFactory)
YES = {"state": "yes", "said_yes_at": THEN}


def _ask_with(cast, **values):
    return factories.AskFactory(change=_change(cast), **values)


def _ask_of_a_member(cast):
    return _ask_with(cast, member=cast.manager.memberships.get())


def _ask_answer(cast):
    return factories.AskAnswerFactory(ask=_ask(cast))


_measure = _of_a_change(factories.MeasureFactory)
_time_back = _of_a_change(factories.TimeBackFactory)
_two_measures = _two_of_a_change(factories.MeasureFactory, what="Calls a day")


def _stance_move(cast):
    return factories.StanceMoveFactory(stakeholder=_stakeholder(cast))


def _reading(cast):
    return factories.ReadingFactory(measure=_measure(cast))


def _two_readings(cast):
    measure = _measure(cast)
    return tuple(factories.ReadingFactory(measure=measure, on=on) for on in (THEN, LATER))


def _two_answers(cast):
    first = _time_back(cast)
    week = date(2026, 1, 19)
    return first, factories.TimeBackFactory(change=first.change, member=first.member, week=week)


_two_stakeholders = _two_of_a_change(factories.StakeholderFactory, who="The court team")
_two_met = _two_of_a_change(factories.MetFactory, text="Nobody had time")


def _offered(cast, **values):
    return factories.OfferedFactory(authority=cast.authority, **values)


def _answered(cast, **values):
    said = {"state": "not now", "answer": "A", "answered_at": THEN, "answered_by": cast.manager}
    return _offered(cast, **said | values)


def _barrier_of(cast):
    return factories.BarrierFactory(programme=cast.programme)


def _inbox(cast):
    return factories.InboxFactory(authority=cast.authority)


def _two_mails(cast):
    return tuple(factories.ReceivedMailFactory(authority=cast.authority) for _ in range(2))


def _rule(cast, **values):
    return factories.RuleFactory(authority=cast.authority, **values)


def _rule_with_a_verdict(cast):
    rule = _rule(cast)
    rule.verdict, rule.answer = factories.VerdictFactory(rule=rule), "It was a habit"
    rule.save()
    return rule


def _of_a_rule(factory, **values):
    return lambda cast: factory(rule=_rule(cast), **values)


def _two_cheers(cast, **of_what):
    """Of two people, for one change or for what `of_what` makes of it."""
    change = _change(cast)
    thing = {name: make(change) for name, make in of_what.items()} or {"change": change}
    values = {"change": None, "authority": cast.authority} | thing
    return tuple(factories.CheerFactory(**values) for _ in range(2))


def _an_update(change):
    return factories.UpdateFactory(change=change)


def _a_stop(change):
    return Move.objects.create(
        authority=change.authority,
        change=change,
        at=THEN,
        from_stage="grow",
        to_stage="grow",
        from_status="chosen",
        to_status="stopped",
    )


def _cheer_and_an_update(cast):
    """A cheer for a change, and one for an update of it."""
    change, values = _change(cast), {"authority": cast.authority}
    first = factories.CheerFactory(change=change, **values)
    return first, factories.CheerFactory(change=None, update=_an_update(change), **values)


_thank_you = _of_a_change(factories.ThankYouFactory)
_verdict = _of_a_rule(factories.VerdictFactory)
_clue = _of_a_rule(factories.ClueFactory)


def _shared(cast, **values):
    return factories.shared(_change(cast), **values)


def _two_shares(cast):
    """One that others read, and one that is being written."""
    change = _change(cast)
    return factories.shared(change, version=1), factories.ShareFactory(change=change, version=2)


def _share(cast, **values):
    return factories.ShareFactory(change=_change(cast), **values)


def _taken_back(cast):
    return _share(cast, asked_at=THEN, shared_at=THEN, ended_at=THEN)


def _two_in_the_making(cast):
    """The second has ended."""
    first = _share(cast)
    return first, factories.ShareFactory(change=first.change, version=2, ended_at=THEN)


def _two_that_were_read(cast):
    change = _change(cast)
    ended = factories.shared(change, version=1, ended_at=THEN)
    return factories.shared(change, version=2), ended


def _two_consents(cast):
    share = factories.ShareFactory(change=_change(cast))
    return factories.ConsentFactory(share=share), factories.ConsentFactory(share=share)


def _not_yet(cast):
    return factories.ConsentFactory(
        share__change=_change(cast), says="not yet", digest=None, why="Too long"
    )


def _seed(cast):
    return factories.SeedFactory(change=_change(cast), tells=True, told="It grows")


def _consent(cast):
    return _shared(cast).consent


def _moved_row(cast):
    return factories.MovedRowFactory(change=_change(cast))


CASES = [
    # --- joining and splitting
    Case("strand_not_merged_into_itself", _strand, {}, {"merged_into": ITSELF}),
    Case("strand_not_split_from_itself", _strand, {}, {"split_from": ITSELF}),
    Case("change_not_merged_into_itself", _change, {}, {"merged_into": ITSELF}),
    Case("change_not_split_from_itself", _change, {}, {"split_from": ITSELF}),
    Case("moved_row_by_one_deed", _moved_row, {"is_split": True}, {"change": None}),
    # --- the permission book
    Case(
        "rule_said_once",
        lambda cast: (_rule(cast, text="No texting"), _rule(cast)),
        {"text": "NO texting", "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("rule_has_words", _rule, {"text": "N"}, {"text": ""}),
    Case(
        "rule_checker_needs_checking_since",
        lambda cast: _rule(cast, checker=cast.practitioner.memberships.get(), checking_since=THEN),
        {"checking_since": LATER},
        {"checking_since": None},
    ),
    Case("rule_answer_needs_a_verdict", _rule_with_a_verdict, {"answer": "So"}, {"verdict": None}),
    Case(
        "rule_removed_by_needs_removed_at",
        lambda cast: _rule(cast, removed_at=THEN, removed_by=cast.facilitator),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("verdict_kind_known", _verdict, {"kind": "law"}, {"kind": "weather"}),
    Case("verdict_says_why", _verdict, {"found": "F"}, {"found": ""}),
    *(
        Case(
            "verdict_of_a_myth_says_what_we_may_do",
            _verdict,
            {"kind": kind, "may_do": "Ring them"},
            {"may_do": ""},
        )
        for kind in ("myth", "habit")
    ),
    Case(
        "verdict_removed_by_needs_removed_at",
        lambda cast: factories.VerdictFactory(
            rule=_rule(cast), removed_at=THEN, removed_by=cast.manager
        ),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("clue_has_words", _clue, {"text": "N"}, {"text": ""}),
    Case(
        "clue_removed_by_needs_removed_at",
        lambda cast: factories.ClueFactory(
            rule=_rule(cast), removed_at=THEN, removed_by=cast.manager
        ),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # --- cheers and thanks
    Case("cheer_of_one_thing", lambda cast: _two_cheers(cast)[0], {}, {"change": None}),
    Case("cheer_of_one_thing", _cheer_and_an_update, {}, {"change": SAME}),
    Case("cheer_change_once", _two_cheers, {}, {"user": SAME}),
    Case(
        "cheer_update_once", lambda cast: _two_cheers(cast, update=_an_update), {}, {"user": SAME}
    ),
    Case("cheer_move_once", lambda cast: _two_cheers(cast, move=_a_stop), {}, {"user": SAME}),
    Case("thank_you_has_words", _thank_you, {"text": "T"}, {"text": ""}),
    Case("thank_you_is_to_somebody", _thank_you, {"to_whom": "T"}, {"to_whom": ""}),
    Case(
        "thank_you_removed_by_needs_removed_at",
        _removed(factories.ThankYouFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # --- strands
    Case(
        "strand_title_unique",
        _two_strands,
        {"title": "TIME with families", "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("strand_has_a_title", _strand, {"title": "T"}, {"title": ""}),
    Case(
        "strand_removed_by_needs_removed_at",
        lambda cast: _strand(cast, removed_at=THEN, removed_by=cast.facilitator),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("strand_barrier_once", _two_barriers_of_a_strand, {}, {"barrier": SAME}),
    # --- small changes
    Case("change_title_unique", _two_changes, {"title": "Walk"}, {"title": "WALK and talk"}),
    Case("change_has_a_title", _change, {"title": "W"}, {"title": ""}),
    Case("change_stage_known", _change, {"stage": "develop"}, {"stage": "dream"}),
    Case("change_status_known", _change, {"status": "stopped"}, {"status": "lost"}),
    Case("change_gift_known", _change, {"gift": "beyond us"}, {"gift": "theirs"}),
    Case(
        "change_embedded_only_in_grow",
        _change,
        {"stage": "grow", "status": "embedded"},
        {"stage": "influence"},
    ),
    Case(
        "change_embedded_only_in_grow",
        _change_that_is_embedded,
        {"stage": "influence", "status": "in progress"},
        {"status": "embedded"},
    ),
    Case("change_team_once", _two_teams_of_a_change, {}, {"team": SAME}),
    # --- how they moved
    Case(
        "move_goes_somewhere",
        _move,
        {"to_stage": "influence", "to_status": "paused"},
        {"to_status": "in progress"},
    ),
    Case("move_goes_somewhere", _move, {"to_stage": "mission"}, {"to_stage": "influence"}),
    Case("move_stages_known", _move, {"from_stage": "develop"}, {"from_stage": "dream"}),
    Case("move_stages_known", _move, {"to_stage": "develop"}, {"to_stage": "dream"}),
    Case("move_statuses_known", _move, {"from_status": "chosen"}, {"from_status": "lost"}),
    Case("move_statuses_known", _move, {"to_status": "chosen"}, {"to_status": "lost"}),
    Case("move_embedded_only_in_grow", _move, {"to_status": "embedded"}, {"to_stage": "influence"}),
    Case(
        "move_embedded_only_in_grow",
        _move,
        {"from_stage": "grow", "from_status": "embedded", "to_stage": "influence"},
        {"from_stage": "develop"},
    ),
    # --- the plan
    Case("step_has_words", _step, {"text": "W"}, {"text": ""}),
    Case(
        "step_done_by_needs_done_at",
        lambda cast: factories.StepFactory(
            change=_change(cast), done_at=THEN, done_by=cast.practitioner
        ),
        {"done_at": LATER},
        {"done_at": None},
    ),
    Case(
        "step_removed_by_needs_removed_at",
        _removed(factories.StepFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case(
        "stakeholder_once_in_a_change",
        _two_stakeholders,
        {"who": "THE court team", "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("stakeholder_is_named", _stakeholder, {"who": "W"}, {"who": ""}),
    Case("stakeholder_stance_known", _stakeholder, {"stance": "against"}, {"stance": "asleep"}),
    Case(
        "stakeholder_removed_by_needs_removed_at",
        _removed(factories.StakeholderFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # The same words may tell of a barrier that was met and of what helped.
    Case(
        "met_once",
        _two_met,
        {"text": "NOBODY had time", "kind": "enabler"},
        {"kind": "barrier met"},
    ),
    Case(
        "met_once", _two_met, {"text": "NOBODY had time", "removed_at": THEN}, {"removed_at": None}
    ),
    Case("met_has_words", _met, {"text": "N"}, {"text": ""}),
    Case("met_kind_known", _met, {"kind": "enabler"}, {"kind": "weather"}),
    Case(
        "met_removed_by_needs_removed_at",
        _removed(factories.MetFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("stakeholder_influence_known", _stakeholder, {"influence": "high"}, {"influence": "vast"}),
    Case(
        "stance_move_goes_somewhere",
        _stance_move,
        {"to_stance": "on board"},
        {"to_stance": "against"},
    ),
    Case("stance_move_stances_known", _stance_move, {}, {"from_stance": "asleep"}),
    Case("stance_move_stances_known", _stance_move, {}, {"to_stance": "asleep"}),
    Case(
        "stance_move_removed_by_needs_removed_at",
        lambda cast: factories.StanceMoveFactory(
            stakeholder=_stakeholder(cast), removed_at=THEN, removed_by=cast.facilitator
        ),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # --- what people count
    Case(
        "measure_once_in_a_change",
        _two_measures,
        {"what": "CALLS a day", "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("measure_says_what", _measure, {"what": "C"}, {"what": ""}),
    Case("measure_better_known", _measure, {"better": "higher"}, {"better": "fewer"}),
    Case(
        "measure_baseline_has_its_day",
        _measure,
        {"baseline": 14, "baseline_on": THEN},
        {"baseline": None},
    ),
    Case(
        "measure_baseline_has_its_day",
        _measure,
        {"baseline": 14, "baseline_on": THEN},
        {"baseline_on": None},
    ),
    Case("measure_numbers_in_range", _measure, {"target": -5}, {"target": "NaN"}),
    Case(
        "measure_numbers_in_range",
        _measure,
        {"baseline": 14, "baseline_on": THEN},
        {"baseline": "NaN"},
    ),
    Case(
        "measure_removed_by_needs_removed_at",
        _removed(factories.MeasureFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case(
        "reading_once_a_day",
        _two_readings,
        {"on": THEN, "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("reading_value_in_range", _reading, {"value": "-9999999.99"}, {"value": "NaN"}),
    Case(
        "reading_removed_by_needs_removed_at",
        lambda cast: factories.ReadingFactory(
            measure=_measure(cast), removed_at=THEN, removed_by=cast.facilitator
        ),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # --- time back
    Case("time_back_once", _two_answers, {"week": date(2026, 1, 12)}, {"week": SAME}),
    Case(
        "time_back_week_is_a_monday",
        _time_back,
        {"week": date(2026, 1, 12)},
        {"week": date(2026, 1, 13)},
    ),
    Case(
        "time_back_says_something",
        _time_back,
        {"gives_back": "", "costs": "none"},
        {"costs": ""},
    ),
    Case("time_back_hours_known", _time_back, {"costs": "3 to 6"}, {"costs": "a day"}),
    Case("time_back_hours_known", _time_back, {"gives_back": "none"}, {"gives_back": "a day"}),
    # --- what others read, and where it went
    Case("share_version_once", _two_shares, {}, {"version": 1}),
    Case("share_one_in_the_making", _two_in_the_making, {}, {"ended_at": None}),
    Case("share_one_of_a_change", _two_that_were_read, {}, {"ended_at": None}),
    Case("share_has_words", _share, {"title": "T"}, {"title": ""}),
    Case("share_has_words", _share, {"sentence": "S"}, {"sentence": ""}),
    Case("share_has_words", _share, {"what_we_did": "W"}, {"what_we_did": ""}),
    Case("share_has_a_setting", _share, {"our_setting": "Ours"}, {"our_setting": ""}),
    Case(
        "share_asked_by_needs_asked_at",
        lambda cast: _share(cast, asked_at=THEN, asked_by=cast.facilitator),
        {"asked_at": LATER},
        {"asked_at": None},
    ),
    Case(
        "share_shared_by_needs_shared_at",
        lambda cast: _share(
            cast, asked_at=THEN, ended_at=THEN, shared_at=THEN, shared_by=cast.facilitator
        ),
        {"shared_at": LATER},
        {"shared_at": None},
    ),
    Case(
        "share_ended_by_needs_ended_at",
        lambda cast: _share(cast, ended_at=THEN, ended_by=cast.facilitator),
        {"ended_at": LATER},
        {"ended_at": None},
    ),
    Case("share_stands_on_a_consent", _shared, {"asked_at": LATER}, {"consent": None}),
    Case("share_stands_on_a_consent", _taken_back, {"asked_at": LATER}, {"ended_at": None}),
    Case("share_was_asked_about", _shared, {"asked_at": LATER}, {"asked_at": None}),
    Case("consent_once_a_person", _two_consents, {}, {"membership": SAME}),
    Case("consent_says_known", _not_yet, {"why": "So"}, {"says": "perhaps"}),
    Case("consent_yes_names_the_words", _consent, {"at": THEN}, {"digest": None}),
    Case("consent_yes_names_the_words", _not_yet, {"at": THEN}, {"says": "yes"}),
    Case("consent_not_yet_says_why", _not_yet, {"why": "So"}, {"why": ""}),
    Case("seed_has_a_starting_point", _seed, {"starting_point": "S"}, {"starting_point": ""}),
    Case("seed_says_what_differs", _seed, {"what_differs": "W"}, {"what_differs": ""}),
    Case("seed_told_where_it_tells", _seed, {"told": "So"}, {"tells": False}),
    # --- updates
    Case("update_has_words", _update, {"text": "N"}, {"text": ""}),
    Case(
        "update_removed_by_needs_removed_at",
        _removed(factories.UpdateFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # --- asks
    Case("ask_says_what", _ask, {"what": "W"}, {"what": ""}),
    Case(
        "ask_is_put_to_one_person",
        _ask_of_a_member,
        {},
        {"name": "Tom", "email": "tom@council.example"},
    ),
    Case("ask_is_put_to_one_person", _ask_of_a_member, {}, {"role": "Director"}),
    Case("ask_name_has_an_address", _ask, {"name": "Tom"}, {"email": ""}),
    Case("ask_name_has_an_address", _ask, {"email": "tom@council.example"}, {"name": ""}),
    Case("ask_email_is_lower_case", _ask, {"email": "a@b.example"}, {"email": "A@b.example"}),
    Case("ask_cost_has_a_unit", _ask, {"cost": 4, "cost_unit": "hours"}, {"cost_unit": ""}),
    Case("ask_cost_has_a_unit", _ask, {"cost": 4, "cost_unit": "hours"}, {"cost": None}),
    Case("ask_cost_has_a_unit", _ask, {"cost": 4, "cost_unit": "hours"}, {"cost": 0}),
    Case(
        "ask_cost_unit_known",
        _ask,
        {"cost": 4, "cost_unit": "pounds a year"},
        {"cost_unit": "sheep"},
    ),
    Case("ask_state_known", _ask, {"state": "no"}, {"state": "perhaps"}),
    Case("ask_yes_has_its_day", _ask, YES, {"said_yes_at": None}),
    Case("ask_yes_has_its_day", _ask, YES | {"state": "yes if"}, {"state": "no"}),
    Case("ask_released_after_a_yes", _ask, {"state": "no"}, {"released_at": THEN}),
    Case(
        "ask_released_by_needs_released_at",
        lambda cast: _ask_with(cast, **YES, released_at=THEN, released_by=cast.manager),
        {"released_at": LATER},
        {"released_at": None},
    ),
    Case(
        "ask_chat_after_a_reminder",
        _ask,
        {"reminded_at": THEN, "chat_at": THEN},
        {"reminded_at": None},
    ),
    Case(
        "ask_removed_by_needs_removed_at",
        _removed(factories.AskFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("ask_answer_kind_known", _ask_answer, {"kind": "yes"}, {"kind": "perhaps"}),
    Case("ask_answer_says_whose", _ask_answer, {"who": "W"}, {"who": ""}),
    Case("ask_answer_says_if_and_why", _ask_answer, {"kind": "no", "words": "W"}, {"words": ""}),
    Case("ask_answer_says_if_and_why", _ask_answer, {"kind": "yes"}, {"kind": "yes if"}),
    Case(
        "ask_answer_says_to_whom",
        _ask_answer,
        {"kind": "passed on", "to_whom": "Tom"},
        {"to_whom": ""},
    ),
    Case("ask_answer_says_to_whom", _ask_answer, {"kind": "yes"}, {"to_whom": "Tom"}),
    # --- the inbox
    Case("inbox_most_waiting_fits", _inbox, {"most_waiting": 200}, {"most_waiting": 201}),
    Case("inbox_most_waiting_fits", _inbox, {"most_waiting": 1}, {"most_waiting": 0}),
    Case("inbox_answers_within_fits", _inbox, {"answers_within": 60}, {"answers_within": 61}),
    Case("inbox_answers_within_fits", _inbox, {"answers_within": 1}, {"answers_within": 0}),
    Case("offered_kind_known", _offered, {"kind": "barrier"}, {"kind": "dream"}),
    Case("offered_has_words", _offered, {"text": "W"}, {"text": ""}),
    Case("offered_reply_known", _offered, {"reply": "none"}, {"reply": "pigeon"}),
    Case(
        "offered_by_a_member_alone",
        lambda cast: _offered(cast, reply="member", by=cast.practitioner),
        {"text": "W"},
        {"reply": "link"},
    ),
    Case(
        "offered_by_a_member_alone",
        lambda cast: _offered(cast, reply="member", by=cast.practitioner),
        {},
        {"name": "Jo"},
    ),
    Case(
        "offered_email_to_answer_alone",
        lambda cast: _offered(cast, reply="email", email="jo@council.example"),
        {"email": "a@council.example"},
        {"reply": "link"},
    ),
    Case(
        "offered_email_to_answer_alone",
        lambda cast: _offered(cast, reply="email", email="jo@council.example"),
        {},
        {"email": "Jo@council.example"},
    ),
    Case("offered_held_for_known", _offered, {"held_for": "guard"}, {"held_for": "fun"}),
    Case("offered_held_waits", _answered, {"held_for": ""}, {"held_for": "guard"}),
    Case("offered_state_known", _answered, {"state": "ask"}, {"state": "lost"}),
    Case("offered_waits_without_an_answer", _offered, {}, {"answer": "Yes"}),
    Case("offered_waits_without_an_answer", _offered, {}, {"answered_at": THEN}),
    Case(
        "offered_waits_without_an_answer",
        _answered,
        {"answered_by": None},
        {"answered_at": None},
    ),
    Case(
        "offered_answered_by_needs_answered_at",
        lambda cast: _offered(cast),
        {},
        {"answered_by": 1},
    ),
    Case("offered_says_why", _answered, {"answer": "W"}, {"answer": ""}),
    Case("offered_barrier_is_its_answer", _answered, {"answer": "W"}, {"state": "barrier"}),
    Case(
        "offered_barrier_is_its_answer",
        lambda cast: _answered(cast, state="barrier", barrier=_barrier_of(cast)),
        {},
        {"state": "ask"},
    ),
    Case("offered_change_is_its_answer", _answered, {"answer": "W"}, {"state": "change"}),
    Case(
        "offered_change_is_its_answer",
        lambda cast: _answered(cast, state="change", change=_change(cast)),
        {},
        {"state": "ask"},
    ),
    Case(
        "offered_ask_is_its_answer",
        lambda cast: _answered(cast, state="ask", ask=_ask(cast)),
        {},
        {"state": "not now"},
    ),
    Case("offered_made_what_it_became", _answered, {}, {"made_it": True}),
    Case(
        "offered_removed_by_needs_removed_at",
        lambda cast: _offered(cast, removed_at=THEN, removed_by=cast.facilitator),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("received_mail_once", _two_mails, {}, {"message_digest": SAME}),
]
# Keys over (authority, id), which hold the links between rows of one authority.
KEYS = {
    "strand_authority_id": _strand,
    "change_authority_id": _change,
    "move_authority_id": _move,
    "ask_authority_id": _ask,
    "joint_move_authority_id": _joint_move,
    "offered_authority_id": _offered,
    "rule_authority_id": _rule,
    "verdict_authority_id": _verdict,
    "measure_authority_id": _measure,
    "update_authority_id": _update,
    "step_authority_id": _step,
    # Taken away, since another index than a key would refuse it first.
    "met_authority_id": _removed(factories.MetFactory),
    "share_authority_id": _share,
    "share_words": _share,
    "consent_authority_id": _not_yet,
    "consent_to_words": lambda cast: _two_consents(cast)[0],
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)
def test_what_breaks_a_rule_is_refused(cast, case):
    assert refused_by(case, cast) == case.constraint


@pytest.mark.parametrize("constraint", KEYS)
def test_a_key_stands_once_in_an_authority(cast, constraint):
    assert copy_refused_by(KEYS[constraint](cast), constraint) == constraint


def test_words_that_somebody_said_yes_to_are_changed_no_more(cast):
    share = factories.ConsentFactory(share__change=_change(cast)).share
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert refusal(lambda: write(share, {"title": "Other words"})) == "consent_same_words"


def test_what_is_shared_stands_on_a_yes_to_exactly_these_words(cast):
    share = _shared(cast)
    other = factories.ConsentFactory(share__change=_change(cast))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    no_more = {"says": "not yet", "digest": None, "why": "Not these"}
    refused = [
        refusal(lambda: write(share.consent, no_more)),
        refusal(lambda: write(share, {"consent": other})),
    ]
    assert refused == ["share_consent_to_these_words"] * 2
