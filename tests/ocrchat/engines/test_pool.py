"""Engines in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ocrchat.engines import EnginePool
from ocrchat.engines.scripted import scripted_page
from ocrchat.errors import EngineDied, EngineFailed, ModelMissing, UnknownOption
from ocrchat.model import PageImage
from ocrchat.options import Options
from tests.conftest import Wait


@pytest.fixture
def pool() -> Iterator[EnginePool]:
    """Two scripted engines that have half a second for a page."""
    engines = EnginePool("scripted", size=2, page_seconds=0.5)
    yield engines
    engines.close()


def _page(text: str) -> PageImage:
    return PageImage(scripted_page(text))


def test_a_page_comes_back_from_another_process(pool: EnginePool) -> None:
    assert pool.read(_page("Grüße, 世界"), Options()).text == "Grüße, 世界"


def test_an_operators_models_reach_the_engine(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "net.onnx").touch()
    engines = EnginePool("cpu", models=tmp_path)
    with pytest.raises(ModelMissing, match="the recognizer in broken cannot be used"):
        engines.start()
    engines.close()


def test_many_threads_share_the_engines(pool: EnginePool) -> None:
    texts = [f"page {number}" for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        pages = list(threads.map(lambda text: pool.read(_page(text), Options()), texts))
    assert [page.text for page in pages] == texts


def test_an_engine_that_dies_costs_its_page_alone(pool: EnginePool) -> None:
    for _ in range(4):
        with pytest.raises(EngineDied, match="died"):
            pool.read(_page("!die"), Options())
        assert pool.read(_page("next"), Options()).text == "next"


def test_an_engine_that_hangs_is_replaced(pool: EnginePool) -> None:
    with pytest.raises(EngineDied, match=r"within 0\.5 seconds"):
        pool.read(_page("!wait 30"), Options())
    assert pool.read(_page("next"), Options()).text == "next"


def test_an_engine_that_stumbles_lives_on(pool: EnginePool) -> None:
    with pytest.raises(EngineFailed, match="ValueError") as caught:
        pool.read(_page("!wait long"), Options())
    assert not isinstance(caught.value, EngineDied)
    assert pool.read(_page("next"), Options()).text == "next"


def test_pages_of_any_size_follow_each_other(pool: EnginePool) -> None:
    for width, height in [(4000, 3000), (20, 20), (1000, 1), (4000, 3000)]:
        page = pool.read(PageImage(scripted_page("x", width, height)), Options())
        assert (page.width, page.height, page.text) == (width, height, "x")


def test_an_unknown_engine_says_so_and_so_it_does_again() -> None:
    engines = EnginePool("steam")
    for _ in range(2):
        with pytest.raises(UnknownOption, match="cpu, scripted"):
            engines.start()
    engines.close()


def test_a_closed_pool_reads_no_more(pool: EnginePool) -> None:
    pool.start()
    pool.close()
    with pytest.raises(EngineFailed, match="closed"):
        pool.read(_page("x"), Options())


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's settings")
@pytest.mark.parametrize(("wish", "arenas"), [(None, "1"), ("4", "4")])
def test_an_engine_keeps_its_heap_whole_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, wish: str | None, arenas: str
) -> None:
    if wish:
        monkeypatch.setenv("MALLOC_ARENA_MAX", wish)
    with closing(EnginePool("scripted")) as pool:
        pool.start()
        process = pool._free.queue[0]
        assert process
        given = Path(f"/proc/{process._process.pid}/environ").read_bytes().split(b"\0")
    assert f"MALLOC_ARENA_MAX={arenas}".encode() in given


def test_engines_end_with_their_parent_however_it_ends(until: Wait) -> None:
    program = (
        "from ocrchat.engines import EnginePool; import time;"
        "pool = EnginePool('scripted'); pool.start();"
        "print(pool._free.queue[0]._process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent.stdout as said:
        engine = said.readline().strip()
    parent.kill()
    parent.wait()
    until(lambda: not _runs(engine))


def _runs(pid: str) -> bool:
    return subprocess.run(["ps", "-p", pid], stdout=subprocess.DEVNULL, check=False).returncode == 0
