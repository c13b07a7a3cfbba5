"""The long list of barriers in a real browser: where the focus goes, and what stays in sight."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_whole_job import said, undo

PAGE = "/warrington/ambition/"


@pytest.fixture(scope="module")
def words() -> list[str]:
    """More barriers than a list has that cannot be narrowed."""
    return [f"Waiting for somebody, {number}" for number in range(14)]


@pytest.fixture
def page(visit, words) -> Page:
    """The facilitator's, with all of these added; adding them again says that they are there."""
    one = visit()
    page = one.sign_in("facilitator@warrington.example")
    one.go(PAGE)
    if page.locator(".said", has_text=words[-1]).count() == 0:
        page.locator("#barriers-list summary", has_text="Add a barrier").click()
        for text in words:
            page.locator("#barriers-text").fill(text)
            page.keyboard.press("Enter")
            expect(said(page)).to_contain_text(f"Added “{text}”.")
            expect(page.locator("#barriers-text")).to_be_focused()
        page.reload()
    yield page
    assert one.complaints == []


def _shown(page: Page):
    return page.locator("#barriers-list .said")


def test_typing_narrows_the_list_keeps_the_focus_and_can_be_gone_back_from(page, words):
    all_of_them = _shown(page).count()
    field = page.locator("#filter-q")
    field.press_sequentially("somebody, 1")
    expect(_shown(page)).to_have_count(5)
    expect(field).to_be_focused()
    expect(page.locator("#barriers-found")).to_have_text("5 barriers found")
    page.get_by_label("In whose gift").select_option(label="Beyond us")
    expect(page.locator("#barriers-list")).to_contain_text("No barriers match.")
    page.go_back()
    expect(_shown(page)).to_have_count(5)
    expect(page.get_by_role("heading", level=1)).to_have_text("Our ambition")
    page.get_by_role("link", name="Clear filters").click()
    expect(_shown(page)).to_have_count(all_of_them)
    expect(field).to_have_value("")


def test_ordering_keeps_the_focus_and_what_is_half_written(page, words):
    page.goto(page.url.split("?")[0].split("#")[0] + "?change=barriers")
    page.locator("#barriers-list summary", has_text="Add a barrier").click()
    page.locator("#barriers-text").fill("Half written")
    button = _shown(page).first.get_by_role("button", name=re.compile("^Move down"))
    name = button.get_attribute("id")
    button.focus()
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Moved")
    expect(page.locator(f"#{name}")).to_be_focused()
    expect(page.locator("#barriers-text")).to_have_value("Half written")


def test_what_is_taken_away_leaves_the_focus_on_the_list_and_its_undo_in_sight(page, words):
    page.goto(page.url.split("?")[0].split("#")[0] + "?change=barriers")
    row = _shown(page).filter(has_text=words[-1])
    button = row.get_by_role("button", name=re.compile("^Take away"))
    button.focus()
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text(f"Took “{words[-1]}” off the list.")
    expect(page.locator("#barriers-list .said__n")).to_be_focused()
    expect(said(page).get_by_role("button", name="Undo")).to_be_in_viewport()
    undo(page)
    expect(said(page)).to_contain_text(f"“{words[-1]}” is back.")
    expect(said(page)).to_be_in_viewport()
