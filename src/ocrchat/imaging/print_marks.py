"""Tell plain print by its marks, and which of them stand side by side."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.ink import InkMarks, usual_letter

LEAST_LETTERS = 80
"""Marks like letters that plain print has at least."""
HIGHEST, WIDEST = 3.2, 12.0
"""Usual letters that a mark is high at most, and heights of its own, or usual letters, that it is wide."""
RULE, LEAST_RULE = 0.3, 4.0
"""Usual letters that a drawn line is high at most, and long at least."""
LOW = 0.55
"""A mark of so many usual letters in height is a letter, not a dot or a comma."""
CORE, WIDE, LEAST_CORE = 0.3, 1.5, 0.6
"""Half the height of a mark's core, as a share of its height, which is taken for so many times its width at
most (an accent makes a letter higher, not wider) and so many usual letters at least."""
GAP, LARGE_GAP = 2.0, 1.4
"""Usual letters, or heights of its own, from a mark to the next of its row at most."""
CLOSE = 0.6
"""Usual letters between two marks of a row, on the median: where it is more, lines run another way."""
LEAST_FITTED = 10
"""Letters of a row from which its slope is asked."""

Boxes = NDArray[np.float32]
Members = NDArray[np.int64]
"""Places of marks."""


@dataclass(frozen=True, slots=True, eq=False)
class PrintMarks:
    """The marks of a page of print, in pixels of the page divided by `scale`.

    `boxes` is (n, 4): x0, y0, x1, y1; `level` (n, 2): top and foot as they would stand were the page not
    skewed; `is_letter` (n,). `letter` is the usual letter's height, `slope` the rise of y with x. `rows` are
    the marks that stand side by side, each row from the left.
    """

    boxes: Boxes
    level: Boxes
    is_letter: NDArray[np.bool_]
    rows: tuple[Members, ...]
    letter: float
    slope: float
    scale: int

    def letters(self, members: Members) -> Members:
        """Those that are letters."""
        return members[self.is_letter[members]]


def print_marks(marks: InkMarks) -> PrintMarks | None:
    """The marks of a page of plain print; None where there are few letters, pictures, or lines that stand.

    Drawn lines are left out.
    """
    letter = usual_letter(marks)
    if letter is None or letter.count < LEAST_LETTERS:
        return None
    width, height = (marks.boxes[:, 2:] - marks.boxes[:, :2]).T
    is_rule = (height <= max(2.0, RULE * letter.height)) & (width > LEAST_RULE * letter.height)
    is_large = (height > HIGHEST * letter.height) | (width > WIDEST * np.maximum(letter.height, height))
    if (is_large & ~is_rule).any():
        return None
    boxes = marks.boxes[~is_rule].astype(np.float32)
    labels = _labels(boxes, letter.height, (marks.height, marks.width))
    order = np.lexsort((boxes[:, 0], labels))
    boxes, labels = boxes[order], labels[order]
    begins = np.flatnonzero(np.diff(labels)) + 1
    is_next = np.diff(labels) == 0
    gaps = (boxes[1:, 0] - boxes[:-1, 2])[is_next]
    if not len(gaps) or np.median(gaps) > CLOSE * letter.height:
        return None
    rows = tuple(np.split(np.arange(len(boxes)), begins))
    is_letter = boxes[:, 3] - boxes[:, 1] >= LOW * letter.height
    slope = _slope(boxes, [row[is_letter[row]] for row in rows])
    middle = (boxes[:, [0]] + boxes[:, [2]]) / 2
    level = boxes[:, [1, 3]] - np.float32(slope) * middle
    return PrintMarks(boxes, level, np.asarray(is_letter), rows, letter.height, slope, marks.scale)


def _labels(boxes: Boxes, letter: float, size: tuple[int, int]) -> Members:
    """For each mark the number of its row: cores are drawn as far as the next may be, and hang together.

    Cores of letters of a line overlap, g's and l's through others; those of two lines do not.
    """
    x0, y0, x1, y1 = boxes.T
    high, middle = y1 - y0, (y0 + y1) / 2
    half = np.maximum(CORE * np.maximum(np.minimum(high, WIDE * (x1 - x0)), LEAST_CORE * letter), 1)
    ends = x1 + np.maximum(GAP * letter, LARGE_GAP * high)
    drawn = np.zeros(size, np.uint8)
    places = np.round(np.stack([x0, np.maximum(middle - half, 0), ends, middle + half], axis=1)).astype(int)
    for left, top, right, foot in places.tolist():
        drawn[top : foot + 1, left:right] = 1
    _, labels = cv2.connectedComponents(drawn, connectivity=4, ltype=cv2.CV_32S)
    rows = np.clip(np.round(middle), 0, size[0] - 1).astype(int)
    return np.asarray(labels[rows, x0.astype(int)], np.int64)


def _slope(boxes: Boxes, rows: list[Members]) -> float:
    """How much y rises with x: the median of rows, weighted by letters, each from half to half."""
    slopes: list[tuple[float, int]] = []
    for row in rows:
        if len(row) >= LEAST_FITTED:
            (x, foot), half = boxes[row][:, [0, 3]].T, len(row) // 2
            run = float(np.median(x[half:]) - np.median(x[:half]))
            rise = float(np.median(foot[half:]) - np.median(foot[:half]))
            slopes.append((rise / max(run, 1.0), len(row)))
    slopes.sort()
    passed = np.cumsum([count for _, count in slopes])
    return slopes[int(np.searchsorted(passed, passed[-1] / 2))][0] if slopes else 0.0
