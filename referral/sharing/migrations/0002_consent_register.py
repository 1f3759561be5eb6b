"""Which data a consent is about, its proof, other bases than consent, and what stopped with them."""

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import AddPolicy, DefinerFunction, Protect
from referral.lib.tables import NewTable
from referral.persons.migrations._locks import granted

PERSON = "sharing_otherbasis.person_id"
SWEEP = "(SELECT baken.may('deadline.sweep'))"
REVIEWS = "(SELECT baken.may('override.review'))"
CARE = f"(SELECT baken.may('consent.ask')) AND {granted(PERSON, level='work')}"
ORGANISATION = "(SELECT baken.actor_organisation())"

# What is asked stays what was asked; the proof comes with the answer.
COLUMNS = """
GRANT UPDATE (evidence, evidence_reference, told_at) ON sharing_consent
    TO baken_web, baken_worker;
REVOKE UPDATE ON sharing_otherbasis, sharing_closedshare FROM baken_web, baken_worker;
REVOKE INSERT, DELETE ON sharing_closedshare FROM baken_web, baken_worker;
GRANT UPDATE (ended_at, ended_by_id, verdict, reviewed_at, reviewed_by_id) ON sharing_otherbasis
    TO baken_web, baken_worker;
"""

# The last answer counts, to this receiver, its kind, or for whoever needs it. Looks past the
# policies, so that nobody overrides an answer by not seeing it.
AGAINST = """
CREATE FUNCTION baken.other_basis_overrides_a_no() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    answer text;
BEGIN
    SELECT c.state INTO answer
    FROM public.sharing_consent c
    JOIN public.organisations_organisation o ON o.id = NEW.recipient_id
    WHERE c.person_id = NEW.person_id AND c.purpose = NEW.purpose AND c.state <> 'asked'
        AND (c.recipient_id = NEW.recipient_id
            OR (c.recipient_id IS NULL AND c.recipient_kind IN ('', o.type)))
    ORDER BY c.answered_at DESC, c.id DESC LIMIT 1;
    IF answer IN ('refused', 'withdrawn') AND NOT NEW.overrides THEN
        RAISE check_violation USING CONSTRAINT = 'other_basis_against_a_no_is_an_override',
            MESSAGE = 'other_basis_against_a_no_is_an_override: ' || NEW.id;
    END IF;
    RETURN NEW;
END $$
"""
ONCE = """
CREATE FUNCTION baken.other_basis_ends_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.ended_by_id) IS DISTINCT FROM
            (OLD.ended_at, OLD.ended_by_id))
        OR (OLD.verdict <> '' AND NEW.verdict <> OLD.verdict)
    THEN
        RAISE check_violation USING CONSTRAINT = 'other_basis_is_ended_and_reviewed_once',
            MESSAGE = 'other_basis_is_ended_and_reviewed_once: ' || OLD.id;
    ELSIF NEW.verdict <> OLD.verdict AND NOT coalesce(baken.may('override.review'), false) THEN
        RAISE check_violation USING CONSTRAINT = 'other_basis_is_reviewed_by_the_privacy_officer',
            MESSAGE = 'other_basis_is_reviewed_by_the_privacy_officer: ' || OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER other_basis_ends_once BEFORE UPDATE ON sharing_otherbasis
    FOR EACH ROW EXECUTE FUNCTION baken.other_basis_ends_once();
CREATE TRIGGER other_basis_overrides_a_no BEFORE INSERT ON sharing_otherbasis
    FOR EACH ROW EXECUTE FUNCTION baken.other_basis_overrides_a_no();
"""
NOT_ONCE = """
DROP TRIGGER other_basis_overrides_a_no ON sharing_otherbasis;
DROP TRIGGER other_basis_ends_once ON sharing_otherbasis;
DROP FUNCTION baken.other_basis_ends_once();
"""

# As in 0001; and the clock notes that it told, which is no move.
TOLD = """
CREATE OR REPLACE FUNCTION baken.consent_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state IN ('asked', 'given', 'refused') THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND (OLD.state, NEW.state) IN (
        ('asked', 'given'), ('asked', 'refused'),
        ('given', 'withdrawn'), ('given', 'expired'), ('given', 'replaced'))
    THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND NEW.told_at IS DISTINCT FROM OLD.told_at
        AND to_jsonb(NEW) - 'told_at' = to_jsonb(OLD) - 'told_at'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'consent_moves_along_the_table: % to %', OLD.state, NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_moves_along_the_table';
END $$;
"""

LOCKS = [
    migrations.RunSQL(TOLD, migrations.RunSQL.noop),
    DefinerFunction("baken.other_basis_overrides_a_no()", AGAINST),
    migrations.RunSQL(ONCE, NOT_ONCE),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    # The clock ends what is over, and tells who asked beforehand.
    AddPolicy(
        "sharing_consent",
        name="sharing_consent_clock_select",
        verb="select",
        rule=f"{SWEEP} AND state IN ('given', 'expired')",
    ),
    AddPolicy(
        "sharing_consent",
        name="sharing_consent_clock_update",
        verb="update",
        rule=f"{SWEEP} AND state IN ('given', 'expired')",
    ),
    Protect(
        "sharing_otherbasis",
        select=f"{REVIEWS} OR ((SELECT baken.may('consent.ask')) AND {granted(PERSON)})",
        insert=f"organisation_id = {ORGANISATION}"
        f" AND recorded_by_id = (SELECT baken.actor_user()) AND {CARE}"
        " AND (NOT overrides OR (SELECT baken.may('consent.override')))",
        update=f"{REVIEWS} OR ({CARE})",
    ),
    Protect(
        "sharing_closedshare",
        select="(((SELECT baken.may('referral.send')) OR (SELECT baken.may('referral.receive')))"
        " AND (SELECT baken.actor_organisation()) IN (sender_id, recipient_id))"
        " OR EXISTS (SELECT FROM sharing_consent c WHERE c.id = consent_id)"
        " OR EXISTS (SELECT FROM sharing_otherbasis b WHERE b.id = other_basis_id)",
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_deliberation_and_tips"),
        ("persons", "0001_persons"),
        ("sharing", "0001_sharing"),
    ]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="categories",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("identity", "Who the person is: name, date of birth, nationality"),
                        ("contact", "How to reach the person safely"),
                        ("situation", "Situation and needs"),
                        ("care", "Health and care"),
                        ("residence", "Right to stay and dates"),
                    ],
                    max_length=12,
                ),
                blank=True,
                default=list,
                size=None,
                verbose_name="which data",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="evidence",
            field=models.CharField(
                blank=True,
                choices=[
                    ("paper", "A signed paper in the file of our organisation"),
                    ("own_system", "A scan in the system of our organisation"),
                    ("recording", "A recording at our organisation"),
                ],
                default="",
                max_length=12,
                verbose_name="where the proof is kept",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="evidence_reference",
            field=models.CharField(
                blank=True, default="", max_length=40, verbose_name="reference of the proof"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "categories__contained_by",
                        ["identity", "contact", "situation", "care", "residence"],
                    )
                ),
                name="consent_categories_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("evidence", ""), ("evidence_reference", "")),
                    models.Q(
                        ("evidence__in", ["paper", "own_system", "recording"]),
                        ("evidence_reference__regex", "^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}$"),
                    ),
                    _connector="OR",
                ),
                name="consent_evidence_is_a_place_and_a_reference",
            ),
        ),
        NewTable(
            name="OtherBasis",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="other_bases",
                        to="persons.person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("registration", "Registration with the national desk"),
                            ("placement", "Finding a place in a shelter"),
                            ("care_coordination", "Care coordination"),
                            ("handoff", "Handing the case over to another region"),
                            ("police_contact", "Contact with the police"),
                            ("immigration", "Right to stay (IND)"),
                            ("case_table", "Talking the case over with several organisations"),
                            ("research", "Research"),
                        ],
                        max_length=20,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("identity", "Who the person is: name, date of birth, nationality"),
                                ("contact", "How to reach the person safely"),
                                ("situation", "Situation and needs"),
                                ("care", "Health and care"),
                                ("residence", "Right to stay and dates"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="which data",
                    ),
                ),
                (
                    "basis",
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
                        verbose_name="basis",
                    ),
                ),
                ("article", models.CharField(max_length=80, verbose_name="article")),
                ("overrides", models.BooleanField(verbose_name="against the answer of the person")),
                ("sealed", models.BinaryField()),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        verbose_name="holds from and until"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("justified", "Justified"),
                            ("not_justified", "Not justified: sharing stops"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "other basis",
                "verbose_name_plural": "other bases",
                "indexes": [
                    models.Index(fields=["person", "purpose"], name="other_bases_of_person")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                [
                                    "registration",
                                    "placement",
                                    "care_coordination",
                                    "handoff",
                                    "police_contact",
                                    "immigration",
                                    "case_table",
                                    "research",
                                ],
                            )
                        ),
                        name="other_basis_purpose_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "basis__in",
                                [
                                    "legal_obligation",
                                    "vital_interest",
                                    "public_task",
                                    "youth_act",
                                    "wmo",
                                ],
                            )
                        ),
                        name="other_basis_is_one_that_needs_no_consent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("article__regex", "^\\s*$"), _negated=True),
                        name="other_basis_names_its_article",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "categories__contained_by",
                                ["identity", "contact", "situation", "care", "residence"],
                            ),
                            ("categories__len__gt", 0),
                        ),
                        name="other_basis_says_which_data",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isempty", False),
                            ("valid__lower_inf", False),
                            ("valid__upper_inf", False),
                        ),
                        name="other_basis_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="other_basis_is_ended_by_someone_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at", None), ("reviewed_by", None), ("verdict", "")),
                            models.Q(
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                                ("verdict__in", ["justified", "not_justified"]),
                            ),
                            _connector="OR",
                        ),
                        name="other_basis_is_reviewed_by_someone_with_a_verdict",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "not_justified"), _negated=True),
                            ("ended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="other_basis_that_is_not_justified_has_ended",
                    ),
                ],
            },
        ),
        NewTable(
            name="ClosedShare",
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
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closed_shares",
                        to="sharing.consent",
                    ),
                ),
                (
                    "other_basis",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closed_shares",
                        to="sharing.otherbasis",
                    ),
                ),
                ("object_type", models.CharField(max_length=40)),
                ("object_id", models.UUIDField()),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "stopped share",
                "verbose_name_plural": "stopped shares",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consent__isnull", False), ("other_basis", None)),
                            models.Q(("consent", None), ("other_basis__isnull", False)),
                            _connector="OR",
                        ),
                        name="closed_share_rested_on_one_thing",
                    )
                ],
                "indexes": [],
            },
        ),
        *LOCKS,
    ]
