"""Make documents and questions that nobody has looked at, by a seed: other languages, layouts and kinds.

What documents say is in `fresh.yaml`; the seed chooses the words for each value, the values, their order,
how they stand on the page (label and value in a line, in two columns, in a table, one over the other), on
which page, and which are left out: to a question for one of those the document has no answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

KINDS = {
    "invoice": (
        ("number", "date", "due", "customer"),
        ("subtotal", "tax", "total"),
        ("iban", "email", "phone", "contact"),
    ),
    "payslip": (("employee",), ("gross", "net"), ("email", "phone", "contact")),
    "agreement": (("customer", "contact"), ("warranty", "notice", "hours"), ("email", "phone")),
}
"""The values of each kind of document, in groups that stand together."""
LEFT_OUT = 0.3
_BEFORE, _BOXES, _HOSTS = (
    ("R", "F-", "INV-", ""),
    ("info", "service", "office"),
    ("lumen", "orvana", "tessel"),
)
_SENTENCES = frozenset({"warranty", "notice", "hours"})


@dataclass(frozen=True, slots=True)
class Fresh:
    """A document: the text of its pages as `drawing` takes it, and questions as the YAML files have them."""

    name: str
    language: str
    pages: tuple[str, ...]
    questions: tuple[dict[str, Any], ...]


def fresh_documents(seed: int, rounds: int = 1) -> Iterator[Fresh]:
    """So many documents of each kind in each language."""
    data = yaml.safe_load((Path(__file__).parent / "fresh.yaml").read_text("utf-8"))
    dice = random.Random(seed)
    for language, words in data["languages"].items():
        for kind in KINDS:
            for number in range(rounds):
                name = f"fresh-{seed}-{language}-{kind}-{number}"
                yield _document(name, language, kind, words, data["english"], dice)


def _document(
    name: str,
    language: str,
    kind: str,
    words: dict[str, Any],
    english: dict[str, list[str]],
    dice: random.Random,
) -> Fresh:
    values = _values(words, dice)
    groups = [[each for each in group if each in words["fields"]] for group in KINDS[kind]]
    pages = [[f"# {words['titles'][kind]}", "", dice.choice(words["firms"]), ""]]
    said: dict[str, int] = {}
    for group in groups:
        kept = [each for each in group if dice.random() > LEFT_OUT]
        if "total" in group:
            kept = group  # sums without their total are another document's
        if len(pages) < 3 and dice.random() < 0.4:
            pages.append([])
        said |= dict.fromkeys(kept, len(pages))
        if "total" in group:
            pages[-1] += [*values.items_table, ""]
        pages[-1] += [*_set(kept, words, values.of, dice), ""]
    questions = []
    for each in dice.sample([each for group in groups for each in group], k=min(7, sum(map(len, groups)))):
        asks = english[each] if dice.random() < 0.4 else words["fields"][each]["ask"]
        answer = {"page": said[each], "span": values.of[each]} if each in said else {}
        questions.append({"ask": dice.choice(asks), **answer})
    if kind == "invoice":
        asks = english["price"] if dice.random() < 0.4 else words["fields"]["price"]["ask"]
        ask = dice.choice(asks).format(item=values.item)
        questions.append({"ask": ask, "page": said["total"], "span": values.item_price})
    return Fresh(name, language, tuple("\n".join(page) for page in pages), tuple(questions))


def _set(kept: list[str], words: dict[str, Any], values: dict[str, str], dice: random.Random) -> list[str]:
    """The lines of a group, in one of the layouts."""
    if kept and set(kept) <= _SENTENCES:
        return [dice.choice(words["fields"][each]["says"]).format(values[each]) for each in kept]
    pairs = [(dice.choice(words["fields"][each]["labels"]), values[each]) for each in kept]
    if not pairs:
        return []
    layouts: list[Callable[[], list[str]]] = [
        lambda: [f"{label}: {value}" for label, value in pairs],
        lambda: [f"{label} >> {value}" for label, value in pairs],
        lambda: [f"| {label} | {value} |" for label, value in pairs],
        lambda: [line for label, value in pairs for line in (label, value, "")],
    ]
    if len(pairs) > 1 and "total" not in kept:
        heads, row = zip(*pairs, strict=True)
        layouts.append(lambda: [f"| {' | '.join(heads)} |", f"| {' | '.join(row)} |"])
    return dice.choice(layouts)()


@dataclass(frozen=True, slots=True)
class _Values:
    of: dict[str, str]
    items_table: tuple[str, ...]
    item: str
    item_price: str


def _values(words: dict[str, Any], dice: random.Random) -> _Values:
    def money(cents: int) -> str:
        whole = f"{cents // 100:,}"
        whole = whole.replace(
            ",", {",": ".", ".": "'" if "CHF" in words["money"] else ","}.get(words["decimal"], ",")
        )
        digits = f"{whole}{words['decimal']}{cents % 100:02}" if words["decimal"] else whole
        return str(words["money"]).format(digits)

    def date() -> str:
        day, month = dice.randint(1, 28), dice.randint(1, 12)
        form = str(dice.choice(words["dates"]))
        named = words["months"][month - 1] if words["months"] else ""
        return form.format(d=day, m=month, y=dice.randint(2023, 2027), month=named)

    chosen = dice.sample(words["items"], 3)
    prices = [dice.randint(300, 90_000) for _ in chosen]
    counts = [dice.randint(1, 9) for _ in chosen]
    lines = [
        f"| {item} | {count} | {money(price)} | {money(count * price)} |"
        for item, price, count in zip(chosen, prices, counts, strict=True)
    ]
    subtotal = sum(count * price for price, count in zip(prices, counts, strict=True))
    tax = subtotal // 5
    gross = dice.randint(200_000, 700_000)
    person, other, *_ = dice.sample(words["people"], 3)
    opens, closes = dice.randint(7, 10), dice.randint(16, 20)
    digits = "".join(dice.choices("0123456789", k=16))
    values = {
        "number": f"{dice.choice(_BEFORE)}{dice.randint(2023, 2026)}-{dice.randint(100, 9999)}",
        "date": date(),
        "due": date(),
        "customer": dice.choice(words["firms"] + [other]),
        "subtotal": money(subtotal),
        "tax": money(tax),
        "total": money(subtotal + tax),
        "iban": f"NL{digits[:2]} ABNA {digits[2:6]} {digits[6:10]} {digits[10:12]}",
        "email": f"{dice.choice(_BOXES)}@{dice.choice(_HOSTS)}.example",
        "phone": f"+{dice.randint(31, 49)} {dice.randint(10, 99)} {digits[:3]} {digits[3:7]}",
        "contact": person,
        "employee": other,
        "gross": money(gross),
        "net": money(gross * dice.randint(60, 80) // 100),
        "warranty": words["durations"][dice.randint(0, 1)],
        "notice": words["durations"][dice.randint(2, 3)],
        "hours": f"{opens}:00 - {closes}:30",
    }
    table = (f"| {' | '.join(words['heads'])} |", *lines)
    return _Values(values, table, chosen[0], money(prices[0]))
