"""Orders go to Stripe over HTTP; its events are believed only with its signature."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from ocrchat_server.billing.errors import BadEvent, PaymentsAway, PaymentsOff
from ocrchat_server.billing.payments.base import Order, Reversed, Sold
from ocrchat_server.billing.payments.manual import ManualProvider
from ocrchat_server.billing.payments.stripe import StripeProvider
from tests.stripe_stand_in import (
    KEY,
    SECRET,
    StripeStandIn,
    dispute,
    event,
    refund,
    session,
    signature_of,
    stripe_stand_in,
)

ACCOUNT = uuid4()
ORDER = Order(
    pack="small",
    credits=1000,
    price=900,
    currency="eur",
    account=ACCOUNT,
    email="ada@example.org",
    customer=None,
    done="https://ocr.example.org/account/bought/",
    back="https://ocr.example.org/pricing/",
)


@pytest.fixture(scope="module")
def standing_in() -> Iterator[StripeStandIn]:
    """What answers for api.stripe.com."""
    with stripe_stand_in() as found:
        yield found


@pytest.fixture
def stripe(standing_in: StripeStandIn) -> StripeProvider:
    """The provider that calls it."""
    standing_in.asked.clear()
    standing_in.idempotency.clear()
    return StripeProvider(KEY, SECRET, standing_in.address)


def test_an_order_leads_to_a_page_where_it_is_paid(
    stripe: StripeProvider, standing_in: StripeStandIn
) -> None:
    assert stripe.checkout(ORDER) == f"{standing_in.address}/pay/cs_1"
    [(path, form)] = standing_in.asked
    assert path == "/v1/checkout/sessions"
    assert standing_in.keys == {f"Bearer {KEY}"}
    price = "line_items[0][price_data]"
    assert {
        "mode": "payment",
        "client_reference_id": ACCOUNT.hex,
        "metadata[ocrchat_account]": ACCOUNT.hex,
        "metadata[ocrchat_credits]": "1000",
        "customer_email": "ada@example.org",
        "customer_creation": "always",
        f"{price}[unit_amount]": "900",
        f"{price}[currency]": "eur",
        "success_url": ORDER.done,
        "cancel_url": ORDER.back,
    }.items() <= form.items()


def test_who_has_bought_before_is_the_same_customer(
    stripe: StripeProvider, standing_in: StripeStandIn
) -> None:
    stripe.checkout(replace(ORDER, customer="cus_7"))
    [(_, form)] = standing_in.asked
    assert form["customer"] == "cus_7"
    assert "customer_email" not in form


def test_a_customer_whom_stripe_has_forgotten_is_a_new_one(
    stripe: StripeProvider, standing_in: StripeStandIn
) -> None:
    standing_in.forgotten = {"cus_lost"}
    assert "/pay/" in stripe.checkout(replace(ORDER, customer="cus_lost"))
    assert [form.get("customer") for _, form in standing_in.asked] == ["cus_lost", None]


def test_a_call_that_fails_is_made_again_with_the_same_key(
    stripe: StripeProvider, standing_in: StripeStandIn
) -> None:
    standing_in.failures = [503]
    assert "/pay/" in stripe.checkout(ORDER)
    assert len(standing_in.idempotency) == 2
    assert len(set(standing_in.idempotency) - {""}) == 1


def test_a_stripe_that_fails_for_good_is_named(stripe: StripeProvider, standing_in: StripeStandIn) -> None:
    standing_in.failures = [402]
    with pytest.raises(PaymentsAway, match="try again"):
        stripe.checkout(ORDER)
    with pytest.raises(PaymentsAway):
        StripeProvider(KEY, SECRET, "http://127.0.0.1:9").portal("cus_1", ORDER.back)


def test_a_customer_has_a_portal(stripe: StripeProvider, standing_in: StripeStandIn) -> None:
    assert stripe.portal("cus_1", ORDER.back) == f"{standing_in.address}/portal/cus_1"
    assert standing_in.asked == [
        ("/v1/billing_portal/sessions", {"customer": "cus_1", "return_url": ORDER.back})
    ]


def test_a_signed_event_is_believed(stripe: StripeProvider) -> None:
    body = event("evt_1", "checkout.session.completed", session(ACCOUNT.hex), 1_700_000_000)
    told = stripe.event(body, signature_of(body))
    assert told
    assert (told.id, told.kind, told.said_at.timestamp()) == (
        "evt_1",
        "checkout.session.completed",
        1_700_000_000,
    )
    assert told.news == Sold("cs_of_pi_1", "pi_1", ACCOUNT, "small", 1000, 900, "eur", "cus_1")


def test_a_body_is_checked_byte_by_byte(stripe: StripeProvider) -> None:
    body = event("evt_1", "checkout.session.completed", session(ACCOUNT.hex), 1_700_000_000)
    for other in (
        json.dumps(json.loads(body)).encode(),
        body + b" ",
        body.replace(b'"1000"', b'"9000"'),
        b"",
        b"\xff",
    ):
        with pytest.raises(BadEvent, match="signature"):
            stripe.event(other, signature_of(body))


@pytest.mark.parametrize("signature", ["", "t=1", "v1=abc", "t=x,v1=abc", "nonsense"])
def test_no_signature_is_no_event(stripe: StripeProvider, signature: str) -> None:
    with pytest.raises(BadEvent, match="signature"):
        stripe.event(event("evt_1", "x", {}, 1), signature)


def test_an_old_signature_and_anothers_are_refused(stripe: StripeProvider) -> None:
    body = event("evt_1", "checkout.session.completed", session(ACCOUNT.hex), 1_700_000_000)
    for signature in (signature_of(body, at=time.time() - 301), signature_of(body, "whsec_of_another")):
        with pytest.raises(BadEvent, match="signature"):
            stripe.event(body, signature)


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("customer.created", {"id": "cus_1"}),
        ("checkout.session.expired", session(ACCOUNT.hex)),
        ("checkout.session.completed", session(ACCOUNT.hex, metadata={})),
        ("checkout.session.completed", session(ACCOUNT.hex, status="unpaid")),
        ("refund.created", refund(5, payment="")),
    ],
)
def test_what_does_not_concern_us_is_passed_over(
    stripe: StripeProvider, kind: str, what: dict[str, object]
) -> None:
    body = event("evt_1", kind, what, 1)
    assert stripe.event(body, signature_of(body)) is None


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b"null", b"nonsense", event("evt_1", "refund.created", {"payment_intent": "pi"}, 1)],
)
def test_a_signed_body_that_is_no_event_is_refused(stripe: StripeProvider, body: bytes) -> None:
    with pytest.raises(BadEvent, match="form"):
        stripe.event(body, signature_of(body))


@pytest.mark.parametrize(
    ("kind", "what", "stands"),
    [
        ("refund.created", refund(5, status="pending"), True),
        ("refund.updated", refund(5), True),
        ("refund.failed", refund(5, status="failed"), False),
        ("refund.updated", refund(5, status="canceled"), False),
        ("charge.dispute.created", dispute("warning_needs_response"), False),
        ("charge.dispute.created", dispute("needs_response"), True),
        ("charge.dispute.closed", dispute("lost"), True),
        ("charge.dispute.closed", dispute("won"), False),
    ],
)
def test_refunds_and_disputes_say_whether_the_money_is_gone(
    stripe: StripeProvider, kind: str, what: dict[str, object], stands: bool
) -> None:
    body = event("evt_1", kind, what, 1)
    told = stripe.event(body, signature_of(body))
    assert told
    assert isinstance(told.news, Reversed)
    assert told.news.stands is stands


def test_who_sells_nothing_says_so() -> None:
    for call in (
        lambda: ManualProvider().checkout(ORDER),
        lambda: ManualProvider().portal("cus_1", ""),
        lambda: ManualProvider().event(b"", ""),
    ):
        with pytest.raises(PaymentsOff, match="ask who runs"):
            call()
