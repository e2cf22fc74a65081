"""Read a PDF page by its own text, and the pictures in it by an engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

import numpy as np

from ocrchat.errors import PageUnreadable
from ocrchat.imaging.lettering import may_have_letters
from ocrchat.imaging.turn import box_before, turned_back
from ocrchat.layout.arrangement import Piece, moved, moved_piece
from ocrchat.layout.layer_pieces import pieces_of
from ocrchat.layout.layer_turn import turn_of, turned_layer
from ocrchat.layout.soundness import doubt_of, is_odd, says_renamed
from ocrchat.layout.unread import UNREAD, is_text, notes_of_unread
from ocrchat.model import Box, Line, Note, Page, PageImage, Picture, TextLayer
from ocrchat.model.codec import StoredPage, page_from_bytes
from ocrchat.options import Options
from ocrchat.sources import OpenSource
from ocrchat.text_pages import language_of, telling_pictures
from ocrchat.typesetting import Set, Sheet, set_page

PageReader = Callable[[PageImage, Options], Page]
"""How an engine, or a pool of them, reads one image."""
Setter = Callable[[Sheet], Set]
"""What sets a page: `typesetting.set_page`, or a pool of processes that do."""

_LEAST_SURE, _READER_SURE = 0.6, 0.5
"""A line of a picture that is read with less confidence, as told or as its reader has it, is of no use."""
_WRONG_LANGUAGE = 0.92
"""A picture that is read with less confidence in the page's language may be in another: readers' own .8."""
_MOST_KEPT = 1_000
_ALIKE = 0.5
"""Likeness of a line of the page's own text to what is read in its place; of other words it is .3."""
_SAME = 0.9
"""Likeness where single letters are in question."""


@dataclass(frozen=True, slots=True)
class PictureText:
    """What a picture says, and where text in it stays unread; boxes from the picture's own corner."""

    lines: tuple[Line, ...] = ()
    unread: tuple[Box, ...] = ()


@dataclass(slots=True)
class PicturesSeen:
    """What pictures of a document said, so that a logo on every page is read once; threads may share it."""

    _texts: dict[tuple[str, int, int], PictureText] = field(default_factory=dict)

    def get(self, picture: Picture) -> PictureText | None:
        """Its text; None where it was not read yet."""
        return self._texts.get(_key(picture))

    def keep(self, picture: Picture, text: PictureText) -> None:
        """Keep it, unless there are very many already."""
        if len(self._texts) < _MOST_KEPT:
            self._texts[_key(picture)] = text


def wholly_own(
    source: OpenSource, index: int, options: Options, set_one: Setter = set_page
) -> StoredPage | None:
    """The page where its own text says all of it; None where somebody has to look at it."""
    found = _layer(source, index, options)
    if found is None:
        return None
    layer, rotation = found
    is_judged = options.text_layer == "auto"
    return set_one(Sheet(layer, index, tuple(options.languages), is_judged, rotation)).page


def page_by_its_text(
    source: OpenSource,
    index: int,
    read: PageReader,
    options: Options,
    seen: PicturesSeen,
    set_one: Setter = set_page,
) -> tuple[Page | None, tuple[Note, ...]]:
    """The page as its own text has it; None, and what is to be said, where its picture is to be read."""
    found = _layer(source, index, options)
    if found is None:
        return None, ()
    layer, rotation = found
    look = _Look(source, index, layer, rotation, read, options, seen)
    doubt = look.doubt() if options.text_layer == "auto" else None
    if doubt is None:
        pieces, unread = look.into(telling_pictures(layer))
        sheet = Sheet(layer, index, tuple(options.languages), False, rotation, pieces)
        stored = set_one(sheet).page
        if stored is not None:
            return page_from_bytes(stored.data), notes_of_unread(unread)
        doubt = "it could not be laid out"
    said = Note("text-layer-doubted", f"the page's own text was not used: {doubt}")
    return None, (said,) if doubt else ()


def _layer(source: OpenSource, index: int, options: Options) -> tuple[TextLayer, int] | None:
    """The page's own text, turned upright, and by how much; None where it has none, or nobody wants it."""
    if options.text_layer == "never":
        return None
    try:
        layer = source.text_layer(index)
    except PageUnreadable:
        return None
    if layer is None or not len(layer):
        return None
    rotation = turn_of(layer)
    return turned_layer(layer, rotation), rotation


@dataclass(slots=True)
class _Look:
    """A look at the pictures of one page; the page is drawn once, and only for a picture not seen before."""

    source: OpenSource
    index: int
    layer: TextLayer
    rotation: int
    read: PageReader
    options: Options
    seen: PicturesSeen
    _image: PageImage | None = None

    def doubt(self) -> str | None:
        """Why the page's own text is not to be used; where it is odd, a line is read to compare.

        The longest, or the one with most letters that a font may have renamed, of which each is to be right.
        """
        doubt = doubt_of(self.layer)
        if doubt is not None or not is_odd(self.layer):
            return doubt
        lines = [piece.line for piece in pieces_of(self.layer)]
        alike = _SAME if says_renamed(self.layer.text, self.layer) else _ALIKE
        telling = max(
            lines, key=lambda line: (says_renamed(line.text, self.layer), sum(map(str.isalnum, line.text)))
        )
        margin = telling.box.height // 4
        place = Box(
            telling.box.x0 - margin, telling.box.y0 - margin, telling.box.x1 + margin, telling.box.y1 + margin
        ).clipped(self.layer.width, self.layer.height)
        page = self.read(_part(self._upright(), place), self.options)
        is_read = bool(page.text.strip()) and page.confidence >= _LEAST_SURE
        if not is_read or _likeness(page.text, telling.text) >= alike:
            return None
        return "a line of it was read and says something else"

    def into(self, pictures: Sequence[Picture]) -> tuple[tuple[Piece, ...], tuple[Box, ...]]:
        """The lines in the pictures at their places on the page, and the places of text that stays unread."""
        pieces: list[Piece] = []
        unread: list[Box] = []
        for picture in pictures:
            place = picture.box.clipped(self.layer.width, self.layer.height)
            text = self._text_in(picture, place)
            pieces += [moved_piece(line, place.x0, place.y0) for line in text.lines]
            unread += [moved(box, place.x0, place.y0) for box in text.unread]
        return tuple(pieces), tuple(unread)

    def _text_in(self, picture: Picture, place: Box) -> PictureText:
        if place != picture.box or self._has_words_on(place):
            return self._read_at(place)  # what is seen of it here is not what is seen of it elsewhere
        text = self.seen.get(picture)
        if text is None:
            text = self._read_at(place)
            self.seen.keep(picture, text)
        return text

    def _read_at(self, place: Box) -> PictureText:
        if self._image is None:
            self._image = _without_words(self._upright(), self.layer)
        part = _part(self._image, place)
        return _text_of(self._page_of(part), place) if may_have_letters(part.pixels) else PictureText()

    def _upright(self) -> PageImage:
        image = self.source.page(self.index)
        return turned_back(image, self.rotation) if self.rotation else image

    def _page_of(self, image: PageImage) -> Page:
        """The picture, read in the page's language, and in any where it does not seem to be in that."""
        language, _ = language_of(self.layer.text, self.options.languages)
        options = replace(self.options, least_sure=_READER_SURE)
        if options.languages or language is None:
            return self.read(image, options)
        page = self.read(image, replace(options, languages=(language,)))
        if not page.text or page.confidence >= _WRONG_LANGUAGE:
            return page
        other = self.read(image, options)
        return other if other.confidence > page.confidence else page

    def _has_words_on(self, place: Box) -> bool:
        x, y = (self.layer.boxes[:, :2] + self.layer.boxes[:, 2:]).T / 2
        inside = (x >= place.x0) & (x < place.x1) & (y >= place.y0) & (y < place.y1)
        return bool(inside.any())


def _text_of(page: Page, place: Box) -> PictureText:
    """The lines that were surely read, their boxes as the picture stands on its page, not as it was read.

    Unread is what its reader told of, and lines that are not sure enough.
    """

    def back(box: Box) -> Box:
        return box_before(box, page.rotation, place.width, place.height)

    sure: list[Line] = []
    unread = [back(note.box) for note in page.notes if note.code == UNREAD and note.box is not None]
    for line in (line for block in page.blocks for line in block.lines):
        if line.confidence >= _LEAST_SURE:
            words = tuple(replace(word, box=back(word.box)) for word in line.words)
            sure.append(replace(line, box=back(line.box), words=words))
        elif is_text(line.text):
            unread.append(back(line.box))
    return PictureText(tuple(sure), tuple(unread))


def _without_words(image: PageImage, layer: TextLayer) -> PageImage:
    """The page's picture with the words painted over that its own text tells already."""
    pixels = image.pixels.copy()
    for x0, y0, x1, y1 in layer.boxes.clip(0).astype(int):
        pixels[y0:y1, x0:x1] = 255
    return replace(image, pixels=pixels)


def _part(image: PageImage, place: Box) -> PageImage:
    pixels = np.ascontiguousarray(image.pixels[place.y0 : place.y1, place.x0 : place.x1])
    return replace(image, pixels=pixels, notes=())


def _likeness(one: str, other: str) -> float:
    """How much of two texts is the same, 0 to 1; letters and digits alone count."""
    first, second = ("".join(filter(str.isalnum, text.casefold())) for text in (one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _key(picture: Picture) -> tuple[str, int, int]:
    return picture.digest, picture.box.width, picture.box.height
