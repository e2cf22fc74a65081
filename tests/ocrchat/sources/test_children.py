"""Children may die, hang and lie; zygotes may be killed: documents are read on."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from ocrchat.errors import PageUnreadable
from ocrchat.sources import Intake, Limits

Saved = Callable[..., Path]


@pytest.fixture(scope="module")
def strict() -> Iterator[Intake]:
    """Little processor time and memory, so that bombs go off soon."""
    with Intake(Limits(cpu_seconds=1, clock_seconds=30, memory=300_000_000, deaths=2)) as one:
        yield one


def bombs_on(pages: int, *deadly: int) -> pikepdf.Pdf:
    """A document whose deadly pages draw 10 to the power of 9 forms."""
    document = pikepdf.new()
    form = document.make_stream(
        b"0 0 9 9 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9]
    )
    for _ in range(9):
        resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=form))
        form = document.make_stream(
            b"/X Do " * 10,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 9, 9],
            Resources=resources,
        )
    for number in range(pages):
        page = document.add_blank_page(page_size=(100, 100))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=form))
        page.Contents = document.make_stream(b"/X Do" if number in deadly else b"0 0 50 50 re f")
    return document


@pytest.fixture
def bombs(tmp_path: Path) -> Callable[..., Path]:
    def save(pages: int, *deadly: int) -> Path:
        with bombs_on(pages, *deadly) as document:
            document.save(tmp_path / "bombs")
        return tmp_path / "bombs"

    return save


def test_a_page_that_breaks_the_decoder_costs_that_page_only(
    strict: Intake, bombs: Callable[..., Path]
) -> None:
    with strict.open(bombs(3, 1)) as source:
        assert source.page(0).pixels.min() == 0
        with pytest.raises(
            PageUnreadable, match=r"page 2 cannot be read: decoding it takes more (time|memory)"
        ):
            source.page(1)
        assert source.page(2).pixels.min() == 0
        assert source.page(0).pixels.min() == 0


def test_a_document_that_breaks_too_many_decoders_is_given_up(
    strict: Intake, bombs: Callable[..., Path]
) -> None:
    with strict.open(bombs(4, 0, 1)) as source:
        for index in (0, 1):
            with pytest.raises(PageUnreadable, match=r"more (time|memory) than is allowed"):
                source.page(index)
        with pytest.raises(PageUnreadable, match="page 3 cannot be read: too many pages of this document"):
            source.page(2)


def test_a_page_that_takes_too_long_on_the_clock_is_given_up(bombs: Callable[..., Path]) -> None:
    limits = Limits(cpu_seconds=1000, clock_seconds=2)
    with (
        Intake(limits) as impatient,
        impatient.open(bombs(1, 0)) as source,
        pytest.raises(PageUnreadable, match="takes more time than is allowed"),
    ):
        source.page(0)


def test_threads_share_an_intake(intake: Intake, saved: Saved) -> None:
    paths = [saved(Image.new("L", (50 + number, 20), number)) for number in range(12)]

    def read(path: Path) -> tuple[int, int]:
        with intake.open(path) as source:
            page = source.page(0)
            return page.width, int(page.pixels[0, 0])

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(read, paths)) == [(50 + number, number) for number in range(12)]


def test_threads_may_ask_one_source_for_its_pages(intake: Intake, saved: Saved) -> None:
    frames = [Image.new("L", (20, 20), 10 * number) for number in range(8)]
    path = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    with intake.open(path) as source, ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(lambda index: int(source.page(index).pixels[0, 0]), range(8)))
    assert seen == [10 * number for number in range(8)]


def zygotes_of(parent: int) -> list[int]:
    """The processes that `parent` started as zygotes."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            ancestor = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if ancestor == parent and b"sandbox.zygote" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def children_of(parent: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def ended(process: int) -> bool:
    """Wait until a process has ended, at most 20 seconds."""
    try:
        watch = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watch], [], [], 20)[0])
    finally:
        os.close(watch)


def document_child(zygote: int) -> int:
    """The child that was given a document; one that is forked after it waits for the next."""
    ages = {int(Path(f"/proc/{child}/stat").read_text().split()[21]): child for child in children_of(zygote)}
    return ages[min(ages)]


def test_a_killed_zygote_is_replaced(saved: Saved) -> None:
    path = saved(Image.new("L", (20, 20), 7))
    before = set(zygotes_of(os.getpid()))
    with Intake() as intake:
        intake.check()
        (zygote,) = set(zygotes_of(os.getpid())) - before
        with intake.open(path) as source:
            os.kill(zygote, signal.SIGKILL)
            assert ended(zygote)
            assert source.page(0).pixels[0, 0] == 7
        with intake.open(path) as source:
            assert source.page(0).pixels[0, 0] == 7
        assert zygote not in zygotes_of(os.getpid())


def test_a_closed_source_leaves_no_child(saved: Saved) -> None:
    before = set(zygotes_of(os.getpid()))
    with Intake() as intake:
        intake.check()
        (zygote,) = set(zygotes_of(os.getpid())) - before
        with intake.open(saved(Image.new("L", (20, 20)))):
            child = document_child(zygote)
        assert ended(child)


def test_a_child_that_dies_while_it_waits_is_replaced(saved: Saved) -> None:
    before = set(zygotes_of(os.getpid()))
    with Intake() as intake:
        intake.check()
        (zygote,) = set(zygotes_of(os.getpid())) - before
        for _ in range(3):
            with intake.open(saved(Image.new("L", (20, 20), 7))) as source:
                assert source.page(0).pixels[0, 0] == 7
            while not (waiting := children_of(zygote)):
                pass  # one is forked as soon as there is nothing else to do
            for child in waiting:
                os.kill(child, signal.SIGKILL)
                assert ended(child)


BUSY = """
import sys, threading
from pathlib import Path
from ocrchat.sources import Intake, Limits

intake = Intake(Limits(cpu_seconds=1000, clock_seconds=1000))
source = intake.open(Path(sys.argv[1]))
threading.Thread(target=source.page, args=(0,), daemon=True).start()
print("busy", flush=True)
sys.stdin.read()
"""
"""A process that has a child draw a page without end."""


def test_nothing_is_left_when_the_parent_is_killed(bombs: Callable[..., Path]) -> None:
    command = [sys.executable, "-c", BUSY, str(bombs(1, 0))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"busy\n"
        (zygote,) = zygotes_of(parent.pid)
        children = children_of(zygote)
        parent.kill()
        assert children
        assert all(ended(one) for one in (zygote, *children))


def test_a_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCRCHAT_SECRET", "do-not-tell")
    before = set(zygotes_of(os.getpid()))
    with Intake() as intake:
        intake.check()
        (zygote,) = set(zygotes_of(os.getpid())) - before
        environment = Path(f"/proc/{zygote}/environ").read_bytes() if os.geteuid() == 0 else b""
        assert b"do-not-tell" not in environment
