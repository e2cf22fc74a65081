"""Arrange the pieces of a page: rows, blocks, tables, and the order a person reads them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ocrchat.imaging.quads import Quad, Rects, skew_of, upright
from ocrchat.layout.blocks import Group, Row, grouped, with_headings
from ocrchat.layout.markdown import markdown_of
from ocrchat.layout.reading_order import Flow, as_read, in_regions
from ocrchat.layout.rows import in_rows
from ocrchat.model import Block, Box, Line, Table


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A line of the page, or the part of one that stands apart; the quad is where it runs."""

    quad: Quad
    line: Line


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What a page says, in reading order."""

    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    text: str
    markdown: str
    confidence: float


def arranged(
    pieces: Sequence[Piece],
    flow: Flow,
    *,
    spaced: bool,
) -> Arrangement:
    """The pieces, each once, as blocks; `spaced` is False for scripts without spaces between words."""
    quads = [piece.quad for piece in pieces]
    rects = as_read(upright(quads, skew_of(quads)), flow)
    groups: list[Group] = []
    for region in in_regions(rects):
        rows = in_rows(rects, region)
        groups.extend(grouped([_row([pieces[i].line for i in row], rects[list(row)]) for row in rows]))
    blocks = tuple(_block(group) for group in with_headings(groups))
    return Arrangement(
        blocks=blocks,
        tables=(),
        text="\n\n".join(block.text for block in blocks),
        markdown=markdown_of(blocks, spaced=spaced),
        confidence=weighted_mean([(block.confidence, len(block.text)) for block in blocks]),
    )


def moved_piece(line: Line, across: int, down: int) -> Piece:
    """A line that was read in a part of the page, at its place on the page."""
    box = moved(line.box, across, down)
    words = tuple(replace(word, box=moved(word.box, across, down)) for word in line.words)
    corners = [[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]]
    return Piece(np.array(corners, np.float32), replace(line, box=box, words=words))


def moved(box: Box, across: int, down: int) -> Box:
    """The box so many pixels further right and down."""
    return Box(box.x0 + across, box.y0 + down, box.x1 + across, box.y1 + down)


def weighted_mean(weighted: Sequence[tuple[float, int]]) -> float:
    """The mean of values by their weights, 0 to 1; 0 for none."""
    total = sum(weight for _, weight in weighted)
    return min(1.0, sum(value * weight for value, weight in weighted) / total) if total else 0.0


def _row(lines: Sequence[Line], rects: Rects) -> Row:
    """One printed line of the pieces that stand side by side."""
    x0, y0 = (float(v) for v in rects[:, :2].min(axis=0))
    x1, y1 = (float(v) for v in rects[:, 2:].max(axis=0))
    line = Line(
        " ".join(line.text for line in lines),
        Box.around(line.box for line in lines),
        weighted_mean([(line.confidence, len(line.text)) for line in lines]),
        tuple(word for line in lines for word in line.words),
    )
    return Row(line, x0, y0, x1, y1)


def _block(group: Group) -> Block:
    lines = tuple(row.line for row in group.rows)
    return Block(
        text="\n".join(line.text for line in lines),
        box=Box.around(line.box for line in lines),
        confidence=weighted_mean([(line.confidence, len(line.text)) for line in lines]),
        type=group.type,
        level=group.level,
        lines=lines,
    )
