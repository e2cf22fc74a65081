"""Name what can be wrong with jobs."""

from ocrchat.errors import RequestError, ServiceError


class JobNotFound(RequestError):
    """There is no such job, or it is somebody else's."""


class JobNotFinished(RequestError):
    """The job has no document (yet)."""


class KeyUsedOtherwise(RequestError):
    """An Idempotency-Key was sent before, with another request."""


class TooMuchWaiting(ServiceError):
    """More pages wait than may; the text says whose."""
