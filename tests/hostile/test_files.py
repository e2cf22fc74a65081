"""Each file is answered with the right sentence, or read; none harms the process that takes it in."""

from pathlib import Path

import pytest

from ocrchat.errors import PageUnreadable
from ocrchat.sources import Intake

from .cases import Case
from .document_cases import DOCUMENTS
from .image_cases import IMAGES

CASES = [*IMAGES, *DOCUMENTS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_is_answered(intake: Intake, tmp_path: Path, case: Case) -> None:
    path = tmp_path / "upload"
    path.write_bytes(case.make())
    if case.refused:
        with pytest.raises(case.refused, match=case.says):
            intake.open(path)
        return
    with intake.open(path) as source:
        assert source.page_count == case.pages
        assert tuple(note.code for note in source.notes) == case.notes
        for index in range(case.pages):
            if index in case.unreadable:
                with pytest.raises(PageUnreadable, match=case.says):
                    source.page(index)
            else:
                page = source.page(index)
                assert tuple(note.code for note in page.notes) == case.page_notes
                assert page.pixels.size > 0


def test_there_are_as_many_classes_as_promised() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60
