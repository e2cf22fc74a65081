"""Sort a page's drawn lines into level and upright ones, and join their pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.imaging.quads import Rects
from ocrchat.layout.parts import Part, rects_of

MOST_GROUNDS = 1_000
"""Filled areas from which they are a drawing, not the cells of tables."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: `at` is its place across (y of a level rule, x of an upright one)."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        """Pixels."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of a page, in the frame of reading."""

    level: tuple[Rule, ...] = ()
    upright: tuple[Rule, ...] = ()


def rules_of(rects: Rects, grounds: Rects, letter: float) -> Rules:
    """Thin rectangles, and the sides of filled grounds, as rules.

    Pieces of one line, up to half a letter's height apart, are joined. What is thicker than half a
    letter, or no longer than one, is no rule.
    """
    level: list[Rule] = []
    upright: list[Rule] = []
    for x0, y0, x1, y1 in rects.tolist():
        width, height = x1 - x0, y1 - y0
        if width >= 3 * height and width > letter and height <= 0.5 * letter:
            level.append(Rule((y0 + y1) / 2, x0, x1))
        elif height >= 3 * width and height > 0.7 * letter and width <= 0.5 * letter:
            upright.append(Rule((x0 + x1) / 2, y0, y1))
    for x0, y0, x1, y1 in _cells(grounds, letter):
        level += [Rule(y0, x0, x1), Rule(y1, x0, x1)]
        upright += [Rule(x0, y0, y1), Rule(x1, y0, y1)]
    return Rules(_joined(level, letter), _joined(upright, letter))


def without_underlines(rules: Rules, parts: Sequence[Part]) -> Rules:
    """The rules but for level ones that stand close under the words of one part and reach not beyond it."""
    x0, y0, x1, y1 = rects_of(parts).T
    height, middle = y1 - y0, (y0 + y1) / 2

    def underlines(rule: Rule) -> bool:
        below = (middle < rule.at) & (rule.at < y1 + 0.2 * height)
        return bool((below & (x0 - 0.3 * height <= rule.start) & (rule.end <= x1 + 0.3 * height)).any())

    return Rules(tuple(rule for rule in rules.level if not underlines(rule)), rules.upright)


def _cells(grounds: Rects, letter: float) -> list[list[float]]:
    """The grounds that may be those of cells: high and wide enough, and no shade within a cell's own."""
    found = [
        each for each in grounds.tolist() if each[3] - each[1] > 0.8 * letter and each[2] - each[0] > letter
    ]
    if len(found) > MOST_GROUNDS:
        return []
    return [each for each in found if not any(_is_shade_in(each, other) for other in found)]


def _is_shade_in(inner: Sequence[float], outer: Sequence[float]) -> bool:
    """Whether a ground lies in another, not much smaller one: paragraphs' shades in a cell's."""
    near = 2.0
    inside = (
        inner is not outer
        and outer[0] - near <= inner[0]
        and outer[1] - near <= inner[1]
        and inner[2] <= outer[2] + near
        and inner[3] <= outer[3] + near
    )
    wide, high = outer[2] - outer[0], outer[3] - outer[1]
    is_same = wide * high < 1.1 * (inner[2] - inner[0]) * (inner[3] - inner[1])
    similar = inner[2] - inner[0] >= 0.75 * wide and high < 6 * (inner[3] - inner[1])
    return inside and similar and not is_same


def _joined(rules: Sequence[Rule], letter: float) -> tuple[Rule, ...]:
    """Rules on one line whose pieces touch or nearly touch, as one each."""
    near = max(2.0, 0.2 * letter)
    lines: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda each: each.at):
        if lines and rule.at - lines[-1][-1].at <= near and rule.at - lines[-1][0].at <= 2 * near:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    joined: list[Rule] = []
    for line in lines:
        at = sum(rule.at * rule.length for rule in line) / max(1e-9, sum(rule.length for rule in line))
        start = end = None
        for rule in sorted(line, key=lambda each: each.start):
            if start is None or end is None:
                start, end = rule.start, rule.end
            elif rule.start <= end + 0.5 * letter:
                end = max(end, rule.end)
            else:
                joined.append(Rule(at, start, end))
                start, end = rule.start, rule.end
        if start is not None and end is not None:
            joined.append(Rule(at, start, end))
    return tuple(joined)
