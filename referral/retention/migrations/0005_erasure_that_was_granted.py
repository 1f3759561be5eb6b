"""What a person was granted to have destroyed is due before its term, once nothing is open."""

from django.db import migrations

from referral.lib.policies import AmendFunction, DefinerFunction

# The function as it is, with one more reason.
DUE = "(n.last_on + make_interval(months => t.months))::date"
ENDS = "n.last_on + make_interval(months => t.months) < today"
# By the organisation that owns the data, or by the national desk, which keeps every registration.
GRANTED = """baken.erasure_granted_on(n.id, n.owner)"""
# Of data that were in use until today the day after is the first on which they can go.
DUE_GRANTED = f"least({DUE}, greatest({GRANTED}, n.last_on + 1))"
ENDS_GRANTED = f"({ENDS} OR greatest({GRANTED}, n.last_on + 1) <= today AND {GRANTED} IS NOT NULL)"
# Whoever was merged into the person asked as that person.
GRANTED_ON = """
CREATE FUNCTION baken.erasure_granted_on(wanted uuid, owner bigint) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT min((e.done_at AT TIME ZONE 'Europe/Amsterdam')::date)
    FROM public.rights_rightsexecution e
    JOIN public.organisations_organisation o ON o.id = e.organisation_id
    WHERE e.how = 'listed' AND (o.id = owner OR o.type = 'comensha')
        AND (baken.may('deadline.sweep') OR baken.may('retention.decide'))
        AND (e.person_id = wanted OR e.person_id IN (
            SELECT m.gone_id FROM public.merging_merge m
            WHERE m.kept_id = wanted AND m.status = 'merged'))
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0004_emergencies_are_erased_too"),
        ("rights", "0002_granted_requests_are_carried_out"),
    ]

    operations = [
        DefinerFunction("baken.erasure_granted_on(uuid, bigint)", GRANTED_ON),
        AmendFunction("baken.erasure_due(date, uuid)", (DUE, DUE_GRANTED), (ENDS, ENDS_GRANTED)),
    ]
