"""Name the recognizers there are: PP-OCRv6 in its wheel, and nets that lie in folders."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from ocrchat.engines.cpu.ctc_reader import Net
from ocrchat.engines.cpu.line_reader import ReaderCard
from ocrchat.engines.cpu.net_cards import NetCard, cards_in
from ocrchat.errors import ModelMissing
from ocrchat.inference.int8 import RangesFile
from ocrchat.inference.session import model_of
from ocrchat.inference.weights import Weights, checked

RECOGNIZER = Weights(
    "PP-OCRv6_rec_small",
    "rapidocr",
    "models/PP-OCRv6_rec_small.onnx",
    "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
)
RANGES = RangesFile(Path(__file__).parent / "ranges" / "PP-OCRv6_rec_small.json", RECOGNIZER.sha256)
LATIN_SQUEEZE = 0.9
"""Free on Latin print (.8 is still fine, .7 costs receipts); Han needs its full width."""
PP_OCR: Mapping[str, Any] = {"height": 48, "step": 8, "channels": 3, "padding": 127}
"""What every recognizer of PP-OCR wants, version 3 to 6."""
SYMBOLS = "€™←↑→↓●■□✓☐☑☒★☆①②③④⑤⑥⑦⑧⑨⑩"


def pp_latin() -> Net:
    """PP-OCRv6 rec_small (Apache-2.0) with the columns of Latin print: a third faster than whole."""
    characters = _pp_characters()
    kept = tuple(i for i, character in enumerate(characters) if is_latin_print(character))
    card = ReaderCard("PP-OCRv6_rec_small-latin", "6", frozenset({"Latn"}), sure_from=0.95)
    weights = checked(RECOGNIZER)
    return Net(card, weights, characters, 48, 8, 3, LATIN_SQUEEZE, 127, kept, ranges=RANGES)


def pp_full() -> Net:
    """PP-OCRv6 rec_small, 6.8 GFLOP per 1000 px of line: Latin, Chinese and Japanese."""
    scripts = frozenset({"Latn", "Hans", "Hant", "Jpan"})
    card = ReaderCard("PP-OCRv6_rec_small", "6", scripts, sure_from=0.95)
    return Net(card, checked(RECOGNIZER), _pp_characters(), 48, 8, 3, padding=127, ranges=RANGES)


def nets_in(folder: Path) -> tuple[Net, ...]:
    """The nets of a folder, each a folder of its own with its weights, its characters and `card.json`.

    The weights are `net.onnx`, or `net.xml` with `net.bin`; with `ranges.json` (`inference.int8`) they
    multiply in 8 bits where that is faster.
    A line of `charset.txt` is a class's character, the first (the blank's) is empty; a PP-OCR recognizer
    has its `dictionary.txt` instead, or its dictionary inside the net's file. `card.json` has `name`,
    `version`, `scripts`, `sure_from`, and what else of `Net` is not as usual for its kind; `sha256` of the
    weights is compared where it stands. Raises ModelMissing for a folder that lacks one of the files, has
    other weights than it says or a wrong card.
    """
    return tuple(map(_net_in, cards_in(folder)))


def _net_in(card: NetCard) -> Net:
    try:
        characters, usual = _characters_in(card)
        about = ReaderCard(card.name, card.version, card.scripts, card.sure_from, card.sure_of_word)
        settings: dict[str, Any] = {**usual, **card.settings, "languages": card.languages}
        weights = sha256(card.weights.read_bytes()).hexdigest()
        if settings.pop("sha256", weights) != weights:
            raise ValueError(f"{card.weights.name} is another file than the card says")
        ranges = card.folder / "ranges.json"
        settings["ranges"] = RangesFile(ranges, weights) if ranges.exists() else None
        return Net(about, card.graph, characters, **settings)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ModelMissing(f"the recognizer in {card.folder.name} cannot be used: {error}") from error


def _characters_in(card: NetCard) -> tuple[tuple[str, ...], Mapping[str, Any]]:
    """Class -> character of the net in a folder, and what is usual for nets of its kind."""
    for name in ("charset.txt", "dictionary.txt"):
        if (card.folder / name).exists():
            lines = (card.folder / name).read_text("utf-8").removesuffix("\n").split("\n")
            return (tuple(lines), {}) if name == "charset.txt" else (("", *lines, " "), PP_OCR)
    return _characters_of(card.graph), PP_OCR


def is_latin_print(character: str) -> bool:
    """Whether the small head keeps a character: the blank, Latin, Greek letters, punctuation, symbols."""
    if len(character) != 1:
        return character == ""
    code = ord(character)
    ranges = ((0x20, 0x250), (0x391, 0x3CA), (0x1E00, 0x1F00), (0x2010, 0x2045), (0x2200, 0x2300))
    inside: Iterable[bool] = (low <= code < high for low, high in ranges)
    return any(inside) or character in SYMBOLS or unicodedata.category(character) == "Sc"


@cache
def _pp_characters() -> tuple[str, ...]:
    return _characters_of(checked(RECOGNIZER))


def _characters_of(file: Path) -> tuple[str, ...]:
    """Class -> character of a PP-OCR recognizer: the blank, the dictionary inside its file, the space."""
    entry: Any = model_of(file).get_rt_info(["framework", "character"])
    return ("", *str(getattr(entry, "value", entry)).removesuffix("\n").split("\n"), " ")
