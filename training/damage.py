"""Wear ink, paper and picture as printers, years and scanners do.

Ink is float32 HxW, 0 bare to 1 full; a picture is float32 HxW, 0 black to 255 white. Every function
returns a new array of the same shape and takes all chance from the generator it is given.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
Chance = np.random.Generator
Wear = Callable[[Picture, Chance], Picture]


def clouds(shape: tuple[int, int], grain: float, chance: Chance) -> Picture:
    """Smooth noise of mean 0 and deviation about 1; grain is the size of its spots in pixels."""
    height, width = shape
    small = chance.standard_normal((max(2, round(height / grain)), max(2, round(width / grain))), np.float32)
    grown = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown, np.float32)


def worn_ink(ink: Picture, chance: Chance) -> Picture:
    """Patches where the ink is thin or gone."""
    patches = clouds(_shape(ink), chance.uniform(1.0, 14.0), chance)
    left: Picture = np.clip(chance.uniform(0.55, 1.2) + patches * chance.uniform(0.1, 0.5), 0, 1)
    return ink * left


def thermal(ink: Picture, chance: Chance) -> Picture:
    """A receipt printer: weak dots, pale rows where the paper slipped, columns a dead element left bare."""
    height, width = ink.shape
    printed = ink * chance.uniform(0.55, 1.0)
    if chance.random() < 0.6:
        printed = printed * (
            1 - np.abs(chance.standard_normal((height, 1), np.float32)) * chance.uniform(0, 0.35)
        )
    if chance.random() < 0.35:
        for _ in range(chance.integers(1, 4)):
            printed[:, chance.integers(width) :][:, : chance.integers(1, 3)] *= chance.uniform(0, 0.4)
    if chance.random() < 0.5:
        printed = printed * np.clip(chance.normal(0.9, 0.25, ink.shape).astype(np.float32), 0, 1)
    fade = np.interp(np.arange(width), np.linspace(0, width, 4), chance.uniform(0.6, 1.0, 4)).astype(
        np.float32
    )
    faded: Picture = np.clip(printed * fade, 0, 1)
    return faded


def ribbon(ink: Picture, chance: Chance) -> Picture:
    """A typewriter or a needle printer: uneven strikes and the weave of the ribbon."""
    weave = chance.standard_normal(ink.shape, np.float32) * chance.uniform(0.05, 0.3)
    strikes = clouds((4, ink.shape[1]), chance.uniform(5, 14), chance)[:1] * chance.uniform(0.05, 0.3)
    return np.clip(ink * (chance.uniform(0.65, 1.0) + weave + strikes), 0, 1)


def heavier(ink: Picture, chance: Chance) -> Picture:
    """Ink that spread: strokes thicker, gaps filling."""
    kernel = np.ones((2, 2) if chance.random() < 0.7 else (2, 3), np.uint8)
    return cv2.dilate(ink, kernel).astype(np.float32)


def lighter(ink: Picture, chance: Chance) -> Picture:
    """Strokes eaten thinner, hairlines first."""
    thin = cv2.erode(ink, np.ones((2, 2), np.uint8)).astype(np.float32)
    return ink + (thin - ink) * np.float32(chance.uniform(0.3, 0.8))


def ragged(ink: Picture, chance: Chance) -> Picture:
    """Edges that wander by a pixel, as ink does on rough paper."""
    height, width = ink.shape
    reach, grain = chance.uniform(0.3, 1.1), chance.uniform(1.5, 4)
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    columns += clouds(_shape(ink), grain, chance) * reach
    rows += clouds(_shape(ink), grain, chance) * reach
    return cv2.remap(ink, columns, rows, cv2.INTER_LINEAR).astype(np.float32)


def shade(paper: Picture, chance: Chance) -> Picture:
    """Light that falls off, a finger's shadow, a fold."""
    height, width = paper.shape
    light = cv2.resize(chance.uniform(-1, 1, (2, max(2, width // 150))).astype(np.float32), (width, height))
    shaded = paper + light * chance.uniform(4, 35)
    if chance.random() < 0.25:
        edge, soft = chance.uniform(0, width), chance.uniform(3, 60)
        side = 1 / (1 + np.exp(-(np.arange(width) - edge) / soft))
        shaded = shaded * (1 - side * chance.uniform(0.1, 0.5)).astype(np.float32)
    if chance.random() < 0.1:
        at = int(chance.integers(width))
        shaded[:, at : at + int(chance.integers(1, 4))] += chance.uniform(-50, 30)
    return shaded


def texture(paper: Picture, chance: Chance) -> Picture:
    """The grain and the stains of paper."""
    grained = paper + clouds(_shape(paper), chance.uniform(1.2, 6), chance) * chance.uniform(1, 9)
    if chance.random() < 0.3:
        grained = grained - np.clip(
            clouds(_shape(paper), chance.uniform(15, 60), chance), 0, 3
        ) * chance.uniform(3, 25)
    return grained


def soft(picture: Picture, chance: Chance) -> Picture:
    """Out of focus, or moved while it was taken; small letters less, or nobody could read them."""
    height = picture.shape[0]
    if chance.random() < 0.75:
        spread = chance.uniform(0.3, np.clip(height / 45, 0.4, 1.3))
        return cv2.GaussianBlur(picture, (0, 0), spread).astype(np.float32)
    reach = int(chance.integers(2, 5)) if height > 40 else 2
    return cv2.blur(picture, (reach, 1) if chance.random() < 0.5 else (1, reach)).astype(np.float32)


def sharpened(picture: Picture, chance: Chance) -> Picture:
    """The halo of a scanner that sharpens."""
    blurred = cv2.GaussianBlur(picture, (0, 0), chance.uniform(0.8, 2.0))
    return np.clip(picture + (picture - blurred) * chance.uniform(0.4, 1.8), 0, 255).astype(np.float32)


def coarse(picture: Picture, chance: Chance) -> Picture:
    """Fewer pixels than one would like, brought back to size."""
    height, width = picture.shape
    scale = min(1.0, max(chance.uniform(0.35, 0.75), 18 / height))
    small = cv2.resize(
        picture, (max(2, round(width * scale)), max(2, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    how = (
        cv2.INTER_LINEAR
        if chance.random() < 0.6
        else cv2.INTER_CUBIC
        if chance.random() < 0.7
        else cv2.INTER_NEAREST
    )
    return cv2.resize(small, (width, height), interpolation=how).astype(np.float32)


def grainy(picture: Picture, chance: Chance) -> Picture:
    """Sensor noise, fine or clumped."""
    noise = chance.standard_normal(picture.shape, np.float32)
    if chance.random() < 0.4:
        noise = cv2.blur(noise, (2, 2)) * np.float32(1.8)
    return picture + noise * chance.uniform(2, 22)


def speckled(picture: Picture, chance: Chance) -> Picture:
    """Dust: single black or white pixels and small spots."""
    spots = chance.random(picture.shape, np.float32) < chance.uniform(0.0005, 0.015)
    if chance.random() < 0.4:
        spots = cv2.dilate(spots.astype(np.uint8), np.ones((2, 2), np.uint8)).astype(bool)
    return np.where(spots, np.float32(chance.choice((0, 30, 255))), picture)


def two_tone(picture: Picture, chance: Chance) -> Picture:
    """A black and white scan, sometimes at fax resolution, sometimes smoothed again."""
    height, width = picture.shape
    if chance.random() < 0.35:
        rows = max(12, round(height * chance.uniform(0.4, 0.8)))
        squeezed = cv2.resize(picture, (width, rows), interpolation=cv2.INTER_AREA)
        picture = cv2.resize(squeezed, (width, height), interpolation=cv2.INTER_NEAREST).astype(np.float32)
    darkest, lightest = np.percentile(picture, (2, 98))
    around = cv2.GaussianBlur(picture, (0, 0), max(6.0, height / 2))
    middle = around - (lightest - darkest) * chance.uniform(0.08, 0.22)
    cut = np.where(picture > middle, 255, 0).astype(np.float32)
    return cv2.blur(cut, (2, 2)).astype(np.float32) if chance.random() < 0.5 else cut


def jpeg(picture: Picture, chance: Chance) -> Picture:
    """Blocks and ringing of a JPEG of quality 12 to 75."""
    quality = int(chance.integers(12, 76))
    _, coded = cv2.imencode(
        ".jpg", np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    seen = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
    return picture if seen is None else seen.astype(np.float32)


ON_INK: tuple[tuple[float, Wear], ...] = ((0.13, worn_ink), (0.07, heavier), (0.07, lighter), (0.12, ragged))
ON_PAPER: tuple[tuple[float, Wear], ...] = ((0.25, shade), (0.25, texture))
ON_PICTURE: tuple[tuple[float, Wear], ...] = (
    (0.15, coarse), (0.38, soft), (0.08, sharpened), (0.33, grainy),
    (0.05, speckled), (0.08, two_tone), (0.2, jpeg),
)  # fmt: skip


def worn(picture: Picture, wears: tuple[tuple[float, Wear], ...], chance: Chance) -> Picture:
    """The picture after each wear that chance picks, in their order."""
    for share, wear in wears:
        if chance.random() < share:
            picture = wear(picture, chance)
    return picture


def _shape(picture: Picture) -> tuple[int, int]:
    return int(picture.shape[0]), int(picture.shape[1])
