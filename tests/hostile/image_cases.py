"""Files of no accepted type, and images that are broken or mean harm."""

import zlib

from ocrchat.errors import SourceError, SourceTooLarge, UnsupportedType

from . import documents as d
from . import pictures as p
from .cases import Case, broken, damaged, read, refused

HUGE = 30_000
ROWS = (bytes(1 + 64) * 64)[: 65 * 40]

TYPES = [
    refused("one byte", lambda: b"\xff", UnsupportedType, "of no known type; accepted: PDF, PNG"),
    refused("noise", lambda: b"\1" + d.noise(20_000), UnsupportedType, "of no known type"),
    refused("zip", lambda: b"PK\3\4" + bytes(60), UnsupportedType, "a ZIP archive"),
    refused("svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', UnsupportedType, "an SVG drawing"),
    refused(
        "svg behind an xml head", lambda: b'<?xml version="1.0"?><svg/>', UnsupportedType, "an XML document"
    ),
    refused("html", lambda: b"\n <!DOCTYPE html><p>hello", UnsupportedType, "an HTML page"),
    refused("a program", lambda: b"\x7fELF" + bytes(60), UnsupportedType, "a program"),
    refused("gzip", lambda: b"\x1f\x8b\x08" + bytes(60), UnsupportedType, "a gzip archive"),
    refused(
        "PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(x) run", UnsupportedType, "a PostScript document"
    ),
    refused(
        "an old doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), UnsupportedType, "old Office"
    ),
    refused("HEIC", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", UnsupportedType, "a HEIC image"),
    refused("Photoshop", lambda: b"8BPS\0\1" + bytes(40), UnsupportedType, "a Photoshop document"),
    refused("an icon", lambda: b"\0\0\1\0\1\0" + bytes(40), UnsupportedType, "a Windows icon"),
    refused("bare JPEG 2000", lambda: b"\xff\x4f\xff\x51" + bytes(40), UnsupportedType, "code stream"),
    refused(
        "ImageMagick", lambda: b"push graphic-context\nimage over 0,0 0,0 '|id'", UnsupportedType, "accepted"
    ),
]

PNGS = [
    damaged("png, magic only", lambda: p.PNG),
    refused(
        "png of 4 gigapixels", lambda: p.png(65_535, 65_535), SourceTooLarge, "4,294,836,225 pixels; at most"
    ),
    refused("png, one bit deep", lambda: p.png(HUGE, HUGE, 1), SourceTooLarge, "900,000,000 pixels"),
    refused("png, a sliver", lambda: p.png(1, 300_000), SourceTooLarge, "longer side"),
    damaged("png, no width", lambda: p.png(0, 64)),
    broken("png, cut", lambda: p.cut(p.saved("PNG"), 0.6)),
    read("png, too few rows", lambda: p.png(pixels=zlib.compress(ROWS))),
    broken("png, pixels are noise", lambda: p.png(pixels=d.noise(500))),
    damaged("png, text bomb", lambda: p.png(extra=[p.text_bomb()])),
    damaged("png, profile bomb", lambda: p.png(extra=[p.profile_bomb()])),
    damaged("png, three bits deep", lambda: p.png(depth=3)),
    broken("png, no palette", lambda: p.png(colour=3)),
    damaged("png, wrong checksum", lambda: p.replaced(p.saved("PNG"), 20, b"\x01")),
    read("apng of 300 frames", lambda: p.apng(300)),
    read("apng that claims 4 billion", lambda: p.apng(1, claimed=0xFFFF_FFFF)),
    read("png before html", lambda: p.saved("PNG") + b"<html><script>alert(1)</script>PK\3\4"),
    read("png with code in its text", lambda: p.png(extra=[p.chunk(b"tEXt", b"t\0<script>\x1b[2J\r\n")])),
]

JPEGS = [
    damaged("jpeg, first bytes only", lambda: p.saved("JPEG")[:160]),
    read("jpeg, cut", lambda: p.cut(p.saved("JPEG"), 0.7), page_notes=("image-cut-off",)),
    refused("jpeg of 4 gigapixels", lambda: p.jpeg_that_says(65_500, 65_500), SourceTooLarge, "pixels"),
    damaged("jpeg, no height", lambda: p.jpeg_that_says(160, 0)),
    refused("jpeg of 1,200 scans", lambda: p.jpeg_of_scans(1_200), SourceTooLarge, "JPEG scans"),
    read("jpeg, exif in a loop", lambda: p.with_segments(p.segment(0xE1, p.odd_exif()))),
    read(
        "jpeg, flood of xmp",
        lambda: p.with_segments(*[p.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"<a>" * 20_000)] * 8),
    ),
    read("jpeg, junk profile", lambda: p.with_segments(p.segment(0xE2, b"ICC_PROFILE\0\7\2" + d.noise(900)))),
    read("jpeg, code in a comment", lambda: p.with_segments(p.segment(0xFE, b"<?php system($_GET[0]) ?>"))),
    read("jpeg, scans in a comment", lambda: p.with_segments(p.segment(0xFE, b"\xff\xda" * 500))),
    broken("jpeg, no tables", lambda: p.saved("JPEG").replace(b"\xff\xdb", b"\xff\xfe")),
]

GIFS = [
    refused("gif of 4 gigapixels", lambda: p.gif(65_535, 65_535, [p.gif_frame()]), SourceTooLarge, "pixels"),
    damaged("gif, no width", lambda: p.gif(0, 5, [p.gif_frame(0, 5)])),
    refused(
        "gif, frame past its canvas",
        lambda: p.gif(1, 1, [p.gif_frame(60_000, 60_000)]),
        SourceTooLarge,
        "pixels",
    ),
    read("gif of 2,000 equal frames", lambda: p.gif(1, 1, [p.gif_frame()] * 2_000)),
    read("gif of 30 frames", lambda: p.gif_of_pages(30), "frames-left-out", pages=5),
    read("gif, last frame cut", lambda: p.gif_of_pages(4)[:-12], "frames-cut-off", pages=3),
    read(
        "gif, head of its second frame cut", lambda: p.gif(1, 1, [p.gif_frame()] * 2)[:-14], "frames-cut-off"
    ),
    broken("gif, illegal codes", lambda: p.gif(1, 1, [p.gif_frame(codes=b"\x0d\x02\x44\x01\0")])),
    read("gif, flood of comments", lambda: p.gif(1, 1, [p.gif_frame()])[:-1] + b"!\xfe\x01a\0" * 60_000),
]

BMPS = [
    refused(
        "bmp, run-length bomb", lambda: p.bmp(HUGE, HUGE, 8, 1, 54, b"\xff\0" * 40), SourceTooLarge, "pixels"
    ),
    refused("bmp, greatest numbers", lambda: p.bmp(2**31 - 1, -(2**31)), SourceTooLarge, "pixels"),
    refused("bmp, width below zero", lambda: p.bmp(-64, 64), SourceError, "limit|damaged"),
    broken("bmp, cut", lambda: p.cut(p.saved("BMP"), 0.5)),
    broken("bmp, pixels past the end", lambda: p.bmp(8, 8, offset=60_000, body=bytes(300))),
    damaged("bmp, seven bits deep", lambda: p.bmp(8, 8, bits=7, body=bytes(300))),
]

TIFFS = [
    damaged("tiff, first directory past the end", lambda: b"II*\0" + b"\xff\xff\0\0"),
    read("tiff, chain in a loop", lambda: p.tiff([p.tiff_page()] * 2, [1, 0]), "pages-in-a-loop", pages=2),
    read("tiff, chain cut", lambda: p.tiff([p.tiff_page()] * 3, [1, 2, 99]), "pages-cut-off", pages=3),
    refused(
        "tiff of 2,500 pages", lambda: p.tiff_of_pages(2_500), SourceTooLarge, "2,001 pages; at most 2,000"
    ),
    refused(
        "tiff, fax bomb",
        lambda: p.tiff([p.tiff_page(t256=(4, 60_000), t257=(4, 60_000), t259=(3, 4))]),
        SourceTooLarge,
        "pixels",
    ),
    broken("tiff, strips past the end", lambda: p.tiff([p.tiff_page(t273=(4, 1 << 30))])),
    damaged("tiff, 65,535 bits deep", lambda: p.tiff([p.tiff_page(t258=(3, 65_535))])),
    Case(
        "tiff, second page broken",
        lambda: p.tiff([p.tiff_page(), p.tiff_page(t273=(4, 1 << 30)), p.tiff_page()]),
        pages=3,
        unreadable=(1,),
        says="page 2 cannot be read: it is damaged",
    ),
    Case(
        "tiff, second page huge",
        lambda: p.tiff([p.tiff_page(), p.tiff_page(t256=(4, HUGE), t257=(4, HUGE))]),
        pages=2,
        unreadable=(1,),
        says="page 2 cannot be read: the image is over the limit",
    ),
    damaged("bigtiff, a loop without pixels", p.bigtiff_loop),
    damaged("tiff, 65,535 entries", lambda: b"II*\0\x08\0\0\0\xff\xff" + d.noise(400)),
]

OTHERS = [
    damaged("webp, magic only", lambda: b"RIFF\4\0\0\0WEBP"),
    refused(
        "webp of 268 megapixels",
        lambda: p.riff((b"VP8L", p.vp8l(16_383, 16_383))),
        SourceTooLarge,
        "268,402,689",
    ),
    refused(
        "webp canvas of 281 terapixels",
        lambda: p.riff((b"VP8X", p.vp8x(1 << 24, 1 << 24))),
        SourceTooLarge,
        "pixels",
    ),
    damaged(
        "webp, frame larger than its canvas",
        lambda: p.riff((b"VP8X", p.vp8x(10, 10)), (b"VP8L", p.vp8l(16_000, 16_000))),
    ),
    damaged("webp, cut", lambda: p.cut(p.saved("WEBP"), 0.5)),
    broken(
        "webp, noise for pixels",
        lambda: p.saved("WEBP", lossless=True)[:30] + d.noise(len(p.saved("WEBP", lossless=True)) - 30),
    ),
    damaged("webp, wrong length", lambda: p.replaced(p.saved("WEBP"), 4, b"\xff\xff\xff\x7f")),
    damaged("avif, cut", lambda: p.cut(p.saved("AVIF"), 0.5)),
    refused("jpeg 2000 of 3.6 gigapixels", lambda: p.jp2_that_says(60_000, 60_000), SourceTooLarge, "pixels"),
    broken("jpeg 2000, cut", lambda: p.cut(p.saved("JPEG2000"), 0.4)),
]

IMAGES = [*TYPES, *PNGS, *JPEGS, *GIFS, *BMPS, *TIFFS, *OTHERS]
