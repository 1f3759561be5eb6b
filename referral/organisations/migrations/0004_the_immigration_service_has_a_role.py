"""The immigration service decides on residence in a role of its own, apart from the deliberation.

A generated column cannot be altered, so that it is made anew, with what leans on it.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models
from django.db.models import Case, Q, Value, When

ROLES = [
    "muni_reporter",
    "muni_focal",
    "muni_policy",
    "le_police",
    "le_kmar",
    "le_nla",
    "emm_analyst",
    "emm_coordinator",
    "emm_partner",
    "ind_liaison",
    "om_chair",
    "com_registrar",
    "com_placement",
    "zc",
    "shelter_worker",
    "shelter_manager",
    "partner_ngo",
    "nrm_analyst",
    "fg",
    "auditor",
    "org_admin",
    "platform_admin",
    "service_relay",
    "service_sealer",
    "service_statistics",
    "service_sweeper",
    "service_tips",
]
INTELLIGENCE = [
    "emm_analyst",
    "emm_coordinator",
    "emm_partner",
    "ind_liaison",
    "le_kmar",
    "le_nla",
    "le_police",
    "om_chair",
]
CARE = ["com_placement", "com_registrar", "partner_ngo", "shelter_manager", "shelter_worker", "zc"]


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_deliberation_and_tips")]

    operations = [
        migrations.RemoveConstraint("membership", "nobody_stands_on_both_sides_of_the_wall"),
        migrations.RemoveConstraint("membership", "membership_role_is_known"),
        migrations.RemoveField("membership", "wall"),
        migrations.AlterField(
            "membership",
            "role",
            models.CharField(
                choices=[
                    ("muni_reporter", "Municipal front-line worker"),
                    ("muni_focal", "Municipal focal officer"),
                    ("muni_policy", "Municipal policy officer"),
                    ("le_police", "Police officer"),
                    ("le_kmar", "Marechaussee officer"),
                    ("le_nla", "Labour inspector"),
                    ("emm_analyst", "EMM analyst"),
                    ("emm_coordinator", "EMM coordinator"),
                    ("emm_partner", "Partner in the deliberation"),
                    ("ind_liaison", "Liaison of the immigration service"),
                    ("om_chair", "National public prosecutor for trafficking"),
                    ("com_registrar", "Registrar at the national desk"),
                    ("com_placement", "Placement desk"),
                    ("zc", "Care coordinator"),
                    ("shelter_worker", "Shelter worker"),
                    ("shelter_manager", "Shelter manager"),
                    ("partner_ngo", "Worker of a partner organisation"),
                    ("nrm_analyst", "Analyst of the National Rapporteur"),
                    ("fg", "Data protection officer"),
                    ("auditor", "Auditor"),
                    ("org_admin", "Organisation administrator"),
                    ("platform_admin", "Platform administrator"),
                    ("service_relay", "Notice relay"),
                    ("service_sealer", "Audit sealer"),
                    ("service_statistics", "Statistics service"),
                    ("service_sweeper", "Deadline sweeper"),
                    ("service_tips", "Tips of citizens"),
                ],
                max_length=20,
                verbose_name="role",
            ),
        ),
        migrations.AddField(
            "membership",
            "wall",
            models.GeneratedField(
                db_persist=True,
                expression=Case(
                    When(role__in=INTELLIGENCE, then=Value("intelligence")),
                    When(role__in=CARE, then=Value("care")),
                    default=Value(""),
                ),
                output_field=models.CharField(max_length=12),
            ),
        ),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(condition=Q(role__in=ROLES), name="membership_role_is_known"),
        ),
        migrations.AddConstraint(
            "membership",
            ExclusionConstraint(
                condition=~Q(wall=""),
                expressions=[("user", "="), ("wall", "<>"), ("valid", "&&")],
                name="nobody_stands_on_both_sides_of_the_wall",
            ),
        ),
    ]
