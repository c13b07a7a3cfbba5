"""An experiment learns: what was expected, what was seen, what is decided, and the next cycle."""

from playwright.sync_api import expect

from blueprints.models import Experiment
from tests.browser.keys import fill, press
from tests.browser.test_every_page import scrolls_sideways, with_axe, wrong_with
from tests.browser.test_whole_job import said, send
from tests.factories import ExperimentFactory


def _looks_right(page) -> list:
    return [*wrong_with(page, contrast=False), *(["sideways"] if scrolls_sideways(page) else [])]


def test_a_cycle_is_seen_adapted_and_followed_by_the_next(visit):
    pillar = Experiment.objects.filter(authority__slug="tower-hamlets").first().pillar
    experiment = ExperimentFactory(pillar=pillar, title="Walk to school together", state="trying")
    path = experiment.get_absolute_url()
    one = with_axe(visit)
    page = one.sign_in("practitioner@tower-hamlets.example")
    page.set_viewport_size({"width": 390, "height": 844})
    one.go(path)
    assert _looks_right(page) == []
    # With a keyboard and nothing else.
    press(page, "Write what you saw")
    fill(page, "Before you write what you saw", "Children tell us more than in a room")
    fill(page, "What did you see?", "Two of three talked all the way")
    press(page, "Add what I saw")
    expect(said(page)).to_contain_text("Got it. Thank you for telling us.")
    expect(page.locator(".exp--open")).to_contain_text("Sealed on")
    expect(page.locator(".pods").first).to_contain_text("Two of three talked all the way")
    one.keep("cycle-seen-390")

    other = with_axe(visit)
    phone = other.sign_in("facilitator@tower-hamlets.example")
    phone.set_viewport_size({"width": 390, "height": 844})
    other.go(path)
    phone.get_by_role("link", name="Decide", exact=True).click()
    expect(phone.locator("main")).to_contain_text("Children tell us more than in a room")
    assert _looks_right(phone) == []
    send(
        phone,
        decision="Adapt: change it and try again",
        surprised_us="The quiet one talked most",
        why="Mornings are too short",
    )
    expect(said(phone)).to_contain_text("Moved to “decided”: Walk to school together")

    page.reload()
    page.get_by_role("link", name="Begin the next cycle").click()
    expect(page.locator("main")).to_contain_text("The quiet one talked most")
    assert _looks_right(page) == []
    send(page, we_try="Walk home together", state="Yes, we’re trying it")
    expect(said(page)).to_contain_text("Moved to “trying it”: Walk to school together")
    expect(page.get_by_role("heading", name="Cycle two")).to_be_visible()
    page.locator("summary", has_text="Cycle one").click()
    assert _looks_right(page) == []
    one.keep("cycle-two-390")
    assert [
        (cycle.number, cycle.decision, cycle.we_expect) for cycle in experiment.cycles.all()
    ] == [(1, "adapt", "Children tell us more than in a room"), (2, "", "")]
