"""Draws the life of every record from the tables that the code obeys: python -m tools.states."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tools.paths import ROOT

PAGE = ROOT / "docs" / "states.md"
INTRODUCTION = """\
# The life of each record

Written by `python -m tools.states` from the `workflow.py` of each room; do not edit. A move that
is not drawn here does not exist: the action refuses it, and so does a trigger in the database. At
an arrow stands whose move it is.
"""


@dataclass(frozen=True)
class Table:
    """One table of moves: from a status, to a status, and whose move it is."""

    title: str
    source: str
    statuses: type[StrEnum]
    moves: Mapping[Any, Any]
    beginnings: tuple[Any, ...]

    def arrows(self) -> list[tuple[Any, Any, str]]:
        """Each move with the name of its side; empty where the table names none."""
        return [
            (start, goal, _side(goals[goal]) if isinstance(goals, Mapping) else "")
            for start, goals in self.moves.items()
            for goal in goals
        ]

    def endings(self) -> list[Any]:
        """The statuses that nothing leaves."""
        return [status for status in self.statuses if not self.moves[status]]


def _side(sides: Any) -> str:
    named: Iterable[Any] = (sides,) if isinstance(sides, str) else sides
    return " or ".join(sorted(str(side.value) for side in named))


def tables() -> list[Table]:
    """Every table of the house, in the order of the work."""
    # Django's settings must be there first: a status has a label in two languages.
    from referral.cases import workflow as cases  # noqa: PLC0415
    from referral.cases.documents import workflow as documents  # noqa: PLC0415
    from referral.cases.emergency import workflow as emergency  # noqa: PLC0415
    from referral.cases.planning import workflow as planning  # noqa: PLC0415
    from referral.cases.referrals import workflow as referrals  # noqa: PLC0415
    from referral.cases.tables import workflow as case_tables  # noqa: PLC0415
    from referral.files import workflow as files  # noqa: PLC0415
    from referral.notices import workflow as notices  # noqa: PLC0415
    from referral.persons.merging import workflow as merging  # noqa: PLC0415
    from referral.registrations import workflow as registrations  # noqa: PLC0415
    from referral.registrations.corrections import workflow as corrections  # noqa: PLC0415
    from referral.registrations.duplicates import workflow as duplicates  # noqa: PLC0415
    from referral.registrations.withdrawals import workflow as withdrawals  # noqa: PLC0415
    from referral.residence import workflow as residence  # noqa: PLC0415
    from referral.retention import workflow as retention  # noqa: PLC0415
    from referral.retention.destruction import workflow as destruction  # noqa: PLC0415
    from referral.rights import workflow as rights  # noqa: PLC0415
    from referral.sharing import workflow as sharing  # noqa: PLC0415
    from reporting import workflow as reporting  # noqa: PLC0415
    from shelters import workflow as shelters  # noqa: PLC0415
    from shelters.matching import workflow as matching  # noqa: PLC0415
    from shelters.stays import workflow as stays  # noqa: PLC0415
    from shelters.swaps import workflow as swaps  # noqa: PLC0415
    from signals import workflow as signals  # noqa: PLC0415
    from signals.deliberation import workflow as deliberation  # noqa: PLC0415
    from signals.drafts import workflow as drafts  # noqa: PLC0415
    from signals.enrichment import workflow as enrichment  # noqa: PLC0415
    from signals.forwarding import workflow as forwarding  # noqa: PLC0415
    from signals.routing import workflow as routing  # noqa: PLC0415

    def table(title: str, room: Any, statuses: Any, moves: Any, *beginnings: Any) -> Table:
        first = beginnings or (next(iter(statuses)),)
        source = str(Path(room.__file__).relative_to(ROOT))
        return Table(title, source, statuses, moves, first)

    asked, booked = shelters.RequestStatus, shelters.PlacementStatus
    return [
        table("Signal", signals, signals.Status, signals.MOVES, signals.BEGIN),
        table(
            "Question to the reporter of a signal",
            signals,
            signals.QuestionStatus,
            signals.QUESTION_MOVES,
        ),
        table(
            "Second reading of a rejection",
            signals,
            signals.ReadingStatus,
            signals.READING_MOVES,
        ),
        table("File that is kept", files, files.Status, files.MOVES),
        table("Document of a case", documents, documents.Status, documents.MOVES),
        table("Draft of a signal", drafts, drafts.Status, drafts.MOVES),
        table(
            "Request to a partner",
            enrichment,
            enrichment.RequestStatus,
            enrichment.REQUEST_MOVES,
        ),
        table(
            "Extract of a forwarded signal",
            forwarding,
            forwarding.ExtractStatus,
            forwarding.EXTRACT_MOVES,
        ),
        table("Import of signals", signals, signals.ImportStatus, signals.IMPORT_MOVES),
        table("Meeting", deliberation, deliberation.MeetingStatus, deliberation.MEETING_MOVES),
        table(
            "Proposal for a meeting",
            deliberation,
            deliberation.ProposalStatus,
            deliberation.PROPOSAL_MOVES,
        ),
        table(
            "Papers of a participant",
            deliberation,
            deliberation.PackStatus,
            deliberation.PACK_MOVES,
        ),
        table(
            "Follow-up of a decision",
            deliberation,
            deliberation.FollowUpStatus,
            deliberation.FOLLOW_UP_MOVES,
        ),
        table("Note on a trend", deliberation, deliberation.TrendStatus, deliberation.TREND_MOVES),
        table("Version of the rules of routing", routing, routing.SetStatus, routing.MOVES),
        table("Dry run of rules", routing, routing.RunStatus, routing.RUN_MOVES),
        table(
            "Registration",
            registrations,
            registrations.Status,
            registrations.MOVES,
            registrations.BEGIN,
        ),
        table(
            "Reflection period",
            residence,
            residence.ReflectionStatus,
            residence.REFLECTION_MOVES,
        ),
        table("Residence track", residence, residence.TrackStatus, residence.TRACK_MOVES),
        table("Police report", residence, residence.ReportStatus, residence.REPORT_MOVES),
        table(
            "Version of a registration",
            corrections,
            corrections.Status,
            corrections.MOVES,
            *corrections.BEGINNINGS,
        ),
        table("Link to an earlier registration", duplicates, duplicates.Status, duplicates.MOVES),
        table(
            "Request to withdraw a registration", withdrawals, withdrawals.Status, withdrawals.MOVES
        ),
        table("Merge of two persons", merging, merging.Status, merging.MOVES),
        table("Consent", sharing, sharing.State, sharing.MOVES, *sharing.BEGINNINGS),
        table("Case", cases, cases.CaseStatus, cases.CASE_MOVES),
        table("Handoff", cases, cases.HandoffStatus, cases.HANDOFF_MOVES),
        table("Erasure of a person", retention, retention.Status, retention.MOVES),
        table("Destruction list", destruction, destruction.Status, destruction.MOVES),
        table("Emergency access to a case", emergency, emergency.Status, emergency.MOVES),
        table("Request of a person", rights, rights.Status, rights.MOVES),
        table("Task", planning, planning.TaskStatus, planning.TASK_MOVES),
        table("Care plan", planning, planning.PlanStatus, planning.PLAN_MOVES),
        table("Referral", referrals, referrals.ReferralStatus, referrals.REFERRAL_MOVES),
        table("Case table", case_tables, case_tables.TableStatus, case_tables.TABLE_MOVES),
        table("Request for shelter", shelters, asked, shelters.REQUEST_MOVES),
        table("Placement", shelters, booked, shelters.PLACEMENT_MOVES),
        table("Stay in a shelter", stays, stays.StayStatus, stays.STAY_MOVES),
        table("Change of beds", swaps, swaps.SwapStatus, swaps.SWAP_MOVES),
        table("Proposal of places", matching, matching.ProposalStatus, matching.PROPOSAL_MOVES),
        table("Line of a proposal of places", matching, matching.LineStatus, matching.LINE_MOVES),
        table("Release of figures", reporting, reporting.Status, reporting.MOVES),
        table("Notice and its delivery", notices, notices.State, notices.MOVES),
    ]


def drawn(table: Table) -> str:
    """One table as a section with a diagram."""
    lines = [f"    [*] --> {status.value}" for status in table.beginnings]
    lines += [
        f"    {start.value} --> {goal.value}" + (f": {side}" if side else "")
        for start, goal, side in sorted(table.arrows(), key=_order(table))
    ]
    lines += [f"    {status.value} --> [*]" for status in table.endings()]
    named = [f"| `{status.value}` | {status.label} |" for status in table.statuses]  # type: ignore[attr-defined]
    return "\n".join(
        [
            f"## {table.title}",
            "",
            f"`{table.source}`",
            "",
            "```mermaid",
            "stateDiagram-v2",
            *lines,
            "```",
            "",
            "| status | on screen |",
            "|---|---|",
            *named,
            "",
        ]
    )


def _order(table: Table) -> Any:
    place = {status: number for number, status in enumerate(table.statuses)}
    return lambda arrow: (place[arrow[0]], place[arrow[1]])


def page() -> str:
    """The whole page, in English."""
    from django.utils import translation  # noqa: PLC0415

    with translation.override("en"):
        return "\n".join([INTRODUCTION, *map(drawn, tables())])


def main() -> None:
    """Write the page."""
    import django  # noqa: PLC0415

    django.setup()
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
