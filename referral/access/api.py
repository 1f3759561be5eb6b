"""What every address under /v1 does: who asks, how often, in what form, and errors with words."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.views import APIView, set_rollback

from referral.access.idempotency import KeyReused, earlier_answer, keep_answer
from referral.lib.problems import MEDIA_TYPE, Mistake, Problem
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission

logger = logging.getLogger(__name__)

MINUTE = 60
LONGEST_KEY = 64
KEY_SHAPE = re.compile(r"[\x21-\x7e]{8,64}")
IDEMPOTENCY_KEY = OpenApiParameter(
    name="Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    description="Nieuw voor elk verzoek; bij herhaling van hetzelfde verzoek dezelfde sleutel.",
    type={"type": "string", "minLength": 8, "maxLength": LONGEST_KEY},
)
#: Of the statuses that an address answers by itself; the router names them for each.
EVERYWHERE = (400, 401, 403, 404, 405, 406, 429)


class StrictParser(JSONParser):
    """JSON in which nothing stands twice, and every text can be written down."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,  # noqa: ARG002 -- the signature is the framework's
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        try:
            text = stream.read().decode("utf-8")
            found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
            json.dumps(found, ensure_ascii=False).encode("utf-8")  # half a character is none
        except (ValueError, RecursionError) as error:
            raise Problem(400, _("The body is not JSON, or names something twice.")) from error
        return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


class ClientView(APIView):
    """An address for systems of partners that hold this permission.

    It is closed to sessions and open without one: a token says who asks, see ClientMiddleware.
    """

    permission: ClassVar[Permission | None] = None
    http_method_names: ClassVar[list[str]] = ["get", "post", "head"]  # type: ignore[misc]
    parser_classes = [StrictParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.permission is None:
            return
        member = getattr(request, "member", None)
        if member is None:
            raise Problem(401, headers={"WWW-Authenticate": 'Bearer realm="Baken"'})
        count(f"client:{member.user_id}", most=settings.API_REQUESTS, at=timezone.now())
        if not member.may(self.permission):
            raise PermissionDenied

    def get_exception_handler(self) -> Callable[..., HttpResponseBase | None]:
        return as_problem

    @property
    def member(self) -> Membership:
        return cast("Membership", self.request.member)  # type: ignore[attr-defined]


def count(who: str, *, most: int, at: datetime) -> None:
    """Count a request of this minute. Raises a Problem when there were too many.

    Without the counter, which is no place of truth, everybody may go on.
    """
    minute, second = divmod(int(at.timestamp()), MINUTE)
    name = f"api:{who}:{minute}"
    try:
        asked = _counted(name)
    except (RedisError, ValueError):
        logger.exception("requests of systems are not counted")
        return
    if asked > most:
        raise Problem(429, headers={"Retry-After": str(MINUTE - second)})


def _counted(name: str) -> int:
    """One more; the counter is made at the first request of the minute."""
    try:
        return cache.incr(name)
    except ValueError:
        cache.add(name, 0, timeout=2 * MINUTE)
        return cache.incr(name)


def query_of(request: Request, *known: str) -> dict[str, str]:
    """The parts of the query. Raises a Problem for a name that is not known, or stands twice."""
    sent: QueryDict = request.query_params
    mistakes = [
        Mistake(name, _("This is not asked for here, or stands twice."), inside="query")
        for name, values in sent.lists()
        if name not in known or len(values) > 1
    ]
    if mistakes:
        raise Problem(400, mistakes=mistakes)
    return {name: str(sent[name]) for name in sent}


def answer_once(view: ClientView, deed: Callable[[], dict[str, object]]) -> dict[str, object]:
    """Do the deed and keep its answer; sent again, give that answer again.

    The key and what was sent belong together. Of what is refused nothing stays, so it may be
    mended and sent under the same key. Raises a Problem.
    """
    key = view.request.headers.get("Idempotency-Key", "")
    if not KEY_SHAPE.fullmatch(key):
        where = Mistake("Idempotency-Key", _("Give 8 to 64 visible characters."), "header")
        raise Problem(
            400, _("Every request that sends something needs an Idempotency-Key."), [where]
        )
    sent = {"address": view.request.path, "sent": view.request.data}
    try:
        earlier = earlier_answer(view.member, key=key, body=sent)
    except KeyReused as refusal:
        detail = _("This key was used before for another request. Take a new one.")
        raise Problem(409, detail) from refusal
    if earlier is not None:
        return cast("dict[str, object]", json.loads(earlier))
    answer = deed()
    keep_answer(view.member, key=key, answer=json.dumps(answer))
    return answer


def as_problem(error: Exception, context: Mapping[str, Any]) -> HttpResponseBase | None:  # noqa: ARG001
    """Every refusal as a document with words; what was begun is taken back."""
    problem = _problem_of(error)
    if problem is None:
        return None
    set_rollback()
    return problem.response()


def _problem_of(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return Problem(404)
    if isinstance(error, PermissionDenied):
        return Problem(403)
    if isinstance(error, exceptions.MethodNotAllowed):
        return Problem(405)
    if isinstance(error, exceptions.APIException):
        return Problem(error.status_code)
    return None


def problems(*statuses: int) -> dict[tuple[int, str], dict[str, str]]:
    """These statuses for the description of an address."""
    return {(one, MEDIA_TYPE): {"$ref": "#/components/schemas/Probleem"} for one in statuses}
