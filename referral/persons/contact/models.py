"""Through which channels a presumed victim can be reached without danger, and how."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import User
from referral.persons.contact.querysets import ContactRuleQuerySet
from referral.persons.models import Person


class Channel(models.TextChoices):
    """A way to reach a person (contactweg)."""

    PHONE = "phone", _("Telephone")
    EMAIL = "email", _("E-mail")
    POST = "post", _("Post")
    IN_PERSON = "in_person", _("In person")
    VIA = "via", _("Through somebody else")


class ContactRule(models.Model):
    """Whether one channel is safe for one person, and what to keep to (veilig contact).

    A channel of which nothing is said is not safe. A new rule replaces the old one, which stays
    on record.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contact_rules")
    channel = models.CharField(_("channel"), max_length=9, choices=Channel)
    is_safe = models.BooleanField(_("safe"))
    #: Number or address, language, hours, code word and remark, under the key of the person.
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    stood_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ContactRuleQuerySet] = ContactRuleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("contact rule")
        verbose_name_plural = _("contact rules")
        constraints = [
            models.CheckConstraint(
                name="contact_channel_is_known", condition=Q(channel__in=Channel.values)
            ),
            # Nonce and tag alone are 28 bytes: anything shorter was never sealed.
            models.CheckConstraint(
                name="contact_rule_is_sealed", condition=GreaterThan(Length("sealed"), Value(28))
            ),
            models.CheckConstraint(
                name="contact_rule_is_replaced_after_it_was_kept",
                condition=Q(stood_until=None) | Q(stood_until__gte=F("kept_at")),
            ),
            models.UniqueConstraint(
                name="person_has_one_standing_rule_a_channel",
                fields=["person", "channel"],
                condition=Q(stood_until=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.person_id}"

    @property
    def about(self) -> str:
        """What the sealed part says it is about; in another row it does not open."""
        return f"contact_contactrule|{self.pk}|1"
