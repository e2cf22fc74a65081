"""The tables of billing."""

from ocrchat_server.billing.models.ledger import Hold, House, Purse, Reason, Transfer
from ocrchat_server.billing.models.plans import PackRow, Period, PlanRow
from ocrchat_server.billing.models.sales import Customer, PaymentEvent, Purchase, Reversal, ReversalKind

__all__ = [
    "Customer",
    "Hold",
    "House",
    "PackRow",
    "PaymentEvent",
    "Period",
    "PlanRow",
    "Purchase",
    "Purse",
    "Reason",
    "Reversal",
    "ReversalKind",
    "Transfer",
]
