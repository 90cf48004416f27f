"""Where the shipped models and instances are; light, so that completion can ask at every key."""

from __future__ import annotations

from pathlib import Path


def path(kind: str) -> Path:
    """Return the folder of the shipped ``models`` or ``instances``.

    A wheel carries them inside the package; an editable install does not, and finds them beside
    ``src`` in the checkout.

    Raises:
        FileNotFoundError: if neither is there, which means a broken installation.
    """
    package = Path(__file__).parent
    for folder in (package / kind, package.parents[1] / kind):
        if any(folder.glob("*.yaml")):
            return folder
    raise FileNotFoundError(f"this installation of staffopt has no {kind}; install it again")


def names(kind: str) -> list[str]:
    """Name the shipped ``models`` or ``instances``, in order."""
    return sorted(file.stem for file in path(kind).glob("*.yaml"))
