"""What a page costs."""

from __future__ import annotations

from ocrchat.model import Page, Source

CREDITS = {Source.TEXT_LAYER: 1, Source.CPU: 1, Source.VLM: 5}
"""Credits for a page, by what read it: who asks for a tier that is not there does not pay for it."""


def credits_of(page: Page) -> int:
    """The credits that a page costs; one that could not be read costs nothing."""
    return 0 if page.error else CREDITS[page.source]
