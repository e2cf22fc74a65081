"""Tell which way up a page is, from how its lines lie and which way they read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocrchat.engines.cpu.auto import SAMPLE, SURE_OF_LINE
from ocrchat.engines.cpu.line_reader import LineReader
from ocrchat.engines.cpu.lines_of_page import LinesOfPage
from ocrchat.engines.cpu.readers import HAN, Readers
from ocrchat.engines.cpu.script_probe import ScriptProbe
from ocrchat.languages import BY_CODE

FEWEST_LETTERS = 16
"""A sample in which fewer letters are read does not turn a page."""
UPRIGHT = 0.97
"""From this sureness (confidence over what the reader is sure from) a lying page is not looked at again."""
SURE = 0.85
"""The sureness that another way up must reach."""
AHEAD = 0.15
"""By how much it must be ahead of the page as it is."""
MOST_LINES = 0.75
"""The share of the sample's lines with letters that must each read better that way."""


APART = frozenset({"Latn", "Grek", "Cyrl"})
"""Scripts whose letters stand apart, with little above and below them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well the sample reads one way: how sure the best reader is of each line, and of all letters."""

    lines: tuple[float, ...]
    letters: tuple[int, ...]
    is_han: bool

    @property
    def sureness(self) -> float:
        """The mean over letters, 0 when there are none; 1 and more is as sure as a reader has to be."""
        total = sum(self.letters)
        weighted = zip(self.lines, self.letters, strict=True)
        return sum(line * count for line, count in weighted) / total if total else 0.0

    def is_right_beside(self, other: Evidence) -> bool:
        """Whether this is the way up: surer as a whole, and on most of the lines too."""
        votes = [one > two for one, two in zip(self.lines, other.lines, strict=True) if one or two]
        return (
            sum(self.letters) >= FEWEST_LETTERS
            and self.sureness >= SURE
            and self.sureness >= other.sureness + AHEAD
            and sum(votes) >= MOST_LINES * len(votes)
        )


class Orientation:
    """Turns a page only where two signs agree: the reading of most lines, one by one, and of all together;
    for a quarter turn the lines must stand as well."""

    def __init__(self, readers: Readers, probe: ScriptProbe) -> None:
        self._readers, self._probe = readers, probe

    def rotation(self, lines: LinesOfPage, languages: Sequence[str]) -> int:
        """Degrees clockwise that the page was turned by: 0, 90, 180 or 270.

        Where the page is upright the sample's readings are those that the page needs anyway; a doubtful
        page costs as many again.
        """
        sample = lines.longest(SAMPLE)
        standing = sum(lines.standing[index] for index in sample) > len(sample) / 2
        onwards = self._evidence(lines, sample, self._scouts(lines, sample, languages))
        if onwards.sureness >= UPRIGHT and (not standing or onwards.is_han):
            return 0  # lying lines, or the columns of a page in Chinese or Japanese
        turned = lines.reversed()
        backwards = self._evidence(turned, sample, self._scouts(turned, sample, languages))
        if backwards.is_right_beside(onwards):
            return 270 if standing else 180
        return 90 if standing and onwards.is_right_beside(backwards) else 0

    def is_plain(self, lines: LinesOfPage, languages: Sequence[str]) -> bool:
        """Whether a sample is read surely as the lines run, in an alphabet whose letters stand apart."""
        sample = lines.longest(SAMPLE)
        scripts = [BY_CODE[code].script for code in languages] or self._likely(lines, sample)
        if not scripts or not APART.issuperset(scripts):
            return False
        evidence = self._evidence(lines, sample, self._scouts_of(scripts, languages))
        return sum(evidence.letters) >= FEWEST_LETTERS and evidence.sureness >= UPRIGHT

    def _evidence(self, lines: LinesOfPage, sample: Sequence[int], scouts: Iterable[LineReader]) -> Evidence:
        best, letters, han = [0.0] * len(sample), [0] * len(sample), False
        evidence = Evidence((), (), is_han=False)
        for reader in scouts:
            for place, reading in enumerate(lines.read(reader, sample)):
                count = sum(character.isalnum() for character in reading.text)
                sureness = reading.confidence / reader.card.sure_from
                if count >= 3 and sureness > best[place]:
                    best[place], letters[place] = sureness, count
                    han = han or bool(HAN & reader.card.scripts)
            evidence = Evidence(tuple(best), tuple(letters), han)
            if evidence.sureness >= UPRIGHT:
                break
        return evidence

    def _scouts(
        self, lines: LinesOfPage, sample: Sequence[int], languages: Sequence[str]
    ) -> list[LineReader]:
        """What the sample is read with: as asked, else for Latin letters and for what the lines look like."""
        return self._scouts_of(() if languages else self._likely(lines, sample), languages)

    def _scouts_of(self, scripts: Iterable[str], languages: Sequence[str]) -> list[LineReader]:
        if languages:
            return [self._readers.of(languages)[0]]
        scouts = {script: self._readers.scout(script) for script in (*scripts, "Latn")}
        return [scout for scout in scouts.values() if scout is not None]

    def _likely(self, lines: LinesOfPage, sample: Sequence[int]) -> list[str]:
        """What the lines look like."""
        chances = self._probe.chances(lines, sample)
        return [script for script, chance in chances.items() if chance >= SURE_OF_LINE]
