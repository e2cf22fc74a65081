"""Give the database the ledger's own rules; the purses of the house have the ids below 1000."""

from django.db import migrations

from ocrchat_server.billing.sql import ledger_rules


class Migration(migrations.Migration):

    dependencies = [("billing", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE billing_purse ALTER COLUMN id RESTART WITH 1000", migrations.RunSQL.noop),
        migrations.RunSQL(ledger_rules(), migrations.RunSQL.noop),
    ]
