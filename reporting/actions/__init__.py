"""The only writers of figures, and the recorded reads."""

from reporting.actions.approval import (
    approve_release,
    propose_release,
    return_release,
    withdraw_release,
)
from reporting.actions.computing import (
    compute_release,
    order_release,
    silent_releases,
)
from reporting.actions.reading import (
    Figures,
    download_artefact,
    list_home_releases,
    list_releases,
    open_dashboard,
    open_release,
)

__all__ = [
    "Figures",
    "approve_release",
    "compute_release",
    "download_artefact",
    "list_home_releases",
    "list_releases",
    "open_dashboard",
    "open_release",
    "order_release",
    "propose_release",
    "return_release",
    "silent_releases",
    "withdraw_release",
]
