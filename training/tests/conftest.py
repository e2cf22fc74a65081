"""A small machine to train on: few fonts, no word lists, a tiny net that knows six lines by heart."""

from __future__ import annotations

from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from training.batches import Batch
from training.charset import Charset, latin
from training.checkpoint import State, optimizer_of
from training.fonts import kept_families
from training.lines import Line, Press
from training.material import held
from training.net import Net, Shape
from training.texts import Texts
from training.train import learn
from training.words import Words, gathered

_FONTS = Path("/usr/share/fonts")
_FEW = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf", "DejaVuSerif.ttf")
_STEPS = 300


@pytest.fixture(scope="session")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A share folder with the DejaVu fonts alone."""
    folder = tmp_path_factory.mktemp("share")
    (folder / "fonts").mkdir()
    found = [path for path in _FONTS.rglob("DejaVu*.ttf") if path.name in _FEW]
    assert found, "the tests set lines in DejaVu: install the package fonts-dejavu-core"
    for path in found:
        if not (folder / "fonts" / path.name).exists():
            (folder / "fonts" / path.name).symlink_to(path)
    return folder


@pytest.fixture(scope="session")
def press(share: Path) -> Press:
    """A press of excerpts alone, in DejaVu."""
    charset = latin()
    characters = frozenset(charset.characters)
    families = kept_families(characters, share)
    return Press(Texts(gathered(characters, share), charset.characters[95:]), families, seed=7)


@pytest.fixture(scope="session")
def six_lines(share: Path) -> list[Line]:
    """Six clean lines of one word of six letters, of one width."""
    words = ("anchor", "basket", "candle", "desert", "engine", "forest")
    texts = Texts(Words((words,), (1.0,), (words,), (1.0,)), "ab", longest=6)
    families = tuple(held(family) for family in kept_families(frozenset("abcdefghiklnorst"), share))
    found: dict[str, Line] = {}
    number = 0
    while len(found) < len(words):
        sheet = Press(texts, families, 3, damaged=False).sheet(number)
        found |= {line.text: line for line in sheet if line.text in words}
        number += 1
    return [Line(_of_one_width(found[word].picture), word) for word in words]


@pytest.fixture(scope="session")
def learnt(six_lines: list[Line]) -> tuple[State, list[float]]:
    """A tiny net after 300 steps over the six lines, and its losses."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    charset = Charset(" " + "".join(sorted(set("".join(line.text for line in six_lines)))))
    net = Net(Shape(classes=len(charset), stem=(8, 16, 32), width=64, hidden=64, blocks=2))
    average = {name: value.detach().clone() for name, value in net.state_dict().items()}
    state = State(net, average, optimizer_of(net), charset)
    pictures = np.stack([line.picture for line in six_lines])
    random = Random(1)
    losses = []
    for step in range(_STEPS):
        order = random.sample(range(len(six_lines)), len(six_lines))
        batch = Batch(pictures[order], tuple(six_lines[i].text for i in order), 0)
        losses.append(learn(state, batch, 3e-3 * (1 - step / _STEPS)))
    return state, losses


def _of_one_width(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Stretched, not filled up: six lines alone do not teach a net that the empty end says nothing."""
    return np.asarray(cv2.resize(picture, (128, picture.shape[0])), np.uint8)
