"""What a failed sign-in is counted by."""

from typing import Any

from django.http import HttpRequest


def sign_in_name(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:  # noqa: ARG001
    """The address that was tried; the form names it `login`, the backends `email`."""
    tried = credentials or {}
    return str(tried.get("email") or tried.get("login") or tried.get("username") or "").lower()
