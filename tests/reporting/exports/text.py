"""The text of a PDF, read back through its own character maps."""

import io
import re

import pikepdf


def text_of_pdf(content: bytes) -> str:
    """All text in reading order of the content streams, white space made single."""
    words = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            maps = {name: _characters(font) for name, font in page.Resources.Font.items()}
            words.append(_text_of_page(page, maps))
    return re.sub(r"\s+", " ", " ".join(words))


def _text_of_page(page: pikepdf.Page, maps: dict[str, dict[int, str]]) -> str:
    font: dict[int, str] = {}
    parts = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = maps[str(operands[0])]
        elif str(operator) == "TJ":
            parts.append(
                "".join(
                    _decoded(bytes(o), font) for o in operands[0] if isinstance(o, pikepdf.String)
                )
            )
        elif str(operator) == "Tj":
            parts.append(_decoded(bytes(operands[0]), font))
        elif str(operator) == "ET":
            parts.append(" ")
    return "".join(parts)


def _decoded(codes: bytes, font: dict[int, str]) -> str:
    return "".join(font[int.from_bytes(codes[n : n + 2], "big")] for n in range(0, len(codes), 2))


def _characters(font: pikepdf.Object) -> dict[int, str]:
    """Read the font's map from glyph codes to characters (ToUnicode, bfchar lines)."""
    lines = font.ToUnicode.read_bytes().decode("latin-1")
    return {
        int(code, 16): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", lines)
    }
