"""Find out which script and language a page, or a line of it, is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.engines.cpu.language_names import LanguageNames, han_language, languages_in
from ocrchat.engines.cpu.line_reader import LineReading
from ocrchat.engines.cpu.lines_of_page import LinesOfPage, mean_confidence
from ocrchat.engines.cpu.readers import HAN, Readers
from ocrchat.engines.cpu.script_probe import ScriptProbe

SAMPLE = 5
"""Lines that are looked at and read to tell the language: the longest."""
CANDIDATES = 3
"""Scripts that are tried at most, the likeliest first."""
CERTAIN = 0.95
"""A language of this probability is believed; else the likeliest are tried on the sample."""
TRIED, TRIED_LINES = 6, 3
"""Languages and lines of a trial by their own models."""
ONE_SIDED = frozenset({"Arab", "Ethi", "Hebr", "Tibt"})
"""Scripts whose scout writes every language like its own, so that its text does not tell: always tried."""
SURE_OF_LINE = 0.8
"""From this probability one line's script is believed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a page is in, None where it cannot be told; `missing`: its script where nothing reads it here."""

    language: str | None = None
    script: str | None = None
    missing: str | None = None


class Auto:
    """Script by the probe, confirmed by how sure its reader is; language by the text that it reads."""

    def __init__(self, readers: Readers, probe: ScriptProbe) -> None:
        self._readers, self._probe = readers, probe
        self._names = LanguageNames()

    def verdict(self, lines: LinesOfPage) -> Verdict:
        """The script and language of most of the page; costs up to three readings of each sample line."""
        sample = lines.longest(SAMPLE)
        chances = self._probe.chances(lines.pixels, [lines.quads[index] for index in sample])
        likely = _without_repeats(sorted(chances, key=lambda script: (-chances[script], script)))
        best, most = "", -1.0
        readings: list[LineReading] = []
        for script in likely[:CANDIDATES]:
            scout = self._readers.scout(script)
            if scout is None:
                continue
            found = lines.read(scout, sample)
            sureness = mean_confidence(found) / scout.card.sure_from
            if sureness > most:
                best, most, readings = script, sureness, found
            if sureness >= 1:
                break
        if not best:
            return Verdict(script=likely[0] if likely else None, missing=likely[0] if likely else None)
        missing = likely[0] if self._readers.scout(likely[0]) is None else None
        return self._verdict(lines, sample, best, "\n".join(reading.text for reading in readings), missing)

    def other_script(self, lines: LinesOfPage, index: int) -> str | None:
        """The script of one line, where the probe is sure of it and something here reads it."""
        chances = self._probe.chances(lines.pixels, [lines.quads[index]])
        script = max(chances, key=lambda each: chances[each], default="")
        return script if chances.get(script, 0.0) >= SURE_OF_LINE else None

    def named(self, text: str, among: Sequence[str]) -> str | None:
        """Which of some languages a text is in."""
        ranked = self._names.ranked(text, among) if len(among) > 1 else [(code, 1.0) for code in among]
        return ranked[0][0] if ranked else None

    def _verdict(
        self, lines: LinesOfPage, sample: Sequence[int], script: str, text: str, missing: str | None
    ) -> Verdict:
        if script in HAN:
            language = han_language(text)
            return Verdict(language, {"ja": "Jpan", "zh": "Hans"}.get(language, "Hant"), missing)
        codes = [code for code in languages_in(script) if self._readers.reads(code)]
        ranked = self._names.ranked(text, codes) if len(codes) > 1 else [(code, 1.0) for code in codes]
        if len(ranked) < 2 or (ranked[0][1] >= CERTAIN and script not in ONE_SIDED):
            return Verdict(ranked[0][0] if ranked else None, script, missing)

        def sureness(choice: tuple[str, float]) -> float:
            code, chance = choice
            readings = lines.read(self._readers.of([code])[0], sample[:TRIED_LINES])
            return mean_confidence(readings) + 0.02 * chance

        return Verdict(max(ranked[:TRIED], key=sureness)[0], script, missing)


def _without_repeats(scripts: Sequence[str]) -> tuple[str, ...]:
    """The scripts in their order, those that one reader reads named once."""
    return tuple(dict.fromkeys("Hans" if script in HAN else script for script in scripts))
