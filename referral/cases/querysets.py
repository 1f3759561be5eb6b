"""Reads of cases. Every read of a person starts with visible_to(); the rest may follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Now

from referral.cases.workflow import OPEN_CASE, OPEN_HANDOFF, TAKEN_OVER, CaseStatus, HandoffStatus
from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from referral.cases.models import (
        CareNote,
        Case,
        CaseAccess,
        CaseGrant,
        Handoff,
        HandoffPackage,
        HandoffQuestion,
        HandoffRevision,
        HandoffTerm,
    )
    from referral.organisations.models import Membership

ROWS_ON_HOME = 5
#: The values of cases.models.Profile, Basis and Level that questions turn on.
FULL, OWNER, EARLIER, OFFER, EMERGENCY = "full", "owner", "handoff", "referral", "break_glass"
MANAGE = 3


@dataclass(frozen=True, slots=True)
class HomeLists:
    """What a member's home page shows of cases: whose work it is, how many, the first few.

    `kind` is coordinator or desk; empty for roles whose work is not here.
    """

    kind: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    offers: tuple[Case, ...] = ()
    late: tuple[Handoff, ...] = ()


class WithdrawnAt(Func):
    """Of a case: when the registration that it was opened from was withdrawn."""

    function = "baken.case_registration_withdrawn_at"
    output_field = models.DateTimeField()


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, member: Membership) -> Self:
        """The national desk sees every case as a row; others what a valid grant names.

        The policy cases_case_select says the same to the database. Which sections of a case
        open is a second question, answered by the profile of the grants.
        """
        if member.may(Permission.CASE_READ_HEADER):
            return self.all()
        access = _rows(self.model, "access")
        return self.filter(pk__in=access.visible_to(member).values("case"))

    def waiting_for_a_coordinator(self) -> Self:
        return self.filter(status=CaseStatus.INTAKE)

    def without_an_owner(self) -> Self:
        """Open cases that nobody is responsible for: there must be none, at any moment.

        Its organisation stands in the case; this asks whether that organisation also holds the
        file, now and with every right. Asked without policies, as the guard (tests/house).
        """
        grants = _rows(self.model, "grants")
        held = grants.open_now().filter(
            case=OuterRef("pk"),
            organisation=OuterRef("owner_organisation"),
            basis=OWNER,
            level=MANAGE,
            user=None,
        )
        return self.filter(status__in=OPEN_CASE).exclude(Exists(held))

    def next_deadline_first(self) -> Self:
        return self.order_by(F("next_deadline_on").asc(nulls_last=True), "pk")

    def newest_first(self) -> Self:
        return self.order_by("-opened_at", "pk")

    def with_names(self) -> Self:
        """Everything that a line or a header shows, in one query."""
        return self.select_related(
            "owner_organisation", "offered_to", "coordinator", "care_region", "next_step_by"
        )

    def with_withdrawal(self) -> Self:
        """`withdrawn_at`: when its registration was withdrawn, if it was; who reads it asks."""
        return self.annotate(withdrawn_at=WithdrawnAt(F("pk")))


class CaseAccessQuerySet(models.QuerySet["CaseAccess"]):
    """Lists and counts of cases: organisation first, so that the index answers alone."""

    def visible_to(self, member: Membership) -> Self:
        """What this member can see now; the database's clock decides, as in its policy."""
        mine = self.filter(organisation=member.organisation_id, valid_until__gt=Now())
        if member.may(Permission.CASE_READ_GRANTED):
            return mine.filter(Q(user=None) | Q(user=member.user_id))
        if member.may(Permission.EMERGENCY_OPEN):
            return mine.filter(user=member.user_id, basis=EMERGENCY)
        return self.none()

    def one_line_a_case(self, member: Membership) -> Self:
        """A case that is open to the whole organisation is not named again for one person."""
        for_everyone = self.model._default_manager.visible_to(member).filter(user=None)
        return self.filter(Q(user=None) | ~Exists(for_everyone.filter(case=OuterRef("case"))))

    def of_own_cases(self) -> Self:
        """The organisation is responsible: not an offer, not a look back, not a shelter's part."""
        return self.filter(basis=OWNER)

    def of_earlier_cases(self) -> Self:
        """Handed over, and still readable for a while."""
        return self.filter(basis=EARLIER)

    def on_offer(self) -> Self:
        """Waiting for an answer of this organisation: the region queue."""
        return self.filter(basis=OFFER)

    def next_deadline_first(self) -> Self:
        return self.order_by(F("next_deadline_on").asc(nulls_last=True), "case")

    def newest_first(self) -> Self:
        return self.order_by("-opened_at", "case")

    def with_cases(self) -> Self:
        """Everything that a line shows. Never the person: who may not see one would lose the line."""
        return self.select_related(
            "case__owner_organisation",
            "case__coordinator",
            "case__care_region",
            "case__next_step_by",
        )


class CaseGrantQuerySet(models.QuerySet["CaseGrant"]):
    def visible_to(self, member: Membership) -> Self:
        """The own grants; an owner those of the case; the placement desk those of placement.

        The policy cases_casegrant_select says the same to the database.
        """
        seen = self.none()
        if member.may(Permission.EMERGENCY_OPEN):
            seen = self.filter(
                organisation=member.organisation_id, user=member.user_id, basis=EMERGENCY
            )
        if member.may(Permission.CASE_READ_GRANTED):
            access = self.model._default_manager.opening_to(member).filter(level=MANAGE)
            seen = seen | self.filter(
                Q(organisation=member.organisation_id) | Q(case__in=access.values("case"))
            )
        if member.may(Permission.PLACEMENT_RESERVE):
            seen = seen | self.filter(basis="placement")
        return seen

    def opening_to(self, member: Membership) -> Self:
        """The grants by which this member may look now.

        Whose role holds none as a rule has only what was opened in an emergency.
        """
        mine = self.filter(organisation=member.organisation_id, valid__contains=Now())
        if member.may(Permission.CASE_READ_GRANTED):
            return mine.filter(Q(user=None) | Q(user=member.user_id))
        if member.may(Permission.EMERGENCY_OPEN):
            return mine.filter(user=member.user_id, basis=EMERGENCY)
        return self.none()

    def open_now(self) -> Self:
        return self.filter(valid__contains=Now())


class CareNoteQuerySet(models.QuerySet["CareNote"]):
    def visible_to(self, member: Membership) -> Self:
        """Care coordinators whose organisation holds the full file, and a privacy officer who
        opened it in an emergency; nobody else.

        The policies cases_carenote_select and …_in_emergency say the same to the database.
        """
        readers = (Permission.CARE_NOTE_READ, Permission.EMERGENCY_READ_NOTES)
        if not any(map(member.may, readers)):
            return self.none()
        return self.filter(case__in=_fully_open(_related(self.model, "case"), member))

    def newest_first(self) -> Self:
        return self.order_by("-written_at", "-pk")


class HandoffQuerySet(models.QuerySet["Handoff"]):
    def visible_to(self, member: Membership) -> Self:
        """Both sides, and whoever holds the full file now; a draft only its own side.

        The national desk sees what waits too long, the clock what is on offer. The policy
        cases_handoff_select says the same to the database.
        """
        seen = self.none()
        if member.may(Permission.HANDOFF_ANSWER):
            to_us = Q(to_organisation=member.organisation_id) & ~Q(status=HandoffStatus.DRAFT)
            seen = self.filter(
                Q(from_organisation=member.organisation_id)
                | to_us
                | Q(case__in=_fully_open(_related(self.model, "case"), member))
            )
        if member.may(Permission.CASE_OFFER):
            seen = seen | self.open().exclude(escalated_at=None)
        if member.may(Permission.DEADLINE_SWEEP):
            seen = seen | self.open()
        return seen

    def open(self) -> Self:
        return self.filter(status__in=OPEN_HANDOFF)

    def drafts(self) -> Self:
        return self.filter(status=HandoffStatus.DRAFT)

    def to_remind(self, today: date) -> Self:
        """Who has the turn was not reminded yet."""
        return self.open().filter(remind_on__lte=today, reminded_at=None)

    def to_escalate(self, today: date) -> Self:
        return self.open().filter(escalate_on__lte=today, escalated_at=None)

    def to_expire(self, today: date) -> Self:
        return self.open().filter(expire_on__lt=today)

    def into(self, member: Membership) -> Self:
        """Offered to this organisation: open ones first, then the newest."""
        return self.filter(to_organisation=member.organisation_id).order_by("-offered_at", "pk")

    def out_of(self, member: Membership) -> Self:
        return self.filter(from_organisation=member.organisation_id).order_by("-offered_at", "pk")

    def longest_waiting_first(self) -> Self:
        return self.order_by("answer_due_on", "pk")

    def with_names(self) -> Self:
        """Everything that a line shows. Never the case: out of sight, it would hide the line."""
        return self.select_related(
            "from_organisation", "to_organisation", "care_region", "offered_by", "reviewed_by"
        )


class HandoffPackageQuerySet(models.QuerySet["HandoffPackage"]):
    def visible_to(self, member: Membership) -> Self:
        """Who reads the case: the sender, and from acceptance the receiver.

        The policy cases_handoffpackage_select says the same to the database.
        """
        return self.filter(_reads_package(self.model, member))


class HandoffRevisionQuerySet(models.QuerySet["HandoffRevision"]):
    def visible_to(self, member: Membership) -> Self:
        """As the package. The policy cases_handoffrevision_select says the same."""
        return self.filter(_reads_package(self.model, member))


class HandoffQuestionQuerySet(models.QuerySet["HandoffQuestion"]):
    def visible_to(self, member: Membership) -> Self:
        """The receiver while it is on offer; after that whichever side reads the case.

        The policy cases_handoffquestion_select says the same to the database.
        """
        if not member.may(Permission.HANDOFF_ANSWER):
            return self.none()
        on_offer = Q(
            handoff__to_organisation=member.organisation_id, handoff__status__in=OPEN_HANDOFF
        )
        case = _related(_related(self.model, "handoff"), "case")
        reads = Q(handoff__case__in=_fully_open(case, member))
        party = Q(handoff__from_organisation=member.organisation_id) | Q(
            handoff__to_organisation=member.organisation_id
        )
        return self.filter(on_offer | (party & reads))

    def waiting(self) -> Self:
        return self.filter(replied_at=None)

    def oldest_first(self) -> Self:
        return self.select_related("asked_by", "replied_by").order_by("asked_at", "pk")


class HandoffTermQuerySet(models.QuerySet["HandoffTerm"]):
    def visible_to(self, member: Membership) -> Self:  # noqa: ARG002
        """Everybody: how long one has is no secret."""
        return self.all()

    def at(self, moment: datetime) -> Self:
        return self.filter(valid__contains=moment)


def _reads_package(model: type[models.Model], member: Membership) -> Q:
    if not member.may(Permission.HANDOFF_ANSWER):
        return Q(pk__in=[])
    case = _related(_related(model, "handoff"), "case")
    sent = Q(handoff__from_organisation=member.organisation_id)
    taken_over = Q(handoff__to_organisation=member.organisation_id, handoff__status__in=TAKEN_OVER)
    return (sent | taken_over) & Q(handoff__case__in=_fully_open(case, member))


def _fully_open(case: type[models.Model], member: Membership) -> models.QuerySet[CaseGrant, UUID]:
    """The cases whose full file the member holds now."""
    grants = _rows(case, "grants")
    cases: models.QuerySet[CaseGrant, UUID] = (
        grants.opening_to(member).filter(profile=FULL).values_list("case", flat=True)
    )
    return cases


def _rows(model: type[models.Model], field: str) -> Any:
    """The rows on the other side; models stand above querysets and cannot be imported here."""
    return _related(model, field)._default_manager


def _related(model: type[models.Model], field: str) -> Any:
    return model._meta.get_field(field).related_model
