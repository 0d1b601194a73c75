"""Options that the commands of ``marks`` share, and what they make of them."""

from __future__ import annotations

from pathlib import Path

import click

from postmark_id.library.store import Library

library_option = click.option(
    "--library",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of your own marks, in place of the usual one.",
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table for people, or JSON for programs.",
)
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace what stands there already.")


def load_library(folder: Path | None) -> Library:
    """The library; what had to be left out is told on stderr."""
    library = Library.load(folder)
    for problem in library.problems:
        click.echo(f"warning: {problem.message}", err=True)
    return library
