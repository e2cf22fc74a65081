"""Find engines by name and build them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import cast

from ocrchat.engines.base import Availability, Engine
from ocrchat.errors import LanguageNotInstalled, UnknownOption
from ocrchat.languages import BY_CODE

ENGINES = {
    "cpu": "ocrchat.engines.cpu",
    "scripted": "ocrchat.engines.scripted",
}
"""Engine name -> module whose `build(threads, models)` makes it, and whose `availability(models)` says
what it would read; imported only when it is asked for. `models` is an operator's own folder, or None."""


def languages_read(name: str, models: Path | None = None) -> Mapping[str, Availability]:
    """Each known language by its code: whether that engine reads it here. Builds no engine."""
    return cast(Mapping[str, Availability], import_module(ENGINES[name]).availability(models))


def check_languages(name: str, codes: Sequence[str], models: Path | None = None) -> None:
    """Raise LanguageNotInstalled for a language whose model the engine does not find here."""
    if not codes:
        return
    here = languages_read(name, models)
    for code in codes:
        if not here[code].installed:
            raise LanguageNotInstalled(code, BY_CODE[code].name, here[code].remedy)


def build_engine(name: str, threads: int, models: Path | None = None) -> Engine:
    """A new engine that uses at most `threads` threads. Costs seconds for one with models."""
    if name not in ENGINES:
        raise UnknownOption("engine", name, ENGINES)
    return cast(Engine, import_module(ENGINES[name]).build(threads, models))
