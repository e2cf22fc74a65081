from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('jobs', '0002_deletion_keys_turns')]

    operations = [
        migrations.AlterField(
            model_name='turn',
            name='requester',
            field=models.CharField(max_length=65, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name='turn',
            name='tag',
            field=models.BigIntegerField(db_index=True),
        ),
    ]
