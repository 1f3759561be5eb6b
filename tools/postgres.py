"""PostgreSQL as a child process, on a Unix socket, from a wheel or from the system."""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from tools import roles
from tools.paths import IS_ROOT, owned_directory, short_hash
from tools.processes import Process, User, nobody
from tools.programs import BARE_ENVIRONMENT, postgres_programs, reachable_by_all
from tools.terminal import Failed

DATABASE = "baken"
OPTIONS = {"listen_addresses": "", "timezone": "UTC", "shared_buffers": "128MB"}
# Nobody reads scratch data again; the last half second of a demo may be lost with the power,
# and nothing else; whatever is measured waits for the disk as in production.
SCRATCH = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
RELAXED = {"synchronous_commit": "off"}
DURABLE = {"shared_buffers": "512MB", "effective_cache_size": "2GB", "max_wal_size": "4GB"}
# A path of a socket may have 107 bytes, and the server adds `/.s.PGSQL.5432`.
LONGEST_DIRECTORY = 90


class Postgres:
    """One cluster in one directory: made when it is not there, started, stopped."""

    def __init__(self, directory: Path, settings: Mapping[str, str]) -> None:
        """Choose the directories; nothing runs yet."""
        self.directory, self.settings = directory, settings
        self.data, self.log = directory / "postgres", directory / "postgres.log"
        self.programs = postgres_programs()
        self.user: User = nobody() if IS_ROOT else {}
        if IS_ROOT:
            if not reachable_by_all(directory):
                raise Failed(f"PostgreSQL runs as nobody, who cannot enter {directory}")
            if not reachable_by_all(self.programs):
                self.programs = copy_of_programs(self.programs, directory.parent)
        self.socket = directory / "socket"
        if len(str(self.socket)) > LONGEST_DIRECTORY:
            name = f"baken-{os.geteuid()}-{short_hash(str(directory))}"
            self.socket = Path(tempfile.gettempdir()) / name
        self.version = ""
        self.process: Process | None = None

    def start(self) -> str:
        """Start the server and return the address of the application's database."""
        self.prepare()
        self.start_server()
        self.make_roles_and_database()
        return f"postgresql://{roles.OWNER}@/{DATABASE}?host={self.socket}"

    def prepare(self) -> None:
        """Make what the server needs on disk."""
        self.make_directory(self.socket)
        self.version = self.run("postgres", "--version").split()[2]
        if self.settings is SCRATCH:
            shutil.rmtree(self.data, ignore_errors=True)
        self.make_cluster(self.version.split(".")[0])

    def stop(self) -> None:
        """Stop the server at once but cleanly: open connections are closed."""
        if self.process:
            self.process.stop()

    def make_directory(self, path: Path) -> None:
        """Make a directory that only the server's user may enter."""
        if path.exists() and IS_ROOT:
            shutil.rmtree(path)
        if IS_ROOT:
            path.mkdir(mode=0o700)
            os.chown(path, self.user["user"], self.user["group"])
        else:
            owned_directory(path, 0o700)

    def make_cluster(self, version: str) -> None:
        """Make an empty cluster, unless there is one of this version of PostgreSQL."""
        made = self.data / "PG_VERSION"
        if made.exists():
            if (was := made.read_text().strip()) != version:
                raise Failed(
                    f"{self.data} was made by PostgreSQL {was}, and this is {version}: "
                    "start again with an empty database, python3 dev.py demo --reset"
                )
            return
        shutil.rmtree(self.data, ignore_errors=True)  # from an initdb that was cut off
        # Without ICU the order of texts is that of the code points; queries sort on
        # Lower(Unaccent(…)). From version 17 upper and lower case know all letters.
        locale = ["--locale=C"]
        if int(version) >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        unfinished = self.directory / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self.make_directory(unfinished)
        # An empty cluster that a power cut spoils is made again: no need to wait for the disk.
        options = ["-A", "trust", "-E", "UTF8", "--no-sync", *locale]
        self.run("initdb", "-D", str(unfinished), "-U", "postgres", *options)
        unfinished.rename(self.data)

    def start_server(self) -> None:
        """Start the server and wait until it takes connections.

        Just after a kill -9 of another run its back ends need a moment to go, so try again.
        """
        settings = {**OPTIONS, **self.settings, "unix_socket_directories": str(self.socket)}
        command: list[str | Path] = [self.programs / "postgres", "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        for _attempt in range(40):
            self.process = Process(
                "PostgreSQL",
                command,
                log=self.log,
                environment=BARE_ENVIRONMENT,
                directory=Path("/"),
                user=self.user,
                soft=signal.SIGINT,
                hard=signal.SIGQUIT,
            )
            while self.process.runs:
                if self.is_ready(self.process.child.pid):
                    return
                time.sleep(0.01)
            time.sleep(0.25)
        words = self.log.read_text(errors="replace").splitlines()[-12:]
        raise Failed("\n".join([f"PostgreSQL does not start, see {self.log}:", *words]))

    def is_ready(self, pid: int) -> bool:
        """Tell what the server writes about itself, as pg_ctl reads it."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def make_roles_and_database(self) -> None:
        """Make the roles and the database that the owner's login finds."""
        address = f"postgresql://postgres@/postgres?host={self.socket}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(roles.STATEMENTS)
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if found.fetchone() is None:
                words = sql.SQL("CREATE DATABASE {} OWNER {}")
                names = sql.Identifier(DATABASE), sql.Identifier(roles.OWNER)
                connection.execute(words.format(*names))

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programmes and return what it prints."""
        done = subprocess.run(
            [self.programs / program, *arguments],
            env=BARE_ENVIRONMENT,
            cwd="/",
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **self.user,
        )
        if done.returncode:
            raise Failed(f"{program} failed:\n{done.stdout}")
        return done.stdout


def copy_of_programs(programs: Path, base: Path) -> Path:
    """Copy the programmes to where `nobody` can go: a checkout under /root is closed to it.

    The layout stays, because the programmes find their libraries beside their package.
    """
    tree = programs.parent
    package = tree.parent
    about = f"{tree} {(programs / 'postgres').stat().st_mtime}"
    copy = base / f"programs-{hashlib.sha256(about.encode()).hexdigest()[:8]}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(dir=base))
        unfinished.chmod(0o755)
        shutil.copytree(tree, unfinished / package.name / tree.name, symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        try:
            unfinished.rename(copy)  # all or nothing
        except OSError:  # another run was first
            shutil.rmtree(unfinished)
    return copy / package.name / tree.name / "bin"
