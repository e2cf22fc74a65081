"""Answer questions about a document with what it says, word for word, and where it says it."""

from ocrchat.answers.answer import Answer, Asked, answer_of
from ocrchat.answers.quotes import Citation
from ocrchat.answers.rank import PageRanks

__all__ = ["Answer", "Asked", "Citation", "PageRanks", "answer_of"]
