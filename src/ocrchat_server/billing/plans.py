"""The plans an account can have."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.errors import UnknownOption


@dataclass(frozen=True, slots=True)
class Plan:
    """What an account may do; `pages_a_file` is the most pages one file may have."""

    name: str
    pages_a_file: int


ANONYMOUS = Plan("anonymous", pages_a_file=100)
PLANS = (ANONYMOUS, Plan("free", pages_a_file=500), Plan("paid", pages_a_file=2000))


def plan_named(name: str) -> Plan:
    """The plan of that name; UnknownOption names those that exist."""
    for plan in PLANS:
        if plan.name == name:
            return plan
    raise UnknownOption("plan", name, (plan.name for plan in PLANS))
