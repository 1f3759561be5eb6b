"""Put the key that signs the database context where only the verifying function reads it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from referral.lib.crypto import sign_blocks


class Command(BaseCommand):
    help = "Install the context key of the settings; --drop ID removes an old one after rotation."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--drop", type=int, help="the id of a key that is no longer used")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        inner, outer = sign_blocks(settings.CONTEXT_KEY)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO baken.context_key (id, inner_block, outer_block) VALUES (%s, %s, %s)"
                " ON CONFLICT (id) DO UPDATE"
                " SET inner_block = excluded.inner_block, outer_block = excluded.outer_block",
                [settings.CONTEXT_KEY_ID, inner, outer],
            )
            if options["drop"] is not None:
                cursor.execute("DELETE FROM baken.context_key WHERE id = %s", [options["drop"]])
