"""What the database itself refuses or keeps true of a handoff, from draft to completion."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.migrations.state import StateApps

from referral.cases.migrations._locks import HANDOFF_MOVE, ORGANISATION, USER, may
from referral.lib.policies import AddPolicy, DefinerFunction, Protect

ANSWERS, OFFERS, SWEEPS = may("handoff.answer"), may("handoff.offer"), may("deadline.sweep")
ON_OFFER = "('offered', 'in_review', 'info_requested')"


def load_first_terms(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Domain model 2.4: two working days, a reminder after one, the national desk after three."""
    apps.get_model("cases", "HandoffTerm").objects.create(
        version=1,
        remind_days=1,
        answer_days=2,
        escalate_days=3,
        expire_days=10,
        source="Uitgangspunt van de keten; geen wet noemt een termijn.",
        valid=DateTimeTZRange(None, None),
    )


# Policies that name the status stand in the way of its new length; they come back below.
DROP = """
DROP POLICY cases_handoff_select ON cases_handoff;
DROP POLICY cases_handoffpackage_select ON cases_handoffpackage;
DROP POLICY cases_handoffpackage_insert ON cases_handoffpackage;
"""

# workflow.HANDOFF_MOVES. What was offered stays what was offered, but for a package that is
# packed anew after a question. The case has moved first, so that a handoff never says what is
# not so. Only the database itself (baken_guard, as which nobody works) lets an offer expire.
MOVES = """
CREATE OR REPLACE FUNCTION baken.check_handoff_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    actor bigint := baken.actor_organisation();
    step text := CASE TG_OP WHEN 'UPDATE' THEN OLD.status || ' ' || NEW.status END;
    may_change text[] := ARRAY['status', 'answer_due_on', 'remind_on', 'escalate_on', 'expire_on',
        'reminded_at', 'escalated_at', 'reviewed_at', 'reviewed_by_id', 'answered_at',
        'answered_by_id', 'decline_reason', 'warm_meeting_on', 'victim_informed', 'met_on',
        'completed_at', 'completed_by_id'];
BEGIN
    IF current_user = 'baken_guard' THEN
        RETURN NEW;
    ELSIF TG_OP = 'INSERT' THEN
        IF NOT coalesce(
            (NEW.status = 'offered' AND baken.case_stands(
                NEW.case_id, NEW.from_organisation_id, NEW.to_organisation_id))
            OR (NEW.status = 'draft' AND baken.case_stands(
                NEW.case_id, NEW.from_organisation_id, NULL)), false)
        THEN
            PERFORM baken.refuse_move('handoff_begins_with_the_owner');
        END IF;
        RETURN NEW;
    END IF;
    IF step = 'info_requested in_review' THEN
        may_change := may_change || ARRAY['package_hash', 'version'];
    END IF;
    IF OLD.status <> 'draft' AND to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        PERFORM baken.refuse_move('handoff_stays_what_was_offered');
    ELSIF NOT coalesce(
        (actor = OLD.from_organisation_id AND step IN ('draft draft', 'draft offered',
            'draft withdrawn', 'info_requested in_review', 'offered withdrawn',
            'in_review withdrawn', 'info_requested withdrawn'))
        OR (actor = OLD.to_organisation_id AND step IN ('offered in_review',
            'offered info_requested', 'offered accepted', 'offered declined',
            'in_review info_requested', 'in_review accepted', 'in_review declined',
            'info_requested accepted', 'info_requested declined', 'accepted completed'))
        OR (baken.may('deadline.sweep') AND step IN ('offered offered', 'in_review in_review',
            'info_requested info_requested')), false)
    THEN
        PERFORM baken.refuse_move('handoff_moves_only_along_its_table');
    ELSIF NOT (CASE
        WHEN OLD.status = NEW.status OR step = 'draft withdrawn' THEN true
        WHEN NEW.status IN ('offered', 'in_review', 'info_requested') THEN baken.case_stands(
            NEW.case_id, NEW.from_organisation_id, NEW.to_organisation_id)
        WHEN NEW.status = 'accepted' THEN baken.case_stands(
            NEW.case_id, NEW.to_organisation_id, NULL)
        WHEN NEW.status = 'completed' THEN baken.case_level(NEW.case_id) >= 3
        ELSE baken.case_stands(NEW.case_id, NEW.from_organisation_id, NULL) END)
    THEN
        PERFORM baken.refuse_move('handoff_says_who_owns_the_case');
    END IF;
    RETURN NEW;
END $$
"""
OLD_MOVES = HANDOFF_MOVE.partition("CREATE TRIGGER")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)

# Nobody answered: the case is as it was before the offer, with the organisation that has it.
EXPIRE = """
CREATE FUNCTION baken.expire_handoff(wanted uuid, moment timestamptz, deadline date)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    of_case uuid := (SELECT h.case_id FROM public.cases_handoff h WHERE h.id = wanted);
BEGIN
    IF NOT baken.may('deadline.sweep') THEN
        RETURN false;
    END IF;
    -- The case first, as in every move of a handoff: so nobody waits in a ring.
    PERFORM FROM public.cases_case WHERE id = of_case FOR UPDATE;
    IF NOT EXISTS (SELECT FROM public.cases_handoff h WHERE h.id = wanted
        AND h.status IN ('offered', 'in_review', 'info_requested') AND h.expire_on < moment::date)
    THEN
        RETURN false;
    END IF;
    UPDATE public.cases_case
    SET offered_to_id = NULL, standing_since = moment, next_step = 'review_plan',
        next_step_by_id = owner_organisation_id, next_deadline_on = deadline
    WHERE id = of_case;
    UPDATE public.cases_handoff
    SET status = 'expired', answered_at = moment, answered_by_id = baken.actor_user()
    WHERE id = wanted;
    RETURN true;
END $$
"""
REPLIES = """
CREATE FUNCTION baken.handoff_reply_is_given_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM baken.refuse_move('handoff_reply_is_given_once');
    RETURN NULL;
END $$;
CREATE TRIGGER handoff_reply_is_given_once BEFORE UPDATE ON cases_handoffquestion
    FOR EACH ROW WHEN (OLD.replied_at IS NOT NULL)
    EXECUTE FUNCTION baken.handoff_reply_is_given_once();
REVOKE UPDATE, DELETE ON cases_handoffquestion, cases_handoffrevision, cases_handoffterm
    FROM baken_web, baken_worker;
GRANT UPDATE (sealed_reply, replied_at, replied_by_id)
    ON cases_handoffquestion TO baken_web, baken_worker;
GRANT UPDATE (to_organisation_id, care_region_id, reason, sections, package_hash, version, key_id,
    victim_informed, answer_due_on, offered_at, offered_by_id, remind_on, escalate_on, expire_on,
    reminded_at, escalated_at, reviewed_at, reviewed_by_id, met_on, completed_at, completed_by_id)
    ON cases_handoff TO baken_web, baken_worker;
"""
NO_REPLIES = """
DROP TRIGGER handoff_reply_is_given_once ON cases_handoffquestion;
DROP FUNCTION baken.handoff_reply_is_given_once();
"""

_SENT = f"h.from_organisation_id = {ORGANISATION}"
_TO_US = f"h.to_organisation_id = {ORGANISATION}"
_READS = "baken.case_opens(h.case_id, 'full')"


def of_handoff(rule: str) -> str:
    return f"EXISTS (SELECT FROM cases_handoff h WHERE h.id = handoff_id AND {rule})"


READS_PACKAGE = f"{ANSWERS} AND " + of_handoff(
    f"({_SENT} OR ({_TO_US} AND h.status IN ('accepted', 'completed'))) AND {_READS}"
)
POLICIES = [
    AddPolicy(
        "cases_handoff",
        name="cases_handoff_select",
        verb="select",
        rule=f"({ANSWERS} AND (from_organisation_id = {ORGANISATION}"
        f" OR (to_organisation_id = {ORGANISATION} AND status <> 'draft')"
        " OR baken.case_opens(case_id, 'full')))"
        f" OR ({may('case.offer')} AND escalated_at IS NOT NULL AND status IN {ON_OFFER})"
        f" OR ({SWEEPS} AND status IN {ON_OFFER})",
    ),
    AddPolicy(
        "cases_handoff",
        name="cases_handoff_clock",
        verb="update",
        rule=f"{SWEEPS} AND status IN {ON_OFFER}",
    ),
    AddPolicy(
        "cases_handoffpackage",
        name="cases_handoffpackage_select",
        verb="select",
        rule=READS_PACKAGE,
    ),
    AddPolicy(
        "cases_handoffpackage",
        name="cases_handoffpackage_insert",
        verb="insert",
        rule=f"{OFFERS} AND " + of_handoff(f"h.status = 'offered' AND {_SENT}"),
    ),
    Protect("cases_handoffterm", select="true"),
    Protect(
        "cases_handoffquestion",
        select=f"{ANSWERS} AND "
        + of_handoff(
            f"(({_TO_US} AND h.status IN {ON_OFFER}) OR (({_SENT} OR {_TO_US}) AND {_READS}))"
        ),
        insert=f"{ANSWERS} AND asked_by_id = {USER} AND replied_at IS NULL AND "
        + of_handoff(f"h.status = 'info_requested' AND {_TO_US}"),
        update=f"{OFFERS} AND " + of_handoff(f"h.status = 'info_requested' AND {_SENT}"),
    ),
    # It is what the handoff says that it is.
    Protect(
        "cases_handoffrevision",
        select=READS_PACKAGE,
        insert=f"{OFFERS} AND made_by_id = {USER} AND "
        + of_handoff(
            f"h.status = 'in_review' AND {_SENT} AND h.version = cases_handoffrevision.version"
            " AND h.package_hash = cases_handoffrevision.package_hash"
        ),
    ),
]
FIRST = [migrations.RunSQL(DROP, migrations.RunSQL.noop)]
LAST = [
    migrations.RunPython(load_first_terms, migrations.RunPython.noop),
    migrations.RunSQL(MOVES, OLD_MOVES),
    DefinerFunction("baken.expire_handoff(uuid, timestamptz, date)", EXPIRE),
    migrations.RunSQL(REPLIES, NO_REPLIES),
    *POLICIES,
]
