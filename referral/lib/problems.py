"""Errors of the API as documents with words (RFC 9457), as the Dutch API Design Rules ask."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.utils.translation import gettext as _

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one answer of a request, and where it stands.

    `place` is a JSON pointer in a body, or the name of a header or of a part of the query.
    """

    place: str
    detail: str
    inside: str = "body"

    def as_json(self) -> dict[str, object]:
        kind = "pointer" if self.inside == "body" else "name"
        return {"in": self.inside, "location": {kind: self.place}, "detail": self.detail}


@dataclass(slots=True)
class Problem(Exception):
    """A request that is not honoured: the status, and a sentence that says what to do."""

    status: int
    detail: str = ""
    mistakes: Sequence[Mistake] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)

    def response(self) -> HttpResponse:
        title, detail = words_of(self.status)
        body: dict[str, object] = {
            "type": "about:blank",
            "title": title,
            "status": self.status,
            "detail": self.detail or detail,
            **self.more,
        }
        if self.mistakes:
            body["errors"] = [mistake.as_json() for mistake in self.mistakes]
        return HttpResponse(
            json.dumps(body, ensure_ascii=False),
            status=self.status,
            content_type=MEDIA_TYPE,
            headers=dict(self.headers),
        )


def words_of(status: int) -> tuple[str, str]:
    """A title and a sentence for a status, in the language of the answer."""
    words = {
        400: (_("Invalid request"), _("This request cannot be read. Compare it with the API.")),
        401: (_("Not signed in"), _("Ask for a token at /v1/token and send it along.")),
        403: (_("Not allowed"), _("The role of this system does not do this.")),
        404: (_("Not found"), _("This is not there, or not for this system.")),
        405: (_("Method not allowed"), _("This address does not answer to this method.")),
        406: (_("Not acceptable"), _("This API answers in JSON: accept application/json.")),
        409: (_("Conflict"), _("This does not fit what was sent before.")),
        412: (_("Changed meanwhile"), _("This has changed since you read it. Read it again.")),
        413: (_("Too large"), _("This request is too large. Send it in parts.")),
        415: (_("Unsupported media type"), _("Send JSON, with Content-Type: application/json.")),
        428: (_("Condition missing"), _("Send the ETag of what you read along as If-Match.")),
        429: (_("Too many requests"), _("Wait until the moment that Retry-After names.")),
    }
    if status in words:
        return words[status]
    if status < 500:
        return words[400]
    return (_("Something went wrong"), _("This is our fault. Try again with the same key."))
