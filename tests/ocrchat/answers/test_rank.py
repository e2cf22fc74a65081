"""The index of a document's pages."""

from __future__ import annotations

from ocrchat.answers import PageRanks

PAGES = [
    "The rent is due monthly.",
    "Kündigungsfristen und Mieten",
    "月租金为人民币5800元",
    "",
    "rent rent house",
]


def test_pages_that_say_more_of_it_come_first_and_others_not_at_all() -> None:
    ranks = PageRanks(PAGES)
    assert set(ranks.best({"rent": 1.0}, 10)) == {0, 4}
    assert ranks.best({"rent": 1.0, "monthly": 1.0}, 1) == (0,)


def test_other_forms_of_a_long_word_are_found() -> None:
    assert PageRanks(PAGES).best({"Kündigungsfrist": 1.0}, 3) == (1,)


def test_scripts_without_spaces_are_found_by_pairs_of_letters() -> None:
    assert PageRanks(PAGES).best({"租金": 1.0}, 3) == (2,)


def test_a_term_that_is_nowhere_finds_nothing() -> None:
    assert PageRanks(PAGES).best({"zebra": 1.0}, 3) == ()


def test_an_index_of_nothing_finds_nothing() -> None:
    for texts in ([], [""], ["", " "]):
        ranks = PageRanks(texts)
        assert ranks.best({"rent": 1.0}, 3) == ()
        assert ranks.page_count == len(texts)
