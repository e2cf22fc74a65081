"""Bring any Pillow image to upright grey or RGB bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from PIL import Image, ImageChops

from ocrchat.sources.limits import Limits
from ocrchat.sources.picture import Figure, Picture, Remark

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation (Exif 2.32, tag 0x0112)."""

_BAND = 1 << 16
"""Bytes of a band; Pillow hands out up to that much in one piece."""

_LIGHT, _FEW = 160, 0.005
_LEAST_DPI, _MOST_DPI = 30.0, 4800.0
_SKEWED, _FAX = 1.15, 4.5
"""Ratios of resolutions: below, pixels count as square; above, the file is talking nonsense."""


def picture_of(image: Image.Image, limits: Limits, remarks: tuple[Remark, ...] = ()) -> Picture:
    """The picture that a loaded image shows, transparency on white, as grey where it is grey."""
    plain, light = _opaque(image)
    across, down = dpi_of(image)
    plain, stretched = _square(plain, across, down, limits)
    turn = _UPRIGHT.get(orientation_of(image))
    if turn is not None:
        plain = plain.transpose(turn)
    channels = len(plain.getbands())
    dpi = round(max(across, down), 2) or None
    return Picture(
        plain.width, plain.height, channels, _bands(plain), dpi, remarks=remarks + light + stretched
    )


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none, or none that makes sense."""
    with contextlib.suppress(Exception):  # EXIF of strangers: whatever is wrong with it, the image is fine
        value = image.getexif().get(_ORIENTATION)
        if isinstance(value, int) and 1 <= value <= 8:
            return value
    return 1


def dpi_of(image: Image.Image) -> tuple[float, float]:
    """Dots an inch across and down; (0, 0) where the file says nothing or nonsense."""
    with contextlib.suppress(KeyError, TypeError, ValueError, ZeroDivisionError):
        across, down = (float(one) for one in image.info["dpi"][:2])
        if all(_LEAST_DPI <= one <= _MOST_DPI for one in (across, down)):
            return across, down
    return 0.0, 0.0


def _square(
    image: Image.Image, across: float, down: float, limits: Limits
) -> tuple[Image.Image, tuple[Remark, ...]]:
    """The image with square pixels: faxes have twice as many across as down (ITU T.4)."""
    if not across or not _SKEWED < max(across, down) / min(across, down) <= _FAX:
        return image, ()
    best = max(across, down)
    size = round(image.width * best / across), round(image.height * best / down)
    if size[0] * size[1] > limits.pixels or max(size) > limits.side:
        return image, ()
    figures: dict[str, Figure] = {"across": round(across), "down": round(down)}
    return image.resize(size, Image.Resampling.BICUBIC), (("page-stretched", figures),)


def _opaque(image: Image.Image) -> tuple[Image.Image, tuple[Remark, ...]]:
    if image.mode in ("L", "RGB"):
        return (image if "transparency" not in image.info else _on_paper(image.convert("RGBA"))[0]), ()
    if image.mode == "1":
        return image.convert("L"), ()
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bits(image), ()
    if image.mode == "P" and "transparency" not in image.info:
        grey = _grey_palette(image)
        return image.convert("L" if grey else "RGB"), ()
    if image.has_transparency_data:
        return _on_paper(image.convert("LA" if image.mode in ("LA", "La") else "RGBA"))
    return image.convert("RGB"), ()


def _on_paper(image: Image.Image) -> tuple[Image.Image, tuple[Remark, ...]]:
    """The image on white, or on black where all that is visible is light.

    White writing on a transparent ground is made for dark pages; on white it would vanish.
    """
    ink, alpha = image.convert("L"), image.getchannel("A")
    visible = alpha.point(lambda value: 255 * (value > 127))
    dark = ImageChops.multiply(visible, ink.point(lambda value: 255 * (value < _LIGHT)))
    shown, darker = visible.histogram()[255], dark.histogram()[255]
    area = image.width * image.height
    light_only = 0 < shown < 0.95 * area and darker < _FEW * shown
    mode = "L" if image.mode == "LA" else "RGB"
    paper = Image.new(mode, image.size, "black" if light_only else "white")
    paper.paste(image.convert(mode), mask=alpha)
    return paper, ((("light-on-transparent", {}),) if light_only else ())


def _eight_bits(image: Image.Image) -> Image.Image:
    """A 16-bit, 32-bit or float image as 8-bit grey: 16 bits by their full range, others by what they use."""
    wide = image.convert("F")
    low, high = (0.0, 65535.0) if image.mode.startswith("I;16") else _range_of(wide)
    scale = 255 / (high - low) if high > low else 0.0
    return wide.point(lambda value: value * scale - low * scale).convert("L")


def _range_of(wide: Image.Image) -> tuple[float, float]:
    """What black and white are in an image of numbers without a stated range."""
    low, high = (float(one) for one in wide.getextrema() if not isinstance(one, tuple))
    for white in (1.0, 255.0, 65535.0):
        if low >= 0 and high <= white:
            return 0.0, white
    return low, high


def _grey_palette(image: Image.Image) -> bool:
    palette = image.getpalette("RGB") or []
    return palette[0::3] == palette[1::3] == palette[2::3]


def _bands(image: Image.Image) -> Iterator[bytes]:
    rows = max(1, _BAND // (image.width * len(image.getbands())))
    for top in range(0, image.height, rows):
        bottom = min(top + rows, image.height)
        yield image.crop((0, top, image.width, bottom)).tobytes()
