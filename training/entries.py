"""Make up what stands on forms, bills and tables: numbers, amounts, dates, codes, addresses, rows."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

FORMS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "forms.toml").read_text(encoding="utf-8")
)
"""Months, labels, units and the other lists of forms.toml, by name."""

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SMALL = _CAPITALS.lower()
_DIGITS = "0123456789"

Words = Sequence[str]


def digits(random: Random, least: int, most: int | None = None) -> str:
    """So many decimal digits."""
    return "".join(random.choices(_DIGITS, k=random.randint(least, most or least)))


def number(random: Random) -> str:
    """A plain, grouped, signed or measured number."""
    size = random.choice((9, 99, 999, 9999, 99999, 9999999))
    plain = str(random.randint(0, size))
    return random.choice(
        (
            plain,
            plain,
            f"{int(plain):,}",
            f"{int(plain):,}".replace(",", "."),
            f"{int(plain):,}".replace(",", " "),
            f"{plain}.{digits(random, 1, 3)}",
            f"{plain},{digits(random, 1, 3)}",
            f"-{plain}",
            f"{plain}{random.choice(('', ' '))}{random.choice(FORMS['units'])}",
            f"({plain})",
            f"#{plain}",
            f"No. {plain}",
            f"{plain}/{digits(random, 1, 4)}",
        )
    )


def amount(random: Random) -> str:
    """Money, with and without its currency, in the ways of several countries."""
    whole, cents = (
        random.choice((random.randint(0, 99), random.randint(0, 9999), random.randint(0, 999999))),
        digits(random, 2),
    )
    if random.random() < 0.3:
        cents = random.choice(("00", "50", "90", "99", "95", "10", "60", "05"))
    figure = random.choice(
        (
            f"{whole}.{cents}",
            f"{whole:,}.{cents}",
            f"{whole},{cents}",
            f"{whole:,}".replace(",", ".") + f",{cents}",
        )
    )
    if random.random() < 0.5:
        return figure
    currency, gap = random.choice(FORMS["currencies"]), random.choice(("", " "))
    return random.choice(
        (
            f"{currency}{gap}{figure}",
            f"{figure} {currency}",
            f"-{figure}",
            f"{figure}-",
            f"{figure} SR",
            f"{figure} A",
            f"*{figure}",
        )
    )


def date(random: Random) -> str:
    """A date, a time or both."""
    day, month, year = random.randint(1, 31), random.randint(1, 12), random.randint(1900, 2035)
    mark, short = random.choice("./-"), f"{year % 100:02d}"
    time = f"{random.randint(0, 23)}:{random.randint(0, 59):02d}" + random.choice(
        ("", "", f":{random.randint(0, 59):02d}", " AM", "PM", " Uhr")
    )
    name = random.choice(FORMS["months"])
    name = name.upper() if random.random() < 0.15 else name
    written = random.choice(
        (
            f"{day:02d}{mark}{month:02d}{mark}{year}",
            f"{day}{mark}{month}{mark}{short}",
            f"{year}-{month:02d}-{day:02d}",
            f"{month:02d}/{day:02d}/{year}",
            f"{day} {name} {year}",
            f"{day}. {name} {year}",
            f"{name} {day}, {year}",
            f"{day:02d}-{name[:3]}-{short}",
        )
    )
    return random.choice((written, written, written, time, f"{written} {time}"))


def code(random: Random) -> str:
    """An identifier: letters and digits that no language helps to guess, look-alikes among them."""
    draw = random.random()
    if draw < 0.3:
        alike = random.choice(FORMS["alike"])
        return "".join(
            random.choices(
                alike + random.choice((_DIGITS, _CAPITALS, _SMALL, alike)), k=random.randint(3, 12)
            )
        )
    if draw < 0.5:
        return "".join(random.choices(_CAPITALS + _DIGITS, k=random.randint(4, 16)))
    if draw < 0.6:
        return "".join(random.choices(_CAPITALS + _SMALL + _DIGITS + "-/._", k=random.randint(4, 20)))
    if draw < 0.7:
        return (
            random.choice(_CAPITALS)
            + random.choice(_CAPITALS)
            + " ".join(digits(random, 4) for _ in range(random.randint(2, 5)))
        )
    if draw < 0.8:
        return (
            "X" * random.randint(4, 12) + digits(random, 4)
            if random.random() < 0.4
            else "*" * random.randint(3, 12) + digits(random, 4)
        )
    return random.choice(
        (
            f"{digits(random, 3)}-{digits(random, 3, 8)}",
            f"({digits(random, 2, 3)}) {digits(random, 3)}-{digits(random, 4)}",
            f"+{digits(random, 2)} {digits(random, 2, 4)} {digits(random, 4, 8)}",
            f"{digits(random, 2)}-{digits(random, 4)} {digits(random, 4)}",
            f"{digits(random, 8, 13)}",
            f"00{digits(random, 6, 10)}",
            f"{random.choice(_CAPITALS)}{digits(random, 3, 7)}",
            f"{digits(random, 1, 3)}{_capital(random)}-{digits(random, 2, 5)}/{_capital(random)}",
        )
    )


def address(random: Random, words: Words) -> str:
    """A firm, a street or a town with its post code."""
    name, town = random.choice(words), random.choice(words)
    street = random.choice(FORMS["streets"])
    written = random.choice(
        (
            f"{name}{random.choice(FORMS['firms'])}",
            f"{name} & {town}{random.choice(FORMS['firms'])}",
            f"{street} {name} {random.randint(1, 299)}",
            f"NO. {random.randint(1, 99)}, {street} {name} {random.randint(1, 30)}/{random.randint(1, 30)},",
            f"{random.randint(1, 999)} {name} {street},",
            f"{digits(random, 5)} {town}",
            f"{town}, {random.choice(_CAPITALS)}{random.choice(_CAPITALS)} {digits(random, 5)}",
            f"{digits(random, 5)}, {town}, {name}.",
            f"Tel: {code(random)}  Fax: {code(random)}",
            f"({digits(random, 6)}-{random.choice(_CAPITALS)})",
        )
    )
    return written.upper() if random.random() < 0.4 else written.title()


def web(random: Random, words: Words) -> str:
    """A mail address, a link or a file name."""

    def bare() -> str:
        ascii_only = (
            unicodedata.normalize("NFKD", random.choice(words).lower()).encode("ascii", "ignore").decode()
        )
        return "".join(c for c in ascii_only if c.isalnum()) or "info"

    end = random.choice(
        [".com", ".org", ".net", ".de", ".fr", ".es", ".it", ".pl", ".co.uk", ".io", ".eu", ".com.my"]
    )
    return random.choice(
        (
            f"{bare()}{random.choice(('.', '_', '-', ''))}{bare()}@{bare()}{end}",
            f"{random.choice(('https://', 'http://', 'www.', 'https://www.'))}{bare()}{end}",
            f"https://{bare()}{end}/{bare()}/{bare()}.{random.choice(('html', 'php', 'pdf'))}",
            f"{end[1:]}/{bare()}?id={digits(random, 3, 6)}",
            f"/{bare()}/{bare()}_{digits(random, 2)}.{random.choice(('txt', 'csv', 'jpg', 'py'))}",
            f"@{bare()}",
            f"#{bare()}",
        )
    )


def bill_line(random: Random, words: Words) -> str:
    """A line of a receipt or an invoice; two spaces stand where a column begins."""
    item = " ".join(random.choices(words, k=random.randint(1, 3)))
    item = item.upper() if random.random() < 0.65 else item
    times = random.choice((" x ", "x", " @ ", "*", " X "))
    label, second, third = (random.choice(FORMS["labels"]) for _ in range(3))
    return random.choice(
        (
            f"{label}{random.choice((':', ' :', '', '  '))} {amount(random)}",
            f"{label}  {amount(random)}",
            f"{label}: {code(random)}",
            f"{item} {'.' * random.randint(3, 16)} {number(random)}",
            f"{label}{random.choice((':', ' :', ''))} {date(random)}",
            f"{item}  {amount(random)}",
            f"{random.randint(1, 9)} {item}  {amount(random)}",
            f"{random.randint(1, 20)}{times}{amount(random)}  {amount(random)}",
            f"{digits(random, 4, 13)} {item}",
            f"{item} {number(random)}",
            f"{label}  {second}  {third}",
            f"{label} {number(random)}  {second} {amount(random)}",
            f"{'*' * random.randint(1, 4)} {item} {'*' * random.randint(1, 4)}",
            item,
        )
    )


def table_row(random: Random, words: Words) -> str:
    """Two to five cells of a table; two spaces stand between cells."""
    cells: tuple[Callable[[], str], ...] = (
        lambda: number(random),
        lambda: amount(random),
        lambda: date(random),
        lambda: random.choice(words),
        lambda: code(random),
        lambda: random.choice(FORMS["cells"]),
    )
    return "  ".join(random.choice(cells)() for _ in range(random.randint(2, 5)))


def _capital(random: Random) -> str:
    return random.choice(_CAPITALS)
