"""A version of terms is followed by another and never changed; how sure it is stands beside it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import AddPolicy, Protect
from referral.lib.tables import NewTable

KEEPS = "(SELECT baken.may('terms.keep'))"
OLD_RIGHT = "(SELECT baken.may('residence.terms'))"
USER = "(SELECT baken.actor_user())"
TABLES = (
    "planning_planningterm",
    "cases_handoffterm",
    "shelters_shelterterm",
    "residence_termlength",
)
# A new version has no end and begins in time to come; of the one before it only the end is set,
# and that lies in time to come as well. So nothing that held is ever another than it was.
STANDS = """
CREATE FUNCTION baken.terms_that_held_stay_as_they_were() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user = 'baken_guard' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF upper_inf(NEW.valid) AND lower(NEW.valid) > statement_timestamp() THEN
            RETURN NEW;
        END IF;
    ELSIF upper_inf(OLD.valid) AND upper(NEW.valid) > statement_timestamp()
        AND lower(NEW.valid) IS NOT DISTINCT FROM lower(OLD.valid)
        AND to_jsonb(NEW) - 'valid' = to_jsonb(OLD) - 'valid'
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'terms_that_held_stay_as_they_were',
        MESSAGE = 'terms_that_held_stay_as_they_were: ' || TG_TABLE_NAME;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER terms_that_held_stay_as_they_were BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION baken.terms_that_held_stay_as_they_were();
"""
    for table in TABLES
)
NO_STANDS = (
    "".join(f"DROP TRIGGER terms_that_held_stay_as_they_were ON {table};" for table in TABLES)
    + "DROP FUNCTION baken.terms_that_held_stay_as_they_were()"
)
ROLES = "baken_web, baken_worker"
COLUMNS = (
    "".join(
        f"""
REVOKE UPDATE, DELETE ON {table} FROM {ROLES};
GRANT INSERT ON {table} TO {ROLES};
GRANT UPDATE (valid) ON {table} TO {ROLES};
"""
        for table in TABLES
    )
    + f"REVOKE UPDATE, DELETE ON terms_confirmation FROM {ROLES};"
)
NO_COLUMNS = (
    "".join(f"REVOKE INSERT, UPDATE (valid) ON {table} FROM {ROLES};" for table in TABLES)
    + f"GRANT INSERT, UPDATE, DELETE ON residence_termlength TO {ROLES};"
    + f"GRANT INSERT ON cases_handoffterm TO {ROLES};"
)
RESIDENCE = """
ALTER POLICY residence_termlength_insert ON residence_termlength WITH CHECK ({right});
ALTER POLICY residence_termlength_update ON residence_termlength USING ({right});
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0002_handoff_to_its_end"),
        ("planning", "0001_plans_tasks_and_risks"),
        ("residence", "0004_the_immigration_service_has_a_role"),
        ("shelters", "0004_emergencies_transfers_and_terms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Confirmation",
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
                    "certainty",
                    models.CharField(
                        choices=[
                            ("found", "Found in the source"),
                            ("old", "From an older text: check it"),
                            ("choice", "A choice of the chain: no source says so"),
                            ("to_check", "General knowledge: check it"),
                        ],
                        max_length=8,
                        verbose_name="certainty",
                    ),
                ),
                ("given_at", models.DateTimeField()),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handover",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.handoffterm",
                    ),
                ),
                (
                    "planning",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.planningterm",
                    ),
                ),
                (
                    "shelter",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shelters.shelterterm",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("handover", None), ("planning__isnull", False), ("shelter", None)
                            ),
                            models.Q(
                                ("handover__isnull", False), ("planning", None), ("shelter", None)
                            ),
                            models.Q(
                                ("handover", None), ("planning", None), ("shelter__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="confirmation_is_of_one_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("certainty__in", ["found", "old", "choice", "to_check"])
                        ),
                        name="confirmation_certainty_is_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(STANDS, NO_STANDS),
        migrations.RunSQL(COLUMNS, NO_COLUMNS),
        migrations.RunSQL(RESIDENCE.format(right=KEEPS), RESIDENCE.format(right=OLD_RIGHT)),
        AddPolicy("cases_handoffterm", name="cases_handoffterm_given", verb="insert", rule=KEEPS),
        AddPolicy("cases_handoffterm", name="cases_handoffterm_ended", verb="update", rule=KEEPS),
        Protect("planning_planningterm", select="true", insert=KEEPS, update=KEEPS),
        Protect("shelters_shelterterm", select="true", insert=KEEPS, update=KEEPS),
        Protect("terms_confirmation", select=KEEPS, insert=f"{KEEPS} AND given_by_id = {USER}"),
    ]
