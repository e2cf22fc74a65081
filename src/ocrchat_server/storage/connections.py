"""Give database connections back to the pool as soon as a piece of work is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connections

Given = ParamSpec("Given")
Result = TypeVar("Result")


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
