"""Everything a new or upgraded database needs, in one command."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, install the context key, agree with the role matrix and the programmes."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        call_command("migrate", verbosity=0, interactive=False)
        call_command("install_context_key")
        call_command("sync_roles")
        call_command("sync_programmes")
        call_command("sync_indicators", verbosity=0)
