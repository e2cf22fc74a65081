"""Nothing that a decode child says of a page's text is believed."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ocrchat.sources import Limits
from ocrchat.sources.layers import layer_head, layer_of
from ocrchat.sources.wire import Garbled

LIMITS = Limits(characters=100)
HEAD: dict[str, Any] = {
    "width": 300, "height": 200, "dpi": 200.0, "scale": 2.7, "remarks": [],
    "characters": 7, "strings": 12, "words": 2, "styles": [[12.0, 0.0, 1]],
    "rules": 1, "grounds": 0, "shapes": 0,
    "pictures": [[0, 0, 9, 9, 60, 30, "abc"]], "links": [[0, 0, 9, 9, 2]], "fields": [[0, 0, 9, 9, 3]],
    "renamed": "9",
}  # fmt: skip


def body_of(**changes: Any) -> bytearray:
    """The arrays of two words, `one` and `two`; `changes` replace them."""
    arrays: dict[str, NDArray[Any]] = {
        "codes": np.array([ord(letter) for letter in "one twoabcde"], np.uint32),
        "spans": np.array([[0, 3], [4, 7]], np.int32),
        "boxes": np.array([[0, 0, 9, 9], [10, 0, 19, 9]], np.float32),
        "ends": np.ones((2, 4), np.float32),
        "styles": np.zeros(2, np.int32),
        "unmapped": np.zeros(2, np.int32),
        "covered": np.array([0, 1], np.int32),
        "rules": np.array([[-5, 3, 1e6, 4]], np.float32),
    }
    changed = {name: np.array(value, arrays[name].dtype) for name, value in changes.items()}
    return bytearray(b"".join((arrays | changed)[name].tobytes() for name in arrays))


def test_an_honest_layer_is_taken() -> None:
    head = layer_head(HEAD, LIMITS)
    body = body_of()
    assert head.length == len(body)
    layer = layer_of(head, body)
    assert [layer.word(index) for index in range(len(layer))] == ["one", "two"]
    assert layer.covered.tolist() == [False, True]
    assert (layer.style_table[0].size, layer.style_table[0].bold) == (12.0, True)
    assert (layer.links[0].target, layer.fields[0].text) == ("ab", "cde")
    assert [(rule.x0, rule.x1) for rule in layer.rules] == [(0, 300)]


@pytest.mark.parametrize(
    "lie",
    [
        {"width": 0},
        {"height": 40_000},
        {"width": True},
        {"scale": float("nan")},
        {"dpi": -1},
        {"characters": 101, "strings": 106},
        {"characters": -1},
        {"strings": 10_000_000},
        {"strings": 11},
        {"words": 8},
        {"words": 1 << 40},
        {"rules": 1_000_000},
        {"rules": None},
        {"styles": [[float("nan"), 0.0, 0]]},
        {"styles": [[12.0, float("inf"), 0]]},
        {"styles": [[12.0, 0.0, 99]]},
        {"styles": [[12.0, 0.0]]},
        {"styles": "styles"},
        {"styles": [[1.0, 0.0, 0]] * 9_999},
        {"pictures": [[0, 0, 9, 9, -1, 30, "abc"]]},
        {"pictures": [[0, 0, 9, 9, 60, 30, "x" * 999]]},
        {"pictures": [[9, 0, 0, 9, 60, 30, "abc"]]},
        {"pictures": [[0.5, 0, 9, 9, 60, 30, "abc"]]},
        {"links": [[0, 0, 9, 9, -2]], "strings": 8},
        {"links": [[0, 0, 9, 9, 1 << 40]]},
        {"fields": [[0, 0, 1 << 40, 9, 3]]},
        {"remarks": [["hello", {}]]},
        {"renamed": None},
        {"renamed": "99"},
        {"renamed": "\u0661"},
    ],
    ids=str,
)
def test_a_head_that_cannot_be_is_not_taken(lie: dict[str, Any]) -> None:
    with pytest.raises(Garbled):
        layer_head(HEAD | lie, LIMITS)


@pytest.mark.parametrize(
    "lie",
    [
        {"codes": [0xD800] * 12},
        {"codes": [0x110000] * 12},
        {"spans": [[0, 3], [4, 9]]},
        {"spans": [[-1, 3], [4, 7]]},
        {"spans": [[0, 7], [0, 7]]},
        {"spans": [[4, 7], [0, 3]]},
        {"spans": [[0, 0], [4, 7]]},
        {"boxes": [[0, 0, 9, float("nan")], [0, 0, 9, 9]]},
        {"ends": [[float("inf")] * 4] * 2},
        {"styles": [0, 1]},
        {"styles": [-1, 0]},
        {"unmapped": [4, 0]},
        {"unmapped": [-1, 0]},
        {"rules": [[0, 0, 9, float("nan")]]},
    ],
    ids=str,
)
def test_arrays_that_cannot_be_are_not_taken(lie: dict[str, Any]) -> None:
    with pytest.raises(Garbled):
        layer_of(layer_head(HEAD, LIMITS), body_of(**lie))
