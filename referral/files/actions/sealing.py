"""Files under the key of what they belong to, piece by piece."""

from referral.access.models import DataKey
from referral.access.secrets import opened
from referral.files.models import FilePiece, KeptFile
from referral.files.rules import PIECE
from referral.files.workflow import Part
from referral.lib.crypto import Unreadable, decrypt, encrypt
from referral.organisations.models import Membership


def keep_pieces(
    pieces: type[FilePiece],
    file: KeptFile,
    part: Part,
    data: bytes,
    *,
    key: DataKey,
    start: int = 0,
) -> None:
    """Seal `data`, which begins at `start` of the file, piece by piece."""
    secret = opened(key)
    pieces.objects.bulk_create(
        pieces(
            **{pieces.OF: file},
            part=part,
            offset=start + offset,
            sealed=encrypt(
                data[offset : offset + PIECE],
                key=secret,
                about=file.about_piece(part, start + offset),
            ),
        )
        for offset in range(0, len(data), PIECE)
    )


def whole(
    pieces: type[FilePiece],
    file: KeptFile,
    part: Part,
    *,
    size: int,
    key: DataKey,
    by: Membership,
) -> bytes:
    """All pieces in order. Raises Unreadable when one is altered, moved or missing."""
    secret, data = opened(key), bytearray()
    for piece in pieces.objects.visible_to(by).of(file, part).iterator(8):
        data += decrypt(bytes(piece.sealed), key=secret, about=file.about_piece(part, len(data)))
    if len(data) != size:
        raise Unreadable("a piece of this file is missing")
    return bytes(data)
