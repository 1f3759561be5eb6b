"""A person may take their data along: the file is made as an extract is, and stands before a grant."""

from django.db import migrations, models

from referral.lib.policies import AmendFunction

# What stood for access alone, and the same for a transfer.
POLICY = """
ALTER POLICY rights_rightsextract_insert ON rights_rightsextract WITH CHECK (
    EXISTS (SELECT FROM rights_rightsrequest q
        WHERE q.id = request_id AND q.organisation_id = (SELECT baken.actor_organisation())
            AND q.right {rights} AND q.status IN ('in_progress', 'extended'))
    AND (SELECT baken.may('rights.handle')) AND EXISTS (
        SELECT FROM organisations_organisation o
        WHERE o.id = (SELECT baken.actor_organisation()) AND o.type IN
            ('comensha', 'care_coord', 'shelter', 'ngo', 'youth', 'nidos', 'coa', 'vsh', 'lawyer'))
    AND made_by_id = (SELECT baken.actor_user()))
"""
# Beside the trigger on the moves, which says the same of access.
GIVEN = """
CREATE FUNCTION baken.rights_transfer_is_given_with_a_file() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.rights_rightsextract e WHERE e.request_id = NEW.id) THEN
        PERFORM baken.refuse_move('rights_transfer_is_given_with_a_file');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rights_transfer_is_given_with_a_file
    BEFORE UPDATE OF status ON rights_rightsrequest FOR EACH ROW
    WHEN (NEW."right" = 'transfer' AND NEW.status IN ('granted', 'partly_granted'))
    EXECUTE FUNCTION baken.rights_transfer_is_given_with_a_file();
"""
NOT_GIVEN = """
DROP TRIGGER rights_transfer_is_given_with_a_file ON rights_rightsrequest;
DROP FUNCTION baken.rights_transfer_is_given_with_a_file();
"""
LOCKS = [
    AmendFunction(
        "baken.rights_kept(uuid)", ("q.right = 'access'", "q.right IN ('access', 'transfer')")
    ),
    migrations.RunSQL(
        POLICY.format(rights="IN ('access', 'transfer')"), POLICY.format(rights="= 'access'")
    ),
    migrations.RunSQL(GIVEN, NOT_GIVEN),
]


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0003_stays_residence_and_reminders"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="rightsrequest",
            name="rights_request_asks_one_of_five",
        ),
        migrations.RemoveConstraint(
            model_name="rightsrequest",
            name="rights_refusal_has_a_reason",
        ),
        migrations.AlterField(
            model_name="rightsexecution",
            name="right",
            field=models.CharField(
                choices=[
                    ("access", "Access: what is kept, and who saw it"),
                    ("rectification", "Rectification: put something right"),
                    ("erasure", "Erasure: destroy it"),
                    ("restriction", "Restriction: keep it, and do not use it for now"),
                    ("transfer", "Transfer: take the data along, or have them sent on"),
                    ("objection", "Objection: stop using it"),
                ],
                max_length=16,
                verbose_name="what is asked",
            ),
        ),
        migrations.AlterField(
            model_name="rightsrequest",
            name="refusal",
            field=models.CharField(
                blank=True,
                choices=[
                    ("identity", "It could not be made sure who asks"),
                    ("nothing_kept", "Nothing is kept of this person"),
                    ("others", "It would harm the rights or the safety of others"),
                    ("law", "A law asks that the data are kept"),
                    ("claim", "The data are needed for a legal claim"),
                    ("crime", "It would hinder the prosecution of crimes"),
                    ("basis", "The data are not kept on consent or a contract"),
                    ("unfounded", "The request is clearly unfounded or excessive"),
                ],
                default="",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="rightsrequest",
            name="right",
            field=models.CharField(
                choices=[
                    ("access", "Access: what is kept, and who saw it"),
                    ("rectification", "Rectification: put something right"),
                    ("erasure", "Erasure: destroy it"),
                    ("restriction", "Restriction: keep it, and do not use it for now"),
                    ("transfer", "Transfer: take the data along, or have them sent on"),
                    ("objection", "Objection: stop using it"),
                ],
                max_length=16,
                verbose_name="what is asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("came_by__in", ["letter", "in_person", "lawyer"]),
                    (
                        "right__in",
                        [
                            "access",
                            "rectification",
                            "erasure",
                            "restriction",
                            "transfer",
                            "objection",
                        ],
                    ),
                ),
                name="rights_request_asks_one_of_six",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome__in", ["refused", "partly_granted"]),
                        (
                            "refusal__in",
                            [
                                "identity",
                                "nothing_kept",
                                "others",
                                "law",
                                "claim",
                                "crime",
                                "basis",
                                "unfounded",
                            ],
                        ),
                    ),
                    models.Q(
                        models.Q(("outcome__in", ["refused", "partly_granted"]), _negated=True),
                        ("refusal", ""),
                    ),
                    _connector="OR",
                ),
                name="rights_refusal_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("refusal", "basis"), _negated=True),
                    ("right", "transfer"),
                    _connector="OR",
                ),
                name="rights_basis_refuses_a_transfer_alone",
            ),
        ),
        *LOCKS,
    ]
