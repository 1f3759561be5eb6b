"""The matrix of legal bases as data, with the rules that come with the product.

Sources, as far as they were found: Besluit politiegegevens art. 4:2 (BWBR0023086) and the
national desk's notes on the AVG (comensha.nl, "Consequenties AVG voor werkwijze CoMensha" and its
privacy statement); Besluit politiegegevens bijzondere opsporingsdiensten art. 2, numbering to be
checked against Stb. 2024, 372; Vreemdelingencirculaire 2000 B8/3 (WBV 2023/11, Stcrt. 2023,
13577); Aanwijzing mensenhandel 2022A002; convenant EMM 2021; the WGS in force since 1 March 2025
for FEC, iCOV, RIEC and the care and safety houses; Wmo 2015 chapter 5; Jeugdwet chapter 7. What a
lawyer has yet to confirm says so, on screen too.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.migrations.state import StateApps

from referral.lib.policies import Protect
from referral.lib.tables import NewTable

POLICE = ["police_unit", "kmar"]
SERVICES = [*POLICE, "nla"]
CARE = [
    "comensha", "care_coord", "shelter", "ngo", "vsh", "lawyer", "youth", "nidos", "coa",
    "vo_centre",
]  # fmt: skip
ADULT = ["18-22", "23-29", "30-39", "40-49", "50-64", "65+"]
CONSENT = "AVG art. 6 lid 1 onder a, art. 9 lid 2 onder a"
NEED = "AVG art. 5 lid 1 onder b en c"
ASK_ADULT = (
    "Vraag het eerst aan de persoon, liefst schriftelijk. Zonder toestemming: niet delen.",
    "Ask the person first, in writing where you can. Without consent: do not share.",
)
ASK_CHILD = (
    "Vraag het de ouder of voogd. Vanaf 12 jaar beslist de jongere mee.",
    "Ask the parent or guardian. From the age of 12 the young person decides along.",
)
ASK_BETWEEN = (
    (
        "Vraag het aan de persoon en aan wie die vertegenwoordigt: onder 16 jaar beslist een ouder of"
        " voogd."
    ),
    "Ask the person and who represents them: under 16, a parent or guardian decides.",
)
#: Who consents follows the age: UAVG art. 5, and Jeugdwet art. 7.3.4 from 12 to 16.
BY_AGE = (
    ("child", ["0-11", "12-14"], f"{CONSENT}, UAVG art. 5; Jeugdwet art. 7.3.4", ASK_CHILD, False),
    ("between", ["15-17", "unknown"], f"{CONSENT}, UAVG art. 5", ASK_BETWEEN, False),
    ("adult", ADULT, CONSENT, ASK_ADULT, True),
)
REGISTERING = (
    "; CoMensha, Consequenties AVG voor de werkwijze: andere verwijzers dan de opsporing vragen"
    " vooraf schriftelijk toestemming"
)
#: name, sharers, aims, recipients, ages, outcome, basis, citation, (Dutch, English), confirmed
RULES = [
    (
        "figures_without_names", ["comensha"], ["statistics"], ["rapporteur"], [],
        "allowed", "public_task",
        ("AVG art. 6 lid 1 onder e; privacyverklaring CoMensha: de rapporteur krijgt anonieme"
        " gegevens"),
        ("Alleen zonder namen, geboortedata, nummers en adressen.",
         "Only without names, birth dates, numbers and addresses."),
        False,
    ),
    (
        "bodies_without_persons", [], [], ["taskforce", "rapporteur", "ministry", "vng", "ccv"],
        [], "not_allowed", "", NEED,
        (("Deze organisatie werkt zonder persoonsgegevens. Deel alleen aantallen en algemene"
         " voorbeelden."),
         ("This organisation works without personal data. Share only numbers and general"
         " examples.")),
        True,
    ),
    (
        "police_registers", POLICE, ["registration"], ["comensha"], [],
        "obliged", "police_decree",
        "Besluit politiegegevens art. 4:2 lid 1 onder b, 3°; Vreemdelingencirculaire B8/3",
        ("U moet elk vermoedelijk slachtoffer aanmelden, ook zonder toestemming.",
         "You must report each presumed victim, also without consent."),
        True,
    ),
    (
        "inspectorate_registers", ["nla"], ["registration"], ["comensha"], [],
        "allowed", "nla_decree",
        ("Besluit politiegegevens bijzondere opsporingsdiensten art. 2 (nummering na Stb. 2024, 372"
        " nog na te gaan)"),
        ("U mag elk vermoedelijk slachtoffer aanmelden, ook zonder toestemming.",
         "You may report each presumed victim, also without consent."),
        False,
    ),
    *[
        (
            f"others_register_{name}", [*CARE, "ind"], ["registration"], ["comensha"], ages,
            "consent", "consent", citation + REGISTERING, words, confirmed,
        )
        for name, ages, citation, words, confirmed in BY_AGE
    ],
    (
        "services_tell_emm", [*SERVICES, "om"], ["signal"], ["emm"], [],
        "obliged", "police_act",
        ("Wet politiegegevens art. 8, 9, 10 en 15; Aanwijzing mensenhandel 2022A002; convenant EMM"
        " 2021"),
        ("U meldt elk signaal van mensenhandel direct bij het EMM.",
         "You report each signal of trafficking to the expert centre (EMM) at once."),
        False,
    ),
    (
        "services_tell_each_other", [*SERVICES, "emm", "om"], ["signal"],
        [*SERVICES, "emm", "om"], [], "allowed", "police_act",
        "Wet politiegegevens art. 15; convenant EMM 2021",
        ("Politiegegevens blijven tussen bevoegde diensten, voor wie ze nodig heeft.",
         "Police data stay between competent services, for who needs them."),
        False,
    ),
    (
        "officials_tell_services", ["municipality", "vo_centre", "ind", "coa"], ["signal"],
        [*SERVICES, "emm"], [], "allowed", "public_task",
        "AVG art. 6 lid 1 onder e met de wet van uw taak; Wetboek van Strafvordering art. 162",
        (("Deel wat nodig is. Ambtenaren moeten aangifte doen van misdrijven waarvan zij in hun werk"
         " horen. Geen zorggegevens."),
         ("Share what is needed. Officials must report crimes of which they learn in their work. No"
         " care data.")),
        False,
    ),
    (
        "care_tells_services", CARE, ["signal"], [*SERVICES, "emm"], [],
        "consent", "consent",
        "AVG art. 6 lid 1 onder a; beroepsgeheim: BW art. 7:457 (Wgbo), Jeugdwet art. 7.3.11",
        (("Vraag toestemming, of meld zonder namen. Bij gevaar kan een conflict van plichten of de"
         " Meldcode melden mogelijk maken."),
         ("Ask for consent, or report without names. In danger a conflict of duties or the"
         " reporting code may allow it.")),
        False,
    ),
    (
        "services_and_ind", [*POLICE, "om", "ind"], ["immigration"], [*POLICE, "om", "ind"], [],
        "allowed", "public_task",
        "Vreemdelingenwet 2000; Vreemdelingenbesluit 2000 art. 3.48; Vreemdelingencirculaire B8/3",
        (("Alleen data, besluiten en de verklaring op het model M55. Nooit de tekst van een aangifte"
         " of zorggegevens."),
         ("Only dates, decisions and the statement on form M55. Never the text of a police report"
         " or care data.")),
        False,
    ),
    (
        "partnerships", ["municipality", "vo_centre", *POLICE, "om", "riec", "zvh"],
        ["case_table"], ["riec", "zvh"], [], "allowed", "wgs",
        "Wet gegevensverwerking door samenwerkingsverbanden, in werking sinds 1 maart 2025",
        (("Binnen het RIEC of het Zorg- en Veiligheidshuis, voor het doel van dat samenwerkings"
         "verband. CoMensha en het EMM vallen hier niet onder."),
         ("Within the RIEC or the care and safety house, for the purpose of that partnership."
         " CoMensha and the EMM are not part of it.")),
        False,
    ),
    (
        "care_stays_out_of_intelligence", SERVICES, ["handoff"], [], [], "not_allowed", "",
        "Wet politiegegevens art. 7; AVG art. 5 lid 1 onder b",
        ("Dit blijft waar het is: opsporing en zorg delen dit niet.",
         "This stays where it is: intelligence and care do not share it."),
        True,
    ),
    *[
        (
            f"place_by_municipality_{name}", CARE, ["placement"], ["municipality", "vo_centre"],
            ages, "consent", "consent", f"{citation}; Wmo 2015 hoofdstuk 5; Jeugdwet hoofdstuk 7",
            words, False,
        )
        for name, ages, citation, words, _confirmed in BY_AGE
    ],
    *[
        (
            f"towards_care_{name}", [*SERVICES, *CARE],
            ["placement", "care_coordination", "immigration"], [], ages,
            "consent", "consent", citation, words, confirmed,
        )
        for name, ages, citation, words, confirmed in BY_AGE
    ],
    *[
        (
            f"within_care_{name}", CARE, ["handoff", "police_contact", "case_table", "research"],
            [], ages, "consent", "consent", citation, words, confirmed,
        )
        for name, ages, citation, words, confirmed in BY_AGE
    ],
    (
        "nothing_else", [], [], [], [], "not_allowed", "", NEED,
        ("Uw organisatie deelt dit niet. Vermoedt u iets, stuur dan een signaal.",
         "Your organisation does not share this. Send a signal if you suspect something."),
        True,
    ),
]  # fmt: skip

# A version keeps its words: it begins open, and is ended once.
KEEP = """
CREATE FUNCTION baken.legal_rule_keeps_its_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND upper_inf(OLD.valid) AND NOT upper_inf(NEW.valid)
        AND lower(NEW.valid) IS NOT DISTINCT FROM lower(OLD.valid)
        AND to_jsonb(NEW) - 'valid' = to_jsonb(OLD) - 'valid'
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'legal_rule_keeps_its_words',
        MESSAGE = 'legal_rule_keeps_its_words: ' || OLD.code || ' ' || OLD.version;
END $$;
CREATE TRIGGER legal_rule_keeps_its_words BEFORE UPDATE OR DELETE ON matrix_legalrule
    FOR EACH ROW EXECUTE FUNCTION baken.legal_rule_keeps_its_words();
REVOKE UPDATE, DELETE ON matrix_legalrule FROM baken_web, baken_worker;
GRANT UPDATE (valid) ON matrix_legalrule TO baken_web, baken_worker;
"""
NO_KEEP = """
DROP TRIGGER legal_rule_keeps_its_words ON matrix_legalrule;
DROP FUNCTION baken.legal_rule_keeps_its_words();
"""
# Who keeps the rules for all: the platform and the national desk.
CHANGE = """
    (SELECT baken.may('matrix.change')) AND EXISTS (
        SELECT FROM organisations_organisation o
        WHERE o.id = (SELECT baken.actor_organisation()) AND o.type IN ('platform', 'comensha'))
"""


def load_rules(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """In steps of ten, so that a rule can be put between two others."""
    rules = apps.get_model("matrix", "LegalRule")
    for number, shipped in enumerate(RULES, start=1):
        (code, sharers, aims, recipients, ages, outcome, basis, citation, words, confirmed) = (
            shipped
        )
        rules.objects.create(
            code=code,
            version=1,
            place=10 * number,
            sharers=sharers,
            aims=aims,
            recipients=recipients,
            ages=ages,
            outcome=outcome,
            basis=basis,
            citation=citation,
            words_nl=words[0],
            words_en=words[1],
            confirmed=confirmed,
            reason="Hoort bij het product.",
            valid=DateTimeTZRange(None, None),
        )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_context"),
        ("sharing", "0001_sharing"),
    ]

    operations = [
        NewTable(
            name="LegalRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("place", models.PositiveSmallIntegerField(verbose_name="place in the order")),
                (
                    "sharers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        size=None,
                        verbose_name="who shares",
                    ),
                ),
                (
                    "aims",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        size=None,
                        verbose_name="what for",
                    ),
                ),
                (
                    "recipients",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        size=None,
                        verbose_name="with whom",
                    ),
                ),
                (
                    "ages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8),
                        size=None,
                        verbose_name="about whom",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("obliged", "You must share"),
                            ("allowed", "You may share"),
                            ("consent", "Only with consent"),
                            ("not_allowed", "You may not share"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True, default="", max_length=24, verbose_name="legal basis"
                    ),
                ),
                ("citation", models.CharField(max_length=300, verbose_name="articles and source")),
                ("words_nl", models.CharField(max_length=400, verbose_name="explanation in Dutch")),
                (
                    "words_en",
                    models.CharField(max_length=400, verbose_name="explanation in English"),
                ),
                (
                    "confirmed",
                    models.BooleanField(default=False, verbose_name="a lawyer has confirmed it"),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
            ],
            options={
                "verbose_name": "legal rule",
                "verbose_name_plural": "legal rules",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]+$")),
                        name="legal_rule_code_is_small_letters",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ages__contained_by",
                                [
                                    "0-11",
                                    "12-14",
                                    "15-17",
                                    "18-22",
                                    "23-29",
                                    "30-39",
                                    "40-49",
                                    "50-64",
                                    "65+",
                                    "unknown",
                                ],
                            ),
                            (
                                "recipients__contained_by",
                                [
                                    "police_unit",
                                    "kmar",
                                    "nla",
                                    "emm",
                                    "om",
                                    "comensha",
                                    "care_coord",
                                    "shelter",
                                    "municipality",
                                    "vo_centre",
                                    "youth",
                                    "nidos",
                                    "coa",
                                    "ind",
                                    "ngo",
                                    "lawyer",
                                    "vsh",
                                    "riec",
                                    "zvh",
                                    "taskforce",
                                    "rapporteur",
                                    "ministry",
                                    "vng",
                                    "ccv",
                                    "platform",
                                ],
                            ),
                            (
                                "sharers__contained_by",
                                [
                                    "police_unit",
                                    "kmar",
                                    "nla",
                                    "emm",
                                    "om",
                                    "comensha",
                                    "care_coord",
                                    "shelter",
                                    "municipality",
                                    "vo_centre",
                                    "youth",
                                    "nidos",
                                    "coa",
                                    "ind",
                                    "ngo",
                                    "lawyer",
                                    "vsh",
                                    "riec",
                                    "zvh",
                                    "taskforce",
                                    "rapporteur",
                                    "ministry",
                                    "vng",
                                    "ccv",
                                    "platform",
                                ],
                            ),
                        ),
                        name="legal_rule_asks_what_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", ""), ("outcome", "not_allowed")),
                            models.Q(("basis", "consent"), ("outcome", "consent")),
                            models.Q(
                                ("outcome__in", ["obliged", "allowed"]),
                                models.Q(("basis__in", ["", "consent"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="legal_rule_has_a_basis_unless_nothing_is_shared",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__gt", 0),
                            models.Q(("citation", ""), _negated=True),
                            models.Q(("words_nl", ""), _negated=True),
                            models.Q(("words_en", ""), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="legal_rule_has_a_source_words_and_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)),
                        name="legal_rule_holds_in_some_time",
                    ),
                    models.UniqueConstraint(
                        fields=("code", "version"), name="version_of_a_legal_rule_is_written_once"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("code"), "="), (models.F("valid"), "&&")],
                        name="legal_rule_has_one_version_in_force",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("place"), "="), (models.F("valid"), "&&")],
                        name="legal_rules_stand_in_an_order",
                    ),
                ],
            },
        ),
        migrations.RunPython(load_rules, migrations.RunPython.noop),
        migrations.RunSQL(KEEP, NO_KEEP),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        Protect("matrix_legalrule", select="true", insert=CHANGE, update=CHANGE),
    ]
