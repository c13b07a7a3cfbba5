"""Where what `tell()` said waits for the next page."""

from typing import Any

from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.session import SessionStorage


class SessionOrCookie(BaseStorage):
    """In the session of who is signed in, so that it ends with it; else in a signed cookie.

    A guest in a room gets no session for it: that would be a row with the time when they wrote
    (`reliability.md` 5), and as much work as the note itself.
    """

    def __init__(self, request, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        # Asked as FallbackStorage asks its stores, which their types leave out.
        self.session: Any = SessionStorage(request)
        self.cookie: Any = CookieStorage(request)

    def _get(self, *args, **kwargs):
        both = (self.session._get()[0], self.cookie._get()[0])
        return [message for found in both for message in found or []], True

    def _store(self, messages, response, *args, **kwargs):
        is_signed_in = self.request.session.session_key is not None
        self.session._store(messages if is_signed_in else [], response)
        return self.cookie._store([] if is_signed_in else messages, response)
