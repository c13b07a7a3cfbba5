"""Once a day, from cron: workshops that are open over days and close tomorrow."""

from functools import partial

from django.conf import settings
from django.core.management.base import BaseCommand

from workshops.actions import window


class Command(BaseCommand):
    help = "Send the reminder of each workshop that is open over days, the day before it closes."

    def add_arguments(self, parser):
        parser.add_argument(
            "--site-url",
            default=settings.SITE_URL or "http://127.0.0.1:8000",
            help="Where the links lead, such as https://crescendo.example (default: %(default)s)",
        )

    def handle(self, *, site_url: str, verbosity: int, **options):
        address = partial("{}{}".format, site_url.rstrip("/"))
        for workshop in window.due():
            count = window.remind(workshop=workshop, by=None, address=address)
            if count and verbosity:
                self.stdout.write(f"{workshop}: {count} reminder{'' if count == 1 else 's'}")
