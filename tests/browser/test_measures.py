"""Counting, a stance and time back in a real browser: how many taps, and where the focus goes."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from smallchanges.models import SmallChange
from tests.browser.test_every_page import scrolls_sideways, with_axe, wrong_with
from tests.browser.test_whole_job import said


def test_counting_a_stance_and_time_back_take_a_tap_or_two(visit):
    change = SmallChange.objects.get(title__startswith="Define partner agency roles")
    phone = with_axe(lambda: visit(width=390))
    phone.sign_in("practitioner@tower-hamlets.example")
    page = phone.go(change.get_absolute_url())
    # A number: one field, and one tap.
    counted = page.locator("#change-measures article").first
    counted.get_by_label("Today’s number (minutes)").fill("16,5")
    counted.get_by_role("button", name="Add").click()
    expect(said(page)).to_contain_text("Added: 16.5 minutes on ")
    expect(counted.get_by_role("button", name="Add")).to_be_focused()
    expect(counted.get_by_role("img")).to_have_accessible_name(re.compile("16.5 minutes"))
    # Where somebody stands: the tag, and where they are now.
    row = page.locator("#change-stakeholders tbody tr").nth(1)
    row.locator(".stance summary").click()
    row.get_by_role("button", name="On board").click()
    expect(said(page)).to_contain_text("Health visitors: On board")
    expect(row.locator(".stance summary")).to_be_focused()
    # Time back: a tap for what it gave, and one for what it took.
    page.locator("#adder-time summary").click()
    for words in ("How much time did it give", "And how much time did it take"):
        button = page.get_by_role("group", name=re.compile(words)).get_by_role(
            "button", name="Under an hour"
        )
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button).to_be_focused()
    for summary in page.locator("#change-measures summary, #who-map summary").all():
        summary.click()
    row.locator(".stance summary").click()
    assert phone.complaints == []
    assert wrong_with(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert scrolls_sideways(page) is False

    # The same without JavaScript: what is tapped comes back at its place.
    plain = visit(javascript=False)
    plain.sign_in("practitioner@tower-hamlets.example")
    page = plain.go(change.get_absolute_url())
    counted = page.locator("#change-measures article").first
    counted.get_by_text("Another day, or a note").click()
    day = timezone.localdate() - timedelta(days=2)
    counted.get_by_label("On which day?").fill(day.isoformat())
    counted.get_by_label("Today’s number (minutes)").fill("18")
    counted.get_by_role("button", name="Add").click()
    expect(said(page)).to_contain_text("Added: 18 minutes on ")
    assert page.url.endswith("#change-measures")
    page.locator("#adder-time summary").click()
    expect(page.locator("#costs-2")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Take my answer back").click()
    expect(said(page)).to_contain_text("Taken back. Nothing is kept of it.")
    assert plain.complaints == []
