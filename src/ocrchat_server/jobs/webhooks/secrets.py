"""Keep each account's secret, by which its receivers know our messages."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ocrchat_server.accounts.seal import sealed, unsealed
from ocrchat_server.jobs.models import WebhookSecret
from ocrchat_server.jobs.webhooks.signature import new_secret

_PURPOSE = "webhook-secret"
BOTH_HOURS = 24
"""For how long messages are signed by the former secret too, after it was replaced."""


def secret_of(account: UUID) -> str:
    """The account's secret; made now when it has none."""
    row, _ = WebhookSecret.objects.get_or_create(
        account_id=account, defaults={"seal": sealed(new_secret(), _PURPOSE)}
    )
    return unsealed(row.seal, _PURPOSE)


def replace_secret(account: UUID) -> str:
    """A new secret of the account; the former one goes on to sign for a day."""
    secret_of(account)
    with transaction.atomic():
        row = WebhookSecret.objects.select_for_update().get(account_id=account)
        secret = new_secret()
        row.seal, row.former_seal, row.replaced_at = sealed(secret, _PURPOSE), row.seal, timezone.now()
        row.save(update_fields=["seal", "former_seal", "replaced_at"])
    return secret


def secrets_of(account: UUID) -> tuple[str, ...]:
    """The secrets that sign a message now, the newest first."""
    secret = secret_of(account)
    row = WebhookSecret.objects.get(account_id=account)
    if row.former_seal is None or row.replaced_at is None:
        return (secret,)
    if timezone.now() - row.replaced_at > timedelta(hours=BOTH_HOURS):
        return (secret,)
    return secret, unsealed(row.former_seal, _PURPOSE)
