"""How long data are kept, each term with the text that says so and how sure that is.

Found: Wmo 2015 art. 5.3.4 (text of 2017), Wpg art. 8. Where no text was found the chain chose, and
the row says so. The selection list (selectielijst) that BIO2 5.33.01 asks for is still to be made.
"""

from datetime import date

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.migrations.state import StateApps

from referral.retention.migrations._locks import KEPT, NOT_KEPT

ALWAYS = DateRange(date(2012, 1, 1), None)
# Category, months, certainty, source.
TERMS = [
    ("case", 180, "old", "Wmo 2015 art. 5.3.4: 15 jaar (tekst van 2017)"),
    ("case_child", 240, "to_check", "Jeugdwet art. 7.3.8: 20 jaar; in de tekst van 2017 15 jaar"),
    ("registration", 60, "choice", "Keuze van de keten: 5 jaar na de laatste gebeurtenis"),
    ("signal", 12, "choice", "Keuze van de keten: 1 jaar als niet is doorgezet"),
    ("police", 60, "found", "Wpg art. 8 en 14: verwijderen na 5 jaar, dan 5 jaar afgeschermd"),
    ("placement", 12, "choice", "Keuze van de keten: 1 jaar na het einde van de plaatsing"),
    ("consent", 60, "choice", "Keuze van de keten: 5 jaar na afloop van de toestemming"),
    ("trail", 60, "to_check", "NEN 7513: ten minste 5 jaar"),
]


def add(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    terms = apps.get_model("retention", "RetentionTerm")._default_manager
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
    terms.bulk_create(
        terms.model(
            category=category, months=months, certainty=certainty, source=source, valid=ALWAYS
        )
        for category, months, certainty, source in TERMS
    )
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_retention")]

    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
