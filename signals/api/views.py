"""The addresses under /v1/signalen: each translates JSON into one action, and its result back."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from referral.access.api import (
    EVERYWHERE,
    IDEMPOTENCY_KEY,
    ClientView,
    answer_once,
    problems,
    query_of,
)
from referral.lib.problems import Mistake, Problem
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals import actions
from signals.api import words
from signals.api.schemas import MOST_AT_ONCE
from signals.api.shapes import (
    Unfit,
    open_question,
    outcome,
    read_answer,
    read_signal,
    receipt,
    report,
    summary,
    towns_named,
)
from signals.models import Amendment, Question, Signal
from signals.querysets import SignalQuerySet
from signals.rules import Draft, MoveRefused, SignalRefused
from signals.workflow import Status

ON_A_PAGE, MOST_ON_A_PAGE = 50, 100
NUMBER = re.compile(r"[0-9]{1,3}")
SECURITY: list[Any] = [{"clientCredentials": []}]
SENDING = (*EVERYWHERE, 409, 413, 415)
LIST_FILTERS = [
    OpenApiParameter("status", description="Waar het signaal staat.", enum=list(words.STATUSES)),
    OpenApiParameter(
        "ontvangenVanaf",
        description="Vanaf dit moment ontvangen.",
        type={"type": "string", "format": "date-time"},
    ),
]
PAGE = [
    *LIST_FILTERS,
    OpenApiParameter(
        "aantal",
        description="Hoeveel signalen er op een pagina staan.",
        type={"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE, "default": ON_A_PAGE},
    ),
    OpenApiParameter("cursor", description="Uit de link `next` van de vorige pagina.", type=str),
]
IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    required=True,
    description="De ETag waarmee u het signaal las; is het sindsdien veranderd, dan volgt 412.",
)


def _document(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(status: int, name: str) -> dict[tuple[int, str], dict[str, str]]:
    return {(status, "application/json"): _document(name)}


class SignalView(ClientView):
    """An address of signals: of the own organisation, and by `visible_to` as on the pages."""

    permission = Permission.SIGNAL_SUBMIT

    def found(self) -> SignalQuerySet:
        return Signal.objects.visible_to(self.member).filter(
            reporter_organisation=self.member.organisation_id
        )


class Signals(SignalView):
    """The signals of the own organisation, and a place to send one."""

    @extend_schema(
        operation_id="signalen_lijst",
        tags=["signalen"],
        summary="Signalen van de eigen organisatie, de nieuwste eerst",
        parameters=PAGE,
        responses={**_json(200, "Signalen"), **problems(*EVERYWHERE)},
        auth=SECURITY,
    )
    def get(self, request: Request) -> HttpResponseBase:
        query = query_of(request, *PARTS)
        asked = read_query(query)
        found, number = filtered(self.found(), asked), asked.get("aantal", ON_A_PAGE)
        if "cursor" in asked:
            found = found.older_than(*asked["cursor"])
        rows = list(found.newest_first()[: number + 1])
        signals = actions.list_signals(rows[:number], by=self.member, at=timezone.now())
        here = reverse("api:signals")
        links = {"self": {"href": _address(here, query)}}
        if len(rows) > number:
            query["cursor"] = _cursor(signals[-1])
            links["next"] = {"href": _address(here, query)}
        # Beneath this address, and not looked up again for each line.
        told = [summary(one, address=f"{_address(here)}/{one.pk}") for one in signals]
        return Response({"signalen": told, "_links": links})

    @extend_schema(
        operation_id="signalen_stuur",
        tags=["signalen"],
        summary="Stuur een signaal",
        parameters=[IDEMPOTENCY_KEY],
        request={"application/json": _document("NieuwSignaal")},
        responses={**_json(201, "Ontvangst"), **problems(*SENDING)},
        auth=SECURITY,
    )
    def post(self, request: Request) -> HttpResponseBase:
        def send() -> dict[str, object]:
            read = read_signal(
                request.data, member=self.member, municipalities=towns_named(request.data)
            )
            if not isinstance(read, Draft):
                raise Problem(400, _("This is no signal yet. See errors for each name."), read)
            return _receipt(actions.submit_signal(read, by=self.member, at=timezone.now()))

        answer = answer_once(self, send)
        where = _address(reverse("api:signal", args=[answer["id"]]))
        return Response(answer, status=201, headers={"Location": where})


class ManySignals(SignalView):
    """A place to send many signals at once, with a result for each."""

    @extend_schema(
        operation_id="signalen_stuur_bulk",
        tags=["signalen"],
        summary=f"Stuur ten hoogste {MOST_AT_ONCE} signalen; wat goed is, wordt aangenomen",
        parameters=[IDEMPOTENCY_KEY],
        request={"application/json": _document("NieuweSignalen")},
        responses={**_json(200, "Regels"), **problems(*SENDING)},
        auth=SECURITY,
    )
    def post(self, request: Request) -> HttpResponseBase:
        return Response(answer_once(self, lambda: self._send(_lines(request.data))))

    def _send(self, lines: list[Any]) -> dict[str, object]:
        municipalities = towns_named(*lines)
        read = [
            read_signal(
                line, member=self.member, municipalities=municipalities, at=f"/signalen/{number}"
            )
            for number, line in enumerate(lines)
        ]
        drafts = [draft for draft in read if isinstance(draft, Draft)]
        sent = iter(actions.submit_signals(drafts, by=self.member, at=timezone.now()))
        results: list[dict[str, object]] = []
        for number, line in enumerate(read, start=1):
            if isinstance(line, Draft):
                results.append({"regel": number, "status": 201, "signaal": _receipt(next(sent))})
            else:
                errors = [mistake.as_json() for mistake in line]
                results.append({"regel": number, "status": 400, "errors": errors})
        return {
            "aangenomen": len(drafts),
            "geweigerd": len(read) - len(drafts),
            "regels": results,
        }


class OneSignal(SignalView):
    """One signal with what was seen; the look is recorded, as on the page."""

    @extend_schema(
        operation_id="signalen_lees",
        tags=["signalen"],
        summary="Lees een signaal",
        parameters=[
            OpenApiParameter(
                "If-None-Match", location=OpenApiParameter.HEADER, description="Een eerdere ETag."
            )
        ],
        responses={
            **_json(200, "Signaal"),
            304: None,
            **problems(*EVERYWHERE),
        },
        auth=SECURITY,
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        query_of(request)
        signal = get_object_or_404(self.found().with_words(), pk=pk)
        asked = parse_etags(request.headers.get("If-None-Match", ""))
        if asked:
            etag = _etag_now(signal, _question_on(signal, self.member), self.member)
            if "*" in asked or etag in asked or f"W/{etag}" in asked:
                actions.open_status(signal, by=self.member, at=timezone.now())
                return HttpResponse(status=304, headers={"ETag": etag})
        opened = actions.open_report(signal, by=self.member, at=timezone.now())
        question = open_question(opened)
        etag = _etag(
            signal, question.question.pk if question else None, amended=len(opened.amendments)
        )
        return Response({**_summary(signal), **report(opened)}, headers={"ETag": etag})


class Answer(SignalView):
    """A place to answer the question that is open on a signal, as it was read."""

    @extend_schema(
        operation_id="signalen_antwoord",
        tags=["signalen"],
        summary="Beantwoord de vraag die over een signaal openstaat",
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        request={"application/json": _document("NieuwAntwoord")},
        responses={**_json(200, "Ontvangst"), **problems(*SENDING, 412, 428)},
        auth=SECURITY,
    )
    def post(self, request: Request, pk: UUID) -> HttpResponseBase:
        query_of(request)
        return Response(answer_once(self, lambda: self._answer(request, pk)))

    def _answer(self, request: Request, pk: UUID) -> dict[str, object]:
        signal = get_object_or_404(self.found(), pk=pk)
        said = read_answer(request.data)
        asked = parse_etags(request.headers.get("If-Match", ""))
        if not asked:
            raise Problem(428)
        question = _question_on(signal, self.member)
        if "*" not in asked and _etag_now(signal, question, self.member) not in asked:
            raise Problem(412)
        try:
            actions.answer_question(
                signal, answer=said, to=question, by=self.member, at=timezone.now()
            )
        except SignalRefused as refusal:
            raise Problem(400, mistakes=[Mistake("/antwoord", str(refusal))]) from refusal
        except MoveRefused as refusal:
            raise Problem(409, str(refusal)) from refusal
        return _receipt(signal)


class Outcome(SignalView):
    """What the expert centre decided: the code, and nothing else."""

    @extend_schema(
        operation_id="signalen_status",
        tags=["signalen"],
        summary="Lees alleen de uitkomst van een signaal",
        responses={**_json(200, "Uitkomst"), **problems(*EVERYWHERE)},
        auth=SECURITY,
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        query_of(request)
        signal = get_object_or_404(self.found(), pk=pk)
        actions.open_status(signal, by=self.member, at=timezone.now())
        return Response({"uitkomst": outcome(signal)})


def _question_on(signal: Signal, member: Membership) -> UUID | None:
    """The question that waits for an answer, when there is one."""
    if signal.status != Status.NEEDS_INFO:
        return None
    questions = Question.objects.visible_to(member).open().filter(signal=signal)
    return questions.values_list("pk", flat=True).first()


def _etag_now(signal: Signal, question: UUID | None, member: Membership) -> str:
    """The ETag of a signal that nobody opens."""
    amended = Amendment.objects.visible_to(member).of(signal).count()
    return _etag(signal, question, amended=amended)


def _etag(signal: Signal, question: UUID | None, *, amended: int) -> str:
    """Of what a reader is told, without reading what was seen: it changes with an amendment alone,
    and a second question is another one, though the rest is the same. The version of the signal
    would tell of moves that are the expert centre's own.
    """
    told = {**_summary(signal), "vraag": str(question), "aangevuld": amended}
    return f'"{sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]}"'


def _lines(sent: Any) -> list[Any]:
    """The signals of a bulk. Raises a Problem when they are none, or too many."""
    lines = sent.get("signalen") if isinstance(sent, dict) and len(sent) == 1 else None
    if not isinstance(lines, list) or not 0 < len(lines) <= MOST_AT_ONCE:
        wanted = _("Give one list with 1 to %s signals, and nothing else.") % MOST_AT_ONCE
        raise Problem(400, wanted, [Mistake("/signalen", wanted)])
    return lines


def read_query(query: Mapping[str, str]) -> dict[str, Any]:
    """What is asked for, by name. Raises a Problem with every mistake."""
    asked, mistakes = {}, []
    for name, text in query.items():
        try:
            asked[name] = PARTS[name](text)
        except Unfit as unfit:
            mistakes.append(Mistake(name, str(unfit), "query"))
    if mistakes:
        raise Problem(400, mistakes=mistakes)
    return asked


def filtered(found: SignalQuerySet, asked: Mapping[str, Any]) -> SignalQuerySet:
    """Those of this status, as reporters hear it, and from this moment on."""
    if "status" in asked:
        found = found.told_as(asked["status"])
    if "ontvangenVanaf" in asked:
        found = found.filter(created_at__gte=asked["ontvangenVanaf"])
    return found


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text) or not 0 < int(text) <= MOST_ON_A_PAGE:
        raise Unfit(_("Give a number from 1 to %s.") % MOST_ON_A_PAGE)
    return int(text)


def _status(text: str) -> str:
    if text not in words.STATUSES:
        raise Unfit(_("Choose from: %s.") % ", ".join(words.STATUSES))
    return words.STATUSES[text]


def _since(text: str) -> datetime:
    moment = _moment(text)
    if moment is None:
        raise Unfit(_("Give a moment with its offset, such as 2026-12-31T09:00:00Z."))
    return moment


def _cursor(last: Signal) -> str:
    text = f"{last.created_at.isoformat()}|{last.pk}"
    return urlsafe_b64encode(text.encode()).decode()


def _place(cursor: str) -> tuple[datetime, UUID]:
    """After which signal the page begins."""
    try:
        at, _bar, pk = urlsafe_b64decode(cursor.encode("ascii")).decode().partition("|")
        return _since(at), UUID(pk)
    except ValueError as error:
        raise Unfit(_("Take the cursor from the link to the next page, as it is.")) from error


def _moment(text: str) -> datetime | None:
    """A moment of which the offset is known; a `+` that a query made a space of is one again."""
    try:
        found = parse_datetime(text.replace(" ", "+"))
        return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


#: What each part of the query means.
PARTS: dict[str, Callable[[str], Any]] = {
    "status": _status,
    "ontvangenVanaf": _since,
    "aantal": _number,
    "cursor": _place,
}


def _address(path: str, query: Mapping[str, str] | None = None) -> str:
    return f"{settings.SITE_URL}{path}" + (f"?{urlencode(query)}" if query else "")


def _receipt(signal: Signal) -> dict[str, object]:
    return receipt(signal, address=_address(reverse("api:signal", args=[signal.pk])))


def _summary(signal: Signal) -> dict[str, object]:
    return summary(signal, address=_address(reverse("api:signal", args=[signal.pk])))
