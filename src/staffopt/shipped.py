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
    """Name the shipped ``models`` or ``instances``, in order; those in folders too."""
    return sorted(file.stem for file in path(kind).rglob("*.yaml"))


def file_of(kind: str, name: str) -> Path | None:
    """Find a shipped file by its name, with or without the folder that it is in; None if not."""
    root = path(kind)
    if (own := root / f"{name}.yaml").is_file():
        return own
    return next((file for file in root.rglob("*.yaml") if file.stem == name), None)
