"""A release as files, all from the same protected cells: tidy CSV, workbooks, tagged PDFs."""

from dataclasses import dataclass
from pathlib import Path

from reporting.exports.document import Grid, ReleaseDocument, SpokenDocument
from reporting.exports.manifest import changed_files, manifest_of
from reporting.exports.pdf import pdf_of
from reporting.exports.tidy import csv_of
from reporting.exports.workbook import xlsx_of
from reporting.tables import Language

__all__ = [
    "ExportFile",
    "Grid",
    "ReleaseDocument",
    "SpokenDocument",
    "changed_files",
    "render",
]

LANGUAGES: tuple[Language, ...] = ("nl", "en")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file to be kept and downloaded."""

    name: str
    media_type: str
    content: bytes


def render(document: ReleaseDocument, *, fonts: Path | None = None) -> list[ExportFile]:
    """Write every file of a release: one CSV, a workbook and a PDF for each language, a manifest.

    The same document (and folder of `fonts`, see pdf_of) gives the same bytes. Names begin with
    the document's reference; the manifest has the SHA-256 of every other file.
    """
    name = document.reference
    files = [ExportFile(f"{name}.csv", "text/csv; charset=utf-8", csv_of(document))]
    for language in LANGUAGES:
        pdf = pdf_of(document, language, fonts=fonts)
        files += [
            ExportFile(f"{name}-{language}.xlsx", XLSX, xlsx_of(document, language)),
            ExportFile(f"{name}-{language}.pdf", "application/pdf", pdf),
        ]
    manifest = manifest_of(name, {file.name: file.content for file in files})
    return [*files, ExportFile(f"{name}-manifest.json", "application/json", manifest)]
