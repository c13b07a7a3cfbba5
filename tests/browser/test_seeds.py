"""A change from elsewhere, found and taken as a seed on a phone; those who share it hear of it."""

from playwright.sync_api import expect

from tests.browser.test_whole_job import said, send


def test_a_seed_is_found_taken_and_seen_where_it_came_from(visit):
    taker = visit(width=390)
    page = taker.sign_in("practitioner@warrington.example")
    taker.go("/warrington/inspiration/")
    cards = page.locator("#inspiration-list .exp")
    expect(cards).to_have_count(2)
    page.get_by_label("Search", exact=True).press_sequentially("notetakign")  # a slip of the finger
    expect(cards).to_have_count(1)
    expect(page).to_have_url(f"{taker.site}/warrington/inspiration/?q=notetakign")
    page.get_by_role("link", name="Define partner agency roles and share notetaking").click()
    page.get_by_role("link", name="Take it as a seed").click()
    send(page, what_differs="We sit on three sites.")
    expect(page.get_by_role("alert")).to_contain_text("Say where you start from")
    expect(page.get_by_label("What is different here?")).to_have_value("We sit on three sites.")
    send(
        page,
        starting_point="One of us writes.",
        title="Notes in turn, on three sites",
        tells="Tell them how it goes",
    )
    expect(said(page)).to_contain_text("Your own idea is in Mission")
    expect(page.get_by_role("heading", name="It grew from a seed")).to_be_visible()
    sharer = visit()
    page = sharer.sign_in("practitioner@tower-hamlets.example")
    sharer.go("/tower-hamlets/inspiration/")
    page.get_by_role("link", name="Define partner agency roles and share notetaking").click()
    tree = page.locator("section[aria-labelledby=family]")
    expect(tree.get_by_role("listitem").filter(has_text="Warrington")).to_contain_text(
        "It’s an idea."
    )
    assert (taker.complaints, sharer.complaints) == ([], [])
