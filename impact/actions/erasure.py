"""Erasing: a person from every table, as the registry says of each column, or a whole authority."""

import secrets
import uuid
from collections.abc import Iterator

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from impact.registry import Column, Table, registry
from programmes.audit import record, record_outside
from programmes.models import LocalAuthority, Membership, Notice, NoticeKind, User
from programmes.notices import notify, site_link
from programmes.permissions import Permission, roles_that_may
from smallchanges.models import Seed

# What stands where a name stood, and where nobody can write to.
LEFT = "Somebody who left"
_NOWHERE = "erased.invalid"


@transaction.atomic
def ask_for_erasure(*, membership: Membership, by: User) -> int:
    """Write to the facilitators that somebody wants to be erased; answers to how many."""
    authority = membership.authority
    asked = 0
    path = f"/{authority.slug}/people/{membership.pk}/erase/"
    who_may = authority.memberships.standing().holding_any(roles_that_may(Permission.PERSON_ERASE))
    for one in who_may.select_related("user"):
        asked += bool(
            notify(
                authority=authority,
                to=one.user.email,
                kind=NoticeKind.CHAT,
                key=f"erasure asked {membership.pk} {one.pk} {timezone.localdate()}",
                template="impact/email/erasure_asked",
                context={"who": membership.user, "link": site_link(path)},
            )
        )
    record("erasure asked for", membership, by=by)
    return asked


@transaction.atomic
def erase_person(*, user: User, by: User | None) -> int:
    """Take somebody out of every table; answers in how many something was changed.

    Side effects: their memberships end, their sign-ins and mails are gone, and the account becomes
    a number without a name, which history keeps. What they wrote stays, and names nobody.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    places = list(LocalAuthority.objects.filter(memberships__user=user).distinct())
    _end_sessions(user)
    changed = 0
    for table in registry().values():
        if table.model is not User:
            changed += bool(_erase_in(table, user))
    _empty_mails_about(user)
    user.memberships.filter(ended_at=None).update(ended_at=timezone.now())
    user.email = f"{uuid.uuid4().hex}@{_NOWHERE}"
    user.name, user.password = LEFT, make_password(None)
    user.is_active = user.is_crescendo_team = False
    user.last_login = None
    user.save()
    for place in places:
        record("person erased", user, by=by, authority=place)
    if not places:
        record("person erased", user, by=by)
    return changed + 1


def _erase_in(table: Table, user: User) -> int:
    """Change or delete the rows of one table that are somebody's; answers how many."""
    rows = table.model._base_manager.all()
    changed = 0
    for way, columns in _ways(table).items():
        theirs = rows.filter(_theirs(table.model, way, user))
        if any(one.action == "delete" for one in columns):
            changed += theirs.delete()[0]
        else:
            changed += theirs.update(**{one.name: _instead(table, one) for one in columns})
    return changed


def _ways(table: Table) -> dict[str, list[Column]]:
    """The columns that change, by the column that says whose they are."""
    ways: dict[str, list[Column]] = {}
    for one in table.columns.values():
        if one.action == "keep" or one.kind == "none":
            continue
        if not one.by and not _leads_to_a_person(table.model, one.name):
            continue
        for way in one.by or (one.name,):
            ways.setdefault(way, []).append(one)
    return ways


def _leads_to_a_person(model: type[models.Model], name: str) -> bool:
    column = model._meta.get_field(name)
    return column.related_model in (User, Membership) or isinstance(column, models.EmailField)


def _theirs(model: type[models.Model], way: str, user: User) -> Q:
    column = model._meta.get_field(way)
    if isinstance(column, models.EmailField):
        return Q(**{f"{way}__iexact": user.email})
    if column.related_model is Membership:
        return Q(**{f"{way}__user": user})
    if column.related_model is None:
        # A name that was copied or typed; nobody is called by an empty one.
        return Q(**{f"{way}__iexact": user.name or user.email})
    return Q(**{way: user})


def _instead(table: Table, column: Column):
    field = table.model._meta.get_field(column.name)
    if column.action == "replace":
        return LEFT if column.kind == "personal" else secrets.token_hex(32)
    return None if field.null else ""


def _empty_mails_about(user: User) -> None:
    """Mails to others: one that waits goes nowhere, and of one that went nothing is kept."""
    named = Q()
    for words in filter(None, (user.name.strip(), user.email)):
        named |= Q(subject__icontains=words) | Q(body__icontains=words) | Q(key__icontains=words)
    about = Notice.objects.filter(named)
    about.waiting().update(dropped_at=timezone.now(), subject="", body="")
    for one in Notice.objects.filter(named):
        one.subject = one.body = ""
        one.key = _nowhere(one.key, user)
        one.save(update_fields=["subject", "body", "key"])


def _nowhere(key: str, user: User) -> str:
    """What it was of, without the address that it had: still there once, ever."""
    return f"erased {uuid.uuid4().hex}" if user.email in key.lower() else key


def _end_sessions(user: User) -> None:
    """Whoever is signed in stands in the session alone: each is looked into."""
    theirs = [
        one.pk
        for one in Session.objects.iterator()
        if one.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(pk__in=theirs).delete()


def where_named(*, user: User, authority: LocalAuthority) -> Iterator[tuple[str, str, int]]:
    """Where what people wrote has the person's name or address: topic, table, and how many rows.

    Words are other people's too: somebody reads them and rewrites them by hand.
    """
    wanted = [words for words in (user.name.strip(), user.email) if len(words) >= 3]
    for table in registry().values():
        names = {one.name for one in table.model._meta.concrete_fields}
        written = table.written()
        # Mails that name somebody go with them: nobody can reword what was sent.
        if "authority" not in names or not written or table.model is Notice:
            continue
        named = Q()
        for words in wanted:
            for column in written:
                named |= Q(**{f"{column}__icontains": words})
        count = table.model._base_manager.filter(named, authority=authority).count()
        if count:
            yield table.topic, table.title, count


def seeds_elsewhere(authority: LocalAuthority) -> models.QuerySet:
    """What others grew from this authority's words: the one thing of others that goes with it."""
    return Seed.objects.filter(share__authority=authority).exclude(authority=authority)


@transaction.atomic
def erase_authority(*, authority: LocalAuthority, by: User | None) -> int:
    """Delete every row of an authority, its history too; answers how many.

    Side effects: accounts of people who take part nowhere else are gone. So is where others'
    changes say that they grew from its words; those changes themselves stay.
    """
    number = LocalAuthority.objects.select_for_update().get(pk=authority.pk)
    only_here = list(_people_only_here(authority))
    gone, _ = seeds_elsewhere(authority).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute(
            "DELETE FROM workshops_event WHERE workshop_id IN"
            " (SELECT id FROM workshops_workshop WHERE authority_id = %s)",
            [number.pk],
        )
        # The last that came is the first to go: what hangs on a row goes before it.
        for table in reversed(list(registry().values())):
            model = table.model
            has_one = any(one.column == "authority_id" for one in model._meta.concrete_fields)
            if has_one and table.label != "programmes.AuditEvent":
                name = model._meta.db_table
                cursor.execute(
                    f"DELETE FROM {name} WHERE authority_id = %s",  # noqa: S608 - our own names
                    [number.pk],
                )
                gone += cursor.rowcount
        cursor.execute("DELETE FROM programmes_localauthority WHERE id = %s", [number.pk])
        cursor.execute("DELETE FROM programmes_auditevent WHERE authority_id = %s", [number.pk])
        gone += cursor.rowcount + 1
    for person in only_here:
        _end_sessions(person)
        gone += person.delete()[0]
    record_outside("authority erased", number, by=by)
    return gone


def _people_only_here(authority: LocalAuthority) -> models.QuerySet:
    """Whom nothing keeps once it is gone: members here, now or once, and nowhere else."""
    elsewhere = Membership.objects.exclude(authority=authority).values("user")
    here = authority.memberships.values("user")
    return User.objects.filter(pk__in=here, is_crescendo_team=False).exclude(pk__in=elsewhere)
