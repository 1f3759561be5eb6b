"""The trail, its months, its seals, and what the database itself refuses or keeps true."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models
from django.db.models import F, Q

from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

# The database makes the trail by hand, because Django knows no partitions.
TRAIL = """
CREATE TABLE audit_auditevent (
    id bigint GENERATED ALWAYS AS IDENTITY,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid bigint NOT NULL,
    actor_id bigint,
    organisation_id bigint,
    role varchar(20) NOT NULL DEFAULT '',
    action varchar(60) NOT NULL,
    object_type varchar(60) NOT NULL DEFAULT '',
    object_id varchar(64) NOT NULL DEFAULT '',
    ids varchar(64)[] NOT NULL DEFAULT '{}',
    result varchar(20) NOT NULL,
    purpose varchar(200) NOT NULL DEFAULT '',
    legal_basis varchar(60) NOT NULL DEFAULT '',
    grant_used varchar(64) NOT NULL DEFAULT '',
    request_id varchar(64) NOT NULL DEFAULT '',
    trace_id varchar(64) NOT NULL DEFAULT '',
    address inet,
    details bytea NOT NULL DEFAULT '',
    details_key varchar(40) NOT NULL DEFAULT '',
    happened_at timestamptz NOT NULL,
    row_hash bytea NOT NULL,
    PRIMARY KEY (id, recorded_at),
    CONSTRAINT audit_action_is_one_word CHECK (action ~ '^[a-z][a-z0-9_]*$'),
    CONSTRAINT audit_result_is_known CHECK (result ~ '^(done|denied|refused|failed)( \\d{3})?$')
) PARTITION BY RANGE (recorded_at);
CREATE INDEX audit_in_sealing_order ON audit_auditevent (xid, id);
CREATE INDEX audit_by_object ON audit_auditevent (object_type, object_id);
CREATE INDEX audit_by_actor ON audit_auditevent (actor_id, recorded_at);
CREATE INDEX audit_by_time ON audit_auditevent USING brin (recorded_at);
CREATE TABLE audit_auditevent_default PARTITION OF audit_auditevent DEFAULT;
"""

# Transaction numbers start low again when a dump is restored into a new server. Then the seal
# function raises the offset, so that numbers in the trail never fall; until it has, a row below
# the floor (what is sealed already) is refused rather than misplaced.
COUNTER = """
CREATE TABLE baken.audit_counter (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    xid_offset bigint NOT NULL,
    floor bigint NOT NULL
);
INSERT INTO baken.audit_counter (xid_offset, floor) VALUES (0, 0);
GRANT SELECT, UPDATE ON baken.audit_counter TO baken_guard;
"""

# The hash is over a JSON array: no value can flow into its neighbour. referral/audit/rules.py
# holds the same expression for the check.
STAMP = """
CREATE FUNCTION baken.stamp_audit_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    counter baken.audit_counter;
BEGIN
    IF abs(extract(epoch FROM clock_timestamp() - NEW.recorded_at)) > 1 THEN
        RAISE EXCEPTION 'audit_event_is_not_back_dated' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO STRICT counter FROM baken.audit_counter;
    NEW.xid := pg_current_xact_id()::text::bigint + counter.xid_offset;
    IF NEW.xid < counter.floor THEN
        RAISE EXCEPTION 'audit_number_is_not_sealed_already'
            USING ERRCODE = 'check_violation', HINT = 'Run baken.seal_audit() after a restore.';
    END IF;
    NEW.row_hash := sha256(convert_to(json_build_array(
        NEW.id, extract(epoch FROM NEW.recorded_at), NEW.xid, NEW.actor_id, NEW.organisation_id,
        NEW.role, NEW.action, NEW.object_type, NEW.object_id, NEW.ids, NEW.result, NEW.purpose,
        NEW.legal_basis, NEW.grant_used, NEW.request_id, NEW.trace_id, NEW.address::text,
        encode(NEW.details, 'hex'), NEW.details_key, extract(epoch FROM NEW.happened_at)
    )::text, 'UTF8'));
    RETURN NEW;
END $$;
"""

STAMPED = """
CREATE TRIGGER audit_event_is_stamped BEFORE INSERT ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION baken.stamp_audit_event();
"""

# Statement triggers fire even where row-level security leaves no row to change, and they bind
# the owner. They are not cloned to partitions, so each month gets its own.
APPEND_ONLY = """
CREATE FUNCTION baken.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_event_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE
    ON audit_auditevent FOR EACH STATEMENT EXECUTE FUNCTION baken.refuse_change();
CREATE TRIGGER seal_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE
    ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION baken.refuse_change();

-- A month is reached through the whole trail only.
CREATE FUNCTION baken.close_audit_partition(month regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('REVOKE ALL ON %s FROM baken_web, baken_worker, baken_auditor, baken_guard,'
        ' baken_eyes', month);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', month);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', month);
    EXECUTE format('CREATE TRIGGER audit_event_is_never_changed'
        ' BEFORE UPDATE OR DELETE OR TRUNCATE ON %s'
        ' FOR EACH STATEMENT EXECUTE FUNCTION baken.refuse_change()', month);
END $$;
"""

# Runs as the owner of the tables. Making a partition locks the trail for a moment: rather try
# again tomorrow than let everyone wait; there are three months of stock.
MONTHS = """
CREATE FUNCTION baken.make_audit_partitions(ahead int DEFAULT 3) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
    starts timestamptz;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('baken.make_audit_partitions'));
    FOR step IN 0..least(ahead, 24) LOOP
        starts := date_trunc('month', clock_timestamp()) + make_interval(months => step);
        name := format('audit_auditevent_%s', to_char(starts, 'YYYY_MM'));
        IF to_regclass(format('public.%I', name)) IS NULL THEN
            BEGIN
                EXECUTE format(
                    'CREATE TABLE public.%I PARTITION OF public.audit_auditevent'
                    ' FOR VALUES FROM (%L) TO (%L)',
                    name, starts, starts + make_interval(months => 1));
                PERFORM baken.close_audit_partition(format('public.%I', name)::regclass);
                RETURN NEXT name;
            EXCEPTION WHEN check_violation THEN
                -- The default partition holds rows of this month already: they stay there.
                RAISE WARNING '% is not made: its rows stand in the default partition', name;
            END;
        END IF;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION baken.make_audit_partitions(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION baken.make_audit_partitions(int) TO baken_worker;
SELECT baken.close_audit_partition('audit_auditevent_default');
SELECT baken.make_audit_partitions();
"""

# Seals the rows of every transaction older than the oldest one still open, so that no row can
# slip in below a seal. One seal at a time; without new rows there is no new seal.
SEAL = """
CREATE FUNCTION baken.seal_audit(OUT seq bigint, OUT hash bytea, OUT row_count bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head public.audit_seal;
    counter baken.audit_counter;
    now_at timestamptz;
    open_xids pg_snapshot;
    starts bigint;
    ends bigint;
    horizon bigint;
    root bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('baken.seal_audit'));
    SELECT * INTO head FROM public.audit_seal s ORDER BY s.seq DESC LIMIT 1;
    SELECT * INTO STRICT counter FROM baken.audit_counter;
    now_at := clock_timestamp();
    open_xids := pg_current_snapshot();
    IF pg_snapshot_xmin(open_xids)::text::bigint + counter.xid_offset < counter.floor THEN
        counter.xid_offset := 1 - pg_snapshot_xmin(open_xids)::text::bigint + greatest(
            head.horizon_xid, (SELECT max(e.xid) FROM public.audit_auditevent e));
        UPDATE baken.audit_counter SET xid_offset = counter.xid_offset;
        RAISE WARNING 'the transaction numbers of the server fell; the trail goes on above them';
    END IF;
    starts := coalesce(head.until_xid, 0);
    ends := pg_snapshot_xmin(open_xids)::text::bigint + counter.xid_offset;
    horizon := pg_snapshot_xmax(open_xids)::text::bigint + counter.xid_offset;
    SELECT count(*), sha256(string_agg(e.row_hash, ''::bytea ORDER BY e.xid, e.id))
        INTO row_count, root
        FROM public.audit_auditevent e WHERE e.xid >= starts AND e.xid < ends;
    IF row_count = 0 THEN
        seq := head.seq;
        hash := head.hash;
        RETURN;
    END IF;
    seq := coalesce(head.seq, 0) + 1;
    hash := sha256(coalesce(head.hash, ''::bytea) || convert_to(concat_ws('|', seq, starts, ends,
        horizon, row_count, extract(epoch FROM now_at)), 'UTF8') || root);
    INSERT INTO public.audit_seal (seq, from_xid, until_xid, horizon_xid, row_count, root,
            previous, hash, sealed_at)
        VALUES (seq, starts, ends, horizon, row_count, root, coalesce(head.hash, ''::bytea),
            hash, now_at);
    UPDATE baken.audit_counter SET floor = ends;
END $$;
"""

HEAD = """
CREATE FUNCTION baken.audit_head(OUT seq bigint, OUT hash bytea, OUT sealed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.seq, s.hash, s.sealed_at FROM public.audit_seal s ORDER BY s.seq DESC LIMIT 1
$$;
"""

# `baken_eyes` sees exactly what the one who acts sees: it may read every table, and every
# policy binds it. So one function can answer "may you see this?" for tables of rooms above.
EYES = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'baken_eyes') THEN
        BEGIN
            CREATE ROLE baken_eyes NOLOGIN NOSUPERUSER NOBYPASSRLS;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this server was first
        END;
    END IF;
    IF current_setting('server_version_num')::int < 160000 THEN
        IF NOT pg_has_role(current_user, 'baken_eyes', 'MEMBER') THEN
            EXECUTE format('GRANT baken_eyes TO %I', current_user);
        END IF;
    ELSIF NOT pg_has_role(current_user, 'baken_eyes', 'SET') THEN
        GRANT baken_eyes TO current_user WITH SET TRUE, INHERIT FALSE;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO baken_eyes;
GRANT USAGE, CREATE ON SCHEMA baken TO baken_eyes;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO baken_eyes;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO baken_eyes;

CREATE FUNCTION baken.sees(object_type text, object_id text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    object_table regclass := to_regclass(format('public.%I', replace(object_type, '.', '_')));
    seen boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class WHERE oid = object_table AND relforcerowsecurity) THEN
        RETURN false;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE id = %L)', object_table, object_id)
        INTO seen;
    RETURN seen;
EXCEPTION WHEN invalid_text_representation OR undefined_column THEN
    RETURN false;
END $$;
REVOKE ALL ON FUNCTION baken.sees(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION baken.sees(text, text) TO baken_guard;
ALTER FUNCTION baken.sees(text, text) OWNER TO baken_eyes;
REVOKE CREATE ON SCHEMA baken FROM baken_eyes;
"""

WHO_OPENED = """
CREATE FUNCTION baken.who_opened(wanted_type text, wanted_id text)
RETURNS TABLE (recorded_at timestamptz, role varchar, organisation varchar, action varchar)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT baken.sees(wanted_type, wanted_id) THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT e.recorded_at, e.role, o.name, e.action
        FROM public.audit_auditevent e
        LEFT JOIN public.organisations_organisation o ON o.id = e.organisation_id
        WHERE e.object_type = wanted_type AND e.object_id = wanted_id AND e.result = 'done'
        ORDER BY e.recorded_at DESC LIMIT 200;
END $$;
"""

RIGHTS = """
REVOKE ALL ON audit_auditevent, audit_seal
    FROM baken_web, baken_worker, baken_auditor, baken_guard;
GRANT SELECT, INSERT (actor_id, organisation_id, role, action, object_type, object_id, ids, result,
    purpose, legal_basis, grant_used, request_id, trace_id, address, details, details_key,
    happened_at) ON audit_auditevent TO baken_web, baken_worker;
GRANT SELECT ON audit_auditevent, audit_seal TO baken_web, baken_worker, baken_auditor, baken_guard;
GRANT INSERT ON audit_seal TO baken_guard;
CREATE POLICY audit_auditevent_auditor ON audit_auditevent FOR SELECT TO baken_auditor USING (true);
CREATE POLICY audit_seal_auditor ON audit_seal FOR SELECT TO baken_auditor USING (true);
"""

OVERSEES = "(SELECT baken.may('audit.read')) OR (SELECT baken.may('audit.seal'))"
# Asked once for each statement, not for each row: checking the signature costs more than the row.
ACTOR_IS_SIGNED = (
    "actor_id IS NOT DISTINCT FROM (SELECT baken.actor_user())"
    " AND organisation_id IS NOT DISTINCT FROM (SELECT baken.actor_organisation())"
    " AND role = (SELECT coalesce(baken.actor_role(), ''))"
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0002_locks"), ("organisations", "0001_organisations")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TRAIL, "DROP TABLE audit_auditevent")],
            state_operations=[
                NewTable(
                    name="AuditEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        ("xid", models.BigIntegerField()),
                        ("actor_id", models.BigIntegerField(null=True)),
                        ("organisation_id", models.BigIntegerField(null=True)),
                        ("role", models.CharField(blank=True, max_length=20)),
                        ("action", models.CharField(max_length=60)),
                        ("object_type", models.CharField(blank=True, max_length=60)),
                        ("object_id", models.CharField(blank=True, max_length=64)),
                        (
                            "ids",
                            ArrayField(
                                base_field=models.CharField(max_length=64), default=list, size=None
                            ),
                        ),
                        ("result", models.CharField(max_length=20)),
                        ("purpose", models.CharField(blank=True, max_length=200)),
                        ("legal_basis", models.CharField(blank=True, max_length=60)),
                        ("grant_used", models.CharField(blank=True, max_length=64)),
                        ("request_id", models.CharField(blank=True, max_length=64)),
                        ("trace_id", models.CharField(blank=True, max_length=64)),
                        ("address", models.GenericIPAddressField(null=True)),
                        ("details", models.BinaryField()),
                        ("details_key", models.CharField(blank=True, max_length=40)),
                        ("happened_at", models.DateTimeField()),
                        ("row_hash", models.BinaryField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["xid", "id"], name="audit_in_sealing_order"),
                            models.Index(
                                fields=["object_type", "object_id"], name="audit_by_object"
                            ),
                            models.Index(fields=["actor_id", "recorded_at"], name="audit_by_actor"),
                            BrinIndex(fields=["recorded_at"], name="audit_by_time"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                name="audit_action_is_one_word",
                                condition=Q(action__regex=r"^[a-z][a-z0-9_]*$"),
                            ),
                            models.CheckConstraint(
                                name="audit_result_is_known",
                                condition=Q(
                                    result__regex=r"^(done|denied|refused|failed)( \d{3})?$"
                                ),
                            ),
                        ],
                    },
                ),
            ],
        ),
        NewTable(
            name="Seal",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("from_xid", models.BigIntegerField()),
                ("until_xid", models.BigIntegerField()),
                ("horizon_xid", models.BigIntegerField()),
                ("row_count", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("hash", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["hash"], name="seal_hash_is_used_once"),
                    models.CheckConstraint(
                        name="seal_covers_a_period", condition=Q(until_xid__gt=F("from_xid"))
                    ),
                ],
            },
        ),
        Protect("audit_auditevent", select=OVERSEES, insert=ACTOR_IS_SIGNED),
        Protect("audit_seal", select=OVERSEES),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTER, "DROP TABLE baken.audit_counter"),
        DefinerFunction("baken.stamp_audit_event()", STAMP),
        migrations.RunSQL(STAMPED, "DROP TRIGGER audit_event_is_stamped ON audit_auditevent"),
        migrations.RunSQL(
            EYES,
            "DROP FUNCTION baken.sees(text, text);"
            " ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM baken_eyes;"
            " REVOKE ALL ON ALL TABLES IN SCHEMA public FROM baken_eyes;"
            " REVOKE USAGE ON SCHEMA public, baken FROM baken_eyes",
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP FUNCTION baken.close_audit_partition(regclass);"
            " DROP FUNCTION baken.refuse_change() CASCADE",
        ),
        migrations.RunSQL(MONTHS, "DROP FUNCTION baken.make_audit_partitions(int)"),
        DefinerFunction("baken.seal_audit()", SEAL),
        DefinerFunction("baken.audit_head()", HEAD),
        DefinerFunction("baken.who_opened(text, text)", WHO_OPENED),
    ]
