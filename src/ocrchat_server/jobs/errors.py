"""Name what can be wrong with jobs."""

from ocrchat.errors import RequestError


class JobNotFound(RequestError):
    """There is no such job, or it is somebody else's."""


class JobNotFinished(RequestError):
    """The job has no document (yet)."""
