"""Documents of a case, with what the database itself refuses of them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.files.locks import ACTOR, SWEEP, moves, no_moves, protect_pieces
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

TABLE = "documents_document"
ORGANISATION = "(SELECT baken.actor_organisation())"


def may(permission: str) -> str:
    return f"(SELECT baken.may('{permission}'))"


# As care notes; and by a referral what went along with it.
READ = f"""({may("care_note.read")} OR {may("emergency.read_notes")})
    AND baken.case_opens(case_id, 'full')"""
HELPS = f"""{may("referral.receive")} AND status = 'ready'
    AND category IN ('letter', 'decision', 'minutes', 'consent_form') AND EXISTS (
        SELECT FROM referrals_referral r WHERE r.case_id = documents_document.case_id
            AND r.to_organisation_id = {ORGANISATION} AND r.status IN ('accepted', 'contacted')
            AND 'documents' = ANY(r.sections) AND r.offered_at >= settled_at)"""
WORKS = f"{may('care_note.write')} AND baken.case_level(case_id) >= 2"
SWEEPS = f"{SWEEP} AND status <> 'withdrawn'"

OF_ROOM = (
    "case_id", "organisation_id", "category", "dated_on", "title",
)  # fmt: skip
LOSES = """
CREATE FUNCTION baken.document_that_is_withdrawn_loses_its_content() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.documents_documentpiece WHERE document_id = NEW.id;
    RETURN NULL;
END $$
"""
LOSING = """
REVOKE EXECUTE ON FUNCTION baken.document_that_is_withdrawn_loses_its_content() FROM PUBLIC;
CREATE TRIGGER document_that_is_withdrawn_loses_its_content AFTER UPDATE ON documents_document
    FOR EACH ROW WHEN (NEW.status = 'withdrawn')
    EXECUTE FUNCTION baken.document_that_is_withdrawn_loses_its_content();
"""
NOT_LOSING = "DROP TRIGGER document_that_is_withdrawn_loses_its_content ON documents_document"

LOCKS = [
    migrations.RunSQL(
        moves("document", TABLE, of_room=OF_ROOM, forgotten=("name", "title")),
        no_moves("document", TABLE),
    ),
    DefinerFunction("baken.document_that_is_withdrawn_loses_its_content()", LOSES),
    migrations.RunSQL(LOSING, NOT_LOSING),
    Protect(
        TABLE,
        select=f"({READ}) OR ({HELPS}) OR ({SWEEPS})",
        insert=f"{WORKS} AND created_by_id = {ACTOR} AND organisation_id = {ORGANISATION}",
        update=f"({WORKS} AND (created_by_id = {ACTOR} OR status <> 'uploading')) OR ({SWEEPS})",
    ),
    protect_pieces("documents_documentpiece", TABLE, "document_id", adds=may("care_note.write")),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_clients"),
        ("cases", "0004_offer_goes_to_another_region"),
        ("emergency", "0001_emergency_access"),
        ("organisations", "0004_the_immigration_service_has_a_role"),
        ("referrals", "0004_documents_go_along"),
    ]

    operations = [
        NewTable(
            name="Document",
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
                ("name", models.BinaryField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("jpg", "Photograph (jpg)"),
                            ("png", "Image (png)"),
                            ("pdf", "Document (pdf)"),
                            ("docx", "Word document (docx)"),
                        ],
                        max_length=4,
                        verbose_name="kind",
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("received", models.PositiveIntegerField(default=0)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("empty", "The file is empty. Choose another one."),
                            (
                                "too_large",
                                "The file is larger than 30 MB. Make it smaller, or send it in parts.",
                            ),
                            (
                                "extension",
                                "Send a jpg, png, pdf or docx file; others are not taken in.",
                            ),
                            (
                                "other_kind",
                                "The content of the file is not what its name says. Save it again as jpg, png, pdf or docx.",
                            ),
                            (
                                "broken",
                                "The file is damaged or not complete. Open it, save it again, and send that file.",
                            ),
                            (
                                "too_many_pixels",
                                "The image has more than 60 million pixels. Make it smaller and send it again.",
                            ),
                            (
                                "password",
                                "The document has a password. Save it without one and send it again.",
                            ),
                            (
                                "macros",
                                "The document holds macros or commands. Save it as pdf and send that file.",
                            ),
                            (
                                "outside",
                                "The document fetches something from elsewhere. Save it as pdf and send that file.",
                            ),
                            (
                                "inside",
                                "The document holds another file of a kind that is not taken in. Save it as pdf and send that file.",
                            ),
                            (
                                "bomb",
                                "Unpacked, the document is far too large. Save it as pdf and send that file.",
                            ),
                            (
                                "virus",
                                "The scanner found harmful software in the file. Do not send it again.",
                            ),
                            (
                                "unfinished",
                                "The upload was not finished within a day. Send the file again.",
                            ),
                            (
                                "failed",
                                "The file could not be made anew. Save it in another way and send it again.",
                            ),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("sha256", models.BinaryField(blank=True, null=True)),
                ("rebuilt_size", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "removed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("metadata", "place, time and camera"),
                                ("hidden", "data hidden after the image"),
                                ("scripts", "scripts and actions"),
                                ("files", "files inside the document"),
                                ("authors", "names of authors and programs"),
                            ],
                            max_length=8,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("scanned", models.BooleanField(default=False)),
                ("scanner_missed", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("letter", "Letter"),
                            ("decision", "Decision"),
                            ("minutes", "Report of a meeting"),
                            ("consent_form", "Signed consent form"),
                            ("medical", "Medical statement"),
                            ("identity_paper", "Identity paper"),
                            ("police_statement", "Statement to the police"),
                            ("rvb_form", "Application for Rvb"),
                            ("photo", "Photo"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                        verbose_name="kind of document",
                    ),
                ),
                ("dated_on", models.DateField(verbose_name="date of the document")),
                ("title", models.BinaryField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("uploading", "Being uploaded"),
                            ("quarantined", "In quarantine"),
                            ("ready", "Ready"),
                            ("refused", "File refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="uploading",
                        max_length=12,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "withdrawn_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("other_case", "It belongs to another case"),
                            ("twice", "It is in the case twice"),
                            ("not_needed", "It is not needed for the care"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="cases.case",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.datakey",
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
                    "withdrawn_by",
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
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["uploading", "quarantined", "ready", "refused", "withdrawn"],
                            )
                        ),
                        name="document_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["jpg", "png", "pdf", "docx"])),
                        name="document_is_of_a_kind_that_is_taken_in",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0), ("size__lte", 30000000)),
                        name="document_is_not_empty_nor_too_large",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("received__lte", models.F("size"))),
                        name="document_receives_no_more_than_its_size",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["uploading", "refused"]),
                            ("received", models.F("size")),
                            _connector="OR",
                        ),
                        name="document_leaves_the_upload_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "reason__in",
                                    [
                                        "empty",
                                        "too_large",
                                        "extension",
                                        "other_kind",
                                        "broken",
                                        "too_many_pixels",
                                        "password",
                                        "macros",
                                        "outside",
                                        "inside",
                                        "bomb",
                                        "virus",
                                        "unfinished",
                                        "failed",
                                    ],
                                ),
                                ("status", "refused"),
                            ),
                            models.Q(
                                models.Q(("status", "refused"), _negated=True), ("reason", "")
                            ),
                            _connector="OR",
                        ),
                        name="document_that_is_refused_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "ready"), _negated=True),
                            models.Q(("rebuilt_size__isnull", False), ("sha256__isnull", False)),
                            _connector="OR",
                        ),
                        name="document_that_is_ready_was_read_and_made_anew",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at", None), ("status__in", ("uploading", "quarantined"))
                            ),
                            models.Q(
                                models.Q(
                                    ("status__in", ("uploading", "quarantined")), _negated=True
                                ),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="document_is_settled_or_under_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "category__in",
                                [
                                    "letter",
                                    "decision",
                                    "minutes",
                                    "consent_form",
                                    "medical",
                                    "identity_paper",
                                    "police_statement",
                                    "rvb_form",
                                    "photo",
                                    "other",
                                ],
                            )
                        ),
                        name="document_is_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "withdrawn"),
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                ("withdrawn_why__in", ["other_case", "twice", "not_needed"]),
                            ),
                            models.Q(
                                models.Q(("status", "withdrawn"), _negated=True),
                                ("withdrawn_at", None),
                                ("withdrawn_by", None),
                                ("withdrawn_why", ""),
                            ),
                            _connector="OR",
                        ),
                        name="document_is_withdrawn_by_someone_for_a_reason",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ("uploading", "quarantined"))),
                        fields=["next_attempt_at"],
                        name="document_under_way",
                    ),
                    models.Index(fields=["case", "created_at"], name="document_by_case"),
                ],
            },
        ),
        NewTable(
            name="DocumentPiece",
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
                    "part",
                    models.CharField(
                        choices=[("original", "Original"), ("rebuilt", "Made anew")], max_length=8
                    ),
                ),
                ("offset", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pieces",
                        to="documents.document",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["original", "rebuilt"])),
                        name="piece_of_a_document_is_of_a_known_part",
                    ),
                    models.UniqueConstraint(
                        fields=("document", "part", "offset"),
                        name="piece_of_a_document_is_kept_once",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
