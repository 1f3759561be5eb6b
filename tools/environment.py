"""What the processes of Django get from their surroundings, and as which database role they work.

The login of DATABASE_URL owns the tables. Only a command that changes the schema or the roles
works as that owner; every other process gives its rights away when it connects.
"""

import os
from dataclasses import dataclass

from tools.servers import Addresses

OWNER = ""
WEB = "baken_web"
WORKER = "baken_worker"

# The commands of manage.py that change the schema, or write the tables that only the owner may.
AS_OWNER = frozenset(
    {
        "check",
        "dbshell",
        "flush",
        "install_context_key",
        "makemigrations",
        "migrate",
        "optimizemigration",
        "prepare_demo",
        "showmigrations",
        "sqlflush",
        "sqlmigrate",
        "squashmigrations",
        "sync_roles",
        "test",
        "up",
    }
)


@dataclass(frozen=True)
class Surroundings:
    """The servers, and the address under which the pages are served."""

    addresses: Addresses
    site_url: str = ""

    def for_role(self, role: str) -> dict[str, str]:
        """Return the environment of a process that works as this database role."""
        found = {**os.environ, **self.addresses.environment(), "DATABASE_ROLE": role}
        found.setdefault("DJANGO_SETTINGS_MODULE", "referral.settings")
        # Fictitious data, fixed keys and the one-click door; production never runs through here.
        found.setdefault("DEMO", "1")
        # A worker would look through every page before it begins; `check` and `up` do that.
        found.setdefault("CELERY_SKIP_CHECKS", "1")
        if self.site_url:
            found["SITE_URL"] = self.site_url
        return found

    def for_command(self, command: str) -> dict[str, str]:
        """Return the environment of a command of manage.py."""
        return self.for_role(OWNER if command in AS_OWNER else WORKER)
