"""allauth's forms in our words; what they check stays theirs. And the form for a new address.

`ACCOUNT_FORMS` and `MFA_FORMS` in the settings put each in its place.
"""

import struct
from typing import ClassVar, NamedTuple

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms

from programmes.forms.house import HouseForm
from programmes.forms.people import HOW_TO_CHOOSE, AddressField


class Words(NamedTuple):
    label: str
    missing: str  # said where the field was left empty
    hint: str = ""


EMAIL = Words("Email address", "Write your email address.")
APP_CODE = Words(
    "Code from your authenticator app",
    "Write the code from the app.",
    "Six figures. A recovery code works here too.",
)
NEW_PASSWORD = {
    "password1": Words(
        "New password",
        "Choose a password.",
        HOW_TO_CHOOSE,
    ),
    "password2": Words("The same password once more", "Write the new password once more."),
}


class Worded:
    """Says each field in our words, and takes placeholders away: they vanish when most needed."""

    words: ClassVar[dict[str, Words]]
    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.error_messages["required"], field.help_text = self.words[name]


class LoginForm(Worded, account.LoginForm):
    words = {"login": EMAIL, "password": Words("Password", "Write your password.")}


class RequestLoginCodeForm(Worded, account.RequestLoginCodeForm):
    words = {"email": EMAIL}


class ConfirmLoginCodeForm(Worded, account.ConfirmLoginCodeForm):
    words = {
        "code": Words(
            "Your code",
            "Write the code from the email.",
            "Eight letters. Capitals and the dash don’t matter.",
        )
    }


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    words = {"email": EMAIL}


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    words = NEW_PASSWORD


class SetPasswordForm(Worded, account.SetPasswordForm):
    words = NEW_PASSWORD


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    words = NEW_PASSWORD | {"oldpassword": Words("Your password now", "Write your password now.")}


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    words = {"password": Words("Your password", "Write your password.")}


class AuthenticateForm(Worded, mfa.AuthenticateForm):
    words = {"code": APP_CODE}


class ReauthenticateByCodeForm(Worded, mfa.ReauthenticateForm):
    words = {"code": APP_CODE}


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):
    words = {"code": Words("The code that the app shows now", "Write the code from the app.")}


# What the FIDO library raises on a credential that nobody's browser made.
_NO_CREDENTIAL = (
    AttributeError,
    InvalidSignature,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
)


class RealCredential:
    """Refuses what is no credential, where allauth's own form would fail on some of it."""

    def clean_credential(self):
        try:
            return super().clean_credential()
        except _NO_CREDENTIAL:
            raise get_adapter().validation_error("incorrect_code") from None


class LoginWebAuthnForm(RealCredential, webauthn.LoginWebAuthnForm):
    pass


class AuthenticateWebAuthnForm(RealCredential, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(RealCredential, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddWebAuthnForm(Worded, webauthn.AddWebAuthnForm):
    name = forms.CharField(required=False, max_length=100)
    words = {
        "name": Words("What to call it", "", "So that you know it from others: Work laptop."),
        "passwordless": Words(
            "Let this passkey sign me in alone",
            "",
            "No email address or password needed. It asks for your fingerprint, face or PIN.",
        ),
    }

    def clean(self):
        try:
            return super().clean()
        except _NO_CREDENTIAL:
            raise get_adapter().validation_error("incorrect_code") from None


class EditWebAuthnForm(Worded, webauthn.EditWebAuthnForm):
    name = forms.CharField(max_length=100)
    words = {"name": Words("What to call it", "Give it a name.")}


class AddressForm(HouseForm):
    email = AddressField(
        label="Your new email address",
        help_text="We’ll send a code there. Nothing changes until you type it in here.",
        error_messages={"required": "Write your new email address."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class AddressCodeForm(HouseForm):
    code = forms.CharField(
        label="The code from the email",
        max_length=20,
        help_text="Eight letters. Capitals don’t matter.",
        error_messages={"required": "Write the code from the email."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )
