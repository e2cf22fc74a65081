"""Tell what each paragraph of a page is: heading, item of a list, caption, footnote; and place figures."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.layout.captions import with_captions
from ocrchat.layout.figures import with_figures
from ocrchat.layout.footnotes import with_footnotes
from ocrchat.layout.found import Figure, Found, Shown, body_height
from ocrchat.layout.headings import with_headings
from ocrchat.layout.lists import with_lists

__all__ = ["Found", "told_apart"]


def told_apart(found: Sequence[Found], figures: Sequence[Figure] = ()) -> tuple[Shown, ...]:
    """The paragraphs and tables of a page, in order, each marked as what it is, its figures among them."""
    body = body_height(found)
    told = with_headings(with_footnotes(with_lists(found), body), body)
    return with_figures(with_captions(told, figures), figures)
