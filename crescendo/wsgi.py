"""Pages, for gunicorn's sync workers: `gunicorn crescendo.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crescendo.settings")
application = get_wsgi_application()
