"""Read the cards of an operator's recognizers; no model is loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ocrchat.errors import ModelMissing, RequestError
from ocrchat.languages import Language, resolve


class ReadsLanguages(Protocol):
    """Something that was made for certain languages."""

    def reads(self, language: Language) -> bool:
        """Whether it was made for a language."""
        ...


@dataclass(frozen=True, slots=True)
class NetCard:
    """What a recognizer's `card.json` says of it; `settings` is what its kind leaves open.

    It reads `languages` (our codes), or every language of its scripts where none is named.
    """

    folder: Path
    name: str
    version: str
    scripts: frozenset[str]
    languages: frozenset[str]
    sure_from: float
    settings: Mapping[str, Any]

    def reads(self, language: Language) -> bool:
        """Whether it was made for a language."""
        return language.script in self.scripts and language.code in (self.languages or {language.code})


def cards_in(folder: Path) -> tuple[NetCard, ...]:
    """The cards of the folders in a folder that hold a `net.onnx`; ModelMissing for a wrong one."""
    return tuple(_card_in(each) for each in sorted(folder.glob("*/")) if (each / "net.onnx").exists())


def _card_in(folder: Path) -> NetCard:
    try:
        card: dict[str, Any] = json.loads((folder / "card.json").read_text("utf-8"))
        languages = frozenset(code for name in card.pop("languages", ()) for code in resolve(name))
        name, version = str(card.pop("name")), str(card.pop("version"))
        scripts, sure_from = frozenset(card.pop("scripts")), float(card.pop("sure_from"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RequestError) as error:
        raise ModelMissing(f"the recognizer in {folder.name} cannot be used: {error}") from error
    return NetCard(folder, name, version, scripts, languages, sure_from, card)
