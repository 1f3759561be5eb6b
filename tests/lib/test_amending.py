"""A function is amended as its words stand, or not at all."""

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.state import ProjectState

from referral.lib.policies import AmendFunction

ERASURE = "baken.erasure_takes_everything_along()"


@pytest.mark.django_db
def test_words_that_are_not_there_are_not_amended():
    amend = AmendFunction(ERASURE, ("no such words", "others"))

    with (
        pytest.raises(DatabaseError, match="the words to be changed are not in"),
        connection.schema_editor() as editor,
    ):
        amend.database_forwards("retention", editor, ProjectState(), ProjectState())


@pytest.mark.django_db
def test_what_was_amended_goes_back():
    amend, state = AmendFunction(ERASURE, ("persons_identity", "persons_other")), ProjectState()

    with connection.schema_editor() as editor:
        amend.database_forwards("retention", editor, state, state)
        assert "persons_other" in words()
        amend.database_backwards("retention", editor, state, state)
    assert "persons_other" not in words()


def words() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regprocedure)", [ERASURE])
        [[definition]] = cursor.fetchall()
    return str(definition)
