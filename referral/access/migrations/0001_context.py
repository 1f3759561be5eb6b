"""The roles that own nothing, and the signed context that policies ask.

Roles are made by tools/roles.sql, which an administrator of the server runs once; this
migration makes those that are missing where the owner may, so that a development server needs
no other step.
"""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

ROLES = """
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['baken_web', 'baken_worker', 'baken_auditor', 'baken_guard'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database of this server was first
            END;
        END IF;
        IF NOT pg_has_role(current_user, name, 'MEMBER') OR (
            current_setting('server_version_num')::int >= 160000
            AND NOT pg_has_role(current_user, name, 'SET')
        ) THEN
            IF current_setting('server_version_num')::int >= 160000 THEN
                -- INHERIT FALSE: the owner must not get the guard's policies by itself.
                EXECUTE format('GRANT %I TO current_user WITH SET TRUE, INHERIT FALSE', name);
            ELSE
                EXECUTE format('GRANT %I TO %I', name, current_user);
            END IF;
        END IF;
    END LOOP;
END $$;
"""

RIGHTS = """
CREATE SCHEMA baken;
GRANT USAGE ON SCHEMA baken TO baken_web, baken_worker, baken_auditor;
GRANT USAGE, CREATE ON SCHEMA baken TO baken_guard;
GRANT USAGE ON SCHEMA public TO baken_web, baken_worker, baken_auditor, baken_guard;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public
    TO baken_web, baken_worker, baken_guard;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO baken_web, baken_worker, baken_guard;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO baken_auditor;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO baken_web, baken_worker, baken_guard;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO baken_web, baken_worker, baken_guard;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO baken_auditor;
"""

CONTEXT = """
CREATE TABLE baken.context_key (
    id smallint PRIMARY KEY,
    inner_block bytea NOT NULL,
    outer_block bytea NOT NULL
);

-- One part of the context, or NULL when there is none, it is forged, or it has expired.
-- Only what bears our signature is cast. No regular expression: that costs ten times the rest.
CREATE FUNCTION baken.context_part(part int) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    raw text := current_setting('baken.context', true);
    named text := split_part(raw, ':', 1);
    signature text := split_part(raw, ':', 2);
    body text := substr(raw, length(named) + length(signature) + 3);
    key baken.context_key;
BEGIN
    IF raw IS NULL OR raw = '' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO key FROM baken.context_key k WHERE k.id::text = named;
    IF NOT FOUND OR encode(sha256(key.outer_block || sha256(
        key.inner_block || convert_to(body, 'UTF8'))), 'hex') <> signature THEN
        RETURN NULL;
    END IF;
    IF split_part(body, '|', 4)::bigint < extract(epoch FROM statement_timestamp()) THEN
        RETURN NULL;
    END IF;
    RETURN split_part(body, '|', part);
END $$;

CREATE FUNCTION baken.actor_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT baken.context_part(1)::bigint $$;
CREATE FUNCTION baken.actor_organisation() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT baken.context_part(2)::bigint $$;
CREATE FUNCTION baken.actor_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT baken.context_part(3) $$;
CREATE FUNCTION baken.actor_purpose() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT baken.context_part(5) $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(ROLES, migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, "DROP SCHEMA baken CASCADE"),
        migrations.RunSQL(CONTEXT, migrations.RunSQL.noop),
    ]
