"""Moving several changes from the list with one press: by finger, by keyboard, without a script."""

from playwright.sync_api import expect

from smallchanges.models import SmallChange
from tests.browser.keys import FOCUSED
from tests.browser.test_every_page import scrolls_sideways, wrong_with
from tests.browser.test_whole_job import JAVASCRIPT, said, undo


def _stages(word: str) -> set[str]:
    return set(SmallChange.objects.filter(title__startswith=word).values_list("stage", flat=True))


@JAVASCRIPT
def test_several_changes_move_with_one_press(visit, javascript):
    word = "Portfolio script" if javascript else "Portfolio plain"
    one = visit(width=390, javascript=javascript)
    page = one.sign_in("practitioner@warrington.example")
    programme = SmallChange.objects.filter(authority__slug="warrington")[0].programme
    for number in (1, 2):
        programme.small_changes.create(
            authority=programme.authority, title=f"{word} {number}", status="chosen"
        )
    one.go(f"/warrington/changes/?as=table&q={word.replace(' ', '+')}")
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    boxes.nth(0).focus()
    page.keyboard.press("Space")
    if javascript:
        # The bar with the button is at hand now, and covers nothing that has the focus.
        boxes.nth(1).focus()
        stop = page.evaluate(FOCUSED)
        assert (stop["inView"], stop["covered"]) == (True, False)
        assert (wrong_with(page), scrolls_sideways(page)) == ([], False)
    page.get_by_role("link", name="Tick all on this page").click()
    expect(boxes.nth(0)).to_be_checked()
    expect(boxes.nth(1)).to_be_checked()
    page.get_by_role("button", name="Move what’s ticked").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Move two changes")
    page.get_by_label("Develop").check()
    if not javascript:
        page.get_by_role("button", name="See what will move").click()
    expect(page.get_by_role("heading", name="Two will move")).to_be_visible()
    if javascript:
        assert (wrong_with(page), scrolls_sideways(page)) == ([], False)
    page.get_by_role("button", name="Move two changes").click()
    expect(said(page)).to_contain_text("Moved 2 changes: Develop.")
    assert _stages(word) == {"develop"}
    undo(page)
    expect(said(page)).to_contain_text("Taken back: 2 changes.")
    assert _stages(word) == {"mission"}
    assert one.complaints == []
