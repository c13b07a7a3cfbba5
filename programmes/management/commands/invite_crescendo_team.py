"""The first person has nobody to invite them: the command line does."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from programmes.actions import invitations
from programmes.actions.invitations import Answer
from programmes.forms.people import plain_address
from programmes.models import Invitation


class Command(BaseCommand):
    help = "Invite somebody to the Crescendo team: sends the mail, and prints the link in it."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument(
            "--site-url",
            default=settings.SITE_URL or "http://127.0.0.1:8000",
            help="Where the link leads, such as https://crescendo.example (default: %(default)s)",
        )

    def handle(self, *, email: str, site_url: str, **options):
        try:
            email = plain_address(email)
        except ValidationError:
            raise CommandError(f"{email} is not an email address.") from None
        links: list[str] = []

        def address(path: str) -> str:
            links.append(site_url.rstrip("/") + path)
            return links[-1]

        [outcome] = invitations.invite(authority=None, emails=[email], by=None, address=address)
        if outcome.answer is Answer.HERE or outcome.invitation is None:
            raise CommandError(f"{email} is in the Crescendo team already.")
        waiting = Invitation.objects.filter(pk=outcome.invitation.pk)
        if outcome.answer is Answer.WAITING:
            invitations.send_again(invitations=waiting, by=None, address=address)
        went = waiting.exclude(sent_at=None).exists()
        self.stdout.write(f"{email} is invited to the Crescendo team. The link in the mail:")
        self.stdout.write(links[-1])
        if not went:
            self.stderr.write(
                "The mail has not gone. Check the mail settings, or pass the link on."
            )
