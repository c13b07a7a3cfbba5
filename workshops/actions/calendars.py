"""The address that a member's own calendar reads: made, renewed and stopped by them."""

import uuid

from django.db import transaction

from programmes.audit import record
from programmes.models import Membership, User
from workshops.models import CalendarFeed


@transaction.atomic
def renew(*, membership: Membership, by: User) -> CalendarFeed:
    """An address for this member; an old one opens nothing from now on."""
    feed, _ = CalendarFeed.objects.update_or_create(
        membership=membership,
        defaults={"authority_id": membership.authority_id, "secret": uuid.uuid4()},
    )
    record("calendar address made", feed, by=by)
    return feed


@transaction.atomic
def stop(*, membership: Membership, by: User) -> bool:
    """Their address opens nothing any more; False where there is none."""
    feed = CalendarFeed.objects.select_for_update().filter(membership=membership).first()
    if feed is None:
        return False
    record("calendar address stopped", feed, by=by)
    feed.delete()
    return True
