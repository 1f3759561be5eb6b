"""The list of signals as a file, in the words of the API."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import DateField, Expression, F, Func
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from referral.access.api import EVERYWHERE, problems, query_of
from signals import actions
from signals.actions import all_in_words, in_words
from signals.api import words
from signals.api.views import LIST_FILTERS, SECURITY, SignalView, filtered, read_query
from signals.workflow import INSIDE, Status


def _codes(known: Mapping[str, str]) -> dict[str, str]:
    return {str(code): word for word, code in known.items()}


TRIAGE = next(word for word, status in words.STATUSES.items() if status == Status.TRIAGE)
COLUMNS: dict[str, str | Expression] = {
    "kenmerk": "reference",
    "ontvangenOp": "created_at",
    "status": in_words("status", _codes(words.STATUSES) | dict.fromkeys(INSIDE, TRIAGE)),
    "uitkomst": in_words("outcome", _codes(words.OUTCOMES)),
    "kanaal": in_words("channel", _codes(words.CHANNELS)),
    "acuutGevaar": "danger",
    "vormen": all_in_words("forms", _codes(words.FORMS)),
    "gemeente": "municipality_id",
    "wereldregio": in_words("world_region", _codes(words.WORLD_REGIONS)),
    "soortPlek": in_words("place_kind", _codes(words.PLACE_KINDS)),
    "waargenomenVan": Func(F("observed"), function="lower", output_field=DateField()),
    # The range ends before its upper bound; readers of a file take the last day to be in it.
    "waargenomenTotEnMet": Func(
        F("observed"), template="(upper(%(expressions)s) - 1)", output_field=DateField()
    ),
    "aantalSlachtoffers": "n_victims",
    "geslacht": in_words("sex", _codes(words.SEXES)),
    "leeftijdsgroep": in_words("age_group", _codes(words.AGE_GROUPS)),
}


class SignalsFile(SignalView):
    """All signals of a list, made while it is read."""

    @extend_schema(
        operation_id="signalen_csv",
        tags=["signalen"],
        summary="Signalen van de eigen organisatie als CSV, de nieuwste eerst",
        parameters=LIST_FILTERS,
        responses={(200, "text/csv"): {"type": "string"}, **problems(*EVERYWHERE)},
        auth=SECURITY,
    )
    def get(self, request: Request) -> HttpResponseBase:
        asked = read_query(query_of(request, *(part.name for part in LIST_FILTERS)))
        found = filtered(self.found(), asked).newest_first()
        parts = actions.export_signals(found, COLUMNS, by=self.member, at=timezone.now())
        return StreamingHttpResponse(
            parts,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="signalen.csv"'},
        )
