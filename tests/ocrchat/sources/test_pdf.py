"""PDF pages are drawn as a reader shows them, and none is lost in silence."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name

from ocrchat.errors import EncryptedSource, PageUnreadable
from ocrchat.sources import Intake, Limits

Saved = Callable[..., Path]

RED_CORNER = b"1 0 0 rg 0 %d 100 100 re f"
"""A red square in the upper left corner of a page of that height less 100."""

FORM = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [0, 0, 200, 50]}


def pdf(*contents: bytes, size: tuple[float, float] = (300, 500), **page: object) -> pikepdf.Pdf:
    """A document with a page for each content."""
    document = pikepdf.new()
    for content in contents:
        added = document.add_blank_page(page_size=size)
        added.Contents = document.make_stream(content)
        for key, value in page.items():
            added[f"/{key}"] = value
    return document


def written(document: pikepdf.Pdf, **how: object) -> bytes:
    with document, io.BytesIO() as out:
        document.save(out, **how)  # type: ignore[arg-type]
        return out.getvalue()


def drawn(intake: Intake, path: Path, page: int = 0) -> NDArray[np.uint8]:
    with intake.open(path) as source:
        return source.page(page).pixels


@pytest.mark.parametrize(
    ("rotation", "corner"), [(0, (5, 5)), (90, (5, -5)), (180, (-5, -5)), (270, (-5, 5))]
)
def test_a_rotated_page_is_upright(
    intake: Intake, saved: Saved, rotation: int, corner: tuple[int, int]
) -> None:
    seen = drawn(intake, saved(written(pdf(RED_CORNER % 400, Rotate=rotation))))
    assert (seen.shape[1] > seen.shape[0]) == (rotation in (90, 270))
    assert tuple(seen[corner]) == (255, 0, 0)


def test_a_page_is_drawn_at_200_dpi(intake: Intake, saved: Saved) -> None:
    with intake.open(saved(written(pdf(b"", size=(612, 792))))) as source:
        page = source.page(0)
    assert page.pixels.shape == (2200, 1700)
    assert page.dpi == 200
    assert page.scale == pytest.approx(200 / 72)


def test_a_page_without_colour_is_grey_and_one_with_a_speck_is_not(intake: Intake, saved: Saved) -> None:
    path = saved(written(pdf(b"0.4 g 0 0 100 100 re f", b"0.99 1 1 rg 299 0 1 1 re f")))
    assert drawn(intake, path, 0).ndim == 2
    assert drawn(intake, path, 1).ndim == 3


def test_a_huge_page_is_scaled_down_and_says_so(intake: Intake, saved: Saved) -> None:
    with intake.open(saved(written(pdf(RED_CORNER % 14_300, size=(14_400, 14_400))))) as source:
        page = source.page(0)
    assert page.pixels.shape[0] * page.pixels.shape[1] <= Limits().pdf_pixels * 1.01
    assert [note.code for note in page.notes] == ["page-scaled-down"]
    assert page.scale < 1


def test_a_tiny_page_is_drawn_large_enough_to_be_read(intake: Intake, saved: Saved) -> None:
    with intake.open(saved(written(pdf(b"", size=(72, 36))))) as source:
        page = source.page(0)
    assert page.pixels.shape == (500, 1000)
    assert page.dpi == 1000


def test_what_is_filled_into_a_form_is_drawn(intake: Intake, saved: Saved) -> None:
    document = pdf(b"")
    look = document.make_stream(b"0 0 1 rg 0 0 200 50 re f", **FORM)
    field = document.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="name", V="Ada", F=4,
            Rect=[50, 400, 250, 450],
            AP=Dictionary(N=look),
        )
    )  # fmt: skip
    document.pages[0].Annots = Array([field])
    document.Root.AcroForm = Dictionary(Fields=Array([field]))
    seen = drawn(intake, saved(written(document)))
    assert tuple(seen[int(75 * 200 / 72), int(150 * 200 / 72)][[0, 2]]) == (0, 255)


def test_annotations_are_drawn_as_seen(intake: Intake, saved: Saved) -> None:
    document = pdf(b"")
    look = document.make_stream(b"1 0 0 rg 0 0 200 50 re f", **FORM)
    stamps = [
        Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, F=flags, Rect=[50, top, 250, top + 50], AP=Dictionary(N=look)
        )
        for flags, top in ((4, 400), (2, 200))
    ]
    document.pages[0].Annots = Array([document.make_indirect(stamp) for stamp in stamps])
    seen = drawn(intake, saved(written(document)))
    shown, hidden = seen[int(75 * 200 / 72), 400], seen[int(275 * 200 / 72), 400]
    assert tuple(shown) == (255, 0, 0)
    assert tuple(hidden) == (255, 255, 255)


def test_a_font_that_is_not_in_the_file_is_replaced(intake: Intake, saved: Saved) -> None:
    document = pdf(b"BT /F 60 Tf 20 200 Td (Hello) Tj ET")
    font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/NoSuchFontAnywhere"))
    document.pages[0].Resources = Dictionary(Font=Dictionary(F=font))
    assert drawn(intake, saved(written(document))).min() < 60


def test_a_password_opens_an_encrypted_pdf(intake: Intake, saved: Saved) -> None:
    lock = pikepdf.Encryption(user="naïve", owner="owner", R=6)
    path = saved(written(pdf(RED_CORNER % 400, b""), encryption=lock))
    with pytest.raises(EncryptedSource, match="its password is needed"):
        intake.open(path)
    with pytest.raises(EncryptedSource, match="the password that was given does not open it"):
        intake.open(path, password="guess")
    for password in ("naïve", "owner"):
        with intake.open(path, password=password) as source:
            assert source.page_count == 2
            assert tuple(source.page(0).pixels[5, 5]) == (255, 0, 0)


@pytest.mark.parametrize(
    "password", ["", "\0", "\ud800", "x" * 9_999], ids=["empty", "nul", "surrogate", "long"]
)
def test_an_odd_password_is_just_a_wrong_one(intake: Intake, saved: Saved, password: str) -> None:
    path = saved(written(pdf(b""), encryption=pikepdf.Encryption(user="secret", owner="owner", R=6)))
    with pytest.raises(EncryptedSource, match="does not open it"):
        intake.open(path, password=password)


def test_a_password_that_nobody_asked_for_does_no_harm(intake: Intake, saved: Saved) -> None:
    with intake.open(saved(written(pdf(b""))), password="needless") as source:
        assert source.page_count == 1


def test_a_broken_pdf_is_mended_with_all_its_pages_in_order(intake: Intake, saved: Saved) -> None:
    greys = [b"%.1f g 0 0 300 500 re f" % (number / 10) for number in range(6)]
    data = written(pdf(*greys), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with intake.open(saved(data[: data.rindex(b"xref\n0 ")])) as source:
        assert source.page_count == 6
        assert [note.code for note in source.notes] == ["file-cut-off"]
        assert [int(source.page(index).pixels[9, 9]) for index in range(6)] == [0, 26, 51, 77, 102, 128]


def by_hand(document: pikepdf.Pdf, wrong: Callable[[bytes], bytes]) -> bytes:
    """The document with its bytes changed to as many others; qpdf itself would put things right."""
    data = written(document, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    changed = wrong(data)
    assert len(changed) == len(data)
    assert changed != data
    return changed


def test_a_lost_page_keeps_its_place(intake: Intake, saved: Saved) -> None:
    document = pdf(b"0 g 0 0 300 500 re f", b"", b"0.2 g 0 0 300 500 re f")
    second = re.compile(rb"(/Kids \[ \d 0 R )\d( 0 R )")
    with intake.open(saved(by_hand(document, lambda data: second.sub(rb"\g<1>0\2", data)))) as source:
        assert source.page_count == 3
        assert source.page(2).pixels[9, 9] == 51
        with pytest.raises(PageUnreadable, match="page 2 cannot be read: the file names it"):
            source.page(1)
        assert source.page(0).pixels[9, 9] == 0


def test_a_count_that_is_too_small_hides_no_page(intake: Intake, saved: Saved) -> None:
    document = pdf(b"0 g 0 0 300 500 re f", b"0.2 g 0 0 300 500 re f")
    with intake.open(saved(by_hand(document, one_too_few))) as source:
        assert source.page_count == 2
        assert source.page(1).pixels[9, 9] == 51
        assert [note.code for note in source.notes] == ["file-mended"]


def test_what_pages_inherit_survives_the_mending(intake: Intake, saved: Saved) -> None:
    document = pdf(RED_CORNER % 396, RED_CORNER % 396, size=(288, 496))
    for page in document.pages:
        del page.obj["/MediaBox"]
    tree = document.Root.Pages
    tree.MediaBox, tree.Rotate = Array([0, 0, 288, 496]), 90
    seen = drawn(intake, saved(by_hand(document, one_too_few)), 1)
    assert seen.shape[:2] == (800, 1378)
    assert tuple(seen[5, -5]) == (255, 0, 0)


def one_too_few(data: bytes) -> bytes:
    return data.replace(b"/Count 2", b"/Count 1")
