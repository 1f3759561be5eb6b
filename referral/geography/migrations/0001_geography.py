"""The tables of the map, and the extensions that its constraints and its search lean on."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension, UnaccentExtension
from django.db import migrations, models

from referral.lib.tables import NewTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        UnaccentExtension(),
        NewTable(
            name="Municipality",
            fields=[
                (
                    "cbs_code",
                    models.CharField(
                        max_length=6, primary_key=True, serialize=False, verbose_name="CBS code"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "also_called",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="The everyday name, such as Den Haag for 's-Gravenhage.",
                        max_length=60,
                        verbose_name="also called",
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        verbose_name="exists from and until"
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="geography.municipality",
                        verbose_name="successor",
                    ),
                ),
            ],
            options={
                "verbose_name": "municipality",
                "verbose_name_plural": "municipalities",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cbs_code__regex", "^GM[0-9]{4}$")),
                        name="municipality_code_is_gm_and_four_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="municipality_has_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="municipality_has_a_first_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("successor", None), ("valid__upper_inf", False), _connector="OR"
                        ),
                        name="municipality_with_a_successor_has_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("successor", None),
                            models.Q(("successor", models.F("cbs_code")), _negated=True),
                            _connector="OR",
                        ),
                        name="municipality_does_not_succeed_itself",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("name", "="), ("valid", "&&")],
                        name="two_municipalities_never_share_a_name_at_one_time",
                    ),
                ],
            },
        ),
        NewTable(
            name="CareRegion",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=6, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "centre_municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geography.municipality",
                        verbose_name="centre municipality",
                    ),
                ),
            ],
            options={
                "verbose_name": "care region",
                "verbose_name_plural": "care regions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^CR[0-9]{4}$")),
                        name="care_region_code_is_cr_and_four_digits",
                    ),
                    models.UniqueConstraint(
                        fields=("name",), name="two_care_regions_never_share_a_name"
                    ),
                    models.UniqueConstraint(
                        fields=("centre_municipality",),
                        name="municipality_is_the_centre_of_one_care_region",
                    ),
                ],
            },
        ),
        NewTable(
            name="PoliceUnit",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=4, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="name")),
            ],
            options={
                "verbose_name": "police unit",
                "verbose_name_plural": "police units",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^RE(0[1-9]|10)$")),
                        name="police_unit_code_is_re01_to_re10",
                    ),
                    models.UniqueConstraint(
                        fields=("name",), name="two_police_units_never_share_a_name"
                    ),
                ],
            },
        ),
        NewTable(
            name="Province",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=4, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="name")),
            ],
            options={
                "verbose_name": "province",
                "verbose_name_plural": "provinces",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^PV(2[0-9]|3[01])$")),
                        name="province_code_is_pv20_to_pv31",
                    ),
                    models.UniqueConstraint(
                        fields=("name",), name="two_provinces_never_share_a_name"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="municipality",
            name="province",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="municipalities",
                to="geography.province",
                verbose_name="province",
            ),
        ),
        NewTable(
            name="SafetyRegion",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=4, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="name")),
                (
                    "police_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="safety_regions",
                        to="geography.policeunit",
                        verbose_name="police unit",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="safety_regions",
                        to="geography.province",
                        verbose_name="province",
                    ),
                ),
            ],
            options={
                "verbose_name": "safety region",
                "verbose_name_plural": "safety regions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^VR(0[1-9]|1[0-9]|2[0-5])$")),
                        name="safety_region_code_is_vr01_to_vr25",
                    ),
                    models.UniqueConstraint(
                        fields=("name",), name="two_safety_regions_never_share_a_name"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="municipality",
            name="safety_region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="municipalities",
                to="geography.safetyregion",
                verbose_name="safety region",
            ),
        ),
        NewTable(
            name="FormerStanding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        verbose_name="held from and until"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_standings",
                        to="geography.municipality",
                        verbose_name="municipality",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geography.province",
                        verbose_name="province",
                    ),
                ),
                (
                    "safety_region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geography.safetyregion",
                        verbose_name="safety region",
                    ),
                ),
            ],
            options={
                "verbose_name": "former standing",
                "verbose_name_plural": "former standings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isempty", False),
                            ("valid__lower_inf", False),
                            ("valid__upper_inf", False),
                        ),
                        name="former_standing_has_a_first_and_a_last_day",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("municipality", "="), ("valid", "&&")],
                        name="municipality_stood_in_one_way_at_a_time",
                    ),
                ],
            },
        ),
        NewTable(
            name="CareRegionMunicipality",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        verbose_name="holds from and until"
                    ),
                ),
                (
                    "inferred",
                    models.BooleanField(
                        help_text="Presumed from its surroundings; no official list says so.",
                        verbose_name="inferred",
                    ),
                ),
                (
                    "care_region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="geography.careregion",
                        verbose_name="care region",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_links",
                        to="geography.municipality",
                        verbose_name="municipality",
                    ),
                ),
            ],
            options={
                "verbose_name": "municipality in a care region",
                "verbose_name_plural": "municipalities in care regions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="care_link_has_a_first_day",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("municipality", "="), ("valid", "&&")],
                        name="municipality_is_in_one_care_region_at_a_time",
                    ),
                ],
            },
        ),
    ]
