"""The list of files of a release with their SHA-256, so that anybody can check a copy."""

import json
from collections.abc import Mapping
from hashlib import sha256


def manifest_of(reference: str, files: Mapping[str, bytes]) -> bytes:
    """Return JSON (UTF-8, sorted): the release and, for each file name, its size and SHA-256."""
    entries = {
        name: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    }
    return (json.dumps({"release": reference, "files": entries}, indent=2) + "\n").encode()


def changed_files(manifest: bytes, files: Mapping[str, bytes]) -> list[str]:
    """Return the names of files that are missing, added, or differ from the manifest."""
    listed = json.loads(manifest)["files"]
    return sorted(
        name
        for name in listed.keys() | files.keys()
        if name not in files
        or name not in listed
        or listed[name]["sha256"] != sha256(files[name]).hexdigest()
    )
