"""Compose the text of a line: prose, loose words, headings, numbers, bills, tables and rare characters."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from training import entries
from training.words import Words


@dataclass(frozen=True, slots=True)
class Texts:
    """What lines say. `rare` characters are drilled so that each is seen; `longest` in characters.

    With `bills_only` every line is one of a receipt, an invoice or a table.
    """

    words: Words
    rare: str
    longest: int = 64
    bills_only: bool = False

    def line(self, random: Random) -> str:
        """One line; runs of two or more spaces mean a wide gap and read as one space."""
        target = max(3, min(self.longest, int(random.lognormvariate(3.1, 0.65))))
        draw = random.uniform(0.56, 0.90) if self.bills_only else random.random()
        if draw < 0.30:
            text = self._prose(random, target)
        elif draw < 0.56:
            text = self._loose(random, target)
        elif draw < 0.68:
            text = entries.bill_line(random, self.words.words(random))
        elif draw < 0.75:
            text = entries.table_row(random, self.words.words(random))
        elif draw < 0.90:
            text = self._figures(random, target)
        elif draw < 0.94:
            text = entries.web(random, self.words.words(random))
        else:
            text = self._drill(random, min(target, 24))
        if random.random() < 0.08:
            text = text.upper()
        return _cut(text, self.longest)

    def _prose(self, random: Random, target: int) -> str:
        paragraph = self.words.paragraph(random)
        start = paragraph.find(" ", random.randrange(max(1, len(paragraph) - target))) + 1
        text = _cut(paragraph[start:], target)
        return random.choice(entries.FORMS["bullets"]) + text if random.random() < 0.05 else text

    def _loose(self, random: Random, target: int) -> str:
        words, style, said = self.words.words(random), random.random(), ""
        while len(said) < target:
            word = random.choice(words)
            if style < 0.18:
                word = word.upper()
            elif style < 0.36 or random.random() < 0.08:
                word = word[:1].upper() + word[1:]
            draw = random.random()
            if draw < 0.09:
                word += random.choice(",,,.;:")
            elif draw < 0.17:
                word = random.choice(entries.FORMS["around"]).replace("{}", word)
            elif draw < 0.19:
                word += random.choice(("-", "/", "—", " & ", " + ")) + random.choice(words)
            elif draw < 0.23:
                word = entries.number(random)
            said += word + " "
        return said.strip()

    def _figures(self, random: Random, target: int) -> str:
        kinds = (entries.number, entries.amount, entries.amount, entries.date, entries.code, entries.code)
        said = random.choice(kinds)(random)
        if random.random() < 0.25:
            said = entries.address(random, self.words.words(random))
        while len(said) < target and random.random() < 0.4:
            said += random.choice((" ", " ", "  ", ", ", " - ")) + random.choice(kinds)(random)
        return said

    def _drill(self, random: Random, target: int) -> str:
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        said = []
        for _ in range(target):
            draw = random.random()
            said.append(
                random.choice(self.rare if draw < 0.5 else letters if draw < 0.86 else "  .,-0123456789")
            )
            if random.random() < 0.08 and said[-1].isalpha():
                said.append(said[-1])
        return "".join(said).strip() or "x"


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    head = text[: longest + 1].rsplit(" ", 1)[0]
    return head if 3 <= len(head) <= longest else text[:longest]
