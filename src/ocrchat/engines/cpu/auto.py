"""Find out which script and language a page, or a line of it, is in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.engines.cpu.availability import LETTERS_PP_LACKS
from ocrchat.engines.cpu.line_reader import LineReader, LineReading
from ocrchat.engines.cpu.lines_of_page import LinesOfPage, mean_confidence
from ocrchat.engines.cpu.readers import HAN, Readers
from ocrchat.engines.cpu.script_probe import ScriptProbe
from ocrchat.inference.language_names import LanguageNames, han_language, languages_in

SAMPLE = 5
"""Lines that are looked at and read to tell the language: the longest."""
CANDIDATES = 3
"""Scripts that are tried at most, the likeliest first."""
CERTAIN = 0.95
"""A language of this probability is believed; else the likeliest are tried on the sample."""
OWN_WORDS = 0.935
"""The mean confidence of a sample from which a model is believed to read its own language, or one with its
letters: .937 to .967; others .40 to .933. Models read relatives' words with confidence, but in their own
letters: Estonian's writes Greenlandic q as g."""
WORTH = 0.05
"""A language in Latin letters of a smaller probability is not tried."""
TRIED, TRIED_LINES = 6, 3
"""Languages and lines of a trial by their own models."""
VOTES = 0.1
"""How much confidence the agreement of all other models is worth."""
YIDDISH_AYIN = 0.06
"""The share of ayin among letters from which a text is Yiddish: a vowel there (.11 to .13), rare in Hebrew
(.02 to .03)."""
ONE_SIDED = frozenset({"Arab", "Ethi", "Tibt"})
"""Scripts whose scout writes every language like its own, so that its text does not tell: always tried."""
LATIN_TWINS = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧνο" + "АВЕЅІЈКМНОРСТУХасеорхуіѕј")
"""Greek and Cyrillic letters that are drawn like Latin ones."""
LIKE_LATIN, FEW_LETTERS = frozenset({"Cher"}), 12
"""Scripts most of whose letters are drawn like Latin ones, and how many letters a text must have to tell them
apart: `PDF` was read in Cherokee letters with confidence."""
LIKELY_LATIN = 0.9
"""The sureness from which the Latin reading of twins is taken: nobody writes in twins alone."""
SURE_OF_LINE = 0.8
"""From this probability the script of a line, or one that nothing reads, is believed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a page is in, None where it cannot be told; `missing`: its script where nothing reads it here.

    `is_told`: whether the language is sure enough for models that know that one alone.
    """

    language: str | None = None
    script: str | None = None
    missing: str | None = None
    is_told: bool = True


class Auto:
    """Script by the probe, confirmed by how sure its reader is; language by the text that it reads."""

    def __init__(self, readers: Readers, probe: ScriptProbe) -> None:
        self._readers, self._probe = readers, probe
        self._names = LanguageNames()

    def verdict(self, lines: LinesOfPage) -> Verdict:
        """The script and language of most of the page; costs up to three readings of each sample line."""
        sample = lines.longest(SAMPLE)
        chances = self._probe.chances(lines, sample)
        likely = _without_repeats(sorted(chances, key=lambda script: (-chances[script], script)))
        best, most, is_sure = "", -math.inf, False
        readings: list[LineReading] = []
        for script in likely[:CANDIDATES]:
            scout = self._readers.scout(script)
            if scout is None:
                continue
            found = lines.read(scout, sample)
            sureness = mean_confidence(found) / scout.card.sure_from
            # Some scripts are never read with confidence, so what was seen counts as well as what was read.
            weight = math.log(chances[script] + 1e-6) + 2 * math.log(sureness + 1e-6)
            if weight > most:
                best, most, readings = script, weight, found
            if is_sure := sureness >= 1:
                break
        if not likely:
            return Verdict()
        if not best:
            return Verdict(script=likely[0], missing=likely[0])
        unread = chances[likely[0]] >= SURE_OF_LINE and self._readers.scout(likely[0]) is None
        missing = likely[0] if unread else None
        if missing and not is_sure:
            return Verdict(script=missing, missing=missing)
        text = "".join(reading.text for reading in readings)
        if could_be_latin(text) or (best in LIKE_LATIN and is_short(text)):
            found = self._latin(lines, sample)
            best, readings = ("Latn", found) if found else (best, readings)
        text = "\n".join(reading.text for reading in readings)
        return self._verdict(lines, sample, best, text, missing, is_sure)

    def _latin(self, lines: LinesOfPage, sample: Sequence[int]) -> list[LineReading]:
        """The sample in Latin letters, where it reads well so; else nothing."""
        latin = self._readers.scout("Latn")
        found = lines.read(latin, sample) if latin else []
        return found if latin and mean_confidence(found) >= latin.card.sure_from * LIKELY_LATIN else []

    def readers_for(self, verdict: Verdict) -> tuple[LineReader, ...]:
        """What reads the lines of a page with that verdict, the cheapest first."""
        if verdict.is_told:
            return self._readers.of([verdict.language or "en"])
        return self._readers.of_any_latin()

    def other_script(self, lines: LinesOfPage, index: int) -> str | None:
        """The script of one line, where the probe is sure of it and something here reads it."""
        chances = self._probe.chances(lines, [index])
        script = max(chances, key=lambda each: chances[each], default="")
        return script if chances.get(script, 0.0) >= SURE_OF_LINE else None

    def likely_scripts(self, lines: LinesOfPage, index: int) -> tuple[str, ...]:
        """The scripts that one line may be in by what the probe sees, the likeliest first; three at most."""
        chances = self._probe.chances(lines, [index])
        return tuple(sorted(chances, key=lambda script: (-chances[script], script))[:CANDIDATES])

    def named(self, text: str, among: Sequence[str]) -> str | None:
        """Which of some languages a text is in."""
        ranked = self._names.ranked(text, among) if len(among) > 1 else [(code, 1.0) for code in among]
        return ranked[0][0] if ranked else None

    def _verdict(
        self,
        lines: LinesOfPage,
        sample: Sequence[int],
        script: str,
        text: str,
        missing: str | None,
        is_sure: bool,
    ) -> Verdict:
        """The language by what a scout made of the sample; one that is not sure may have written another.

        Tesseract's Russian model writes Kazakh letters as Kyrgyz ones, of which the text is then certain.
        """
        if script in HAN:
            language = han_language(text)
            return Verdict(language, {"ja": "Jpan", "zh": "Hans"}.get(language, "Hant"), missing)
        codes = [code for code in languages_in(script) if self._readers.reads(code)]
        if script == "Hebr" and {"he", "yi"} <= set(codes):
            return Verdict("yi" if is_yiddish(text) else "he", script, missing)
        ranked = self._names.ranked(text, codes) if len(codes) > 1 else [(code, 1.0) for code in codes]
        is_told = is_sure or script == "Latn"
        if len(ranked) < 2 or (ranked[0][1] >= CERTAIN and is_told and script not in ONE_SIDED):
            return Verdict(ranked[0][0] if ranked else None, script, missing)
        likely = [code for code, _ in ranked[:TRIED]]
        if script == "Latn" and not LETTERS_PP_LACKS & set(likely):
            own = self._read_as_its_own(lines, sample, [code for code, chance in ranked if chance >= WORTH])
            return Verdict(own or likely[0], script, missing, is_told=own is not None)
        return Verdict(self._tried(lines, sample, likely), script, missing)

    def _read_as_its_own(self, lines: LinesOfPage, sample: Sequence[int], codes: Sequence[str]) -> str | None:
        """The first of some languages whose own model knows the words."""
        for code in codes[:CANDIDATES]:
            model = self._readers.own_model(code)
            if model and mean_confidence(lines.read(model, sample[:TRIED_LINES])) >= OWN_WORDS:
                return code
        return None

    def _tried(self, lines: LinesOfPage, sample: Sequence[int], codes: Sequence[str]) -> str:
        """The language whose own model is surest, helped by what the other models' readings are taken for."""
        sureness: dict[str, float] = {}
        votes: dict[str, dict[str, float]] = {}
        for code in codes:
            readings = lines.read(self._readers.of([code])[0], sample[:TRIED_LINES])
            sureness[code] = mean_confidence(readings)
            votes[code] = dict(self._names.ranked("\n".join(reading.text for reading in readings), codes))

        def weight(code: str) -> float:
            others = [votes[other][code] for other in codes if other != code]
            return sureness[code] + VOTES * sum(others) / len(others)

        return max(codes, key=weight)


def could_be_latin(text: str) -> bool:
    """Whether a Greek or Cyrillic reading has no letter that is not a Latin one's twin: `ΡΕΝ` may be PEN."""
    letters = {character for character in text if character.isalpha()}
    return bool(letters) and letters <= LATIN_TWINS


def is_short(text: str) -> bool:
    """Whether a text has too few letters to tell its script by how well they are read."""
    return sum(character.isalpha() for character in text) < FEW_LETTERS


def is_yiddish(text: str) -> bool:
    """Whether a text in Hebrew letters is Yiddish, by how often ayin stands in it."""
    letters = [character for character in text if character.isalpha()]
    return letters.count("\u05e2") > YIDDISH_AYIN * len(letters)


def _without_repeats(scripts: Sequence[str]) -> tuple[str, ...]:
    """The scripts in their order, those that one reader reads named once."""
    return tuple(dict.fromkeys("Hans" if script in HAN else script for script in scripts))
