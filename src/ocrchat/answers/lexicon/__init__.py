"""Know what people ask documents for, by every name it goes by in some thirty languages."""

from ocrchat.answers.lexicon.concepts import Concept, Hit, hits_in, longest, names_of
from ocrchat.answers.lexicon.lists import alike, joining_words, month_names, not_found, stop_words, time_units

__all__ = [
    "Concept",
    "Hit",
    "alike",
    "hits_in",
    "joining_words",
    "longest",
    "month_names",
    "names_of",
    "not_found",
    "stop_words",
    "time_units",
]
