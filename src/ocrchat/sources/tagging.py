"""Give a PDF the structure that readers for the blind follow (ISO 32000-2, 14.7)."""

from __future__ import annotations

from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, String


class Structure:
    """The tree of a document's tags; pages add theirs in reading order."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._document = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self._root, K=Array())
        )
        self._parents = Array()
        self._pages = 0

    def add(self, page: pikepdf.Object, tags: Sequence[str]) -> None:
        """Marked content N of the page is an element `tags[N]` of the document."""
        elements = Array()
        for number, tag in enumerate(tags):
            element = Dictionary(Type=Name.StructElem, S=Name(f"/{tag}"), P=self._document, Pg=page, K=number)
            if tag in ("Figure", "Formula"):
                element.Alt = String(tag)
            elements.append(self._pdf.make_indirect(element))
        self._document.K.extend(elements)
        self._parents.append(self._pages)
        self._parents.append(self._pdf.make_indirect(elements))
        page.StructParents, page.Tabs = self._pages, Name.S
        self._pages += 1

    def close(self) -> None:
        """Hang the tree into the document, if it has anything to say."""
        if not self._pages:
            return
        self._root.K = Array([self._document])
        self._root.ParentTree = self._pdf.make_indirect(Dictionary(Nums=self._parents))
        self._root.ParentTreeNextKey = self._pages
        self._pdf.Root.StructTreeRoot = self._root
        self._pdf.Root.MarkInfo = Dictionary(Marked=True)
