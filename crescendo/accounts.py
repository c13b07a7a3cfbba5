"""How allauth is bent to our house: nobody signs up, people are invited."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse


class InvitedPeopleAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Never: an account begins with an invitation (programmes.actions.invitations)."""
        return False

    def get_reset_password_from_key_url(self, key):
        return site_url(self.request, reverse("account_reset_password_from_key_done").removesuffix("done/") + key + "/")


def site_url(request, path: str) -> str:
    """An absolute address for a mail. In production it never comes from the request's Host."""
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)
