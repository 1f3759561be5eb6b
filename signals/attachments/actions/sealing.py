"""Files under the key of their signal: each piece says of which file it is, and where it begins."""

from referral.access.models import DataKey
from referral.access.secrets import opened, seal, unseal
from referral.lib.crypto import Unreadable, decrypt, encrypt
from referral.organisations.models import Membership
from signals.attachments.models import Attachment, AttachmentPiece
from signals.attachments.rules import PIECE
from signals.attachments.workflow import Part


def about_name(attachment: Attachment) -> str:
    return f"attachments_attachment|{attachment.pk}|1"


def sealed_name(attachment: Attachment, name: str, *, key: DataKey) -> bytes:
    return seal({"name": name}, key=key, about=about_name(attachment))


def name_of(attachment: Attachment, key: DataKey) -> str:
    return str(unseal(bytes(attachment.name), key=key, about=about_name(attachment))["name"])


def about_piece(attachment: Attachment, part: Part, offset: int) -> str:
    return f"attachments_piece|{attachment.pk}|{part.value}|{offset}|1"


def keep_pieces(
    attachment: Attachment, part: Part, data: bytes, *, key: DataKey, start: int = 0
) -> None:
    """Seal `data`, which begins at `start` of the file, piece by piece."""
    secret = opened(key)
    AttachmentPiece.objects.bulk_create(
        AttachmentPiece(
            attachment=attachment,
            part=part,
            offset=start + offset,
            sealed=encrypt(
                data[offset : offset + PIECE],
                key=secret,
                about=about_piece(attachment, part, start + offset),
            ),
        )
        for offset in range(0, len(data), PIECE)
    )


def whole(attachment: Attachment, part: Part, *, size: int, key: DataKey, by: Membership) -> bytes:
    """All pieces in order. Raises Unreadable when one is altered, moved or missing."""
    secret, data = opened(key), bytearray()
    for piece in AttachmentPiece.objects.visible_to(by).of(attachment, part).iterator(8):
        about = about_piece(attachment, part, len(data))
        data += decrypt(bytes(piece.sealed), key=secret, about=about)
    if len(data) != size:
        raise Unreadable("a piece of this file is missing")
    return bytes(data)
