"""Find what a client has and where it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from ocrchat.errors import UnknownOption
from ocrchat_server.billing.allowance import UNLIMITED, Payer
from ocrchat_server.billing.models import Customer, Hold, PackRow, Purchase, Purse, Transfer


@dataclass(frozen=True, slots=True)
class Standing:
    """What a client may still spend: `free_used` of the allowance `free_cap`, and `credits` that were bought.

    `used` and `cap` are both together. Caps are None where there is no limit, `resets_at` where nothing is
    filled anew. What is set aside for running jobs counts as used until they end.
    """

    free_used: int
    free_cap: int | None
    used: int
    cap: int | None
    credits: int
    resets_at: datetime | None

    @property
    def left(self) -> int | None:
        """How much may still be spent, None without a limit."""
        return None if self.cap is None else max(0, self.cap - self.used)


def standing_of(payer: Payer) -> Standing:
    """What a client has now; purses that were never used are full. One query."""
    keys = [key for key in (payer.first, payer.second, payer.network) if key]
    purses = {purse.key: purse for purse in Purse.objects.filter(key__in=keys)}
    first, second = purses.get(payer.first), purses.get(payer.second or "")
    granted = max(payer.first_filled, first.granted if first else 0)
    used = first.granted - first.balance if first else 0
    bought = second.balance if second else 0
    resets_at = payer.ends_at if payer.first_filled else None
    if granted >= UNLIMITED:
        return Standing(used, None, used, None, bought, resets_at)
    if payer.network:
        network = purses.get(payer.network)
        limit = max(payer.network_filled, network.granted if network else 0)
        gone = network.granted - network.balance if network else 0
        if limit - gone < granted - used:
            used, granted = gone, limit
    spent = second.granted - second.balance if second else 0
    return Standing(used, granted, used + spent, granted + spent + bought, bought, resets_at)


def transfers_of(account: UUID) -> QuerySet[Transfer]:
    """Every transfer into and out of an account's purses and of its jobs, newest first."""
    purses = list(Purse.objects.filter(owner=account).values_list("id", flat=True))
    jobs = Hold.objects.filter(owner=account).values("job")
    return Transfer.objects.filter(Q(source__in=purses) | Q(target__in=purses) | Q(job__in=jobs)).order_by(
        "-id"
    )


def packs_offered() -> list[PackRow]:
    """What can be bought, the smallest first."""
    return list(PackRow.objects.filter(is_offered=True).order_by("credits"))


def pack_offered(name: str) -> PackRow:
    """The pack of that name. UnknownOption names those that can be bought."""
    packs = {pack.name: pack for pack in packs_offered()}
    if name not in packs:
        raise UnknownOption("pack", name, sorted(packs))
    return packs[name]


def customer_of(account: UUID, provider: str) -> str | None:
    """What a payment provider calls an account; None for who has never bought."""
    found = Customer.objects.filter(account=account, provider=provider).first()
    return found.reference if found else None


def owed_by(account: UUID) -> int:
    """Credits that refunds and disputes have yet to take back."""
    return sum(Purchase.objects.filter(account=account, owed__gt=0).values_list("owed", flat=True))
