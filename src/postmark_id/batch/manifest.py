"""``manifest.json``: what a run was asked for, when, with which program, and what came of it.

It is written when the run begins, and again when it ends, so that a folder tells even of a run that was killed. The
run keeps its key through all interruptions. Paths stand in it as the user gave them, so that it tells nothing of the
machine that was not said; `batch --like RUN` asks for the same again.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from postmark_id import __version__
from postmark_id.batch.discover import local
from postmark_id.errors import UsageError
from postmark_id.flights.table import ATTRIBUTION
from postmark_id.outputs.atomic import write_text
from postmark_id.outputs.contract import dumps

NAME = "manifest.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """See the module.

    Attributes
    ----------
    key : str
        Of the run, 32 hexadecimal digits.
    begun, ended : str
        UTC, ISO; of the last time that somebody went on with it.
    fingerprint : str
    request : mapping
        Options of the command line by name, and ``paths`` and ``listed``; values of JSON.
    pairing : mapping
        The rule, what it means, how many covers have two sides.
    results : mapping
        Counts by outcome, and by cause of failure.
    """

    key: str
    begun: str
    fingerprint: str
    request: Mapping[str, Any] = field(default_factory=dict)
    pairing: Mapping[str, Any] = field(default_factory=dict)
    ended: str = ""
    results: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def begin(cls, folder: Path, fingerprint: str, request: Mapping[str, Any], pairing: Mapping[str, Any]) -> Manifest:
        """Of a run that begins, or is gone on with.

        Raises
        ------
        OutputError
        """
        try:
            key = read(folder).key
        except UsageError:
            key = secrets.token_hex(16)
        manifest = cls(key, _now(), fingerprint, request, pairing)
        manifest.write(folder)
        return manifest

    def end(self, folder: Path, results: Mapping[str, Any]) -> Manifest:
        """Of the run that has come to its end, and write it.

        Raises
        ------
        OutputError
        """
        manifest = replace(self, ended=_now(), results=results)
        manifest.write(folder)
        return manifest

    def inputs(self) -> tuple[tuple[str, ...], list[str]]:
        """Paths that were named on the command line, and those listed in a file, as they were given."""
        named, listed = (tuple(map(local, self.request.get(part, ()))) for part in ("paths", "listed"))
        return named, list(listed)

    def write(self, folder: Path) -> None:
        """Write it into the folder of the run."""
        document = {
            "manifest_version": VERSION,
            "tool": {"name": "postmark-id", "version": __version__},
            "run": self.key,
            "begun": self.begun,
            "ended": self.ended or None,
            "fingerprint": self.fingerprint,
            "request": dict(self.request),
            "pairing": dict(self.pairing),
            "results": dict(self.results),
            "attribution": ATTRIBUTION,
        }
        write_text(folder / NAME, dumps(document, indent=2) + "\n", overwrite=True)


def read(folder: Path) -> Manifest:
    """The manifest of a run.

    Raises
    ------
    UsageError
        There is none, or it is none of this version.
    """
    path = folder / NAME
    try:
        document = json.loads(path.read_bytes())
        if document["manifest_version"] != VERSION:
            raise ValueError(f"version {document['manifest_version']} is unknown")
        request, pairing, results = (dict(document[part]) for part in ("request", "pairing", "results"))
        ended = document["ended"] or ""
        texts = (document["run"], document["begun"], document["fingerprint"], ended)
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("not a manifest")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path}: can't be read as the manifest of a run: {error}",
            code="no-manifest",
            hint="name the folder of a run, as it was given with --output",
        ) from error
    return Manifest(texts[0], texts[1], texts[2], request, pairing, ended, results)


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
