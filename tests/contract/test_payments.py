"""Credits are bought, come with a signed event, are used, and go back: over HTTP, on a real server."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
import requests

from tests.browser import PASSWORD, Browser
from tests.conftest import Server
from tests.stripe_stand_in import (
    KEY,
    SECRET,
    StripeStandIn,
    event,
    refund,
    session,
    signature_of,
    stripe_stand_in,
)

NOW = int(time.time())


@pytest.fixture(scope="module")
def stripe() -> Iterator[StripeStandIn]:
    """What answers for api.stripe.com."""
    with stripe_stand_in() as found:
        yield found


@pytest.fixture(scope="module")
def shop(
    start_server: Callable[..., Server], stripe: StripeStandIn, tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """A server that sells by Stripe."""
    return start_server(
        tmp_path_factory.mktemp("shop") / "data",
        OCRCHAT_ENGINE="scripted",
        OCRCHAT_CONFIRM_ADDRESSES="false",
        OCRCHAT_PAYMENTS="stripe",
        OCRCHAT_STRIPE_KEY=KEY,
        OCRCHAT_STRIPE_WEBHOOK_SECRET=SECRET,
        OCRCHAT_STRIPE_ADDRESS=stripe.address,
    )


class Buyer(Browser):
    """Somebody with an account and a token."""

    def __init__(self, shop: Server, email: str) -> None:
        super().__init__(shop.address)
        self.send("/account/signup/", email=email, password1=PASSWORD)
        found = re.search(r"oc_[A-Za-z0-9_-]{48}", self.open("/account/").text)
        assert found
        self._bearer = {"Authorization": f"Bearer {found[0]}"}
        self._usage = f"{shop.address}/api/v1/usage/"

    def usage(self) -> dict[str, object]:
        """What the API says of it."""
        found: dict[str, object] = requests.get(self._usage, headers=self._bearer, timeout=30).json()
        return found


def _tell(shop: Server, body: bytes, signature: str | None = None) -> requests.Response:
    return requests.post(
        f"{shop.address}/api/v1/payments/stripe/events/",
        data=body,
        headers={"Content-Type": "application/json", "Stripe-Signature": signature or signature_of(body)},
        timeout=30,
    )


def test_a_pack_is_bought_used_and_refunded(shop: Server, stripe: StripeStandIn) -> None:
    buyer = Buyer(shop, "ada@example.org")
    assert "9.00 EUR" in buyer.open("/pricing/").text
    leads = buyer.send("/pricing/", "/account/buy/", follow=False, pack="small")
    assert (leads.status_code, leads.headers["Location"].startswith(f"{stripe.address}/pay/")) == (302, True)
    order = stripe.asked[-1][1]
    assert order["success_url"] == f"{shop.address}/account/bought/"

    paid = session(
        order["client_reference_id"],
        metadata={name[9:-1]: value for name, value in order.items() if name.startswith("metadata[")},
    )
    told = event("evt_1", "checkout.session.completed", paid, NOW)
    assert "as soon as the payment" in buyer.open("/account/bought/").text
    answer = _tell(shop, told)
    assert (answer.status_code, answer.json()["did"][:34]) == (200, "sold 1,000 credits for 9.00 EUR to")
    assert "done before" in _tell(shop, told).json()["did"]
    assert {"plan": "paid", "credits": 1000}.items() <= buyer.usage().items()
    assert "1000 of the rest were bought" in buyer.open("/account/").text

    back = event("evt_2", "refund.created", refund(450), NOW + 60)
    assert _tell(shop, back).json()["did"] == "refund of 4.50 EUR is succeeded; took 500 credits back"
    assert buyer.usage()["credits"] == 500


def test_who_has_bought_sees_invoices_and_is_known_again(shop: Server, stripe: StripeStandIn) -> None:
    buyer = Buyer(shop, "bea@example.org")
    assert "Invoices" not in buyer.open("/account/").text
    assert "nothing was bought yet" in buyer.send("/account/", "/account/invoices/").text
    buyer.send("/pricing/", "/account/buy/", follow=False, pack="small")
    paid = session(stripe.asked[-1][1]["client_reference_id"], "pi_bea", customer="cus_bea")
    _tell(shop, event("evt_bea", "checkout.session.completed", paid, NOW))
    leads = buyer.send("/account/", "/account/invoices/", follow=False)
    assert leads.headers["Location"] == f"{stripe.address}/portal/cus_bea"
    buyer.send("/pricing/", "/account/buy/", follow=False, pack="large")
    assert stripe.asked[-1][1]["customer"] == "cus_bea"


def test_an_event_without_the_right_signature_is_400_and_does_nothing(shop: Server) -> None:
    buyer = Buyer(shop, "cleo@example.org")
    body = event("evt_forged", "checkout.session.completed", session("0" * 32, "pi_forged"), NOW)
    for signature in ("t=1,v1=00", signature_of(body, "whsec_of_another"), signature_of(body + b" ")):
        answer = _tell(shop, body, signature)
        assert (answer.status_code, "signature" in answer.json()["error"]) == (400, True)
    assert buyer.usage()["credits"] == 0


def test_a_provider_that_fails_is_told_and_nothing_is_lost(shop: Server, stripe: StripeStandIn) -> None:
    buyer = Buyer(shop, "dora@example.org")
    stripe.failures = [400]
    page = buyer.send("/pricing/", "/account/buy/", pack="small")
    assert "does not answer as it should" in page.text
    assert "pack" in buyer.send("/pricing/", "/account/buy/", pack="enormous").text


def test_nobody_buys_without_an_account(shop: Server) -> None:
    page = Browser(shop.address).open("/pricing/").text
    assert "9.00 EUR" in page
    assert ">Buy<" not in page


def test_another_providers_events_have_no_address_here(shop: Server, scripted_server: Server) -> None:
    for server, name in ((shop, "manual"), (shop, "paypal"), (scripted_server, "stripe")):
        address = f"{server.address}/api/v1/payments/{name}/events/"
        assert requests.post(address, data=b"{}", timeout=30).status_code == 404


def test_where_nothing_is_sold_people_are_told_whom_to_ask(scripted_server: Server) -> None:
    page = Browser(scripted_server.address).open("/pricing/").text
    assert "Ask who runs this server for credits" in page
    assert "EUR" not in page
