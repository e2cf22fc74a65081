"""Tell of places on a page where text stays unread."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.model import Box, Note

UNREAD = "text-left-unread"
"""The code of such a note."""
MOST_TOLD = 10
"""Places of a page that are told of one by one."""
LEAST_LETTERS = 3
"""Letters and digits of a reading that is text; of fewer it may be marks."""


def is_text(reading: str) -> bool:
    """Whether what was read has the letters of a word, however unsurely."""
    return sum(map(str.isalnum, reading)) >= LEAST_LETTERS


def notes_of_unread(places: Sequence[Box]) -> tuple[Note, ...]:
    """A warning for each place, those after the tenth in one, with the box around them."""
    told = [Note(UNREAD, "what seems to be text could not be read", box=box) for box in places]
    if len(told) <= MOST_TOLD:
        return tuple(told)
    others = places[MOST_TOLD - 1 :]
    said = f"what seems to be text could not be read in {len(others)} more places"
    return (*told[: MOST_TOLD - 1], Note(UNREAD, said, box=Box.around(others)))
