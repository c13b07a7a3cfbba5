"""The demo's page of mails: what went and what waits, for whoever shows Crescendo to somebody."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import include, path
from django.utils import timezone

from crescendo import urls
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [path("mail/", include("crescendo.demo_mail")), *urls.urlpatterns]
handler404 = urls.handler404


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.LOCAL_DIR = tmp_path
    return tmp_path / "mail"


def _send(settings, folder, **letter):
    """As the demo sends: into a file."""
    backend = "django.core.mail.backends.filebased.EmailBackend"
    options = {"file_path": str(folder)}
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
    mail.EmailMessage(**letter).send()


def test_before_any_mail_the_page_says_so(client):
    assert "No mail has gone yet." in client.get("/mail/").content.decode()


def test_a_letter_is_read_as_it_was_sent_and_its_links_can_be_pressed(client, settings, folder):
    body = "Grüße,\n\n<b>open</b> http://127.0.0.1:8000/own/?a=1&b=2\n" + "-" * 79 + "\nthe end"
    _send(settings, folder, subject="Café – today", body=body, to=["ana@council.example"])
    page = client.get("/mail/")
    [letter] = page.context["sent"]
    assert (letter.subject, letter.to) == ("Café – today", "ana@council.example")
    shown = client.get(f"/mail/{letter.key}/").content.decode()
    assert "Grüße," in shown
    assert "&lt;b&gt;open&lt;/b&gt;" in shown
    assert 'href="http://127.0.0.1:8000/own/?a=1&amp;b=2"' in shown


def test_what_is_not_there_is_404(client):
    assert client.get("/mail/nothing/").status_code == 404


def test_what_waits_can_be_sent_before_its_hour(client, cast):
    choice = factories.NoticeChoiceFactory(authority=cast.authority)
    notice = factories.NoticeFactory(
        choice=choice, subject="On Tuesday", due_at=timezone.now() + timedelta(days=3)
    )
    assert "On Tuesday" in client.get("/mail/").content.decode()
    client.post(f"/mail/waiting/{notice.pk}/send/")
    assert [one.subject for one in mail.outbox] == ["On Tuesday"]
    assert client.get("/mail/").context["waiting"].count() == 0


@pytest.mark.urls("crescendo.urls")
def test_only_the_demo_has_this_page(client, cast):
    client.force_login(cast.crescendo)
    assert client.get("/mail/").status_code == 404
