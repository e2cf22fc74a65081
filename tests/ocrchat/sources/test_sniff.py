import pytest

from ocrchat.sources import SourceKind
from ocrchat.sources.sniff import ACCEPTED, MEDIA_TYPES, guess_of, kind_of


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", SourceKind.PNG),
        (b"\xff\xd8\xff\xe0", SourceKind.JPEG),
        (b"GIF89a", SourceKind.GIF),
        (b"RIFF\0\0\0\0WEBPVP8 ", SourceKind.WEBP),
        (b"BM" + bytes(12) + b"\x28\0\0\0", SourceKind.BMP),
        (b"MM\0+", SourceKind.TIFF),
        (b"%PDF-1.4", SourceKind.PDF),
        (b"\n" * 900 + b"%PDF-1.4", SourceKind.PDF),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf", SourceKind.AVIF),
        (b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1miaf", SourceKind.AVIF),
        (b"\0\0\0\x0cjP  \r\n\x87\n", SourceKind.JP2),
        (b"BMW is a car and no picture", None),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", None),
        (b"", None),
    ],
)
def test_a_kind_is_told_from_the_first_bytes(head: bytes, kind: SourceKind | None) -> None:
    assert kind_of(head) is kind


def test_what_is_refused_is_called_by_its_name() -> None:
    assert guess_of(b"PK\x03\x04").startswith("a ZIP archive")
    assert guess_of(b"\xef\xbb\xbf\n<HTML>") == "an HTML page"
    assert guess_of(b"hello") == "of no known type"


def test_every_kind_has_a_media_type_and_is_offered() -> None:
    assert set(MEDIA_TYPES) == set(SourceKind)
    assert all(kind.upper() in ACCEPTED for kind in SourceKind)
