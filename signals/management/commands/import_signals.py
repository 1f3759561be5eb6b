"""Take a file of signals in from the command line, by the same path as the upload page."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals import actions
from signals.forms import FileBroken, count_rows, profile_of
from signals.models import ImportBatch, LayoutMapping
from signals.rules import LayoutRefused, read_layout
from signals.tasks import take_in
from signals.workflow import ImportStatus

PIECE = 1_000_000
#: So long a worker may take to begin, and from one part to the next; then there is none, and
#: the work is done here.
PATIENCE = 5.0
SILENCE = 30.0
COUNTS = ("rows", "accepted", "refused", "already_known")


class Command(BaseCommand):
    help = (
        "Import signals from FILE. A worker takes the file in and this command follows it; with"
        " --wait, or when no worker begins, it is done here. The last line is JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        layout = parser.add_mutually_exclusive_group(required=True)
        layout.add_argument("--profile", metavar="CODE", help="a layout that is known")
        layout.add_argument(
            "--mapping",
            type=Path,
            metavar="FILE",
            help="a mapping (TOML); kept as the next version unless it is in force already",
        )
        parser.add_argument("--wait", action="store_true", help="do the work here, not in a worker")
        parser.add_argument("--by", metavar="EMAIL", help="the EMM coordinator who imports")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        started = time.monotonic()
        member = coordinator(options["by"])
        path = options["file"]
        with acting(member, purpose="import of signals"), override(member.user.language):
            try:
                mapping = mapping_for(options["profile"], options["mapping"], member)
                count_rows(pieces_of(path), profile_of(read_layout(mapping.content)))
            except LayoutRefused as refusal:
                self.end({}, started, error=str(refusal))
            except OSError as error:
                raise CommandError(f"{error.filename} cannot be read: {error.strerror}") from error
            except FileBroken as broken:
                self.end({}, started, error=str(broken))
            batch = self.order(path, mapping.code, member, hand_over=not options["wait"])
            if options["wait"] or not self.follow(batch, member):
                take_in(batch.pk, by=member, tell=self.tell)
            batch = look(batch, member)
        counts = {name: getattr(batch, name) for name in COUNTS}
        self.end(counts, started, error=batch.error)

    def order(
        self, path: Path, profile: str, member: Membership, *, hand_over: bool
    ) -> ImportBatch:
        with transaction.atomic():
            batch = actions.order_import(
                lambda: pieces_of(path),
                file_name=path.name,
                profile=profile,
                by=member,
                at=timezone.now(),
            )
            if hand_over:
                actions.hand_to_worker(batch)
        return batch

    def follow(self, batch: ImportBatch, member: Membership) -> bool:
        """Show the progress of the worker; False when there is none, or it fell silent."""
        moved, before = time.monotonic(), (batch.status, -1)
        while (batch := look(batch, member)).under_way:
            if (batch.status, batch.position) != before:
                moved, before = time.monotonic(), (batch.status, batch.position)
                self.tell(batch)
            patience = PATIENCE if batch.status == ImportStatus.WAITING else SILENCE
            if time.monotonic() - moved > patience:
                return False
            time.sleep(0.2)
        return True

    def tell(self, batch: ImportBatch) -> None:
        self.stdout.write(f"{batch.percent:3}% {batch.get_status_display()} ({batch.position})")

    def end(self, counts: dict[str, int], started: float, *, error: str) -> None:
        """The last line, for programs; a broken file ends with an error for people too."""
        said: dict[str, object] = {name: counts.get(name, 0) for name in COUNTS}
        said["seconds"] = round(time.monotonic() - started, 2)
        if error:
            said["error"] = error
        self.stdout.write(json.dumps(said, ensure_ascii=False))
        if error:
            raise CommandError(error)


def coordinator(email: str | None) -> Membership:
    found = (
        Membership.objects.with_names()
        .valid_at(timezone.now())
        .holding(Role.EMM_COORDINATOR)
        .order_by("pk")
    )
    if email:
        found = found.filter(user__email=email.lower())
    member = found.first()
    if member is None:
        raise CommandError("There is no EMM coordinator by whom signals could be imported.")
    return member


def mapping_for(code: str | None, file: Path | None, member: Membership) -> LayoutMapping:
    """The version in force; of a file that says something else, a new version."""
    at = timezone.now()
    if file is None:
        return actions.mapping_in_force(code or "", by=member, at=at)
    content = file.read_text(encoding="utf-8").strip()
    code = read_layout(content).code
    for mapping in actions.mappings_in_force(by=member, at=at):
        if mapping.code == code and mapping.content.strip() == content:
            return mapping
    return actions.keep_mapping(content, reason=f"From {file.name}", by=member, at=at)


def look(batch: ImportBatch, member: Membership) -> ImportBatch:
    with transaction.atomic():
        return ImportBatch.objects.visible_to(member).get(pk=batch.pk)


def pieces_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
