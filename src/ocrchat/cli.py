"""The command line: `ocrchat read` and, where it is installed, the server's commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ocrchat.engines import languages_read
from ocrchat.errors import OcrchatError, SourceError
from ocrchat.exports import FORMATS, Format, Reading, format_named, reading_of
from ocrchat.language_codes import resolve
from ocrchat.languages import LANGUAGES
from ocrchat.options import Options
from ocrchat.pictures import cutting_of
from ocrchat.pipeline import Reader

commands = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Read images and PDFs; run the server that does.",
)

MODELS = typer.Option(
    envvar="OCRCHAT_MODELS", exists=True, file_okay=False, help="A folder of further models."
)


@commands.command()
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Images or PDFs.")],
    name: Annotated[str, typer.Option("--format", help=", ".join(each.name for each in FORMATS))] = "txt",
    language: Annotated[str, typer.Option(help="auto, or codes such as en, zh, en+ar.")] = "auto",
    tier: Annotated[str, typer.Option(help="The engine's tier.")] = "cpu",
    pages: Annotated[str | None, typer.Option(help="Only these pages, counted from 1: 1-5,8.")] = None,
    password: Annotated[str | None, typer.Option(help="The password of a PDF.")] = None,
    text_layer: Annotated[
        str, typer.Option(help="A PDF page's own text: auto (where it is sound), always, never.")
    ] = "auto",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file or folder, not stdout.")
    ] = None,
    models: Annotated[Path | None, MODELS] = None,
) -> None:
    """Read files and write their text to stdout, or to `--output`."""
    chosen = format_named(name)
    options = Options(tier=tier, languages=resolve(language), password=password, text_layer=text_layer)
    failed = False
    with Reader(models=models) as reader:
        for file in files:
            try:
                with _shown_progress(file.name) as told:
                    document = reader.read(file, options, pages=pages, progress=told)
            except (SourceError, OSError) as error:
                failed = True
                _complain(f"{file}: {_sentence(error)}")
                continue
            for note in document.notes:
                place = "" if note.page is None else f", page {note.page + 1}"
                _complain(f"{file}{place}: {note.message}")
            with reader.source(file, password) as source:
                reading = reading_of(document, file.stem, cutting_of(source), source.printed)
                _write(reading, chosen, file, output)
    if failed:
        raise typer.Exit(1)


@commands.command("languages")
def list_languages(
    missing_packages: Annotated[
        bool, typer.Option("--missing-packages", help="Only the Debian packages that would add the others.")
    ] = False,
    models: Annotated[Path | None, MODELS] = None,
) -> None:
    """List the languages, what reads each one, and what is missing here."""
    here = languages_read("cpu", models)
    if missing_packages:
        wanted = {each.package for each in LANGUAGES if each.package and not here[each.code].installed}
        typer.echo(" ".join(sorted(wanted)))
        return
    for each in LANGUAGES:
        found = here[each.code]
        reader = found.reader if found.installed else f"not installed: {found.remedy}"
        typer.echo(f"{each.code:8} {each.name:28} {each.script:5} {reader}")


@commands.command("version")
def show_version() -> None:
    """Print the version."""
    typer.echo(version("ocrchat"))


def main() -> None:
    """Run the command; an error of ours is one line on stderr and exit status 1."""
    for each in entry_points(group="ocrchat.commands"):
        commands.add_typer(cast(typer.Typer, each.load()))
    try:
        commands()
    except OcrchatError as error:
        _complain(str(error))
        sys.exit(1)


def _complain(line: str) -> None:
    typer.echo(f"ocrchat: {line}", err=True)


def _sentence(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


@contextmanager
def _shown_progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr once a second page is known of, on a terminal only."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task(name, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=total > 1)


def _write(reading: Reading, chosen: Format, file: Path, output: Path | None) -> None:
    if output is None:
        chosen.write(reading, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    place = output / f"{file.stem}.{chosen.ending}" if output.is_dir() else output
    with place.open("wb") as written:
        chosen.write(reading, written)
