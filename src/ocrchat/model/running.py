"""Find what is printed on page after page of a document: headers, footers, page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ocrchat.model.document import Block, BlockType, Page

_EDGE = 0.12
"""Share of a page's height at its top and bottom where such things stand."""
_AT_MOST = 200
"""Characters of one."""
_SAME_HEIGHT = 0.02
"""Share of a page's height by which the places of one differ at most."""
_OFTEN, _SHORT = 3, 3
"""Pages that it stands on at least; two are enough for a document of so few."""
_NEAR = 2
"""Pages from one to the next: left and right pages may differ."""
_LONGEST_LABEL = 12
"""Letters beside a page number, as in `Page 3 of 7`."""

_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]+")
_SPACE = re.compile(r"\s+")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

RUNNING = frozenset({BlockType.HEADER, BlockType.FOOTER, BlockType.PAGE_NUMBER})
"""Types of blocks that are no part of what a document says from page to page."""

Key = tuple[bool, str]
"""Whether it stands at the top, and its text with `#` for each number."""


@dataclass(frozen=True, slots=True)
class Running:
    """What a document's pages have in common, each at its usual height as a share of the page's."""

    heights: dict[Key, float]
    numbers: frozenset[Key]

    def type_of(self, block: Block, page: Page) -> BlockType:
        """The block's type, which is another where it says what other pages say in its place."""
        place = _place_of(block, page)
        if place is None or block.type in RUNNING:
            return block.type
        (is_top, _), height = place[0], place[1]
        usual = self.heights.get(place[0])
        if usual is None or abs(usual - height) > _SAME_HEIGHT:
            return block.type
        if place[0] in self.numbers:
            return BlockType.PAGE_NUMBER
        return BlockType.HEADER if is_top else BlockType.FOOTER


NOTHING_RUNNING = Running({}, frozenset())


def running_of(pages: Iterable[Page]) -> Running:
    """What stands at the edges of several pages near each other, numbers left aside; gone through once."""
    seen: dict[Key, list[tuple[int, float, int | None]]] = defaultdict(list)
    headings: set[Key] = set()
    count = 0
    for page in pages:
        count += 1
        for block in page.blocks:
            place = _place_of(block, page)
            if place is not None:
                key, height = place
                seen[key].append((page.index, height, _number_in(block.text)))
                if block.type is BlockType.HEADING:
                    headings.add(key)
    enough = 2 if count <= _SHORT else _OFTEN
    heights: dict[Key, float] = {}
    numbers: set[Key] = set()
    for key, places in seen.items():
        usual = median(height for _, height, _ in places)
        there = [each for each in places if abs(each[1] - usual) <= _SAME_HEIGHT]
        often = len(there) >= (max(enough, count // 2) if key in headings else enough)
        if often and _is_near([index for index, _, _ in there], enough):
            is_number = _counts_up(key, there)
            if is_number or _has_letters(key):
                heights[key] = usual
                numbers |= {key} if is_number else set()
    return Running(heights, frozenset(numbers))


def with_running(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages, their headers, footers and numbers typed as such; their texts are left as they are."""
    running = running_of(pages)
    return tuple(typed(page, running) for page in pages) if running.heights else tuple(pages)


def typed(page: Page, running: Running) -> Page:
    """One page with what is running typed so."""
    types = [running.type_of(block, page) for block in page.blocks]
    if all(block.type is kind for block, kind in zip(page.blocks, types, strict=True)):
        return page
    blocks = tuple(
        block if block.type is kind else replace(block, type=kind, level=None)
        for block, kind in zip(page.blocks, types, strict=True)
    )
    return replace(page, blocks=blocks)


def key_of(block: Block, page: Page) -> Key | None:
    """What the block is known by on other pages; None where it stands at no edge."""
    place = _place_of(block, page)
    return place[0] if place else None


def _place_of(block: Block, page: Page) -> tuple[Key, float] | None:
    if block.type is BlockType.LIST or block.table is not None:
        return None
    if not page.height or not 0 < len(block.text) <= _AT_MOST:
        return None
    is_top = block.box.y1 <= _EDGE * page.height
    if not is_top and block.box.y0 < (1 - _EDGE) * page.height:
        return None
    text = _SPACE.sub(" ", block.text.casefold()).strip()
    text = "#" if _ROMAN.fullmatch(text) else _DIGITS.sub("#", text)
    return (is_top, text), (block.box.y0 + block.box.y1) / 2 / page.height


def _is_near(indices: Sequence[int], enough: int) -> bool:
    """Whether so many of the pages follow each other."""
    longest = run = 1
    for one, other in pairwise(sorted(indices)):
        run = run + 1 if other - one <= _NEAR else 1
        longest = max(longest, run)
    return longest >= enough


def _has_letters(key: Key) -> bool:
    return any(character.isalpha() for character in key[1])


def _counts_up(key: Key, places: Sequence[tuple[int, float, int | None]]) -> bool:
    """Whether most of them have a number that grows with the page, and little else."""
    if "#" not in key[1] or sum(character.isalpha() for character in key[1]) > _LONGEST_LABEL:
        return False
    offsets = [number - index for index, _, number in places if number is not None]
    return bool(offsets) and 2 * max(map(offsets.count, set(offsets))) > len(places)


def _number_in(text: str) -> int | None:
    """The first number in a text; a Roman one where it is all there is."""
    found = _DIGITS.search(text)
    if found:
        return int(found[0][:9])
    roman = text.strip().casefold()
    if not _ROMAN.fullmatch(roman):
        return None
    values = [_ROMAN_VALUES[letter] for letter in roman]
    return sum(-one if one < other else one for one, other in pairwise([*values, 0]))
