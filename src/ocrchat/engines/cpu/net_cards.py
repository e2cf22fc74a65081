"""Read the cards of an operator's recognizers; no model is loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ocrchat.errors import ModelMissing, RequestError
from ocrchat.language_codes import resolve
from ocrchat.languages import Language


class ReadsLanguages(Protocol):
    """Something that was made for certain languages."""

    def reads(self, language: Language) -> bool:
        """Whether it was made for a language."""
        ...


@dataclass(frozen=True, slots=True)
class NetCard:
    """What a recognizer's `card.json` says of it; `settings` is what its kind leaves open.

    `graph` is the file to load. It reads `languages` (our codes), or every language of its scripts where none
    is named.
    """

    folder: Path
    graph: Path
    name: str
    version: str
    scripts: frozenset[str]
    languages: frozenset[str]
    sure_from: float
    sure_of_word: float | None
    settings: Mapping[str, Any]

    @property
    def weights(self) -> Path:
        """The file that holds the weights: the graph's own, or the one beside it."""
        return self.graph.with_suffix(".bin") if self.graph.suffix == ".xml" else self.graph

    def reads(self, language: Language) -> bool:
        """Whether it was made for a language."""
        return language.script in self.scripts and language.code in (self.languages or {language.code})


def cards_in(folder: Path) -> tuple[NetCard, ...]:
    """The cards of a folder's folders that hold a `net.onnx` or `net.xml`; ModelMissing for a wrong one."""
    found = ((each, graph) for each in sorted(folder.glob("*/")) if (graph := _graph_in(each)))
    return tuple(_card_in(each, graph) for each, graph in found)


def _graph_in(folder: Path) -> Path | None:
    graphs = (folder / name for name in ("net.onnx", "net.xml"))
    return next((graph for graph in graphs if graph.exists()), None)


def _card_in(folder: Path, graph: Path) -> NetCard:
    try:
        card: dict[str, Any] = json.loads((folder / "card.json").read_text("utf-8"))
        languages = frozenset(code for name in card.pop("languages", ()) for code in resolve(name))
        name, version = str(card.pop("name")), str(card.pop("version"))
        scripts, sure_from = frozenset(card.pop("scripts")), float(card.pop("sure_from"))
        of_word = card.pop("sure_of_word", None)
        sure_of_word = None if of_word is None else float(of_word)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RequestError) as error:
        raise ModelMissing(f"the recognizer in {folder.name} cannot be used: {error}") from error
    return NetCard(folder, graph, name, version, scripts, languages, sure_from, sure_of_word, card)
