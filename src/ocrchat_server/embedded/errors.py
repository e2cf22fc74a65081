"""Name what keeps the embedded parts from running; each text says what would put it right.

EmbeddedError
├── PostgresMissing        no usable PostgreSQL programs on this machine
├── VersionMismatch        the cluster was made by a major version that is not here
├── DataInUse              another process runs on the same data folder
├── DataUnusable           the data folder belongs to another user, or cannot be written
├── NoAccount              no user that PostgreSQL could run as
├── ClusterNotMade         making a new cluster failed; nothing of it is left
└── ClusterNotStarted      the postmaster did not come up, or an old one would not go
"""

from __future__ import annotations


class EmbeddedError(Exception):
    """The root; its text is meant for the person at the terminal."""


class PostgresMissing(EmbeddedError):
    """Neither the wheel nor the system has PostgreSQL programs that can be run."""


class VersionMismatch(EmbeddedError):
    """A cluster can only be run by the major version that made it."""


class DataInUse(EmbeddedError):
    """One data folder, one supervisor."""


class DataUnusable(EmbeddedError):
    """The files belong to a user that this process may not act for, or the folder cannot be had at all."""


class NoAccount(EmbeddedError):
    """PostgreSQL refuses to run as root, and there is nobody else to run it as."""


class ClusterNotMade(EmbeddedError):
    """initdb failed; the text ends with its last lines."""


class ClusterNotStarted(EmbeddedError):
    """The text ends with the last lines of PostgreSQL's log."""
