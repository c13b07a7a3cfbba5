"""By keyboard alone: where the focus goes, that it can be seen, and that nothing covers it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keys import FOCUSED
from tests.browser.test_whole_job import said


def walk_by_tab(page: Page, most: int = 200) -> list[dict]:
    """Every stop of the Tab key from the top of the page to its end."""
    stops = []
    page.evaluate("document.activeElement?.blur()")
    for _ in range(most):
        page.keyboard.press("Tab")
        if (stop := page.evaluate(FOCUSED)) is None:
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize("width", [1280, 390])
def test_the_focus_is_seen_and_nothing_covers_it(visit, width):
    one = visit(width=width)
    one.sign_in("facilitator@tower-hamlets.example")
    hidden = {}
    wide_alone = ("ambition/", "changes/?as=table", "timeline/") if width > 390 else ()
    for page in ("", "changes/?as=board", "blueprint/edit/", "people/", *wide_alone):
        path = f"/tower-hamlets/{page}"
        stops = walk_by_tab(one.go(path))
        assert len(stops) > 10
        hidden[path] = [s for s in stops if not s["inView"] or not s["marked"] or s["covered"]]
    assert {path: stops for path, stops in hidden.items() if stops} == {}


def test_sign_in_and_offer_a_change_by_keyboard(visit):
    one = visit()
    page = one.go("/accounts/login/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    page.locator("#id_login").focus()
    page.keyboard.type("practitioner@tower-hamlets.example")
    page.keyboard.press("Tab")
    page.keyboard.type("small-changes")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tower-hamlets/")
    one.go("/tower-hamlets/changes/add/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.name") != "title":
        page.keyboard.press("Tab")
    page.keyboard.type("Typed without a mouse")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Got it. Your idea is in Mission: Typed without a mouse")


def test_an_error_summary_takes_the_focus_and_leads_to_the_field(visit):
    one = visit()
    one.sign_in("practitioner@tower-hamlets.example")
    page = one.go("/tower-hamlets/changes/add/")
    page.locator("[name='title']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name='title']")).to_be_focused()


def test_ordering_keeps_the_focus_on_the_button(visit):
    one = visit()
    one.sign_in("facilitator@tower-hamlets.example")
    page = one.go("/tower-hamlets/blueprint/edit/")
    button = page.get_by_role("button", name="Move down").first
    name = button.get_attribute("id")
    button.focus()
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Moved down")
    expect(page.locator(f"#{name}")).to_be_focused()
    said_once = said(page).inner_text()
    page.locator(f"#{name.replace('down', 'up')}").focus()
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Moved up")
    assert said_once.startswith("Moved down")


def test_the_menu_on_a_phone_opens_and_closes_by_keyboard(visit):
    one = visit(width=390)
    page = one.sign_in("facilitator@tower-hamlets.example")
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
