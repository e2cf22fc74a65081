"""Build a page from the places of its lines and what was read there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.engines.cpu.auto import Verdict
from ocrchat.engines.cpu.line_reader import LineReading
from ocrchat.imaging.quads import Quad, Rects, box_of, part_of, skew_of, upright
from ocrchat.languages import RIGHT_TO_LEFT, UNSPACED
from ocrchat.layout.blocks import Group, Row, grouped, with_headings
from ocrchat.layout.markdown import markdown_of
from ocrchat.layout.reading_order import Flow, as_read, in_regions
from ocrchat.layout.rows import in_rows
from ocrchat.model import Block, Box, Line, Note, Page, PageImage, Word

COLUMN_SCRIPTS = frozenset({"Hans", "Hant", "Jpan"})


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
    kept = [each for each in found if not is_noise(each.reading)]
    rects = as_read(upright([each.quad for each in kept], skew_of([each.quad for each in kept])), flow)
    groups: list[Group] = []
    for region in in_regions(rects):
        rows = in_rows(rects, region)
        groups.extend(grouped([_row([kept[i] for i in row], rects[list(row)], image) for row in rows]))
    blocks = tuple(_block(group) for group in with_headings(groups))
    return Page(
        index=index,
        width=image.width,
        height=image.height,
        text="\n\n".join(block.text for block in blocks),
        markdown=markdown_of(blocks, spaced=verdict.script not in UNSPACED),
        blocks=blocks,
        confidence=_mean([(block.confidence, len(block.text)) for block in blocks]),
        dpi=image.dpi,
        language=verdict.language if blocks else None,
        script=verdict.script if blocks else None,
        notes=_notes(verdict) + _left_out(found),
    )


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
    texts = [each.reading.text for each in found if is_noise(each.reading)]
    count = sum(any(character.isalnum() for character in text) for text in texts)
    if not count:
        return ()
    return (
        Note(
            "marks-left-out", f"{count} short marks that may be letters could not be read and were left out"
        ),
    )


def is_noise(reading: LineReading) -> bool:
    """Whether a reading says nothing: no text, or a few characters that the reader itself doubts.

    Longer readings are kept however low their confidence: in scripts without word spaces Tesseract's
    is near 0 for lines that are right.
    """
    letters = sum(character.isalnum() for character in reading.text)
    if letters == 0:
        return not reading.text or reading.confidence < 0.6
    return letters <= 3 and reading.confidence < 0.3


def _row(pieces: Sequence[ReadLine], rects: Rects, image: PageImage) -> Row:
    x0, y0 = (float(v) for v in rects[:, :2].min(axis=0))
    x1, y1 = (float(v) for v in rects[:, 2:].max(axis=0))
    return Row(_line(pieces, image), x0, y0, x1, y1)


def _line(pieces: Sequence[ReadLine], image: PageImage) -> Line:
    words = tuple(
        Word(
            span.text,
            box_of(part_of(piece.quad, span.start, span.end), image.width, image.height),
            span.confidence,
        )
        for piece in pieces
        for span in piece.reading.words
    )
    box = Box.around(box_of(piece.quad, image.width, image.height) for piece in pieces)
    text = " ".join(piece.reading.text for piece in pieces)
    return Line(text, box, _mean([(p.reading.confidence, len(p.reading.text)) for p in pieces]), words)


def _block(group: Group) -> Block:
    lines = tuple(row.line for row in group.rows)
    return Block(
        text="\n".join(line.text for line in lines),
        box=Box.around(line.box for line in lines),
        confidence=_mean([(line.confidence, len(line.text)) for line in lines]),
        type=group.type,
        level=group.level,
        lines=lines,
    )


def _mean(weighted: Sequence[tuple[float, int]]) -> float:
    """The mean of values by their weights, 0 to 1; 0 for none."""
    total = sum(weight for _, weight in weighted)
    return min(1.0, sum(value * weight for value, weight in weighted) / total) if total else 0.0
