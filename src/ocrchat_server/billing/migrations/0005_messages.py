"""Let plans say what chat messages cost, and holds set it aside."""

from django.db import migrations, models

from ocrchat_server.billing.sql import ledger_rules


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0004_purchases'),
    ]

    operations = [
        migrations.AddField(
            model_name='hold',
            name='about',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='planrow',
            name='message_credits',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='planrow',
            name='messages_a_day',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.RunSQL(ledger_rules(), migrations.RunSQL.noop),
    ]
