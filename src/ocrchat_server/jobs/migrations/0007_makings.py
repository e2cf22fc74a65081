from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0006_pages_measured"),
    ]

    operations = [
        migrations.CreateModel(
            name="Making",
            fields=[
                ("key", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("maker", models.UUIDField()),
                ("until", models.DateTimeField()),
            ],
        ),
    ]
