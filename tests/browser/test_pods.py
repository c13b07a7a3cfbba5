"""A learning pod, from the changes that write its agenda to what each of them has of it."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from programmes.models import LocalAuthority
from smallchanges.models import SmallChange
from tests.browser.test_every_page import scrolls_sideways, wrong_with
from tests.browser.test_whole_job import said, send
from tests.factories import SmallChangeFactory, TeamFactory
from workshops.models import Workshop


def _two_changes() -> list[SmallChange]:
    """One that is stuck, and one that nobody has told of for long; of a team of their own."""
    warrington = LocalAuthority.objects.get(slug="warrington")
    team = TeamFactory(authority=warrington, name="Team of a pod")
    made = []
    for title, status in (("A quiet room", "in progress"), ("A walk at noon", "paused")):
        change = SmallChangeFactory(
            programme=warrington.current_programme(), title=title, status=status, stage="develop"
        )
        change.teams.add(team, through_defaults={"authority": warrington})
        made.append(change)
    long_ago = timezone.now() - timedelta(weeks=20)
    SmallChange.objects.filter(pk__in=[one.pk for one in made]).update(created_at=long_ago)
    return made


def test_a_pod_writes_its_agenda_and_its_notes_land_on_the_changes(visit):
    room, walk = _two_changes()
    one = visit()
    console = one.sign_in("facilitator@warrington.example")
    one.go("/warrington/workshops/add/?from=pod")
    send(console, title="A pod in a browser")
    console.get_by_role("link", name="Other time, other team").click()
    assert (scrolls_sideways(console), wrong_with(console)) == (False, [])
    send(console, minutes="45", team="Team of a pod")
    expect(said(console)).to_contain_text("The agenda is up to date")
    titles = console.locator(".agenda h3").all_text_contents()
    assert [title for title in titles if title in (room.title, walk.title)] == [
        walk.title,
        room.title,
    ]
    expect(console.locator(".agenda")).to_contain_text("Resting for now. No news since last time.")
    console.get_by_role("link", name="Run it").click()
    console.get_by_role("button", name="Open the doors").first.click()
    expect(said(console)).to_contain_text("The doors are open.")
    pod = Workshop.objects.get(title="A pod in a browser")
    two = visit(width=390)
    phone = two.go(f"/join/?code={pod.code}")
    send(phone, name="Jo")
    for change, heading, words in (
        (walk, "What moved", "We went on Tuesday"),
        (room, "What’s in the way", "The key is lost"),
    ):
        console.locator(".plan").get_by_role("button", name=change.title).click()
        expect(phone.locator("h1")).to_have_text(change.title)
        phone.get_by_label(heading).fill(words)
        phone.locator("form", has=phone.get_by_label(heading)).get_by_role("button").click()
        expect(phone.locator("#mine")).to_contain_text(words)
        console.get_by_role("button", name="Show everybody’s notes").click()
        expect(console.locator(".lanes")).to_contain_text(words)
    for page in (console, phone):
        assert (scrolls_sideways(page), wrong_with(page)) == (False, [])
    console.get_by_role("link", name="Write down what we said").click()
    send(console, to="A next step", text="Ask for a new key")
    expect(said(console)).to_contain_text("On the change now: Ask for a new key")
    one.go(f"/warrington/workshops/{pod.pk}/harvest/")
    console.get_by_role("button", name="Bring it into the journey").first.click()
    expect(said(console)).to_contain_text("2 brought into the journey.")
    one.go(walk.get_absolute_url())
    expect(console.locator("#change-story")).to_contain_text("We went on Tuesday")
    expect(console.locator("#change-story")).to_contain_text("Said in “A pod in a browser”")
    one.go(room.get_absolute_url())
    expect(console.locator("#change-met")).to_contain_text("The key is lost")
    expect(console.locator("#change-steps")).to_contain_text("Ask for a new key")
    assert one.complaints + two.complaints == []
