"""Find engines by name and build them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import cast

from ocrchat.engines.base import Availability, Engine
from ocrchat.errors import LanguageNotInstalled, UnknownOption
from ocrchat.languages import BY_CODE

ENGINES = {
    "cpu": "ocrchat.engines.cpu",
    "scripted": "ocrchat.engines.scripted",
}
"""Engine name -> module whose `build(threads)` makes it; imported only when it is asked for."""


def languages_read(name: str) -> Mapping[str, Availability]:
    """Each known language by its code: whether that engine reads it here. Builds no engine."""
    return cast(Mapping[str, Availability], import_module(ENGINES[name]).availability())


def check_languages(name: str, codes: Sequence[str]) -> None:
    """Raise LanguageNotInstalled for a language whose model the engine does not find here."""
    if not codes:
        return
    here = languages_read(name)
    for code in codes:
        if not here[code].installed:
            raise LanguageNotInstalled(code, BY_CODE[code].name, here[code].remedy)


def build_engine(name: str, threads: int) -> Engine:
    """A new engine that uses at most `threads` threads. Costs seconds for one with models."""
    if name not in ENGINES:
        raise UnknownOption("engine", name, ENGINES)
    return cast(Engine, import_module(ENGINES[name]).build(threads))
