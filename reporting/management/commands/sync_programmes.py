"""Give the programmes of figures to the Rapporteur's analysts, through django-guardian."""

from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction
from guardian.shortcuts import assign_perm

from referral.organisations.models import Organisation
from referral.organisations.roles import OrganisationType, Role
from reporting.models import ReportProgramme


class Command(BaseCommand):
    help = "Let the National Rapporteur publish every programme. May be run at any time."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        for organisation in Organisation.objects.of_type(OrganisationType.RAPPORTEUR):
            group, _ = Group.objects.get_or_create(name=f"{organisation.pk}:{Role.NRM_ANALYST}")
            for programme in ReportProgramme.objects.all():
                assign_perm("reporting.publish_programme", group, programme)
