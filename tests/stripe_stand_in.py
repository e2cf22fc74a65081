"""What stands in for Stripe: an HTTP server for api.stripe.com, and events signed as Stripe signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

KEY, SECRET = "sk_test_of_a_test", "whsec_of_a_test"


@dataclass
class StripeStandIn:
    """Takes sessions as api.stripe.com does, and remembers what it was asked; `forgotten` are lost customers.

    `failures` are statuses that are answered first, each once.
    """

    address: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    idempotency: list[str] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)
    failures: list[int] = field(default_factory=list)

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The status and the body for a POST."""
        if self.failures:
            return self.failures.pop(0), {"error": {"type": "api_error", "message": "try again"}}
        if form.get("customer") in self.forgotten:
            said = f"No such customer: '{form['customer']}'"
            error = {"type": "invalid_request_error", "code": "resource_missing", "param": "customer"}
            return 400, {"error": {**error, "message": said}}
        if path == "/v1/checkout/sessions":
            number = len(self.asked)
            page = f"{self.address}/pay/cs_{number}"
            return 200, {"id": f"cs_{number}", "object": "checkout.session", "url": page}
        if path == "/v1/billing_portal/sessions":
            page = f"{self.address}/portal/{form['customer']}"
            return 200, {"id": "bps_1", "object": "billing_portal.session", "url": page}
        return 404, {
            "error": {"type": "invalid_request_error", "message": f"Unrecognized request URL {path}"}
        }


@contextmanager
def stripe_stand_in() -> Iterator[StripeStandIn]:
    """One on a free port, until the end."""
    stripe = StripeStandIn()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # a page where people pay
            self._send(200, "text/html", b"<title>Stripe</title>")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = dict(parse_qsl(body))
            stripe.asked.append((self.path, form))
            stripe.keys.add(self.headers["Authorization"])
            stripe.idempotency.append(self.headers.get("Idempotency-Key", ""))
            status, answer = stripe.answer(self.path, form)
            self._send(status, "application/json", json.dumps(answer).encode())

        def log_message(self, *what: object) -> None:
            pass

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    stripe.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield stripe
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def signature_of(body: bytes, secret: str = SECRET, at: float | None = None) -> str:
    """The header `Stripe-Signature` of a body (docs.stripe.com/webhooks/signature)."""
    moment = int(time.time() if at is None else at)
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={mac.hexdigest()},v0={'0' * 64}"


def event(name: str, kind: str, what: dict[str, Any], created: int) -> bytes:
    """An event as Stripe sends it, in its usual wide JSON."""
    data = {
        "id": name,
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": created,
        "data": {"object": what},
        "livemode": False,
        "pending_webhooks": 1,
        "type": kind,
    }
    return json.dumps(data, indent=2, ensure_ascii=False).encode()


def session(account: str, payment: str = "pi_1", status: str = "paid", **other: Any) -> dict[str, Any]:
    """A Checkout session of 1,000 credits for 9.00 EUR, as our orders make them."""
    return {
        "id": f"cs_of_{payment}",
        "object": "checkout.session",
        "amount_total": 900,
        "currency": "eur",
        "customer": "cus_1",
        "client_reference_id": account,
        "metadata": {
            "ocrchat_account": account,
            "ocrchat_pack": "small",
            "ocrchat_credits": "1000",
        },
        "mode": "payment",
        "payment_intent": payment,
        "payment_status": status,
        "status": "complete",
    } | other


def refund(
    amount: int, name: str = "re_1", payment: str = "pi_1", status: str = "succeeded"
) -> dict[str, Any]:
    """A refund of some of it."""
    return {
        "id": name,
        "object": "refund",
        "amount": amount,
        "charge": f"ch_of_{payment}",
        "currency": "eur",
        "payment_intent": payment,
        "status": status,
    }


def dispute(status: str, amount: int = 900, payment: str = "pi_1") -> dict[str, Any]:
    """A dispute about it."""
    return {
        "id": f"dp_of_{payment}",
        "object": "dispute",
        "amount": amount,
        "charge": f"ch_of_{payment}",
        "currency": "eur",
        "payment_intent": payment,
        "reason": "fraudulent",
        "status": status,
    }
