"""Where the tracer of coverage rests: it doubles the time of what it follows."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import walk_packages

import pytest

from tools.paths import HOUSES, ROOT


@contextmanager
def resting(config: pytest.Config) -> Iterator[None]:
    """Follow no line meanwhile, where coverage is measured at all."""
    plugin = config.pluginmanager.getplugin("_cov")
    control = plugin and plugin.cov_controller
    if not control or not control.started:
        yield
        return
    control.pause()
    try:
        yield
    finally:
        control.resume()


def read_the_house() -> None:
    """Import every module once, as its first lines are carried out then and never again."""
    for house in HOUSES:
        for module in walk_packages([str(ROOT / house)], f"{house}."):
            if "migrations" not in module.name and module.name != "referral.wsgi":
                import_module(module.name)
