"""Read page images: one protocol, several engines, each in a process of its own."""

from ocrchat.engines.base import Engine, EngineCard
from ocrchat.engines.pool import EnginePool
from ocrchat.engines.registry import ENGINES, build_engine, check_languages, languages_read

__all__ = [
    "ENGINES",
    "Engine",
    "EngineCard",
    "EnginePool",
    "build_engine",
    "check_languages",
    "languages_read",
]
