"""The same pages as one ASGI application, for a server that holds everything in one process.

Pages are plain sync views. One thread renders them: two threads in a process render more slowly
than one (docs/decisions.md), so more pages a second means more processes, not more threads.
"""

import os

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crescendo.settings")

from crescendo.wsgi import application as pages
from workshops import live

_pages = WSGIMiddleware(pages, workers=1)


async def application(scope, receive, send):
    """Live streams by `workshops.live`; everything else is a page."""
    if scope["type"] == "http" and scope["path"].startswith(live.PREFIX):
        await live.application(scope, receive, send)
    else:
        await _pages(scope, receive, send)
