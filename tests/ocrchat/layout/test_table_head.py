from __future__ import annotations

from ocrchat.layout.reading_order import Flow
from ocrchat.layout.rules import Rule
from ocrchat.layout.table_text import grid_of_text
from tests.ocrchat.layout.test_tables import cells, part

BODY = [part(text, x, y) for y in (100, 130, 160) for text, x in
        (("name", 0), ("10.5", 200), ("20.5", 300), ("30.5", 500), ("40.5", 600))]  # fmt: skip


def test_a_title_stands_over_the_columns_it_is_centred_on() -> None:
    head = [part("Group", 0, 40), part("Males", 245, 40), part("Women", 545, 40)]
    names = [part(text, x, 68) for text, x in (("size", 200), ("mass", 300), ("size", 500), ("mass", 600))]
    grid = grid_of_text([*head, *names, *BODY], [Rule(94, 0, 640)], Flow.LEFT_TO_RIGHT)
    assert grid is not None
    assert cells(grid)[:2] == [
        [("Group", 2, 1), ("Males", 1, 2), ("Women", 1, 2)],
        [("size", 1, 1), ("mass", 1, 1), ("size", 1, 1), ("mass", 1, 1)],
    ]
    assert grid.header_rows == 2


def test_names_on_two_lines_are_one_row() -> None:
    upper = [
        part(text, x, 40) for text, x in (("first", 190), ("second", 290), ("third", 495), ("last", 600))
    ]
    lower = [part("half", x, 64) for x in (200, 300, 500, 600)]
    grid = grid_of_text([*upper, *lower, *BODY], [Rule(94, 0, 640)], Flow.LEFT_TO_RIGHT)
    assert grid is not None
    assert [text for text, _, _ in cells(grid)[0]] == [
        "",
        "first half",
        "second half",
        "third half",
        "last half",
    ]
