"""Make a page of a PDF's own text, with what its pictures say."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

from ocrchat.inference.language_names import LanguageNames, han_language, languages_in
from ocrchat.languages import BY_CODE, RIGHT_TO_LEFT, UNSPACED
from ocrchat.layout.arrangement import Piece, arranged
from ocrchat.layout.layer_pieces import pieces_of
from ocrchat.layout.reading_order import Flow
from ocrchat.model import Box, Page, Source, TextLayer

PiecesIn = Callable[[Sequence[Box]], Sequence[Piece]]
"""Reads parts of a page from its picture."""

_LEAST_PICTURE, _LEAST_PIXELS = 0.01, 40
"""A picture with text that somebody would miss: a share of the page, and pixels of each side of its own."""
_MOST_PICTURES = 20
_SAMPLE = 2000

_NAMES = LanguageNames()
_SCRIPTS = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "THAI": "Thai",
    "HANGUL": "Kore",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "TAMIL": "Taml",
}


def page_of_layer(layer: TextLayer, index: int, languages: Sequence[str], pieces_in: PiecesIn) -> Page:
    """The page as its text layer has it; `pieces_in` reads the pictures that may say something."""
    language, script = language_of(layer.text[:_SAMPLE], languages)
    pieces = (*pieces_of(layer), *pieces_in(telling_pictures(layer)))
    flow = Flow.RIGHT_TO_LEFT if script in RIGHT_TO_LEFT else Flow.LEFT_TO_RIGHT
    arrangement = arranged(pieces, flow, spaced=script not in UNSPACED)
    return Page(
        index=index,
        width=layer.width,
        height=layer.height,
        text=arrangement.text,
        markdown=arrangement.markdown,
        blocks=arrangement.blocks,
        tables=arrangement.tables,
        confidence=arrangement.confidence,
        dpi=layer.dpi,
        language=language,
        script=script,
        source=Source.TEXT_LAYER,
        notes=layer.notes,
    )


def telling_pictures(layer: TextLayer) -> tuple[Box, ...]:
    """Places of the pictures that are large enough to say something, the largest first."""
    area = layer.width * layer.height
    boxes = [
        picture.box.clipped(layer.width, layer.height)
        for picture in layer.pictures
        if min(picture.width, picture.height) >= _LEAST_PIXELS
    ]
    large = sorted((box for box in boxes if box.area > _LEAST_PICTURE * area), key=lambda box: -box.area)
    return tuple(large[:_MOST_PICTURES])


def language_of(text: str, among: Sequence[str]) -> tuple[str | None, str | None]:
    """The language and script of a text, out of those asked for if any; None where it cannot be told."""
    script = _script_of(text)
    if script is None:
        return None, None
    if script == "Hani":
        language = han_language(text)
        return language, BY_CODE[language].script
    codes = list(among) or list(languages_in(script))
    if not codes:
        return None, script
    ranked = _NAMES.ranked(text, codes) if len(codes) > 1 else ((codes[0], 1.0),)
    return ranked[0][0], BY_CODE[ranked[0][0]].script if among else script


def _script_of(text: str) -> str | None:
    counts: Counter[str] = Counter()
    for letter in filter(str.isalpha, text):
        name = unicodedata.name(letter, "").split(" ", 1)[0]
        counts["Hani" if name in ("CJK", "HIRAGANA", "KATAKANA") else _SCRIPTS.get(name, name)] += 1
    if not counts:
        return None
    most = counts.most_common(1)[0][0]
    return most if len(most) == 4 else None
