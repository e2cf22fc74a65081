"""Gather words and prose of many languages, from installed lists and from excerpts kept here."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from training.charset import plain

HELD_LANGUAGES = ("deu_1996", "eng", "fra", "ita", "pol", "tur", "vie")
"""Excerpts that training never sees: they measure it."""

_DIGIT = re.compile(r"\d")
_EXCERPTS = Path(__file__).parent / "excerpts.tsv"
_HELD_ONE_IN = 40
_MOST_ENTRIES = 60_000
_LISTS = {
    "american-english-large": 14.0, "british-english-large": 4.0, "ngerman": 6.0, "swiss": 0.5,
    "french": 6.0, "spanish": 4.0, "italian": 4.0, "portuguese": 2.5, "brazilian": 1.0, "dutch": 3.0,
    "polish": 2.5, "swedish": 2.0, "danish": 1.5, "bokmaal": 1.5, "nynorsk": 0.5, "catalan": 1.0,
    "faroese": 0.5, "irish": 0.5, "esperanto": 0.4, "galician-minimos": 0.5, "manx": 0.2, "gaelic": 0.3,
}  # fmt: skip
_DICTIONARIES = {
    "cs_CZ": 1.5, "hu_HU": 1.5, "ro_RO": 1.5, "tr_TR": 1.5, "vi_VN": 1.5, "sk_SK": 1.0, "hr_HR": 1.0,
    "sl_SI": 0.7, "lt_LT": 0.8, "lv_LV": 0.8, "is_IS": 0.7, "et_EE": 0.8, "sq_AL": 0.6, "id_ID": 0.8,
    "af_ZA": 0.4, "eu": 0.4, "br_FR": 0.2, "oc_FR": 0.3, "sw_KE": 0.4, "uz_UZ": 0.4, "kmr_Latn": 0.3,
    "bs_BA": 0.3, "an_ES": 0.2, "gug_PY": 0.2, "tl": 0.4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """Word lists and prose, each with a weight; `held` ones and the others share no word and no paragraph."""

    lists: tuple[tuple[str, ...], ...]
    list_weights: tuple[float, ...]
    prose: tuple[tuple[str, ...], ...]
    prose_weights: tuple[float, ...]

    def words(self, random: Random) -> tuple[str, ...]:
        """The words of one language, drawn by weight."""
        return random.choices(self.lists, self.list_weights)[0]

    def paragraph(self, random: Random) -> str:
        """A paragraph of one language, drawn by weight."""
        return random.choice(random.choices(self.prose, self.prose_weights)[0])


def gathered(characters: frozenset[str], share: Path, held: bool = False) -> Words:
    """All words and prose found under `share` (/usr/share on Debian) that these characters can write.

    What is not installed is left out; the excerpts kept here are always there. Held out is one word and one
    paragraph in 40 by checksum, and the excerpts of HELD_LANGUAGES.
    """
    lists = [
        (weight, found)
        for path, encoding, weight in _word_files(share)
        if len(found := _kept(_entries(path, encoding), characters, held)) >= 100
    ]
    excerpts = _excerpts(characters, held)
    if not lists:
        lists = [(1.0, tuple(sorted({word for _, text in excerpts for word in text.split()})))]
    prose: list[tuple[float, tuple[str, ...]]] = [
        (8.0 if held else 3.0 if language[:3] in _SPOKEN else 0.25, (text,)) for language, text in excerpts
    ]
    for weight, files in _prose_files(share):
        paragraphs = [paragraph for path in files for paragraph in _paragraphs(path)]
        if found := _kept(iter(paragraphs), characters, held):
            prose.append((weight, found))
    return Words(
        tuple(words for _, words in lists),
        tuple(weight for weight, _ in lists),
        tuple(texts for _, texts in prose),
        tuple(weight for weight, _ in prose),
    )


_SPOKEN = frozenset(
    [
        "spa",
        "por",
        "nld",
        "ces",
        "slk",
        "swe",
        "ron",
        "hun",
        "dan",
        "nob",
        "fin",
        "hrv",
        "slv",
        "lit",
        "lav",
        "ekk",
        "ind",
        "cat",
        "isl",
        "als",
        "swh",
        "tgl",
    ]
)


def _word_files(share: Path) -> Iterator[tuple[Path, str, float]]:
    for name, weight in _LISTS.items():
        if (path := share / "dict" / name).exists():
            yield path, "utf-8", weight
    for name, weight in _DICTIONARIES.items():
        path = share / "hunspell" / f"{name}.dic"
        if path.exists():
            declared = re.search(rb"SET\s+(\S+)", path.with_suffix(".aff").read_bytes()[:6000])
            yield path, declared.group(1).decode("ascii") if declared else "latin-1", weight


def _entries(path: Path, encoding: str) -> Iterator[str]:
    lines = path.read_bytes().decode(encoding, "replace").splitlines()
    for line in Random(1).sample(lines, _MOST_ENTRIES) if len(lines) > _MOST_ENTRIES else lines:
        word = line.partition("/")[0].partition("\t")[0]
        if 0 < len(word) < 24 and not _DIGIT.search(word):
            yield word


def _prose_files(share: Path) -> Iterator[tuple[float, list[Path]]]:
    fortunes = share / "games" / "fortunes"
    for language, weight in {
        "": 16.0,
        "de": 5.0,
        "fr": 4.0,
        "it": 3.0,
        "es": 3.0,
        "pl": 3.0,
        "br": 2.0,
        "cs": 2.0,
    }.items():
        folder = fortunes / language
        files = sorted(folder.iterdir()) if folder.exists() else []
        readable = [path for path in files if path.is_file() and path.suffix == "" and "art" not in path.name]
        if readable:
            yield weight, readable
    licences = share / "common-licenses"
    if licences.exists():
        yield 4.0, sorted(path for path in licences.iterdir() if path.is_file())


def _paragraphs(path: Path) -> Iterator[str]:
    for paragraph in re.split(r"\n%\n|\n\s*\n", path.read_bytes().decode("utf-8", "replace")):
        text = plain(re.sub(r"-\n\s*(?=[a-z])", "", paragraph))
        if len(text) >= 20:
            yield text[:2000]


def _kept(texts: Iterator[str], characters: frozenset[str], held: bool) -> tuple[str, ...]:
    wanted = [
        text for text in dict.fromkeys(texts) if (zlib.crc32(text.encode()) % _HELD_ONE_IN == 0) == held
    ]
    return tuple(text for text in map(plain, wanted) if text and characters.issuperset(text))


def _excerpts(characters: frozenset[str], held: bool) -> list[tuple[str, str]]:
    rows = (row.split("\t") for row in _EXCERPTS.read_text(encoding="utf-8").splitlines())
    texts = ((language, "".join(c for c in plain(text) if c in characters)) for language, text in rows)
    return [(language, text) for language, text in texts if (language in HELD_LANGUAGES) == held]
