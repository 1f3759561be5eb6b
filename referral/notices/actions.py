"""Posting, handing out, mailing. The broker only wakes; the rows hold the truth."""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Model, Q
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import override

from referral.lib.acting import current_actor
from referral.notices.kinds import Kind
from referral.notices.models import Delivery, Notice, Posted
from referral.notices.workflow import Channel, State
from referral.organisations.models import Membership, Organisation, User
from referral.organisations.roles import SERVICES, OrganisationType, Role

logger = logging.getLogger(__name__)

#: A mail server that does not answer is a failure after so many seconds.
MAIL_SECONDS = 10
HAND_OUT = "referral.notices.tasks.hand_out"
SEND_MAIL = "referral.notices.tasks.send_mail"


class NobodyActs(RuntimeError):
    """A notice needs someone who posts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One notice to be posted."""

    kind: Kind
    to: Organisation
    on: Model
    role: Role | None = None
    user: User | None = None
    urgent: bool = False
    #: When it happened, if not at the moment of the deed.
    at: datetime | None = None
    #: Where it leads, if the page of `on` is no longer theirs to open.
    url: str = ""


def post(
    kind: Kind,
    *,
    to: Organisation,
    at: datetime,
    on: Model,
    role: Role | None = None,
    user: User | None = None,
    urgent: bool = False,
) -> None:
    """Tell an organisation (a role in it, one person in it) that this happened to `on`.

    It commits or rolls back with the deed. The one who acts is never told of the own deed.
    """
    post_many([Letter(kind=kind, to=to, on=on, role=role, user=user, urgent=urgent)], at=at)


def post_many(letters: Iterable[Letter], *, at: datetime) -> None:
    """Post many notices with one statement: at this moment, or each at its own."""
    actor = current_actor()
    if actor is None:
        raise NobodyActs("post inside `with acting(member, purpose=...)`")
    posted = Notice.objects.bulk_create(
        [
            Notice(
                kind=letter.kind,
                organisation=letter.to,
                role=letter.role or "",
                user=letter.user,
                object_type=letter.on._meta.label_lower,
                object_id=str(letter.on.pk),
                url=letter.url or resolve_url(letter.on),
                urgent=letter.urgent,
                posted_at=letter.at or at,
                posted_by_id=actor.user_id,
                next_attempt_at=letter.at or at,
            )
            for letter in letters
            if letter.user is None or letter.user.pk != actor.user_id
        ],
        batch_size=1000,
    )
    if posted:
        wake(HAND_OUT)


class _Waiting(threading.local):
    """The tasks that the transaction of this thread wakes when it commits.

    What was rolled back may be left here and does no harm: the callback that would send it is
    gone, and a later one sends it once.
    """

    def __init__(self) -> None:
        self.tasks: set[str] = set()


_waiting = _Waiting()


def wake(task: str) -> None:
    """Ask a worker to look, after the commit, once however often it was asked until then.

    If the broker is away, the relay looks later.
    """
    _waiting.tasks.add(task)
    transaction.on_commit(lambda: _send(task), robust=True)


def _send(task: str) -> None:
    if task in _waiting.tasks:
        _waiting.tasks.remove(task)
        current_app.send_task(task, retry=False, ignore_result=True)


def hand_out_next(*, at: datetime) -> bool:
    """Hand the oldest waiting notice out to its people; False when none waits.

    Effect and mark are one transaction, so a worker that dies has done nothing; others skip
    the row meanwhile. A failure is counted in the same transaction.
    """
    with transaction.atomic():
        notice = Notice.objects.due(at).select_for_update(skip_locked=True).first()
        if notice is None:
            return False
        try:
            with transaction.atomic():
                mailed = _hand_out(notice, at=at)
        except Exception as error:  # noqa: BLE001 -- one poisonous row must not stop the others
            _set_back([notice], error, at=at)
        else:
            notice.state, notice.done_at = State.DONE, at
            notice.save(update_fields=["state", "done_at"])
            if mailed:
                wake(SEND_MAIL)
    return True


def _hand_out(notice: Notice, *, at: datetime) -> bool:
    """Make the deliveries; tell whether a mail is among them."""
    members = (
        Membership.objects.valid_at(at)
        .filter(organisation=notice.organisation_id)
        # A service reads no mail: a question to a citizen waits for the code.
        .exclude(Q(user=notice.posted_by_id) | Q(role__in=SERVICES))
    )
    if notice.role:
        members = members.filter(role=notice.role)
    if notice.user_id:
        members = members.filter(user=notice.user_id)
    people = list(User.objects.filter(pk__in=members.values("user"), machine=False).order_by("pk"))
    inbox = [
        Delivery(
            notice=notice,
            user=person,
            channel=Channel.IN_APP,
            state=State.DONE,
            next_attempt_at=at,
            delivered_at=at,
        )
        for person in people
    ]
    mail = [
        Delivery(notice=notice, user=person, channel=Channel.MAIL, next_attempt_at=at)
        for person in people
        if person.email
    ]
    Delivery.objects.bulk_create([*inbox, *mail], batch_size=1000)
    return bool(mail)


def send_next_mail(*, at: datetime) -> bool:
    """Mail one person that work is waiting; False when no mail is due.

    One mail tells of all that waits for that person. It is sent before the commit, so it may
    be sent again after a crash, with the same Message-ID, and is never lost.
    """
    with transaction.atomic():
        first = Delivery.objects.due_mail(at).select_for_update(skip_locked=True, of=["self"])
        due = first.select_related("user").first()
        if due is None:
            return False
        others = Delivery.objects.waiting_mail().filter(user=due.user_id).order_by("pk")
        waiting = list(others.select_for_update(skip_locked=True))
        try:
            _mail(due)
        except Exception as error:  # noqa: BLE001 -- one refused address must not stop the others
            _set_back(waiting, error, at=at)
        else:
            Delivery.objects.filter(pk__in=[delivery.pk for delivery in waiting]).update(
                state=State.DONE, delivered_at=at
            )
    return True


def _mail(delivery: Delivery) -> None:
    with override(delivery.user.language):
        EmailMessage(
            subject=_("You have a new task in Baken"),
            body="{}\n\n{}\n".format(
                _("You have a new task in Baken."), f"{settings.SITE_URL}/home/"
            ),
            to=[delivery.user.email],
            headers={"Message-ID": delivery.message_id},
            connection=get_connection(timeout=MAIL_SECONDS),
        ).send()


def _set_back(waiting: Iterable[Posted], error: Exception, *, at: datetime) -> None:
    """Try these again later; those that have been tried enough are given up, with an alarm."""
    for one in waiting:
        one.set_back(error, at)
        one.save(update_fields=["state", "attempts", "next_attempt_at", "last_error"])
        if one.state == State.DEAD:
            logger.error("outbox_dead %s %s %s", one._meta.label_lower, one.pk, one.last_error)
            _raise_alarm(one, at=at)


def _raise_alarm(dead: Posted, *, at: datetime) -> None:
    """Tell the platform's administrators; but no alarm about an alarm, which would never end."""
    notice = dead.notice if isinstance(dead, Delivery) else dead
    if not isinstance(notice, Notice) or notice.kind == Kind.OUTBOX_ALARM:
        return
    platform = Organisation.objects.of_type(OrganisationType.PLATFORM).get()
    post(Kind.OUTBOX_ALARM, to=platform, role=Role.PLATFORM_ADMIN, on=notice, at=at, urgent=True)
