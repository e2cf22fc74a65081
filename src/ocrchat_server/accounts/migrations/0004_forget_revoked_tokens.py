"""Forget the digests of tokens that were revoked, so that looking one up takes no longer than any other."""

from django.db import migrations

_FORGET = """
    UPDATE accounts_apitoken SET digest = sha256(convert_to(gen_random_uuid()::text || gen_random_uuid(), 'UTF8'))
    WHERE revoked_at IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [("accounts", "0003_looks")]

    operations = [migrations.RunSQL(_FORGET, migrations.RunSQL.noop)]
