"""The command line: Click lives here and nowhere else.

Each command has a module of its own, imported only when it runs, so that ``--help`` answers at once. `main`
is the one place that turns errors into a message on stderr and an exit code.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback

import click

from postmark_id import __version__
from postmark_id.errors import ExitCode, PostmarkError, one_line

COMMANDS = {
    "check": "Identify one cover: its marks, dates and flights.",
    "batch": "Identify every cover in folders of scans.",
    "review": "Confirm and correct the results of a run in the browser.",
    "marks": "Look at and extend the reference library.",
    "flights": "Look at and extend the table of dockings and undockings.",
    "evaluate": "Measure accuracy on labelled scans.",
    "synth": "Render covers with known truth.",
    "doctor": "Say what is installed, what is missing and how to get it.",
    "schema": "Print the JSON Schema of the results.",
}


class LazyGroup(click.Group):
    """A group whose commands live in `postmark_id.cli.<name>.command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command when it is needed."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"postmark_id.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Help without importing the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=LazyGroup, context_settings=CONTEXT)
@click.version_option(__version__, "-V", "--version", prog_name="postmark-id")
@click.option("-v", "--verbose", count=True, help="Say more; -vv shows tracebacks.")
@click.pass_context
def cli(ctx: click.Context, verbose: int) -> None:
    """Find the station seals and board postmarks of flown covers, read their dates and name the flight.

    The program suggests; it never authenticates.
    """
    ctx.obj = {"verbose": verbose}


def main(args: list[str] | None = None) -> None:
    """Run the command line and leave with an exit code of the contract."""
    arguments = sys.argv[1:] if args is None else args
    # A stream that was closed leaves its number to the next file that is opened: fill the gap.
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    # A letter that a console can't show, or an undecodable name, must not end the program.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    show_traceback = any(a.startswith("-vv") for a in arguments) or arguments.count("-v") > 1
    try:
        code = cli.main(arguments, prog_name="postmark-id", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else ExitCode.OK)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except PostmarkError as error:
        if show_traceback:
            traceback.print_exc()
        from postmark_id.outputs.words import visible  # noqa: PLC0415  keeps --help quick

        click.echo(visible(f"postmark-id: {one_line(error.message, error.hint)}"), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.OK)
