"""The commands of dev.py, once the virtual environment is there."""

import os
import sys

from tools import check, demo, translations
from tools.environment import OWNER, Surroundings
from tools.processes import run_to_end
from tools.servers import own_servers, running_address, scratch_servers, shared_servers
from tools.terminal import Failed, say


def main(arguments: list[str]) -> int:
    """Carry out one command and return the exit code."""
    command, *rest = arguments
    try:
        translations.compile_all()
        return COMMANDS[command](rest)
    except Failed as failure:
        print(f"dev.py: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("stopped")
        return 130


def test(arguments: list[str]) -> int:
    """Run pytest on scratch servers; without arguments all tests, on all cores, with coverage."""
    # One more than cores: some always wait for a server, a browser or the database, and each reads
    # the house anew.
    processes = str((os.cpu_count() or 1) + 1)
    everything = ["-n", processes, "--dist", "loadfile", "--no-loadscope-reorder"]
    with scratch_servers() as addresses:
        environment = Surroundings(addresses).for_role(OWNER)
        if not arguments:  # named here, because probes are written before anything else is read
            environment["PYTEST_PLUGINS"] = "tools.reached"
        command = [sys.executable, "-m", "pytest", *(arguments or everything)]
        return run_to_end(command, environment)


def manage(arguments: list[str]) -> int:
    """Run a Django command on the servers of the demo."""
    command = arguments[0] if arguments else "help"
    with shared_servers(demo.KIND) as addresses:
        environment = Surroundings(addresses, addresses.web_url).for_command(command)
        return run_to_end([sys.executable, "manage.py", *arguments], environment)


def shots(arguments: list[str]) -> int:
    """Take pictures of the demo's pages, and look at each with axe."""
    if running := running_address(demo.KIND):
        return take_shots(arguments, Surroundings(running, running.web_url))
    with demo.running_demo() as started:
        return take_shots(arguments, started.surroundings)


def take_shots(arguments: list[str], surroundings: Surroundings) -> int:
    """Run tools/shots.py in a process of its own."""
    command = [sys.executable, "-m", "tools.shots", "--base-url", surroundings.site_url]
    return run_to_end([*command, *arguments], surroundings.for_command("shots"))


def bench(arguments: list[str]) -> int:
    """Measure, on a database of its own that is kept between runs."""
    with own_servers("bench") as addresses:
        environment = Surroundings(addresses).for_role(OWNER)
        command = [sys.executable, "-m", "bench", *arguments]
        return run_to_end(command, environment)


COMMANDS = {
    "demo": demo.run,
    "test": test,
    "check": check.run,
    "manage": manage,
    "shots": shots,
    "bench": bench,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
