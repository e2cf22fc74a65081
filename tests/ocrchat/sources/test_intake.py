from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocrchat.errors import DamagedSource, SandboxUnavailable, SourceTooLarge, UnsupportedType
from ocrchat.sources import Intake, Limits, SourceKind

Saved = Callable[..., Path]


def quadrants(mode: str = "RGB") -> Image.Image:
    """Red, green over blue, white, 60 by 40, so that every turn shows."""
    image = Image.new("RGB", (60, 40), "white")
    image.paste("red", (0, 0, 30, 20))
    image.paste("lime", (30, 0, 60, 20))
    image.paste("blue", (0, 20, 30, 40))
    return image.convert(mode)


@pytest.mark.parametrize(
    ("format_", "kind"),
    [
        ("PNG", SourceKind.PNG),
        ("JPEG", SourceKind.JPEG),
        ("WEBP", SourceKind.WEBP),
        ("GIF", SourceKind.GIF),
        ("BMP", SourceKind.BMP),
        ("TIFF", SourceKind.TIFF),
        ("PDF", SourceKind.PDF),
        ("AVIF", SourceKind.AVIF),
        ("JPEG2000", SourceKind.JP2),
    ],
)
def test_every_kind_is_told_from_its_bytes_and_read(
    intake: Intake, saved: Saved, format_: str, kind: SourceKind
) -> None:
    with intake.open(saved(quadrants(), format_)) as source:
        assert source.kind is kind
        assert source.page_count == 1
        assert source.notes == ()
        pixels = source.page(0).pixels
    height, width = pixels.shape[:2]
    assert width / height == pytest.approx(1.5, abs=0.02)
    seen = [
        pixels[int(height * y), int(width * x)]
        for y, x in ((0.25, 0.25), (0.25, 0.75), (0.75, 0.25), (0.75, 0.75))
    ]
    wanted = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]
    assert np.abs(np.array(seen, int) - np.array(wanted)).max() < 40


def test_a_page_is_given_as_often_as_it_is_asked_for(intake: Intake, saved: Saved) -> None:
    with intake.open(saved(quadrants())) as source:
        first, second = source.page(0), source.page(0)
    assert np.array_equal(first.pixels, second.pixels)
    assert not first.pixels.flags.writeable


def test_a_page_that_the_file_does_not_have_is_an_index_error(intake: Intake, saved: Saved) -> None:
    with intake.open(saved(quadrants())) as source, pytest.raises(IndexError, match="page 2 of 1"):
        source.page(1)


def test_an_unknown_type_is_refused_with_what_is_accepted(intake: Intake, saved: Saved) -> None:
    with pytest.raises(UnsupportedType, match=r"the file is a ZIP archive.*; accepted: PDF, PNG, JPEG"):
        intake.open(saved(b"PK\x03\x04" + bytes(40)))


def test_an_empty_file_is_refused(intake: Intake, saved: Saved) -> None:
    with pytest.raises(DamagedSource, match="the file is empty"):
        intake.open(saved(b""))


def test_a_folder_is_no_file(intake: Intake, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedType, match="no plain file"):
        intake.open(tmp_path)


def test_a_file_over_the_limit_is_refused_with_both_figures(saved: Saved) -> None:
    with (
        Intake(Limits(bytes=100)) as small,
        pytest.raises(SourceTooLarge, match="101 bytes; at most 100 bytes"),
    ):
        small.open(saved(b"\x89PNG\r\n\x1a\n" + bytes(93)))


def test_an_image_over_the_pixel_limit_is_refused_before_it_is_decoded(saved: Saved) -> None:
    with (
        Intake(Limits(pixels=2_000)) as small,
        pytest.raises(SourceTooLarge, match="2,400 pixels; at most 2,000 pixels"),
    ):
        small.open(saved(quadrants()))


def test_a_closed_intake_decodes_nothing(saved: Saved) -> None:
    intake = Intake()
    intake.close()
    with pytest.raises(SandboxUnavailable, match="closed"):
        intake.open(saved(quadrants()))
