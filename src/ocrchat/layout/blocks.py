"""Gather the rows of a region into paragraphs and headings."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrchat.model import BlockType, Box, Line


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together, and what they are; `level` is a heading's, 1 for the largest."""

    lines: tuple[Line, ...]
    type: BlockType = BlockType.PARAGRAPH
    level: int | None = None


def grouped(lines: Sequence[Line]) -> tuple[Group, ...]:
    """The lines of one region, in order, as paragraphs.

    A paragraph ends where the space to the next line is clearly over the region's usual one, where
    the height of letters changes, and where a short line is followed by an indented one.
    """
    if not lines:
        return ()
    usual = _usual_pitch(lines)
    left, right = min(line.box.x0 for line in lines), max(line.box.x1 for line in lines)
    groups: list[list[Line]] = [[lines[0]]]
    for before, line in pairwise(lines):
        if _starts_anew(before, line, usual, left, right):
            groups.append([line])
        else:
            groups[-1].append(line)
    return tuple(Group(tuple(group)) for group in groups)


def with_headings(groups: Sequence[Group]) -> tuple[Group, ...]:
    """The groups of a whole page with the short, clearly larger ones marked as headings."""
    body = _body_height(groups)
    if body == 0:
        return tuple(groups)
    sizes = sorted({_size_class(group, body) for group in groups if _is_heading(group, body)}, reverse=True)
    return tuple(
        Group(group.lines, BlockType.HEADING, min(6, sizes.index(_size_class(group, body)) + 1))
        if _is_heading(group, body)
        else group
        for group in groups
    )


def _usual_pitch(lines: Sequence[Line]) -> float:
    """The median distance from one line's middle to the next, in pixels."""
    middles = [(line.box.y0 + line.box.y1) / 2 for line in lines]
    steps = [b - a for a, b in pairwise(middles) if b > a]
    return statistics.median_low(steps) if steps else float(lines[0].box.height)


def _starts_anew(before: Line, line: Line, usual: float, left: int, right: int) -> bool:
    pitch = (line.box.y0 + line.box.y1 - before.box.y0 - before.box.y1) / 2
    height = max(before.box.height, line.box.height)
    if pitch < -0.5 * height or pitch > max(1.35 * usual, usual + 0.3 * height):
        return True
    if height > 1.35 * min(before.box.height, line.box.height):
        return True
    is_short = before.box.x1 < right - 0.15 * (right - left)
    is_indented = line.box.x0 > before.box.x0 + 0.8 * height and line.box.x0 < left + 4 * height
    return is_short and is_indented


def _body_height(groups: Sequence[Group]) -> float:
    """The height of the page's usual line, weighted by characters; 0 for a page without text."""
    heights = sorted((line.box.height, len(line.text)) for group in groups for line in group.lines)
    half, passed = sum(count for _, count in heights) / 2, 0
    for height, count in heights:
        passed += count
        if passed >= half and count:
            return float(height)
    return 0.0


def _is_heading(group: Group, body: float) -> bool:
    height = statistics.median(line.box.height for line in group.lines)
    letters = sum(c.isalpha() for line in group.lines for c in line.text)
    return len(group.lines) <= 3 and height > 1.3 * body and letters >= 2


def _size_class(group: Group, body: float) -> int:
    """Heights within a quarter of the body's height count as one level."""
    return round(statistics.median(line.box.height for line in group.lines) / body * 4)


def box_around(lines: Sequence[Line]) -> Box:
    """The smallest box that holds all of the lines."""
    return Box.around(line.box for line in lines)
