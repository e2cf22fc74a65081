from __future__ import annotations

from ocrchat.layout.table_html import html_of
from ocrchat.model import Box, Cell

HERE = Box(0, 0, 1, 1)


def test_spans_and_heads_are_told_and_text_is_escaped() -> None:
    cells = [
        Cell("a < b", HERE, 0, 0, rowspan=2),
        Cell("wide", HERE, 0, 1, colspan=2),
        Cell("1\n2", HERE, 1, 1),
        Cell("", HERE, 1, 2),
    ]
    assert html_of(cells, 1) == (
        '<table><tr><th rowspan="2">a &lt; b</th><th colspan="2">wide</th></tr>'
        "<tr><td>1<br>2</td><td></td></tr></table>"
    )


def test_a_row_that_cells_above_fill_is_there() -> None:
    cells = [Cell("x", HERE, 0, 0, rowspan=2), Cell("y", HERE, 0, 1, rowspan=2)]
    assert html_of(cells, 0).count("<tr>") == 2
