"""Bring any Pillow image to upright grey or RGB bytes, a band at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

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

_LEAST_DPI, _MOST_DPI = 30.0, 4800.0
_SKEWED, _FAX = 1.15, 4.5
"""Ratios of resolutions: below, pixels count as square; above, the file is talking nonsense."""

_SEEN, _DARK, _FEW = 128, 160, 0.005
"""Alpha from which a pixel counts as seen, grey below which it is dark, share of dark ones that is none."""

_Plain = Callable[[Image.Image], Image.Image]
"""Brings a band to mode L or RGB."""


def picture_of(image: Image.Image, limits: Limits, remarks: tuple[Remark, ...] = ()) -> Picture:
    """The picture that a loaded image shows, transparency on white, as grey where it is grey."""
    across, down = dpi_of(image)
    turn = _UPRIGHT.get(orientation_of(image))
    image, stretched = _squared(image, across, down, limits)
    if turn is not None:
        image = image.transpose(turn)
    plain, light = _plainly(image)
    channels = len(plain(image.crop((0, 0, 1, 1))).getbands())
    bands = _bands(image, plain, channels)
    dpi = round(max(across, down), 2) or None
    return Picture(image.width, image.height, channels, bands, dpi, remarks=remarks + stretched + light)


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


def _squared(
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
    plain, _ = _plainly(image)
    return plain(image).resize(size, Image.Resampling.BICUBIC), (("page-stretched", figures),)


def _bands(image: Image.Image, plain: _Plain, channels: int) -> Iterator[bytes]:
    rows = max(1, _BAND // (image.width * channels))
    for top in range(0, image.height, rows):
        yield plain(image.crop((0, top, image.width, min(top + rows, image.height)))).tobytes()


def _plainly(image: Image.Image) -> tuple[_Plain, tuple[Remark, ...]]:
    """How to bring a band of the image to grey or RGB."""
    mode = image.mode
    if mode == "1":
        return _converted("L"), ()
    if mode.startswith("I") or mode == "F":
        return _eight_bits(image), ()
    if image.has_transparency_data:
        return _on_paper(image)
    if mode in ("L", "RGB"):
        return lambda band: band, ()
    return _converted("L" if mode == "P" and _grey_palette(image) else "RGB"), ()


def _converted(mode: str) -> _Plain:
    return lambda band: band.convert(mode)


def _on_paper(image: Image.Image) -> tuple[_Plain, tuple[Remark, ...]]:
    """The image on white, or on black where all that is seen is light.

    Light writing on a transparent ground is made for dark pages; on white it would vanish.
    """
    layered = _converted("LA" if image.mode in ("LA", "La") else "RGBA")
    seen = dark = 0
    for band in _each_band(image):
        shown = layered(band).getchannel("A").point([0] * _SEEN + [255] * (256 - _SEEN))
        ink = layered(band).convert("L").point([255] * _DARK + [0] * (256 - _DARK))
        seen += shown.histogram()[255]
        dark += ImageChops.multiply(shown, ink).histogram()[255]
    light = 0 < seen < 0.95 * image.width * image.height and dark < _FEW * seen

    def paper(band: Image.Image) -> Image.Image:
        band = layered(band)
        ground = Image.new("L" if band.mode == "LA" else "RGB", band.size, "black" if light else "white")
        ground.paste(band.convert(ground.mode), mask=band.getchannel("A"))
        return ground

    return paper, ((("light-on-transparent", {}),) if light else ())


def _each_band(image: Image.Image) -> Iterator[Image.Image]:
    rows = max(1, _BAND // image.width)
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(top + rows, image.height)))


def _eight_bits(image: Image.Image) -> _Plain:
    """A 16-bit, 32-bit or float image as 8-bit grey: 16 bits by their full range, others by what they use."""
    low, high = (0.0, 65535.0) if image.mode.startswith("I;16") else _range_of(image)
    scale = 255 / (high - low) if high > low else 0.0
    return lambda band: band.convert("F").point(lambda value: value * scale - low * scale).convert("L")


def _range_of(image: Image.Image) -> tuple[float, float]:
    """What black and white are in an image of numbers without a stated range."""
    low, high = (float(one) for one in image.getextrema() if not isinstance(one, tuple))
    for white in (1.0, 255.0, 65535.0):
        if low >= 0 and high <= white:
            return 0.0, white
    return low, high


def _grey_palette(image: Image.Image) -> bool:
    palette = image.getpalette("RGB") or []
    return palette[0::3] == palette[1::3] == palette[2::3]
