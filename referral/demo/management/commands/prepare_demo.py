"""Everything that the demo needs in its database, in one process: that halves a warm start."""

from __future__ import annotations

import gc
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    #: `dev.py check` does that; a demo is to start within seconds.
    requires_system_checks = ()
    help = "Bring the database up as its owner, and fill an empty one as the worker."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        gc.disable()  # looking for waste takes a tenth of a process that ends soon
        call_command("up")
        # The people of the demo are bound by the policies like everybody else.
        connection.close()
        connection.settings_dict["OPTIONS"] = {"options": "-c role=baken_worker"}
        call_command("seed_demo")
