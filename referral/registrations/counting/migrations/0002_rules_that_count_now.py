"""The rules by which was counted before they were written down, for every period."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.migrations.state import StateApps

SOURCE = (
    "Jaarcijfers van CoMensha: aanmeldingen in het jaar van registratie, en daarnaast unieke"
    " personen; samengevoegde dossiers zijn één persoon"
)


def add(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
    apps.get_model("counting", "CountingRules")._default_manager.create(
        version=1,
        moment="registered",
        unit="person",
        source=SOURCE,
        valid=DateRange(None, None),
    )
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


class Migration(migrations.Migration):
    dependencies = [("counting", "0001_rules_of_counting")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
