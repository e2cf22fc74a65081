"""Fold text so that a quote is found however it was typed, and lead back to the text as it stands."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_HYPHENATED = re.compile(r"(?<=\w)[-\u2010\u00ad]\s*\n\s*(?=\w)")
_CLUSTER = re.compile(r"\s+|.[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u093c\u3099\u309a]*", re.DOTALL)
_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟«»″「」『』", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "ـ": "",
    }
)
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `starts` and `ends` lead each of its characters back to the source's."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters from `start` up to `end` (more than `start`) stand in the source."""
        return self.starts[start], self.ends[end - 1]


def folded(text: str) -> Folded:
    """The text without white space, case, compatibility forms, kinds of quotes and hyphenation.

    NFKC and Unicode's case folding, cluster by cluster, so that every offset leads back; invisible
    characters and the hyphens at the end of a line fall out.
    """
    hyphens = {place for match in _HYPHENATED.finditer(text) for place in range(*match.span())}
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _CLUSTER.finditer(text):
        cluster = match[0]
        if match.start() in hyphens or cluster.isspace():
            continue
        part = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
        part = "".join(
            each
            for each in part.translate(_SAME)
            if not each.isspace() and unicodedata.category(each) != "Cf"
        )
        parts.append(part)
        starts.extend([match.start()] * len(part))
        ends.extend([match.end()] * len(part))
    return Folded("".join(parts), tuple(starts), tuple(ends))


def span_of_quote(text: str, source: Folded, quote: str) -> tuple[int, int] | None:
    """Where the text says that quote, as (start, end) in `text`; None where it does not.

    `source` is the folded text. A quote must not begin or end inside a word or number: "15" is not in
    "2015". Ellipses around a quote are not part of it.
    """
    wanted = folded(quote).text.strip(".\"'")
    place = source.text.find(wanted) if wanted else -1
    while place >= 0:
        start, end = source.source_span(place, place + len(wanted))
        if not _cuts(text, start) and not _cuts(text, end):
            return start, end
        place = source.text.find(wanted, place + 1)
    return None


def _cuts(text: str, place: int) -> bool:
    """Whether a cut there goes through a word or a number."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if before.isalnum() and after.isalnum():
        return not (_UNSPACED.match(before) or _UNSPACED.match(after)) or (
            before.isdigit() and after.isdigit()
        )
    numeric = ".,"
    return (before in numeric and after.isdigit() and text[max(0, place - 2)].isdigit()) or (
        after in numeric and before.isdigit() and text[place + 1 : place + 2].isdigit()
    )
