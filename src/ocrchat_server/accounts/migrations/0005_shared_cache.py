"""A table for what web processes have to count together: who tried to log in how often, codes used up."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make(apps: Any, editor: Any) -> None:
    """Create the table of `CACHES`, unless it is there."""
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_forget_revoked_tokens")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
