from __future__ import annotations

from ocrchat.layout.inline import run_on, vocabulary
from ocrchat.model import Box, Line, Word


def line(
    text: str, y: int = 0, *, bold: str = "", italic: str = "", link: dict[str, str] | None = None
) -> Line:
    words, at = [], 0
    for word in text.split(" "):
        box = Box(at, y, at + 10 * len(word), y + 20)
        words.append(
            Word(word, box, 1.0, word in bold.split(), word in italic.split(), (link or {}).get(word))
        )
        at = box.x1 + 10
    return Line(text, Box(0, y, at - 10, y + 20), 1.0, tuple(words))


def text_of(*lines: Line, spaced: bool = True) -> str:
    return run_on(lines, vocabulary(lines), spaced=spaced)


def test_lines_run_on() -> None:
    assert text_of(line("some words of one line"), line("and of the next", 20)) == (
        "some words of one line and of the next"
    )


def test_words_of_one_style_are_marked_together_over_a_line_end() -> None:
    lines = line("this is all very", bold="very"), line("bold but not this", 20, bold="bold")
    assert text_of(*lines) == "this is all **very bold** but not this"


def test_emphasis_and_links_are_written() -> None:
    one = line("an important page (see here)", italic="important", link={"page": "https://a.example/x?y=1"})
    assert text_of(one) == "an *important* [page](<https://a.example/x?y=1>) (see here)"


def test_links_that_run_something_are_plain_text() -> None:
    assert text_of(line("click me", link={"me": "javascript:alert(1)"})) == "click me"


def test_a_broken_word_is_joined_where_the_page_has_it_whole() -> None:
    lines = line("the example of an exam-"), line("ple is a good exa-", 20), line("rple here now ok", 40)
    assert text_of(*lines) == "the example of an example is a good exa- rple here now ok"


def test_a_hyphen_that_belongs_to_a_word_is_kept() -> None:
    lines = line("a well-known fact is a well-"), line("known fact", 20)
    assert text_of(*lines) == "a well-known fact is a well-known fact"


def test_text_is_never_taken_for_markup() -> None:
    assert text_of(line("# 5 * 3 <b> [a](b)")) == "\\# 5 \\* 3 \\<b\\> \\[a\\](b)"
    assert text_of(line("*a* bold_word", bold="bold_word")) == "\\*a\\* **bold\\_word**"


def test_letters_without_spaces_are_joined_without() -> None:
    assert text_of(line("日本語の文"), line("は続く文で", 20), spaced=False) == "日本語の文は続く文で"
