"""Tell what each paragraph of a page is: heading, item of a list, caption, footnote."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.layout.captions import with_captions
from ocrchat.layout.footnotes import with_footnotes
from ocrchat.layout.found import Found, body_height
from ocrchat.layout.headings import with_headings
from ocrchat.layout.lists import with_lists

__all__ = ["Found", "told_apart"]


def told_apart(found: Sequence[Found]) -> tuple[Found, ...]:
    """The paragraphs and tables of a page, in order, each paragraph marked as what it is."""
    body = body_height(found)
    return with_captions(with_headings(with_footnotes(with_lists(found), body), body))
