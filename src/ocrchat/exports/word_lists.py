"""Number the lists of a Word document: `word/numbering.xml` (ECMA-376, 17.9)."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from ocrchat.exports.listing import Item

_LEVELS = 9
_INDENT = 360
"""Twentieths of a point that a level is indented by."""


class Numbering:
    """Every list of a document; marks come out as they were printed, whatever they counted from."""

    def __init__(self) -> None:
        self._kinds: dict[str, int] = {}
        self._lists: list[tuple[int, int, int | None]] = []

    def begin(self) -> ListRun:
        """A list whose items follow."""
        return ListRun(self)

    def added(self, mark: str, level: int, start: int | None) -> int:
        """The number of a new list whose marks are of that kind: `.` and `)` are numbers, others bullets."""
        kind = self._kinds.setdefault(mark, len(self._kinds))
        self._lists.append((kind, level, start))
        return len(self._lists)

    def xml(self) -> str:
        """The part's text."""
        kinds = "".join(_kind(number, mark) for mark, number in self._kinds.items())
        lists = "".join(_list(number, *each) for number, each in enumerate(self._lists, 1))
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:numbering '
            f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{kinds}{lists}</w:numbering>'
        )


class ListRun:
    """One list: tells each item in turn where it belongs."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._open: dict[tuple[int, str], tuple[int, int | None]] = {}

    def place_of(self, item: Item) -> tuple[int, int] | None:
        """(list, level from 0) of the item's paragraph; None where its mark is part of its text."""
        mark = item.ending if item.number is not None else item.bullet
        if not mark:
            return None
        key = item.level, mark
        number, last = self._open.get(key, (0, None))
        if not number or (item.number is not None and item.number != (last or 0) + 1):
            number = self._numbering.added(mark, item.level - 1, item.number)
        self._open = {each: kept for each, kept in self._open.items() if each[0] <= item.level}
        self._open[key] = number, item.number
        return number, item.level - 1


def _kind(number: int, mark: str) -> str:
    levels = "".join(_level(level, mark) for level in range(_LEVELS))
    head = f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
    return f"{head}{levels}</w:abstractNum>"


def _level(level: int, mark: str) -> str:
    is_number = mark in (".", ")")
    text = quoteattr(f"%{level + 1}{mark}" if is_number else mark)
    name = "decimal" if is_number else "bullet"
    indent = _INDENT * (level + 1)
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{name}"/><w:lvlText w:val={text}/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{indent}" w:hanging="{_INDENT}"/></w:pPr></w:lvl>'
    )


def _list(number: int, kind: int, level: int, start: int | None) -> str:
    override = ""
    if start is not None:
        override = f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{override}</w:num>'
