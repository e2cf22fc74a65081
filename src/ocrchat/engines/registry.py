"""Find engines by name and build them."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from ocrchat.engines.base import Engine
from ocrchat.errors import UnknownOption

ENGINES = {
    "cpu": "ocrchat.engines.cpu",
    "scripted": "ocrchat.engines.scripted",
}
"""Engine name -> module whose `build(threads)` makes it; imported only when it is asked for."""


def build_engine(name: str, threads: int) -> Engine:
    """A new engine that uses at most `threads` threads. Costs seconds for one with models."""
    if name not in ENGINES:
        raise UnknownOption("engine", name, ENGINES)
    return cast(Engine, import_module(ENGINES[name]).build(threads))
