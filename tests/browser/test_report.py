"""The impact report, from the data to what others read: drafted, put in other words, published."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.browser.test_every_page import scrolls_sideways, with_axe, wrong_with
from tests.browser.test_whole_job import said

_OURS = "We’d begin with the rota."


def test_a_report_is_drafted_edited_published_and_shared(visit):
    runs = with_axe(visit)
    page = runs.sign_in("facilitator@wandsworth.example")
    seen = {}

    def look(name: str, path: str = "") -> None:
        if path:
            runs.go(path)
        seen[name] = (wrong_with(page), scrolls_sideways(page))
        runs.keep(f"report-{name}-1280")

    runs.go("/wandsworth/impact/report/edit/")
    page.get_by_role("button", name="Draft it from the data").click()
    expect(said(page)).to_contain_text("Drafted from the data")
    look("edit")
    page.locator("#differently").get_by_role("link", name="Write a sentence of our own").click()
    look("section-add")
    page.get_by_label("Your sentence").fill(_OURS)
    page.get_by_role("button", name="Add it").click()
    page.locator("#people").get_by_role("link", name="Put it in your words").first.click()
    look("sentence-edit")
    page.get_by_label("Your sentence").fill("Six of eight of us like the job better.")
    page.get_by_role("button", name="Keep these words").click()
    expect(page.locator("#people")).to_contain_text("The data said: Six of eight people")
    page.get_by_role("link", name="Read it through and publish").click()
    look("publish")
    page.get_by_role("button", name="Publish it").click()
    expect(page.locator("main")).to_contain_text(_OURS)
    page.locator("summary").first.click()
    look("page")
    look("version", "/wandsworth/impact/report/versions/1/")
    look("sharing", "/wandsworth/impact/report/sharing/")
    page.get_by_label("What people say").check()
    page.get_by_role("button", name="Share version 1").click()
    look("others", "/wandsworth/impact/others/")
    expect(page.locator("main")).to_contain_text("6 of 8 (75%)")
    assert seen == dict.fromkeys(seen, ([], False))
    assert runs.complaints == []

    own = visit(width=390)
    own.context.add_init_script(AXE_SCRIPT)
    phone = own.sign_in("practitioner@wandsworth.example")
    own.go("/wandsworth/impact/report/")
    expect(phone.locator("main")).to_contain_text("Six of eight of us like the job better.")
    assert (wrong_with(phone), scrolls_sideways(phone)) == ([], False)
    own.keep("report-page-390")
