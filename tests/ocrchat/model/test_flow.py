"""Pages become one flow: what is printed again and again is said once, what a page's end broke is whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ocrchat.model import Block, BlockType, Box, Cell, Document, Page, Table
from ocrchat.model.flow import notes_of_flow, tables_of_pages
from ocrchat.model.running import running_of, with_running

WIDE, HIGH = 1000, 1400
HEADER, FOOTER, NUMBER = BlockType.HEADER, BlockType.FOOTER, BlockType.PAGE_NUMBER


def _block(text: str, y: int, kind: BlockType = BlockType.PARAGRAPH) -> Block:
    return Block(text, Box(100, y, 900, y + 30), 1.0, kind)


def _page(
    index: int, *blocks: Block, markdown: Sequence[str] | None = None, tables: Sequence[Table] = ()
) -> Page:
    texts = [block.text for block in blocks]
    return Page(
        index=index,
        width=WIDE,
        height=HIGH,
        text="\n\n".join(texts),
        markdown="\n\n".join(markdown or texts),
        blocks=blocks,
        tables=tuple(tables),
    )


def _report(count: int) -> list[Page]:
    return [
        _page(
            index,
            _block("Annual report", 40),
            _block(f"What page {index} says.", 600),
            _block(f"Page {index + 1} of {count}", 1350),
        )
        for index in range(count)
    ]


@pytest.mark.parametrize("count", [2, 3, 12])
def test_headers_are_shown_once_and_page_numbers_never(count: int) -> None:
    document = Document(tuple(_report(count)))
    says = [f"What page {index} says." for index in range(count)]
    assert document.markdown.split("\n\n") == ["Annual report", *says]


def test_headers_and_numbers_stay_as_blocks_with_their_type() -> None:
    pages = with_running(_report(4))
    for page, before in zip(pages, _report(4), strict=True):
        assert [block.type for block in page.blocks] == [HEADER, BlockType.PARAGRAPH, NUMBER]
        assert page.text == before.text


def test_left_and_right_pages_may_have_headers_of_their_own() -> None:
    pages = [
        _page(index, _block(("The book", "The chapter")[index % 2], 40), _block(f"Text {index}.", 500))
        for index in range(8)
    ]
    assert [page.blocks[0].type for page in with_running(pages)] == [HEADER] * 8
    assert Document(tuple(pages)).markdown.count("The book") == 1


def test_numbers_that_are_no_page_numbers_are_text() -> None:
    pages = [_page(index, _block(str(figure), 1350)) for index, figure in enumerate((93, 12, 55, 7))]
    assert [page.blocks[0].type for page in with_running(pages)] == [BlockType.PARAGRAPH] * 4
    assert Document(tuple(pages)).markdown.split("\n\n") == ["93", "12", "55", "7"]


@pytest.mark.parametrize(
    "headers",
    [
        ("Invoice 1001", "Invoice 1002", "Invoice 1003", "Invoice 1004"),
        ("Chapter 1 of the book", "Chapter 1 of the book", "Chapter 2 of the book", "Chapter 2 of the book"),
        ("Statement 7 of March", "Statement 9 of March", "Statement 4 of March", "Statement 5 of March"),
    ],
)
def test_headers_with_other_numbers_than_the_page_are_other_headers(headers: Sequence[str]) -> None:
    pages = [_page(i, _block(text, 40), _block(f"Text {i}.", 500)) for i, text in enumerate(headers)]
    assert [page.blocks[0].type for page in with_running(pages)] == [HEADER] * 4
    assert list(dict.fromkeys(headers)) == [
        line for line in Document(tuple(pages)).markdown.split("\n\n") if not line.startswith("Text")
    ]


def test_a_header_with_the_pages_number_in_it_is_shown_once() -> None:
    pages = [
        _page(i, _block(f"The Annals of Things, volume 12, page {i + 31}", 40), _block(f"Text {i}.", 500))
        for i in range(6)
    ]
    assert Document(tuple(pages)).markdown.count("volume 12") == 1


def test_roman_numbers_count_too() -> None:
    pages = [
        _page(index, _block(f"Text {index}.", 500), _block(number, 1350))
        for index, number in enumerate(("i", "ii", "iii", "iv", "v"))
    ]
    assert [page.blocks[1].type for page in with_running(pages)] == [NUMBER] * 5


def test_what_stands_in_the_middle_or_elsewhere_each_time_is_no_header() -> None:
    middle = [_page(index, _block("Total", 700)) for index in range(5)]
    moving = [_page(index, _block("Total", 20 + 40 * (index % 3))) for index in range(5)]
    for pages in (middle, moving):
        assert {page.blocks[0].type for page in with_running(pages)} == {BlockType.PARAGRAPH}


def test_a_title_that_some_pages_share_is_no_header() -> None:
    pages = [_page(index, _block(f"Slide {index}", 40, BlockType.HEADING)) for index in range(9)]
    pages[2:5] = [_page(index, _block("Results", 40, BlockType.HEADING)) for index in range(2, 5)]
    assert Document(tuple(pages)).markdown.count("Results") == 3


def _broken(end: str, start: str, elsewhere: str = "") -> str:
    first, second = (
        _page(0, _block(end, 1200)),
        _page(1, _block(start, 200), _block(f"Last. {elsewhere}", 900)),
    )
    return Document((first, second)).markdown.split("\n\nLast.")[0]


def test_a_paragraph_goes_on_over_a_page_break() -> None:
    assert _broken("the sentence goes", "on here.") == "the sentence goes on here."
    assert _broken("The sentence ends.", "on it goes.") == "The sentence ends.\n\non it goes."
    assert (
        _broken("a heading of some kind", "The next begins.") == "a heading of some kind\n\nThe next begins."
    )
    assert _broken("此句尚未", "结束。") == "此句尚未结束。"


def test_a_hyphen_goes_where_the_document_has_the_word_whole() -> None:
    assert (
        _broken("it was an inter-", "national matter.", "International.") == "it was an international matter."
    )
    assert _broken("it was well-", "known to all.", "Known.") == "it was well- known to all."
    assert _broken("it was well-", "known to all.", "Well-known.") == "it was well-known to all."


def test_hyphens_inside_a_page_go_by_the_same_rule() -> None:
    broken = _page(0, _block("x", 500), markdown=["a docu-\nment and a well-\nknown one; document"])
    broken = replace(broken, text="a docu-\nment and a well-\nknown one; document")
    assert Document((broken,)).markdown == "a document and a well-\nknown one; document"


def test_a_list_stands_in_one_piece_and_headers_around_it_are_known() -> None:
    pages = [
        _page(
            index,
            _block("Annual report", 40),
            _block("one", 500, BlockType.LIST),
            _block("two", 600, BlockType.LIST),
            _block("3", 1340, BlockType.LIST),
            markdown=["Annual report", f"- one\n- two {index}\n- 3"],
        )
        for index in range(3)
    ]
    lists = "\n\n".join(f"- one\n- two {index}\n- 3" for index in range(3))
    assert Document(tuple(pages)).markdown == f"Annual report\n\n{lists}"


def test_nothing_is_joined_where_a_page_between_is_missing() -> None:
    pages = (_page(0, _block("the sentence goes", 1200)), _page(2, _block("on here.", 200)))
    assert Document(pages).markdown == "the sentence goes\n\non here."


def test_a_page_whose_markdown_is_not_block_by_block_is_kept_as_it_is() -> None:
    pages = [
        _page(index, _block("Annual report", 40), _block("a\nb", 500), markdown=["all of it"])
        for index in (0, 1, 2)
    ]
    assert Document(tuple(pages)).markdown == "all of it\n\nall of it\n\nall of it"


def _table(rows: Sequence[Sequence[str]], y: int, head: int = 1, width: int = 800) -> Table:
    cells = tuple(
        Cell(text, Box(100, y, 200, y + 10), row, column)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    html = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    return Table(Box(100, y, 100 + width, y + 300), cells, f"<table>{html}</table>", head)


def _pipes(rows: Sequence[Sequence[str]], head: int = 1) -> str:
    written = [list(row) for row in rows] if head else [["", ""], *rows]
    written.insert(1, ["---", "---"])
    return "\n".join(f"| {' | '.join(row)} |" for row in written)


def _of_table(index: int, rows: Sequence[Sequence[str]], y: int, head: int = 1, width: int = 800) -> Page:
    block = Block("\n".join(map(" ".join, rows)), Box(100, y, 900, y + 300), 1.0, BlockType.TABLE, table=0)
    number = _block(str(index + 1), 1360)
    return _page(
        index,
        block,
        number,
        markdown=[_pipes(rows, head), number.text],
        tables=[_table(rows, y, head, width)],
    )


HEAD = ("name", "sum")


@pytest.mark.parametrize(("head", "again"), [(1, [HEAD]), (0, [])])
def test_a_table_goes_on_over_pages(head: int, again: list[Sequence[str]]) -> None:
    pages = [
        _of_table(0, [HEAD, ("a", "1")], 1000),
        _of_table(1, [*again, ("b", "2")], 60, head),
        _of_table(2, [*again, ("c", "3")], 60, head),
    ]
    pages[1] = replace(pages[1], tables=(replace(pages[1].tables[0], box=Box(100, 60, 900, 1300)),))
    assert Document(tuple(pages)).markdown == _pipes([HEAD, ("a", "1"), ("b", "2"), ("c", "3")])
    ((page, table),) = tables_of_pages(pages, running_of(pages))
    assert page.index == 0
    assert [(cell.row, cell.text) for cell in table.cells if cell.column == 1] == [
        (0, "sum"),
        (1, "1"),
        (2, "2"),
        (3, "3"),
    ]
    assert table.html.count("<tr>") == 4
    notes = notes_of_flow(with_running(pages))
    assert [(note.code, note.page) for note in notes] == [("table-continued", 0), ("table-continued", 1)]


@pytest.mark.parametrize(
    "second",
    [
        _of_table(1, [("other", "head"), ("b", "2")], 60),
        _of_table(1, [("b", "2")], 900, 0),
        _of_table(1, [("b", "2")], 60, 0, width=500),
        _of_table(1, [("b", "2", "3")], 60, 0),
        _of_table(2, [("b", "2")], 60, 0),
    ],
)
def test_another_table_is_a_table_of_its_own(second: Page) -> None:
    pages = [_of_table(0, [HEAD, ("a", "1")], 1000), second]
    assert len(list(tables_of_pages(pages, running_of(pages)))) == 2
    assert Document(tuple(pages)).markdown.count("---") >= 4
    assert notes_of_flow(pages) == ()


def test_tables_with_spans_go_on_as_html() -> None:
    first, second = _of_table(0, [HEAD, ("a", "1")], 1000), _of_table(1, [HEAD, ("b", "2")], 60)
    first = replace(first, markdown=first.markdown.replace(_pipes([HEAD, ("a", "1")]), "<table>\n</table>"))
    markdown = Document((first, second)).markdown
    assert markdown.count("<table>") == 1
    assert [markdown.count(f"<td>{text}</td>") for text in ("name", "a", "b")] == [1, 1, 1]


def _column(text: str, x: int, y: int) -> Block:
    return Block(text, Box(x, y, x + 400, y + 30), 1.0)


def test_a_paragraph_that_goes_on_in_the_next_column_is_one() -> None:
    page = _page(0, _column("What begins on the left", 100, 1200), _column("ends on the right.", 550, 200))
    assert Document((page,)).markdown == "What begins on the left ends on the right."


def test_paragraphs_that_stand_one_under_the_other_are_two() -> None:
    page = _page(0, _column("What begins above", 100, 200), _column("goes on below.", 100, 400))
    assert Document((page,)).markdown == "What begins above\n\ngoes on below."
    beside = _page(0, _column("A caption of one", 100, 200), _column("and of another.", 550, 200))
    assert Document((beside,)).markdown == "A caption of one\n\nand of another."
