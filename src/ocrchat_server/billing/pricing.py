"""What a page costs, and a chat message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ocrchat.model import Source


@dataclass(frozen=True, slots=True)
class Prices:
    """Credits for a page, by what read it: who asks for a tier that is not there does not pay for it."""

    text_layer: int
    cpu: int
    vlm: int

    def of(self, source: Source) -> int:
        """What a page costs that was read in this way."""
        return {Source.TEXT_LAYER: self.text_layer, Source.CPU: self.cpu, Source.VLM: self.vlm}[source]

    def dearest(self, sources: Iterable[Source]) -> int:
        """What a page costs at most that may be read in any of these ways."""
        return max(map(self.of, sources))

    def as_plain(self) -> dict[str, int]:
        """By the names that pages have for their sources."""
        return {source.value: self.of(source) for source in Source}


@dataclass(frozen=True, slots=True)
class MessagePrice:
    """Credits for a chat message that is answered."""

    credits: int

    def as_plain(self) -> dict[str, int]:
        """As holds store it."""
        return {"message": self.credits}


def sources_of(tier: str, *, has_vlm: bool) -> tuple[Source, ...]:
    """What may read the pages of a job of that tier."""
    return (Source.TEXT_LAYER, Source.CPU, *((Source.VLM,) if tier == "vlm" and has_vlm else ()))
