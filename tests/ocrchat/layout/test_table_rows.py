from __future__ import annotations

from ocrchat.layout.open_tables import open_tables
from ocrchat.layout.reading_order import Flow
from tests.ocrchat.layout.test_tables import part, texts


def test_sums_below_the_items_are_rows_of_their_own() -> None:
    rows = [
        ("Item", "Description", "Price", "Total"),
        ("1", "Garden work", "CHF 120.00", "CHF 3'360.00"),
        ("2", "Disposal", "CHF 307.35", "CHF 307.35"),
        ("", "", "sum", "CHF 3'667.35"),
        ("", "", "VAT rate", "7.7 %"),
        ("", "", "Bill amount", "CHF 3'949.75"),
    ]
    parts = [
        part(text, x, 32 * row) for row, row_texts in enumerate(rows)
        for text, x in zip(row_texts, (0, 80, 300, 480), strict=True) if text
    ]  # fmt: skip
    (grid,) = open_tables(parts, Flow.LEFT_TO_RIGHT)
    assert texts(grid) == [list(row) for row in rows]
