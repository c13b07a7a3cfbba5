"""A person who has a keyboard and nothing else."""

from playwright.sync_api import Page, expect

# What has the focus: its box, whether it is drawn around, and whether it lies on top.
FOCUSED = """async () => {
  // Styles follow the focus by a frame.
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const around = getComputedStyle(one.labels?.[0] || one, "::before");
  const held = one.parentElement.matches(":focus-within") && getComputedStyle(one.parentElement);
  const x = box.left + box.width / 2, y = box.top + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y);
  return {
    what: `${one.localName} ${(one.innerText || one.name || one.value || "").slice(0, 40)}`,
    inView: box.bottom > 0 && box.top < innerHeight,
    marked: [style.outlineStyle, around.boxShadow, style.boxShadow, held?.outlineStyle].some(
      (look) => look && look !== "none"
    ),
    covered: !(top && (one.contains(top) || top.contains(one) || one.labels?.[0]?.contains(top))),
  };
}"""
NAME = """() => {
  const one = document.activeElement;
  const label = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent;
  return one.tabIndex < 0 ? "" : label.replace(/\\s+/g, " ").trim();
}"""
MOST = 120  # stops on the longest page


def reach(page: Page, name: str, *, back: bool = False, exact: bool = False) -> None:
    """Tab on until the control with that name has the focus, and see that it shows."""
    stops = []
    while not ((here := page.evaluate(NAME)) == name or (name in here and not exact)):
        stops.append(here)
        assert len(stops) <= MOST, f"“{name}” is nowhere among {stops}"
        page.keyboard.press("Shift+Tab" if back else "Tab")
    seen = page.evaluate(FOCUSED)
    assert (seen["inView"], seen["marked"], seen["covered"]) == (True, True, False), seen


def press(page: Page, name: str, key: str = "Enter", **how: bool) -> None:
    reach(page, name, **how)
    page.keyboard.press(key)


def fill(page: Page, name: str, words: str, *, back: bool = False) -> None:
    reach(page, name, back=back)
    page.keyboard.insert_text(words)


def choose(page: Page, name: str, words: str, *, back: bool = False) -> None:
    """In a list, by its arrows."""
    reach(page, name, back=back)
    field = page.locator("select:focus")
    for _ in range(field.locator("option").count()):
        if field.locator("option:checked").inner_text() == words:
            break
        page.keyboard.press("ArrowDown")
    expect(field.locator("option:checked")).to_have_text(words)
