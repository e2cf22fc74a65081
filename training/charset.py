"""Name the characters a net can read, in the order of its classes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

BLANK = 0
"""The class that CTC reads as "no character here"."""

_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_MARKS = "“”„‘’‚‛«»‹›–—―…•·‧†‡§¶©®™°±×÷ªº¹²³⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄½¼¾⅓⅔⅛⅜⅝⅞‰′″¡¿¦¬¨¯´¸⁄"
_MONEY = "€£¥¢ƒ₡₦₩₪₫₭₮₱₲₴₵₸₹₺₽₿"
_SIGNS = "←→↑↓↔−≤≥≠≈∞√∑∂∫∆Ωµπ№℮℃℉■□●○◆◊▪▲▼►◄★☆☐☑✓✔✗☎"
_WESTERN = "".join(chr(c) for c in range(0xC0, 0x180) if c not in (0xD7, 0xF7, 0x149, 0x17F, 0x132, 0x133))
_VIETNAMESE = "ƠơƯưẢảẠạẮắẰằẲẳẴẵẶặẤấẦầẨẩẪẫẬậẺẻẼẽẸẹẾếỀềỂểỄễỆệỈỉỊịỎỏỌọỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỦủỤụỨứỪừỬửỮữỰựỲỳỶỷỸỹỴỵ"
_AFRICAN = "ƁɓƂƃƆɔƉɖƊɗƎǝƏəƐɛƑƒƓɠƔɣƖɩƗɨƘƙƝɲƤƥƬƭƱʊƲʋƳƴƷʒǮǯɄʉɅʌɃƀɆɇȺⱥɊɋɌɍŊŋꞌʼʻʔɑɽɵƜɯ"
_OTHERS = (
    "ǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǤǥǦǧǨǩǪǫǬǭǸǹǼǽǾǿȘșȚțȲȳẀẁẂẃẄẅẞḀḁḄḅḆḇḌḍḎḏḐḑḒḓḤḥḪḫḮḯḰḱḲḳḴḵḶḷḺḻḼḽḾḿṀṁṂṃṄṅṆṇ"
    "ṈṉṊṋṐṑṒṓṖṗṘṙṚṛṞṟṠṡṢṣṪṫṬṭṮṯṰṱẌẍẎẏẐẑẒẓẔẕẖ"
)
_SAME = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\u2212": "−", "\u03bc": "µ", "\u2126": "Ω", "\u2206": "∆", "\ua78b": "ꞌ"}
)


@dataclass(frozen=True, slots=True)
class Charset:
    """The characters of classes 1, 2, ...; class 0 is CTC's blank."""

    characters: str

    def __len__(self) -> int:
        """How many classes a net has for them, the blank included."""
        return len(self.characters) + 1

    def classes(self, text: str) -> list[int]:
        """The classes of a text; KeyError names the first character that has none."""
        known = {character: index for index, character in enumerate(self.characters, start=1)}
        return [known[character] for character in text]

    def text(self, classes: Iterable[int]) -> str:
        """What the best class of every step says: repeats merged, blanks dropped."""
        read, last = [], BLANK
        for index in classes:
            if index not in (last, BLANK):
                read.append(self.characters[index - 1])
            last = index
        return "".join(read)

    def save(self, path: Path) -> None:
        """One character a line; line 0 is the blank and empty, line 1 the space."""
        path.write_text("\n" + "\n".join(self.characters) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Charset:
        """The charset that `save` wrote."""
        return cls("".join(path.read_text(encoding="utf-8").split("\n")[1:-1]))


def latin() -> Charset:
    """Latin letters of some 300 languages (precomposed), digits, marks, currencies, common signs.

    Left out: combining marks that Unicode has no single letter for (tones over ɔ and ɛ).
    """
    groups = (_ASCII, _MARKS, _MONEY, _SIGNS, _WESTERN, _VIETNAMESE, _AFRICAN, _OTHERS)
    return Charset(" " + "".join(dict.fromkeys("".join(groups))))


def plain(text: str) -> str:
    """A text as the net is asked to write it: NFC, one form of look-alike signs, single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).translate(_SAME)).strip()
