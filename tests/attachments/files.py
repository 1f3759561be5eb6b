"""Real files, made here: what people send, and what somebody means harm with."""

import socketserver
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pikepdf
from PIL import Image

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
OUTSIDE = (
    f'<Relationships xmlns="{RELS}"><Relationship Id="a" Type="x/attachedTemplate"'
    ' Target="https://elsewhere.example/a" TargetMode="External"/></Relationships>'
)


def photograph(
    form: str = "JPEG", *, place: bool = False, size: tuple[int, int] = (60, 40)
) -> bytes:
    """A picture of one red; with `place` the camera wrote where it was taken."""
    written, image = BytesIO(), Image.new("RGB", size, (200, 30, 30))
    exif = Image.Exif()
    if place:
        exif[0x0110] = "Canary camera"
        exif[0x8825] = {1: "N", 2: (52.0, 22.0, 12.0)}
    image.save(written, form, exif=exif)
    return written.getvalue()


def document(*, script: bool = False, inside: bool = False, password: str = "") -> bytes:
    pdf, written = pikepdf.new(), BytesIO()
    page = pdf.add_blank_page(page_size=(200, 200))
    page.Contents = pdf.make_stream(b"0 0 100 100 re f")
    if script:
        acts = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('canary')")
        pdf.Root.OpenAction = acts
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=acts)
        link.Rect = pikepdf.Array([0, 0, 10, 10])
        page.obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(link)]))
    if inside:
        pdf.attachments["canary.exe"] = b"MZ canary"
    pdf.save(
        written, encryption=pikepdf.Encryption(owner="owner", user=password) if password else False
    )
    return written.getvalue()


def letter(*, text: str = "Seen.", author: str = "Canary author", **parts: str | bytes) -> bytes:
    """A Word document; `parts` are more of its files, with `__` for a slash and `_` for a dot."""
    body = (
        f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r>{text}</w:r></w:p></w:body></w:document>'
    )
    files = {"[Content_Types].xml": TYPES, "word/document.xml": body}
    files["docProps/core.xml"] = f"<coreProperties><creator>{author}</creator></coreProperties>"
    files |= {name.replace("__", "/").replace("_", "."): said for name, said in parts.items()}
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, said in files.items():
            folder.writestr(name, said)
    return written.getvalue()


class _Scanner(socketserver.StreamRequestHandler):
    """Speaks as clamd does after `zINSTREAM`, and knows one virus."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
        self.wfile.write(b"stream: Canary FOUND\0" if b"VIRUS" in data else b"stream: OK\0")


@contextmanager
def scanner(folder: Path) -> Iterator[str]:
    """A scanner that listens on a socket in this folder."""
    place = str(folder / "clamd")
    with socketserver.ThreadingUnixStreamServer(place, _Scanner) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"unix://{place}"
        server.shutdown()
        thread.join()
