"""Measure a document of 2,000 pages: its index, finding the pages, the whole answer.

    python -m benchmarks.chat.long [--pages 2000]

Pages of 420 made-up words; what is asked for stands on one of them.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence

from ocrchat.answers import Asked, PageRanks, answer_of
from ocrchat.model import Page

QUESTIONS = {
    "Who is the landlord?": "Margaret Doyle",
    "How high is the deposit?": "2,760 EUR",
    "Wie hoch ist die Kaution?": "2,760 EUR",
    "What are the deposit and the notice period?": "90 days",
    "What is the IBAN?": "Not found",
}
LETTERS = "abcdefghijklmnoprstuvw"


def pages_of(count: int, seed: int = 1) -> list[Page]:
    """Pages of 35 lines of 12 words out of 30,000."""
    dice = random.Random(seed)
    words = ["".join(dice.choices(LETTERS, k=dice.randint(3, 10))) for _ in range(30_000)]
    pages = []
    for index in range(count):
        lines = [" ".join(dice.choices(words, k=12)) + "." for _ in range(35)]
        if index == count * 2 // 3:
            lines[20] = "The landlord is Margaret Doyle of Galway."
            lines[22] = "The tenant pays a deposit of 2,760 EUR."
            lines[24] = "The notice period is 90 days."
        pages.append(Page(index, 1000, 1400, "\n".join(lines), language="en"))
    return pages


def main() -> None:
    """Print CPU milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    pages = pages_of(parser.parse_args().pages)
    began = time.process_time()
    ranks = PageRanks(page.text for page in pages)
    print(f"index: {time.process_time() - began:.1f} s, {ranks.size / 1e6:.1f} MB")

    def fetched(places: Sequence[int]) -> list[Page]:
        nonlocal found
        found = time.process_time()
        return [pages[place] for place in places]

    answer_of(Asked("warm up?"), ranks, fetched)
    for question, wanted in QUESTIONS.items():
        began = found = time.process_time()
        answer = answer_of(Asked(question), ranks, fetched)
        ended = time.process_time()
        told = "right" if wanted in answer.content else f"wrong: {answer.content!r}"
        print(
            f"{question} pages {1000 * (found - began):.0f} ms, whole {1000 * (ended - began):.0f} ms, {told}"
        )


if __name__ == "__main__":
    main()
