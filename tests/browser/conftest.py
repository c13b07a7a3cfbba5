"""The demo, served to a real Chromium. One database and one server for all browser tests.

Tests here leave what they wrote, as people do; each that writes uses words of its own.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from crescendo.asgi import application
from programmes.models import User

SHOTS = os.environ.get("SHOTS", "")  # a folder: keep a screenshot of each page looked at
WIDTHS = (1280, 390)
# A machine may be busy: what is right comes, and is not late.
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """One database for all: pytest-django's own is for tests that roll back what they wrote."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of a server that shows the demo's three journeys."""
    with django_db_blocker.unblock():
        call_command("load_demo", verbosity=0)
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=3)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        # localhost, not 127.0.0.1: passkeys belong to a name.
        yield f"http://localhost:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)
        _end_other_sessions()
        connections.close_all()


def _end_other_sessions() -> None:
    """The server's thread keeps its connection, and a database in use cannot be dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            ],
        )
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """One person's browser. What a page asked of somebody else, or complained of, is kept."""

    context: BrowserContext
    page: Page
    site: str
    complaints: list[str]

    def go(self, path: str) -> Page:
        self.page.goto(self.site + path)
        return self.page

    def sign_in(self, address: str) -> Page:
        """Come home signed in, as if by the form, which tests of its own fill in."""
        client = Client()
        client.force_login(User.objects.get(email=address))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.site}
        self.context.add_cookies([cookie])
        return self.go("/")

    def keep(self, name: str) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.fixture
def visit(browser: Browser, site: str):
    """`visit(width=390, javascript=False)` opens a browser that nobody used before."""
    opened = []

    def open_one(*, width: int = 1280, javascript: bool = True) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 800 if width > 500 else 844},
            has_touch=width <= 500,
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",  # nothing is still on its way when a test looks
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        page = context.new_page()
        one = Visit(context, page, site, [])
        page.on("console", lambda said: said.type == "error" and one.complaints.append(said.text))
        page.on("pageerror", lambda error: one.complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((site, "data:", "blob:"))
                else one.complaints.append(f"asked {asked.url}")
            ),
        )
        return one

    yield open_one
    for context in opened:
        context.close()
