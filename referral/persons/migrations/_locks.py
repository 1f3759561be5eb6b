"""The predicates that every policy about a person shares."""


def granted(person: str, *, level: str = "") -> str:
    """The actor reads granted persons, and a grant that is valid now names this one."""
    return f"""((SELECT baken.may('person.read_granted')) AND EXISTS (
        SELECT FROM persons_persongrant g
        WHERE g.person_id = {person}
            AND g.organisation_id = (SELECT baken.actor_organisation())
            AND (g.user_id IS NULL OR g.user_id = (SELECT baken.actor_user()))
            {f"AND g.level = '{level}'" if level else ""}
            AND g.valid @> statement_timestamp()))"""  # noqa: S608


def made_by_actor(person: str) -> str:
    """The actor made this person, for the organisation for which they act now."""
    return (
        f"baken.person_was_made_by({person}, (SELECT baken.actor_organisation()),"
        " (SELECT baken.actor_user()))"
    )
