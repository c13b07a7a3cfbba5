"""manage.py import_answers SURVEY FILE.csv: answers that came on paper or from another tool."""

from pathlib import Path
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from surveys import sheets
from surveys.actions.answers import take_sheets
from surveys.actions.voices import NotOpen
from surveys.models import Survey


class Command(BaseCommand):
    help = (
        "Take answers from a CSV file into an open survey: all of them, or none and a list of what"
        " is wrong. docs/answers-format.md describes the file."
    )

    def add_arguments(self, parser):
        parser.add_argument("survey", help="the survey’s id: the last part of its page’s address")
        parser.add_argument("file", type=Path, help="a CSV file")

    def handle(self, *, survey: str, file: Path, **options):
        row = _survey(survey)
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} can’t be read: {error.strerror}.") from None
        found = sheets.read(content, row)
        if found.problems or found.batch is None:
            raise CommandError("\n".join(["Nothing was taken in.", *found.problems]))
        try:
            new = take_sheets(survey=row, batch=found.batch, sheets=found.sheets, by=None)
        except NotOpen:
            raise CommandError(_NOT_OPEN) from None
        self.stdout.write(
            f"Taken in: {new} of {len(found.sheets)} rows."
            + ("" if new else " This file was in already.")
        )


_NOT_OPEN = "Answers are taken in only while a survey is open. Nothing was taken in."


def _survey(said: str) -> Survey:
    try:
        pk = UUID(said)
    except ValueError:
        raise CommandError(f"“{said}” is no survey’s id.") from None
    row = Survey.objects.standing().filter(pk=pk).select_related("authority").first()
    if row is None:
        raise CommandError(f"There is no survey with the id {pk}.")
    if not row.is_open:
        raise CommandError(_NOT_OPEN)
    return row
