"""Work with the database in threads, and give connections back to the pool as soon as the work is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connections

Given = ParamSpec("Given")
Result = TypeVar("Result")

_THREADS = ThreadPoolExecutor(256, thread_name_prefix="work")
"""For work within requests. Django would start a thread for each request, a tenth of what a POST costs."""


@contextmanager
def released_connections() -> Iterator[None]:
    """Whatever this thread opens meanwhile is given back at the end; a broken one goes to nobody.

    Django does so by itself only at the end of a request. Work outside of requests, and a request
    that waits, must not hold a connection: 200 waiters would starve everybody else.
    """
    try:
        yield
    finally:
        connections.close_all()


def connections_released(work: Callable[Given, Result]) -> Callable[Given, Result]:
    """The same function, with its connections released when it returns or raises."""

    @wraps(work)
    def released(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        with released_connections():
            return work(*args, **kwargs)

    return released


def in_thread(work: Callable[Given, Result]) -> Callable[Given, Awaitable[Result]]:
    """The same function to be awaited, done in a thread; its connections are released like that too."""
    return sync_to_async(connections_released(work), thread_sensitive=False, executor=_THREADS)
