"""How long the terms last, each with the text that says so and how sure that is.

Found: WBV 2023/11 (Stcrt. 2023, 13577) for the reflection period. What comes from an older text of
the Vc (snapshot up to 2017) or from general knowledge says so, and is changed by a new row.
"""

from datetime import date

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.migrations.state import StateApps

ALWAYS = DateRange(date(2012, 1, 1), None)
# Code, months, days, certainty, source, from when.
TERMS = [
    ("reflection", 3, 0, "found", "B8/3.1 Vc (WBV 2023/11)", ALWAYS),
    (
        "reflection_dublin",
        0,
        30,
        "found",
        "B8/3.1 Vc (WBV 2023/11), verleend na 18-05-2023",
        DateRange(date(2023, 5, 19), None),
    ),
    ("reporting", 1, 0, "old", "B8/3.1 Vc (tekst tot 2017)", ALWAYS),
    ("decision", 0, 1, "old", "B8/3 Vc (tekst tot 2017): streven van 24 uur", ALWAYS),
    ("permit", 12, 0, "found", "Vb 3.48; Wegwijzer mensenhandel", ALWAYS),
    ("objection", 0, 28, "to_check", "Vw art. 69: vier weken", ALWAYS),
    ("complaint", 3, 0, "to_check", "Sv art. 12k: drie maanden", ALWAYS),
    ("continued_stay", 36, 0, "old", "Vb 3.51; B9 Vc (tekst tot 2017)", ALWAYS),
    ("continued_stay_d", 12, 0, "old", "Vb 3.51; B9 Vc (tekst tot 2017)", ALWAYS),
]


def add(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lengths = apps.get_model("residence", "TermLength")._default_manager
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
    lengths.bulk_create(
        lengths.model(
            code=code, months=months, days=days, certainty=certainty, source=source, valid=valid
        )
        for code, months, days, certainty, source, valid in TERMS
    )
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


class Migration(migrations.Migration):
    dependencies = [("residence", "0001_residence")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
