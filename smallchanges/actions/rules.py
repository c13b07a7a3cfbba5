"""The permission book: writing a rule down, finding out, and the gate of its verdict."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import locked, make_once, put_back, save_version, take_away, unless_taken
from programmes.models import LocalAuthority, Membership, NoticeKind, User
from programmes.notices import drop, drop_all, may_hear, notify, site_link
from smallchanges.models import Clue, Rule, Verdict


@transaction.atomic
def add_rule(*, authority: LocalAuthority, pk: UUID, by: User | None, **words) -> Rule:
    """Raises `Taken` where it is in the book already. `words`: its fields."""
    rule, is_new = make_once(
        authority.rules, pk=pk, constraint="rule_said_once", created_by=by, **words
    )
    if is_new:
        record("rule added", rule, by=by)
    return rule


@transaction.atomic
def edit_rule(*, rule: Rule, version: int, by: User | None, **words) -> Rule:
    """Raises `Stale`, and `Taken` where it is in the book already."""
    with unless_taken("rule_said_once"):
        save_version(rule, version=version, **words)
    record("rule edited", rule, by=by)
    return rule


@transaction.atomic
def remove_rule(*, rule: Rule, by: User) -> None:
    rule = locked(rule)
    if rule.removed_at is None:
        take_away(rule, by=by)
        record("rule removed", rule, by=by)


@transaction.atomic
def put_back_rule(*, rule: Rule, by: User) -> None:
    """Raises `Taken` where somebody has written it down again meanwhile."""
    rule = locked(rule)
    if rule.removed_at is None:
        return
    with unless_taken("rule_said_once"):
        put_back(rule)
    record("rule put back", rule, by=by)


@transaction.atomic
def set_checker(*, rule: Rule, checker: Membership | None, by: User | None) -> None:
    """Say who finds out, or nobody. Whoever is asked by somebody else gets a mail."""
    rule = locked(rule)
    if rule.checker_id == (checker.pk if checker else None):
        return
    now = timezone.now()
    rule.checker, rule.checking_since = checker, now if checker else None
    rule.save(update_fields=["checker", "checking_since"])
    # Whoever was asked before, and has not heard of it, need not.
    drop_all(authority=rule.authority, about=_to_check(rule))
    if checker is None:
        record("rule left for others to check", rule, by=by)
        return
    record("rule taken on to check", rule, by=by, checker=str(checker.pk))
    if by and checker.user != by:
        notify(
            authority=rule.authority,
            to=checker.user.email,
            kind=NoticeKind.ASK,
            key=f"{_to_check(rule)} {now.isoformat()}",
            template="smallchanges/email/rule_to_check",
            context=_in_a_mail(rule, to=checker.user),
        )


@transaction.atomic
def settle_rule(
    *,
    rule: Rule,
    pk: UUID,
    kind: str,
    found: str,
    source: str,
    may_do: str,
    seen: UUID | None,
    by: User | None,
    person: User | None = None,
    at: datetime | None = None,
    illustrative: str = "",
) -> Verdict:
    """The gate: nothing else says what a rule turned out to be.

    Side effects, all in one transaction: a `Verdict` row with when and by whom; the rule's
    `verdict`, and its words for the search; nobody is checking it any more; the event "rule
    checked"; a mail to the member who wrote the rule down. Earlier verdicts stay, with their days.

    `seen` is the verdict that its writer's page showed. Raises `Overtaken` where another one stands
    by now, and ValidationError, by field, for what does not fit. `person` and `at` say whose it
    is and when, where it is told of by the system.
    """
    here = locked(rule)
    if sent_before := here.verdicts.filter(pk=pk).first():
        return sent_before
    if here.verdict_id != seen:
        raise Overtaken
    if kind in Verdict.CLEARED and not may_do:
        raise ValidationError({"may_do": "Nobody has to keep to it: say what we may do now."})
    verdict, _ = make_once(
        here.verdicts,
        pk=pk,
        constraint="",
        authority_id=here.authority_id,
        kind=kind,
        found=found,
        source=source,
        may_do=may_do,
        at=at or timezone.now(),
        by=person or by,
        illustrative=illustrative,
    )
    here.checker = here.checking_since = None
    drop_all(authority=here.authority, about=_to_check(here))
    _let_stand(here, verdict)
    record("rule checked", here, by=by, verdict=kind)
    _tell_who_asked(here, verdict)
    return verdict


class Overtaken(Exception):
    """Somebody else has said meanwhile what the rule turned out to be."""


@transaction.atomic
def take_back_verdict(*, verdict: Verdict, by: User) -> bool:
    """The rule is as it was before; False where it has been checked again since."""
    rule = locked(verdict.rule)
    if rule.verdict_id != verdict.pk:
        return False
    take_away(verdict, by=by)
    _let_stand(rule, rule.verdicts.standing().first())
    record("verdict taken back", rule, by=by, verdict=verdict.kind)
    drop(authority=rule.authority, key=_key_of(verdict))
    return True


def _let_stand(rule: Rule, verdict: Verdict | None) -> None:
    rule.verdict = verdict
    rule.answer = "\n".join(filter(None, _words_of(verdict))) if verdict else ""
    rule.save(update_fields=["verdict", "answer", "checker", "checking_since"])


def _words_of(verdict: Verdict) -> tuple[str, ...]:
    return (verdict.get_kind_display(), verdict.found, verdict.source, verdict.may_do)


def _tell_who_asked(rule: Rule, verdict: Verdict) -> None:
    asked = rule.created_by
    if asked is None or asked == verdict.by or not may_hear(asked, of=rule.authority):
        return
    notify(
        authority=rule.authority,
        to=asked.email,
        kind=NoticeKind.ANSWER,
        key=_key_of(verdict),
        template="smallchanges/email/rule_checked",
        context=_in_a_mail(rule, to=asked) | {"verdict": verdict},
    )


def _to_check(rule: Rule) -> str:
    return f"rule {rule.pk} to check"


def _key_of(verdict: Verdict) -> str:
    return f"rule {verdict.rule_id} verdict {verdict.pk}"


def _in_a_mail(rule: Rule, *, to: User) -> dict:
    return {"rule": rule, "to": to, "link": site_link(rule.get_absolute_url())}


# --- what people know of it


@transaction.atomic
def add_clue(*, rule: Rule, pk: UUID, text: str, by: User | None, illustrative: str = "") -> Clue:
    clue, is_new = make_once(
        rule.clues,
        pk=pk,
        constraint="",  # two may well know the same
        authority_id=rule.authority_id,
        text=text,
        by=by,
        illustrative=illustrative,
    )
    if is_new:
        record("clue added", clue, by=by)
    return clue


@transaction.atomic
def remove_clue(*, clue: Clue, by: User) -> None:
    clue = locked(clue)
    if clue.removed_at is None:
        take_away(clue, by=by)
        record("clue removed", clue, by=by)


@transaction.atomic
def put_back_clue(*, clue: Clue, by: User) -> None:
    clue = locked(clue)
    if clue.removed_at is not None:
        put_back(clue)
        record("clue put back", clue, by=by)
