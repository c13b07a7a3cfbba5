"""Pages, for gunicorn's sync workers: `gunicorn crescendo.wsgi:application`."""

import gc
import os
import re

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crescendo.settings")

_CHARSET = re.compile(r";\s*charset[^;]*", re.IGNORECASE)
_pages = get_wsgi_application()
# What is loaded by now stays: looking through it again and again for garbage is a twentieth of
# what a page costs.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)


def application(environ, start_response):
    """All that comes is read as UTF-8, which browsers send: Django fails on the charset "hex"."""
    if kind := environ.get("CONTENT_TYPE"):
        environ["CONTENT_TYPE"] = _CHARSET.sub("", kind)
    return _pages(environ, start_response)
