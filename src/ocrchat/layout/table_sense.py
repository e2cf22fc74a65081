"""Tell tables from text that is only set, or framed, like one."""

from __future__ import annotations

import statistics

from ocrchat.layout.grid import Grid, Slot, is_figure

PROSE_LINES, PROSE_LETTERS = 5, 200
"""A cell with more lines and letters than that is running text."""
MOST_PROSE = 0.6
"""The share of a table's letters that may stand in such cells: above, its rules divide a page."""
LEADER, MOST_LEADING = ". . .", 2
"""Cells with dots that lead to a place to fill in: a form, whose rules are lines to write on."""
LEAST_FILLED = 0.35
"""The share of cells with text that a table has whose columns are not drawn."""
MOST_BULLETS = 3
"""Cells that may be bullets, as marks of yes and no are, in a table whose cells are not drawn."""
_SURE_BULLETS = frozenset("•●○■□▪▫◦‣⁃➢➤")
_BULLETS = frozenset("•●○■□▪▫◦‣⁃–—-*·☐☑✓►▶➢\uf0b7")


def is_open_table(grid: Grid) -> bool:
    """Whether columns without any rule are meant as a table: enough rows, figures or short cells, no list."""
    if is_running_text(grid) or is_list(grid) or _has_items(grid):
        return False
    rows, columns = grid.size
    filled = [slot for slot in grid.slots if slot.parts]
    body = [slot for slot in filled if slot.column > 0]
    full = sum(sum(slot.row == row for slot in filled) >= max(2, 0.6 * columns) for row in range(rows))
    figures = sum(is_figure(slot.text) for slot in body)
    if rows < 3 or full < 3:
        return False
    if columns == 2:
        return full >= 0.6 * rows and figures >= 0.6 * len(body)
    shortness = statistics.median(len(slot.text) for slot in filled)
    has_figures = figures >= 0.3 * len(body)
    return full >= (0.4 if has_figures else 0.5) * rows and (has_figures or shortness < 25)


def is_drawn_table(grid: Grid) -> bool:
    """Whether rules that form cells are a table's: not those around pages, pictures, lists and labels."""
    filled = [slot for slot in grid.slots if slot.parts]
    rows, columns = {slot.row for slot in filled}, {slot.column for slot in filled}
    if len(rows) < 2 or len(columns) < 2 or len(filled) < max(3, 0.2 * len(grid.slots)):
        return False
    letters = sum(len(slot.text) for slot in filled)
    prose = sum(len(slot.text) for slot in filled if _is_prose(slot))
    leading = sum(LEADER in slot.text for slot in filled)
    return prose <= MOST_PROSE * letters and leading <= MOST_LEADING and not is_list(grid)


def is_table_between_levels(grid: Grid) -> bool:
    """Whether columns between level rules are a table's, not a page's, a form's, nor a list."""
    filled = [slot for slot in grid.slots if slot.parts]
    leading = sum(LEADER in slot.text for slot in filled)
    is_form = leading > MOST_LEADING or len(filled) < LEAST_FILLED * len(grid.slots)
    return not (is_form or is_running_text(grid) or is_list(grid) or _has_items(grid))


def _has_items(grid: Grid) -> bool:
    """Whether lists stand in it: several cells that are, or begin with, bullets."""
    texts = [slot.text.split(" ", 1)[0] for slot in grid.slots if slot.parts]
    return sum(text in _SURE_BULLETS for text in texts) > MOST_BULLETS


def is_running_text(grid: Grid) -> bool:
    """Whether the columns are those of a page, not of a table: most of them filled with lines of prose."""
    _, columns = grid.size
    prose = 0
    for column in range(columns):
        chunks = [part for slot in grid.slots if slot.column == column for part in slot.parts]
        if len(chunks) < 3:
            continue
        width = max(chunk.x1 for chunk in chunks) - min(chunk.x0 for chunk in chunks)
        full = sum(chunk.width > 0.8 * width for chunk in chunks)
        wide = statistics.median(chunk.width / max(1.0, chunk.height) for chunk in chunks)
        figures = sum(is_figure(chunk.line.text) for chunk in chunks)
        prose += wide > 7 and full > 0.6 * len(chunks) and figures < 0.3 * len(chunks)
    return prose >= 2 and 2 * prose >= columns


def is_list(grid: Grid) -> bool:
    """Whether two columns are a list: the first holds nothing but bullets, or short numbers in order."""
    if grid.size[1] != 2:
        return False
    first = [slot.text.strip() for slot in grid.slots if slot.column == 0 and slot.parts]
    if all(text in _BULLETS for text in first):
        return True
    return all(len(text) <= 4 and text[-1:] in ".)" for text in first)


def _is_prose(slot: Slot) -> bool:
    lines = len({round(part.middle / max(1.0, part.height)) for part in slot.parts})
    return lines > PROSE_LINES and len(slot.text) > PROSE_LETTERS
