"""Create and delete accounts; issue, replace and revoke tokens."""

from __future__ import annotations

import secrets
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from ocrchat_server.accounts import seal, tokens
from ocrchat_server.accounts.errors import AccountExists, BadAddress, NoReason, TokenUnknown, TooManyTokens
from ocrchat_server.accounts.models import Account, ApiToken, Look

MOST_TOKENS = 50
SHORTEST_REASON = 10
TOKEN_SEAL = "api-token"  # noqa: S105 - the name of a purpose, no secret


@transaction.atomic
def create_account(email: str, plan: str, *, is_admin: bool = False) -> tuple[Account, str]:
    """A new account without a password, and its first token. BadAddress, AccountExists.

    Whoever runs the server vouches for the address; its owner sets a password as one who forgot it.
    """
    try:
        validate_email(email)
    except ValidationError:
        raise BadAddress(f"{email!r} is not an e-mail address") from None
    account = Account(email=email, plan=plan, is_staff=is_admin, is_superuser=is_admin)
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise AccountExists(f"there is an account of {email} already") from None
    EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    return account, issue_token(account, "first")


@transaction.atomic
def issue_token(account: Account, name: str) -> str:
    """A new token of an account; it can be shown again unless the settings say once. TooManyTokens."""
    if ApiToken.objects.filter(account=account, revoked_at=None).count() >= MOST_TOKENS:
        raise TooManyTokens(f"an account has at most {MOST_TOKENS} tokens; revoke one first")
    token = tokens.new_token()
    ApiToken.objects.create(
        account=account,
        name=name.strip()[:80] or "unnamed",
        digest=tokens.digest_of(token),
        seal=None if settings.OCRCHAT.tokens_shown_once else seal.sealed(token, TOKEN_SEAL),
    )
    return token


@transaction.atomic
def rotate_token(account: Account, token_id: int) -> str:
    """A new token of the same name in place of an old one, which stops working. TokenUnknown."""
    old = _own_token(account, token_id)
    _revoke(old)
    return issue_token(account, old.name)


@transaction.atomic
def revoke_token(account: Account, token_id: int) -> None:
    """Stop a token from working, for ever. TokenUnknown."""
    _revoke(_own_token(account, token_id))


def delete_account(account_id: UUID) -> None:
    """Delete an account and its tokens; what it owns elsewhere must be gone by then."""
    Account.objects.filter(id=account_id).delete()


def record_look(by: Account, owner: UUID | None, job: UUID, reason: str) -> Look:
    """Write down that an administrator looks at a document now; its owner sees it. NoReason."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise NoReason(f"say why, in at least {SHORTEST_REASON} letters; the owner reads it")
    return Look.objects.create(by=by.id, owner=owner, job=job, reason=reason.strip()[:300])


def _own_token(account: Account, token_id: int) -> ApiToken:
    found = ApiToken.objects.filter(account=account, id=token_id, revoked_at=None).first()
    if found is None:
        raise TokenUnknown("there is no such token")
    return found


def _revoke(token: ApiToken) -> None:
    """Forget what the token was: a look-up of it finds as little, and as fast, as of one that never was."""
    token.revoked_at, token.seal, token.digest = timezone.now(), None, secrets.token_bytes(32)
    token.save(update_fields=["revoked_at", "seal", "digest"])
