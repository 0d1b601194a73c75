"""Write docs/cli.md from the command line itself, so that both say the same: `make docs`.

A test fails where the file is not what this script would write.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from postmark_id.cli import COMMANDS, cli
from postmark_id.errors import ExitCode

TARGET = Path(__file__).resolve().parent.parent / "docs" / "cli.md"

EXIT_CODES = {
    ExitCode.OK: "Everything was processed.",
    ExitCode.SOME_FAILED: "Some scans failed; the others have their results.",
    ExitCode.USAGE: "The command line makes no sense, or there is nothing to do.",
    ExitCode.MISSING_DEPENDENCY: "Something that was asked for is not installed; `postmark-id doctor` says what.",
    ExitCode.BAD_CONFIG: "The settings, the reference library or the table of flights can't be used.",
    ExitCode.OUTPUT_NOT_WRITABLE: "A result can't be written where it was asked for.",
    ExitCode.REFUSED_OVERWRITE: "A file stands there already, and `--overwrite` was not given.",
    ExitCode.INTERRUPTED: "Stopped by Ctrl-C; what was done is kept.",
}

HEAD = """\
# The command line

<!-- Written by tools/document_cli.py from the program itself: don't edit, run `make docs`. -->

Data goes to standard output, messages go to standard error. An error names the file, the cause and the remedy in one
line; `-vv` before the command shows the traceback, too. `-h` or `--help` after any command shows what stands here.
"""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups before their members."""
    root = click.Context(cli, info_name="postmark-id")
    for name in COMMANDS:
        yield from _with_members(f"postmark-id {name}", cli.get_command(root, name))


def _with_members(name: str, command: click.Command | None) -> Iterator[tuple[str, click.Command]]:
    assert command is not None, name
    yield name, command
    if isinstance(command, click.Group):
        for member, inner in command.commands.items():
            yield from _with_members(f"{name} {member}", inner)


def options_of(command: click.Command) -> list[click.Option]:
    """Options that people may give, without the help that every command has."""
    return [p for p in command.params if isinstance(p, click.Option) and not p.hidden]


def document() -> str:
    """The whole page."""
    parts = [HEAD, "## postmark-id\n", *_options(cli)]
    parts += ["| command | does |", "|---|---|"]
    parts += [f"| [`{name}`](#postmark-id-{name}) | {text} |" for name, text in COMMANDS.items()]
    for name, command in commands():
        parts += ["", *_section(name, command)]
    parts += ["", "## Exit codes", "", "| code | meaning |", "|---|---|"]
    parts += [f"| {int(code)} | {meaning} |" for code, meaning in EXIT_CODES.items()]
    return "\n".join(parts) + "\n"


def _section(name: str, command: click.Command) -> list[str]:
    level = "##" if name.count(" ") == 1 else "###"
    usage = command.collect_usage_pieces(click.Context(command, info_name=name))
    lines = [f"{level} {name}", "", "```text", " ".join([name, *usage]), "```", ""]
    for paragraph in (command.help or "").split("\n\n"):
        text = paragraph.replace("\b\n", "").strip()
        lines += ["```text", text, "```", ""] if "\b" in paragraph else [" ".join(text.split()), ""]
    return [*lines, *_options(command)][:-1]


def _options(command: click.Command) -> list[str]:
    options = options_of(command)
    if not options:
        return []
    lines = ["| option | meaning |", "|---|---|"]
    context = click.Context(command)
    for option in options:
        record = option.get_help_record(context)
        assert record is not None, option.name
        names, text = (" ".join(part.split()).replace("|", "\\|") for part in record)
        assert text, f"{command.name}: {names} has no help"
        lines.append(f"| `{names}` | {text} |")
    return [*lines, ""]


def main() -> None:
    """Write the page, or say with --check whether it is up to date."""
    if "--check" in sys.argv[1:]:
        sys.exit(0 if TARGET.read_text(encoding="utf-8") == document() else "docs/cli.md is old: run `make docs`")
    TARGET.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
