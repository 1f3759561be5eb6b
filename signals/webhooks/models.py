"""Where a partner's system listens, the secrets that we sign with, and what is sent there."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access.models import ApiClient, DataKey
from referral.access.secrets import unseal
from referral.lib.ids import uuid7
from referral.notices.models import Posted
from referral.notices.workflow import State
from referral.organisations.models import User
from signals.webhooks.querysets import EndpointQuerySet, PushQuerySet, SecretQuerySet


class Event(models.TextChoices):
    """What a system can ask to hear of, as it stands in the message (gebeurtenis)."""

    STATUS = "signaal.status_gewijzigd", _("the status of a signal has changed")
    QUESTION = "signaal.vraag_gesteld", _("a question on a signal was asked")
    OUTCOME = "signaal.uitkomst", _("the outcome of a signal was given or taken back")


#: Sent when the administrator tries the address.
TEST = "koppeling.test"


class OffReason(models.TextChoices):
    """Why nothing is sent any more."""

    STOPPED = "stopped", _("switched off by an administrator")
    FAILING = "failing", _("switched off after days without an answer")
    GONE = "gone", _("switched off: the system answered that it is gone (410)")


class Endpoint(models.Model):
    """The address at which a partner's system listens (webhook)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.OneToOneField(ApiClient, models.PROTECT, related_name="+")
    address = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=40, choices=Event))
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: Since when nothing arrives; empty while it goes well.
    failing_since = models.DateTimeField(null=True, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    off_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    off_reason = models.CharField(max_length=10, choices=OffReason, blank=True)

    objects: ClassVar[EndpointQuerySet] = EndpointQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="endpoint_is_asked_by_https_or_is_this_machine",
                condition=Q(address__regex=r"^(https://|http://(localhost|127\.|\[::1\]))"),
            ),
            models.CheckConstraint(
                name="endpoint_hears_of_known_events",
                condition=Q(events__contained_by=Event.values, events__len__gt=0),
            ),
            models.CheckConstraint(
                name="endpoint_that_is_off_has_time_name_and_reason",
                condition=Q(off_at=None, off_by=None, off_reason="")
                | Q(off_at__isnull=False, off_by__isnull=False, off_reason__in=OffReason.values),
            ),
        ]

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        return reverse("webhooks:endpoint", args=[self.client_id])

    @property
    def event_labels(self) -> list[str]:
        return [str(Event(event).label) for event in self.events]


class EndpointSecret(models.Model):
    """A secret that we sign with; only the partner knows it as well (geheim).

    Two hold while the partner changes from one to the next.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="secrets")
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    holds_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[SecretQuerySet] = SecretQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="endpoint_has_one_secret_without_end",
                fields=["endpoint"],
                condition=Q(holds_until=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def about(self) -> str:
        """What the sealed secret says it is about; elsewhere it does not open."""
        return f"webhooks_endpointsecret|{self.pk}|1"

    def opened(self, key: DataKey) -> str:
        return str(unseal(bytes(self.sealed), key=key, about=self.about)["secret"])


class Push(Posted):
    """That something happened, told to one endpoint, and to which signal (webhookbericht)."""

    #: An hour apart from the tenth on: about a day and a half.
    most_attempts: ClassVar[int] = 45

    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="pushes")
    event = models.CharField(max_length=40)
    signal_id = models.UUIDField(null=True, blank=True)
    reference = models.CharField(max_length=20, blank=True)
    happened_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    #: The status of the last answer; empty while none came.
    answered = models.PositiveSmallIntegerField(null=True, blank=True)

    objects: ClassVar[PushQuerySet] = PushQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(name="push_state_is_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="push_is_done_at_a_moment",
                condition=Q(state=State.DONE, delivered_at__isnull=False)
                | Q(~Q(state=State.DONE), delivered_at=None),
            ),
            models.CheckConstraint(
                name="push_names_its_signal_unless_it_is_a_test",
                condition=Q(event=TEST, signal_id=None, reference="")
                | Q(Q(event__in=Event.values, signal_id__isnull=False), ~Q(reference="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state=State.PENDING),
                name="push_still_to_send",
            ),
            models.Index(fields=["endpoint", "-happened_at"], name="push_latest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.reference}".rstrip()

    @property
    def event_label(self) -> str:
        return str(_("a test")) if self.event == TEST else str(Event(self.event).label)

    @property
    def tried(self) -> int:
        """How often it was sent: `attempts` counts the failures."""
        return self.attempts + (self.state == State.DONE)
