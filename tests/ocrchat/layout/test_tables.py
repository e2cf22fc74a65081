from __future__ import annotations

import numpy as np

from ocrchat.layout.grid import Grid, Slot, without
from ocrchat.layout.open_tables import open_tables
from ocrchat.layout.parts import Part
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.rules import Rules, rules_of, without_underlines
from ocrchat.layout.table_blocks import table_of
from ocrchat.layout.tables import drawn_tables
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


def test_two_columns_of_prose_are_no_table() -> None:
    parts = [
        part(f"these lines run on in two columns {row}", x, 30 * row) for row in range(12) for x in (0, 420)
    ]
    assert open_tables(parts, FLOW) == []
    assert drawn_tables(parts, rules((0, -20, 800, -19), (0, 380, 800, 381)), FLOW) == []


def test_a_framed_page_of_text_is_no_table() -> None:
    parts = [part("a line of one column of text", x, 30 * row) for row in range(20) for x in (10, 410)]
    frame = rules(
        (0, 0, 800, 1), (0, 620, 800, 621), (0, 0, 1, 620), (400, 0, 401, 620), (800, 0, 801, 620)
    )  # fmt: skip
    assert drawn_tables(parts, frame, FLOW) == []


def test_marked_cells_do_not_take_a_table_apart() -> None:
    rows = [("name", "one", "two"), *((f"row {n}", f"{n}.5", f"{n}.7") for n in range(8))]
    parts = [
        part(text, x, 30 * row + 5) for row, texts_ in enumerate(rows)
        for text, x in zip(texts_, (10, 250, 400), strict=True)
    ]  # fmt: skip
    level = np.array([(0, 0, 500, 1), (0, 30, 500, 31), (0, 272, 500, 273)], np.float32)
    shades = np.array([(240, 62, 380, 90), (390, 62, 500, 90), (240, 92, 380, 120)], np.float32)
    (grid,) = drawn_tables(parts, rules_of(level, shades, 20), FLOW)
    assert texts(grid) == [list(row) for row in rows]


def test_running_text_between_two_tables_of_one_frame_parts_them() -> None:
    sides = [(x, y, x + 1, y + 80) for x in (0, 200, 400) for y in (0, 240)]
    outer = [(0, 0, 1, 320), (400, 0, 401, 320)]
    level = [(0, y, 400, y + 1) for y in (0, 40, 80, 240, 280, 320)]
    cells_ = [part(f"{x // 100}{y}", x, y) for x in (20, 220) for y in (10, 50, 250, 290)]
    prose = [part("these words run on and on between", 20, y) for y in (100, 130, 160, 190)]
    grids = drawn_tables([*cells_, *prose], rules(*sides, *outer, *level), FLOW)
    assert sorted(texts(grid) for grid in grids) == [
        [["010", "210"], ["050", "250"]],
        [["0250", "2250"], ["0290", "2290"]],
    ]
    assert without([*cells_, *prose], grids, FLOW) == prose


def test_lines_under_words_are_no_rules() -> None:
    word = part("a link", 100, 100)
    drawn = rules((100, 118, 160, 119), (0, 118, 600, 119))
    assert [rule.start for rule in without_underlines(drawn, [word]).level] == [0]


def test_a_row_of_dots_is_in_no_cell() -> None:
    rows = [("Apples .....", "1.00", "7"), ("Pears", "3.00", "8"), ("Plums", "5.00", "9")]
    parts = [
        part(text, x, 30 * row) for row, row_texts in enumerate(rows)
        for text, x in zip(row_texts, (0, 200, 400), strict=True)
    ]  # fmt: skip
    dots = part(".....", 100, 30)
    (grid,) = open_tables([*parts, dots], FLOW)
    assert "....." not in [slot.text for slot in grid.slots]
    assert without([dots], [grid], FLOW) == []


def test_rows_and_columns_in_which_no_cell_begins_are_not_counted() -> None:
    slots = (
        Slot(1, 1, 1, 3, (part("title", 100, 0),)),
        Slot(3, 1, 1, 1, (part("one", 100, 40),)),
        Slot(3, 3, 1, 1, (part("two", 200, 40),)),
    )
    table = table_of(Grid(0, 0, 300, 60, slots, 0), spaced=True)
    assert [(cell.row, cell.column, cell.rowspan, cell.colspan) for cell in table.cells] == [
        (0, 0, 1, 2),
        (1, 0, 1, 1),
        (1, 1, 1, 1),
    ]
    assert table.html.startswith('<table><tr><td colspan="2">title</td></tr>')
