"""Say to django-allauth how an account is made here, and keep the secrets of TOTP sealed."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from ocrchat_server.accounts.models import Account
from ocrchat_server.accounts.seal import sealed, unsealed
from ocrchat_server.accounts.services import issue_token
from ocrchat_server.billing.plans import NEW_ACCOUNTS

log = logging.getLogger(__name__)

TOTP_SEAL = "totp"


class SignUp(DefaultAccountAdapter):
    """Who signs up gets the free plan and a first token."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether anybody may, as the settings say."""
        return bool(settings.OCRCHAT.sign_up)

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        """Store the new account. allauth calls it with the checked form."""
        super().save_user(request, user, form, commit=False)
        user.plan = NEW_ACCOUNTS
        with transaction.atomic():
            user.save()
            issue_token(user, "first")
        return user

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter; a mail server that fails costs the letter, which can be asked for again, no more."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            log.exception("a mail was not sent")
            said = "We could not send you a mail just now. Try again in a while."
            messages.error(self.request, said)


class SealedSecrets(DefaultMFAAdapter):
    """What an authenticator app shares with us is stored sealed."""

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return sealed(text, TOTP_SEAL).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return unsealed(encrypted_text.encode(), TOTP_SEAL)
