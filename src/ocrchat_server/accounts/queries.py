"""Find accounts and tokens."""

from __future__ import annotations

from cryptography.fernet import InvalidToken

from ocrchat_server.accounts import seal
from ocrchat_server.accounts.errors import AccountUnknown
from ocrchat_server.accounts.models import Account, ApiToken, Look
from ocrchat_server.accounts.services import TOKEN_SEAL


def first_token() -> tuple[Account, str] | None:
    """The oldest account's oldest token that works and can be shown, for who starts the server by hand."""
    found = (
        ApiToken.objects.select_related("account")
        .filter(revoked_at=None, account__is_active=True, seal__isnull=False)
        .order_by("account__created_at", "created_at")
        .first()
    )
    text = shown(found) if found else None
    return (found.account, text) if found and text else None


def tokens_of(account: Account) -> list[ApiToken]:
    """The tokens of an account that work, the newest first."""
    return list(ApiToken.objects.filter(account=account, revoked_at=None).order_by("-id"))


def shown(token: ApiToken) -> str | None:
    """The token itself; None where it is not kept, or was sealed with another key of the server."""
    try:
        return seal.unsealed(token.seal, TOKEN_SEAL) if token.seal else None
    except InvalidToken:
        return None


def account_with_address(email: str) -> Account:
    """The account of that address, whatever its case. AccountUnknown."""
    found = Account.objects.filter(email__iexact=email.strip()).first()
    if found is None:
        raise AccountUnknown(f"there is no account of {email[:100]!r}")
    return found


def looks_at(account: Account) -> list[Look]:
    """When administrators looked at an account's documents, and why; the newest first, at most 50."""
    return list(Look.objects.filter(owner=account.id).order_by("-id")[:50])
