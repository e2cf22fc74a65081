"""Tell which piece of a page's Markdown is whose."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.model.document import Block, BlockType, Page


def pieces_of(page: Page) -> list[tuple[Block, str]] | None:
    """The page's blocks with their Markdown; None where that does not tell which is whose.

    The items of one list stand in one piece, which is told of the last.
    """
    groups: list[Block] = []
    for block in page.blocks:
        if block.text and not (groups and block.type is groups[-1].type is BlockType.LIST):
            groups.append(block)
        elif block.text:
            groups[-1] = block
    texts = page.markdown.split("\n\n") if page.markdown else []
    return list(zip(groups, texts, strict=True)) if len(groups) == len(texts) else None


def releveled(page: Page, blocks: Sequence[Block]) -> str:
    """The page's Markdown where its blocks, one for one, have these levels."""
    pieces = pieces_of(page)
    if pieces is None:
        return page.markdown
    levels = {id(old): new.level for old, new in zip(page.blocks, blocks, strict=True)}
    return "\n\n".join(_with_level(block, text, levels[id(block)]) for block, text in pieces)


def _with_level(block: Block, text: str, level: int | None) -> str:
    if block.type is not BlockType.HEADING or level is None or not text.startswith("#"):
        return text
    return "#" * level + text.lstrip("#")
