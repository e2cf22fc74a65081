"""What a caller asks for; frozen, checked when it is made."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.errors import UnknownOption

TIERS = ("cpu", "vlm")
AUTO = "auto"
TEXT_LAYERS = ("auto", "always", "never")


@dataclass(frozen=True, slots=True)
class Options:
    """Wishes that travel with a document, unchanged, to the engine that reads it.

    `languages` are canonical codes of `ocrchat.languages`, the likeliest first; empty means that the
    engine finds out. `pages` are the indices wanted, counted from 0; None means all of them.
    `text_layer` says when a PDF page's own text is taken: where it is sound, wherever there is any, or never.
    Lines of which their reader itself is less sure than `least_sure` are left out: of a picture among text
    they are patterns.
    """

    tier: str = "cpu"
    languages: tuple[str, ...] = ()
    pages: tuple[int, ...] | None = None
    password: str | None = None
    text_layer: str = "auto"
    least_sure: float = 0.0

    def __post_init__(self) -> None:
        if self.tier not in TIERS:
            raise UnknownOption("tier", self.tier, TIERS)
        if self.text_layer not in TEXT_LAYERS:
            raise UnknownOption("text_layer", self.text_layer, TEXT_LAYERS)
