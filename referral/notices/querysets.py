from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from referral.notices.workflow import Channel, State
from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from referral.notices.models import Delivery, Notice
    from referral.organisations.models import Membership

#: Between two mails to one person lies at least this much time, unless a notice is urgent.
#: Each mail says the same ("you have a new task"), so one tells of all that waits.
MAIL_PAUSE = timedelta(minutes=10)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, member: Membership) -> Self:
        """To the organisation; where a role or a person is named, to those only.

        The policy notices_notice_select says the same to the database.
        """
        if member.may(Permission.NOTICE_RELAY):
            return self.all()
        return self.filter(
            Q(role="") | Q(role=member.role),
            Q(user=None) | Q(user=member.user_id),
            organisation=member.organisation_id,
        )

    def due(self, at: datetime) -> Self:
        """What is still to be handed out, and not being set back for a later try."""
        return self.filter(state=State.PENDING, next_attempt_at__lte=at).order_by(
            "next_attempt_at", "pk"
        )


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, member: Membership) -> Self:
        """One's own, in the organisation and the role in which one acts now."""
        if member.may(Permission.NOTICE_RELAY):
            return self.all()
        return self.filter(
            Q(notice__role="") | Q(notice__role=member.role),
            user=member.user_id,
            notice__organisation=member.organisation_id,
        )

    def in_inbox(self) -> Self:
        return self.filter(channel=Channel.IN_APP)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def waiting_mail(self) -> Self:
        return self.filter(channel=Channel.MAIL, state=State.PENDING)

    def due_mail(self, at: datetime) -> Self:
        """Mail to send now, oldest first; a person who just had one waits for the next."""
        just_mailed = self.model._default_manager.filter(
            user=OuterRef("user"),
            channel=Channel.MAIL,
            state=State.DONE,
            delivered_at__gt=at - MAIL_PAUSE,
        )
        return (
            self.waiting_mail()
            .filter(Q(notice__urgent=True) | ~Exists(just_mailed), next_attempt_at__lte=at)
            .order_by("pk")
        )


def unread_count(member: Membership) -> int:
    """How many notices wait for this member: the number on the bell."""
    deliveries = apps.get_model("notices", "Delivery").objects.all()
    return deliveries.visible_to(member).in_inbox().unread().count()
