from collections.abc import Iterator

import pytest

from ocrchat.sources import Intake, Limits

STRICT = Limits(cpu_seconds=2, clock_seconds=40, memory=400_000_000, gif_frames=5)
"""Little processor time, so that bombs go off soon; much time on the clock, for machines that are busy."""


@pytest.fixture(scope="session")
def intake() -> Iterator[Intake]:
    with Intake(STRICT) as one:
        yield one
