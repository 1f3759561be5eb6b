-- The database roles of Baken. An administrator runs this once on a server, in any database:
--     psql -v ON_ERROR_STOP=1 -f tools/roles.sql
-- It may run again, and twice at once: what exists is left as it is.
-- The role that owns the tables is baken_owner, or the one named by the setting baken.owner:
--     PGOPTIONS='-c baken.owner=another_name' psql …
-- Give it a password, and make it the owner of the database:
--     ALTER ROLE baken_owner PASSWORD '…';  ALTER DATABASE baken OWNER TO baken_owner;

DO $roles$
DECLARE
    owner_name text := coalesce(nullif(current_setting('baken.owner', true), ''), 'baken_owner');
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            -- Owns the tables and runs the migrations; makes the databases of the tests.
            (owner_name, 'LOGIN CREATEDB CREATEROLE NOSUPERUSER NOBYPASSRLS'),
            -- What a page may do, what a task may do, what the auditor may read.
            ('baken_web', 'NOLOGIN NOSUPERUSER NOBYPASSRLS'),
            ('baken_worker', 'NOLOGIN NOSUPERUSER NOBYPASSRLS'),
            ('baken_auditor', 'NOLOGIN NOSUPERUSER NOBYPASSRLS'),
            -- Owns the few functions that look past the policies; nobody works as this role.
            ('baken_guard', 'NOLOGIN NOSUPERUSER NOBYPASSRLS'),
            -- A dump holds every row, so this one role is not bound by row-level security.
            ('baken_backup', 'NOLOGIN NOSUPERUSER BYPASSRLS')
        ) AS role_list (name, attributes)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.attributes);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL; -- another run was first
                WHEN insufficient_privilege THEN
                    IF wanted.name <> 'baken_backup' THEN RAISE; END IF;
                    RAISE WARNING 'baken_backup is not made: only a superuser may give BYPASSRLS';
            END;
        END IF;
    END LOOP;
END
$roles$;

-- The owner's login may act as these roles, and give functions to the guard. From PostgreSQL 16 it may change into
-- them without holding their rights itself; PostgreSQL 15 does not know that difference.
DO $grants$
DECLARE
    owner_name text := coalesce(nullif(current_setting('baken.owner', true), ''), 'baken_owner');
    modern boolean := current_setting('server_version_num')::int >= 160000;
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['baken_web', 'baken_worker', 'baken_auditor', 'baken_guard']
    LOOP
        IF NOT pg_has_role(owner_name, role_name, CASE WHEN modern THEN 'SET' ELSE 'MEMBER' END) THEN
            BEGIN
                EXECUTE format('GRANT %I TO %I', role_name, owner_name)
                    || CASE WHEN modern THEN ' WITH SET TRUE, INHERIT FALSE' ELSE '' END;
            EXCEPTION
                -- Another run was first; PostgreSQL words that as an internal error, too.
                WHEN unique_violation OR internal_error THEN NULL;
            END;
        END IF;
    END LOOP;
END
$grants$;

-- Row-level security binds nobody who is a superuser or may bypass it. Refuse to go on.
DO $check$
DECLARE
    unbound text;
BEGIN
    SELECT string_agg(rolname, ', ') INTO unbound FROM pg_roles
    WHERE rolname IN ('baken_web', 'baken_worker', 'baken_auditor', 'baken_guard')
        AND (rolsuper OR rolbypassrls);
    IF unbound IS NOT NULL THEN
        RAISE EXCEPTION 'row-level security does not bind %: take SUPERUSER and BYPASSRLS away', unbound;
    END IF;
END
$check$;
