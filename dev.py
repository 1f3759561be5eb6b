#!/usr/bin/env python3
"""Everything a developer or a visitor starts: python3 dev.py COMMAND.

  setup                 install what is needed, into this directory; needs a package index once
  demo                  serve the application with demo data, on servers of its own
                        [--port N] [--reset: empty the database first] [--once: look and stop]
  test [ARGUMENTS]      the tests, on scratch servers; the arguments go to pytest
  check                 linters, formats, types, import contracts, migrations, system checks
  manage COMMAND …      a Django command on the servers of the demo, running or not
  shots DIRECTORY       pictures of the pages of the demo
  bench                 measure [--size N] [--only GATE …] [--json]
  lock                  write the lock files again after a change in pyproject.toml

DATABASE_URL and REDIS_URL, when set, take the place of the servers that this command starts.
BAKEN_STATE names the directory for their data, so that several runs may go side by side.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWER = ("python3.13", "python3.12", "python3.11", "python3.14")


def newer_python() -> str:
    """Return a newer interpreter that works, or nothing: a shim may be there and not run."""
    for name in NEWER:
        path = shutil.which(name)
        probe = "import sys; sys.exit(sys.version_info < (3, 11))"
        if path and not subprocess.run([path, "-c", probe], stderr=subprocess.DEVNULL).returncode:
            return path
    return ""


def main() -> int:
    """Find a Python that is new enough, and hand over to it."""
    if sys.version_info[:2] >= OLDEST:
        from tools.setup import run

        return run(sys.argv[1:], usage=__doc__ or "")
    newer = newer_python()
    if newer:
        os.execv(newer, [newer, str(Path(__file__).resolve()), *sys.argv[1:]])
    sys.exit(
        f"dev.py: Python 3.11 or newer is needed; this is {sys.version.split()[0]}, at "
        f"{sys.executable}, and no newer one was found on the PATH."
    )


if __name__ == "__main__":
    sys.exit(main())
