"""Say to django-allauth how an account is made here, and keep the secrets of TOTP sealed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from ocrchat_server.accounts.models import Account
from ocrchat_server.accounts.seal import sealed, unsealed
from ocrchat_server.accounts.services import issue_token
from ocrchat_server.billing.plans import NEW_ACCOUNTS

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


class SealedSecrets(DefaultMFAAdapter):
    """What an authenticator app shares with us is stored sealed."""

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return sealed(text, TOTP_SEAL).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return unsealed(encrypted_text.encode(), TOTP_SEAL)
