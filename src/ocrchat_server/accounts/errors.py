"""Name what can be wrong with accounts."""

from ocrchat.errors import RequestError


class AccountExists(RequestError):
    """There is an account with that address already."""


class AccountUnknown(RequestError):
    """There is no account with that address."""


class BadAddress(RequestError):
    """The text is no e-mail address."""


class WrongToken(RequestError):
    """A token was shown that is not, or no longer, an account's."""


class TokenUnknown(RequestError):
    """There is no such token, or it is another account's."""


class NoReason(RequestError):
    """Somebody's document is looked at with a reason, in words."""


class TooManyTokens(RequestError):
    """The account has as many tokens as an account may have."""
