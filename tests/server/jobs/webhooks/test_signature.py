"""A receiver knows whom a message is from."""

from __future__ import annotations

from ocrchat_server.jobs.webhooks.signature import new_secret, signature, signed_headers

_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_ID, _TIME, _BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'


def test_a_signature_is_the_one_that_the_libraries_of_receivers_expect() -> None:
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="  # Svix's published example
    assert signature(_SECRET, _ID, _TIME, _BODY) == expected


def test_id_time_and_body_are_all_signed() -> None:
    signatures = {
        signature(_SECRET, _ID, _TIME, _BODY),
        signature(_SECRET, _ID + "x", _TIME, _BODY),
        signature(_SECRET, _ID, _TIME + 1, _BODY),
        signature(_SECRET, _ID, _TIME, _BODY + b" "),
        signature(new_secret(), _ID, _TIME, _BODY),
    }
    assert len(signatures) == 5


def test_while_a_secret_is_replaced_a_message_has_both_signatures() -> None:
    headers = signed_headers([_SECRET, new_secret()], _ID, _TIME, _BODY)
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (_ID, str(_TIME))
    first, second = headers["webhook-signature"].split(" ")
    assert first == signature(_SECRET, _ID, _TIME, _BODY)
    assert second.startswith("v1,")
    assert second != first
