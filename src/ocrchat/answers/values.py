"""Find values in a text by their form: dates, amounts, times, codes, addresses of the net."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from ocrchat.answers.lexicon import month_names, time_units

KINDS = ("email", "url", "iban", "phone", "date", "money", "percent", "duration", "time", "number", "code")
"""The kinds that are told by their form; `person`, `place`, `list` and `text` are not."""

PLAIN = frozenset({"email", "url", "iban"})
"""Kinds that need no label to be known for what they are."""

_NUMBER = (
    r"(?<![A-Za-z0-9_.,])[-−]?(?:\d{1,3}(?:[ \u00a0\u202f.,'’٬]\d{2,3})*[ \u00a0\u202f.,'’٬]\d{3}"
    r"(?:[.,٫]\d{1,2})?(?!\d)"
    r"|\d+(?:[.,٫]\d+)?)"
)
_CODES = (
    "USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|RUB|TRY|PLN|CZK|SEK|NOK|DKK|HUF|RON|BGN|UAH|AED|SAR|EGP|QAR|KWD|BRL|"
    "MXN|CAD|AUD|NZD|ZAR|KRW|VND|THB|IDR|SGD|HKD|TWD|ILS|IRR|TL|Rs|Kč|kr|zł|Ft|lei|руб|рублей|рубля|грн|"
    "euros?|Euro|dollars?|Dollar|pounds?|francs?|pesos?|złotych|lira"
)
_UNITS_OF_MONEY = (
    r"元|圆|円|원|圓|ドル|ユーロ|美元|欧元|人民币|रुपये|रुपए|रु\.?|₹|"
    r"ريالا?ً?|درهما?ً?|دينارا?ً?|جنيها?ً?|ليرة|دولارا?ً?|يورو|تومان|ریال|บาท|đồng"
)
_CURRENCIES = rf"(?:[A-Z]{{0,2}}[$€£¥￥₹₽₺₩₫฿₴₪₦]|(?:{_CODES})\b\.?|{_UNITS_OF_MONEY})"
_SCALES = (
    r"(?:\s?(?:million|billion|thousand|Mio\.?|Mrd\.?|Millionen|Tsd\.?|млн|тыс\.?|mln|tys\.?|"
    r"万|億|亿|萬|만|억|लाख|करोड़|مليون|ألف|milyon|bin)(?![^\W\d_]))?"
)
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_ENDINGS = "com|org|net|eu|io|info|de|fr|es|it|pl|ru|tr|cn|jp|kr|in|uk|co|nl|cz|pt|br|ae|sa|eg|example|test"
_URL = (
    r"(?:https?://|www\.)[^\s<>\"'،。]+[\w/]|"
    rf"\b(?:[a-z0-9-]+\.)+(?:{_ENDINGS})\b(?:/[\w./-]*)?"
)
_IBAN = r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"
_PHONE = r"(?<![\w/-])(?:\+|00|\()?\d[\d ()./\u00a0-]{5,18}\d(?![\w-])"
_CODE = r"(?<![\w/-])(?=[^\s:：]*\d)[^\W_][\w./\-–#]*[^\W_](?![\w])"
_TIME = (
    r"(?:(?:午前|午後|上午|下午|오전|오후)\s*)?(?<![\d.,])\d{1,2}\s?(?:"
    r"[:：.h]\s?\d{2}(?!\d)(?:\s*(?:am|pm|a\.m\.|p\.m\.|Uhr|h\b))?"
    r"|\s?(?:Uhr|am|pm|a\.m\.|p\.m\.|h\b|時(?:\s?\d{1,2}分|半)?|点(?:\s?\d{1,2}分|半)?"
    r"|點(?:\s?\d{1,2}分|半)?|시(?:\s?\d{1,2}분|\s?반)?|बजे|часов))"
)
_PERCENT = (
    rf"{_NUMBER}\s?(?:%|٪|％|per ?cent|Prozent|pour cent|por ciento|por cento|per cento|procent\w*|"
    r"процент\w*|"
    r"في المئة|بالمئة|في المائة|بالمائة|प्रतिशत|パーセント|퍼센트)|[%٪]\s?\d+(?:[.,٫]\d+)?|yüzde \w+"
)


_WITHOUT_DIGITS = frozenset({"email", "url", "percent"})
_DIGIT, _LETTERS = re.compile(r"\d"), re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7a3]")


def values_in(text: str, kinds: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where values of those kinds stand in the text, as offsets; kinds without a form give none."""
    patterns = _patterns()
    for kind in kinds:
        if (pattern := patterns.get(kind)) and _may_hold(text, kind):
            for match in pattern.finditer(text):
                if kind != "phone" or _is_phone(match[0]):
                    yield match.span()


def has_value(text: str, kinds: Iterable[str]) -> bool:
    """Whether a value of any of the kinds stands in the text."""
    return any(True for _ in values_in(text, kinds))


def _may_hold(text: str, kind: str) -> bool:
    """Whether it is worth to look: the patterns are slow, and most text has no values."""
    if kind == "duration":
        words = {word.casefold() for word in _LETTERS.findall(text)}
        spaced, unspaced = _units()
        return not words.isdisjoint(spaced) or bool(unspaced.search(text))
    return kind in _WITHOUT_DIGITS or bool(_DIGIT.search(text))


@cache
def _units() -> tuple[frozenset[str], re.Pattern[str]]:
    """The last words of the units of time, and a pattern of those in scripts without spaces."""
    units = time_units()
    spaced = frozenset(word.casefold() for unit in units for word in _LETTERS.findall(unit)[-1:])
    return spaced, re.compile("|".join(re.escape(unit) for unit in units if _UNSPACED.match(unit)))


def _is_phone(text: str) -> bool:
    digits = sum(each.isdigit() for each in text)
    if text.isdigit() and text[0] != "0":
        return False
    dated = re.fullmatch(r"\d{1,4}([./-]) ?\d{1,2}\1 ?\d{2,4}", text.strip())
    amount = re.fullmatch(r"\d{1,3}(?:[.,  ]\d{3})*[.,]\d{2}", text.strip())
    return 7 <= digits <= 15 and not dated and not amount


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    months = "|".join(re.escape(name) for name in month_names())
    units = [re.escape(unit) for unit in time_units()]
    unspaced = "|".join(unit for unit in units if _UNSPACED.match(unit))
    spaced = "|".join(unit for unit in units if not _UNSPACED.match(unit))
    year = r"(?:,?\s*(?:de |del |of )?\d{4}(?:\s?(?:г\.|года|г|р\.|року|roku|r\.))?)?"
    date = "|".join(
        [
            r"(?:(?:令和|平成|昭和|民國|民国)\s?(?:\d{1,3}|元)|\d{4})\s?[年년]\s?\d{1,2}\s?[月월](?:\s?\d{1,2}\s?[日일號号]?)?",
            r"(?<!\d)\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일號号]",
            r"(?<![\d.,])\d{4}([./-])\s?\d{1,2}\1\s?\d{1,2}(?!\d)",
            r"(?<![\d.,])\d{1,2}([./-])\s?\d{1,2}\2\s?\d{2,4}(?!\d)",
            r"(?:ngày\s+)?\d{1,2}\s+tháng\s+\d{1,2}(?:,?\s+năm\s+\d{4})?",
            r"(?<!\d)\d{1,2}(?:st|nd|rd|th|er|º|ª|°|\.)?\s*(?:de |of |من |d')?"
            rf"(?:{months})(?![^\W\d_]){year}",
            rf"(?<![^\W_])(?:{months})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,?\s*\d{{4}})?",
            rf"(?<![^\W_])(?:{months})\.?\s+\d{{4}}",
        ]
    )
    money = (
        rf"{_CURRENCIES}\s?{_NUMBER}{_SCALES}|{_NUMBER}{_SCALES}\s?{_CURRENCIES}"
        r"|(?<![\w.,/-])\d{1,3}(?:[ \u00a0\u202f.,'’]\d{2,3})*[.,٫]\d{2}(?![\w./-]\d|\d)(?!\s?[%٪])"
    )
    counted = r"[\d½]+(?:[.,٫]\d+)?|[一二三四五六七八九十两兩半百]+|한|두|세|네"
    duration = (
        rf"(?:{counted})\s?(?:{unspaced})(?:間|间)?|"
        rf"(?:{_NUMBER}|[^\W\d_]+)(?:\s?\(\s?\w+\s?\))?(?:\s|-)?\s?(?:\w+\s)?(?:{spaced})(?![^\W\d_])"
    )
    flags = re.IGNORECASE
    return {
        "email": re.compile(_EMAIL),
        "url": re.compile(_URL, flags),
        "iban": re.compile(_IBAN),
        "phone": re.compile(_PHONE),
        "date": re.compile(date, flags),
        "money": re.compile(money, flags),
        "percent": re.compile(_PERCENT, flags),
        "duration": re.compile(duration, flags),
        "time": re.compile(_TIME, flags),
        "number": re.compile(_NUMBER),
        "code": re.compile(_CODE),
    }
