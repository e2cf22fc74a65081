"""Turn what a payment provider tells into credits, each of its words once."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import connection, transaction

from ocrchat_server.accounts.models import Account
from ocrchat_server.billing.allowance import credits_key
from ocrchat_server.billing.models import (
    Customer,
    House,
    PaymentEvent,
    Purchase,
    Purse,
    Reason,
    Reversal,
    Transfer,
)
from ocrchat_server.billing.money import price_text
from ocrchat_server.billing.payments.base import Event, Reversed, Sold
from ocrchat_server.billing.plans import NEW_ACCOUNTS, PAID
from ocrchat_server.billing.services import forfeit

log = logging.getLogger(__name__)


def credits_due(bought: int, price: int, money_back: int) -> int:
    """How many of a purchase's credits go back with so much of its price; a part of one stays."""
    if money_back <= 0:
        return 0
    return bought if money_back >= price else bought * money_back // price


@transaction.atomic
def take_in(event: Event) -> str:
    """Act on an event; what was done, in words. One that was acted on before does nothing.

    Event, purchase and credits are one transaction; events of one payment wait for each other.
    """
    row, is_new = PaymentEvent.objects.get_or_create(
        id=event.id, defaults={"provider": event.provider, "kind": event.kind, "said_at": event.said_at}
    )
    if not is_new:
        return f"done before: {row.outcome}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [event.news.payment])
    if isinstance(event.news, Sold):
        row.outcome = _sold(event.news, event)
    else:
        row.outcome = _reversed(event.news, event)
    row.save(update_fields=["outcome"])
    log.info("%s %s: %s", event.kind, event.id, row.outcome)
    return row.outcome


def collect_owed() -> int:
    """Take what refunds still have to take back, where it has come home since; how many credits.

    A job that runs while its credits are refunded gives back what it does not use; that is taken then.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COLLECTABLE)
        found = [number for (number,) in cursor.fetchall()]
    taken = 0
    for number in found:
        with transaction.atomic():
            purchase = Purchase.objects.select_for_update(no_key=True).get(id=number)
            before = purchase.returned
            _square(purchase, Reason.REFUND)
            taken += purchase.returned - before
    return taken


_COLLECTABLE = """
    SELECT purchase.id FROM billing_purchase purchase
    JOIN billing_purse purse ON purse.key = 'credits:' || replace(purchase.account::text, '-', '')
    WHERE purchase.owed > 0 AND purse.balance > 0 ORDER BY purchase.id
"""


def _sold(sale: Sold, event: Event) -> str:
    purchase, is_new = Purchase.objects.get_or_create(
        reference=sale.reference,
        defaults={
            "account": sale.account,
            "provider": event.provider,
            "payment": sale.payment,
            "pack": sale.pack[:40],
            "credits": sale.credits,
            "price": sale.price,
            "currency": sale.currency,
            "bought_at": event.said_at,
        },
    )
    if not is_new:
        return f"{purchase} were sold before"
    if sale.customer:
        known = {"provider": event.provider, "reference": sale.customer}
        Customer.objects.update_or_create(account=sale.account, defaults=known)
    _move(purchase, purchase.credits, Reason.PURCHASE, str(purchase))
    if Account.objects.filter(id=sale.account, plan=NEW_ACCOUNTS).update(plan=PAID):
        purchase.plan_before = NEW_ACCOUNTS
        purchase.save(update_fields=["plan_before"])
    said = [f"sold {purchase} to {sale.account}", _square(purchase, Reason.REFUND)]
    return "; ".join(each for each in (*said, _let_go(sale.account)) if each)


def _reversed(news: Reversed, event: Event) -> str:
    """Remember the newest word of a refund or dispute, and square its purchase with it."""
    known = Reversal.objects.filter(reference=news.reference).first()
    if known and (known.said_at, known.rank) > (event.said_at, news.rank):
        return f"{news.kind} {news.reference} is {known.state} since: nothing done"
    Reversal.objects.update_or_create(
        reference=news.reference,
        defaults={
            "provider": event.provider,
            "payment": news.payment,
            "kind": news.kind,
            "amount": news.amount,
            "currency": news.currency,
            "state": news.state,
            "stands": news.stands,
            "said_at": event.said_at,
            "rank": news.rank,
        },
    )
    purchase = Purchase.objects.select_for_update(no_key=True).filter(payment=news.payment).first()
    what = f"{news.kind} of {price_text(news.amount, news.currency)} is {news.state}"
    if purchase is None:
        return f"{what}; its purchase is not known (yet)"
    did = _square(purchase, Reason(news.kind.value)) or "no credits moved"
    return "; ".join(each for each in (what, did, _let_go(purchase.account)) if each)


def _square(purchase: Purchase, reason: Reason) -> str:
    """Take back, or give again, what refunds and disputes now ask of a purchase; what was done, in words.

    Never more is taken than the buyer has: the rest is owed.
    """
    due = credits_due(purchase.credits, purchase.price, _money_back(purchase))
    was_gone = purchase.returned + purchase.owed >= purchase.credits
    said = []
    if due > purchase.returned:
        purse = Purse.objects.select_for_update(no_key=True).get(key=credits_key(purchase.account))
        if taken := min(due - purchase.returned, purse.balance):
            _move(purchase, -taken, reason, f"{reason} of {purchase}")
            said.append(f"took {taken:,} credits back")
    elif due < purchase.returned:
        again = purchase.returned - due
        _move(purchase, again, reason, f"{reason} of {purchase} fell")
        said.append(f"gave {again:,} credits again")
    if purchase.owed != due - purchase.returned and due > purchase.returned:
        said.append(f"{due - purchase.returned:,} were spent or set aside already and are owed")
    purchase.owed = due - purchase.returned
    purchase.save(update_fields=["returned", "owed"])
    if was_gone != (due >= purchase.credits):
        said.append(_plan_squared(purchase.account))
    return "; ".join(each for each in said if each)


def _money_back(purchase: Purchase) -> int:
    """How much of its price goes back; what is counted in another currency is all of it."""
    standing = Reversal.objects.filter(payment=purchase.payment, stands=True)
    return sum(
        each.amount if each.currency == purchase.currency else max(1, purchase.price) for each in standing
    )


def _move(purchase: Purchase, amount: int, reason: Reason, note: str) -> None:
    """Sold credits into a buyer's purse; below zero back out of it."""
    key = credits_key(purchase.account)
    purse, _ = Purse.objects.get_or_create(key=key, defaults={"owner": purchase.account})
    source, target = (House.SOLD, purse.id) if amount > 0 else (purse.id, House.SOLD)
    Transfer.objects.create(
        reason=reason,
        source=source,
        target=target,
        amount=abs(amount),
        purchase=purchase.id,
        note=note[:300],
    )
    if reason is not Reason.PURCHASE:
        purchase.returned -= amount


def _plan_squared(account: UUID) -> str:
    """Who has nothing left of all that was bought goes back to the plan from before; and the other way."""
    bought = list(Purchase.objects.filter(account=account))
    before = next((each.plan_before for each in bought if each.plan_before), "")
    is_gone = all(each.returned + each.owed >= each.credits for each in bought)
    old, new = (PAID, before) if is_gone else (before, PAID)
    if before and Account.objects.filter(id=account, plan=old).update(plan=new):
        return f"the plan is {new} now"
    return ""


def _let_go(account: UUID) -> str:
    """What an account that was deleted meanwhile gets is nobody's."""
    if Account.objects.filter(id=account).exists():
        return ""
    gone = forfeit(account)
    return f"the account is deleted, {gone:,} credits were let go; pay the money back" if gone else ""
