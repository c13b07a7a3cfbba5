"""The ready-made sessions that come with Crescendo."""

from django.core.management.base import BaseCommand

from workshops import sessions
from workshops.actions import templates


class Command(BaseCommand):
    help = "Bring in the ready-made sessions of workshops; what the Crescendo team wrote stays."

    def handle(self, *, verbosity: int, **options):
        for template in templates.load(sessions=sessions.read_all(), by=None):
            if verbosity:
                self.stdout.write(f"{template.title}: version {template.number}")
