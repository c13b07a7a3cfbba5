"""Workshops live: a facilitator, a big screen and phones, each in a browser of their own."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from programmes.models import Barrier, User
from smallchanges.models import MissionStrand
from tests.browser import keys
from tests.browser.test_every_page import scrolls_sideways, wrong_with
from tests.browser.test_whole_job import said, send
from tests.factories import ActivityFactory, NoteFactory
from workshops.actions.notes import redact
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


# What a screen reader would say, and notes that come faster than it could say them.
LISTEN = """() => {
  window.heard = [];
  for (const one of document.querySelectorAll("[role=status]")) {
    new MutationObserver(() => one.textContent.trim() && heard.push(one.textContent))
      .observe(one, { childList: true, characterData: true, subtree: true });
  }
}"""
SEND_AT_ONCE = """(many) => {
  const form = document.querySelector("[data-note-form]");
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  headers["HX-Request"] = "true";
  const send = (text) => {
    const note = new FormData(form);
    note.set("id", crypto.randomUUID());
    note.set("text", text);
    const body = new URLSearchParams(note);
    return fetch(form.action, { method: "POST", headers, body });
  };
  const sent = [...Array(many).keys()].map((number) => send(`Note ${number}`));
  return Promise.all(sent).then(() => many);
}"""


# Whether a region that is asked for anew is the old one still.
STAYS = """async () => {
  const before = room.region();
  await room.fetchRegion();
  return before.isConnected;
}"""


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
        """Without what a browser says of a network that a test took away."""
        cut = "net::ERR_INTERNET_DISCONNECTED"
        every = [(one.page.url, words) for one in self.visits for words in one.complaints]
        return [(url, words) for url, words in every if cut not in words]


def write(phone: Page, words: str) -> None:
    phone.locator("#text-0").fill(words)
    phone.get_by_role("button", name="Add my note").first.click()
    expect(phone.locator(".notes--mine")).to_contain_text(words)


def drag(console: Page, note: str, group: str) -> None:
    """With the mouse; what the stream brings while it is down takes nothing from under it."""
    console.get_by_text(note, exact=True).hover()
    console.mouse.down()
    assert console.evaluate(STAYS)
    heading = console.get_by_role("heading", name=group)
    for _ in range(2):  # the first move begins the drag, the second is over the group
        heading.hover(force=True)
    console.mouse.up()


def pick(console: Page, *words: str) -> None:
    for one in words:
        console.get_by_label(one).check()


def test_a_mission_workshop_from_the_lobby_to_harvested_strands(visit):
    """The facilitator and one of the phones have the keyboard alone, from the open door on."""
    room = Room(visit, "mission", "Our mission, live")
    console = room.console
    barriers = list(Barrier.objects.filter(authority__slug="warrington").standing())
    phones = [room.phone(name) for name in ("Sam", "Ash", "")]
    by_keys = phones[0]
    expect(console.locator(".room b").first).to_have_text("3")
    keys.press(console, "What’s missing")
    expect(console.locator("h1")).to_have_text("What’s missing")
    for number, phone in enumerate(phones[1:], start=1):
        write(phone, f"Missing barrier {number}")
    keys.fill(by_keys, "What stops us", "Missing barrier 0")
    keys.press(by_keys, "Add my note")
    expect(by_keys.locator(".notes--mine")).to_contain_text("Missing barrier 0")
    expect(by_keys.locator(":focus")).to_have_text("Add my note")
    expect(room.screen.locator("body")).to_contain_text("3 notes from 3 of us so far")
    expect(room.screen.get_by_text("Missing barrier")).to_have_count(0)
    keys.press(console, "Show everybody’s notes")
    for page in (room.screen, *phones):
        expect(page.get_by_text("Missing barrier 2").first).to_be_visible()
    # What was pressed is gone, and what it made has the focus.
    expect(console.locator("#main")).to_be_focused()

    keys.press(console, "What belongs together", back=True)
    expect(console.locator("h1")).to_have_text("What belongs together")
    first = str(barriers[0])
    for words in ("Missing barrier 0", "Missing barrier 1", first):
        keys.reach(console, "What belongs together", back=True)
        keys.press(console, words, "Space")
    keys.fill(console, "What do these have in common?", "Time for families, live")
    keys.press(console, "Start a new group from the picked notes")
    for page in (console, room.screen, *phones):
        expect(page.get_by_role("heading", name="Time for families, live")).to_be_visible()
    keys.press(console, "Missing barrier 2", "Space", back=True, exact=True)
    keys.choose(
        console, "Which group to put the ticked notes into", "Time for families, live", back=True
    )
    keys.press(console, "Move", exact=True)
    expect(said(console)).to_contain_text("Moved “Missing barrier 2” to Time for families, live.")
    # Still there when the stream has brought the console its own news.
    keys.reach(console, "Undo", back=True)

    keys.press(console, "On to Where to begin", back=True)
    expect(console.locator("h1")).to_have_text("Where to begin")
    for phone in phones[1:]:
        phone.get_by_role("button", name="Put a dot on Time for families, live").click()
    keys.press(by_keys, "Put a dot on Time for families, live")
    for phone in phones:
        expect(phone.locator(".vote.has")).to_have_count(1)
    expect(by_keys.locator(":focus")).to_have_text("Put a dot on Time for families, live")
    expect(room.screen.locator("body")).to_contain_text("3 of us have chosen")
    tap_without_a_network(phones[1], "Put a dot on Time for families, live")
    keys.press(console, "Show the dots", back=True)
    for page in (room.screen, *phones):
        expect(page.locator("body")).to_contain_text("This is what we said together.")
        expect(page.locator(".num", has_text="5 dots").first).to_be_visible()

    keys.press(console, "Finish workshop", back=True)
    expect(console.locator("h1")).to_have_text("Finish this workshop?")
    keys.press(console, "Finish the workshop")
    expect(phones[0].locator("h1")).to_have_text("That’s it for today")
    keys.press(console, "What came out")
    expect(console.locator("h1")).to_have_text("What came out, and where it goes")
    keys.press(console, "Bring it into the journey")
    expect(said(console)).to_contain_text("4 brought into the journey.")
    strand = MissionStrand.objects.get(title="Time for families, live")
    assert sorted(strand.barriers.values_list("text", flat=True)) == sorted(
        [f"Missing barrier {number}" for number in range(3)] + [first]
    )
    assert room.complaints() == []


def test_a_note_is_dragged_into_a_group_and_taken_out_by_taps(visit):
    room = Room(visit, "vision", "Our vision, moved")
    written = room.workshop.activities.get(title="What it should stand on")
    theming = room.workshop.activities.get(title="Our principles")
    note = NoteFactory(activity=written, text="Being listened to")
    group = theming.groups.create(title="Listening", authority=theming.authority)
    written.revealed_at = timezone.now()
    written.save()
    room.go(theming.title)
    console = room.console
    drag(console, note.text, group.title)
    expect(said(console)).to_contain_text("Moved “Being listened to” to Listening.")

    one = room.visit(width=390)
    room.visits.append(one)
    one.sign_in("facilitator@warrington.example")
    phone = one.go(f"/warrington/workshops/{room.workshop.pk}/run/")
    phone.get_by_text(note.text, exact=True).tap()
    phone.get_by_label("Which group to put the ticked notes into").select_option(label="No group")
    phone.get_by_role("button", name="Move", exact=True).tap()
    expect(said(phone)).to_contain_text("Moved “Being listened to” out of its group.")
    expect(phone.locator("[data-group=none]")).to_contain_text(note.text)

    one.go(f"/warrington/workshops/{room.workshop.pk}/")
    blocks = phone.locator(".slot h3").all_inner_texts()
    phone.get_by_role("button", name=f"Move down: {blocks[0]}").tap()
    expect(phone.locator(".slot h3").first).to_have_text(blocks[1])
    assert room.complaints() == []


# Presses a button in the moment after the stream brought its part anew.
PRESSES_AT_ONCE = """words => {
  window.isSamePage = true;
  const press = () => [...document.querySelectorAll("#console button")]
    .find((one) => one.textContent.includes(words)).focus() ?? document.activeElement.click();
  document.addEventListener("htmx:afterSwap", () => setTimeout(press), { once: true });
  room.fetchRegion({ force: true });
}"""


def test_what_the_stream_brings_can_be_pressed_at_once(visit):
    room = Room(visit, "mission", "Our mission, at once")
    phone = room.phone("Sam")
    room.go("What’s missing")
    write(phone, "Missing barrier 1")
    room.console.evaluate(PRESSES_AT_ONCE, "Show everybody’s notes")
    expect(room.console.get_by_role("link", name="Tidy “Missing barrier 1”")).to_be_visible()
    assert room.console.evaluate("window.isSamePage")
    # What was pressed is gone, and what it made has the focus.
    expect(room.console.locator("#main")).to_be_focused()


def test_nobody_is_pulled_away_and_a_lost_network_loses_no_note(visit):
    room = Room(visit, "vision", "Our vision, cut off")
    phone, other = room.phone("Sam"), room.phone("Ash")
    room.go("What it should stand on")
    expect(phone.locator("#text-0")).to_be_visible()
    expect(other.locator("#text-0")).to_be_visible()
    for page in (room.console, phone):
        page.evaluate(LISTEN)
    other.evaluate(SEND_AT_ONCE, 30)
    for _ in range(100):  # a tenth of a second each; the page lets nobody evaluate by itself
        if sum(map(number_in, spoken := room.console.evaluate("heard"))) == 30:
            break
        room.console.wait_for_timeout(100)
    counted = (sum(map(number_in, spoken)), len(spoken) < 10, phone.evaluate("heard"))
    assert counted == (30, True, [])
    phone.locator("#text-0").fill("Half a sentence")
    phone.keyboard.press("Tab")  # on to the button: the words are not sent yet
    room.go("Our principles")
    expect(other.locator("h1")).not_to_contain_text("What was different")
    expect(phone.locator("#moved")).to_contain_text("We’ve moved on.")
    expect(phone.locator("#text-0")).to_have_value("Half a sentence")
    expect(phone.locator(":focus")).to_have_text("Add my note")
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
    # In the middle of other words, when the page is fetched anew under the writer's hands.
    phone.locator("#text-0").fill("Half a sentence")
    phone.keyboard.press("ArrowLeft")
    phone.evaluate("room.fetchRegion({ force: true })")
    expect(phone.locator("#error-0")).to_have_count(0)
    expect(phone.locator("#text-0")).to_have_value("Half a sentence")
    expect(phone.locator("#text-0")).to_be_focused()
    caret = phone.locator("#text-0").evaluate("one => one.selectionStart")
    assert (caret, room.complaints()) == (len("Half a sentenc"), [])


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
    own = activity.notes.get()
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
    # What is redacted goes from its writer's own list too, with nobody's press.
    expect(phone.locator("#mine .note")).to_have_count(1)
    redact(note=own, by=User.objects.get(email="facilitator@tower-hamlets.example"))
    expect(phone.locator("#mine .note")).to_have_count(0)


def test_axe_and_the_width_of_each_view(visit):
    room = Room(visit, "vision", "Our vision, looked at")
    phone = room.phone("Sam")
    first = room.workshop.activities.get(title="What it should stand on")
    wrong = {}

    def look(name: str, page: Page) -> None:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            if problems := wrong_with(page, contrast=width > 390):
                wrong[name, width] = problems
            if scrolls_sideways(page):
                wrong[name, width, "sideways"] = True

    room.go(first.title)
    write(phone, "Being listened to")
    look("console, writing", room.console)
    look("phone, writing", phone)
    assert (wrong_with(room.screen), scrolls_down(room.screen)) == ([], False)
    room.press("Show everybody’s notes")
    expect(phone.locator("#all-h")).to_be_visible()
    # The stream has it back before the answer comes; no words stay that could be sent twice.
    write(phone, "Being asked")
    expect(phone.locator("#text-0")).to_have_value("")
    note = Note.objects.get(text="Being listened to", activity=first)
    room.go("Our principles")
    pick(room.console, "Being listened to")
    room.console.get_by_label("What do these have in common?").fill("Listening")
    room.press("Start a new group from the picked notes")
    expect(phone.get_by_role("heading", name="Listening")).to_be_visible()
    look("console, theming", room.console)
    look("phone, theming", phone)
    assert (wrong_with(room.screen), scrolls_down(room.screen)) == ([], False)
    group = Group.objects.get(title="Listening", activity__workshop=room.workshop)
    plan = ActivityFactory(workshop=room.workshop, kind="plan")
    here = f"/warrington/workshops/{room.workshop.pk}"
    for path in (
        *(f"{here}/run/notes/{note.pk}/tidy/", f"{here}/run/notes/{note.pk}/redact/"),
        *(f"{here}/run/groups/{group.pk}/edit/", f"{here}/run/end/"),
        f"{here}/run/{plan.pk}/change/",
        *(f"{here}/harvest/", f"{here}/summary/", f"{here}/"),
    ):
        look(path.removeprefix(here), room.visits[0].go(path))
    look("changing a note", phone_at(room, phone, note))
    assert wrong == {}


def tap_without_a_network(phone: Page, name: str) -> None:
    """Twice, faster than any answer; both count once when it is back."""
    phone.context.set_offline(True)
    for _ in range(2):
        phone.get_by_role("button", name=name).click()
    expect(said(phone)).to_contain_text("Your dots wait on this phone.")
    expect(phone.locator("output").first).to_have_text("33 of your dots")
    phone.context.set_offline(False)
    expect(said(phone)).not_to_contain_text("wait on this phone")


def number_in(words: str) -> int:
    """Of "12 new notes"; what is said of one's own act has none."""
    return int(words.split()[0]) if words[0].isdigit() else 0


def phone_at(room: Room, phone: Page, note: Note) -> Page:
    """The phone at the page where its own note is changed."""
    phone.goto(f"{room.visits[0].site}/room/{room.workshop.pk}/notes/{note.pk}/edit/")
    return phone


def scrolls_down(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollHeight > innerHeight")
