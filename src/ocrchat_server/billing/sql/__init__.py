"""The ledger's own rules in the database's language."""

from __future__ import annotations

from importlib.resources import files


def ledger_rules() -> str:
    """The functions and triggers of the ledger; running them again brings them up to date."""
    return (files(__package__) / "ledger.sql").read_text()
