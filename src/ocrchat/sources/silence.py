"""Keep what a page of a PDF draws from being taken for text, where a layer says what it is."""

from __future__ import annotations

import pikepdf
from pikepdf import Dictionary, Name, Stream

_DEPTH = 12
"""How deep forms are looked for inside of forms."""
_CODES = 256
_MOST_RANGES = 100
"""Ranges that one operator of a CMap may have (Adobe Technical Note 5014)."""

_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
"""
_FOOT = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


class Silencer:
    """Makes copies of one PDF's fonts in which every letter means a space; it is drawn as before.

    A page's own resources name the copies, so that pages whose text stays keep theirs.
    """

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._done: dict[tuple[int, int], pikepdf.Object] = {}
        self._spaces: dict[int, pikepdf.Object] = {}

    def quiet(self, page: pikepdf.Page) -> None:
        """Silence what the page's content shows, in forms too; its annotations still say what they do."""
        resources = Dictionary(dict(page.resources.items()))
        self._resources(resources, 0)
        page.obj.Resources = resources

    def _resources(self, resources: pikepdf.Object, depth: int) -> None:
        fonts, forms = resources.get("/Font"), resources.get("/XObject")
        if isinstance(fonts, Dictionary):
            resources.Font = Dictionary({name: self._font(font) for name, font in fonts.items()})
        if isinstance(forms, Dictionary) and depth < _DEPTH:
            resources.XObject = Dictionary({name: self._form(form, depth) for name, form in forms.items()})

    def _font(self, font: pikepdf.Object) -> pikepdf.Object:
        if not isinstance(font, Dictionary) or font.objgen in self._done:
            return self._done.get(font.objgen, font)
        quiet = self._pdf.make_indirect(Dictionary(dict(font.items())))
        quiet.ToUnicode = self._cmap(2 if font.get("/Subtype") == Name.Type0 else 1)
        if font.is_indirect:
            self._done[font.objgen] = quiet
        return quiet

    def _form(self, form: pikepdf.Object, depth: int) -> pikepdf.Object:
        inner = form.get("/Resources") if isinstance(form, Stream) else None
        if form.get("/Subtype") != Name.Form or not isinstance(inner, Dictionary):
            return form
        if form.objgen in self._done:
            return self._done[form.objgen]
        quiet = Stream(self._pdf, form.read_raw_bytes())
        for name, value in form.items():
            if name != "/Length":
                quiet[name] = value
        self._done[form.objgen] = quiet
        quiet.Resources = Dictionary(dict(inner.items()))
        self._resources(quiet.Resources, depth + 1)
        return quiet

    def _cmap(self, width: int) -> pikepdf.Object:
        if width not in self._spaces:
            self._spaces[width] = self._pdf.make_stream(_spaces(width))
        return self._spaces[width]


def _spaces(width: int) -> bytes:
    """A CMap (ISO 32000-2, 9.10.3) by which every code of so many bytes is a space."""
    digits = 2 * width
    ranges = [(high << 8, (high << 8) + _CODES - 1) for high in range(_CODES if width == 2 else 1)]
    to_spaces = b"[" + b"<0020>" * _CODES + b"]"
    space = f"<{0:0{digits}X}> <{ranges[-1][1]:0{digits}X}>"
    parts = [_HEAD, f"1 begincodespacerange\n{space}\nendcodespacerange\n".encode()]
    for start in range(0, len(ranges), _MOST_RANGES):
        some = ranges[start : start + _MOST_RANGES]
        parts.append(f"{len(some)} beginbfrange\n".encode())
        parts += [
            f"<{low:0{digits}X}> <{high:0{digits}X}> ".encode() + to_spaces + b"\n" for low, high in some
        ]
        parts.append(b"endbfrange\n")
    return b"".join((*parts, _FOOT))
