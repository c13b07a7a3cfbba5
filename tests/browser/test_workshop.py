"""Workshops live: a facilitator, a big screen and phones, each in a browser of their own."""

import pytest
from playwright.sync_api import Page, expect

from programmes.models import Barrier
from smallchanges.models import MissionStrand
from tests.browser.test_every_page import scrolls_sideways, wrong_with
from tests.browser.test_whole_job import said, send
from tests.factories import NoteFactory
from workshops.models import Group, Note, Workshop

# What somebody could write to make a page do something. Each puts `taken` where a test can see it.
BREAKING_OUT = ["{}", '">{}', "'>{}", "</textarea></title></script>{}", "{{{{ x }}}}{}<!--"]
DOING = [
    "<script>document.title='taken'</script>",
    "<img src=/taken/ onerror=\"document.title='taken'\">",
    "<svg onload=\"document.title='taken'\">",
    "<svg><animate onbegin=\"document.title='taken'\" attributeName=x dur=1s>",
    "<body onload=\"document.title='taken'\">",
    "<iframe src=\"javascript:parent.document.title='taken'\">",
    "<iframe srcdoc=\"<script>parent.document.title='taken'</script>\">",
    "<details open ontoggle=\"document.title='taken'\">",
    "<input autofocus onfocus=\"document.title='taken'\">",
    "<video><source onerror=\"document.title='taken'\">",
    "<a hx-get=/taken/ hx-trigger=load>x</a>",
    "<div data-hx-get=/taken/ data-hx-trigger=load>",
    "<div hx-on:htmx:load=\"document.title='taken'\" hx-get=/taken/ hx-trigger=revealed>",
    "<form hx-post=/taken/ hx-trigger=load>",
    "<link rel=stylesheet href=/taken/><base href=/taken/>",
    '<meta http-equiv=refresh content="0;url=/taken/">',
    "<style>@import '/taken/';*{{background:url(/taken/)}}</style>",
    "<object data=/taken/><embed src=/taken/>",
    "{{{{ 7*7 }}}}{{% csrf_token %}}${{7*7}}",
    "\u202ebackwards\u202c \u200b Z\u0334\u0327\u031ba\u0336l\u0335g\u0337o \ufeff",
]
MARKUP = [out.format(do.format()) for do in DOING for out in BREAKING_OUT]


class Room:
    """A workshop that was planned from a ready-made session, its console and its screen."""

    def __init__(self, visit, session: str, title: str):
        self.urls: list[str] = []
        self.visit, self.visits = self._listening(visit), []
        self.visits = [self.visit()]
        self.console = self.visits[0].sign_in("facilitator@warrington.example")
        self.visits[0].go(f"/warrington/workshops/add/?from={session}")
        send(self.console, title=title)
        self.workshop = Workshop.objects.get(title=title)
        self.console.get_by_role("link", name="Run it").click()
        self.press("Open the doors")
        expect(said(self.console)).to_contain_text("The doors are open.")
        self.workshop.refresh_from_db()
        self.visits.append(self.visit())
        self.screen = self.visits[1].page
        self.screen.set_viewport_size({"width": 1280, "height": 720})
        link = self.console.get_by_role("link", name="Open the big screen")
        self.visits[1].go(link.get_attribute("href"))

    def _listening(self, visit):
        def open_one(**how):
            one = visit(**how)
            one.page.on("request", lambda request: self.urls.append(request.url))
            return one

        return open_one

    def press(self, words: str) -> None:
        self.console.get_by_role("button", name=words).first.click()

    def go(self, title: str) -> None:
        """To a part of the plan, by its line there."""
        self.console.locator(".plan").get_by_role("button", name=title).click()
        expect(self.console.locator("h1")).to_have_text(title)

    def phone(self, name: str = "", *, javascript: bool = True) -> Page:
        one = self.visit(width=390, javascript=javascript)
        self.visits.append(one)
        page = one.go(f"/join/?code={self.workshop.code}")
        send(page, name=name)
        expect(page.locator("h1")).to_have_text("You’re in. We’ll start soon.")
        return page

    def asked(self, path: str) -> list[str]:
        """Requests for an address that only somebody's words name."""
        return [url for url in self.urls if path in url]

    def complaints(self) -> list[tuple[str, str]]:
        return [(one.page.url, words) for one in self.visits for words in one.complaints]


def write(phone: Page, words: str) -> None:
    phone.locator("#text-0").fill(words)
    phone.get_by_role("button", name="Add my note").first.click()
    expect(phone.locator(".notes--mine")).to_contain_text(words)


def pick(console: Page, *words: str) -> None:
    for one in words:
        console.get_by_label(one).check()


def test_a_mission_workshop_from_the_lobby_to_harvested_strands(visit):
    room = Room(visit, "mission", "Our mission, live")
    barriers = list(Barrier.objects.filter(authority__slug="warrington").standing())
    phones = [room.phone(name) for name in ("Sam", "Ash", "")]
    expect(room.console.locator(".room b").first).to_have_text("3")
    room.go("What’s missing")
    for number, phone in enumerate(phones):
        write(phone, f"Missing barrier {number}")
    expect(room.screen.locator("body")).to_contain_text("3 notes from 3 of us so far")
    expect(room.screen.get_by_text("Missing barrier")).to_have_count(0)
    room.press("Show everybody’s notes")
    for page in (room.screen, *phones):
        expect(page.get_by_text("Missing barrier 2").first).to_be_visible()

    room.go("What belongs together")
    first = str(barriers[0])
    pick(room.console, "Missing barrier 0", "Missing barrier 1", first)
    room.console.get_by_label("What do these have in common?").fill("Time for families, live")
    room.press("Start a new group from the picked notes")
    for page in (room.console, room.screen, *phones):
        expect(page.get_by_role("heading", name="Time for families, live")).to_be_visible()
    console = room.console
    console.set_viewport_size({"width": 1280, "height": 1800})  # both ends of the drag in sight
    console.get_by_text("Missing barrier 2").drag_to(
        console.get_by_role("heading", name="Time for families, live")
    )
    expect(said(console)).to_contain_text("Moved “Missing barrier 2” to Time for families, live.")
    # Still there when the stream has brought the console its own news.
    expect(said(room.console).get_by_role("button", name="Undo")).to_be_visible()

    room.go("Where to begin")
    for phone in phones:
        phone.get_by_role("button", name="Put a dot on Time for families, live").click()
        expect(phone.locator(".vote.has")).to_have_count(1)
    expect(room.screen.locator("body")).to_contain_text("3 of us have chosen")
    room.press("Show the dots")
    for page in (room.screen, *phones):
        expect(page.locator("body")).to_contain_text("This is what we said together.")

    room.console.get_by_role("link", name="Finish workshop").click()
    room.press("Finish the workshop")
    expect(phones[0].locator("h1")).to_have_text("That’s it for today")
    room.console.get_by_role("link", name="What came out").click()
    room.press("Bring it into the journey")
    strand = MissionStrand.objects.get(title="Time for families, live")
    assert sorted(strand.barriers.values_list("text", flat=True)) == sorted(
        [f"Missing barrier {number}" for number in range(3)] + [first]
    )
    assert room.complaints() == []


def test_nobody_is_pulled_away_and_a_lost_network_loses_no_note(visit):
    room = Room(visit, "vision", "Our vision, cut off")
    phone, other = room.phone("Sam"), room.phone("Ash")
    room.go("What it should stand on")
    expect(phone.locator("#text-0")).to_be_visible()
    phone.locator("#text-0").fill("Half a sentence")
    room.go("Our principles")
    expect(other.locator("h1")).not_to_contain_text("What was different")
    expect(phone.locator("#moved")).to_contain_text("We’ve moved on.")
    expect(phone.locator("#text-0")).to_have_value("Half a sentence")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Add my note").click()
    expect(said(phone)).to_contain_text("One note waits on this phone.")
    assert Note.objects.filter(text="Half a sentence").count() == 0
    phone.context.set_offline(False)
    expect(said(phone)).to_contain_text("your words are sent", timeout=15_000)
    assert Note.objects.filter(text="Half a sentence").count() == 1


def test_a_note_that_is_too_long_keeps_its_words_and_says_so(visit):
    room = Room(visit, "mission", "Too long, live")
    phone = room.phone()
    room.go("What’s missing")
    words = "Too long. " * 40
    phone.locator("#text-0").fill(words)
    phone.get_by_role("button", name="Add my note").click()
    expect(phone.locator("#error-0")).to_contain_text("Make it shorter")
    phone.wait_for_timeout(1500)  # what would come behind the answer has come by then
    expect(phone.locator("#text-0")).to_have_value(words)
    expect(phone.locator("#error-0")).to_be_visible()
    assert room.complaints() == []


def test_a_phone_without_javascript_takes_part_all_the_same(visit):
    room = Room(visit, "vision", "Our vision, plain")
    phone = room.phone("Sam", javascript=False)
    room.go("What it should stand on")
    phone.get_by_role("link", name="See where we are now").click()
    phone.locator("#text-0").fill("Written without a script")
    phone.get_by_role("button", name="Add my note").click()
    expect(said(phone)).to_contain_text("Got it.")
    assert Note.objects.get(text="Written without a script").activity.workshop == room.workshop


def test_markup_in_notes_stays_words_on_all_three_views(visit):
    """A hundred ways to write something that a page would run; see `reliability.md` T8."""
    room = Room(visit, "vision", "Our vision, <b>marked up</b>")
    activity = room.workshop.activities.get(title="What it should stand on")
    phone = room.phone("<i>Sam</i>")
    room.go(activity.title)
    write(phone, MARKUP[0])
    for number, words in enumerate(MARKUP[1:], start=1):
        NoteFactory(activity=activity, text=words[:280], position=number)
    room.press("Show everybody’s notes")
    assert len(MARKUP) == 100
    for page, least in ((room.console, 100), (room.screen, 12), (phone, 100)):
        expect(page.locator(".note").nth(least - 1)).to_be_attached()
    shown = "one => [...document.querySelectorAll('.note')].map(note => note.innerText)"
    for page in (room.console, phone):
        texts = " ".join(" ".join(page.evaluate(shown, None)).split())
        assert [words for words in MARKUP if " ".join(words.split())[:60] not in texts] == []
    made = "main .note :is(script, img, animate, iframe, style, [autofocus], [hx-get], video)"
    seen = [
        (
            page.title() == "taken",
            page.locator(made).evaluate_all("all => all.slice(0, 2).map(one => one.outerHTML)"),
        )
        for page in (room.console, room.screen, phone)
    ]
    assert (seen, room.asked("/taken/"), room.complaints()) == ([(False, [])] * 3, [], [])


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_and_the_width_of_each_view(visit, width):
    room = Room(visit, "vision", f"Our vision at {width}")
    phone = room.phone("Sam")
    first = room.workshop.activities.get(title="What it should stand on")
    wrong = {}

    def look(name: str, page: Page) -> None:
        page.set_viewport_size({"width": width, "height": 844})
        if problems := wrong_with(page):
            wrong[name] = problems
        if scrolls_sideways(page):
            wrong[name, "sideways"] = True

    room.go(first.title)
    write(phone, "Being listened to")
    look("console, writing", room.console)
    look("phone, writing", phone)
    if width == 1280:
        assert (wrong_with(room.screen), scrolls_down(room.screen)) == ([], False)
    room.press("Show everybody’s notes")
    note = Note.objects.get(text="Being listened to", activity=first)
    room.go("Our principles")
    pick(room.console, "Being listened to")
    room.console.get_by_label("What do these have in common?").fill("Listening")
    room.press("Start a new group from the picked notes")
    expect(phone.get_by_role("heading", name="Listening")).to_be_visible()
    look("console, theming", room.console)
    look("phone, theming", phone)
    if width == 1280:
        assert (wrong_with(room.screen), scrolls_down(room.screen)) == ([], False)
    group = Group.objects.get(title="Listening", activity__workshop=room.workshop)
    here = f"/warrington/workshops/{room.workshop.pk}"
    for path in (
        *(f"{here}/run/notes/{note.pk}/tidy/", f"{here}/run/notes/{note.pk}/redact/"),
        *(f"{here}/run/groups/{group.pk}/edit/", f"{here}/run/end/"),
        *(f"{here}/harvest/", f"{here}/summary/", f"{here}/"),
    ):
        look(path.removeprefix(here), room.visits[0].go(path))
    look("changing a note", phone_at(room, phone, note))
    assert wrong == {}


def phone_at(room: Room, phone: Page, note: Note) -> Page:
    """The phone at the page where its own note is changed."""
    phone.goto(f"{room.visits[0].site}/room/{room.workshop.pk}/notes/{note.pk}/edit/")
    return phone


def scrolls_down(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollHeight > innerHeight")
