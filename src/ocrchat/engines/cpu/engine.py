"""Read print on the CPU: find the lines, read each, put them in order."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import cv2

from ocrchat.engines.base import EngineCard
from ocrchat.engines.cpu.auto import Auto, Verdict
from ocrchat.engines.cpu.availability import availability
from ocrchat.engines.cpu.cascade import best_readings
from ocrchat.engines.cpu.detector import DETECTOR, Detector
from ocrchat.engines.cpu.line_reader import LineReader, LineReading, PagePixels, Pixels
from ocrchat.engines.cpu.lines_of_page import LinesOfPage
from ocrchat.engines.cpu.nets import RECOGNIZER, nets_in
from ocrchat.engines.cpu.orientation import Orientation
from ocrchat.engines.cpu.page import ReadLine, flow_of, is_rule, page_of, says_nothing
from ocrchat.engines.cpu.readers import Readers
from ocrchat.engines.cpu.script_probe import ScriptProbe
from ocrchat.engines.cpu.second_look import (
    apart_from,
    is_believed,
    places_unread,
    second_look,
)
from ocrchat.engines.cpu.second_script import SCRIPT, doubted_parts, is_latin, with_latin_words
from ocrchat.engines.cpu.tessdata import installed_models
from ocrchat.errors import LanguageNotInstalled
from ocrchat.imaging.coverage import coverage
from ocrchat.imaging.gutters import parted_at_gutters
from ocrchat.imaging.ink import InkMarks, marks_of, usual_letter
from ocrchat.imaging.left_over import HIGHEST, has_faint_rows, is_lettering
from ocrchat.imaging.overlaps import drawn_apart
from ocrchat.imaging.print_rows import rows_of_print
from ocrchat.imaging.quads import Quad, box_of
from ocrchat.imaging.turn import turned_back
from ocrchat.inference.host import cores
from ocrchat.languages import BY_CODE
from ocrchat.layout.unread import is_text, notes_of_unread
from ocrchat.model import Page, PageImage
from ocrchat.options import Options

TRAINED = Path(__file__).with_name("trained")
"""Recognizers of our own, one folder each."""
MOST_SECOND_OPINIONS = 40
"""Doubtful lines of a page that are looked at again for another script."""


class CpuEngine:
    """PP-OCRv6 finds the lines; what reads them depends on their script."""

    def __init__(self, threads: int | None = None, models: Path | None = None) -> None:
        cv2.setNumThreads(1)
        count = threads or cores()
        self._detector = Detector(count)
        nets = (*nets_in(TRAINED), *(nets_in(models) if models else ()))
        self._readers = Readers(count, installed_models(models), nets)
        probe = ScriptProbe(count)
        self._auto = Auto(self._readers, probe)
        self._orientation = Orientation(self._readers, probe)
        self._threads = ThreadPoolExecutor(count, "lines") if count > 1 else None
        readable = frozenset(code for code, found in availability(models).items() if found.installed)
        self.card = EngineCard(
            "cpu",
            version("ocrchat"),
            readable,
            tuple(name for name in (DETECTOR.name, RECOGNIZER.name, *(net.card.name for net in nets))),
        )

    def read(self, images: Sequence[PageImage], options: Options) -> tuple[Page, ...]:
        """One page an image; see `Engine.read`."""
        return tuple(self._page(image, index, options) for index, image in enumerate(images))

    def close(self) -> None:
        """End the threads and give back the models."""
        if self._threads is not None:
            self._threads.shutdown()
        self._readers.close()

    def _page(self, image: PageImage, index: int, options: Options) -> Page:
        pixels = PagePixels.of(image.pixels)
        marks = marks_of(pixels.grey)
        if rows := _plain_rows(pixels, marks):
            lines = self._lines(pixels, rows, marks)
            if self._orientation.is_plain(lines, options.languages):
                return self._read(image, index, lines, marks, options)
        lines = self._lines(pixels, self._detector.lines(pixels, marks), marks)
        rotation = self._orientation.rotation(lines, options.languages)
        if rotation:
            image = turned_back(image, rotation)
            pixels = PagePixels.of(image.pixels)
            marks = marks_of(pixels.grey)
            lines = self._lines(pixels, self._detector.lines(pixels, marks), marks)
        return replace(self._read(image, index, lines, marks, options), rotation=rotation)

    def _lines(self, pixels: PagePixels, quads: Sequence[Quad], marks: InkMarks) -> LinesOfPage:
        """The lines in these places, parted at gutters."""
        parted = parted_at_gutters(list(quads), pixels.grey, marks)
        return LinesOfPage(pixels, drawn_apart(parted, pixels.grey), self._threads)

    def _read(
        self, image: PageImage, index: int, lines: LinesOfPage, marks: InkMarks, options: Options
    ) -> Page:
        languages = options.languages
        look = second_look(lines.pixels, marks, lines.quads, self._detector.lines_at)
        everything = range(len(lines.quads))
        if languages:
            readers = self._readers.of(languages)
            readings = best_readings(lines, readers, everything)
            readings = self._with_latin_words(lines, readings, languages, readers)
            verdict = self._given(languages, readings)
        else:
            left = LinesOfPage(lines.pixels, look.quads, self._threads)
            verdict = self._auto.verdict(lines if lines.quads else left)
            readers = self._auto.readers_for(verdict)
            readings = best_readings(lines, readers, everything)
            readings = self._with_other_scripts(lines, readings, readers[-1])
            readings = self._with_latin_words(lines, readings, [verdict.language or "en"], readers)
        read = [ReadLine(quad, reading) for quad, reading in zip(lines.quads, readings, strict=True)]
        silent = _silent(lines.pixels.grey, read)
        if silent:
            said = [each.quad for each in read if not says_nothing(each.reading)]
            look = second_look(lines.pixels, marks, said, self._detector.lines_at)
        found = (*look.quads, *apart_from(silent, look.quads, image.width, image.height))
        more = LinesOfPage(lines.pixels, found, self._threads)
        believed, doubted = self._read_again(more, readers, is_auto=not languages)
        flow = flow_of(verdict.script, lines.standing)
        sure = [each for each in (*read, *believed) if each.reading.confidence >= options.least_sure]
        unsure = [each for each in read if each.reading.confidence < options.least_sure]
        page = page_of(image, index, sure, flow, verdict)
        again, lost, unsaid = (
            [box_of(quad, image.width, image.height) for quad in quads]
            for quads in (
                [line.quad for line in believed],
                doubted,
                silent + [line.quad for line in unsure if is_text(line.reading.text)],
            )
        )
        unread = places_unread(look.rows, again, lost, unsaid)
        covered = coverage(marks, [block.box for block in page.blocks])
        return replace(page, coverage=covered, notes=page.notes + notes_of_unread(unread))

    def _read_again(
        self, lines: LinesOfPage, readers: Sequence[LineReader], *, is_auto: bool
    ) -> tuple[list[ReadLine], list[Quad]]:
        """Of the lines of a second look those that say something, and where the others are.

        What says nothing in the page's script may be words in Latin letters beside it or, where no language
        was given, in the script that it looks like.
        """
        if not lines.quads:
            return [], []
        believed: list[ReadLine] = []
        doubted: list[Quad] = []
        for index, reading in enumerate(best_readings(lines, readers, range(len(lines.quads)))):
            said = reading if is_believed(reading, readers[-1].card) else None
            said = said or self._in_another_script(lines, index, readers, is_auto=is_auto)
            if said is None:
                doubted.append(lines.quads[index])
            else:
                believed.append(ReadLine(lines.quads[index], said))
        return believed, doubted

    def _in_another_script(
        self, lines: LinesOfPage, index: int, readers: Sequence[LineReader], *, is_auto: bool
    ) -> LineReading | None:
        """What a line that the page's readers cannot read says in Latin letters or in those it looks like."""
        latin = self._latin_beside(readers)
        (reading,) = lines.read(latin, [index]) if latin else (None,)
        if latin and reading and is_latin(reading) and is_believed(reading, latin.card):
            return reading
        known = {script for reader in readers for script in reader.card.scripts} | {SCRIPT}
        for script in self._auto.likely_scripts(lines, index) if is_auto else ():
            scout = self._readers.scout(script) if script not in known else None
            (reading,) = lines.read(scout, [index]) if scout else (None,)
            if scout and reading and is_believed(reading, scout.card):
                return reading
        return None

    def _latin_beside(self, readers: Sequence[LineReader]) -> LineReader | None:
        """A reader of Latin print for a page whose own readers know no Latin letters; None for others."""
        knows = any(SCRIPT in reader.card.scripts for reader in readers)
        return None if knows else self._readers.scout(SCRIPT)

    def _given(self, languages: Sequence[str], readings: Sequence[LineReading]) -> Verdict:
        """Of the languages that were asked for, the one that most of the page is in."""
        text = "\n".join(reading.text for reading in readings)
        language = self._auto.named(text, languages) or languages[0]
        return Verdict(language, BY_CODE[language].script)

    def _with_latin_words(
        self,
        lines: LinesOfPage,
        readings: list[LineReading],
        languages: Sequence[str],
        readers: Sequence[LineReader],
    ) -> list[LineReading]:
        """The readings; of lines in another script those in doubt with the Latin words in them."""
        latin = self._latin_beside(readers) if any(map(doubted_parts, readings)) else None
        if latin is None:
            return readings

        def together(code: str) -> LineReader | None:
            try:
                return self._readers.of([*languages, code])[0]
            except LanguageNotInstalled:
                return None

        return with_latin_words(lines, readings, latin, together)

    def _with_other_scripts(
        self, lines: LinesOfPage, readings: list[LineReading], reader: LineReader
    ) -> list[LineReading]:
        """The readings, those in doubt replaced where the line is in another script that is read better."""
        doubtful = [i for i, reading in enumerate(readings) if reading.confidence < reader.card.sure_from]
        better = list(readings)
        for index in doubtful[:MOST_SECOND_OPINIONS]:
            script = self._auto.other_script(lines, index)
            other = self._readers.scout(script) if script and script not in reader.card.scripts else None
            if other is None:
                continue
            (reading,) = lines.read(other, [index])
            before = readings[index].confidence / reader.card.sure_from
            if reading.confidence / other.card.sure_from > before:
                better[index] = reading
        return better


def _silent(grey: Pixels, read: Sequence[ReadLine]) -> list[Quad]:
    """The lines in which nothing was read although what stands there is like letters."""
    height, width = grey.shape
    silent = [each for each in read if says_nothing(each.reading) and not is_rule(each.reading)]
    places = [(each.quad, box_of(each.quad, width, height)) for each in silent]
    return [quad for quad, box in places if box.height <= HIGHEST * height and is_lettering(grey, box)]


def _plain_rows(page: PagePixels, marks: InkMarks) -> list[Quad]:
    """The lines of a page that is nothing but plain print, all of it well seen; of any other page, none."""
    rows, letter = rows_of_print(marks), usual_letter(marks)
    if not rows or letter is None or has_faint_rows(page.grey, rows, letter.height * marks.scale):
        return []
    return rows
