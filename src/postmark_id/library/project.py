"""Settings of a project: a file ``postmark-id.toml`` in the working folder, for marks that lie beside their scans.

It says where the user's own marks are, relative to itself: ``library = "marks"``. Only the working folder is looked
in and not the folders above, so that what a run depends on lies in sight. A file that can't be used ends the
run, for results that quietly leave the user's marks out would be wrong.
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path

from postmark_id.errors import LibraryError

PROJECT_FILE = Path("postmark-id.toml")
_KEYS = ("library",)
_MOST_BYTES = 64_000


def project_library() -> Path | None:
    """Folder of marks that the project names; None where there is no project file, or none is named in it.

    Raises
    ------
    LibraryError
        The file can't be read or understood, with file and line.
    """
    try:
        with PROJECT_FILE.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        table = tomllib.loads(data[:_MOST_BYTES].decode("utf-8-sig"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refused(f"can't be read: {error.strerror or error}") from error
    except ValueError as error:  # of TOML, or of UTF-8
        raise _refused(f"no valid TOML: {error}") from error
    if len(data) > _MOST_BYTES:
        raise _refused(f"is larger than {_MOST_BYTES} bytes")
    for key in table:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            raise _refused(f"unknown setting {key!r}", f"did you mean {near[0]!r}?" if near else "known: library")
    named = table.get("library")
    if named is None:
        return None
    if not isinstance(named, str) or not named or "\0" in named:
        raise _refused("library is no name of a folder", 'write library = "marks"')
    return PROJECT_FILE.absolute().parent / named


def _refused(fault: str, hint: str = "mend it, or move it away") -> LibraryError:
    return LibraryError(f"{PROJECT_FILE}: {fault}", code="bad-project", hint=hint)
