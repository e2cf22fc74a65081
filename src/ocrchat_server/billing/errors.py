"""Name what can be wrong with plans, credits and payments."""

from __future__ import annotations

from datetime import datetime

from ocrchat.errors import RequestError, ServiceError


class OutOfPages(RequestError):
    """There are not enough credits left; `used` of `cap` are gone, `needed` were asked for.

    `resets_at` is when an allowance is filled again, None where only a purchase helps.
    """

    def __init__(self, text: str, *, used: int, cap: int, needed: int, resets_at: datetime | None) -> None:
        super().__init__(text)
        self.used, self.cap, self.needed, self.resets_at = used, cap, needed, resets_at


class TooManyRequests(RequestError):
    """Requests come faster than the plan lets them; the next may come after `seconds`."""

    def __init__(self, a_minute: int, seconds: int) -> None:
        super().__init__(f"too many requests; at most {a_minute} a minute, the next in {seconds} s")
        self.a_minute, self.seconds = a_minute, seconds


class BadAmount(RequestError):
    """Credits are granted and taken back in whole numbers over 0, with a reason."""


class BadPlans(ServiceError):
    """The file of plans is not as it must be; the text says where."""


class PaymentsOff(RequestError):
    """Nothing can be bought here; an administrator grants credits."""


class PaymentsAway(ServiceError):
    """The payment provider cannot be reached, or refuses; the text says what it said."""


class BadEvent(RequestError):
    """A payment provider's event whose signature or form is wrong."""
