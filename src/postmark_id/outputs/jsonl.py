"""``results.jsonl``: the documents of the contract, one a line."""

from __future__ import annotations

import os
from collections.abc import Iterable

from postmark_id.outputs.atomic import writing
from postmark_id.outputs.contract import Document, dumps


def write_jsonl(path: str | os.PathLike[str], documents: Iterable[Document], *, overwrite: bool = False) -> int:
    """Write documents one a line, UTF-8, and return how many.

    Parameters
    ----------
    path : path-like
    documents : iterable of Document
        Taken one at a time, so memory does not grow with their number.
    overwrite : bool

    Raises
    ------
    OverwriteError, OutputError
    """
    count = 0
    with writing(path, overwrite=overwrite) as file:
        for document in documents:
            file.write(dumps(document).encode("utf-8") + b"\n")
            count += 1
    return count
