"""Find what pages of a document have in common: headers, footers, page numbers, ranks of headings."""

from __future__ import annotations

import math
import operator
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count, pairwise
from statistics import median

from ocrchat.model.document import Block, BlockType, Page
from ocrchat.model.heading_levels import Sizes, levels_of, size_of
from ocrchat.model.pieces import releveled

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
_FURTHEST = 100
"""Pages by which the number beside letters is off at most: `Invoice 1001` and `1002` number no pages."""

_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]+")
_SPACE = re.compile(r"\s+")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

RUNNING = frozenset({BlockType.HEADER, BlockType.FOOTER, BlockType.PAGE_NUMBER})
"""Types of blocks that are no part of what a document says from page to page."""

Key = tuple[bool, str]
"""Whether it stands at the top, and its text with `#` for each number."""
Look = tuple[BlockType, int | None]
"""A block's type and level."""
_MOST_TEXTS = 1 << 13
"""Texts at edges that are kept as they were taken apart: a long job is asked for again while it grows."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text stands once: the page's index, the height as a share of the page's, the text's numbers."""

    index: int
    height: float
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """What a document's pages have in common, each at its usual height as a share of the page's."""

    heights: dict[Key, float]
    numbers: frozenset[Key]
    counting: dict[Key, frozenset[int]]
    """Which of a key's numbers, the first is 0, grow with the page."""
    levels: dict[float, int] = field(default_factory=dict)
    """The level of headings of each size in points."""

    def level_of(self, block: Block, page: Page) -> int | None:
        """The block's level: a heading's among all of the document's."""
        size = size_of(block, page)
        return block.level if size is None else self.levels.get(size, block.level)

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

    def said_by(self, block: Block, page: Page) -> Key | None:
        """What a running block says, `#` for those numbers alone that grow with the page; None for others."""
        place = _place_of(block, page)
        if place is None or place[0] not in self.heights:
            return None
        positions = count()
        counting = self.counting[place[0]]
        said = _DIGITS.sub(lambda found: "#" if next(positions) in counting else found[0], _plain(block.text))
        return place[0][0], said


NOTHING_RUNNING = Running({}, frozenset(), {})


def running_of(pages: Iterable[Page]) -> Running:
    """What stands at the edges of several pages near each other, numbers left aside; gone through once.

    Headings are ranked by their size on all pages, without those that stand at the edges again and again.
    """
    sizes: dict[Key | None, Sizes] = defaultdict(Sizes)
    seen: dict[Key, list[_Place]] = defaultdict(list)
    headings: set[Key] = set()
    length = 0
    for page in pages:
        length += 1
        for block in page.blocks:
            place = _place_of(block, page)
            if block.type is BlockType.HEADING and (size := size_of(block, page)) is not None:
                sizes[place and place[0]][size] += 1
            if place is not None:
                key, height = place
                seen[key].append(_Place(page.index, height, _numbers_in(block.text)))
                if block.type is BlockType.HEADING:
                    headings.add(key)
    enough = 2 if length <= _SHORT else _OFTEN
    heights: dict[Key, float] = {}
    numbers: set[Key] = set()
    counting: dict[Key, frozenset[int]] = {}
    for key, places in seen.items():
        usual = median(place.height for place in places)
        there = [place for place in places if abs(place.height - usual) <= _SAME_HEIGHT]
        often = len(there) >= (max(enough, length // 2) if key in headings else enough)
        if often and _is_near([place.index for place in there], enough):
            grow = _that_grow(key, there)
            is_number = bool(grow) and _letters(key) <= _LONGEST_LABEL
            if is_number or _letters(key):
                heights[key], counting[key] = usual, grow
                numbers |= {key} if is_number else set()
    ranked = sum((each for key, each in sizes.items() if key not in heights), Sizes())
    return Running(heights, frozenset(numbers), counting, levels_of(ranked))


def with_running(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages, their headers, footers and numbers typed as such, their headings ranked among all.

    Their texts are left as they are.
    """
    running = running_of(pages)
    return tuple(typed(page, running) for page in pages)


def typed(page: Page, running: Running) -> Page:
    """One page with what is running typed so, and its headings on their level of the document."""
    return dressed(page, looks_of(page, running))


def looks_of(page: Page, running: Running) -> tuple[Look, ...]:
    """What each block is, and on which level, in the whole document."""
    return tuple([_look_of(block, page, running) for block in page.blocks])


def dressed(page: Page, looks: Sequence[Look]) -> Page:
    """The page, its blocks with these looks; itself where they have them."""
    blocks = tuple([_dressed(block, *look) for block, look in zip(page.blocks, looks, strict=True)])
    if all(map(operator.is_, page.blocks, blocks)):
        return page
    return replace(page, blocks=blocks, markdown=releveled(page, blocks))


def _look_of(block: Block, page: Page, running: Running) -> Look:
    kind = running.type_of(block, page)
    if kind is not block.type:
        return kind, None
    return kind, running.level_of(block, page) if kind is BlockType.HEADING else block.level


def _dressed(block: Block, kind: BlockType, level: int | None) -> Block:
    if kind is block.type and level == block.level:
        return block
    return replace(block, type=kind, level=level)


def _place_of(block: Block, page: Page) -> tuple[Key, float] | None:
    if block.type is BlockType.LIST or block.table is not None:
        return None
    if not page.height or not 0 < len(block.text) <= _AT_MOST:
        return None
    is_top = block.box.y1 <= _EDGE * page.height
    if not is_top and block.box.y0 < (1 - _EDGE) * page.height:
        return None
    return (is_top, _without_numbers(block.text)), (block.box.y0 + block.box.y1) / 2 / page.height


@lru_cache(_MOST_TEXTS)
def _without_numbers(text: str) -> str:
    """A short text in small letters with `#` for each number."""
    text = _plain(text)
    return "#" if _ROMAN.fullmatch(text) else _DIGITS.sub("#", text)


def _is_near(indices: Sequence[int], enough: int) -> bool:
    """Whether so many of the pages follow each other."""
    longest = run = 1
    for one, other in pairwise(sorted(indices)):
        run = run + 1 if other - one <= _NEAR else 1
        longest = max(longest, run)
    return longest >= enough


def _letters(key: Key) -> int:
    return sum(character.isalpha() for character in key[1])


def _that_grow(key: Key, places: Sequence[_Place]) -> frozenset[int]:
    """Which of the numbers are as far from the page's index on most of the pages."""
    furthest = _FURTHEST if _letters(key) else math.inf
    grow = set()
    for position in range(max(len(place.numbers) for place in places)):
        offsets = [place.numbers[position] - place.index for place in places if position < len(place.numbers)]
        offset, often = Counter(offsets).most_common(1)[0]
        if 2 * often > len(places) and abs(offset) <= furthest:
            grow.add(position)
    return frozenset(grow)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.casefold()).strip()


@lru_cache(_MOST_TEXTS)
def _numbers_in(text: str) -> tuple[int, ...]:
    """The numbers in a text; a Roman one where it is all there is."""
    plain = _plain(text)
    if not _ROMAN.fullmatch(plain):
        return tuple(int(digits[:9]) for digits in _DIGITS.findall(plain))
    values = [_ROMAN_VALUES[letter] for letter in plain]
    return (sum(-one if one < other else one for one, other in pairwise([*values, 0])),)
