"""How allauth is bent to our house: nobody signs up, people are invited."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.urls import reverse

from programmes.audit import record
from programmes.mail import send_aside, site_url

_TRY_AGAIN = "That code isn’t right. Check it, or ask for a new one."


class InvitedPeopleAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. Ask your local facilitator.",
        "email_password_mismatch": "That email address and password don’t go together."
        " Check both, or ask for a sign-in code instead.",
        "enter_current_password": "That isn’t your password now. Try once more.",
        "incorrect_code": _TRY_AGAIN,
        "incorrect_password": "That isn’t your password. Try once more.",
        "rate_limited": "We’ve just sent you one. Please wait a minute before the next.",
        "too_many_login_attempts": "Too many tries for this address."
        " Wait five minutes, or choose a new password.",
    }

    def is_open_for_signup(self, request):
        """Never: an account begins with an invitation (programmes.actions.invitations)."""
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Tries count by the address alone. allauth adds the Host, which a browser may vary."""
        return credentials.get("email", "").strip().lower()

    def get_reset_password_from_key_url(self, key):
        # The key is opaque here, while the route takes it in two parts.
        path = reverse("account_reset_password_from_key", args=["UID", "KEY"])
        return site_url(self.request, path.replace("UID-KEY", key))

    def get_password_change_redirect_url(self, request):
        return reverse("places:account")

    def send_mail(self, template_prefix, email, context):
        """A page says neither by failing nor by being slow whom we write to."""
        send_aside(self.render_mail(template_prefix, email, {"request": self.request} | context))

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """What allauth tells a person of is a change to their account, so history has it too."""
        what = template_prefix.rpartition("/")[2].replace("_", " ")
        record(f"account {what}", user, by=user)
        super().send_notification_mail(template_prefix, user, context, email)


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _TRY_AGAIN}

    def generate_authenticator_name(self, user, type):
        return "My passkey"
