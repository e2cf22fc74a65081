"""Images are read as they show, whatever they are made of."""

import io
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from ocrchat.sources import Intake
from ocrchat.sources.limits import Limits

Saved = Callable[..., Path]

CORNERS = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}


def quadrants() -> Image.Image:
    """Red, green over blue, white."""
    image = Image.new("RGB", (60, 40), "white")
    for name, place in (("red", (0, 0, 30, 20)), ("lime", (30, 0, 60, 20)), ("blue", (0, 20, 30, 40))):
        image.paste(name, place)
    return image


def pixels(intake: Intake, path: Path, page: int = 0) -> NDArray[np.uint8]:
    with intake.open(path) as source:
        return source.page(page).pixels


def grey_ramp() -> NDArray[np.uint16]:
    return np.tile(np.linspace(0, 65_535, 64, dtype=np.uint16), (16, 1))


@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
def test_sixteen_bits_keep_their_whole_range(intake: Intake, saved: Saved, format_: str) -> None:
    seen = pixels(intake, saved(Image.fromarray(grey_ramp()), format_))
    assert seen.shape == (16, 64)
    assert np.abs(seen.astype(int) - grey_ramp() // 257).max() <= 1


def test_sixteen_bits_of_colour_are_read(intake: Intake, saved: Saved) -> None:
    body = struct.pack("<HHII", 256, 4, 1, 2) + struct.pack("<HHII", 257, 4, 1, 1)
    body += struct.pack("<HHII", 258, 3, 3, 8) + struct.pack("<HHII", 259, 3, 1, 1)
    body += struct.pack("<HHII", 262, 3, 1, 2) + struct.pack("<HHII", 273, 4, 1, 14)
    body += (
        struct.pack("<HHII", 277, 3, 1, 3)
        + struct.pack("<HHII", 278, 4, 1, 1)
        + struct.pack("<HHII", 279, 4, 1, 12)
    )
    head = (
        b"II*\0"
        + struct.pack("<I", 26)
        + struct.pack("<3H", 16, 16, 16)
        + struct.pack("<6H", 65_535, 0, 0, 0, 65_535, 65_535)
    )
    seen = pixels(intake, saved(head + struct.pack("<H", 9) + body + bytes(4)))
    assert seen.tolist() == [[[255, 0, 0], [0, 255, 255]]]


def test_numbers_from_0_to_1_are_black_to_white(intake: Intake, saved: Saved) -> None:
    ramp = np.tile(np.linspace(0, 1, 64, dtype=np.float32), (16, 1))
    seen = pixels(intake, saved(Image.fromarray(ramp), "TIFF"))
    assert (seen[0, 0], seen[0, -1]) == (0, 255)


def test_a_palette_of_colours_is_rgb(intake: Intake, saved: Saved) -> None:
    seen = pixels(intake, saved(quadrants().quantize(8)))
    assert tuple(seen[5, 5]) == CORNERS["red"]


def test_a_palette_of_greys_is_grey(intake: Intake, saved: Saved) -> None:
    assert pixels(intake, saved(Image.linear_gradient("L").quantize(16))).ndim == 2


@pytest.mark.parametrize("mode", ["1", "L"])
def test_black_and_white_are_grey(intake: Intake, saved: Saved, mode: str) -> None:
    seen = pixels(intake, saved(quadrants().convert(mode)))
    assert seen.shape == (40, 60)
    assert seen[35, 50] == 255


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(intake: Intake, saved: Saved, mode: str) -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (10, 10, 20, 20))
    seen = pixels(intake, saved(image.convert(mode)))
    assert np.all(seen[0, 0] == 255)
    assert np.all(seen[15, 15] == 0)


def test_half_transparent_ink_shines_through(intake: Intake, saved: Saved) -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((0, 0, 0, 128), (0, 0, 20, 40))
    assert pixels(intake, saved(image))[5, 5, 0] == pytest.approx(127, abs=1)


def test_light_writing_on_nothing_is_put_on_black(intake: Intake, saved: Saved) -> None:
    image = Image.new("RGBA", (40, 40), (255, 255, 255, 0))
    image.paste((255, 255, 255, 255), (10, 10, 30, 14))
    with intake.open(saved(image)) as source:
        page = source.page(0)
    assert np.all(page.pixels[0, 0] == 0)
    assert np.all(page.pixels[12, 12] == 255)
    assert [note.code for note in page.notes] == ["light-on-transparent"]


def test_dark_writing_on_a_white_box_stays_on_white(intake: Intake, saved: Saved) -> None:
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (10, 10, 90, 90))
    image.paste((0, 0, 0, 255), (20, 20, 60, 24))
    with intake.open(saved(image)) as source:
        page = source.page(0)
    assert np.all(page.pixels[0, 0] == 255)
    assert page.notes == ()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_orientation_is_undone(intake: Intake, saved: Saved, orientation: int, format_: str) -> None:
    undone = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    turned = quadrants().transpose(undone[orientation]) if orientation > 1 else quadrants()
    exif = Image.Exif()
    exif[0x0112] = orientation
    how = {"exif": exif} if format_ != "TIFF" else {"tiffinfo": {0x0112: orientation}}
    if format_ in ("JPEG", "WEBP"):
        how["quality"] = 95
    seen = pixels(intake, saved(turned, format_, **how))
    assert seen.shape == (40, 60, 3)
    corners = seen[[5, 5, 35, 35], [5, 55, 5, 55]].astype(int)
    assert np.abs(corners - list(CORNERS.values())).max() < 40


def test_a_cmyk_jpeg_has_its_colours(intake: Intake, saved: Saved) -> None:
    seen = pixels(intake, saved(quadrants().convert("CMYK"), "JPEG", quality=95))
    corners = seen[[5, 5, 35, 35], [5, 55, 5, 55]].astype(int)
    assert np.abs(corners - list(CORNERS.values())).max() < 40


def test_a_progressive_jpeg_is_read(intake: Intake, saved: Saved) -> None:
    assert pixels(intake, saved(quadrants(), "JPEG", progressive=True)).shape == (40, 60, 3)


def test_an_apng_is_its_first_frame(intake: Intake, saved: Saved) -> None:
    frames = [Image.new("RGB", (20, 20), name) for name in ("red", "lime")]
    with intake.open(saved(frames[0], "PNG", save_all=True, append_images=frames[1:])) as source:
        assert source.page_count == 1
        assert tuple(source.page(0).pixels[0, 0]) == CORNERS["red"]


@pytest.mark.parametrize("format_", ["GIF", "WEBP"])
def test_each_differing_frame_is_a_page(intake: Intake, saved: Saved, format_: str) -> None:
    frames = [Image.new("RGB", (20, 20), name) for name in ("red", "lime", "red", "blue", "blue")]
    how = {"lossless": True} if format_ == "WEBP" else {"duration": 50}
    with intake.open(saved(frames[0], format_, save_all=True, append_images=frames[1:], **how)) as source:
        assert source.page_count == 3
        assert source.notes == ()
        seen = [tuple(source.page(index).pixels[0, 0]) for index in (2, 0, 1)]
    assert seen == [CORNERS["blue"], CORNERS["red"], CORNERS["lime"]]


def test_frames_that_only_add_to_the_one_before_are_whole_pages(intake: Intake, saved: Saved) -> None:
    first = Image.new("RGB", (40, 20), "white")
    second = first.copy()
    second.paste("black", (5, 5, 8, 8))
    path = saved(first, "GIF", save_all=True, append_images=[second], duration=50)
    seen = pixels(intake, path, 1)
    assert seen.shape[:2] == (20, 40)
    assert np.all(seen[6, 6] == 0)
    assert np.all(seen[15, 30] == 255)


def test_differing_frames_without_time_are_one_page(intake: Intake, saved: Saved) -> None:
    frames = [Image.new("RGB", (30, 20), name) for name in ("red", "lime", "red", "blue")]
    with intake.open(saved(frames[0], "GIF", save_all=True, append_images=frames[1:])) as source:
        assert source.page_count == 1
        assert [note.code for note in source.notes] == ["frames-joined"]
        seen = source.page(0).pixels
    assert seen.shape == (60, 30, 3)
    assert [tuple(row[0]) for row in seen[::20]] == [CORNERS[name] for name in ("red", "lime", "blue")]


def test_frames_without_time_that_are_too_much_for_one_page_are_a_page_each(saved: Saved) -> None:
    frames = [Image.new("RGB", (30, 20), name) for name in ("red", "lime", "blue")]
    path = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with Intake(Limits(side=59)) as intake, intake.open(path) as source:
        assert source.page_count == 3
        assert source.notes == ()


def test_the_dpi_that_a_file_states_comes_with_its_page(intake: Intake, saved: Saved) -> None:
    with intake.open(saved(quadrants(), "PNG", dpi=(300, 300))) as source:
        assert source.page(0).dpi == pytest.approx(300, abs=0.1)


@pytest.mark.parametrize("dpi", [(0, 0), (1, 1), (9_999, 9_999)])
def test_nonsense_about_dpi_is_not_believed(intake: Intake, saved: Saved, dpi: tuple[int, int]) -> None:
    with intake.open(saved(quadrants(), "JPEG", dpi=dpi)) as source:
        assert source.page(0).dpi is None


def test_a_fax_is_stretched_to_square_pixels(intake: Intake, saved: Saved) -> None:
    with intake.open(saved(quadrants().convert("1"), "TIFF", compression="group4", dpi=(204, 98))) as source:
        page = source.page(0)
    assert page.pixels.shape == (83, 60)
    assert page.dpi == 204
    assert [note.code for note in page.notes] == ["page-stretched"]


@pytest.mark.parametrize(
    ("mode", "compression"),
    [
        ("1", "group3"),
        ("1", "group4"),
        ("1", None),
        ("1", "packbits"),
        ("L", "tiff_lzw"),
        ("RGB", "tiff_lzw"),
        ("RGB", "jpeg"),
        ("RGB", "tiff_adobe_deflate"),
        ("CMYK", "tiff_lzw"),
        ("P", "packbits"),
        ("RGBA", "tiff_lzw"),
    ],
)
def test_every_kind_of_tiff_is_read(intake: Intake, saved: Saved, mode: str, compression: str | None) -> None:
    seen = pixels(intake, saved(quadrants().convert(mode), "TIFF", compression=compression))
    assert seen.shape[:2] == (40, 60)
    assert np.all(seen[35, 55] > 240)
    assert seen[35, 5].min() < 60


@pytest.mark.parametrize("big", [False, True], ids=["tiff", "bigtiff"])
def test_every_image_of_a_tiff_is_a_page(intake: Intake, saved: Saved, big: bool) -> None:
    frames = [Image.new("L", (20 + 10 * number, 20), 60 * number) for number in range(4)]
    path = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], big_tiff=big)
    with intake.open(path) as source:
        assert source.page_count == 4
        assert source.notes == ()
        assert [source.page(index).pixels.shape[1] for index in (3, 0, 2, 1)] == [50, 20, 40, 30]


def test_a_tiff_whose_end_is_lost_says_so(intake: Intake, saved: Saved) -> None:
    frames = [Image.effect_noise((40, 40), 90) for _ in range(4)]
    with io.BytesIO() as out:
        frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
        whole = out.getvalue()
    with intake.open(saved(whole[: len(whole) * 2 // 3])) as source:
        assert 1 <= source.page_count < 4
        assert [note.code for note in source.notes] == ["pages-cut-off"]
        assert source.notes[0].message.startswith(f"the file breaks off after page {source.page_count}")


def test_the_upper_part_of_a_cut_jpeg_is_read_and_the_rest_is_white(intake: Intake, saved: Saved) -> None:
    with io.BytesIO() as out:
        Image.effect_noise((200, 200), 60).convert("RGB").save(out, "JPEG")
        half = out.getvalue()[: len(out.getvalue()) // 2]
    with intake.open(saved(half)) as source:
        page = source.page(0)
    assert [note.code for note in page.notes] == ["image-cut-off"]
    assert np.all(page.pixels[-20:] == 255)
    assert page.pixels[:40].std() > 10
