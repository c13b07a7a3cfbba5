"""A manager answers three experiments on a phone: at most four taps and one text for each."""

from playwright.sync_api import expect

from programmes.models import User
from tests import factories
from tests.browser.test_every_page import look, with_axe
from tests.browser.test_whole_job import said

# Each click, as a finger makes it, and each text that is written.
_COUNT = """() => {
  window.counted = { taps: 0, texts: 0 };
  addEventListener("click", (event) => { if (event.detail) window.counted.taps += 1; }, true);
  addEventListener("change", (event) => {
    if (event.target.matches("textarea, input[type=text]")) window.counted.texts += 1;
  }, true);
}"""


def _experiments(titles):
    """Waiting ones of a pillar of its own, which the manager sponsors."""
    manager = User.objects.get(email="manager@warrington.example")
    member = manager.memberships.get()
    programme = member.authority.current_programme()
    blueprint = getattr(programme, "blueprint", None) or factories.BlueprintFactory(
        programme=programme
    )
    pillar = factories.PillarFactory(blueprint=blueprint, title="On the way", sponsor=member)
    return [
        factories.ExperimentFactory(
            pillar=pillar, title=title, state="waiting for a yes", cycle__we_try="One month of it"
        )
        for title in titles
    ]


def test_three_experiments_on_a_phone(visit):
    titles = ["Shared mornings", "A room for talks", "Notes by turns"]
    rows = _experiments(titles)
    one = with_axe(visit)
    page = one.sign_in("manager@warrington.example")
    assert look(one, "/warrington/reviews/") == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate(_COUNT)
    answers = [("Yes, let’s try it", ""), ("Yes, if…", "Jo agrees"), ("Not yet, because…", "Rooms")]
    for (choice, words), row in zip(answers, rows, strict=True):
        before = page.evaluate("window.counted")
        item = page.locator(f"#item-{row.pk}")
        item.get_by_text(choice, exact=True).click()
        if words:
            item.get_by_label("What would you need first").click()
            page.keyboard.type(words)
        item.get_by_role("button", name="Send my answer").click()
        expect(item).to_contain_text(choice)
        expect(item.get_by_role("button", name="Undo")).to_be_visible()
        after = page.evaluate("window.counted")
        assert after["taps"] - before["taps"] <= 4
        assert after["texts"] - before["texts"] <= 1
        if row != rows[-1]:
            # The next one's heading has the focus.
            following = rows[rows.index(row) + 1]
            expect(page.locator(f"#what-{following.pk}")).to_be_focused()
    expect(page.locator("#waiting-count")).to_contain_text("Nothing waits for you")
    one.keep("reviews-answered-390")
    # By keyboard: what was answered last is undone, and stands there again.
    page.locator(f"#item-{rows[-1].pk}").get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#what-{rows[-1].pk}")).to_be_focused()
    expect(said(page)).to_contain_text("Your answer is taken back: Notes by turns")
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == ["trying", "waiting for a yes", "waiting for a yes"]
    assert one.complaints == []
