"""The only writers of forms that were not sent: keep, open, drop, and forget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from referral.audit.actions import record
from referral.cases.actions.notes import key_of
from referral.cases.models import Case
from referral.cases.rules import check_work
from referral.cases.unsent.models import Kind, UnsentForm, page_of
from referral.cases.unsent.rules import KEPT_FOR, UnsentStale, check_answers
from referral.lib.tally import Row, Tally
from referral.lib.typed import Typed
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which form it is, and about which record of which case."""

    case: Case
    kind: Kind
    about: UUID


@dataclass(frozen=True, slots=True)
class Opened:
    """What was kept, with what was typed."""

    form: UnsentForm
    answers: dict[str, list[str]]


#: So many stand on the home page; who has more begins with the newest.
FORMS_ON_HOME = 10


@dataclass(frozen=True, slots=True)
class Begun:
    """A form that was begun, as the home page names it: nothing that was typed."""

    name: str
    reference: str
    kept_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class HomeForms:
    """What the home page shows of forms that were begun; no kind where there are none."""

    rows: Sequence[Row] = ()

    @property
    def kind(self) -> str:
        return "begun" if self.rows else ""

    @property
    def forms(self) -> list[Begun]:
        return [
            Begun(
                name=str(Kind(row["kind"]).label),
                reference=row["reference"],
                kept_at=datetime.fromisoformat(row["kept_at"]),
                url=page_of(row["kind"], row["about"]),
            )
            for row in self.rows
        ]


@transaction.atomic
def keep_form(
    place: Place, answers: Typed, *, seen: int, by: Membership, at: datetime
) -> UnsentForm:
    """Keep what was typed. `seen` is the version that the page goes on with, 0 for none.

    Raises UnsentStale when another window kept something else since, and MoveRefused when the
    organisation does not work on the case.
    """
    check_work(by, place.case)
    check_answers(answers)
    form = _found(place, by=by, hold=True)
    if form is None:
        return _begin(place, answers, by=by, at=at)
    key = key_of(place.case)
    if form.version != seen:
        if form.opened_answers(key=key) == dict(answers):
            return form  # the answer to the first sending was lost
        raise UnsentStale
    form.version, form.kept_at = form.version + 1, at
    form.seal_answers(answers, key=key)
    form.save(update_fields=["version", "kept_at", "sealed"])
    record("unsent_form_kept", on=place.case, by=by, at=at, ids=[form.pk])
    return form


def _begin(place: Place, answers: Typed, *, by: Membership, at: datetime) -> UnsentForm:
    form = UnsentForm(
        case=place.case,
        kind=place.kind,
        about=place.about,
        organisation=by.organisation,
        kept_at=at,
        kept_by=by.user,
    )
    form.seal_answers(answers, key=key_of(place.case))
    try:
        with transaction.atomic():
            form.save(force_insert=True)
    except IntegrityError as error:  # of two windows at once the second finds the first
        if "form_is_kept_once_for_each_author" not in str(error):
            raise
        raise UnsentStale from error
    record("unsent_form_begun", on=place.case, by=by, at=at, ids=[form.pk])
    return form


@transaction.atomic(savepoint=False)
def open_form(place: Place, *, by: Membership, at: datetime) -> Opened | None:
    """What its author typed before; None for nothing. The look is recorded."""
    form = _found(place, by=by)
    if form is None:
        return None
    record("unsent_form_opened", on=place.case, by=by, at=at, ids=[form.pk])
    return Opened(form, form.opened_answers(key=key_of(place.case)))


def list_home_forms(*, by: Membership, tally: Tally | None = None) -> HomeForms:
    """Which forms of which cases this member began; nothing that was typed is opened."""
    if not by.may(Permission.CASE_WORK):
        return HomeForms()
    mine = UnsentForm.objects.visible_to(by).newest_first().named()
    return HomeForms((tally or Tally()).rows(mine[:FORMS_ON_HOME]))


@transaction.atomic
def discard_form(place: Place, *, by: Membership, at: datetime) -> bool:
    """Throw away what was kept; False where nothing was."""
    form = _found(place, by=by, hold=True)
    if form is None:
        return False
    record("unsent_form_discarded", on=place.case, by=by, at=at, ids=[form.pk])
    form.delete()
    return True


@transaction.atomic
def finish_form(place: Place, answers: Typed, *, seen: int, by: Membership, at: datetime) -> bool:
    """The form is sent, in the same transaction: what was kept of it goes.

    What another window kept since stays, so that nothing is lost unseen.
    """
    form = _found(place, by=by, hold=True)
    if form is None:
        return False
    if form.version != seen and form.opened_answers(key=key_of(place.case)) != dict(answers):
        return False
    record("unsent_form_sent", on=place.case, by=by, at=at, ids=[form.pk])
    form.delete()
    return True


@transaction.atomic
def forget_forms(*, by: Membership, at: datetime) -> int:
    """Destroy what nobody went on with for the term; tells how many. The clock reads none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT baken.forget_unsent_forms(%s)", [at - KEPT_FOR])
        (gone,) = cursor.fetchone()
    if gone:
        record("unsent_forms_forgotten", by=by, at=at, details={"how_many": gone})
    return int(gone)


def _found(place: Place, *, by: Membership, hold: bool = False) -> UnsentForm | None:
    seen = UnsentForm.objects.visible_to(by).filter(kind=place.kind, about=place.about)
    return (seen.select_for_update(of=["self"]) if hold else seen).first()
