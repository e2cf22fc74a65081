"""Make a page of a PDF's own text, with what its pictures say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ocrchat.inference.language_names import LanguageNames, han_language, languages_in
from ocrchat.inference.letters import runs_leftward, script_of_text
from ocrchat.languages import BY_CODE, UNSPACED
from ocrchat.layout.arrangement import Piece, arranged
from ocrchat.layout.layer_coverage import layer_coverage
from ocrchat.layout.layer_pieces import pieces_of, sideways_lines, unseen_words
from ocrchat.layout.markdown import markdown_of
from ocrchat.layout.marks import marks_of_layer
from ocrchat.layout.reading_order import Flow
from ocrchat.model import Block, Box, Note, Page, Picture, Source, TextLayer

PiecesIn = Callable[[Sequence[Picture]], Sequence[Piece]]
"""Reads the pictures of a page."""

_LEAST_PICTURE, _LEAST_PIXELS = 0.01, 40
"""A picture with text that somebody would miss: a share of the page, and pixels of each side of its own."""
_MOST_PICTURES = 20
_SAMPLE, _ENOUGH_TO_NAME = 2000, 500
"""Characters from which script and direction are told, and the language."""

_NAMES = LanguageNames()


def page_of_layer(
    layer: TextLayer, index: int, languages: Sequence[str], pieces_in: PiecesIn, rotation: int = 0
) -> Page:
    """The page as its text layer has it; `pieces_in` reads the pictures that may say something.

    `rotation` is what was undone of the layer already. Lines that run up or down come last.
    """
    sample = layer.text[:_SAMPLE]
    language, script = language_of(sample, languages)
    pieces = (*pieces_of(layer), *pieces_in(telling_pictures(layer)))
    flow = Flow.RIGHT_TO_LEFT if runs_leftward(sample) else Flow.LEFT_TO_RIGHT
    arrangement = arranged(pieces, flow, spaced=script not in UNSPACED, marks=marks_of_layer(layer))
    aside = tuple(
        Block(line.text, line.box, line.confidence, lines=(line,)) for line in sideways_lines(layer)
    )
    blocks = arrangement.blocks + aside
    return Page(
        index=index,
        width=layer.width,
        height=layer.height,
        text="\n\n".join([each for each in (arrangement.text, *(block.text for block in aside)) if each]),
        markdown="\n\n".join([each for each in (arrangement.markdown, markdown_of(aside)) if each]),
        blocks=blocks,
        tables=arrangement.tables,
        confidence=arrangement.confidence or (1.0 if aside else 0.0),
        dpi=layer.dpi,
        rotation=rotation,
        language=language,
        script=script,
        source=Source.TEXT_LAYER,
        coverage=layer_coverage(layer, [block.box for block in blocks]),
        notes=layer.notes + _unseen(layer),
    )


def _unseen(layer: TextLayer) -> tuple[Note, ...]:
    """What is to be said of text that the page has and nobody sees."""
    count = unseen_words(layer)
    if not count:
        return ()
    words = "1 word" if count == 1 else f"{count} words"
    return (Note("hidden-text-left-out", f"{words} of the page's own text cannot be seen on it"),)


def telling_pictures(layer: TextLayer) -> tuple[Picture, ...]:
    """The pictures that are large enough to say something, the largest first, each place once."""
    area = layer.width * layer.height
    large: dict[Box, tuple[int, Picture]] = {}
    for picture in layer.pictures:
        place = picture.box.clipped(layer.width, layer.height)
        if min(picture.width, picture.height) >= _LEAST_PIXELS and place.area > _LEAST_PICTURE * area:
            large[place] = place.area, picture
    ranked = sorted(large.values(), key=lambda each: -each[0])
    return tuple(picture for _, picture in ranked[:_MOST_PICTURES])


def language_of(text: str, among: Sequence[str]) -> tuple[str | None, str | None]:
    """The language and script of a text, out of those asked for if any; None where it cannot be told."""
    script = script_of_text(text)
    if script is None:
        return None, None
    if script == "Hani":
        language = han_language(text)
        return language, BY_CODE[language].script
    codes = list(among) or list(languages_in(script))
    if not codes:
        return None, script
    ranked = _NAMES.ranked(text[:_ENOUGH_TO_NAME], codes) if len(codes) > 1 else ((codes[0], 1.0),)
    return ranked[0][0], BY_CODE[ranked[0][0]].script if among else script
