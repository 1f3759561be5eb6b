"""The lists of this room: grounds with their terms, sources, and the law behind each flow.

Sources: Wpg art. 8, 9, 10 and 13, and the terms of art. 8 and 9, as in the domain description §4.3
(Police Data Act, evaluation and supervisor's report); §4.1 for the flows. What no source gives (the
terms of art. 10 and 13 and of the AVG) is this design's default, to be confirmed by the privacy
officer of the expert centre: change it by a new row, with the day from which it holds.
"""

from datetime import date

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.migrations.state import StateApps

ALWAYS = DateRange(date(2012, 1, 1), None)
SERVICES = ["police_unit", "kmar", "nla"]
# code, regime, months, months longer by a decision, Dutch, English
GROUNDS = [
    ("wpg_8", "wpg", 60, 0, "Wpg art. 8: dagelijkse politietaak", "Wpg art. 8: daily police task"),
    (
        "wpg_9",
        "wpg",
        6,
        6,
        "Wpg art. 9: onderzoek in een bepaald geval",
        "Wpg art. 9: investigation of a certain case",
    ),
    (
        "wpg_10",
        "wpg",
        60,
        12,
        "Wpg art. 10: inzicht in ernstige misdrijven",
        "Wpg art. 10: insight into serious crime",
    ),
    (
        "wpg_13",
        "wpg",
        12,
        12,
        "Wpg art. 13: ondersteunende taken",
        "Wpg art. 13: supporting tasks",
    ),
    (
        "avg_6_1_e",
        "avg",
        12,
        12,
        "AVG art. 6 lid 1 onder e: taak van algemeen belang",
        "GDPR art. 6(1)(e): task in the public interest",
    ),
    (
        "avg_6_1_c",
        "avg",
        12,
        12,
        "AVG art. 6 lid 1 onder c: wettelijke verplichting",
        "GDPR art. 6(1)(c): legal obligation",
    ),
]
SOURCES = [
    ("police", "Politiesystemen", "Police systems"),
    ("nla", "Nederlandse Arbeidsinspectie", "Labour Authority"),
    ("kmar", "Koninklijke Marechaussee", "Royal Netherlands Marechaussee"),
    ("kvk", "Handelsregister (KvK)", "Commercial register (KvK)"),
    ("brp", "Basisregistratie Personen (BRP)", "Population register (BRP)"),
    ("open", "Open bron", "Open source"),
    ("partner", "Andere partner", "Another partner"),
    ("other", "Anders", "Something else"),
]
# code, kinds of receivers, whether names go along, Dutch, English
FLOWS = [
    (
        "wpg_15",
        SERVICES,
        True,
        "Wpg art. 15: ter beschikking stellen binnen de opsporing",
        "Wpg art. 15: made available among investigation services",
    ),
    (
        "wpg_16",
        ["municipality"],
        False,
        "Wpg art. 16: verstrekken voor de openbare orde",
        "Wpg art. 16: provided for public order",
    ),
    (
        "avg_6_1_e",
        [*SERVICES, "municipality"],
        False,
        "AVG art. 6 lid 1 onder e: taak van algemeen belang",
        "GDPR art. 6(1)(e): task in the public interest",
    ),
]


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    ground, source, flow = (
        apps.get_model("enrichment", name) for name in ("Ground", "Source", "FlowBasis")
    )
    for code, regime, term, longer, dutch, english in GROUNDS:
        ground.objects.create(
            code=code,
            regime=regime,
            term_months=term,
            prolong_months=longer,
            name_nl=dutch,
            name_en=english,
            valid=ALWAYS,
        )
    for place, (code, dutch, english) in enumerate(SOURCES):
        source.objects.create(code=code, place=place, name_nl=dutch, name_en=english, valid=ALWAYS)
    for code, receivers, names, dutch, english in FLOWS:
        flow.objects.create(
            code=code,
            receiver_types=receivers,
            names=names,
            name_nl=dutch,
            name_en=english,
            valid=ALWAYS,
        )


def empty(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    for name in ("Ground", "Source", "FlowBasis"):
        apps.get_model("enrichment", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("enrichment", "0001_enrichment")]
    operations = [migrations.RunPython(fill, empty)]
