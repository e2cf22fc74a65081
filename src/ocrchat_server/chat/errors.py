"""Name what can be wrong with messages."""

from datetime import timedelta

from ocrchat.errors import RequestError


class BadMessage(RequestError):
    """A message is empty, too long or not there; the text says what is taken."""


class ConversationNotFound(RequestError):
    """There is no such conversation about this document, or it is somebody else's."""


class TooManyMessages(RequestError):
    """An account sent as many messages today as it may; the next may come after `seconds`."""

    def __init__(self, a_day: int, wait: timedelta) -> None:
        self.a_day, self.seconds = a_day, max(1, int(wait.total_seconds()))
        super().__init__(f"too many messages; at most {a_day} a day, the next in {self.seconds} s")
