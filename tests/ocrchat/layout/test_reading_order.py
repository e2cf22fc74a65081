from __future__ import annotations

from itertools import chain

import numpy as np
import pytest

from ocrchat.imaging.quads import Rects
from ocrchat.layout.reading_order import Flow, as_read, in_regions
from ocrchat.layout.rows import in_rows

LINE, PITCH = 24, 36


def column(x: int, y: int, lines: int, width: int = 500) -> list[tuple[int, int, int, int]]:
    return [(x, y + PITCH * i, x + width, y + PITCH * i + LINE) for i in range(lines)]


def rects(*columns: list[tuple[int, int, int, int]]) -> Rects:
    return np.array(list(chain(*columns)), np.float32)


def order(page: Rects) -> list[int]:
    return [index for region in in_regions(page) for row in in_rows(page, region) for index in row]


def test_an_empty_page_has_no_regions() -> None:
    assert in_regions(rects([])) == ()


def test_one_column_is_read_downwards() -> None:
    page = rects(column(100, 100, 12))
    shuffled = np.random.default_rng(1).permutation(12)
    assert [int(shuffled[i]) for i in order(page[shuffled])] == list(range(12))


def test_a_column_is_read_to_its_end_before_the_next() -> None:
    assert order(rects(column(100, 100, 10), column(660, 110, 10))) == list(range(20))


def test_three_columns_are_read_from_the_left() -> None:
    page = rects(column(100, 100, 9, 300), column(440, 100, 9, 300), column(780, 100, 9, 300))
    assert order(page) == list(range(27))


def test_columns_between_full_lines_are_read_where_they_stand() -> None:
    page = rects(
        column(100, 100, 5, 1060),
        column(100, 300, 8),
        column(660, 312, 7),
        column(100, 700, 5, 1060),
    )
    assert order(page) == list(range(25))


def test_columns_with_wide_spaces_are_columns_though_their_lines_are_in_pieces() -> None:
    left, right = column(0, 0, 12, 400), column(430, 0, 12, 400)
    loose = [[(x0, y0, x0 + 110, y1), (x0 + 140, y0, x0 + 250, y1), (x0 + 290, y0, x0 + 400, y1)]
             for x0, y0, _, y1 in (*left[::3], *right[::3])]  # fmt: skip
    kept = [line for side in (left, right) for index, line in enumerate(side) if index % 3]
    page = rects(kept, *loose)
    read = page[order(page)]
    assert (np.diff((read[:, 0] >= 430).astype(int)) != 0).sum() == 1


def test_a_page_number_under_a_gutter_hides_no_columns() -> None:
    page = rects(column(0, 0, 12, 400), column(430, 0, 12, 400), [(394, 900, 434, 930)])
    assert order(page) == list(range(25))


def test_a_heading_over_two_columns_divides_them() -> None:
    page = rects(
        column(100, 100, 6),
        column(660, 100, 6),
        [(100, 400, 1100, 430)],
        column(100, 480, 6),
        column(660, 480, 6),
    )
    assert order(page) == list(range(25))


def test_names_and_prices_are_read_row_by_row() -> None:
    names, prices = column(100, 100, 8, 260), column(800, 100, 8, 90)
    page = rects(names, prices)
    assert order(page) == [i for row in range(8) for i in (row, row + 8)]


def test_a_ragged_paragraph_is_one_region() -> None:
    page = rects(column(100, 100, 3, 900), column(100, 208, 3, 400), column(100, 316, 3, 900))
    assert len(in_regions(page)) == 1


def test_right_to_left_pages_start_with_the_right_column() -> None:
    page = as_read(rects(column(100, 100, 6), column(660, 100, 6)), Flow.RIGHT_TO_LEFT)
    assert order(page) == [*range(6, 12), *range(6)]


def test_standing_lines_are_read_from_the_right() -> None:
    standing = np.array([(100 * i, 50, 100 * i + 40, 900) for i in range(6)], np.float32)
    assert order(as_read(standing, Flow.COLUMNS)) == [5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize("seed", range(5))
def test_every_line_is_read_once(seed: int) -> None:
    random = np.random.default_rng(seed)
    corner = random.uniform(0, 1500, (60, 2))
    page = np.hstack([corner, corner + random.uniform(5, 400, (60, 2))]).astype(np.float32)
    assert sorted(order(page)) == list(range(60))
