"""Turn untrusted bytes into page images, behind a lock."""

from ocrchat.sources.intake import Intake, OpenSource
from ocrchat.sources.limits import Limits
from ocrchat.sources.sniff import SourceKind

__all__ = ["Intake", "Limits", "OpenSource", "SourceKind"]
