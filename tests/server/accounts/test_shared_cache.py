"""What web processes count, they count together."""

from __future__ import annotations

import pytest
from allauth.core import ratelimit
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory


@pytest.mark.usefixtures("database")
def test_tries_are_counted_in_the_database_and_not_in_a_process() -> None:
    cache.clear()
    request = RequestFactory().post("/")

    def is_let_in() -> bool:
        return ratelimit.consume(request, action="reset_password", key="somebody")  # five a minute

    assert [is_let_in() for _ in range(6)] == [True] * 5 + [False]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM web_cache")
        assert cursor.fetchone()[0] > 0
        cursor.execute("DELETE FROM web_cache")
    assert is_let_in()
    cache.clear()
