"""Build a page from the places of its lines and what was read there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocrchat.engines.cpu.auto import Verdict
from ocrchat.engines.cpu.calibration import calibrated
from ocrchat.engines.cpu.line_reader import LineReading
from ocrchat.engines.cpu.spelling import in_orthography
from ocrchat.imaging.drawings import pictures_on
from ocrchat.imaging.quads import Quad, box_of, boxes_of, parts_of, size_of, skew_of
from ocrchat.imaging.ruling import drawn_lines
from ocrchat.languages import RIGHT_TO_LEFT, UNSPACED
from ocrchat.layout.arrangement import Piece, arranged
from ocrchat.layout.marks import Marks
from ocrchat.layout.reading_order import Flow
from ocrchat.model import Line, Note, Page, PageImage, Word

COLUMN_SCRIPTS = frozenset({"Hans", "Hant", "Jpan"})

RULE_MARKS = frozenset("-=_~.·‐‑‒–—―")


@dataclass(frozen=True, slots=True, eq=False)
class ReadLine:
    """A detected line or piece of one: where it stands, as it runs, and what it says."""

    quad: Quad
    reading: LineReading


def flow_of(script: str | None, standing: Sequence[bool]) -> Flow:
    """Which way the page is read: by its script, and by columns where most of its Han lines stand."""
    if script in RIGHT_TO_LEFT:
        return Flow.RIGHT_TO_LEFT
    if script in COLUMN_SCRIPTS and sum(standing) > 0.6 * len(standing):
        return Flow.COLUMNS
    return Flow.LEFT_TO_RIGHT


def page_of(image: PageImage, index: int, found: Sequence[ReadLine], flow: Flow, verdict: Verdict) -> Page:
    """The page in reading order; lines that are clearly noise are left out."""
    pieces = [_piece(each, image, verdict.language) for each in found if not is_noise(each.reading)]
    arrangement = arranged(pieces, flow, spaced=verdict.script not in UNSPACED, marks=_marks(image, pieces))
    return Page(
        index=index,
        width=image.width,
        height=image.height,
        text=arrangement.text,
        markdown=arrangement.markdown,
        blocks=arrangement.blocks,
        tables=arrangement.tables,
        confidence=arrangement.confidence,
        dpi=image.dpi,
        language=verdict.language if pieces else None,
        script=verdict.script if pieces else None,
        notes=_notes(verdict) + _left_out(found),
    )


def _marks(image: PageImage, pieces: Sequence[Piece]) -> Marks:
    """The lines and pictures that are drawn on the page, where there are lines of text for them to part."""
    quads = [piece.quad for piece in pieces]
    if len(quads) < 2:
        return Marks()
    letter = float(np.median([min(size_of(quad)) for quad in quads]))
    rules = drawn_lines(image.pixels, letter, skew_of(quads))
    return Marks(rules=rules, pictures=pictures_on(image.pixels, quads, rules, letter))


def _notes(verdict: Verdict) -> tuple[Note, ...]:
    if verdict.missing is None:
        return ()
    return (
        Note(
            "language-not-installed",
            f"the page seems to be in {verdict.missing}, for which no model is installed",
        ),
    )


def _left_out(found: Sequence[ReadLine]) -> tuple[Note, ...]:
    """What is to be said of marks that were taken for letters, too doubtful to be shown as text."""
    count = sum(is_noise(each.reading) and not says_nothing(each.reading) for each in found)
    if not count:
        return ()
    return (
        Note(
            "marks-left-out", f"{count} short marks that may be letters could not be read and were left out"
        ),
    )


def says_nothing(reading: LineReading) -> bool:
    """Whether a reading is noise without a letter or digit in it, or nothing at all."""
    return is_noise(reading) and not any(character.isalnum() for character in reading.text)


def is_rule(reading: LineReading) -> bool:
    """Whether all that was read are the marks that a drawn or dashed rule is taken for."""
    marks = set(reading.text) - {" "}
    return bool(marks) and marks <= RULE_MARKS


def is_noise(reading: LineReading) -> bool:
    """Whether a reading says nothing: no text, or a few characters that the reader itself doubts.

    Longer readings are kept however low their confidence: in scripts without word spaces Tesseract's
    is near 0 for lines that are right.
    """
    letters = sum(character.isalnum() for character in reading.text)
    if letters == 0:
        return not reading.text or reading.confidence < 0.6
    return letters <= 3 and reading.confidence < 0.3


def _piece(found: ReadLine, image: PageImage, language: str | None) -> Piece:
    reading = calibrated(in_orthography(found.reading, language))
    spans = reading.words
    parts = parts_of(found.quad, [span.start for span in spans], [span.end for span in spans])
    boxes = boxes_of(parts, image.width, image.height)
    words = tuple(Word(span.text, at, span.confidence) for span, at in zip(spans, boxes, strict=True))
    box = box_of(found.quad, image.width, image.height)
    return Piece(found.quad, Line(reading.text, box, reading.confidence, words))
