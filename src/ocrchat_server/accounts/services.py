"""Create accounts and issue tokens."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from ocrchat_server.accounts import seal, tokens
from ocrchat_server.accounts.errors import AccountExists, BadAddress
from ocrchat_server.accounts.models import Account, ApiToken

TOKEN_SEAL = "api-token"  # noqa: S105 - the name of a purpose, no secret


@transaction.atomic
def create_account(email: str, plan: str) -> tuple[Account, str]:
    """A new account without a password, and its first token. BadAddress, AccountExists."""
    try:
        validate_email(email)
    except ValidationError:
        raise BadAddress(f"{email!r} is not an e-mail address") from None
    account = Account(email=email, plan=plan)
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise AccountExists(f"there is an account of {email} already") from None
    return account, issue_token(account, "first")


@transaction.atomic
def issue_token(account: Account, name: str) -> str:
    """A new token of an account."""
    token = tokens.new_token()
    ApiToken.objects.create(
        account=account,
        name=name,
        digest=tokens.digest_of(token),
        seal=seal.sealed(token, TOKEN_SEAL),
    )
    return token
