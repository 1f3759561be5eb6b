"""A directory for servers: root runs PostgreSQL as `nobody`, who must be able to enter it."""

import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def place():
    """The directory for the tests of one file."""
    directory = Path(tempfile.mkdtemp(prefix="baken-", dir="/var/tmp"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def state(place, request):
    """A directory for one test."""
    directory = place / str(abs(hash(request.node.name)))
    directory.mkdir()
    directory.chmod(0o755)
    return directory
