"""Bring together what a run learns from and what measures it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from training.charset import Charset
from training.evaluate import held_out
from training.fonts import Family, kept_families
from training.lines import Line, Press
from training.texts import Texts
from training.words import gathered

_ASCII = 95
_CALIBRATION_SEED = 880_001
_CALIBRATION_SHEETS = 22


@dataclass(frozen=True, slots=True)
class Material:
    """A press for training lines, and the sets that measure: no font, word or paragraph is in both."""

    press: Press
    measures: dict[str, list[Line]]
    families: tuple[Family, ...]

    def calibration(self) -> list[Line]:
        """Some 170 lines of the training kind, for the ranges of int8."""
        press = Press(self.press.texts, self.press.families, _CALIBRATION_SEED)
        return [line for number in range(_CALIBRATION_SHEETS) for line in press.sheet(number)]


def material(charset: Charset, share: Path, cache: Path, seed: int, measured_by: int = 300) -> Material:
    """What `share` (/usr/share on Debian) has; the fonts found are kept in the folder `cache`.

    Raises ValueError where no kept family is installed.
    """
    characters = frozenset(charset.characters)
    families = kept_families(characters, share, cache / "fonts.json")
    shown = tuple(family for family in families if not family.held)
    if not shown:
        raise ValueError(f"no family of fonts.tsv under {share}: install some of the packages it names")
    rare = charset.characters[_ASCII:]
    measuring = families if len(shown) < len(families) else tuple(held(family) for family in families)
    held_texts = Texts(gathered(characters, share, held=True), rare)
    return Material(
        Press(Texts(gathered(characters, share), rare), shown, seed),
        held_out(held_texts, measuring, measured_by),
        families,
    )


def held(family: Family) -> Family:
    """The family as one that measures: where no held-out family is installed, the others must do."""
    return Family(family.name, family.weight, True, family.licence, family.faces)
