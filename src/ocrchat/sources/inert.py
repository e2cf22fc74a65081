"""Take from a PDF what acts: scripts, launches, embedded files, other people's servers."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

_ACTING_KEYS = frozenset(
    ("/OpenAction", "/AA", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AF", "/XFA", "/URI")
)
_OF_DOCUMENT = frozenset(
    ("/Collection", "/Extensions", "/Perms", "/Threads", "/DSS", "/PieceInfo", "/Metadata", "/SpiderInfo")
)
_ACTING = frozenset(
    ("/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/3D", "/Sound", "/PrinterMark", "/TrapNet")
)
"""Kinds of annotations that play, run or carry something (ISO 32000-2, 12.5.6)."""

_SCHEMES = (b"https:", b"http:", b"mailto:")
_DEPTH = 60
"""How deep arrays and dictionaries are looked into; what lies deeper is cut off."""


def make_inert(pdf: pikepdf.Pdf) -> None:
    """Remove all of it, wherever it hangs; links to pages and letters stay, and fields as they look."""
    for name in list(pdf.Root.keys()):
        if name in _OF_DOCUMENT:
            del pdf.Root[name]
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        if isinstance(annotations, Array):
            page.obj.Annots = Array(each for each in annotations if _is_shown(each))
    for each in pdf.objects:
        _quiet(each, 0)


def _is_shown(annotation: object) -> bool:
    return isinstance(annotation, Dictionary) and str(annotation.get("/Subtype")) not in _ACTING


def _quiet(thing: object, depth: int) -> None:
    """Clean a dictionary and the ones that are written inside of it."""
    if isinstance(thing, Array):
        inner: list[object] = list(thing)
    elif isinstance(thing, Dictionary | Stream):
        is_link = thing.get("/S") == Name.URI and _is_harmless(thing)
        for name in list(thing.keys()):
            if (name in _ACTING_KEYS and not (is_link and name == "/URI")) or (
                name in ("/A", "/PA", "/Next") and _acts(thing[name])
            ):
                del thing[name]
        inner = [thing[name] for name in thing.keys()]  # noqa: SIM118 - it has no other iterator of names
    else:
        return
    if depth > _DEPTH:
        return
    for each in inner:
        if isinstance(each, Array | Dictionary | Stream) and not each.is_indirect:
            _quiet(each, depth + 1)


def _acts(action: object) -> bool:
    if isinstance(action, Array):
        return any(_acts(each) for each in action)
    return isinstance(action, Dictionary) and "/S" in action and not _is_harmless(action)


def _is_harmless(action: pikepdf.Object) -> bool:
    if "/Next" in action:
        return False
    if action.get("/S") == Name.GoTo:
        return True
    target = action.get("/URI")
    return (
        action.get("/S") == Name.URI
        and isinstance(target, pikepdf.String)
        and bytes(target).lower().startswith(_SCHEMES)
    )
