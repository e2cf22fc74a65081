"""What can go wrong, and whose fault it is.

OcrchatError
├── SourceError            the file's: another file would be read
│   ├── UnsupportedType
│   ├── DamagedSource
│   ├── EncryptedSource
│   ├── SourceTooLarge
│   └── PageUnreadable     one page of a document that is otherwise fine
├── RequestError           the caller's: the same file with other wishes would be read
│   ├── UnknownOption
│   └── LanguageNotInstalled
└── ServiceError           ours: nothing the caller sent is wrong
    ├── EngineFailed       it stumbled over a page, and would again
    │   └── EngineDied     it is gone; another may read the page
    ├── EndpointFailed     a server that was to answer did not, or not so that it helps
    ├── ModelMissing
    └── SandboxUnavailable
"""

from __future__ import annotations

from collections.abc import Iterable


class OcrchatError(Exception):
    """The root; its text is a sentence that may be shown to whoever sent the request."""


class SourceError(OcrchatError):
    """The file cannot be read as it is."""


class UnsupportedType(SourceError):
    """The bytes are of no type that is read here."""


class DamagedSource(SourceError):
    """The file breaks the rules of its own type so badly that nothing can be read."""


class EncryptedSource(SourceError):
    """The PDF asks for a password that was not given, or another one."""


class SourceTooLarge(SourceError):
    """The file is over a limit; the text names the limit and the file's figure."""

    def __init__(self, what: str, limit: int | float, figure: int | float, unit: str) -> None:
        super().__init__(f"the {what} is over the limit: {figure:,} {unit}; at most {limit:,} {unit}")
        self.what, self.limit, self.figure, self.unit = what, limit, figure, unit

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.what, self.limit, self.figure, self.unit)


class PageUnreadable(SourceError):
    """One page could not be decoded; the rest of the document may be fine."""


class RequestError(OcrchatError):
    """What was asked for is not offered."""


class UnknownOption(RequestError):
    """A wish whose value is not known; the text names it and what is accepted."""

    def __init__(self, name: str, value: str, accepted: Iterable[str]) -> None:
        self.name, self.value, self.accepted = name, value, tuple(accepted)
        offer = ", ".join(self.accepted) or "nothing yet"
        super().__init__(f"unknown {name} {value[:60]!r}; accepted: {offer}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.name, self.value, self.accepted)


class LanguageNotInstalled(RequestError):
    """A known language whose model is missing here; the text says how to add it."""

    def __init__(self, code: str, name: str, remedy: str) -> None:
        self.code, self.name, self.remedy = code, name, remedy
        super().__init__(f"the model for {name} ({code}) is not installed; {remedy}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.code, self.name, self.remedy)


class ServiceError(OcrchatError):
    """Something of ours failed."""


class EngineFailed(ServiceError):
    """An engine could not read a page, by a mistake of its own."""


class EngineDied(EngineFailed):
    """An engine died, hung or could not be started while it should have read a page."""


class EndpointFailed(ServiceError):
    """A language model's server is away, slow or says what cannot be used."""


class ModelMissing(ServiceError):
    """A model file is absent, or is not the file that it should be."""


class SandboxUnavailable(ServiceError):
    """The lock for untrusted files cannot be closed here, so nothing is decoded."""
