"""Tell which script a text is written in, and which way it runs, by its letters."""

from __future__ import annotations

import unicodedata
from collections import Counter

_ONE_WORD = """
ADLAM Adlm AHOM Ahom ANATOLIAN Hluw ARABIC Arab ARMENIAN Armn AVESTAN Avst BALINESE Bali BAMUM Bamu
BASSA Bass BATAK Batk BENGALI Beng BHAIKSUKI Bhks BOPOMOFO Bopo BRAHMI Brah BUGINESE Bugi BUHID Buhd
CANADIAN Cans CARIAN Cari CAUCASIAN Aghb CHAKMA Cakm CHAM Cham CHEROKEE Cher CHORASMIAN Chrs CJK Hani
COPTIC Copt CUNEIFORM Xsux CYPRIOT Cprt CYPRO-MINOAN Cpmn CYRILLIC Cyrl DESERET Dsrt DEVANAGARI Deva
DIVES Diak DOGRA Dogr DUPLOYAN Dupl EGYPTIAN Egyp ELBASAN Elba ELYMAIC Elym ETHIOPIC Ethi GEORGIAN Geor
GLAGOLITIC Glag GOTHIC Goth GRANTHA Gran GREEK Grek GUJARATI Gujr GUNJALA Gong GURMUKHI Guru HANGUL Kore
HANIFI Rohg HANUNOO Hano HATRAN Hatr HEBREW Hebr HENTAIGANA Hani HIRAGANA Hani IDEOGRAPHIC Hani
IMPERIAL Armi JAVANESE Java KAITHI Kthi KANNADA Knda KATAKANA Hani KATAKANA-HIRAGANA Hani KAYAH Kali
KHAROSHTHI Khar KHITAN Kits KHMER Khmr KHOJKI Khoj KHUDAWADI Sind LAO Laoo LATIN Latn LEPCHA Lepc
LIMBU Limb LISU Lisu LYCIAN Lyci LYDIAN Lydi MAHAJANI Mahj MAKASAR Maka MALAYALAM Mlym MANDAIC Mand
MANICHAEAN Mani MARCHEN Marc MASARAM Gonm MEDEFAIDRIN Medf MEETEI Mtei MENDE Mend MEROITIC Merc MIAO Plrd
MODI Modi MONGOLIAN Mong MRO Mroo MULTANI Mult MYANMAR Mymr NABATAEAN Nbat NANDINAGARI Nand NEWA Newa
NKO Nkoo NUSHU Nshu NYIAKENG Hmnp OGHAM Ogam OL Olck ORIYA Orya OSAGE Osge OSMANYA Osma PAHAWH Hmng
PALMYRENE Palm PAU Pauc PHAGS-PA Phag PHOENICIAN Phnx PSALTER Phlp REJANG Rjng RUNIC Runr SAMARITAN Samr
SAURASHTRA Saur SHARADA Shrd SHAVIAN Shaw SIDDHAM Sidd SINHALA Sinh SOGDIAN Sogd SORA Sora SOYOMBO Soyo
SUNDANESE Sund SYLOTI Sylo SYRIAC Syrc TAGALOG Tglg TAGBANWA Tagb TAKRI Takr TAMIL Taml TANGSA Tnsa
TANGUT Tang TELUGU Telu THAANA Thaa THAI Thai TIBETAN Tibt TIFINAGH Tfng TIRHUTA Tirh TOTO Toto
UGARITIC Ugar VAI Vaii VITHKUQI Vith WANCHO Wcho WARANG Wara YEZIDI Yezi YI Yiii ZANABAZAR Zanb
"""
_TWO_WORDS = """
INSCRIPTIONAL PAHLAVI Phli INSCRIPTIONAL PARTHIAN Prti LINEAR A Lina LINEAR B Linb NEW TAI Talu
OLD HUNGARIAN Hung OLD ITALIC Ital OLD NORTH Narb OLD PERMIC Perm OLD PERSIAN Xpeo OLD SOGDIAN Sogo
OLD SOUTH Sarb OLD TURKIC Orkh OLD UYGHUR Ougr TAI LE Tale TAI THAM Lana TAI VIET Tavt
"""
"""How Unicode's names of letters begin, each before the code of ISO 15924; kana count as Han."""

_WIDTHS = ("HALFWIDTH ", "FULLWIDTH ", "VERTICAL ")


def script_of_text(text: str) -> str | None:
    """ISO 15924 of the script that most letters are of, `Hani` for Chinese and Japanese; None for no letters.

    Some 50 us for a page: what a letter is, is looked up once for each kind of it.
    """
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else None
    counts: Counter[str] = Counter()
    for letter, count in Counter(text).items():
        script = script_of_letter(letter)
        if script is not None:
            counts[script] += count
    return counts.most_common(1)[0][0] if counts else None


def script_of_letter(letter: str) -> str | None:
    """ISO 15924 of a letter's script; None for what is no letter, or of no script."""
    if letter <= "z":
        return "Latn" if letter.isalpha() else None
    if not letter.isalpha():
        return None
    name = unicodedata.name(letter, "")
    for width in _WIDTHS:
        name = name.removeprefix(width)
    first, _, rest = name.partition(" ")
    return _CODES.get(first) or _CODES.get(f"{first} {rest.partition(' ')[0]}")


def runs_leftward(text: str) -> bool:
    """Whether most letters are of scripts that run to the left (UAX #9, classes R and AL)."""
    if text.isascii():
        return False
    leftward = letters = 0
    for letter, count in Counter(text).items():
        if letter.isalpha():
            letters += count
            leftward += count * (unicodedata.bidirectional(letter) in ("R", "AL"))
    return 2 * leftward > letters


def _codes() -> dict[str, str]:
    one, two = _ONE_WORD.split(), _TWO_WORDS.split()
    pairs = dict(zip(one[::2], one[1::2], strict=True))
    return pairs | {f"{a} {b}": code for a, b, code in zip(two[::3], two[1::3], two[2::3], strict=True)}


_CODES = _codes()
