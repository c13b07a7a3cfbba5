"""Answering on a phone, typing in paper by digits, and the survey on the big screen."""

from uuid import uuid4

from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import expect

from programmes.models import LocalAuthority, User
from surveys import links
from surveys.actions import open_survey
from surveys.models import Question, Survey
from tests import factories
from tests.browser.test_every_page import scrolls_sideways, with_axe, wrong_with
from tests.browser.test_whole_job import said
from workshops.actions import room
from workshops.listeners import screen_token


def _survey() -> Survey:
    place = LocalAuthority.objects.get(slug="tower-hamlets")
    survey = factories.SurveyFactory(
        programme=place.current_programme(),
        title="How are we, halfway?",
        intro="Eight questions, two minutes. They help us see whether small changes help.",
    )
    stem = "How far do you agree?"
    for text, kind, more in (
        ("I feel valued in my role", "extent", {"stem": stem}),
        ("I can change things that get in the way", "extent", {"stem": stem}),
        ("How much of last week did you spend with families?", "share", {}),
        ("How much energy have you left on Friday?", "scale", {}),
        ("Which pause helps you most?", "choice", {"options": ["Tea", "A walk", "A talk"]}),
        ("What have you tried?", "choices", {"options": ["Shorter forms", "Pods"]}),
        ("How long did your last form take?", "number", {"unit": "minutes"}),
        ("What gets in the way of change?", "text", {}),
    ):
        factories.QuestionFactory(survey=survey, text=text, kind=kind, **more)
    return open_survey(survey=survey, by=None)


def test_a_phone_answers_warned_of_names_and_may_change_its_mind(visit):
    survey = _survey()
    guest = visit(width=390)
    guest.context.add_init_script(AXE_SCRIPT)
    guest.go(links.address_of(survey))
    phone = guest.page
    assert (wrong_with(phone), scrolls_sideways(phone)) == ([], False)
    guest.keep("survey-answer-390")
    phone.get_by_label("To a moderate extent").first.check()
    phone.get_by_label("Shorter forms").check()
    phone.get_by_label("What gets in the way of change?").fill("Ask Mr Example about it")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_text("This looks like somebody’s name")).to_be_visible()
    expect(phone.get_by_label("What gets in the way of change?")).to_be_focused()
    assert wrong_with(phone) == []
    guest.keep("survey-warned-390")
    phone.get_by_label("What gets in the way of change?").fill("Long forms")
    phone.get_by_role("button", name="Send what I’ve changed").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you. We’ve got it")
    assert wrong_with(phone) == []
    guest.keep("survey-thanks-390")
    phone.get_by_role("link", name="Change what I said").click()
    expect(phone.get_by_label("What gets in the way of change?")).to_have_value("Long forms")
    guest.keep("survey-change-390")
    phone.go_back()
    phone.get_by_role("button", name="Clear this device for the next person").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(survey.title)
    assert guest.complaints == []


def test_digits_type_in_a_sheet_of_paper(visit):
    survey = _survey()
    runs = with_axe(visit)
    page = runs.sign_in("facilitator@tower-hamlets.example")
    runs.go(f"/tower-hamlets/surveys/{survey.pk}/paper/")
    # The first question has the focus; each digit leads to the next.
    page.keyboard.type("33251")
    first = survey.questions.filter(kind=Question.Kind.EXTENT).first()
    assert page.locator(f"[name=q-{first.pk.hex}]:checked").get_attribute("value") == "2"
    assert page.locator("[data-sheet] input[type=radio]:checked").count() == 5
    assert (wrong_with(page), scrolls_sideways(page)) == ([], False)
    runs.keep("survey-paper-1280")
    page.get_by_role("button", name="Keep this sheet").click()
    expect(said(page)).to_contain_text("this sheet is in")
    for address, name in (("paper/file/", "file"), ("print/", "print")):
        runs.go(f"/tower-hamlets/surveys/{survey.pk}/{address}")
        assert (wrong_with(page), scrolls_sideways(page)) == ([], False)
        runs.keep(f"survey-{name}-1280")
    assert runs.complaints == []


def test_the_room_is_led_to_it(visit):
    survey = _survey()
    workshop = factories.WorkshopFactory(
        programme=survey.programme, title="Halfway, together", is_open=True, screen_key=uuid4()
    )
    activity = factories.ActivityFactory(
        workshop=workshop, kind="survey", survey=survey, title="How are we?", prompt=""
    )
    room.go(
        workshop=workshop,
        activity=activity,
        by=User.objects.get(email="facilitator@tower-hamlets.example"),
    )
    runs = with_axe(visit)
    page = runs.sign_in("facilitator@tower-hamlets.example")
    runs.go(f"/tower-hamlets/workshops/{workshop.pk}/run/")
    expect(page.locator("#survey-count")).to_contain_text("0 people have answered so far")
    assert wrong_with(page) == []
    runs.keep("survey-console-1280")
    runs.go(reverse("room:screen", args=[screen_token(workshop)]))
    expect(page.get_by_alt_text("QR code that opens the survey")).to_be_visible()
    assert wrong_with(page) == []
    runs.keep("survey-screen-1280")
    assert runs.complaints == []
