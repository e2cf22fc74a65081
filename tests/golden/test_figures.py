"""A drawn page with a photo, as a PDF with text and as a scan: the downloads show the photo in its place."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrchat.engines.base import Engine
from ocrchat.exports import format_named, reading_of
from ocrchat.model import Document, EngineStamp, Page
from ocrchat.options import Options
from ocrchat.pictures import cutting_of
from ocrchat.pipeline import page_read
from ocrchat.sources import Intake, OpenSource
from tests.drawing import FONT

ABOVE = ["The harbour lay quiet in the morning light, and", "nobody had yet come down to the boats."]
CAPTION = "Figure 2: The harbour from the north"
BELOW = ["In the evening they all came back again, and", "the fish was sold upon the old stone quay."]
PHOTO = (300, 420, 1100, 920)


def scan() -> Image.Image:
    """A page of 1400 by 1600 pixels, its photo in the middle."""
    page = Image.new("L", (1400, 1600), 250)
    font, draw = ImageFont.truetype(FONT, 34), ImageDraw.Draw(page)
    rows = [*zip((200, 260), ABOVE, strict=True), (960, CAPTION), *zip((1120, 1180), BELOW, strict=True)]
    for y, text in rows:
        draw.text((300 if text == CAPTION else 150, y), text, font=font, fill=20)
    hills = np.full((500, 800), 215, np.uint8)
    for shade, (top, wave) in zip((150, 110, 60), ((140, 60), (250, 45), (370, 30)), strict=True):
        line = top + wave * np.sin(np.arange(800) / (40 + wave))
        hills[np.arange(500)[:, None] > line] = shade
    grain = np.random.default_rng(2).normal(0, 9, hills.shape)
    page.paste(Image.fromarray((hills + grain).clip(0, 255).astype(np.uint8)), PHOTO[:2])
    return page


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OpenSource]:
    scan().save(tmp_path / "scan.png")
    with Intake() as intake, intake.open(tmp_path / "scan.png") as opened:
        yield opened


def exported(page: Page, source: OpenSource, name: str) -> bytes:
    document = Document((page,), EngineStamp("cpu", "1"), ())
    file = io.BytesIO()
    format_named(name).write(reading_of(document, "scan", cutting_of(source)), file)
    return file.getvalue()


def test_a_scanned_photo_is_shown_where_it_stands(engine: Engine, source: OpenSource) -> None:
    page = page_read(
        source, 0, lambda image, options: engine.read([image], options)[0], Options(languages=("en",))
    )
    assert [str(block.type) for block in page.blocks] == ["paragraph", "figure", "caption", "paragraph"]
    box = page.blocks[1].box
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx(PHOTO, abs=12)
    assert page.markdown == "\n\n".join([" ".join(ABOVE), CAPTION, " ".join(BELOW)])

    assert exported(page, source, "md").decode() == page.markdown + "\n"
    html = exported(page, source, "html").decode()
    order = [html.index(part) for part in ("The harbour lay", "<figure>", CAPTION, "In the evening")]
    assert order == sorted(order)
    (data,) = re.findall(r'<img src="data:image/\w+;base64,([^"]+)"', html)
    _is_the_photo(base64.b64decode(data))
    with ZipFile(io.BytesIO(exported(page, source, "docx"))) as package:
        (name,) = [name for name in package.namelist() if name.startswith("word/media/")]
        _is_the_photo(package.read(name))
        body = package.read("word/document.xml").decode()
    order = [body.index(part) for part in ("The harbour lay", "<w:drawing>", "Figure 2", "In the evening")]
    assert order == sorted(order)


def _is_the_photo(data: bytes) -> None:
    shown = Image.open(io.BytesIO(data)).convert("L")
    assert shown.size == pytest.approx((800, 500), abs=24)
    photo = np.asarray(scan().crop(PHOTO).resize((80, 50)), float)
    assert np.abs(np.asarray(shown.resize((80, 50)), float) - photo).mean() < 16
