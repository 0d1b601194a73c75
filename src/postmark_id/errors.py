"""What can go wrong, in words for the person who runs the program.

Every error that we raise on purpose is a `PostmarkError`: it carries a stable `code`, a one-line message, a
one-line remedy and the exit code of the contract. `cli` is the only place that turns one into a message on
stderr, and `batch` the only place that turns a `ScanError` into a row with outcome `error`.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line; part of the contract."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 2
    MISSING_DEPENDENCY = 3
    BAD_CONFIG = 4
    OUTPUT_NOT_WRITABLE = 5
    REFUSED_OVERWRITE = 6
    INTERRUPTED = 130


def one_line(message: str, hint: str) -> str:
    """What is wrong and what can be done about it, as people read it."""
    return f"{message} ({hint})" if hint else message


class PostmarkError(Exception):
    """Base of all errors raised on purpose.

    Parameters
    ----------
    message : str
        One line: what is wrong, naming the file where there is one.
    code : str
        Stable short name, such as ``"empty-file"``.
    hint : str
        One line: what the user can do about it.
    """

    exit_code: ExitCode = ExitCode.SOME_FAILED

    def __init__(self, message: str, *, code: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the keyword arguments, so that errors cross process borders whole."""
        return (_rebuild, (type(self), self.message, self.code, self.hint))


def _rebuild(kind: type[PostmarkError], message: str, code: str, hint: str) -> PostmarkError:
    return kind(message, code=code, hint=hint)


class ScanError(PostmarkError):
    """One scan can't be processed; the others go on."""


class UsageError(PostmarkError):
    """The command line asks for something that makes no sense, or there is nothing to do."""

    exit_code = ExitCode.USAGE


class MissingDependencyError(PostmarkError):
    """A program or package that was asked for is not installed."""

    exit_code = ExitCode.MISSING_DEPENDENCY


class LibraryError(PostmarkError):
    """The reference library, a mark in it, or the settings can't be used."""

    exit_code = ExitCode.BAD_CONFIG


class TableError(PostmarkError):
    """The flight or event table can't be used; the message names file and line."""

    exit_code = ExitCode.BAD_CONFIG


class OutputError(PostmarkError):
    """A result can't be written where it was asked for."""

    exit_code = ExitCode.OUTPUT_NOT_WRITABLE


class OverwriteError(PostmarkError):
    """A result stands there already, and `--overwrite` was not given."""

    exit_code = ExitCode.REFUSED_OVERWRITE
