from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
from drawn import page
from ocrchat.engines.cpu import build
from ocrchat.options import Options

for languages in (("en",), ("zh",), ()):
    (read,) = build(1).read([page("Seven small boats")], Options(languages=languages))
    print(read.text)
"""


@pytest.mark.parametrize("limit", ["AVX2", "AVX512_CORE"])
def test_lines_are_read_where_openvino_may_not_use_all_of_the_processor(limit: str) -> None:
    found = {"ONEDNN_MAX_CPU_ISA": limit, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **found},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n") == ["Seven small boats"] * 3 + [""]
