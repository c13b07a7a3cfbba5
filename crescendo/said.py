"""Where what `tell()` said waits for the next page."""

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
        self.stores = (SessionStorage(request), CookieStorage(request))

    def _get(self, *args, **kwargs):
        found = [message for store in self.stores for message in store._get()[0] or []]
        return found, True

    def _store(self, messages, response, *args, **kwargs):
        session, cookie = self.stores
        at_home = self.request.session.session_key is not None
        session._store(messages if at_home else [], response)
        return cookie._store([] if at_home else messages, response)
