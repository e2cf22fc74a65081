"""Choose what reads a language's lines, and keep the models that are in use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ocrchat.engines.cpu.availability import Reader, reader_of
from ocrchat.engines.cpu.ctc_reader import CtcReader, Net
from ocrchat.engines.cpu.line_reader import LineReader
from ocrchat.engines.cpu.nets import pp_full, pp_latin
from ocrchat.engines.cpu.tesseract_handles import TesseractHandles
from ocrchat.engines.cpu.tesseract_reader import TesseractReader
from ocrchat.engines.cpu.tesseract_strips import SETTINGS
from ocrchat.errors import LanguageNotInstalled
from ocrchat.inference.host import precision
from ocrchat.languages import BY_CODE, LANGUAGES, Language

HAN = frozenset({"Hans", "Hant", "Jpan"})
"""Scripts that one net reads; which of them a page is in, its text tells."""
SCOUTS = {"Cyrl": ("Cyrillic", "rus"), "Arab": ("Arabic", "ara"), "Deva": ("Devanagari", "hin")}
"""Models that read several languages of a script well enough to name the language, best first."""


class Readers:
    """The line readers of one engine, made when a language first asks for them."""

    def __init__(self, threads: int, models: Mapping[str, Path], nets: Sequence[Net] = ()) -> None:
        self._threads, self._models, self._nets = threads, models, nets
        self._handles = TesseractHandles()
        self._lock = threading.Lock()
        self._made: dict[str, CtcReader] = {}

    def of(self, codes: Sequence[str]) -> tuple[LineReader, ...]:
        """What reads lines in any of the languages, the cheapest first; raises LanguageNotInstalled.

        Of several languages in Latin letters none is read by its own model of Tesseract: that reads
        another's words with confidence, but without their accents.
        """
        languages = [BY_CODE[code] for code in codes]
        if len(languages) == 1:
            return self._of_one(languages[0])
        each = [(language, self._of_one(language)) for language in languages]
        nets = [reader for _, readers in each for reader in readers if isinstance(reader, CtcReader)]
        nets = [reader for reader in nets if all(map(reader.knows, languages))]
        needed = [readers[-1] for language, readers in each if self._kind(language) is Reader.TESSERACT]
        together = self._together([x for x in languages if x.script not in HAN]) if needed else None
        readers: list[LineReader] = [together, *nets] if together else [*needed, *nets]
        return tuple({reader.card.name: reader for reader in readers}.values())

    def of_any_latin(self) -> tuple[LineReader, ...]:
        """What reads lines in Latin letters whatever their language, the cheapest first."""
        return self._latin(None)

    def own_model(self, code: str) -> LineReader | None:
        """Tesseract's model of a language, where it is installed."""
        language = BY_CODE[code]
        is_there = language.tesseract in self._models
        return self._tesseract(language.tesseract, language.script) if is_there else None

    def reads(self, code: str) -> bool:
        """Whether a language can be read here."""
        return self._kind(BY_CODE[code]) is not None

    def scout(self, script: str) -> LineReader | None:
        """What reads any language of a script well enough to name it; None where nothing does."""
        if script == "Latn":
            return self._latin(None)[0]
        if script in HAN:
            return self._pp_full()
        for net in self._nets:
            if script in net.card.scripts and not net.languages:
                return self._kept(net.card.name, net)
        own = [each.tesseract for each in LANGUAGES if each.script == script]
        for model in (*SCOUTS.get(script, ()), *own):
            if model in self._models:
                return self._tesseract(model, script)
        return None

    def close(self) -> None:
        """Give back what the models hold."""
        self._handles.close()
        self._made.clear()

    def _of_one(self, language: Language) -> tuple[LineReader, ...]:
        kind = self._kind(language)
        nets = tuple(self._kept(net.card.name, net) for net in self._nets if net.reads(language))
        if kind is Reader.PP_LATIN:
            return self._latin(language)
        if kind is Reader.PP_FULL:
            return (*nets, self._pp_full())
        if kind is Reader.TESSERACT:
            return (*nets, self._tesseract(language.tesseract, language.script))
        if kind is Reader.NET:
            return nets
        raise LanguageNotInstalled(
            language.code, language.name, f"on Debian: apt-get install {language.package}"
        )

    def _kind(self, language: Language) -> Reader | None:
        return reader_of(language, self._models, self._nets)

    def _latin(self, language: Language | None) -> tuple[LineReader, ...]:
        """Readers of Latin print, of one language or any: the small nets made for it, then PP-OCRv6.

        Between them comes Tesseract's model of the language but where PP-OCRv6 runs in bf16: it is as fast as
        PP-OCRv6 in 8 bits, and knows letters that PP-OCRv6 takes for others (Slovak, Lithuanian).
        """
        best = self._kept("latin", pp_latin)
        fitting = [net for net in self._nets if "Latn" in net.card.scripts]
        fitting = [net for net in fitting if (net.reads(language) if language else not net.languages)]
        small = [self._kept(net.card.name, net) for net in fitting]
        if precision() == "f32" and language and language.tesseract in self._models:
            return (*small, self._tesseract(language.tesseract, "Latn"), best)
        return (*small, best)

    def _together(self, languages: Sequence[Language]) -> TesseractReader | None:
        """Tesseract with all the languages' models, since they may change within a line, or None."""
        models = list(dict.fromkeys(language.tesseract for language in languages))
        folders = {self._models.get(model) for model in models}
        folder = folders.pop()
        if len(models) == 1 or folders or folder is None:
            return None
        scripts = [language.script for language in languages]
        settled = next((script for script in scripts if script in SETTINGS), scripts[0])
        return TesseractReader(self._handles, folder, "+".join(models), settled, frozenset(scripts))

    def _pp_full(self) -> LineReader:
        return self._kept("full", pp_full)

    def _kept(self, name: str, net: Net | Callable[[], Net]) -> CtcReader:
        """A net's reader, made once; 0.3 s."""
        with self._lock:
            if name not in self._made:
                self._made[name] = CtcReader(net if isinstance(net, Net) else net(), self._threads)
            return self._made[name]

    def _tesseract(self, model: str, script: str) -> TesseractReader:
        return TesseractReader(self._handles, self._models[model], model, script)
