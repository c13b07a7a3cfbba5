"""People in a room, as tests move them: a facilitator's browser, and guests on their phones."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from workshops.actions.notes import shuffle
from workshops.actions.room import begin
from workshops.listeners import cookie_of, screen_token
from workshops.models import Activity, Note, Workshop


class Phone:
    """A guest's browser, which is in the room already."""

    def __init__(self, workshop: Workshop, name: str = ""):
        self.client, self.workshop = Client(), workshop
        number = workshop.participants.count() + 1
        guest = factories.ParticipantFactory(workshop=workshop, name=name, number=number)
        self.client.cookies[cookie_of(workshop.pk)] = factories.guest_key(guest)

    @classmethod
    def by_code(cls, workshop: Workshop, name: str = "") -> "Phone":
        """One that comes in by the door."""
        phone = cls.__new__(cls)
        phone.client, phone.workshop = Client(), workshop
        said = {"code": workshop.code, "name": name}
        phone.answer = phone.client.post(reverse("room:join"), said)
        return phone

    def page(self, **headers):
        return self.client.get(reverse("room:room", args=[self.workshop.pk]), headers=headers)

    def shows(self) -> str:
        return self.page().content.decode()

    def send(self, name: str, pk=None, headers=None, **said):
        """POST to one of the room's addresses."""
        args = [self.workshop.pk, *([pk] if pk else [])]
        return self.client.post(reverse(f"room:{name}", args=args), said, headers=headers or {})

    def write(self, activity: Activity, text: str, *, pk=None, column=0, headers=None):
        pk = pk or uuid.uuid4()
        said = {"id": pk, "text": text, "column": column}
        self.answer = self.send("note-add", activity.pk, headers=headers, **said)
        return pk


class Room:
    """A workshop with open doors, and its facilitator at the console."""

    def __init__(self, cast, client: Client):
        self.cast, self.client = cast, client
        self.workshop = factories.WorkshopFactory(programme=cast.programme, is_open=True)
        self.workshop.screen_key = uuid.uuid4()
        self.workshop.save()

    def activity(self, kind: str = "write", **more) -> Activity:
        return factories.ActivityFactory(workshop=self.workshop, kind=kind, **more)

    def url(self, name: str, *args) -> str:
        return reverse(f"workshops:{name}", args=["own", self.workshop.pk, *args])

    def stands_at(self, activity: Activity) -> None:
        """As after "Go there" on the console, without the page and what the room is told."""
        if not activity.opened_at:
            begin(activity)
        Workshop.objects.filter(pk=self.workshop.pk).update(
            current=activity, seat=self.cast.facilitator, seat_seen_at=timezone.now()
        )

    def has_shown(self, activity: Activity) -> None:
        """As after "Show to everybody", likewise."""
        activity.revealed_at = timezone.now()
        activity.save(update_fields=["revealed_at"])
        shuffle(activity)

    def press(self, name: str, *args, headers=None, **said):
        return self.client.post(self.url(name, *args), said, headers=headers or {})

    def console(self) -> str:
        return self.client.get(self.url("run")).content.decode()

    def screen_page(self):
        token = screen_token(self.workshop)
        return Client().get(reverse("room:screen", args=[token]))

    def screen(self) -> str:
        return self.screen_page().content.decode()

    def phone(self, name: str = "") -> Phone:
        return Phone(self.workshop, name)

    def told(self, audience: str) -> str:
        """Everything that this audience was told on the stream."""
        rows = self.workshop.events.filter(audience=audience).order_by("seq")
        return "".join(rows.values_list("html", flat=True))

    def notes(self) -> list[str]:
        rows = Note.objects.standing().filter(activity__workshop=self.workshop)
        return sorted(rows.values_list("text", flat=True))


@pytest.fixture
def room(cast, client_of) -> Room:
    return Room(cast, client_of(cast.facilitator))


def undo_last(client: Client, page):
    """Press the undo button of what was said last; nobody looked at what was said before."""
    *_, message = page.context["messages"]
    return client.post(message.extra_tags)
