"""The API for systems of partners, /v1: its addresses, the token, and its own description.

In Dutch, as the Dutch API Design Rules (NLGov REST API Design Rules 2.1) ask; which word stands
for which of ours is told by each room's `api`.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.urls import path, re_path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import FormParser
from rest_framework.request import Request

from referral.access.actions import TOKEN_LIVES, issue_token
from referral.access.api import ClientView, count, problems
from referral.access.headers import API_VERSION
from referral.access.rules import AssertionRefused
from referral.lib.problems import Problem
from signals.api import schemas
from signals.api.export import SignalsFile
from signals.api.views import Answer, ManySignals, OneSignal, Outcome, Signals

CREDENTIALS = "client_credentials"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TEXT = {"type": "string"}


def token_address() -> str:
    """What a system must name as `aud`: this token endpoint and no other."""
    return f"{settings.SITE_URL}/v1/token"


class Token(ClientView):
    """OAuth 2.0 client credentials with a signed assertion: RFC 6749 and RFC 7523."""

    parser_classes = [FormParser]

    @extend_schema(
        operation_id="token_vraag",
        tags=["toegang"],
        summary="Vraag een token met een ondertekende verklaring",
        request={
            "application/x-www-form-urlencoded": {
                "type": "object",
                "required": ["grant_type", "client_assertion_type", "client_assertion"],
                "properties": {
                    "grant_type": {"const": CREDENTIALS},
                    "client_assertion_type": {"const": JWT_BEARER},
                    "client_assertion": TEXT,
                },
            }
        },
        responses={
            (200, "application/json"): {"$ref": "#/components/schemas/Token"},
            **problems(400, 401, 405, 406, 413, 415, 429),
        },
        auth=[],
    )
    def post(self, request: Request) -> HttpResponseBase:
        now, address = timezone.now(), request.META.get("REMOTE_ADDR", "")
        count(f"token:{address}", most=settings.API_TOKENS, at=now)
        asked = _asked(request)
        try:
            token = issue_token(
                asked["client_assertion"], audience=token_address(), at=now, address=address
            )
        except AssertionRefused as refusal:
            # After the answer, when what this request began has been taken back.
            request._request.refused_assertion = refusal  # type: ignore[attr-defined]  # noqa: SLF001
            raise _refused(401, "invalid_client", str(refusal)) from refusal
        return JsonResponse(
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": int(TOKEN_LIVES.total_seconds()),
            },
            headers={"Pragma": "no-cache"},
        )


def _asked(request: Request) -> dict[str, str]:
    """The parameters that count; others are ignored, as RFC 6749 asks. Raises a Problem."""
    wanted = {"grant_type": CREDENTIALS, "client_assertion_type": JWT_BEARER}
    # A request without a body has no form either.
    sent = request.data if isinstance(request.data, QueryDict) else QueryDict()
    asked = {}
    for name in (*wanted, "client_assertion"):
        values = sent.getlist(name)
        if len(values) != 1 or not values[0]:
            raise _refused(400, "invalid_request", _("Send “%s” exactly once.") % name)
        asked[name] = values[0]
    if asked["grant_type"] != CREDENTIALS:
        sentence = _("“grant_type” must be %s.") % CREDENTIALS
        raise _refused(400, "unsupported_grant_type", sentence)
    if asked["client_assertion_type"] != JWT_BEARER:
        sentence = _("“client_assertion_type” must be %s.") % JWT_BEARER
        raise _refused(400, "invalid_request", sentence)
    return asked


def _refused(status: int, code: str, sentence: str) -> Problem:
    """With the two names that OAuth clients look for (RFC 6749, 5.2)."""
    return Problem(status, sentence, more={"error": code, "error_description": sentence})


class Description(ClientView):
    """The description of this API, open to everyone, also to pages elsewhere."""

    @extend_schema(
        operation_id="openapi_lees",
        tags=["beschrijving"],
        summary="Deze beschrijving",
        responses={(200, "application/json"): {"type": "object"}, **problems(405, 406)},
        auth=[],
    )
    def get(self, request: Request) -> HttpResponseBase:  # noqa: ARG002 -- the same for all
        return JsonResponse(
            describe(),
            headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"},
        )


@csrf_exempt
@login_not_required
def nowhere(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- the same for all
    """Any other address: there is nothing, in the words of the API."""
    return Problem(404).response()


@cache
def describe() -> dict[str, Any]:
    """OpenAPI, out of the views themselves and the tables that they translate by."""
    generator = SchemaGenerator(patterns=urlpatterns)  # type: ignore[no-untyped-call]
    document: dict[str, Any] = generator.get_schema(public=True)  # type: ignore[no-untyped-call]
    for operation in _operations(document):
        operation.pop("description", None)  # of the class, and in English
        for status, response in operation["responses"].items():
            response["description"] = MEANINGS[status]
    document["info"] = {
        "title": "Baken",
        "version": API_VERSION,
        "description": "Signalen van mensenhandel sturen en volgen, voor systemen van partners.",
        "contact": {"name": "Baken", "url": settings.SITE_URL},
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    }
    document["servers"] = [{"url": f"{settings.SITE_URL}/v1"}]
    document["components"] = {
        "schemas": {**COMMON, **schemas.SCHEMAS},
        "securitySchemes": {
            "clientCredentials": {
                "type": "oauth2",
                "description": "private_key_jwt (RFC 7523); het token geldt tien minuten.",
                "flows": {"clientCredentials": {"tokenUrl": token_address(), "scopes": {}}},
            }
        },
    }
    return document


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


#: What a status means, for who reads the description.
MEANINGS = {
    "200": "Gelukt.",
    "201": "Aangenomen; hetzelfde verzoek krijgt hetzelfde antwoord.",
    "304": "Er is niets veranderd.",
    "400": "Het verzoek klopt niet; `errors` zegt per naam waarom.",
    "401": "Er is geen geldig token, of geen geldige verklaring.",
    "403": "De rol van dit systeem doet dit niet.",
    "404": "Dit bestaat niet, of niet voor dit systeem.",
    "405": "Dit adres kent deze methode niet.",
    "406": "Er is alleen JSON.",
    "409": "Deze sleutel is eerder voor een ander verzoek gebruikt, of dit kan nu niet.",
    "412": "Het signaal is veranderd sinds u het las; lees het opnieuw.",
    "413": "Het verzoek is te groot.",
    "415": "Alleen JSON wordt gelezen.",
    "428": "Stuur met `If-Match` de ETag mee waarmee u het signaal las.",
    "429": "Te veel verzoeken; `Retry-After` zegt hoe lang u wacht.",
}
COMMON: dict[str, Any] = {
    "Token": {
        "type": "object",
        "additionalProperties": False,
        "required": ["access_token", "token_type", "expires_in"],
        "properties": {
            "access_token": TEXT,
            "token_type": {"const": "Bearer"},
            "expires_in": {"type": "integer"},
        },
    },
    "Fout": {
        "type": "object",
        "additionalProperties": False,
        "required": ["in", "location", "detail"],
        "properties": {
            "in": {"enum": ["body", "query", "header"]},
            "location": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"pointer": TEXT, "name": TEXT},
            },
            "detail": {"type": "string", "minLength": 1},
        },
    },
    "Probleem": {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": TEXT,
            "title": {"type": "string", "minLength": 1},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "minLength": 1},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fout"}},
            "error": TEXT,
            "error_description": TEXT,
        },
    },
}

app_name = "api"
urlpatterns = [
    path("token", Token.as_view(), name="token"),
    path("signalen", Signals.as_view(), name="signals"),
    path("signalen/csv", SignalsFile.as_view(), name="signals_file"),
    path("signalen/bulk", ManySignals.as_view(), name="many_signals"),
    path("signalen/<uuid:pk>", OneSignal.as_view(), name="signal"),
    path("signalen/<uuid:pk>/antwoord", Answer.as_view(), name="answer"),
    path("signalen/<uuid:pk>/status", Outcome.as_view(), name="outcome"),
    path("openapi.json", Description.as_view(), name="openapi"),
    re_path(r"", nowhere, name="nowhere"),
]
