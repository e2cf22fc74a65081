from __future__ import annotations

from itertools import repeat

import pytest

from ocrchat.model import Box, Word
from ocrchat.model.columns import many


def test_values_of_columns_are_those_that_calls_make() -> None:
    boxes = many(Box, 2, [1, 5], [2, 6], [3, 7], [4, 8])
    assert boxes == [Box(1, 2, 3, 4), Box(5, 6, 7, 8)]
    words = many(Word, 2, ["one", "two"], boxes, repeat(0.5), [True, False], repeat(False), [None, "a:b"])
    assert words == [Word("one", boxes[0], 0.5, bold=True), Word("two", boxes[1], 0.5, link="a:b")]


def test_no_values_are_none() -> None:
    assert many(Box, 0, [], [], [], []) == []


def test_a_column_for_each_field_is_needed() -> None:
    with pytest.raises(ValueError, match="shorter"):
        many(Box, 1, [1], [2], [3])
