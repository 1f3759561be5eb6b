"""What systems send, and whether what comes back is as the description says."""

from typing import Any

from jsonschema import Draft202012Validator

from referral.api import describe

SIGNAL = {
    "acuutGevaar": False,
    "vormen": ["arbeidsuitbuiting"],
    "feiten": "Een kanarie slaapt achter de keuken.",
    "gemeente": "GM0363",
    "soortPlek": "horeca",
    "waargenomen": "2026-11-19",
    "aantalSlachtoffers": 2,
    "personen": ["vrouw"],
}


def paper(**changes: Any) -> dict[str, Any]:
    return {name: said for name, said in {**SIGNAL, **changes}.items() if said != "leave out"}


def check(answer: Any, path: str, method: str) -> None:
    """The answer is one that the description of this address names."""
    document = describe()
    described = document["paths"][path][method]["responses"]
    status = str(answer.status_code)
    assert status in described, (path, method, status)
    content = described[status].get("content", {})
    if not content:
        assert answer.content == b""
        return
    [media_type] = content
    assert answer["Content-Type"].removesuffix("; charset=utf-8") == media_type
    if media_type == "text/csv":
        assert b"".join(answer.streaming_content).startswith(b'"kenmerk",')
        return
    schema = {**content[media_type]["schema"], "components": document["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        answer.json()
    )


def check_problem(answer: Any, status: int) -> dict[str, Any]:
    """An error with words, and nothing of the machine behind it."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    said: dict[str, Any] = answer.json()
    schema = {"$ref": "#/components/schemas/Probleem", "components": describe()["components"]}
    Draft202012Validator(schema).validate(said)
    assert said["status"] == status
    assert " " in said["detail"]
    return said
