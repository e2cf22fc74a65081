"""PDFs that are broken or mean harm."""

from ocrchat.errors import EncryptedSource, SourceError, SourceTooLarge

from . import documents as d
from . import pictures as p
from .cases import Case, broken, damaged, read, refused

TREES = [
    damaged("pdf, magic only", lambda: b"%PDF-1.7\n"),
    damaged("pdf, noise", lambda: b"%PDF-1.7\n" + d.noise(20_000)),
    damaged(
        "pdf without pages", lambda: d.with_objects(1, o2=b"<< /Type /Pages /Kids [] /Count 0 >>", o10=None)
    ),
    refused("pdf of 131,072 pages", d.doubling_tree, SourceTooLarge, "131,072 pages; at most 2,000 pages"),
    read("pdf that counts too few", lambda: d.counting(b"1"), "file-mended", pages=3),
    read("pdf that counts 2 billion", lambda: d.counting(b"2147483647"), pages=3),
    read("pdf that counts below zero", lambda: d.counting(b"-1"), pages=3),
    Case(
        "pdf, a page is not there",
        lambda: d.with_objects(3, o11=None),
        pages=3,
        unreadable=(1,),
        says="page 2 cannot be read: the file names it",
    ),
    Case(
        "pdf, a child is null",
        lambda: d.with_objects(3, o2=b"<< /Type /Pages /Kids [10 0 R null 12 0 R] /Count 3 >>"),
        pages=3,
        unreadable=(1,),
        says="page 2",
    ),
    Case("pdf, tree in a loop", d.looping_tree, pages=2, unreadable=(1,), says="page 2"),
    Case("pdf, tree 3,000 deep", d.deep_tree, unreadable=(0,), says="page 1"),
    read("pdf, cut", d.cut_document, "file-cut-off", pages=3),
    read("pdf, cut within its last page", lambda: d.cut_document()[:-20], "pages-missing", pages=2),
    read("pdf, wrong cross-references", d.scrambled_xref, pages=3),
    read("pdf, header at byte 900", lambda: b"\n" * 900 + d.plain()),
    read("pdf that is html too", lambda: b"<html><body>" + d.plain() + b"</body></html>"),
    read(
        "pdf, page without content",
        lambda: d.with_objects(1, o10=b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>"),
    ),
    read("pdf, page without size", lambda: d.with_objects(1, o10=b"<< /Type /Page /Parent 2 0 R >>")),
]

PAGES = [
    read(
        "pdf, page of 14,000 km",
        lambda: d.boxed(b"0 0 1000000000 1000000000"),
        page_notes=("page-scaled-down",),
    ),
    read("pdf, page of 4 micrometres", lambda: d.boxed(b"0 0 0.01 0.01")),
    read("pdf, box upside down", lambda: d.boxed(b"612 792 0 0")),
    read("pdf, page like a thread", lambda: d.boxed(b"0 0 100000 1"), page_notes=("page-scaled-down",)),
    read("pdf, form draws itself", d.own_form),
    broken("pdf, forms that draw forms", d.laughing_forms, "time than is allowed|memory than is allowed"),
    broken("pdf, tiny tiles", d.tiny_tiles, "time than is allowed|memory than is allowed"),
    broken("pdf, flate bomb", d.flate_bomb, "memory than is allowed|time than is allowed"),
    read("pdf, image bomb", d.image_bomb),
    read(
        "pdf, image that lies",
        lambda: d.with_image(
            bytes(100), b"/Width 65535 /Height 65535 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
        ),
    ),
    read("pdf, 200,000 states saved", lambda: d.drawing(b"q " * 200_000 + d.TEXT, b"/Font << /F1 3 0 R >>")),
    read("pdf, 300,000 arrays opened", lambda: d.drawing(b"[" * 300_000, b"")),
    read("pdf, noise for content", lambda: d.with_objects(1, o4=d.stream(d.noise(5_000)))),
    read(
        "pdf, JBIG2 of noise",
        lambda: d.with_image(
            d.noise(3_000),
            b"/Width 640 /Height 480 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode",
        ),
    ),
    read(
        "pdf, JPEG 2000 of noise",
        lambda: d.with_image(
            p.saved("JPEG2000")[:90] + d.noise(900), b"/Width 160 /Height 120 /Filter /JPXDecode"
        ),
    ),
    read(
        "pdf, JPEG 2000 that lies",
        lambda: d.with_image(p.jp2_that_says(60_000, 60_000), b"/Width 160 /Height 120 /Filter /JPXDecode"),
    ),
    read(
        "pdf, script at opening",
        lambda: d.with_objects(
            1,
            o1=b"<< /Type /Catalog /Pages 2 0 R /OpenAction"
            b" << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9/'\\)) >> >>",
        ),
    ),
    read(
        "pdf that starts a program",
        lambda: d.with_objects(
            1, o1=b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (/bin/sh) >> >>"
        ),
    ),
    read(
        "pdf, content in another file",
        lambda: d.with_objects(1, o4=b"<< /Length 0 /F (/etc/passwd) >>\nstream\n\nendstream"),
    ),
    read(
        "pdf, stream that is its own length",
        lambda: d.with_objects(1, o4=b"<< /Length 4 0 R >>\nstream\n" + d.TEXT + b"\nendstream"),
    ),
]

SECRETS = [
    refused(
        "pdf with a password", lambda: d.encrypted(user="secret"), EncryptedSource, "its password is needed"
    ),
    read("pdf with an owner's password only", lambda: d.encrypted()),
    refused(
        "pdf, bogus encryption",
        lambda: d.pdf(d.parts(), b"/Encrypt << /Filter /Standard /V 99 /R 99 >>"),
        SourceError,
        "encrypted|damaged",
    ),
]

DOCUMENTS = [*TREES, *PAGES, *SECRETS]
