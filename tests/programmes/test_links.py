"""Links in mails: good for one person, one purpose and one use."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from programmes import links
from programmes.links import LinkRefused
from programmes.models import MailedLink

pytestmark = pytest.mark.django_db
UPDATE, ANSWER = MailedLink.Purpose.UPDATE, MailedLink.Purpose.ANSWER
NOT_OURS = "This link isn’t one of ours. Check that you copied all of it."


@pytest.fixture
def token(cast):
    return links.make_link(
        authority=cast.authority, purpose=UPDATE, target=uuid4(), email=cast.practitioner.email
    )


def _refusal(token, authority, purpose=UPDATE, user=None) -> str:
    with pytest.raises(LinkRefused) as refused:
        links.link_of(token, purpose, slug=authority.slug, user=user)
    return str(refused.value)


@pytest.mark.parametrize("known", [True, False])
def test_it_opens_for_whom_it_was_mailed_to_signed_in_or_not(token, cast, known):
    user = cast.practitioner if known else AnonymousUser()
    link = links.link_of(token, UPDATE, slug=cast.authority.slug, user=user)
    assert link.email == cast.practitioner.email


def test_it_opens_for_nobody_else(token, cast):
    assert "mailed to somebody else" in _refusal(token, cast.authority, user=cast.manager)


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: f"0{t[1:]}x", lambda t: "hello"])
def test_a_forged_one_is_refused(token, cast, spoil):
    assert _refusal(spoil(token), cast.authority) == NOT_OURS


def test_it_is_for_one_purpose_in_one_authority(token, cast):
    assert _refusal(token, cast.authority, purpose=ANSWER) == NOT_OURS
    assert _refusal(token, cast.other) == NOT_OURS


def test_it_is_used_once(token, cast):
    link = links.link_of(token, UPDATE, slug=cast.authority.slug)
    assert [links.use(link), links.use(link)] == [True, False]
    assert "used already" in _refusal(token, cast.authority)


def test_one_that_was_taken_back_or_ran_out_opens_nothing(token, cast):
    link = links.link_of(token, UPDATE, slug=cast.authority.slug)
    made = {"authority": cast.authority, "purpose": UPDATE, "target": link.target}
    assert [links.revoke(**made), links.revoke(**made)] == [1, 0]
    assert "taken back" in _refusal(token, cast.authority)
    assert links.use(link) is False
    late = {"revoked_at": None, "expires_at": timezone.now() - timedelta(seconds=1)}
    MailedLink.objects.filter(pk=link.pk).update(**late)
    assert "run out" in _refusal(token, cast.authority)
    assert links.use(link) is False
