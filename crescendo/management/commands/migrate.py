"""Django's own `migrate`, which may take its time between two statements of a migration."""

from django.core.management.commands import migrate
from django.db import connections

from crescendo.patience import patience


class Command(migrate.Command):
    def handle(self, *args, **options):
        with patience(connections[options["database"]]):
            super().handle(*args, **options)
