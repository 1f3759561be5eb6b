"""Reads of the deliberation; each begins with `visible_to`.

Who judges at the expert centre sees the preparation, the chair the own meetings, a participant
the own papers. The policies of migration 0001 say the same again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Max, Q

from referral.organisations.permissions import Permission
from signals.deliberation.workflow import (
    OPEN_PROPOSALS,
    PACKS_OPEN,
    FollowUpStatus,
    MeetingStatus,
    PackStatus,
    ProposalStatus,
    TrendStatus,
)

if TYPE_CHECKING:
    from datetime import date

    from referral.organisations.models import Membership
    from signals.deliberation.models import (
        Addendum,
        AgendaItem,
        Decision,
        FollowUp,
        Meeting,
        Minutes,
        Pack,
        PackContent,
        Participant,
        Proposal,
        TrendCount,
        TrendLink,
        TrendNote,
    )


def inside(member: Membership) -> bool:
    """Whether the member judges signals at the expert centre, and so sees what is prepared."""
    return member.may(Permission.SIGNAL_JUDGE)


def is_member(member: Membership, path: str) -> Q:
    """That the membership at the end of `path` is the one by which this member acts."""
    return Q(
        **{
            f"{path}__user": member.user_id,
            f"{path}__organisation": member.organisation_id,
            f"{path}__role": member.role,
        }
    )


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre all, others the meetings that they are invited to."""
        if inside(member):
            return self.all()
        mine = self.model.objects.filter(is_member(member, "participants__member"))
        return self.filter(pk__in=mine.values("pk"))

    def minutes_read_by(self, member: Membership) -> Self:
        """Those of which this member reads the minutes: the expert centre, and the own chair."""
        return self if inside(member) else self.filter(is_member(member, "chair"))

    def newest_first(self) -> Self:
        return self.order_by("-held_on", "-pk")

    def to_come(self) -> Self:
        """Planned or being held, the first one first."""
        waiting = (MeetingStatus.PLANNED, *PACKS_OPEN)
        return self.filter(status__in=waiting).order_by("held_on", "pk")

    def with_names(self) -> Self:
        """The chair's name, and how many points the agenda has for who may see them."""
        people = self.select_related("chair__user", "chair__organisation")
        return people.annotate(points=Count("items", distinct=True))


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre and the chair all of a meeting, others themselves."""
        if inside(member):
            return self.all()
        return self.filter(is_member(member, "member") | is_member(member, "meeting__chair"))

    def of(self, member: Membership) -> Self:
        """The member's own invitations."""
        return self.filter(is_member(member, "member"))

    def with_names(self) -> Self:
        return self.select_related("member__user", "member__organisation", "pack").order_by(
            "member__organisation__name", "member__user__full_name"
        )


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre all, the chair those on the agenda of the own meetings."""
        if inside(member):
            return self.all()
        mine = self.model.objects.filter(is_member(member, "items__meeting__chair"))
        return self.filter(pk__in=mine.values("pk"))

    def open(self) -> Self:
        return self.filter(status__in=OPEN_PROPOSALS)

    def waiting(self) -> Self:
        """Not on an agenda yet: the urgent ones first, then the oldest."""
        found = self.filter(status=ProposalStatus.WAITING).select_related("proposed_by", "key")
        return found.annotate(times=Count("items")).order_by("-urgent", "proposed_at", "pk")


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre and the chair."""
        if inside(member):
            return self.all()
        return self.filter(is_member(member, "meeting__chair"))

    def in_order(self) -> Self:
        return self.select_related(
            "proposal__key", "proposal__proposed_by", "decision__receiver"
        ).order_by("position")

    def last_position(self) -> int:
        return int(self.aggregate(last=Max("position"))["last"] or 0)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre and the chair."""
        if inside(member):
            return self.all()
        return self.filter(is_member(member, "item__meeting__chair"))


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre and the chair."""
        if inside(member):
            return self.all()
        return self.filter(is_member(member, "meeting__chair"))


class AddendumQuerySet(models.QuerySet["Addendum"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre and the chair."""
        if inside(member):
            return self.all()
        return self.filter(is_member(member, "meeting__chair"))


class PackQuerySet(models.QuerySet["Pack"]):
    def visible_to(self, member: Membership) -> Self:
        """That it is there: the expert centre, the chair, and whose it is; the sweeper what is
        not made yet.
        """
        if inside(member):
            return self.all()
        if member.may(Permission.DEADLINE_SWEEP):
            return self.filter(status=PackStatus.ORDERED)
        chair = is_member(member, "participant__meeting__chair")
        return self.filter(chair | is_member(member, "participant__member"))

    def to_make(self) -> Self:
        return self.filter(status=PackStatus.ORDERED)


class PackContentQuerySet(models.QuerySet["PackContent"]):
    def visible_to(self, member: Membership) -> Self:
        """Whose it is and nobody else, from when the agenda is set until the minutes are locked."""
        return self.filter(
            is_member(member, "pack__participant__member"),
            pack__status=PackStatus.READY,
            pack__participant__meeting__status__in=PACKS_OPEN,
        )


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre, the chair, and the sweeper what is open."""
        if inside(member):
            return self.all()
        if member.may(Permission.DEADLINE_SWEEP):
            return self.filter(status=FollowUpStatus.OPEN)
        return self.filter(is_member(member, "decision__item__meeting__chair"))

    def open(self) -> Self:
        return self.filter(status=FollowUpStatus.OPEN)

    def owned_by(self, member: Membership) -> Self:
        """Of signals that this member handles: whoever has the signal has its follow-up."""
        return self.filter(signal__taken_up_by=member.user_id)

    def due_on(self, day: date) -> Self:
        """Open, and the day has come."""
        return self.open().filter(due_on__lte=day)

    def first_due(self) -> Self:
        return self.order_by("due_on", "pk")

    def with_names(self) -> Self:
        return self.select_related(
            "signal__taken_up_by", "decision__item__meeting", "decision__item__proposal__key"
        )


class TrendNoteQuerySet(models.QuerySet["TrendNote"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre all, who takes part in deliberations what is published."""
        if inside(member):
            return self.all()
        if member.may(Permission.DELIBERATION_ATTEND):
            return self.filter(status=TrendStatus.PUBLISHED)
        return self.none()

    def newest_first(self) -> Self:
        return self.order_by("-written_at", "-pk")


class TrendLinkQuerySet(models.QuerySet["TrendLink"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre only."""
        return self.all() if inside(member) else self.none()


class TrendCountQuerySet(models.QuerySet["TrendCount"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre, and who takes part in deliberations: nothing small stands here."""
        permissions = (Permission.SIGNAL_JUDGE, Permission.DELIBERATION_ATTEND)
        return self.all() if any(map(member.may, permissions)) else self.none()
