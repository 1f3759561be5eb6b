"""What a contact rule must say, who keeps it, and when a message may leave."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from referral.lib import numbers
from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.persons.contact.models import Channel
from referral.persons.models import Person, PersonGrant


class ContactRefused(Refused):
    """A contact rule that cannot be kept; `reasons` says why, by answer."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__(" ".join(reasons.values()))
        self.reasons = reasons


class ChannelNotSafe(Refused):
    """No message leaves to a channel that is not ticked safe."""

    def __str__(self) -> str:
        return _("This channel is not known to be safe for this person. Nothing was sent.")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ContactEntry:
    """What is said of one channel, in clear, for as long as a deed lasts. It never prints itself."""

    channel: str
    is_safe: bool
    address: str = ""
    language: str = ""
    hours: str = ""
    code_word: str = ""
    remark: str = ""

    def __repr__(self) -> str:
        return "ContactEntry(not shown)"

    def payload(self) -> dict[str, object]:
        """As it is sealed; channel and safety stand beside it."""
        said = asdict(self)
        return {name: said[name] for name in said if name not in {"channel", "is_safe"}}


@dataclass(frozen=True, slots=True, repr=False)
class OpenedRule:
    """A rule with what was sealed, and who kept it when."""

    entry: ContactEntry
    kept_at: datetime
    kept_by: str

    @property
    def label(self) -> str:
        return str(Channel(self.entry.channel).label)


def check_entry(entry: ContactEntry) -> None:
    """Raise ContactRefused with a sentence for each answer that cannot be right."""
    if reasons := dict(_wrong(entry)):
        raise ContactRefused(reasons)


def _wrong(entry: ContactEntry) -> Iterator[tuple[str, str]]:
    if entry.channel not in Channel.values:
        yield "channel", _("Choose one of the answers.")
    if not entry.address:
        if entry.is_safe and entry.channel != Channel.IN_PERSON:
            yield "address", _("A channel that is safe needs a number, an address or a name.")
    elif entry.channel == Channel.PHONE and numbers.phone(entry.address) != entry.address:
        yield "address", _("Write the telephone number with its country, such as +31 6 12345678.")
    elif entry.channel == Channel.EMAIL:
        try:
            validate_email(entry.address)
        except ValidationError:
            yield "address", _("This is not an e-mail address.")


def can_keep(member: Membership, person: Person) -> bool:
    """The national desk, who works with the person now, and who brought the person in."""
    if member.may(Permission.PERSON_READ_ALL):
        return True
    if member.may(Permission.REGISTRATION_SUBMIT) and (
        person.organisation_id,
        person.created_by_id,
    ) == (member.organisation_id, member.user_id):
        return True
    grants = PersonGrant.objects.opening_to(member).for_work().filter(person=person)
    return member.may(Permission.PERSON_READ_GRANTED) and grants.exists()
