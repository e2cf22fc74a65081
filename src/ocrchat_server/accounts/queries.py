"""Find accounts and tokens."""

from __future__ import annotations

from ocrchat_server.accounts import seal
from ocrchat_server.accounts.errors import AccountUnknown
from ocrchat_server.accounts.models import Account, ApiToken
from ocrchat_server.accounts.services import TOKEN_SEAL


def first_token() -> tuple[Account, str] | None:
    """The oldest account's oldest token that still works, for who starts the server by hand."""
    found = (
        ApiToken.objects.select_related("account")
        .filter(revoked_at=None, account__is_active=True)
        .order_by("account__created_at", "created_at")
        .first()
    )
    return (found.account, seal.unsealed(found.seal, TOKEN_SEAL)) if found else None


def account_with_address(email: str) -> Account:
    """The account of that address, whatever its case. AccountUnknown."""
    found = Account.objects.filter(email__iexact=email.strip()).first()
    if found is None:
        raise AccountUnknown(f"there is no account of {email[:100]!r}")
    return found
