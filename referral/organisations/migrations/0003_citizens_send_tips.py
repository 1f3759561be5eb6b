"""A service acts for citizens who send tips."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_machines"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_role_is_known",
        ),
        migrations.AlterField(
            model_name="membership",
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
        migrations.AddConstraint(
            model_name="membership",
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
                name="membership_role_is_known",
            ),
        ),
    ]
