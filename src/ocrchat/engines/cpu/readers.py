"""Choose what reads a language's lines, and keep the models that are in use."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from ocrchat.engines.cpu.availability import Reader, reader_of
from ocrchat.engines.cpu.line_reader import LineReader
from ocrchat.engines.cpu.pp_reader import PPReader
from ocrchat.engines.cpu.tesseract_handles import TesseractHandles
from ocrchat.engines.cpu.tesseract_reader import TesseractReader
from ocrchat.errors import LanguageNotInstalled
from ocrchat.languages import BY_CODE, Language


class Readers:
    """The line readers of one engine, made when a language first asks for them."""

    def __init__(self, threads: int, models: Mapping[str, Path]) -> None:
        self._threads, self._models = threads, models
        self._handles = TesseractHandles()
        self._lock = threading.Lock()
        self._pp: dict[bool, PPReader] = {}

    def of_language(self, code: str) -> LineReader:
        """What reads the language here; raises LanguageNotInstalled where nothing does."""
        language = BY_CODE[code]
        kind = reader_of(language, self._models)
        if kind is Reader.PP_LATIN:
            return self.pp(latin=True)
        if kind is Reader.PP_FULL:
            return self.pp(latin=False)
        if kind is Reader.TESSERACT:
            return self._tesseract(language)
        raise LanguageNotInstalled(code, language.name, f"on Debian: apt-get install {language.package}")

    def pp(self, *, latin: bool) -> PPReader:
        """PP-OCRv6 with its small or its full head; 0.3 s when first asked for."""
        with self._lock:
            if latin not in self._pp:
                self._pp[latin] = PPReader(self._threads, latin=latin)
            return self._pp[latin]

    def close(self) -> None:
        """Give back what the models hold."""
        self._handles.close()
        self._pp.clear()

    def _tesseract(self, language: Language) -> TesseractReader:
        model = language.tesseract
        return TesseractReader(self._handles, self._models[model], model, language.script)
