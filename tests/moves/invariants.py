"""What holds at every moment, whoever did what: each a question that the guard asks.

Of the ten hard invariants of the domain, a walk over the tables of moves can break the seventh
(nothing is shared without a basis) and the tenth (who handed over writes no more), which are
asked here, and the sixth (what is not theirs does not move) and the eighth (the trail only
grows), which the walk asks itself. The others are about pages and figures: tests/journeys/
test_canary.py (1), tests/house/test_wall.py and test_every_door.py (2, 3), tests/municipalities
and tests/reporting (4, 5), tests/access and tests/audit (9).
"""

from tests.moves.guard import rows

#: By sentence, the rows for which it does not hold; ON_OFFER stands for these statuses.
ON_OFFER = "('offered', 'in_review', 'info_requested')"
HOLDS = {
    "an open case has an owner who holds the file": """
        SELECT c.id FROM cases_case c WHERE c.status <> 'closed' AND NOT EXISTS (
            SELECT FROM cases_casegrant g WHERE g.case_id = c.id AND g.basis = 'owner'
            AND g.organisation_id = c.owner_organisation_id AND upper_inf(g.valid))""",
    "nobody but the owner writes in a case": """
        SELECT c.id FROM cases_case c JOIN cases_casegrant g ON g.case_id = c.id
        WHERE g.level >= 2 AND upper_inf(g.valid)
        AND g.organisation_id <> c.owner_organisation_id""",
    "an active case is on offer as long as one handoff is open, to its receiver": """
        SELECT c.id FROM cases_case c LEFT JOIN cases_handoff h
        ON h.case_id = c.id AND h.status IN ON_OFFER
        WHERE c.status = 'active' AND c.offered_to_id IS DISTINCT FROM h.to_organisation_id""",
    "who hands over is who owns": """
        SELECT h.id FROM cases_handoff h JOIN cases_case c ON c.id = h.case_id
        WHERE h.status IN ON_OFFER AND h.from_organisation_id <> c.owner_organisation_id""",
    "a question waits as long as the handoff does": """
        SELECT h.id FROM cases_handoff h WHERE h.status IN ON_OFFER
        AND (h.status = 'info_requested') <> EXISTS (
            SELECT FROM cases_handoffquestion q
            WHERE q.handoff_id = h.id AND q.replied_at IS NULL)""",
    "a closed case has nothing open": """
        SELECT c.id FROM cases_case c WHERE c.status = 'closed' AND (
            EXISTS (SELECT FROM cases_handoff h
                    WHERE h.case_id = c.id AND h.status IN ON_OFFER)
            OR EXISTS (SELECT FROM shelters_placementrequest r
                       WHERE r.case_id = c.id AND r.status IN ('submitted', 'offered'))
            OR EXISTS (SELECT FROM shelters_placement p WHERE p.case_id = c.id
                       AND p.status IN ('reserved', 'accepted', 'arrived')))""",
    "nobody is in two beds": """
        SELECT p.id FROM shelters_placement p JOIN shelters_placement q
        ON p.person_id = q.person_id AND p.id < q.id AND p.during && q.during
        WHERE p.status NOT IN ('refused', 'expired', 'withdrawn')
            AND q.status NOT IN ('refused', 'expired', 'withdrawn')""",
    "no bed is held twice": """
        SELECT p.id FROM shelters_placement p JOIN shelters_placement q
        ON p.bed_id = q.bed_id AND p.id < q.id AND p.during && q.during
        WHERE p.status NOT IN ('refused', 'expired', 'withdrawn')
            AND q.status NOT IN ('refused', 'expired', 'withdrawn')""",
    "a case has one open request": """
        SELECT case_id FROM shelters_placementrequest WHERE status IN ('submitted', 'offered')
        GROUP BY case_id HAVING count(*) > 1""",
    "a request is offered as long as a bed is reserved for it": """
        SELECT r.id FROM shelters_placementrequest r WHERE (r.status = 'offered') <> EXISTS (
            SELECT FROM shelters_placement p WHERE p.request_id = r.id AND p.status = 'reserved')""",
    "what rests on consent stops when it is taken back": """
        SELECT h.id FROM cases_handoff h JOIN cases_case c ON c.id = h.case_id
        WHERE h.status IN ON_OFFER AND EXISTS (
            SELECT FROM sharing_consent w WHERE w.person_id = c.person_id
            AND w.purpose = 'handoff' AND w.state = 'withdrawn')
        AND NOT EXISTS (SELECT FROM sharing_consent g WHERE g.person_id = c.person_id
            AND g.purpose = 'handoff' AND g.state = 'given')
        AND NOT EXISTS (SELECT FROM sharing_otherbasis o WHERE o.person_id = c.person_id)""",
    "a signal is with a second reader as long as a reading waits": """
        SELECT s.id FROM signals_signal s WHERE (s.status = 'second_reading') <> EXISTS (
            SELECT FROM signals_secondreading r WHERE r.signal_id = s.id AND r.status = 'waiting')""",
    "a signal waits for its reporter as long as a question does": """
        SELECT s.id FROM signals_signal s WHERE (s.status = 'needs_info') <> EXISTS (
            SELECT FROM signals_question q WHERE q.signal_id = s.id AND q.status = 'asked')""",
}


def broken() -> list[str]:
    """The sentences that do not hold now; one statement for all."""
    each = " UNION ALL ".join(
        f"SELECT '{said}' WHERE EXISTS ({question})" for said, question in HOLDS.items()
    )
    return [said for (said,) in rows(each.replace("ON_OFFER", ON_OFFER))]
