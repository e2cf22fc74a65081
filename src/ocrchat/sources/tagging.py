"""Give a PDF the structure that readers for the blind follow (ISO 32000-2, 14.7)."""

from __future__ import annotations

from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from ocrchat.model.searchable import Tag, kind_of


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

    def add(self, page: pikepdf.Object, tags: Sequence[Tag]) -> None:
        """Hang the page's elements into the tree, in the order of its marked contents."""
        owners = Array()
        way: list[tuple[str, pikepdf.Object]] = []
        for tag in tags:
            shared = 0
            while shared < min(len(way), len(tag.path)) and way[shared][0] == tag.path[shared]:
                shared += 1
            del way[shared:]
            for step in tag.path[shared:]:
                above = way[-1][1] if way else self._document
                way.append((step, self._element(step, above, page, tag)))
            if tag.content is not None:
                way[-1][1].K.append(tag.content)
                owners.append(way[-1][1])
        self._parents.append(self._pages)
        self._parents.append(self._pdf.make_indirect(owners))
        page.StructParents, page.Tabs = self._pages, Name.S
        self._pages += 1

    def _element(self, step: str, above: pikepdf.Object, page: pikepdf.Object, tag: Tag) -> pikepdf.Object:
        kind = kind_of(step)
        element = Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), P=above, Pg=page, K=Array())
        if kind in ("Figure", "Formula"):
            element.Alt = String(kind)
        if kind in ("TD", "TH"):
            about = Dictionary(O=Name.Table, RowSpan=tag.rows, ColSpan=tag.columns)
            if kind == "TH":
                about.Scope = Name.Column
            element.A = about
        made = self._pdf.make_indirect(element)
        above.K.append(made)
        return made

    def close(self) -> None:
        """Hang the tree into the document, if it has anything to say."""
        if not self._pages:
            return
        self._root.K = Array([self._document])
        self._root.ParentTree = self._pdf.make_indirect(Dictionary(Nums=self._parents))
        self._root.ParentTreeNextKey = self._pages
        self._pdf.Root.StructTreeRoot = self._root
        self._pdf.Root.MarkInfo = Dictionary(Marked=True)
