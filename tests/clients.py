"""A browser as far as tests need one: it sends what a page would send."""

from typing import Any

from django.test import Client

from referral.access.idempotency import new_key


class FormClient(Client):
    """Sends each form as a page does: with the key by which it is done once."""

    def post(self, path: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:
        if data is None or (isinstance(data, dict) and "idempotency_key" not in data):
            data = {**(data or {}), "idempotency_key": new_key()}
        return super().post(path, data, *args, **kwargs)
