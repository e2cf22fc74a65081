"""Arrange the pieces of a page: rows, blocks, tables, and the order a person reads them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ocrchat.imaging.quads import Quad, Rects, skew_of, upright
from ocrchat.layout.blocks import Group, Row, grouped
from ocrchat.layout.figures import figures_among
from ocrchat.layout.found import Figure, Shown
from ocrchat.layout.grid import Grid, without
from ocrchat.layout.kinds import Found, told_apart
from ocrchat.layout.line_ends import ended
from ocrchat.layout.markdown import markdown_of
from ocrchat.layout.marks import Marks, Quads
from ocrchat.layout.open_tables import open_tables
from ocrchat.layout.parts import Part, parts_of, rects_of, usual_height
from ocrchat.layout.reading_order import Flow, as_read, in_regions
from ocrchat.layout.rows import in_rows
from ocrchat.layout.rules import Rule, rules_of, without_underlines
from ocrchat.layout.table_blocks import block_of, table_of
from ocrchat.layout.tables import drawn_tables
from ocrchat.model import Block, BlockType, Box, Line, Table


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


def arranged(pieces: Sequence[Piece], flow: Flow, *, spaced: bool, marks: Marks | None = None) -> Arrangement:
    """The pieces, each once, as blocks; `spaced` is False for scripts without spaces between words."""
    quads = [piece.quad for piece in pieces]
    skew, marks = skew_of(quads), marks or Marks()
    parts = parts_of([piece.line for piece in pieces], as_read(upright(quads, skew), flow), flow)
    rules, grounds = (as_read(upright(list(each), skew), flow) for each in (marks.rules, marks.grounds))
    height = usual_height(parts)
    drawn = drawn_tables(parts, without_underlines(rules_of(rules, grounds, height), parts), flow)
    levels = without_underlines(rules_of(rules, grounds[:0], height), parts).level if len(rules) else ()
    found: list[Found] = []
    things: list[Part | Grid] = [*without(parts, drawn, flow), *drawn]
    for region in in_regions(rects_of(things)):
        found.extend(_in_region([things[i] for i in region], flow, levels))
    pictures = _pictures(marks.pictures, as_read(upright(list(marks.pictures), skew), flow))
    figures = figures_among(pictures, parts, [each for each in found if isinstance(each, Grid)])
    blocks, tables = _blocks(told_apart(found, figures), spaced=spaced)
    return Arrangement(
        blocks=blocks,
        tables=tables,
        text="\n\n".join(block.text for block in blocks if block.text),
        markdown=markdown_of(blocks, tables, spaced=spaced),
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


def _in_region(things: Sequence[Part | Grid], flow: Flow, levels: Sequence[Rule]) -> list[Found]:
    """The paragraphs and tables of a region from its top."""
    parts = [thing for thing in things if isinstance(thing, Part)]
    grids = [thing for thing in things if isinstance(thing, Grid)]
    grids += open_tables(parts, flow)
    parts = without(parts, grids, flow)
    found: list[Found] = []
    grids.sort(key=lambda grid: grid.y0)
    reach = min((thing.x0 for thing in things), default=0.0), max((thing.x1 for thing in things), default=0.0)
    for grid in grids:
        above = [part for part in parts if part.middle < grid.y0]
        parts = [part for part in parts if part.middle >= grid.y0]
        found += [*grouped(_rows(above), reach, levels), grid]
    return [*found, *grouped(_rows(parts), reach, levels)]


def _rows(parts: Sequence[Part]) -> list[Row]:
    return [_row([parts[i] for i in row]) for row in in_rows(rects_of(parts), range(len(parts)))]


def _row(parts: Sequence[Part]) -> Row:
    """One printed line of the parts that stand side by side; a bullet alone says nothing of its height."""
    if len(parts) == 1 and not parts[0].line.is_ended:
        part = parts[0]
        confidence = weighted_mean([(part.line.confidence, len(part.line.text))])
        same = confidence == part.line.confidence
        line = part.line if same else replace(part.line, confidence=confidence)
        return Row(line, part.x0, part.y0, part.x1, part.y1)
    lines = [part.line for part in parts]
    line = Line(
        " ".join(line.text for line in lines),
        Box.around(line.box for line in lines),
        weighted_mean([(line.confidence, len(line.text)) for line in lines]),
        tuple(word for line in lines for word in line.words),
    )
    lettered = [part for part in parts if any(map(str.isalnum, part.line.text))] or parts
    return Row(
        line,
        min(part.x0 for part in parts),
        min(part.y0 for part in lettered),
        max(part.x1 for part in parts),
        max(part.y1 for part in lettered),
    )


def _pictures(quads: Quads, rects: Rects) -> list[Figure]:
    """The pictures, each with its rectangle in the frame of reading and its box on the page."""
    edges = np.concatenate([quads.min(axis=1), quads.max(axis=1)], axis=1).round().astype(int).tolist()
    boxes = [Box(*sides) for sides in edges]
    return [
        Figure(x0, y0, x1, y1, box)
        for (x0, y0, x1, y1), box in zip(rects.tolist(), boxes, strict=True)
        if box.area
    ]


def _blocks(shown: Sequence[Shown], *, spaced: bool) -> tuple[tuple[Block, ...], tuple[Table, ...]]:
    """What is shown as blocks, and the tables that some of them stand for; a figure says nothing itself."""
    blocks: list[Block] = []
    tables: list[Table] = []
    for each in shown:
        if isinstance(each, Grid):
            tables.append(table_of(each, spaced=spaced))
            blocks.append(block_of(each, tables[-1], len(tables) - 1))
        elif isinstance(each, Figure):
            blocks.append(Block("", each.box, 1.0, BlockType.FIGURE))
        else:
            blocks.append(_block(each))
    return tuple(blocks), tuple(tables)


def _block(group: Group) -> Block:
    lines = tuple(row.line for row in group.rows)
    if group.type is BlockType.PARAGRAPH and group.reach:
        ends = ended(group.rows, group.reach)
        lines = tuple(
            replace(line, is_ended=True) if is_end else line for line, is_end in zip(lines, ends, strict=True)
        )
    return Block(
        text="\n".join(line.text for line in lines),
        box=Box.around(line.box for line in lines),
        confidence=weighted_mean([(line.confidence, len(line.text)) for line in lines]),
        type=group.type,
        level=group.level,
        lines=lines,
    )
