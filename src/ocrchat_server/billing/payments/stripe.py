"""Sell credits through Stripe: Checkout, its customer portal, its signed events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import stripe

from ocrchat_server.billing.errors import BadEvent, PaymentsAway
from ocrchat_server.billing.payments.base import Event, Order
from ocrchat_server.billing.payments.stripe_events import METADATA, event_in

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

_TIMEOUT_SECONDS = 20
_RETRIES = 2
_TOLERANCE_SECONDS = 300
"""How old a signature may be, as Stripe advises."""


class StripeProvider:
    """Talks to Stripe with the API version of the `stripe` package; `address` stands in for api.stripe.com.

    Calls are repeated twice, by the package, with an idempotency key of its own.
    """

    name = "stripe"
    sells = True

    def __init__(self, key: str, webhook_secret: str, address: str = "") -> None:
        self._secret = webhook_secret
        self._client = stripe.StripeClient(
            key,
            base_addresses={"api": address} if address else {},
            max_network_retries=_RETRIES,
            http_client=stripe.RequestsClient(timeout=_TIMEOUT_SECONDS),
        )

    def checkout(self, order: Order) -> str:
        """The address of a Checkout page. A customer whom Stripe has forgotten is a new one. PaymentsAway."""
        try:
            try:
                session = self._client.v1.checkout.sessions.create(_session_of(order, order.customer))
            except stripe.InvalidRequestError as error:
                if order.customer is None or error.code != "resource_missing":
                    raise
                session = self._client.v1.checkout.sessions.create(_session_of(order, None))
        except stripe.StripeError as error:
            raise _away(error) from error
        return session.url or order.back

    def portal(self, customer: str, back: str) -> str:
        """The address of a customer's portal. PaymentsAway."""
        try:
            return self._client.v1.billing_portal.sessions.create(
                {"customer": customer, "return_url": back}
            ).url
        except stripe.StripeError as error:
            raise _away(error) from error

    def event(self, body: bytes, signature: str) -> Event | None:
        """What a webhook's body says, whose signature is checked over its very bytes. BadEvent."""
        try:
            stripe.WebhookSignature.verify_header(body.decode(), signature, self._secret, _TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
            raise BadEvent("the signature of this event is not right, or too old") from error
        return event_in(body)


def _session_of(order: Order, customer: str | None) -> SessionCreateParams:
    """A Checkout session for one payment, after which the customer is known and has an invoice."""
    wanted = {
        METADATA.account: order.account.hex,
        METADATA.pack: order.pack,
        METADATA.credits: str(order.credits),
    }
    price: SessionCreateParams = {
        "mode": "payment",
        "client_reference_id": order.account.hex,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": order.currency,
                    "unit_amount": order.price,
                    "product_data": {"name": f"{order.credits:,} credits"},
                },
            }
        ],
        "metadata": wanted,
        "payment_intent_data": {"metadata": wanted},
        "invoice_creation": {"enabled": True},
        "success_url": order.done,
        "cancel_url": order.back,
    }
    if customer:
        return {**price, "customer": customer}
    return {**price, "customer_creation": "always", "customer_email": order.email}


def _away(error: stripe.StripeError) -> PaymentsAway:
    return PaymentsAway(f"the payment provider does not answer as it should: {error.user_message or error}")
