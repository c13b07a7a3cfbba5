"""The whole job as people do it, with JavaScript and without: the same words, the same result."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from programmes.models import LocalAuthority, Milestone
from smallchanges.models import SmallChange

JAVASCRIPT = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])


def send(page: Page, *, press: str = "", **fields) -> None:
    """Fill in the form that has these fields, and press its button."""
    first = next(iter(fields))
    form = page.locator(f"main form:has([name='{first}'])").first
    for name, value in fields.items():
        control = form.locator(f"[name='{name}']")
        kind = control.first.get_attribute("type") or control.first.evaluate("one => one.localName")
        if kind in ("radio", "checkbox"):
            for one in [value] if isinstance(value, str | re.Pattern) else value:
                control.and_(form.get_by_label(one)).check()
        elif kind == "select":
            control.select_option(label=value)
        else:
            control.fill(value)
    form.get_by_role("button", name=press or None).last.click()


def said(page: Page):
    """The status line."""
    return page.locator("#status-line")


def undo(page: Page) -> None:
    said(page).get_by_role("button", name="Undo").click()


@JAVASCRIPT
def test_a_new_place_from_nothing_to_its_first_facilitator(visit, javascript):
    word = "Scriptby" if javascript else "Plainby"
    crescendo = visit(javascript=javascript)
    page = crescendo.sign_in("team@crescendo.example")
    page.get_by_role("link", name="Add a place").first.click()
    send(page, name=f"{word} Borough", kind="London borough")
    expect(said(page)).to_contain_text(f"{word} Borough has a place now.")
    slug = LocalAuthority.objects.get(name=f"{word} Borough").slug
    crescendo.go(f"/{slug}/programme/")
    send(
        page,
        service="Family help",
        model="Team-based: a few teams take part directly",
        starts_on="2027-01-14",
        will_listen_to_staff="Yes",
    )
    expect(said(page)).to_contain_text("The programme is set up.")
    assert Milestone.objects.filter(authority__slug=slug).count() == 13
    crescendo.go(f"/{slug}/teams/add/")
    send(page, name="Family help east")
    crescendo.go(f"/{slug}/people/invite/")
    address = f"new.facilitator@{slug}.example"
    send(page, email=address, roles=re.compile("^Facilitator"), teams="Family help east")
    expect(said(page)).to_contain_text(f"{address} is invited.")
    [letter] = [letter for letter in mail.outbox if letter.to == [address]]
    link = re.search(r"/invitations/\S+", letter.body).group()

    guest = visit(width=390, javascript=javascript)
    guest.go(link)
    send(guest.page, name="Robin Newcome", password="three words that nobody knows")
    expect(said(guest.page)).to_contain_text(f"You’re in. Welcome to {word} Borough.")
    assert guest.page.url == f"{guest.site}/{slug}/"
    assert (crescendo.complaints, guest.complaints) == ([], [])


@JAVASCRIPT
def test_a_facilitator_writes_the_ambition(visit, javascript):
    word = "with" if javascript else "without"
    one = visit(javascript=javascript)
    page = one.sign_in("facilitator@warrington.example")
    one.go("/warrington/ambition/")
    page.locator("summary", has_text="Add a value").click()
    for text in (f"Patience {word} script", f"Courage {word} script"):
        page.locator("#values-text").fill(text)
        page.locator("form:has(#values-text) button").click()
        expect(said(page)).to_contain_text(f"Added “{text}”.")
        # Ready for the next one.
        expect(page.locator("#values-text")).to_be_focused()
        expect(page.locator("#values-text")).to_have_value("")
    page.locator("#values-text").fill(f"Courage {word} script")
    page.locator("form:has(#values-text) button").click()
    expect(page.locator("#values-text_error")).to_contain_text("That’s on the list already.")
    expect(page.locator("#values-text")).to_have_value(f"Courage {word} script")

    one.go("/warrington/ambition/?change=values")
    row = page.locator("li", has_text=f"Courage {word} script").last
    row.get_by_role("button", name=re.compile("^Take")).click()
    expect(said(page)).to_contain_text(f"Took “Courage {word} script” off the list.")
    undo(page)
    expect(said(page)).to_contain_text(f"“Courage {word} script” is back.")
    assert one.complaints == []


@JAVASCRIPT
def test_a_change_goes_on_its_way(visit, javascript):
    """A practitioner's phone: an idea, its plan, its first moves."""
    title = f"Quiet hour {'with' if javascript else 'without'} a script"
    one = visit(width=390, javascript=javascript)
    page = one.sign_in("practitioner@warrington.example")
    one.go("/warrington/changes/add/")
    send(page, title="")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Give the change a few words")
    send(page, title=title, purpose="so that nobody calls while we write")
    expect(said(page)).to_contain_text(f"Got it. Your idea is in Mission: {title}")
    page.locator("#adder-step summary").click()
    page.locator("[name='step-text']").fill("Ask the team which hour")
    page.locator("form:has([name='step-text']) button").last.click()
    step = page.locator("#change-steps li", has_text="Ask the team which hour")
    step.get_by_role("button", name=re.compile("done", re.I)).first.click()
    expect(step.locator(".is-done, [aria-pressed='true'], s, del").first).to_be_attached()
    page.get_by_role("link", name=re.compile("^Move")).first.click()
    send(page, stage="Develop", status=re.compile("^Chosen"), why="We all wanted it")
    expect(said(page)).to_contain_text(f"{title} moved to Develop and was chosen.")
    undo(page)
    expect(said(page)).to_contain_text(f"Taken back: {title} is where it was, in Mission.")
    assert one.complaints == []


# Every press of a finger on a control, from page to page.
TAPS = """addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.taps = Number(sessionStorage.taps || 0) + 1;
}, { capture: true });"""


@JAVASCRIPT
def test_an_update_is_two_taps_and_a_line(visit, javascript):
    text = f"We walked to school {'with' if javascript else 'without'} a script"
    one = visit(width=390, javascript=javascript)
    page = one.sign_in("practitioner@tower-hamlets.example")
    page.add_init_script(TAPS)
    change = SmallChange.objects.filter(authority__slug="tower-hamlets", status="in progress")[0]
    one.go(change.get_absolute_url())
    page.get_by_role("link", name="Add an update").click()
    page.locator("#update textarea").fill(text)
    page.get_by_role("button", name="Share update").click()
    expect(said(page)).to_contain_text("Got it. Thank you for telling us.")
    expect(page.locator("#change-story li").first).to_contain_text(text)
    if javascript:
        assert page.evaluate("sessionStorage.taps") == "2"
    undo(page)
    expect(page.locator("#change-story")).not_to_contain_text(text)
    assert one.complaints == []


def test_an_update_outlives_a_lost_network(visit):
    one = visit(width=390)
    page = one.sign_in("practitioner@tower-hamlets.example")
    change = SmallChange.objects.filter(authority__slug="tower-hamlets", status="in progress")[0]
    one.go(change.get_absolute_url())
    text = "We walked where there is no signal"
    page.locator("#update textarea").fill(text)
    page.context.set_offline(True)
    page.get_by_role("button", name="Share update").click()
    expect(page.locator("#update")).to_contain_text("We’ve lost touch. Your words are safe")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(said(page)).to_contain_text("Got it. Thank you for telling us.")
    expect(page.locator("#change-story li", has_text=text)).to_have_count(1)
    assert page.evaluate("Object.keys(sessionStorage).filter((one) => one.includes('draft'))") == []
    # What was not sent yet is there again when the page is.
    page.locator("#update textarea").fill("Half a thou")
    page.reload()
    expect(page.locator("#update textarea")).to_have_value("Half a thou")
    expect(page.locator("#update")).to_contain_text("We kept what you were writing.")


@JAVASCRIPT
def test_a_manager_writes_the_blueprint(visit, javascript):
    word = "Loud" if javascript else "Soft"
    one = visit(javascript=javascript)
    page = one.sign_in("manager@wandsworth.example")
    one.go("/wandsworth/blueprint/insights/add/")
    send(page, text=f"{word} meetings eat the week", kind=re.compile("^It’s a barrier"))
    expect(said(page)).to_contain_text(f"Added: {word} meetings eat the week")
    one.go("/wandsworth/blueprint/pillars/add/")
    send(page, title=f"{word} diaries", insights=f"{word} meetings eat the week")
    expect(said(page)).to_contain_text(f"A new pillar: {word} diaries")
    page.get_by_role("link", name=f"Add an experiment to {word} diaries").click()
    send(page, title=f"{word} Fridays without meetings")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{word} Fridays without meetings")
    page.get_by_role("link", name="Move it on").click()
    send(page, state=re.compile("^Waiting for a yes"))
    expect(said(page)).to_contain_text("Moved to “waiting for a yes”")
    undo(page)
    expect(said(page)).to_contain_text("Back to “idea”")
    assert one.complaints == []


@JAVASCRIPT
def test_a_facilitator_moves_dates_and_calls_a_step_done(visit, javascript):
    one = visit(javascript=javascript)
    page = one.sign_in("facilitator@wandsworth.example")
    one.go("/wandsworth/timeline/")
    page.locator("a[href$='/move/']").last.click()
    title = Milestone.Kind.CELEBRATION.label
    send(page, on="2027-03-18", place="The library")
    expect(said(page)).to_contain_text(f"{title} is on Thursday 18 March 2027 now.")
    undo(page)
    expect(said(page)).to_contain_text(f"{title} is back on")
    one.go("/wandsworth/steps/4/")
    send(page, said="We keep listening")
    expect(said(page)).to_contain_text("is done. Well worth a celebration.")
    undo(page)
    expect(said(page)).to_contain_text("is not done yet.")
    assert one.complaints == []


@JAVASCRIPT
def test_two_people_at_once_and_nothing_is_lost(visit, javascript):
    """Who saves second sees both texts, with their own still in the form."""
    word = "two" if javascript else "three"
    first, second = visit(javascript=javascript), visit(javascript=javascript)
    for one, who in ((first, "facilitator"), (second, "manager")):
        one.sign_in(f"{who}@wandsworth.example")
        one.go("/wandsworth/blueprint/focus/edit/")
    send(first.page, focus=f"The first of {word} texts")
    expect(said(first.page)).to_contain_text("That’s our focus now.")
    send(second.page, focus=f"The second of {word} texts")
    page = second.page
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Someone else changed this while you were writing"
    )
    expect(page.locator("main")).to_contain_text(f"The first of {word} texts")
    expect(page.locator("[name='focus']")).to_have_value(f"The second of {word} texts")
    page.get_by_role("button", name="Save mine over it").click()
    expect(said(page)).to_contain_text("That’s our focus now.")


def test_a_menu_holds_what_a_person_can_use(visit):
    one = visit(width=390)
    page = one.sign_in("practitioner@tower-hamlets.example")
    page.get_by_role("button", name="Menu").click()
    assert page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts() == [
        *("Home", "Workshops", "Small changes", "Blueprint", "Golden thread", "Impact"),
        *("Search", "Our ambition", "Timeline", "People"),
    ]


def test_the_demo_has_a_button_for_each_account(visit, settings):
    settings.MODE = "demo"
    one = visit()
    page = one.go("/accounts/login/")
    buttons = page.locator("button[name='login']")
    addresses = buttons.evaluate_all("all => all.map(one => one.value)")
    assert addresses == [
        *(
            f"{role}@{place}.example"
            for place in ("tower-hamlets", "wandsworth", "warrington")
            for role in ("facilitator", "practitioner", "manager")
        ),
        "team@crescendo.example",
    ]
    page.get_by_role("button", name="Practitioner in Tower Hamlets").click()
    expect(page).to_have_url(f"{one.site}/tower-hamlets/")
