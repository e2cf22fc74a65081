"""Draw the documents that the tests read."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from ocrchat.engines.scripted import scripted_page

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
"""In Debian's fonts-dejavu-core, which `make test` installs."""


def scripted_png(text: str) -> bytes:
    """A PNG that the scripted engine reads as `text`."""
    return _saved(Image.fromarray(scripted_page(text)), "PNG")


def scripted_tiff(texts: Sequence[str]) -> bytes:
    """A TIFF with a scripted page for each text."""
    first, *others = (Image.fromarray(scripted_page(text)) for text in texts)
    return _saved(first, "TIFF", save_all=True, append_images=others)


def scripted_pdf(texts: Sequence[str]) -> bytes:
    """A PDF with a scripted page for each text: pictures that are drawn pixel for pixel at 200 dpi."""
    width, height = 1000, 750
    across, down = width * 72 / 200, height * 72 / 200
    pdf = pikepdf.new()
    for text in texts:
        picture = pdf.make_stream(
            zlib.compress(scripted_page(text, width, height).tobytes(), 1),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
            Filter=pikepdf.Name.FlateDecode,
        )
        page = pdf.add_blank_page(page_size=(across, down))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=picture))
        page.Contents = pdf.make_stream(f"{across} 0 0 {down} 0 0 cm /I Do".encode())
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def printed_page(lines: Sequence[str], size: int = 36) -> Image.Image:
    """A white page with lines of black print, about 200 dpi."""
    font = ImageFont.truetype(FONT, size)
    page = Image.new("RGB", (1240, 160 + 2 * size * max(4, len(lines))), "white")
    draw = ImageDraw.Draw(page)
    for row, line in enumerate(lines):
        draw.text((100, 80 + 2 * size * row), line, font=font, fill="black")
    return page


def printed(lines: Sequence[str], kind: str = "PNG") -> bytes:
    """The page as a file of that kind."""
    return _saved(printed_page(lines), kind)


def printed_pages(pages: Sequence[Sequence[str]], kind: str) -> bytes:
    """Several pages as one PDF or TIFF."""
    first, *others = map(printed_page, pages)
    return _saved(first, kind, save_all=True, append_images=others)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
