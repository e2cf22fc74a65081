"""PDFs that are broken or mean harm, written by hand."""

import io
import random
import zlib

import pikepdf

TEXT = b"BT /F1 24 Tf 72 700 Td (PDF OPEN) Tj ET"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def pdf(objects: dict[int, bytes], trailer: bytes = b"", head: bytes = b"%PDF-1.7\n") -> bytes:
    """A PDF of numbered objects with a sound cross-reference table; object 1 is its catalogue."""
    out, places = bytearray(head), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, at)
    return bytes(out)


def parts(
    pages: int = 1, content: bytes = TEXT, page: bytes = b"", box: bytes = b"0 0 612 792"
) -> dict[int, bytes]:
    """The objects of a plain document: 1 catalogue, 2 tree, 3 font, 4 content, pages from 10 on."""
    kids = b" ".join(b"%d 0 R" % (10 + i) for i in range(pages))
    resources = b"/Resources << /Font << /F1 3 0 R >> >>"
    each = b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] " + resources + b" /Contents 4 0 R %s >>"
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        3: FONT,
        4: stream(content),
        **{10 + i: each % (box, page) for i in range(pages)},
    }


def plain(pages: int = 1) -> bytes:
    return pdf(parts(pages))


def with_objects(pages: int, **changes: bytes | None) -> bytes:
    """A plain document with objects changed (`o2=b"..."`) or taken out (`o11=None`)."""
    objects = parts(pages)
    for name, body in changes.items():
        if body is None:
            del objects[int(name[1:])]
        else:
            objects[int(name[1:])] = body
    return pdf(objects)


def counting(count: bytes, kids: int = 3) -> bytes:
    """A tree of `kids` pages that says it has `count`."""
    return plain(kids).replace(b"/Count %d" % kids, b"/Count " + count)


def boxed(box: bytes) -> bytes:
    return pdf(parts(box=box))


def drawing(content: bytes, resources: bytes, **more: bytes) -> bytes:
    """One page with its own resources; `more` are further objects, `o20=b"..."`."""
    objects = parts(content=content)
    objects[10] = objects[10].replace(
        b"/Resources << /Font << /F1 3 0 R >> >>", b"/Resources << %s >>" % resources
    )
    return pdf(objects | {int(name[1:]): body for name, body in more.items()})


def with_image(data: bytes, entries: bytes) -> bytes:
    """A page that is one image, and the words of a plain page."""
    entries = b"/Type /XObject /Subtype /Image " + entries
    content = b"q 400 0 0 400 72 200 cm /I Do Q " + TEXT
    return drawing(content, b"/Font << /F1 3 0 R >> /XObject << /I 20 0 R >>", o20=stream(data, entries))


def flate_bomb(megabytes: int = 512) -> bytes:
    """A content stream that is packed three times over."""
    once = zlib.compressobj(9)
    data = b"".join(once.compress(b" " * (1 << 20)) for _ in range(megabytes)) + once.flush()
    data = zlib.compress(zlib.compress(data, 9), 9)
    three = b"/Filter [/FlateDecode /FlateDecode /FlateDecode]"
    return pdf(parts() | {4: stream(data, three)})


def image_bomb() -> bytes:
    """20,000 by 20,000 pixels in some hundred bytes."""
    data = zlib.compress(zlib.compress(bytes(50_000_000), 9), 9)
    size = b"/Width 20000 /Height 20000 /BitsPerComponent 1 /ColorSpace /DeviceGray"
    return with_image(data, size + b" /Filter [/FlateDecode /FlateDecode]")


def laughing_forms(depth: int = 9, width: int = 10) -> bytes:
    """Forms that draw forms that draw forms: `width` to the power of `depth` drawings."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] "
    last = stream(TEXT, form + b"/Resources << /Font << /F1 3 0 R >> >>")
    objects = {20 + depth: last}
    for level in range(depth):
        inner = b"/Resources << /XObject << /X %d 0 R >> >>" % (21 + level)
        objects[20 + level] = stream(b"/X Do " * width, form + inner)
    return drawing(b"/X Do", b"/XObject << /X 20 0 R >>", **{f"o{n}": body for n, body in objects.items()})


def own_form() -> bytes:
    """A form that draws itself."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X 20 0 R >> >>"
    resources = b"/Font << /F1 3 0 R >> /XObject << /X 20 0 R >>"
    return drawing(b"/X Do " + TEXT, resources, o20=stream(b"/X Do", entries))


def tiny_tiles() -> bytes:
    """A pattern whose tiles are a hundredth of a point apart, over the whole page."""
    pattern = (
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 0.01 /YStep 0.01"
    )
    fill = b"/Pattern cs /P scn 0 0 612 792 re f"
    body = stream(b"1 0 0 rg 0 0 9 9 re f 0 1 0 RG 0 0 m 9 9 l S", pattern + b" /Resources << >>")
    return drawing(fill, b"/Pattern << /P 20 0 R >>", o20=body)


def deep_tree(levels: int = 3000) -> bytes:
    """One page under a chain of nodes."""
    objects = parts()
    for level in range(levels):
        below = 10 if level == levels - 1 else 101 + level
        objects[100 + level] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % below
    objects[2] = b"<< /Type /Pages /Kids [100 0 R] /Count 1 >>"
    return pdf(objects)


def looping_tree() -> bytes:
    """A tree whose second child is itself."""
    return with_objects(1, o2=b"<< /Type /Pages /Kids [10 0 R 2 0 R] /Count 2 >>")


def doubling_tree(levels: int = 17) -> bytes:
    """More than 100,000 pages in a few hundred bytes: each node names the one below it twice."""
    objects = parts()
    for level in range(levels):
        below = 10 if level == levels - 1 else 101 + level
        count = 2 ** (levels - level)
        objects[100 + level] = b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count %d >>" % (below, below, count)
    objects[2] = objects.pop(100)
    return pdf(objects)


def scrambled_xref(pages: int = 3) -> bytes:
    """Every place in the cross-reference table is wrong."""
    data = plain(pages)
    at = data.rindex(b"\nxref\n")
    return data[:at] + data[at:].replace(b"00000 n", b"00007 n").replace(b"\n00000", b"\n00031")


def encrypted(user: str = "", owner: str = "owner", pages: int = 1) -> bytes:
    with pikepdf.open(io.BytesIO(plain(pages))) as document, io.BytesIO() as out:
        document.save(out, encryption=pikepdf.Encryption(user=user, owner=owner, R=6))
        return out.getvalue()


def noise(length: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(length)


def cut_document(pages: int = 3) -> bytes:
    """A document whose end was lost, and with it the table that says where things are."""
    data = plain(pages)
    return data[: data.rindex(b"xref\n0 ")]
