"""Links for partners: giving, showing again, taking back, and what opens with them."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from blueprints.models import PartnerLink
from blueprints.partners import address_of, token_of
from programmes.models import AuditEvent
from tests import factories
from tests.answers import errors, follow, told, undo

PAGE = "/own/blueprint/for-partners/"
PK = UUID(int=7)


@pytest.fixture
def link(cast, blueprint):
    factories.CommitmentFactory(blueprint=blueprint, text="Families first")
    return factories.PartnerLinkFactory(authority=cast.authority, for_whom="The hospital")


def _status(address: str) -> int:
    return Client().get(address).status_code


def test_a_manager_makes_one_and_finds_its_address_again(manager, cast, blueprint):
    said = {"id": PK, "for_whom": " Our  partners ", "lasts": "2 weeks"}
    for _ in range(2):
        answer = manager.post(PAGE, said)
        assert (answer.status_code, answer.url) == (302, f"{PAGE}#link-{PK}")
    made = PartnerLink.objects.get()
    assert (made.pk, made.for_whom, made.made_by) == (PK, "Our partners", cast.manager)
    assert (made.expires_at - made.made_at) == timedelta(weeks=2)
    page = manager.get(PAGE).content.decode()
    assert f'<p class="key" id="key-{PK}">http://testserver{address_of(made)}</p>' in page
    assert AuditEvent.objects.filter(verb="partner link given").count() == 1
    kept = str(list(AuditEvent.objects.values()))
    assert ("Our partners" in kept, token_of(made) in kept) == (False, False)


def test_what_is_missing_is_said_beside_it(manager):
    answer = manager.post(PAGE, {"id": PK, "for_whom": " ", "lasts": "for ever"})
    assert errors(answer) == {
        "for_whom": ["Say who will get the link, so that everybody knows later."],
        "lasts": ["Choose one from the list."],
    }
    assert not PartnerLink.objects.exists()


def test_what_is_taken_back_opens_nothing_at_once_and_undo_gives_it_back(manager, link):
    addresses = [address_of(link) + rest for rest in ("", "blueprint.pdf", "blueprint.docx")]
    assert [_status(one) for one in addresses] == [200, 200, 200]
    after = follow(manager, manager.post(f"{PAGE}{link.pk}/take-back/"))
    assert told(after) == ["It opens nothing any more: the link for The hospital"]
    assert [_status(one) for one in addresses] == [410, 410, 410]
    page = after.content.decode()
    assert ("The hospital: taken back today" in page, token_of(link) in page) == (True, False)
    after = follow(manager, undo(manager, after))
    assert told(after) == ["It works again: the link for The hospital"]
    assert [_status(one) for one in addresses] == [200, 200, 200]


def test_one_that_ran_out_opens_nothing_and_undo_says_so(manager, link):
    follow(manager, manager.post(f"{PAGE}{link.pk}/take-back/"))
    long_ago = timezone.now() - timedelta(days=30)
    PartnerLink.objects.update(made_at=long_ago, expires_at=long_ago + timedelta(days=14))
    after = follow(manager, manager.post(f"{PAGE}{link.pk}/give-back/"))
    said = "It has run out meanwhile, so make a new one: the link for The hospital"
    assert told(after) == [said]
    assert _status(address_of(link)) == 410


def test_a_wrong_address_tells_of_nobody(link, cast):
    """The same page, whether there is such a link, and whether there is such a place."""
    token = token_of(link)
    answers = [
        Client().get(f"/{slug}/blueprint/shared/{tried}/")
        for slug, tried in (
            ("own", "nonsense"),
            ("nowhere", "nonsense"),
            ("own", f"{token}x"),
            ("own", f"{link.pk.hex}:{'A' * 43}"),
            ("other", token),
            ("nowhere", token),
        )
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_the_page_leaves_no_trace_and_leads_nowhere(link):
    answer = Client().get(address_of(link))
    page = answer.content.decode()
    assert "Families first" in page
    held = {name: answer[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")}
    assert held == {
        "Cache-Control": "no-store, private",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
    }
    leads = re.findall(r'<a [^>]*href="([^"]*)', page)
    here = address_of(link)
    assert leads == ["#main", f"{here}blueprint.pdf", f"{here}blueprint.docx"]
    assert ("<script" in page, "<form" in page, answer.cookies.output()) == (False, False, "")
    assert not AuditEvent.objects.exists()


def test_before_anything_is_written_the_page_says_what_will_be_there(cast):
    link = factories.PartnerLinkFactory(authority=cast.authority)
    page = Client().get(address_of(link)).content.decode()
    assert ("Nothing is written here yet." in page, "blueprint.pdf" in page) == (True, False)
    assert _status(f"{address_of(link)}blueprint.pdf") == 404


def test_guesses_are_counted_and_a_good_link_is_not_shut_out(link):
    one = Client(REMOTE_ADDR="198.51.100.77")
    tried = [one.get("/own/blueprint/shared/guess/").status_code for _ in range(61)]
    assert (set(tried[:60]), tried[60]) == ({404}, 429)
    assert one.get(address_of(link)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(manager, cast, blueprint, django_assert_num_queries, count):
    factories.PartnerLinkFactory.create_batch(count, authority=cast.authority)
    with django_assert_num_queries(10):
        manager.get(PAGE)
