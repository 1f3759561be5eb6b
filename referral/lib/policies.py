"""The second lock as migration operations: row-level security, said once for each table."""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

GUARD = "baken_guard"
VERBS = {"select": "USING", "insert": "WITH CHECK", "update": "USING", "delete": "USING"}


class Protect(Operation):
    """Close a table to everyone, its owner too, and open it verb by verb.

    Each argument is an SQL predicate over the row; a verb without one is refused.
    `baken_guard` owns the few functions that must look past the policies.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self, table: str, *, select: str, insert: str = "", update: str = "", delete: str = ""
    ) -> None:
        self.table = table
        self.rules = {"select": select, "insert": insert, "update": update, "delete": delete}

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        rules = {verb: rule for verb, rule in self.rules.items() if rule}
        return type(self).__qualname__, [self.table], dict(rules)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """A policy changes no model."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002 -- the signature is Django's
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        run = schema_editor.execute
        run(f"ALTER TABLE {self.table} ENABLE ROW LEVEL SECURITY")
        run(f"ALTER TABLE {self.table} FORCE ROW LEVEL SECURITY")
        run(
            f"CREATE POLICY {self.table}_guard ON {self.table} TO {GUARD}"
            " USING (true) WITH CHECK (true)"
        )
        for verb, rule in self.rules.items():
            if rule:
                run(
                    f"CREATE POLICY {self.table}_{verb} ON {self.table}"
                    f" FOR {verb.upper()} {VERBS[verb]} ({rule})"
                )

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        for verb in ["guard", *(verb for verb, rule in self.rules.items() if rule)]:
            schema_editor.execute(f"DROP POLICY {self.table}_{verb} ON {self.table}")
        schema_editor.execute(f"ALTER TABLE {self.table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {self.table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        return f"Protect {self.table} by row-level security"


class AddPolicy(Operation):
    """Open a protected table a little further, from the room that knows the reason.

    Permissive policies add up: a row is seen when any of them lets it be seen.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, *, name: str, verb: str, rule: str) -> None:
        self.table, self.name, self.verb, self.rule = table, name, verb, rule

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (
            type(self).__qualname__,
            [self.table],
            {"name": self.name, "verb": self.verb, "rule": self.rule},
        )

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """A policy changes no model."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002 -- the signature is Django's
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        schema_editor.execute(
            f"CREATE POLICY {self.name} ON {self.table}"
            f" FOR {self.verb.upper()} {VERBS[self.verb]} ({self.rule})"
        )

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        schema_editor.execute(f"DROP POLICY {self.name} ON {self.table}")

    def describe(self) -> str:
        return f"Open {self.table} by policy {self.name}"


class DefinerFunction(Operation):
    """A function that looks past the policies: owned by `baken_guard`, run by everyone.

    `signature` is `baken.name(argument type, ...)`; `sql` is the whole CREATE FUNCTION, which
    must say SECURITY DEFINER and set its search_path.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, signature: str, sql: str) -> None:
        if "SECURITY DEFINER" not in sql or "SET search_path" not in sql:
            raise ValueError(f"{signature} must be SECURITY DEFINER with its own search_path")
        self.signature, self.sql = signature, sql

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return type(self).__qualname__, [self.signature, self.sql], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """A function changes no model."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002 -- the signature is Django's
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        schema_editor.execute(self.sql)
        schema_editor.execute(f"ALTER FUNCTION {self.signature} OWNER TO {GUARD}")

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        schema_editor.execute(f"DROP FUNCTION {self.signature}")

    def describe(self) -> str:
        return f"Make the function {self.signature}"


class AmendFunction(Operation):
    """A function with some of its words changed, so that the rest is said once.

    It is of `baken_guard`; one that looks past no policy, and so is of the owner, is not `guarded`.

    `changes` are pairs of what stands there and what comes in its place. It refuses to go on when
    the words are not there: a replacement that finds nothing would leave the old function.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, signature: str, *changes: tuple[str, str], guarded: bool = True) -> None:
        self.signature, self.changes, self.guarded = signature, changes, guarded

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        said: dict[str, object] = {} if self.guarded else {"guarded": False}
        return type(self).__qualname__, [self.signature, *self.changes], said

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """A function changes no model."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002 -- the signature is Django's
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        schema_editor.execute(self._amending(self.changes), params=None)

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        back = [(new, old) for old, new in reversed(self.changes)]
        schema_editor.execute(self._amending(back), params=None)

    def _amending(self, changes: Sequence[tuple[str, str]]) -> str:
        steps = "".join(
            f"""
    IF strpos(said, $old${old}$old$) = 0 THEN
        RAISE EXCEPTION 'the words to be changed are not in {self.signature}';
    END IF;
    said := replace(said, $old${old}$old$, $new${new}$new$);"""
            for old, new in changes
        )
        become, leave = (f"SET LOCAL ROLE {GUARD};", "RESET ROLE;") if self.guarded else ("", "")
        return f"""
{become}
DO $do$ DECLARE said text := pg_get_functiondef('{self.signature}'::regprocedure); BEGIN{steps}
    EXECUTE said;
END $do$;
{leave}
"""

    def describe(self) -> str:
        return f"Change the words of {self.signature}"
