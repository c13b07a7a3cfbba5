"""An ask on its way: from a practitioner, by a mail, to a director's phone and back."""

import re

from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from programmes.models import Notice
from programmes.notices import send_due
from smallchanges.models import Ask
from tests.browser.test_whole_job import said, send


def test_a_director_answers_from_a_mail_and_what_was_promised_arrives(visit):
    one = visit()
    page = one.sign_in("practitioner@tower-hamlets.example")
    one.go("/tower-hamlets/changes/?as=table")
    page.locator("a", has_text="Business support officers help with minutes").first.click()
    page.get_by_role("link", name="Ask somebody").first.click()
    page.locator("summary", has_text="Somebody without an account here").click()
    what = "One officer in one team, for eight weeks"
    send(
        page,
        name="Dana Dean",
        role="Director of resources",
        email="dana.dean@resources.example",
        what=what,
        cost="4",
        cost_unit="hours a week",
    )
    expect(said(page)).to_contain_text("Got it. We’ve asked Dana Dean")
    card = page.locator("article", has_text=what)
    expect(card).to_contain_text("Waiting for an answer")
    expect(card).to_contain_text("4 hours a week")

    # The worker, at an hour when mail goes.
    noon = timezone.now().replace(hour=12)
    while noon.weekday() > 4:
        noon += timezone.timedelta(days=1)
    Notice.objects.waiting().exclude(choice__email="dana.dean@resources.example").delete()
    Notice.objects.waiting().update(due_at=noon)
    send_due(now=noon)
    [letter] = [one for one in mail.outbox if one.to == ["dana.dean@resources.example"]]
    link = re.search(r"/tower-hamlets/asks/answer/\S+", letter.body).group()

    director = visit(width=390, javascript=False)
    director.go(link)
    phone = director.page
    expect(phone.get_by_role("heading", level=1)).to_have_text(what)
    phone.locator("summary", has_text="Yes, if…").click()
    answer = phone.locator("details[open] form")
    answer.get_by_role("button").click()
    expect(phone.locator(".govuk-error-summary")).to_contain_text("Say what you would need first.")
    answer.locator("textarea").fill("Yes, if the team writes down what it frees.")
    answer.get_by_role("button").click()
    expect(said(phone)).to_contain_text("Got it: yes, if. Those who asked hear of it.")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your answer is with us")
    director.keep("ask-answered-390")

    page.reload()
    expect(card).to_contain_text("Yes, if the team writes down what it frees.")
    expect(card).to_contain_text("Dana Dean said yes on")
    then = timezone.now() - timezone.timedelta(days=12)
    Ask.objects.filter(what=what).update(said_yes_at=then)
    page.reload()
    expect(card).to_contain_text("twelve days ago. It hasn’t arrived yet.")
    card.get_by_role("button", name="Yes, it’s here").click()
    expect(said(page)).to_contain_text("Got it: it’s there.")
    expect(card).to_contain_text("twelve days later")
    assert (one.complaints, director.complaints) == ([], [])
