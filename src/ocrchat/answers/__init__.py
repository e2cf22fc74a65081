"""Answer questions about a document with what it says, word for word, and where it says it."""

from ocrchat.answers.answer import Answer, Asked, answer_of, joined, parts_of, places_to_show
from ocrchat.answers.grounded import grounded
from ocrchat.answers.printed import printed
from ocrchat.answers.prompt import SCHEMA, prompt_of
from ocrchat.answers.quotes import Citation
from ocrchat.answers.rank import PageRanks

__all__ = [
    "SCHEMA",
    "Answer",
    "Asked",
    "Citation",
    "PageRanks",
    "answer_of",
    "grounded",
    "joined",
    "parts_of",
    "places_to_show",
    "printed",
    "prompt_of",
]
