"""The map as it is on 1 January 2026; sources in facts/2026/README.md."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.migrations.state import StateApps

FACTS = Path(__file__).resolve().parent.parent / "facts" / "2026"

# The last merger before 2026 (Voorne aan Zee); the map of that day is still the map of 2026.
SINCE_THE_LAST_MERGER = DateRange(date(2023, 1, 1), None)


def rows(name: str) -> Iterable[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def load(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    def model(name: str):
        return apps.get_model("geography", name)

    model("Province").objects.bulk_create(
        model("Province")(code=row["code"], name=row["name"]) for row in rows("provinces")
    )
    model("PoliceUnit").objects.bulk_create(
        model("PoliceUnit")(code=row["code"], name=row["name"]) for row in rows("police_units")
    )
    model("SafetyRegion").objects.bulk_create(
        model("SafetyRegion")(
            code=row["code"],
            name=row["name"],
            province_id=row["province"],
            police_unit_id=row["police_unit"],
        )
        for row in rows("safety_regions")
    )
    model("Municipality").objects.bulk_create(
        model("Municipality")(
            cbs_code=row["code"],
            name=row["name"],
            also_called=row["also_called"],
            province_id=row["province"],
            safety_region_id=row["safety_region"],
            valid=SINCE_THE_LAST_MERGER,
        )
        for row in rows("municipalities")
    )
    model("CareRegion").objects.bulk_create(
        model("CareRegion")(
            code=row["code"], name=row["name"], centre_municipality_id=row["centre_municipality"]
        )
        for row in rows("care_regions")
    )
    care_region_of = {row["centre_municipality"]: row["code"] for row in rows("care_regions")}
    model("CareRegionMunicipality").objects.bulk_create(
        model("CareRegionMunicipality")(
            care_region_id=care_region_of[row["centre_municipality"]],
            municipality_id=row["code"],
            valid=SINCE_THE_LAST_MERGER,
            inferred=row["centre_inferred"] == "yes",
        )
        for row in rows("municipalities")
    )


def unload(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("geography", "Municipality").objects.update(successor=None)
    for name in (
        "CareRegionMunicipality",
        "CareRegion",
        "FormerStanding",
        "Municipality",
        "SafetyRegion",
        "PoliceUnit",
        "Province",
    ):
        apps.get_model("geography", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("geography", "0001_geography")]

    operations = [migrations.RunPython(load, unload)]
