"""A signal comes in: it is written, sealed, recorded and told, all at once or not at all."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.access.secrets import new_data_keys, seal
from referral.audit.actions import Line, record_many
from referral.lib.moments import When, moments
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType, Role
from signals.actions.items import write_items
from signals.actions.writing import insert_rows
from signals.models import Exploitation, Signal, SignalNarrative
from signals.querysets import MUNICIPAL
from signals.routing.actions import call_for, route_signals
from signals.rules import Draft, check_drafts, check_profiles

ORDER = {form: place for place, form in enumerate(Exploitation.values)}


def submit_signal(draft: Draft, *, by: Membership, at: datetime) -> Signal:
    """One signal; see submit_signals."""
    return submit_signals([draft], by=by, at=at)[0]


def submit_signals(drafts: Sequence[Draft], *, by: Membership, at: When) -> list[Signal]:
    """Write signals with their sealed narrative, their line in the trail, their notices, and the
    decision where they go; who is on call is told of acute danger.

    The one path for the form, for files and for partner systems, in a few statements however
    many there are. Raises SignalRefused with the index of the first draft that is no signal;
    then nothing is written.
    """
    if not by.may(Permission.SIGNAL_SUBMIT):
        raise PermissionDenied(_("Your role does not report signals."))
    times = moments(at, len(drafts))
    check_drafts(drafts, times)
    check_profiles(drafts, by=by)
    return _write(drafts, times, by=by)


@transaction.atomic(savepoint=False)
def _write(drafts: Sequence[Draft], times: Sequence[datetime], *, by: Membership) -> list[Signal]:
    """What was checked. Nothing here is refused, so there is nothing to go back to."""
    signals = [
        new_signal(draft, by=by, at=moment, number=number)
        for draft, moment, number in zip(drafts, times, next_numbers(len(drafts)), strict=True)
    ]
    keys = new_data_keys(len(drafts))
    insert_rows(signals)
    insert_rows([new_narrative(*row) for row in zip(signals, drafts, keys, strict=True)])
    write_items(
        (signal, draft.said.items, key)
        for signal, draft, key in zip(signals, drafts, keys, strict=True)
    )
    now = max(times, default=timezone.now())
    lines = [Line(action="signal_submitted", on=s, at=s.created_at) for s in signals]
    record_many(lines, by=by, at=now)
    post_many(letters(signals, by=by), at=now)
    route_signals(signals, by=by, at=now)
    call_for(signals, by=by, at=now)
    return signals


def next_numbers(count: int) -> list[int]:
    """Numbers of references. They run on over the years: a counter for each year would make
    the reporters of one moment wait for one another.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('signals_reference') FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]


def new_signal(draft: Draft, *, by: Membership, at: datetime, number: int) -> Signal:
    return Signal(
        reference=f"SIG-{timezone.localtime(at).year}-{number:06}",
        reporter_organisation=by.organisation,
        reporter_type=by.organisation.type,
        created_by_id=by.user_id,
        created_at=at,
        channel=draft.channel,
        forms=sorted(set(draft.forms), key=ORDER.__getitem__),
        observed=draft.observed,
        municipality_id=draft.municipality_code or None,
        world_region=draft.world_region,
        place_kind=draft.place_kind,
        n_victims=draft.n_victims,
        sex=draft.sex,
        age_group=draft.age_group,
        danger=draft.danger,
        import_batch=draft.row.batch if draft.row else None,
        import_profile=draft.row.batch.profile if draft.row else "",
        row_key=draft.row.key if draft.row else None,
    )


def new_narrative(signal: Signal, draft: Draft, key: DataKey) -> SignalNarrative:
    payload: dict[str, object] = {"facts": draft.facts.strip(), "details": dict(draft.details)}
    if said := draft.said.payload():
        payload["said"] = said
    return SignalNarrative(
        signal=signal, key=key, sealed=seal(payload, key=key, about=about_narrative(signal))
    )


def about_narrative(signal: Signal) -> str:
    """What a sealed narrative says it is about; moved to another signal it does not open."""
    return f"signals_signalnarrative|{signal.pk}|1"


def letters(signals: Sequence[Signal], *, by: Membership) -> list[Letter]:
    """Who hears of new signals: the expert centre, unless it made them itself, and the focal
    officer of the municipality whose front-line worker reported.
    """
    organisation = by.organisation
    posted = []
    if organisation.type != OrganisationType.EMM:
        emm = Organisation.objects.of_type(OrganisationType.EMM).first()
        posted += [letter(s, to=emm, role=Role.EMM_ANALYST) for s in signals if emm]
    if organisation.type in MUNICIPAL and by.role != Role.MUNI_FOCAL:
        posted += [
            letter(signal, to=organisation, role=Role.MUNI_FOCAL)
            for signal in signals
            if signal.municipality_id == organisation.municipality_id
        ]
    return posted


def letter(signal: Signal, *, to: Organisation, role: Role) -> Letter:
    return Letter(
        kind=Kind.SIGNAL_RECEIVED,
        to=to,
        role=role,
        on=signal,
        at=signal.created_at,
        urgent=signal.danger or signal.minors,
    )
