"""Count a PDF's pages by hand, and mend the file where its own count or its structure is wrong (qpdf)."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import BinaryIO

import pikepdf

from ocrchat.sources.limits import Limits
from ocrchat.sources.picture import Refusal

_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
"""What a page may have from the nodes above it (ISO 32000-2, table 31)."""

_NODE = re.compile(rb"/Type\s{0,9}/Pages\b")
_COUNT = re.compile(rb"/Count\s{1,9}(\d{1,7})\b")

_NODES = 10
"""Nodes of a page tree that are looked at, for each page that is allowed."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A PDF written anew; `places` has for each page its index in `data`, None for one that is lost."""

    data: bytes
    places: tuple[int | None, ...]


def pages_in_tree(file: BinaryIO, password: str | None, limits: Limits) -> int | None:
    """Pages that the page tree really holds; None when qpdf cannot tell."""
    try:
        with _opened(file, password) as pdf:
            return sum(page is not None for page in _leaves(pdf, limits))
    except (MemoryError, Refusal):
        raise
    except Exception:  # qpdf and its binding raise many things about a broken file
        return None


def mended(file: BinaryIO, password: str | None, limits: Limits) -> Mended:
    """The PDF with its cross-references rebuilt and its page tree made flat; raises Refusal.

    Where the tree is gone, every page that the file holds counts, in the order of their numbers.
    """
    try:
        with _opened(file, password) as pdf:
            leaves = list(_leaves(pdf, limits))
            if not any(leaf is not None for leaf in leaves):
                leaves = list(_strays(pdf, limits))
            return _flattened(pdf, leaves)
    except pikepdf.PasswordError as error:
        raise Refusal("encrypted" if password is None else "wrong-password") from error
    except (MemoryError, Refusal):
        raise
    except Exception as error:  # as above
        raise Refusal("damaged") from error


def claimed_pages(data: mmap.mmap) -> int:
    """The number of pages that a node of the page tree says there are; 0 when no readable node does.

    Read from the bytes, as qpdf corrects it while it opens a broken file.
    """
    most = 0
    for node in islice(_NODE.finditer(data), _NODES):
        end = data.find(b"endobj", node.end())
        start = max(data.rfind(b"obj", 0, node.start()), 0)
        count = _COUNT.search(data, start, end if end >= 0 else len(data))
        most = max(most, int(count[1]) if count else 0)
    return most


@contextmanager
def _opened(file: BinaryIO, password: str | None) -> Iterator[pikepdf.Pdf]:
    file.seek(0)
    with pikepdf.open(file, password=password or "", access_mode=pikepdf.AccessMode.mmap) as pdf:
        yield pdf


def _leaves(pdf: pikepdf.Pdf, limits: Limits) -> Iterator[pikepdf.Object | None]:
    """The pages in the tree's order with all they inherit; None for a child that is not there."""
    pages = nodes = 0
    waiting: list[tuple[pikepdf.Object, frozenset[tuple[int, int]]]] = [(pdf.Root.Pages, frozenset())]
    while waiting:
        node, above = waiting.pop()
        nodes += 1
        if nodes > _NODES * limits.pages:
            raise Refusal("damaged")
        kids = node.get("/Kids") if isinstance(node, pikepdf.Dictionary) else None
        if isinstance(kids, pikepdf.Array):
            if node.objgen not in above:
                for kid in kids:
                    _bequeath(node, kid)
                waiting += [(kid, above | {node.objgen}) for kid in reversed(list(kids))]
            continue
        pages += 1
        if pages > limits.pages:
            raise Refusal("over-limit", limit="pages", figure=pages)
        yield node if isinstance(node, pikepdf.Dictionary) else None


def _bequeath(node: pikepdf.Object, kid: object) -> None:
    if isinstance(kid, pikepdf.Dictionary):
        for name in _INHERITED:
            if name in node and name not in kid:
                kid[name] = node[name]


def _strays(pdf: pikepdf.Pdf, limits: Limits) -> Iterator[pikepdf.Object]:
    found = 0
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == pikepdf.Name.Page:
            found += 1
            if found > limits.pages:
                raise Refusal("over-limit", limit="pages", figure=found)
            yield each


def _flattened(pdf: pikepdf.Pdf, leaves: list[pikepdf.Object | None]) -> Mended:
    kept = [leaf for leaf in leaves if leaf is not None]
    if not kept:
        raise Refusal("damaged")
    tree = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Count=len(kept)))
    kids = [leaf if leaf.is_indirect else pdf.make_indirect(leaf) for leaf in kept]
    for kid in kids:
        kid.Type, kid.Parent = pikepdf.Name.Page, tree
    tree.Kids = pikepdf.Array(kids)
    pdf.Root.Pages = tree
    with BytesIO() as out:
        pdf.save(out, static_id=True, compress_streams=False, encryption=False, fix_metadata_version=False)
        data = out.getvalue()
    numbers = iter(range(len(kept)))
    return Mended(data, tuple(None if leaf is None else next(numbers) for leaf in leaves))
