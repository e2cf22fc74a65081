"""Let answers know the exchange that the ledger knows them by, and what they cost."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0001_conversations'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='credits',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='message',
            name='exchange',
            field=models.UUIDField(null=True, unique=True),
        ),
    ]
