"""The demo's mails on a page: what went, and what waits for its hour. Nobody gets any of it."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from programmes import notices
from programmes.access import open_view
from programmes.models import Notice
from programmes.pages import go, page, tell

# What Django's file backend writes between one letter and the next.
_BETWEEN = b"\n" + b"-" * 79 + b"\n"
_SHOWN = 100
_REASON = "the demo alone has it, which answers to this machine alone"


@dataclass(frozen=True)
class Sent:
    """One letter, as its reader sees it; `key` names it in an address."""

    key: str
    at: datetime
    to: str
    subject: str
    text: str
    attached: list[str]


@open_view(reason=_REASON)
@require_GET
def mails(request):
    waiting = Notice.objects.waiting().select_related("choice", "authority").order_by("due_at")
    context = {"sent": _sent()[:_SHOWN], "waiting": waiting[:_SHOWN]}
    return page(request, "crescendo/demo_mails.html", context)


@open_view(reason=_REASON)
@require_GET
def letter(request, key):
    found = next((one for one in _sent() if one.key == key), None)
    if found is None:
        raise Http404
    return page(request, "crescendo/demo_mail.html", {"letter": found})


@open_view(reason=_REASON)
@require_POST
def send(request, pk):
    """Before its hour, so that one need not wait for Tuesday to see a Tuesday's mail."""
    notice = get_object_or_404(Notice.objects.waiting(), pk=pk)
    notices.send([notice], now=timezone.now())
    tell(request, f"Sent: {notice.subject}")
    return go(request, "/mail/")


urlpatterns = [
    # mail/
    path("", mails, name="demo-mails"),
    path("waiting/<uuid:pk>/send/", send, name="demo-mail-send"),
    path("<str:key>/", letter, name="demo-mail"),
]


def _sent() -> list[Sent]:
    """Every letter in the folder, newest first."""
    folder = Path(settings.LOCAL_DIR) / "mail"
    found = []
    for file in folder.glob("*.log"):
        at = datetime.fromtimestamp(file.stat().st_mtime, tz=timezone.get_default_timezone())
        for number, content in enumerate(filter(None, file.read_bytes().split(_BETWEEN))):
            message = email.message_from_bytes(content, policy=email.policy.default)
            found.append(_read(f"{file.stem}-{number}", at, message))
    return sorted(found, key=lambda one: (one.at, one.key), reverse=True)


def _read(key: str, at: datetime, message: EmailMessage) -> Sent:
    body = message.get_body(preferencelist=("plain",))
    others = [part.get_content_type() for part in message.walk() if part is not body]
    return Sent(
        key=key,
        at=at,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=body.get_content() if body else "",
        attached=[kind for kind in others if not kind.startswith("multipart/")],
    )
