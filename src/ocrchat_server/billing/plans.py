"""The plans an account can have, as the database has them."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import models

from ocrchat.errors import UnknownOption
from ocrchat_server.billing.errors import BadPlans
from ocrchat_server.billing.models import PackRow, Period, PlanRow

WITHOUT_ACCOUNT = "anonymous"
"""The plan of who shows no token."""
NEW_ACCOUNTS = "free"
"""The plan of who signs up."""
PAID = "paid"
"""The plan of who buys."""

_KEPT_SECONDS = 5.0
"""How long a process knows a plan before it looks again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an account may do; `models.PlanRow` explains each."""

    name: str
    title: str
    allowance: int | None
    period: Period
    network_allowance: int
    pages_a_file: int
    text_layer_credits: int
    weight: int
    requests_a_minute: int | None
    is_public: bool
    message_credits: int = 0
    messages_a_day: int | None = None


def plan_named(name: str) -> Plan:
    """The plan of that name, as it was at most some seconds ago; UnknownOption names those that exist."""
    plans = _known()
    if name not in plans:
        plans = _known(at_once=True)
    try:
        return plans[name]
    except KeyError:
        raise UnknownOption("plan", name, sorted(plans)) from None


def plan_at_hand(name: str) -> Plan | None:
    """The plan of that name where this process has looked a moment ago; asks nobody."""
    found = _cache.get("plans")
    if found is None or time.monotonic() - found[0] > _KEPT_SECONDS:
        return None
    return found[1].get(name)


def all_plans() -> tuple[Plan, ...]:
    """Every plan, the smallest file limit first."""
    return tuple(sorted(_known().values(), key=lambda plan: (plan.pages_a_file, plan.name)))


def seed_plans(file: Path | None = None) -> None:
    """Store the plans and packs of a YAML file, ours without one, that are not stored yet. BadPlans."""
    try:
        text = file.read_text() if file else (files(__package__) / "plans.yaml").read_text()
        data = yaml.safe_load(text)
        for kind, model in (("plans", PlanRow), ("packs", PackRow)):
            _insert_missing(model, data.get(kind) or {})
    except (OSError, yaml.YAMLError, AttributeError, TypeError, ValidationError) as error:
        raise BadPlans(f"the plans in {file or 'plans.yaml'} cannot be used: {error}") from error
    _cache.clear()


def _insert_missing(model: type[models.Model], rows: dict[str, dict[str, Any]]) -> None:
    known = set(model._default_manager.filter(pk__in=rows).values_list("pk", flat=True))
    new = [model(name=name, **values) for name, values in rows.items() if name not in known]
    for each in new:
        each.clean_fields()
    # Another process may start at the same time.
    model._default_manager.bulk_create(new, ignore_conflicts=True)


_cache: dict[str, tuple[float, dict[str, Plan]]] = {}


def _known(at_once: bool = False) -> dict[str, Plan]:
    found = _cache.get("plans")
    if found is None or at_once or time.monotonic() - found[0] > _KEPT_SECONDS:
        plans = {row.name: _as_value(row) for row in PlanRow.objects.all()}
        found = _cache["plans"] = (time.monotonic(), plans)
    return found[1]


def _as_value(row: PlanRow) -> Plan:
    values = {field.name: getattr(row, field.name) for field in fields(Plan)}
    return Plan(**{**values, "period": Period(row.period)})
