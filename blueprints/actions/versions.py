"""Versions: a draft of the blueprint's words, the names under it, and the gate that agrees it.

Nothing else assigns a version's state and its days.
"""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from blueprints.models import Blueprint, BlueprintVersion, SignOff
from blueprints.versions import GONE, fingerprint, lacking, parts_now, standing, title_of
from programmes.audit import record
from programmes.editing import Stale, locked, make_once, unless_taken
from programmes.models import NoticeKind, User
from programmes.notices import may_hear, notify, site_link

_ONE_DRAFT = "version_one_draft_at_a_time"
State = BlueprintVersion.State


@transaction.atomic
def propose_version(
    *,
    blueprint: Blueprint,
    pk: UUID,
    seen: str,
    by: User,
    why: str = "",
    whys: dict[str, str] | None = None,
) -> BlueprintVersion:
    """A draft of all words as they are now, for people to put their names to.

    `seen` is the fingerprint of the words that its writer read, `whys` say by a part's id why it is
    another than in the version before. Raises `Stale` where the words are others by now, and
    `Taken` where another draft waits for names.
    """
    blueprint = locked(blueprint, may_be_pointed_at=True)
    if version := blueprint.versions.filter(pk=pk).first():
        return version
    parts = parts_now(blueprint)
    if not parts or fingerprint(parts) != seen:
        raise Stale(blueprint)
    before = blueprint.versions.shown().first()
    version, _ = make_once(
        blueprint.authority.versions,
        pk=pk,
        constraint=_ONE_DRAFT,
        blueprint=blueprint,
        number=before.number + 1 if before else 1,
        parts=_with_reasons(parts, before, whys or {}),
        why=why,
        made_by=by,
    )
    record("version proposed", version, by=by)
    return version


def _with_reasons(parts: list[dict], before, whys: dict[str, str]) -> list[dict]:
    here = {part["id"] for part in parts}
    gone = [
        part | {"kind": GONE, "in": "", "texts": [["title", title_of(part)]], "facts": {}}
        for part in (standing(before.parts) if before else [])
        if part["id"] not in here
    ]
    return [part | {"why": whys.get(part["id"], "")} for part in [*parts, *gone]]


@transaction.atomic
def withdraw_version(*, version: BlueprintVersion, by: User) -> BlueprintVersion:
    """Take a draft back. One that was agreed meanwhile stays, and comes back as it is."""
    version = locked(version)
    if version.state == State.DRAFT:
        version.state, version.ended_at = State.WITHDRAWN, timezone.now()
        version.save(update_fields=["state", "ended_at"])
        record("version withdrawn", version, by=by)
    return version


@transaction.atomic
def put_back_version(*, version: BlueprintVersion, by: User) -> BlueprintVersion:
    """Undo `withdraw_version`, with the names under it. Raises `Taken` where there is a new one."""
    version = locked(version)
    if version.state == State.WITHDRAWN:
        version.state, version.ended_at = State.DRAFT, None
        with unless_taken(_ONE_DRAFT, "version_numbered_once"):
            version.save(update_fields=["state", "ended_at"])
        record("version put back", version, by=by)
    return version


@transaction.atomic
def sign_version(*, version: BlueprintVersion, voice: str, by: User) -> BlueprintVersion:
    """Put one's name to a draft as one of the two voices; twice is once, as what one was first.

    With one of each it is agreed. Raises ValidationError where nobody can sign it.
    """
    version = locked(version)
    if version.sign_offs.filter(by=by).exists():
        return version
    if version.state != State.DRAFT:
        raise ValidationError("It doesn’t wait for names any more.")
    if lacking(version.parts):
        raise ValidationError("It can’t be signed while a pillar lacks a voice.")
    version.sign_offs.create(authority=version.authority, voice=voice, by=by)
    record("version signed", version, by=by, voice=voice)
    _agree(version, by=by)
    return version


@transaction.atomic
def unsign_version(*, version: BlueprintVersion, by: User) -> bool:
    """Take one's name back while it is a draft; False where there is none to take back."""
    version = locked(version)
    if version.state != State.DRAFT or not version.sign_offs.filter(by=by).delete()[0]:
        return False
    record("version unsigned", version, by=by)
    return True


def _agree(version: BlueprintVersion, *, by: User) -> None:
    """The gate: with a practitioner's and a leader's name, and no voice missing, it is agreed.

    Side effects: the day of it; the version that held until now is superseded, with its day; an
    event for each; a mail to whoever proposed it, unless they were the last to sign.
    """
    voices = set(version.sign_offs.values_list("voice", flat=True))
    if voices != set(SignOff.Voice.values):
        return
    now = timezone.now()
    # First, since one alone can hold.
    for old in version.blueprint.versions.agreed().select_for_update():
        old.state, old.ended_at = State.SUPERSEDED, now
        old.save(update_fields=["state", "ended_at"])
        record("version superseded", old, by=by)
    version.state, version.agreed_at = State.AGREED, now
    version.save(update_fields=["state", "agreed_at"])
    record("version agreed", version, by=by)
    proposer = version.made_by
    if proposer and proposer != by and may_hear(proposer, of=version.authority):
        path = reverse("blueprints:version", args=[version.authority.slug, version.pk])
        notify(
            authority=version.authority,
            to=proposer.email,
            kind=NoticeKind.ANSWER,
            key=f"version {version.pk} agreed",
            template="blueprints/email/version_agreed",
            context={"version": version, "page": site_link(path)},
        )
