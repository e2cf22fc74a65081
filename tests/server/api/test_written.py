"""What was written of a page is kept for when it is asked for again."""

from __future__ import annotations

from ocrchat.model import Page
from ocrchat_server.api.v1.written import Written


def test_a_page_is_written_once_and_another_like_it_again() -> None:
    written: list[Page] = []

    def write(page: Page) -> bytes:
        written.append(page)
        return page.text.encode()

    kept, page, like = Written(write), Page(0, 10, 10, "text"), Page(0, 10, 10, "text")
    assert [kept.of(each) for each in (page, page, like, page)] == [b"text"] * 4
    assert [id(each) for each in written] == [id(page), id(like)]


def test_what_is_kept_is_bounded_and_what_was_asked_for_last_stays() -> None:
    count = 0

    def write(page: Page) -> bytes:
        nonlocal count
        count += 1
        return bytes(10)

    kept, pages = Written(write, most=20), [Page(index, 10, 10) for index in range(3)]
    for page in (pages[0], pages[1], pages[0], pages[2], pages[0]):
        kept.of(page)
    assert count == 3
    kept.of(pages[1])
    assert count == 4
