"""A filter is kept in a role, so that the constraint knows each role that there is."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_clients"),
        ("organisations", "0004_the_immigration_service_has_a_role"),
        ("search", "0003_best_signals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="savedfilter",
            name="saved_filter_is_kept_in_a_role",
        ),
        migrations.AlterField(
            model_name="savedfilter",
            name="role",
            field=models.CharField(
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
            ),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
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
                        ],
                    )
                ),
                name="saved_filter_is_kept_in_a_role",
            ),
        ),
    ]
