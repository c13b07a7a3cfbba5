"""The same pages as one ASGI application, for a server that holds everything in one process.

Pages are plain sync views. One thread renders them: two threads in a process render more slowly
than one (docs/decisions.md), so more pages a second means more processes, not more threads.
"""

import os

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crescendo.settings")

from crescendo.wsgi import application as pages

application = WSGIMiddleware(pages, workers=1)
