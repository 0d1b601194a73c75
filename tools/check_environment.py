"""Check that the installed packages fit together and that OpenCV works; what `pip check` says, with one exception.

rapidocr asks for opencv-python-headless and this project for opencv-python. Both hold the same modules in the same
folder, so exactly one of them may be installed, and either one serves both.
"""

from __future__ import annotations

import sys
from importlib import import_module, metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TWINS = ("opencv-python", "opencv-python-headless")


def unmet(installed: dict[str, metadata.Distribution]) -> list[str]:
    """Sentences on requirements that no installed package meets."""
    faults = []
    for name, distribution in installed.items():
        for text in distribution.requires or ():
            requirement = Requirement(text)
            if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
                continue
            wanted = canonicalize_name(requirement.name)
            candidates = TWINS if wanted in TWINS else (wanted,)
            found = [installed[c].version for c in candidates if c in installed]
            if not found:
                faults.append(f"{name} needs {requirement}, which is missing")
            elif not any(requirement.specifier.contains(version, prereleases=True) for version in found):
                faults.append(f"{name} needs {requirement}, but {found[0]} is installed")
    return faults


def main() -> int:
    """Print what is wrong; 0 where nothing is."""
    installed = {canonicalize_name(d.metadata["Name"]): d for d in metadata.distributions()}
    faults = unmet(installed)
    if sum(twin in installed for twin in TWINS) != 1:
        faults.append(f"exactly one of {' and '.join(TWINS)} must be installed")
    try:
        import_module("cv2")
    except ImportError as error:
        faults.append(f"OpenCV can't be imported: {error}")
    for fault in faults:
        sys.stderr.write(f"setup: {fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
