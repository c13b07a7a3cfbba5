"""The inbox from a poster on the wall: a phone, no account, and an answer that comes back."""

from playwright.sync_api import expect

from smallchanges.models import Inbox
from tests.browser.test_every_page import look, scrolls_sideways, with_axe, wrong_with


def _fine(page, *, contrast: bool = False) -> bool:
    problems = wrong_with(page, contrast=contrast)
    assert (problems, scrolls_sideways(page)) == ([], False)
    return True


def test_an_idea_from_a_phone_gets_its_answer_by_the_link_alone(visit):
    """Offered without a script, after a warning; answered at a desk; read by the link."""
    public = Inbox.objects.get(authority__slug="tower-hamlets").public_path
    phone = visit(width=390, javascript=False)
    page = phone.go(public)
    page.get_by_label("An idea").check()
    page.get_by_label("Tell us").fill("Ring 07700 900123 and ask for a kettle")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("This looks like a phone number.")).to_be_visible()
    page.get_by_label("Tell us").fill("A kettle that works in the family room")
    page.get_by_role("button", name="Send what I’ve changed").click()
    expect(page.get_by_role("heading", name="Thank you. We’ve got it")).to_be_visible()
    link = page.get_by_label("The link to your answer").input_value()
    assert link == page.url
    keeper = visit(width=390)
    keeper.context.grant_permissions(["clipboard-read", "clipboard-write"])
    keeper.page.goto(link)
    keeper.page.get_by_role("button", name="Copy the link").click()
    expect(keeper.page.get_by_text("Copied.")).to_be_visible()
    assert keeper.page.evaluate("navigator.clipboard.readText()") == link

    desk = with_axe(visit)
    page = desk.sign_in("manager@tower-hamlets.example")
    desk.go("/tower-hamlets/inbox/")
    page.get_by_role("link", name="A kettle that works in the family room").first.click()
    waits = page.url.removeprefix(desk.site)
    assert (look(desk, waits), look(desk, f"{waits}answer/change/")) == ([], [])
    desk.go(waits)
    page.get_by_role("link", name="Not now, because…").click()
    page.get_by_label("Not now, because…").fill("The kitchen is being moved until spring.")
    page.get_by_role("button", name="Send this answer").click()
    expect(page.get_by_text("Answered. Thank you")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()

    phone.page.goto(link)
    expect(phone.page.get_by_text("The kitchen is being moved until spring.")).to_be_visible()

    reader = with_axe(lambda: visit(width=390))
    page = reader.page
    page.goto(link)
    assert _fine(page, contrast=True)
    page.goto(phone.site + public)
    assert _fine(page, contrast=True)
    page.get_by_label("Tell us").fill("Mr Sampleton rang")
    page.get_by_label("I don’t need an answer").check()  # leaves the text: the page looks at it
    expect(page.get_by_text("This looks like somebody’s name.")).to_be_visible()
    expect(page.get_by_label("Your email address")).to_be_hidden()
    page.get_by_label("Write to my email address").check()
    expect(page.get_by_label("Your email address")).to_be_visible()
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert _fine(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert not scrolls_sideways(page)
