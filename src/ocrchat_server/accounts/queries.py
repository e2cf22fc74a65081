"""Find accounts and tokens."""

from __future__ import annotations

from ocrchat_server.accounts import seal, tokens
from ocrchat_server.accounts.models import Account, ApiToken
from ocrchat_server.accounts.services import TOKEN_SEAL


def account_of_token(token: str) -> Account | None:
    """The active account whose token that is, None when it is nobody's.

    The look-up is by SHA-256 of the whole token, so its time tells nothing about stored tokens.
    """
    if not tokens.is_well_formed(token):
        return None
    found = (
        ApiToken.objects.select_related("account")
        .filter(digest=tokens.digest_of(token), revoked_at=None, account__is_active=True)
        .first()
    )
    return found.account if found else None


def first_token() -> tuple[Account, str] | None:
    """The oldest account's oldest token that still works, for who starts the server by hand."""
    found = (
        ApiToken.objects.select_related("account")
        .filter(revoked_at=None, account__is_active=True)
        .order_by("account__created_at", "created_at")
        .first()
    )
    return (found.account, seal.unsealed(found.seal, TOKEN_SEAL)) if found else None
