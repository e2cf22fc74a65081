"""Nothing that a decode child says is believed."""

from typing import Any

import pytest

from ocrchat.errors import DamagedSource, PageUnreadable, SourceTooLarge
from ocrchat.sources import Limits, answers, findings
from ocrchat.sources.wire import Garbled, packed, received

LIMITS = Limits()
PAGE: dict[str, Any] = {"width": 3, "height": 2, "channels": 1, "dpi": 200.0, "scale": 1.0, "remarks": []}
OPENING: dict[str, Any] = {"pages": 2, "remarks": []}


def test_an_honest_page_is_taken() -> None:
    head = answers.page_head(PAGE | {"channels": 3, "dpi": None}, LIMITS)
    assert (head.shape, head.dpi, head.scale, head.notes) == ((2, 3, 3), None, 1.0, ())


@pytest.mark.parametrize(
    "lie",
    [
        {"width": 0},
        {"width": -5},
        {"width": 40_000},
        {"width": True},
        {"width": 2.0},
        {"width": "3"},
        {"width": 20_000, "height": 20_000},
        {"height": None},
        {"channels": 2},
        {"channels": 4},
        {"dpi": -1},
        {"dpi": float("nan")},
        {"dpi": "200"},
        {"scale": 0},
        {"scale": float("inf")},
        {"scale": None},
        {"remarks": None},
        {"remarks": ["page-stretched"]},
        {"remarks": [["hello", {}]]},
        {"remarks": [["page-scaled-down", {}]]},
        {"remarks": [["page-scaled-down", {"dpi": "<script>"}]]},
        {"remarks": [["page-scaled-down", {"dpi": [1]}]]},
        {"remarks": [["page-scaled-down", {"dpi": float("inf")}]]},
        {"remarks": [["light-on-transparent", {}]] * 1000},
    ],
    ids=str,
)
def test_a_page_that_cannot_be_is_not_taken(lie: dict[str, Any]) -> None:
    with pytest.raises(Garbled):
        answers.page_head(PAGE | lie, LIMITS)


@pytest.mark.parametrize(
    "lie",
    [
        {"pages": 0},
        {"pages": 2_001},
        {"pages": False},
        {"pages": None},
        {"remarks": 5},
        {"remarks": [["pages-cut-off", {"pages": 1}]]},
        {"remarks": [["pages-cut-off", {"pages": 1}, 3]]},
        {"remarks": [["pages-cut-off", {"pages": 1}, "1"]]},
        {"remarks": [[["pages-cut-off"], {"pages": 1}, None]]},
    ],
    ids=str,
)
def test_a_document_that_cannot_be_is_not_taken(lie: dict[str, Any]) -> None:
    with pytest.raises(Garbled):
        answers.opening(OPENING | lie, LIMITS)


def test_a_refusal_speaks_with_our_words() -> None:
    error = findings.refused({"refused": "damaged", "figures": {"say": "call 555-1234"}}, LIMITS)
    assert isinstance(error, DamagedSource)
    assert str(error) == "the file cannot be read: it is damaged and cannot be decoded"


def test_a_limit_is_quoted_from_our_limits() -> None:
    answer = {"refused": "over-limit", "figures": {"limit": "pixels", "figure": 200_000_000}}
    error = findings.refused(answer, LIMITS)
    assert isinstance(error, SourceTooLarge)
    assert (error.limit, error.figure, error.unit) == (100_000_000, 200_000_000, "pixels")
    assert isinstance(findings.refused(answer, LIMITS, page=3), PageUnreadable)


@pytest.mark.parametrize(
    "answer",
    [
        {"refused": "hello"},
        {"refused": ["damaged"]},
        {"refused": "over-limit"},
        {"refused": "over-limit", "figures": {"limit": "pixels", "figure": "many"}},
        {"refused": "over-limit", "figures": {"limit": "__class__", "figure": 1}},
    ],
    ids=str,
)
def test_a_refusal_without_sense_is_none(answer: dict[str, Any]) -> None:
    with pytest.raises(Garbled):
        findings.refused(answer, LIMITS)


def told(data: bytes) -> dict[str, Any]:
    rest = memoryview(data)

    def read(buffer: memoryview) -> int:
        nonlocal rest
        count = min(len(buffer), len(rest), 3)
        buffer[:count] = rest[:count]
        rest = rest[count:]
        return count

    return received(read)


def test_a_message_arrives_as_it_was_sent() -> None:
    assert told(packed({"pages": 3, "name": "é"})) == {"pages": 3, "name": "é"}


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xff\xff\xff",
        b"\0\0\0\0",
        b"\0\0\0\x02[]",
        b"\0\0\0\x01{",
        b"\0\0\0\x04\xff\xfe\xfd\xfc",
        b"\0\0\x80\0" + b"[" * 0x8000,
    ],
    ids=str,
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(Garbled):
        told(data)
