from dataclasses import fields

import pytest

from ocrchat.sources import Limits
from ocrchat.sources.limits import described


def test_every_limit_says_what_it_is() -> None:
    rows = {row["name"]: row for row in described(Limits(pages=7))}
    assert set(rows) == {each.name for each in fields(Limits)}
    assert rows["pages"] == {"name": "pages", "limit": 7, "unit": "pages", "meaning": "pages of a document"}
    assert all(row["unit"] and row["meaning"] for row in rows.values())


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="the limit pages must be positive, not 0"):
        Limits(pages=0)
