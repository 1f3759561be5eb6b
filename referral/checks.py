"""House rules that a running system must keep, asked of the database itself."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from referral.access.models import ClientKey, RolePermission
from referral.organisations.permissions import MATRIX

#: What referral.demo.country.systems calls it.
DEMO_KEY = "demo-only"
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
#: Tables that hold no person, signal, case, care, shelter or draft figure, each with its reason.
OPEN_TABLES = {
    "access_": "the role matrix, wrapped keys, kept answers and who knocks: no content",
    "account_": "sign-in",
    "auth_": "guardian's role-groups",
    "axes_": "failed sign-ins",
    "django_": "the framework's own",
    "cases_handoffterm": "how long both sides of a handoff have, of nobody",
    "counting_countingrules": "what counts as a report and as a person, of nobody",
    "duty_term": "how many hours an officer has to register, of nobody",
    "enrichment_flowbasis": "which law lets what flow where: public law, of nobody",
    "enrichment_ground": "the articles of law and their terms, of nobody",
    "enrichment_source": "the list of kinds of sources, of nobody",
    "geography_": "public facts",
    "guardian_": "coarse permissions",
    "matrix_legalrule": "the law of sharing, for everybody to read: of nobody",
    "mfa_": "sign-in",
    "reporting_reportprogramme": "names of publications, no figures",
    "planning_checklistitem": "what a coordinator must see to, of nobody",
    "planning_planningterm": "how long something in the care may take, of nobody",
    "shelters_shelterterm": "how long something in shelter may take, of nobody",
    "retention_retentionterm": "how long data are kept, of nobody",
    "residence_termlength": "how long the law gives, of nobody",
    "organisations_": "who works where: needed before anyone acts",
    "signals_indicator": "the public library of indicators: what to look for, of nobody",
    "usersessions_": "sign-in",
}


def open_reason(table: str) -> str | None:
    return next((why for start, why in OPEN_TABLES.items() if table.startswith(start)), None)


@register(Tags.database)
def locks_are_on(*, databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Each table is forced under row-level security, or stands in OPEN_TABLES."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
            " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            " AND NOT relispartition"
        )
        locked = dict(cursor.fetchall())
    return [
        Error(
            f"The table {model._meta.db_table} has no forced row-level security.",
            hint="Add referral.lib.policies.Protect to its migration.",
            id="baken.E001",
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and open_reason(model._meta.db_table) is None
        and not locked.get(model._meta.db_table, False)
    ]


@register(Tags.database)
def role_owns_nothing(*, databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The role that serves people is no superuser, bypasses nothing and owns no table."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS ("
            " SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p'))"
            " FROM pg_roles WHERE rolname = current_user"
        )
        [unsafe] = cursor.fetchone() or [True]
    if not unsafe:
        return []
    return [
        Error(
            "The application is connected as a role that row-level security does not bind.",
            hint="Connect as baken_web, or set DATABASE_ROLE=baken_web.",
            id="baken.E002",
        )
    ]


@register(Tags.database)
def matrix_is_synced(*, databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The database holds the role matrix of the code."""
    if not databases:
        return []
    wanted = {(role.value, p.value) for role, held in MATRIX.items() for p in held}
    if wanted == set(RolePermission.objects.values_list("role", "permission")):
        return []
    return [
        Error(
            "The role matrix in the database differs from the code.",
            hint="Run manage.py sync_roles as the owner.",
            id="baken.E003",
        )
    ]


@register(Tags.security)
def demo_stays_at_home(**_: Any) -> list[CheckMessage]:
    """The door that signs in with one click opens on this machine only."""
    abroad = set(settings.ALLOWED_HOSTS) - LOOPBACK
    if not settings.DEMO or not abroad:
        return []
    return [
        Error(
            f"DEMO is set where others can come in: {', '.join(sorted(abroad))}.",
            hint="Unset DEMO, or serve the demo on this machine alone.",
            id="baken.E004",
        )
    ]


@register(Tags.database)
def demo_key_opens_nothing(
    *, databases: Iterable[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """The key of the demo's partner system is public, so outside a demo it is no key."""
    if settings.DEMO or not databases:
        return []
    if not ClientKey.objects.usable_at(timezone.now()).filter(name=DEMO_KEY).exists():
        return []
    return [
        Error(
            "A partner's system signs with the key of the demo, which everybody knows.",
            hint="End that system as platform administrator: this is the database of a demo.",
            id="baken.E005",
        )
    ]


def refuse_to_start_when_unsafe() -> None:
    """Raise with every broken rule, each with how to mend it."""
    rules = (locks_are_on, role_owns_nothing, matrix_is_synced, demo_key_opens_nothing)
    broken = [message for rule in rules for message in rule(databases=["default"])]
    broken += demo_stays_at_home()
    if broken:
        raise ImproperlyConfigured("\n".join(f"{m.msg} {m.hint}" for m in broken))
