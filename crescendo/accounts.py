"""How allauth is bent to our house: nobody signs up, people are invited."""

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse

from programmes.mail import site_url


class InvitedPeopleAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Never: an account begins with an invitation (programmes.actions.invitations)."""
        return False

    def get_reset_password_from_key_url(self, key):
        return site_url(self.request, reverse("account_reset_password_from_key_done").removesuffix("done/") + key + "/")
