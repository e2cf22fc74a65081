"""Render pictures of lines as a text detector cuts them from pages, each with what it says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from training import damage
from training.charset import plain
from training.fonts import Face, Family, drawn_face
from training.ink import ABOVE, BELOW, Mask, Setting, drawn_setting, set_line
from training.texts import Texts

HEIGHT = 40
"""Rows of a line picture."""

SQUEEZE = 0.85
"""Width of a line picture by that which keeps its shape: narrower is faster, wider reads small letters."""

SHEET = 8
"""Lines set in one face, one after another."""

_WIDEST = 1280
_SQUEEZES = 0.62, 1.05
_LARGE = 2.2

cv2.setNumThreads(1)


@dataclass(frozen=True, slots=True)
class Line:
    """A line picture, uint8 HEIGHT x W, 0 black to 255 white, and the text that it shows."""

    picture: NDArray[np.uint8]
    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """Everything that sheets are made of. Sheet n of a seed is the same lines wherever it is made."""

    texts: Texts
    families: tuple[Family, ...]
    seed: int
    damaged: bool = True

    def sheet(self, number: int) -> list[Line]:
        """SHEET lines or fewer, in one face; a line that the face or FreeType cannot draw is left out."""
        random = Random(f"{self.seed}/{number}")
        chance = np.random.default_rng([self.seed, number])
        _, face = drawn_face(self.families, random)
        font = _font(face.path, _size(random))
        how = drawn_setting(font, random) if self.damaged else Setting(round(font.size))
        lines, above = [], None
        for _ in range(SHEET):
            text = self._text(face, random)
            try:
                ink = set_line(text, font, how, random) if text else None
            except (OSError, ValueError):
                continue
            if ink is None or not ink.any():
                continue
            picture = _cut_out(ink, above, how, random, chance) if self.damaged else _clean(ink, how, random)
            above = ink
            if picture is not None:
                lines.append(Line(picture, plain(text)))
        return lines

    def _text(self, face: Face, random: Random) -> str:
        for _ in range(6):
            text = self.texts.line(random)
            if face.drawn.issuperset(text.replace(" ", "")):
                return text.strip()
        return " ".join("".join(c for c in text if c in face.drawn or c == " ").split())


def _size(random: Random) -> int:
    """Pixels per em: 10 point at 200 dpi is 28."""
    if random.random() < 0.2:
        return random.randint(8, 16)
    return max(14, min(68, round(random.lognormvariate(3.35, 0.35))))


@lru_cache(maxsize=256)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _clean(ink: Mask, how: Setting, random: Random) -> NDArray[np.uint8] | None:
    corners = _box(ink, how.size, random, loose=0.5)
    return _crop((255 - ink).astype(np.float32), corners, SQUEEZE)


def _cut_out(
    ink: Mask, above: Mask | None, how: Setting, random: Random, chance: np.random.Generator
) -> NDArray[np.uint8] | None:
    """The line among its neighbours' ink, printed, worn, pictured and cut out askew."""
    em = ink.shape[0] / (ABOVE + BELOW)
    corners = _box(ink, em, random, loose=1.0)
    page: damage.Picture = (ink / np.float32(255)).astype(np.float32)
    if above is not None:
        _add_neighbours(page, above, em, random)
    _add_rules(page, corners, em, random)
    left, right = int(corners[:, 0].min() - 6), int(corners[:, 0].max() + 7)
    top, bottom = int(corners[:, 1].min() - 4), int(corners[:, 1].max() + 5)
    page = np.pad(
        page, ((max(0, -top), max(0, bottom - page.shape[0])), (max(0, -left), max(0, right - page.shape[1])))
    )
    top, bottom, left, right = (
        top + max(0, -top),
        bottom + max(0, -top),
        left + max(0, -left),
        right + max(0, -left),
    )
    shift = np.array([corners[:, 0].min() - 6, corners[:, 1].min() - 4], np.float32)
    page = np.ascontiguousarray(page[top:bottom, left:right], np.float32)
    if how.needles or how.wander:
        page = damage.ribbon(page, chance) if random.random() < 0.6 else page
    elif how.hard_edged or random.random() < 0.08:
        page = damage.thermal(page, chance)
    page = damage.worn(page, damage.ON_INK, chance)
    picture = damage.worn(_on_paper(page, above, random, chance), damage.ON_PICTURE, chance)
    return _crop(picture, corners - shift, random.uniform(*_SQUEEZES))


def _box(ink: Mask, em: float, random: Random, loose: float) -> NDArray[np.float32]:
    """Corners of a detector's box around the ink, clockwise from the top left, x and y in pixels.

    It is a few pixels loose or tight, three in ten much too loose; wider over low letters; leaning a little.
    """
    rows, columns = np.flatnonzero(ink.max(1)), np.flatnonzero(ink.max(0))
    top, bottom = float(rows[0]), float(rows[-1] + 1)
    left, right = float(columns[0]), float(columns[-1] + 1)
    missing = max(0.0, 0.72 * em - (bottom - top))
    room = 0.28 if random.random() < 0.7 else 0.65
    top -= random.uniform(-0.02, room) * em + random.uniform(0, 0.7) * missing
    bottom += random.uniform(-0.02, room) * em + random.uniform(0, 0.4) * missing
    left -= random.uniform(-0.01, 0.45) * em
    right += random.uniform(-0.01, 0.45) * em
    height = bottom - top
    slope = random.gauss(0, 0.05) * height * loose if random.random() < 0.5 else 0.0
    lean = random.gauss(0, 0.06) * height * loose if random.random() < 0.3 else 0.0
    dents = [random.gauss(0, 0.015) * height * loose for _ in range(4)]
    return np.array(
        [
            [left + lean, top - slope + dents[0]],
            [right + lean, top + slope + dents[1]],
            [right - lean, bottom + slope + dents[2]],
            [left - lean, bottom - slope + dents[3]],
        ],
        np.float32,
    )


def _add_neighbours(page: damage.Picture, other: Mask, em: float, random: Random) -> None:
    """The ink of the lines above and below, one line pitch away, as far as it reaches in."""
    pitch = round(em * random.uniform(0.98, 1.7))
    width = min(page.shape[1], other.shape[1])
    ink = other[:, :width].astype(np.float32) / 255
    height = min(page.shape[0], other.shape[0])
    for down in (pitch, -pitch):
        if random.random() < 0.45 and 0 < abs(down) < height:
            into, of = (slice(0, height - pitch), slice(pitch, height))
            if down > 0:
                into, of = of, into
            page[into, :width] = np.maximum(page[into, :width], ink[of])


def _add_rules(page: damage.Picture, corners: NDArray[np.float32], em: float, random: Random) -> None:
    """Underlines and the borders of table cells."""
    thick, (left, top), (right, bottom) = max(1, round(em / 18)), corners.min(0), corners.max(0)
    draw = random.random()
    if draw < 0.03:
        y = max(0, round(ABOVE * em + random.uniform(0.06, 0.25) * em))
        page[y : y + thick] = random.uniform(0.4, 1)
    elif draw < 0.06:
        x = max(
            0,
            round(left + random.uniform(0, 0.2) * em)
            if draw < 0.045
            else round(right - random.uniform(0, 0.2) * em),
        )
        page[:, x : x + thick] = random.uniform(0.4, 1)
    elif draw < 0.14:
        thick = random.randint(1, max(1, round(em / 10)))
        for edge in random.choice(((top,), (bottom - thick,), (top, bottom - thick))):
            y = max(0, round(edge + random.uniform(-0.05, 0.12) * em))
            page[y : y + thick] = random.uniform(0.4, 1)


def _on_paper(
    ink: damage.Picture, other: Mask | None, random: Random, chance: np.random.Generator
) -> damage.Picture:
    """Ink and paper at the greys that they have, dark on light or, rarely, light on dark."""
    paper = random.uniform(235, 255) if random.random() < 0.45 else random.uniform(130, 250)
    print_ = random.uniform(0, 70) if random.random() < 0.55 else random.uniform(0, paper - 50)
    sheet = np.full(ink.shape, paper, np.float32)
    if other is not None and random.random() < 0.07:
        mirrored = np.roll(cv2.resize(other[:, ::-1], (ink.shape[1], ink.shape[0])), random.randrange(40), 0)
        through = cv2.GaussianBlur(mirrored, (0, 0), random.uniform(0.8, 2)).astype(np.float32)
        sheet -= through * np.float32(random.uniform(0.05, 0.3) * paper / 255)
    sheet = damage.worn(sheet, damage.ON_PAPER, chance)
    if random.random() < 0.06:
        return np.float32(255) - (sheet * (1 - ink) + ink * print_)
    return sheet * (1 - ink) + ink * np.float32(print_)


def _crop(picture: damage.Picture, corners: NDArray[np.float32], squeeze: float) -> NDArray[np.uint8] | None:
    """The box, straightened to HEIGHT rows; None when it would be wider than a training line may be."""
    width = float(np.linalg.norm(corners[1] - corners[0]))
    height = float(np.linalg.norm(corners[3] - corners[0]))
    columns = max(12, round(width * HEIGHT / height * squeeze))
    if columns > _WIDEST:
        return None
    if height > _LARGE * HEIGHT:
        smaller = 1.6 * HEIGHT / height
        picture = cv2.resize(picture, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA).astype(
            np.float32
        )
        corners = corners * np.float32(smaller)
    goal = np.array([[0, 0], [columns, 0], [columns, HEIGHT], [0, HEIGHT]], np.float32)
    way = cv2.getPerspectiveTransform(corners.astype(np.float32), goal)
    levelled = np.clip(picture, 0, 255).astype(np.uint8)
    straight = cv2.warpPerspective(
        levelled, way, (columns, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return straight.astype(np.uint8)
