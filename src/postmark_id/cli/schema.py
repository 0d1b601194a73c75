"""``postmark-id schema``: the JSON Schema of the results, for programs that read them."""

from __future__ import annotations

import click

from postmark_id.outputs.contract import SCHEMA, dumps


@click.command(name="schema")
def command() -> None:
    """Print the JSON Schema of the results (draft 2020-12)."""
    click.echo(dumps(SCHEMA, indent=2))
