"""Emergencies written down afterwards, transfers as one deed, and terms as versions of data."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.migrations.state import StateApps

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable
from shelters.migrations._locks import PLACEMENT_MOVE, REQUEST_MOVE

# --- Moves: as in 0001, with the two that are new ----------------------------------------------
NEW_PLACEMENT_MOVE = """
CREATE OR REPLACE FUNCTION baken.check_placement_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    desk boolean := baken.may('placement.reserve');
    shelter boolean;
    clock boolean;
BEGIN
    -- The move of a transfer ends the place that is left, whoever's it is.
    IF current_user = 'baken_guard' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'reserved' AND NOT (NEW.status = 'arrived' AND desk
            AND NEW.follows_id IS NULL AND EXISTS (SELECT FROM public.shelters_emergencyplacement e
                WHERE e.placement_id = NEW.id))
        THEN
            PERFORM baken.refuse_move('placement_begins_as_a_reservation');
        END IF;
        IF NEW.follows_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.shelters_placement p
            WHERE p.id = NEW.follows_id AND p.person_id = NEW.person_id AND p.status = 'arrived')
        THEN
            PERFORM baken.refuse_move('transfer_begins_where_the_person_stays');
        END IF;
        IF NOT EXISTS (SELECT FROM public.shelters_placementrequest r
            WHERE r.id = NEW.request_id AND r.case_id = NEW.case_id
                AND r.person_id = NEW.person_id AND r.status = 'submitted')
        THEN
            PERFORM baken.refuse_move('placement_answers_an_open_request');
        END IF;
        IF NOT EXISTS (SELECT FROM public.shelters_bed b
            WHERE b.id = NEW.bed_id AND b.shelter_id = NEW.shelter_id)
        THEN
            PERFORM baken.refuse_move('placement_is_in_the_shelter_of_its_bed');
        END IF;
        RETURN NEW;
    END IF;
    shelter := baken.may('placement.answer') AND EXISTS (SELECT FROM public.shelters_shelter s
        WHERE s.id = OLD.shelter_id AND s.organisation_id = baken.actor_organisation());
    clock := OLD.reserved_until <= statement_timestamp()
        AND (desk OR shelter OR baken.may('deadline.sweep'));
    IF NOT coalesce(
        (OLD.status = 'reserved' AND NEW.status IN ('accepted', 'refused') AND shelter)
        OR (OLD.status = 'reserved' AND NEW.status = 'expired' AND clock)
        OR (OLD.status = 'accepted' AND NEW.status IN ('arrived', 'ended') AND (shelter OR desk))
        OR (OLD.status = 'arrived' AND NEW.status = 'ended' AND (shelter OR desk)), false)
    THEN
        PERFORM baken.refuse_move('placement_moves_along_the_table');
    END IF;
    RETURN NEW;
END $$;
"""
NEW_REQUEST_MOVE = """
CREATE OR REPLACE FUNCTION baken.check_placement_request_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    answers boolean := baken.may('placement.answer');
    sweeps boolean := answers OR baken.may('placement.reserve') OR baken.may('deadline.sweep');
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'submitted' THEN
            PERFORM baken.refuse_move('placement_request_begins_as_submitted');
        END IF;
        IF NOT baken.case_takes_requests(NEW.case_id, NEW.person_id) THEN
            PERFORM baken.refuse_move('shelter_is_asked_for_in_an_active_case');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT coalesce(
        (OLD.status = 'submitted' AND NEW.status = 'offered' AND baken.may('placement.reserve'))
        OR (OLD.status = 'submitted' AND NEW.status = 'cancelled'
            AND baken.may('shelter.request'))
        OR (OLD.status = 'submitted' AND NEW.status = 'placed' AND baken.may('placement.reserve'))
        OR (OLD.status = 'offered' AND NEW.status = 'placed' AND answers)
        OR (OLD.status = 'offered' AND NEW.status = 'submitted' AND sweeps), false)
    THEN
        PERFORM baken.refuse_move('placement_request_moves_along_the_table');
    END IF;
    -- The placement has moved first, so that a request never says what is not so.
    IF EXISTS (SELECT FROM public.shelters_placement p
            WHERE p.request_id = NEW.id AND p.status = 'reserved') <> (NEW.status = 'offered')
        OR EXISTS (SELECT FROM public.shelters_placement p
            WHERE p.request_id = NEW.id AND p.status IN ('accepted', 'arrived')) <> (NEW.status = 'placed')
    THEN
        PERFORM baken.refuse_move('placement_request_says_where_its_placement_stands');
    END IF;
    RETURN NEW;
END $$;
"""


def as_it_was(sql: str) -> str:
    """The function that 0001 made, without its trigger."""
    function = sql[: sql.index("CREATE TRIGGER")]
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


# --- Transfers --------------------------------------------------------------------------------
# Whoever records the arrival may not write the place that is left: so the database ends it, at
# the same moment and in the same statement. Both or neither.
TRANSFER = """
CREATE FUNCTION baken.transfer_is_one_deed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.shelters_placement p WHERE p.id = NEW.follows_id
        AND p.status = 'arrived' AND p.arrived_at >= NEW.arrived_at)
    THEN
        PERFORM baken.refuse_move('who_is_transferred_was_there_before');
    END IF;
    UPDATE public.shelters_placement p
    SET status = 'ended', end_reason = 'transferred', ended_at = NEW.arrived_at,
        ended_by_id = NEW.arrived_by_id, during = tstzrange(lower(p.during), NEW.arrived_at)
    WHERE p.id = NEW.follows_id AND p.status = 'arrived';
    NEW.during := tstzrange(NEW.arrived_at, NULL);
    RETURN NEW;
END $$
"""
# Who leaves otherwise has the next place as the only one; from then on it holds the person too.
LEFT_OTHERWISE = """
CREATE FUNCTION baken.next_place_becomes_the_only_one() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.shelters_placement p
    SET follows_id = NULL, during = tstzrange(greatest(lower(p.during), upper(NEW.during)), NULL)
    WHERE p.follows_id = NEW.id AND p.status IN ('reserved', 'accepted');
    RETURN NULL;
END $$
"""
# The house that somebody left for this placement: it is told, and the next one does not know it.
HOUSE_LEFT = """
CREATE FUNCTION baken.house_left_for(wanted uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT h.organisation_id FROM public.shelters_placement p
    JOIN public.shelters_shelter s ON s.id = p.shelter_id
    JOIN public.shelters_placement o ON o.id = p.follows_id
    JOIN public.shelters_shelter h ON h.id = o.shelter_id
    WHERE p.id = wanted AND o.status = 'ended' AND o.ended_at = p.arrived_at
        AND (baken.may('placement.reserve') OR (baken.may('placement.answer')
            AND s.organisation_id = baken.actor_organisation()))
$$
"""
TRIGGERS = """
CREATE TRIGGER transfer_is_one_deed BEFORE UPDATE ON shelters_placement FOR EACH ROW
    WHEN (NEW.status = 'arrived' AND OLD.status <> 'arrived' AND NEW.follows_id IS NOT NULL)
    EXECUTE FUNCTION baken.transfer_is_one_deed();
CREATE TRIGGER next_place_becomes_the_only_one AFTER UPDATE ON shelters_placement FOR EACH ROW
    WHEN (NEW.status = 'ended' AND OLD.status <> 'ended' AND pg_trigger_depth() = 0)
    EXECUTE FUNCTION baken.next_place_becomes_the_only_one();
"""
NO_TRIGGERS = """
DROP TRIGGER transfer_is_one_deed ON shelters_placement;
DROP TRIGGER next_place_becomes_the_only_one ON shelters_placement;
"""

# --- Rights -----------------------------------------------------------------------------------
COLUMNS = """
REVOKE UPDATE, DELETE ON shelters_emergencyplacement FROM baken_web, baken_worker;
REVOKE INSERT, UPDATE, DELETE ON shelters_shelterterm FROM baken_web, baken_worker;
"""


def load_first_terms(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What stood in the code until now; domain model 2.3, and F18 for the ninety days."""
    apps.get_model("shelters", "ShelterTerm").objects.create(
        version=1,
        answer_hours=4,
        first_days=90,
        long_days=60,
        near_days=14,
        record_days=7,
        source="Uitgangspunten van de keten; 90 dagen is waar de categorale opvang voor is.",
        valid=DateTimeTZRange(None, None),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_handoff_to_its_end"),
        ("organisations", "0003_deliberation_and_tips"),
        ("persons", "0003_a_person_may_be_without_a_name"),
        ("shelters", "0003_withdrawn_beds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="EmergencyPlacement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=referral.lib.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "legal_basis",
                    models.CharField(
                        choices=[
                            ("consent", "Consent (AVG art. 6.1a)"),
                            ("legal_obligation", "Legal obligation (AVG art. 6.1c)"),
                            ("vital_interest", "Vital interest (AVG art. 6.1d)"),
                            ("public_task", "Public task (AVG art. 6.1e)"),
                            ("legitimate_interest", "Legitimate interest (AVG art. 6.1f)"),
                            ("police_decree", "Police data decree (Bpg art. 4:2)"),
                            ("nla_decree", "Police data decree for special investigation services"),
                            ("youth_act", "Youth Act"),
                            ("wmo", "Social Support Act (Wmo 2015)"),
                            ("wgs", "Act on data processing by partnerships (WGS)"),
                        ],
                        max_length=24,
                        verbose_name="legal basis",
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "placement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergency",
                        to="shelters.placement",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "emergency placement",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "legal_basis__in",
                                [
                                    "consent",
                                    "legal_obligation",
                                    "vital_interest",
                                    "public_task",
                                    "legitimate_interest",
                                    "police_decree",
                                    "nla_decree",
                                    "youth_act",
                                    "wmo",
                                    "wgs",
                                ],
                            )
                        ),
                        name="emergency_placement_names_a_known_basis",
                    ),
                ],
            },
        ),
        NewTable(
            name="ShelterTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(unique=True)),
                (
                    "answer_hours",
                    models.PositiveSmallIntegerField(verbose_name="hours to answer a reservation"),
                ),
                (
                    "first_days",
                    models.PositiveSmallIntegerField(verbose_name="days that are agreed first"),
                ),
                (
                    "long_days",
                    models.PositiveSmallIntegerField(verbose_name="days until a stay is long"),
                ),
                (
                    "near_days",
                    models.PositiveSmallIntegerField(verbose_name="days ahead that an end is told"),
                ),
                (
                    "record_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="days to write down an emergency"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_hours__gt", 0),
                            ("first_days__gt", 0),
                            ("long_days__gt", 0),
                            ("near_days__gt", 0),
                            ("record_days__gt", 0),
                            ("valid__isempty", False),
                            models.Q(("source", ""), _negated=True),
                        ),
                        name="shelter_terms_last_some_time_and_say_why",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("valid"), "&&")],
                        name="shelter_terms_have_one_version_in_force",
                    ),
                ]
            },
        ),
        migrations.RunPython(load_first_terms, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="placement",
            name="person_is_not_placed_twice",
        ),
        migrations.AddField(
            model_name="placement",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followers",
                to="shelters.placement",
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("status__in", ("reserved", "accepted", "arrived", "ended")),
                    models.Q(("follows", None), ("arrived_at__isnull", False), _connector="OR"),
                ),
                expressions=[("person", "="), ("during", "&&")],
                name="person_is_not_placed_twice",
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("follows__isnull", False), ("status__in", ("reserved", "accepted"))
                ),
                fields=("person",),
                name="person_moves_to_one_place_at_a_time",
            ),
        ),
        migrations.RunSQL(NEW_PLACEMENT_MOVE, as_it_was(PLACEMENT_MOVE)),
        migrations.RunSQL(NEW_REQUEST_MOVE, as_it_was(REQUEST_MOVE)),
        DefinerFunction("baken.transfer_is_one_deed()", TRANSFER),
        DefinerFunction("baken.next_place_becomes_the_only_one()", LEFT_OTHERWISE),
        DefinerFunction("baken.house_left_for(uuid)", HOUSE_LEFT),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
        Protect(
            "shelters_emergencyplacement",
            # The desk sees it before there is the placement that it is about.
            select="(SELECT baken.may('placement.read_all'))"
            " OR EXISTS (SELECT FROM shelters_placement p WHERE p.id = placement_id)",
            insert="(SELECT baken.may('placement.reserve'))"
            " AND recorded_by_id = (SELECT baken.actor_user())",
        ),
    ]
