"""Looking a rule up, and a cheer, by keyboard and without anything moving."""

from playwright.sync_api import expect

from tests.browser.test_whole_job import said


def test_a_misspelt_rule_is_found_and_its_change_is_cheered(visit):
    one = visit(width=390)
    page = one.sign_in("practitioner@tower-hamlets.example")
    one.go("/tower-hamlets/permissions/")
    page.get_by_role("searchbox").fill("minits core grup")
    expect(page.locator("#permissions-list")).to_contain_text("Nothing in the book matches.")
    page.get_by_role("searchbox").fill("referal")
    expect(page.locator("#permissions-list .exp")).to_have_count(2)
    expect(page.locator("#permissions-count")).to_have_text("2 found in the permission book")
    page.get_by_role("searchbox").fill("minutes core gro")
    expect(page.locator("#permissions-list .exp")).to_have_count(1)
    page.get_by_role("link", name="Define partner agency roles").click()
    page.wait_for_url("**/changes/*/")
    cheer = page.locator(".cheer").first
    cheer.get_by_role("button", pressed=False).focus()
    page.keyboard.press("Enter")
    expect(cheer).to_contain_text("You cheered this")
    # Its button is a new one, and has the focus all the same: the next tap takes the cheer back.
    expect(cheer.get_by_role("button", pressed=True)).to_be_focused()
    expect(said(page)).to_contain_text("You cheered. Tap again to take it back.")
    page.keyboard.press("Enter")
    expect(cheer.get_by_role("button", pressed=False)).to_be_focused()
    expect(cheer).not_to_contain_text("cheered this")
