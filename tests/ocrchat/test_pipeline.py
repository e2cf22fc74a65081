"""A document from a file to its pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrchat import Options, Reader, SourceError, recognize
from ocrchat.errors import UnknownOption
from ocrchat.pipeline import wanted_pages
from tests.drawing import printed, scripted_png, scripted_tiff


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """A reader of scripted pages."""
    with Reader(engine="scripted") as scripted:
        yield scripted


def _file(folder: Path, data: bytes) -> Path:
    file = folder / "document"
    file.write_bytes(data)
    return file


def test_pages_come_in_the_documents_order(reader: Reader, tmp_path: Path) -> None:
    texts = [f"!wait {0.05 * (number % 3)}\npage {number}" for number in range(9)]
    told: list[tuple[int, int]] = []
    document = reader.read(
        _file(tmp_path, scripted_tiff(texts)),
        Options(),
        progress=lambda done, total: told.append((done, total)),
    )
    assert [page.text for page in document.pages] == [f"page {number}" for number in range(9)]
    assert [page.index for page in document.pages] == list(range(9))
    assert told == [(done, 9) for done in range(1, 10)]


def test_only_the_wanted_pages_are_read(reader: Reader, tmp_path: Path) -> None:
    document = reader.read(_file(tmp_path, scripted_tiff("abcdef")), Options(), pages="2-3,6")
    assert [(page.index, page.text) for page in document.pages] == [(1, "b"), (2, "c"), (5, "f")]


@pytest.mark.parametrize(
    ("selection", "indices"),
    [
        (None, (0, 1, 2)),
        ("", (0, 1, 2)),
        ("2", (1,)),
        ("1-3", (0, 1, 2)),
        ("3,1,1-2", (0, 1, 2)),
        (" 1 , 3 ", (0, 2)),
    ],
)
def test_a_selection_names_each_page_once(selection: str | None, indices: tuple[int, ...]) -> None:
    assert wanted_pages(selection, 3) == indices


@pytest.mark.parametrize("selection", ["0", "4", "2-1", "-1", "1-", "a", "1;2", "1-2-3", "²", ","])
def test_a_selection_that_names_no_page_is_refused(selection: str) -> None:
    with pytest.raises(UnknownOption, match="pages"):
        wanted_pages(selection, 3)


def test_the_vlm_tier_is_answered_by_the_cpu_engine_and_says_so(reader: Reader, tmp_path: Path) -> None:
    document = reader.read(_file(tmp_path, scripted_png("a")), Options(tier="vlm"))
    assert [note.code for note in document.notes] == ["vlm-not-configured"]


def test_a_file_that_is_no_document_is_its_own_fault(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="accepted"):
        reader.read(_file(tmp_path, b"just a text"), Options())


def test_recognize_reads_print(tmp_path: Path) -> None:
    document = recognize(_file(tmp_path, printed(["Invoice 4711", "Total: 215.00 USD"])), language="en")
    assert "Invoice 4711" in document.text
    assert "215.00" in document.markdown
    assert document.mean_confidence > 0.9
