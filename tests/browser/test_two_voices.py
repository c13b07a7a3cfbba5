"""Two voices: two people place on their phones, the facilitator closes, and the talk begins."""

from datetime import timedelta

from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import expect

from blueprints.models import Place, PlacingRound
from programmes.models import LocalAuthority
from tests.browser.test_every_page import scrolls_sideways, with_axe, wrong_with
from tests.browser.test_whole_job import said

_QUESTION = "Which of these would free most time?"


def test_two_people_place_on_phones_and_the_talk_begins_at_the_widest_gap(visit):
    runs = with_axe(visit)
    page = runs.sign_in("facilitator@tower-hamlets.example")
    runs.go("/tower-hamlets/sensemaking/add/")
    page.get_by_label("What do we ask both voices?").fill(_QUESTION)
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.get_by_label("Which day is the last?").fill(str(tomorrow))
    page.get_by_role("button", name="Open it").click()
    expect(said(page)).to_contain_text("It’s open.")
    placing = PlacingRound.objects.get(question=_QUESTION)
    first = placing.things.first()

    for person, matters, moves in (("practitioner", "5", "1"), ("manager", "1", "5")):
        own = visit(width=390)
        own.context.add_init_script(AXE_SCRIPT)
        phone = own.sign_in(f"{person}@tower-hamlets.example")
        own.go(f"/tower-hamlets/sensemaking/{placing.pk}/place/")
        phone.locator(f"#matters-{matters}-{first.pk}").check(force=True)
        phone.locator(f"#moves-{moves}-{first.pk}").check(force=True)
        expect(phone.locator("#placed-so-far")).to_contain_text("You’ve placed 1 of")
        assert (wrong_with(phone), scrolls_sideways(phone)) == ([], False)
        own.keep(f"voices-place-{person}-390")
        assert own.complaints == []
    _four_more_of_each(placing, first)

    runs.go(f"/tower-hamlets/sensemaking/{placing.pk}/")
    expect(page.locator("main")).to_contain_text("Nobody sees anything of it before it closes")
    page.get_by_role("link", name="Close it").click()
    page.get_by_role("button", name="Close it and show both voices").click()
    words = f"Practitioners see “{first}” as mattering much more and much less able to move"
    expect(page.locator(".talk li").first).to_contain_text(words)
    assert wrong_with(page) == []
    runs.keep("voices-closed-1280")
    assert runs.complaints == []


def _four_more_of_each(placing: PlacingRound, thing) -> None:
    place = LocalAuthority.objects.get(slug="tower-hamlets")
    for voice, matters, can_move in (("practitioner", 5, 1), ("leader", 1, 5)) * 4:
        Place.objects.create(
            authority=place, thing=thing, voice=voice, matters=matters, can_move=can_move
        )
