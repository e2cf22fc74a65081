"""Lines are the same for a seed, whoever makes them."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from training import damage
from training.batches import batches, needed_steps
from training.lines import HEIGHT, Press


def test_a_sheet_is_the_same_whenever_it_is_made(press: Press) -> None:
    first = press.sheet(5)
    press.sheet(6)
    again = replace(press).sheet(5)
    assert [line.text for line in first] == [line.text for line in again]
    assert all(np.array_equal(a.picture, b.picture) for a, b in zip(first, again, strict=True))


def test_another_seed_makes_other_lines(press: Press) -> None:
    assert [line.text for line in press.sheet(5)] != [line.text for line in replace(press, seed=8).sheet(5)]


def test_a_line_is_forty_rows_of_grey_and_says_something(press: Press) -> None:
    lines = [line for number in range(12) for line in press.sheet(number)]
    assert len(lines) > 80
    assert {line.picture.shape[0] for line in lines} == {HEIGHT}
    assert {line.picture.dtype for line in lines} == {np.dtype(np.uint8)}
    assert all(line.text and "  " not in line.text for line in lines)


def test_the_batches_of_one_process_come_in_one_order(press: Press) -> None:
    first, again = (list(islice(batches(lambda _: press, 0, 2_000), 4)) for _ in range(2))
    assert [batch.texts for batch in first] == [batch.texts for batch in again]
    assert all(np.array_equal(a.pictures, b.pictures) for a, b in zip(first, again, strict=True))


def test_every_line_of_a_batch_has_room_to_be_written(press: Press) -> None:
    for batch in islice(batches(lambda _: press, 0, 2_000), 6):
        assert batch.pictures.shape[1:] == (HEIGHT, batch.pictures.shape[2] // 32 * 32)
        assert all(needed_steps(text) <= batch.pictures.shape[2] // 4 for text in batch.texts)


def test_two_equal_letters_need_a_step_between_them() -> None:
    assert (needed_steps("letter"), needed_steps("later")) == (7, 5)


@pytest.mark.parametrize(("share", "wear"), [*damage.ON_PAPER, *damage.ON_PICTURE])
def test_a_worn_picture_keeps_its_shape(share: float, wear: damage.Wear) -> None:
    picture = np.full((37, 211), 200, np.float32)
    picture[10:25, 20:180] = 30
    worn = wear(picture, np.random.default_rng(1))
    assert 0 < share < 1
    assert worn.shape == picture.shape
    assert worn.dtype == np.dtype(np.float32)


@pytest.mark.parametrize("wear", [wear for _, wear in damage.ON_INK] + [damage.thermal, damage.ribbon])
def test_worn_ink_stays_between_none_and_full(wear: damage.Wear) -> None:
    ink = np.zeros((37, 211), np.float32)
    ink[10:25, 20:180] = 1
    worn = wear(ink, np.random.default_rng(2))
    assert worn.shape == ink.shape
    assert worn.min() >= 0
    assert worn.max() <= 1 + 1e-6
