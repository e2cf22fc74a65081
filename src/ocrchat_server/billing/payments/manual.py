"""Sell nothing: administrators grant credits."""

from __future__ import annotations

from ocrchat_server.billing.errors import PaymentsOff
from ocrchat_server.billing.payments.base import Event, Order


class ManualProvider:
    """The provider of a server that sells nothing online; see `services.give`."""

    name = "manual"
    sells = False

    def checkout(self, order: Order) -> str:
        """PaymentsOff."""
        raise _off()

    def portal(self, customer: str, back: str) -> str:
        """PaymentsOff."""
        raise _off()

    def event(self, body: bytes, signature: str) -> Event | None:
        """PaymentsOff."""
        raise _off()


def _off() -> PaymentsOff:
    return PaymentsOff("nothing is sold here online; ask who runs this server for credits")
