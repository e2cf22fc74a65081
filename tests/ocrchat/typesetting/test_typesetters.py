"""Pages are made of text layers in other processes as they would be here, and whoever breaks is replaced."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from ocrchat.model import Box, Picture, Source, Style, TextLayer
from ocrchat.model.codec import page_from_bytes
from ocrchat.typesetting import Set, Sheet, Typesetters, set_page


def _layer(text: str, *, pictures: tuple[Picture, ...] = ()) -> TextLayer:
    """Words in one line each."""
    words = text.split()
    ends = np.cumsum([len(word) + 1 for word in words])
    spans = np.stack([ends - [len(word) + 1 for word in words], ends - 1], axis=1).astype(np.int32)
    count = len(words)
    return TextLayer(
        width=1700,
        height=2200,
        dpi=200.0,
        scale=200 / 72,
        text=" ".join(words),
        spans=spans,
        boxes=np.array([[100, 40 * n, 400, 40 * n + 30] for n in range(count)], np.float32),
        ends=np.zeros((count, 4), np.float32),
        styles=np.zeros(count, np.int32),
        unmapped=np.zeros(count, np.int32),
        covered=np.zeros(count, bool),
        style_table=(Style(30.0),),
        pictures=pictures,
    )


@pytest.fixture(scope="module")
def setters() -> Iterator[Typesetters]:
    """Two typesetters."""
    with Typesetters(2) as pool:
        yield pool


def test_a_page_is_the_same_wherever_it_is_set(setters: Typesetters) -> None:
    sheet = Sheet(_layer("words of a page that are read one after the other"), 7)
    there = setters.set_page(sheet).page
    assert there is not None
    assert there == set_page(sheet).page
    assert (there.index, there.source, there.error) == (7, Source.TEXT_LAYER, None)
    page = page_from_bytes(there.data)
    assert page.text.split() == sheet.layer.text.split()


def test_many_threads_are_served(setters: Typesetters) -> None:
    sheets = [Sheet(_layer(f"the words of page {index} are read"), index) for index in range(20)]
    with ThreadPoolExecutor(5) as threads:
        made = list(threads.map(setters.set_page, sheets))
    assert [each.page.index if each.page else None for each in made] == list(range(20))


def test_what_needs_a_look_is_not_set() -> None:
    whole = _layer("words of a page")
    photo = Picture(Box(0, 0, 900, 900), "digest", 300, 300)
    assert set_page(Sheet(whole, 0)).page is not None
    assert set_page(Sheet(replace(whole, pictures=(photo,)), 0)) == Set()
    assert set_page(Sheet(_layer(""), 0)) == Set()
    hidden = replace(whole, style_table=(Style(30.0, hidden=True),))
    assert set_page(Sheet(hidden, 0)) == Set()
    assert set_page(Sheet(hidden, 0, is_judged=False)).page is not None


def test_a_sheet_that_breaks_its_setter_costs_that_page_alone(setters: Typesetters) -> None:
    broken = replace(_layer("words"), style_table=())
    assert setters.set_page(Sheet(broken, 0)) == Set()
    assert setters.set_page(Sheet(_layer("words of a page"), 1)).page is not None


def test_a_setter_that_dies_or_hangs_is_replaced() -> None:
    sheet = Sheet(_layer("words of a page"), 0)
    with Typesetters(1, page_seconds=1.0) as pool:
        assert pool.set_page(sheet).page is not None
        (first,) = pool.processes()
        os.kill(first, signal.SIGKILL)
        assert pool.set_page(sheet) == Set()
        assert pool.set_page(sheet).page is not None
        (second,) = pool.processes()
        os.kill(second, signal.SIGSTOP)
        assert pool.set_page(sheet) == Set()
        assert pool.set_page(sheet).page is not None
        (third,) = pool.processes()
        assert len({first, second, third}) == 3


def test_a_closed_pool_leaves_nobody_behind() -> None:
    pool = Typesetters(2)
    pool.start()
    started = pool.processes()
    assert len(started) == 2
    pool.close()
    for each in started:
        with pytest.raises(ProcessLookupError):
            os.kill(each, 0)
