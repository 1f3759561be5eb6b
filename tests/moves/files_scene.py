"""Files of the lives in tests/moves/files.py in every status, by the deeds that lead there."""

from typing import Any

from django.utils import timezone

from referral.access.context import acting
from referral.cases.documents.actions import begin_document
from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from referral.organisations.models import Membership
from signals.attachments.actions import begin_upload
from tests.factories.cases import case_at
from tests.factories.documents import entry_of
from tests.factories.shelters import Place
from tests.factories.signals import make_signal
from tests.moves.deeds import do
from tests.moves.files import DOCUMENT
from tests.moves.files_deeds import FILES, SENT
from tests.moves.further_scene import way_to
from tests.moves.lives import Life, as_it_stands


class Files:
    """Those who send, of those who are there, and the worker."""

    def __init__(self, place: Place, worker: Membership):
        self.place, self.worker = place, worker

    def make_all(self, life: Life) -> dict[Any, Any]:
        """One in each status."""
        return {status: self.make(life, status) for status in life.moves}

    def make(self, life: Life, status: Any) -> Any:
        file = self.first(life)
        for goal in way_to(life, status):
            self._step(life, file, goal)
        return file

    def first(self, life: Life, case: Case | None = None) -> Any:
        """An upload of which nothing has come in; a document also in a case that is there."""
        country = self.place.country
        told = {"name": "scan.png", "size": len(SENT)}
        if life is DOCUMENT:
            entry = entry_of(case or case_at(CaseStatus.ACTIVE, country))
            with acting(country.alice, purpose="test") as alice:
                return begin_document(entry, **told, by=alice, at=timezone.now())
        signal = make_signal(by=country.officer)
        with acting(country.officer, purpose="test") as officer:
            return begin_upload(signal, **told, by=officer, at=timezone.now())

    def _step(self, life: Life, file: Any, goal: Any) -> None:
        record = as_it_stands(life, file.pk)
        country = self.place.country
        step, who = next(
            (one, who)
            for one in FILES
            for who in (country.alice, country.officer, self.worker)
            if one.life is life and goal in one.goals(record.status, life.sides(record, who))
        )
        do(step, record, who, {})
        assert as_it_stands(life, file.pk).status == goal, step.name
