from __future__ import annotations

import numpy as np

from ocrchat.layout.grid import Grid
from ocrchat.layout.parts import Part
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.rules import Rules, rules_of
from ocrchat.layout.tables import drawn_tables, open_tables
from ocrchat.model import Box, Line, Word

FLOW = Flow.LEFT_TO_RIGHT
NONE = np.zeros((0, 4), np.float32)


def part(text: str, x: int, y: int) -> Part:
    box = Box(x, y, x + 10 * len(text), y + 20)
    return Part(box.x0, box.y0, box.x1, box.y1, Line(text, box, 1.0, (Word(text, box, 1.0),)))


def rules(*boxes: tuple[int, int, int, int]) -> Rules:
    return rules_of(np.array(boxes, np.float32), NONE, 20)


def cells(grid: Grid) -> list[list[tuple[str, int, int]]]:
    rows: list[list[tuple[str, int, int]]] = [[] for _ in range(grid.size[0])]
    for slot in grid.slots:
        rows[slot.row].append((slot.text, slot.rowspan, slot.colspan))
    return rows


def texts(grid: Grid) -> list[list[str]]:
    return [[text for text, _, _ in row] for row in cells(grid)]


def test_cells_without_a_rule_between_them_are_one() -> None:
    drawn = rules(
        (0, 0, 300, 1), (0, 40, 300, 41), (0, 80, 300, 81),
        (0, 0, 1, 80), (300, 0, 301, 80), (100, 0, 101, 80), (200, 40, 201, 80),
    )  # fmt: skip
    (grid,) = drawn_tables(
        [
            part("Name", 10, 10),
            part("Both", 180, 10),
            part("a", 10, 50),
            part("1", 140, 50),
            part("2", 240, 50),
        ],
        drawn,
        FLOW,
    )
    assert cells(grid) == [[("Name", 1, 1), ("Both", 1, 2)], [("a", 1, 1), ("1", 1, 1), ("2", 1, 1)]]
    assert grid.header_rows == 1


def test_a_frame_around_a_paragraph_is_no_table() -> None:
    frame = rules((0, 0, 600, 1), (0, 100, 600, 101), (0, 0, 1, 100), (600, 0, 601, 100))
    assert (
        drawn_tables([part("some words in a frame", 10, 10), part("and some more", 10, 40)], frame, FLOW)
        == []
    )


def test_level_rules_show_a_table_and_its_head() -> None:
    drawn = rules((0, 0, 600, 1), (0, 40, 600, 41), (0, 160, 600, 161))
    rows = [("Year", "Sales", "Cost"), ("first", "10", "20"), ("second", "", "40"), ("third", "50", "60")]
    parts = [
        part(text, x, 10 + 38 * row) for row, row_texts in enumerate(rows)
        for text, x in zip(row_texts, (10, 250, 450), strict=True) if text
    ]  # fmt: skip
    (grid,) = drawn_tables(parts, drawn, FLOW)
    assert texts(grid) == [list(row) for row in rows]
    assert grid.header_rows == 1


def test_columns_of_figures_are_a_table_without_rules() -> None:
    rows = [
        ("apples", "1.00", "2.00"),
        ("pears", "3.00", ""),
        ("plums", "5.00", "6.00"),
        ("figs", "7.00", "8.00"),
    ]
    parts = [
        part(text, x, 30 * row) for row, row_texts in enumerate(rows)
        for text, x in zip(row_texts, (0, 200, 400), strict=True) if text
    ]  # fmt: skip
    (grid,) = open_tables(parts, FLOW)
    assert texts(grid) == [list(row) for row in rows]


def test_a_list_is_no_table() -> None:
    parts = [part(text, x, 30 * row) for row in range(4) for text, x in ((f"{row}.", 0), ("12", 100))]
    assert open_tables(parts, FLOW) == []
