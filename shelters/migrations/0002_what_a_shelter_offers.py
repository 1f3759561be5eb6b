"""What a shelter offers, its contracts over time, and units and withdrawal of beds."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from referral.lib.policies import Protect
from referral.lib.tables import NewTable
from shelters.migrations._locks import OWN_SHELTER, may

# The shelter says what it offers; which kind of shelter it is, where it lies and whether people
# are placed there, the desk says.
KIND = """
CREATE FUNCTION baken.kind_of_shelter_is_the_desks() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT baken.may('placement.reserve') THEN
        PERFORM baken.refuse_move('kind_of_shelter_is_the_desks');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kind_of_shelter_is_the_desks BEFORE UPDATE ON shelters_shelter FOR EACH ROW
    WHEN ((OLD.code_name, OLD.type, OLD.safety_region_id, OLD.active)
        IS DISTINCT FROM (NEW.code_name, NEW.type, NEW.safety_region_id, NEW.active))
    EXECUTE FUNCTION baken.kind_of_shelter_is_the_desks();
"""
UNKIND = """
DROP TRIGGER kind_of_shelter_is_the_desks ON shelters_shelter;
DROP FUNCTION baken.kind_of_shelter_is_the_desks();
"""
FAMILY = """
CREATE FUNCTION baken.family_stays_in_one_shelter() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT count(DISTINCT (p.shelter_id, p.reserved_at)) FROM public.shelters_placement p
        LEFT JOIN public.shelters_familystay f ON f.placement_id = p.id
        WHERE f.family = NEW.family OR p.id = NEW.placement_id) > 1
    THEN
        PERFORM baken.refuse_move('family_stays_in_one_shelter');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER family_stays_in_one_shelter BEFORE INSERT ON shelters_familystay
    FOR EACH ROW EXECUTE FUNCTION baken.family_stays_in_one_shelter();
"""
# A contract is ended, or corrected for the same first day; whose it is, never changes.
COLUMNS = """
REVOKE UPDATE ON shelters_contract, shelters_familystay FROM baken_web, baken_worker;
GRANT UPDATE (places, valid, set_at, set_by_id) ON shelters_contract TO baken_web, baken_worker;
GRANT UPDATE (pets, target_groups, expertise, languages) ON shelters_shelter
    TO baken_web, baken_worker;
GRANT UPDATE (unit, withdrawn_at) ON shelters_bed TO baken_web, baken_worker;
"""
DESK = may("placement.reserve")


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0001_shelters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Contract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "funding",
                    models.CharField(
                        choices=[
                            ("state", "The State"),
                            ("centre", "The centre municipality"),
                            ("youth", "The youth care region"),
                            ("guardian", "The guardianship institution"),
                            ("other", "Another funder"),
                        ],
                        max_length=8,
                        verbose_name="paid by",
                    ),
                ),
                ("places", models.PositiveSmallIntegerField(verbose_name="places")),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        verbose_name="holds from and until"
                    ),
                ),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shelter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="shelters.shelter",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("funding__in", ["state", "centre", "youth", "guardian", "other"])
                        ),
                        name="contract_is_paid_by_a_known_funder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("places__lte", 2000)),
                        name="contract_has_a_possible_number_of_places",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="contract_has_a_first_day",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("shelter", "="), ("funding", "="), ("valid", "&&")],
                        name="funder_has_one_contract_at_a_time",
                    ),
                ]
            },
        ),
        NewTable(
            name="FamilyStay",
            fields=[
                (
                    "placement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="family_stay",
                        serialize=False,
                        to="shelters.placement",
                    ),
                ),
                ("family", models.UUIDField(db_index=True)),
            ],
        ),
        migrations.AddField(
            model_name="bed",
            name="unit",
            field=models.CharField(blank=True, max_length=30, verbose_name="unit"),
        ),
        migrations.AddField(
            model_name="bed",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="shelter",
            name="expertise",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("mild_disability", "Mild intellectual disability"),
                        ("mental_health", "Mental health care"),
                        ("addiction", "Addiction care"),
                        ("life_domains", "Problems in several parts of life"),
                    ],
                    max_length=16,
                ),
                blank=True,
                default=list,
                size=None,
                verbose_name="expertise",
            ),
        ),
        migrations.AddField(
            model_name="shelter",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3),
                blank=True,
                default=list,
                size=None,
                verbose_name="languages spoken",
            ),
        ),
        migrations.AddField(
            model_name="shelter",
            name="pets",
            field=models.BooleanField(default=False, verbose_name="pets may come along"),
        ),
        migrations.AddField(
            model_name="shelter",
            name="target_groups",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("trafficking", "Victims of human trafficking"),
                        ("labour", "Victims of labour exploitation"),
                        ("violence", "Victims of violence at home"),
                        ("homeless", "People without a home"),
                        ("multiple", "People with multiple problems"),
                        ("youth", "Exploited young people"),
                        ("unaccompanied", "Unaccompanied minors"),
                    ],
                    max_length=16,
                ),
                blank=True,
                default=list,
                size=None,
                verbose_name="made for",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "target_groups__contained_by",
                        [
                            "trafficking",
                            "labour",
                            "violence",
                            "homeless",
                            "multiple",
                            "youth",
                            "unaccompanied",
                        ],
                    )
                ),
                name="shelter_is_made_for_known_groups",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "expertise__contained_by",
                        ["mild_disability", "mental_health", "addiction", "life_domains"],
                    )
                ),
                name="shelter_has_known_expertise",
            ),
        ),
        migrations.RunSQL(KIND, UNKIND),
        migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
        Protect(
            "shelters_contract",
            select=f"{may('bed.read_all')} OR ({may('bed.manage_own')} AND {OWN_SHELTER})",
            insert=f"{DESK} AND set_by_id = (SELECT baken.actor_user())",
            update=DESK,
        ),
        migrations.RunSQL(
            FAMILY,
            "DROP TRIGGER family_stays_in_one_shelter ON shelters_familystay;"
            "DROP FUNCTION baken.family_stays_in_one_shelter()",
        ),
        Protect(
            "shelters_familystay",
            select="EXISTS (SELECT FROM shelters_placement p WHERE p.id = placement_id)",
            insert=DESK,
        ),
    ]
