"""CSV files that people edit: read whole or refused with line numbers, never half.

Spreadsheets save commas or semicolons, with or without a byte-order mark, with any line ending: all of that is
taken. Another encoding than UTF-8, NUL bytes, unknown or missing columns and rows of the wrong length are refused,
for a row that is dropped in silence would later be a flight that is missing without a trace.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from postmark_id.errors import TableError

HINT = "run 'postmark-id flights validate FILE' for the whole list"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a table, and on which line (1 is the header; 0 the file as a whole)."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: its line in the file and its cells by column, stripped."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns that a table must have and those that it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Required and optional columns."""
        return self.required + self.optional


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """Bytes of a table, bounded.

    Raises
    ------
    TableError
        Where the file can't be read or is larger than `max_bytes`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise TableError(
            f"{path}: {error.strerror or error}", code="table-unreadable", hint="name a readable CSV file"
        ) from error
    if len(data) > max_bytes:
        raise TableError(
            f"{path}: larger than {max_bytes // 1_000_000} MB, which no flight table is",
            code="table-too-large",
            hint="name the CSV file of flights",
        )
    return data


def parse(data: bytes, columns: Columns) -> tuple[list[Row], list[Problem]]:
    """Split a CSV file into rows.

    Parameters
    ----------
    data : bytes
        UTF-8 with or without a byte-order mark; commas or semicolons; any line ending.
    columns : Columns
        What the header may say.

    Returns
    -------
    rows : list of Row
        Blank lines are skipped; empty where there are problems with the file as a whole.
    problems : list of Problem
    """
    text, problem = _decode(data)
    if problem:
        return [], [problem]
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    header: list[str] = []
    start = 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip() for cell in cells]
                problems = _judge_header(header, columns, line)
                if problems:
                    return [], problems
            elif len(cells) != len(header):
                problems.append(Problem(line, f"{len(cells)} cells where the header has {len(header)}"))
            else:
                named = zip(header, cells, strict=True)
                rows.append(Row(line, {name: cell.strip() for name, cell in named}))
    except csv.Error as error:
        problems.append(Problem(reader.line_num, f"not a CSV row: {error}"))
    if not header:
        problems.append(Problem(0, "the table is empty: not even a header"))
    return rows, problems


def _decode(data: bytes) -> tuple[str, Problem | None]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", Problem(0, "the table is UTF-16: save it as UTF-8")
    if b"\0" in data:
        return "", Problem(data[: data.index(b"\0")].count(b"\n") + 1, "NUL byte: this is no text file")
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return "", Problem(line, "not UTF-8 (perhaps cp1251 or cp1252): save the table as UTF-8")


def _judge_header(header: Sequence[str], columns: Columns, line: int) -> list[Problem]:
    problems = []
    for name in header:
        if name not in columns.all:
            close = difflib.get_close_matches(name, columns.all, n=1)
            meant = f", did you mean {close[0]!r}?" if close else f"; known are {', '.join(columns.all)}"
            problems.append(Problem(line, f"unknown column {name!r}{meant}"))
    problems += [Problem(line, f"column {n!r} stands twice") for n in set(header) if header.count(n) > 1]
    problems += [Problem(line, f"column {n!r} is missing") for n in columns.required if n not in header]
    return problems


def refuse(name: str, problems: Sequence[Problem]) -> TableError:
    """The error that a table with problems raises: the first one in words, the others counted."""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return TableError(f"{name}, {problems[0]}{more}", code="bad-table", hint=HINT)
