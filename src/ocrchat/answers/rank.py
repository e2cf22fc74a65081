"""Rank the pages of a document by a question: BM25 over words and pairs of letters.

Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; the index is bm25s's sparse matrix
of ready scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zlib import crc32

import bm25s
import numpy as np
from numpy.typing import NDArray

from ocrchat.answers.words import search_terms, tokens_of

_BITS = 20
"""Terms are known by so many bits of their CRC-32: no vocabulary is kept, two terms rarely share one."""


class PageRanks:
    """The index of a document's pages. Holds no text: about 8 bytes for each different term of a page."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Index the texts of the pages, given in their order."""
        known: dict[int, int] = {}
        of_token: dict[str, list[int]] = {}

        def numbers_of(token: str) -> list[int]:
            """A text's words come again and again: each is taken apart once."""
            if token not in of_token:
                of_token[token] = [
                    known.setdefault(_number(term), len(known)) for term in search_terms(token)
                ]
            return of_token[token]

        pages, characters = [], 0
        for text in texts:
            pages.append([number for token in tokens_of(text) for number in numbers_of(token)])
            characters += len(text)
        self.page_count = len(pages)
        self.characters = characters
        self._numbers = np.fromiter(known, np.int32, len(known))
        self._order = np.argsort(self._numbers).astype(np.int32)
        self._numbers = self._numbers[self._order]
        self._index: bm25s.BM25 | None = None
        if known:
            self._index = bm25s.BM25()
            vocabulary = {str(number): place for number, place in known.items()}
            tokenized = bm25s.tokenization.Tokenized(ids=pages, vocab=vocabulary)
            self._index.index(tokenized, create_empty_token=False, show_progress=False)
            self._index.vocab_dict = {}

    @property
    def size(self) -> int:
        """Bytes that the index takes."""
        if self._index is None:
            return 0
        arrays = [each for each in self._index.scores.values() if isinstance(each, np.ndarray)]
        return sum(each.nbytes for each in [*arrays, self._numbers, self._order])

    def best(self, weights: Mapping[str, float], most: int) -> tuple[int, ...]:
        """The places of at most so many pages, the best first; those that share no term are left out.

        `weights` are texts to look for (words, phrases), each with how much its terms count.
        """
        scores = self.scores(weights)
        order = np.argsort(-scores, kind="stable")[:most]
        return tuple(int(place) for place in order if scores[place] > 0)

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """The score of every page, float32 of shape (pages,)."""
        total = np.zeros(self.page_count, np.float32)
        if self._index is None:
            return total
        for text, weight in weights.items():
            if places := [place for term in search_terms(text) if (place := self._place(term)) is not None]:
                found: NDArray[np.float32] = self._index.get_scores_from_ids(places)
                total += weight * found / len(places)
        return total

    def _place(self, term: str) -> int | None:
        number = _number(term)
        at = int(np.searchsorted(self._numbers, number))
        known = at < len(self._numbers) and int(self._numbers[at]) == number
        return int(self._order[at]) if known else None


def _number(term: str) -> int:
    return crc32(term.encode()) >> (32 - _BITS)
