"""A survey in the room: led to from there, counted there, and answered as nobody in particular."""

import re
from uuid import UUID

from django.test import Client

from surveys import links
from surveys.actions import close_survey, open_survey
from surveys.forms.answering import name_of
from tests import factories
from tests.linkage import dump
from workshops.listeners import cookie_of
from workshops.models import digest_of


def test_a_survey_goes_from_the_plan_to_its_close(room, cast):
    survey = factories.SurveyFactory(programme=cast.programme, title="How are we?")
    extent = factories.QuestionFactory(survey=survey)
    factories.SurveyFactory(programme=cast.other_programme, state="open", title="Elsewhere")
    factories.SurveyFactory(programme=cast.programme, state="closed", title="Over")
    plan = f"/own/workshops/{room.workshop.pk}/blocks/add/"
    offered = room.client.get(plan).context["form"].fields["survey"].queryset
    assert [str(one) for one in offered] == ["How are we?"]
    sent = {"id": UUID(int=5), "title": "Check", "minutes": "5", "candour": "anonymous"}
    room.client.post(plan, sent | {"kind": "survey", "survey": survey.pk})
    activity = room.workshop.activities.get()
    assert activity.survey == survey
    # Not open: phones wait, and the console says so.
    guest, other = room.phone("Robin"), room.phone("Kit")
    room.press("run-go", activity.pk)
    assert "isn’t open yet" in room.console()
    assert ("They open in a moment" in guest.shows(), "to-survey" in guest.shows()) == (True, False)
    # Open: everybody is led to it, and it counts by itself.
    open_survey(survey=survey, by=cast.facilitator)
    room.press("run-go", activity.pk)
    survey.refresh_from_db()
    way = links.address_of(survey)
    assert way in room.told("phones")
    screen = room.screen_page()
    assert (screen.context["survey_link"], way in guest.shows()) == (
        f"http://testserver{way}",
        True,
    )
    for phone, option in ((guest, "3"), (other, "1"), (guest, "2")):
        phone.client.get(way)
        assert phone.client.post(way, {name_of(extent): option}).status_code == 302
        phone.send("done", activity.pk)
    counts = [
        re.search(r'id="survey-count".*?<b class="num">(\d+)</b>', page, re.DOTALL)
        for page in (room.console(), room.screen())
    ]
    assert [found.group(1) for found in counts if found] == ["2", "2"]
    assert "2 in the room say they’re done" in room.console()
    # The room's key is no key of the survey, and no row has both.
    in_room = guest.client.cookies[cookie_of(room.workshop.pk)].value
    voice = _voice(guest.client)
    names = {extent.nullifier(survey, voice), survey.voice_name(voice)}
    assert in_room != voice
    assert {extent.nullifier(survey, in_room), survey.voice_name(in_room)} & names == set()
    rows = [row.text for table in dump().values() for row in table]
    of_guest = [row for row in rows if digest_of(in_room) in row]
    said = [row for row in rows if any(name in row for name in names)]
    assert (len(of_guest), len(said)) == (1, 2)
    # Closed: no answer is led to any more, and none is shown.
    close_survey(survey=survey, by=cast.facilitator)
    room.press("run-go", activity.pk)
    assert ("This survey has closed" in guest.shows(), way in guest.shows()) == (True, False)
    # Of two people not even the number is told, as everywhere from the close on.
    assert "Fewer than five people answered. It has closed." in room.console()
    assert "Fewer than five people answered" in room.screen()


def _voice(client: Client) -> str:
    return client.cookies[links.cookie_name()].value.rsplit(":", 2)[0]


def test_where_none_was_chosen_it_is_the_one_that_is_open(room, cast):
    activity = room.activity("survey")
    room.press("run-go", activity.pk)
    assert "No survey is open." in room.console()
    survey = factories.SurveyFactory(programme=cast.programme, state="open")
    room.press("run-go", activity.pk)
    activity.refresh_from_db()
    assert activity.survey == survey
