"""What the documentation says exists, and what exists is described."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from types import ModuleType

import click
import pytest

from postmark_id import __version__
from postmark_id.cli import COMMANDS, cli
from postmark_id.errors import ExitCode
from postmark_id.library.schema import KEYS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "reference_marks" / "README.md"])


def load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


document_cli = load_script("document_cli")


def page_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def section(name: str) -> str:
    """Text of a command in docs/cli.md, up to the next heading."""
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    found = re.search(rf"^#+ {re.escape(name)}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section {name!r}: run `make docs`"
    return found[1]


def typed_commands(path: Path) -> list[list[str]]:
    """Commands after a dollar sign in the console blocks of a page."""
    blocks = re.findall(r"```console\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [shlex.split(line) for line in lines]


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that words name, and the words after it."""
    command: click.Command = cli
    context = click.Context(cli, info_name="postmark-id")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"there is no command {words[0]!r}"
        command, words = found, words[1:]
    return command, words


def spellings(command: click.Command) -> set[str]:
    return {name for p in command.params if isinstance(p, click.Option) for name in (*p.opts, *p.secondary_opts)}


COMMAND_LIST: list[tuple[str, click.Command]] = list(document_cli.commands())


def test_the_page_of_the_command_line_is_what_the_program_says() -> None:
    written = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert written == document_cli.document(), "docs/cli.md is old: run `make docs`"


@pytest.mark.parametrize(("name", "command"), COMMAND_LIST, ids=[name for name, _ in COMMAND_LIST])
def test_every_command_and_option_is_described(name: str, command: click.Command) -> None:
    text = section(name)
    assert (command.help or "").split("\n", maxsplit=1)[0].split(".")[0][:40] in " ".join(text.split())
    for option in document_cli.options_of(command):
        for spelling in option.opts:
            assert re.search(rf"(?<![\w-]){re.escape(spelling)}(?![\w-])", text), f"{name} {spelling}"


@pytest.mark.parametrize(("name", "command"), COMMAND_LIST, ids=[name for name, _ in COMMAND_LIST])
def test_every_option_that_is_described_exists(name: str, command: click.Command) -> None:
    described = set(re.findall(r"^\| `(--?[\w-]+)", section(name), re.MULTILINE))
    assert described <= spellings(command)


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    headings = re.findall(r"^#+ (postmark-id \S.*)$", (DOCS / "cli.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(name for name, _ in COMMAND_LIST)


def test_the_short_help_and_the_list_of_commands_agree() -> None:
    context = click.Context(cli, info_name="postmark-id")
    assert set(COMMANDS) == set(cli.list_commands(context))
    assert all(isinstance(cli.get_command(context, name), click.Command) for name in COMMANDS)


def test_every_exit_code_is_described_and_no_other() -> None:
    described = re.findall(r"^\| (\d+) \| (.+) \|$", section("Exit codes"), re.MULTILINE)
    assert [int(code) for code, _ in described] == [int(code) for code in ExitCode]
    assert all(meaning for _, meaning in described)


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_what_a_page_tells_to_type_can_be_typed(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for program, *words in typed_commands(page):
        if program == "make":
            assert {word for word in words if "=" not in word} <= targets, words
        elif program.endswith("postmark-id"):
            command, rest = resolve(words)
            options = {word.split("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
            assert options <= spellings(command) | {"-h", "--help"}, words
            assert not isinstance(command, click.Group) or options, f"{words} is only half a command"


def test_the_pages_do_show_commands() -> None:
    """Guards the test above against a change of style that would leave it nothing to look at."""
    assert sum(len(typed_commands(page)) for page in PAGES) > 20


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_options_named_in_the_text_exist(page: Path) -> None:
    known = set().union(*(spellings(command) for _, command in COMMAND_LIST), spellings(cli), {"--help"})
    text = page.read_text(encoding="utf-8")
    mine = [quoted for quoted in re.findall(r"`([^`\n]+)`", text) if quoted.startswith("--")]
    foreign = {"--no-deps", "--require-hashes"}
    assert not {word.split()[0].split("=")[0] for word in mine} - known - foreign


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path) if path else page
        assert linked.exists(), f"{page_name(page)} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}, target


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, waiting = set(), [ROOT / "README.md", DOCS / "index.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        targets = re.findall(r"\]\(([^)#\s]+\.md)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        waiting += [page.parent / target for target in targets if "://" not in target]
    assert not {page_name(page) for page in DOCS.glob("*.md") if page.resolve() not in reached}


def test_decisions_are_numbered_without_a_gap() -> None:
    """They are found by their numbers, so nothing needs to link to each."""
    names = sorted(page.name for page in (DOCS / "decisions").glob("*.md") if page.name != "README.md")
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_every_key_of_a_mark_is_described_and_no_other() -> None:
    text = (DOCS / "library.md").read_text(encoding="utf-8")
    table = text[text.index("| key |") :]
    described = {
        key for row in table.splitlines() for key in re.findall(r"`(\w+)`", row.split("|")[1] if "|" in row else "")
    }
    assert described == set(KEYS)


def test_the_example_of_a_mark_is_a_mark(tmp_path: Path) -> None:
    from postmark_id.library.schema import read_mark

    text = (DOCS / "library.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "mark.toml").write_text(example.replace('pictures = ["schematic.png"]\n', ""), encoding="utf-8")
    assert read_mark(tmp_path).id == "mir-octagon"


def test_every_make_target_is_in_the_help() -> None:
    listing = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) - {"setup-demo"} == set(re.findall(r"^\s+make (\S+)", listing, re.MULTILINE))


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert project["version"] == __version__ == newest[1]


def test_the_locks_hold_every_dependency_and_name_no_index() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = re.compile(r"^[\w-]+")
    direct = {found[0] for text in project["project"]["dependencies"] if (found := names.match(text))}
    groups = [text for group in project["dependency-groups"].values() for text in group if isinstance(text, str)]
    tools = {found[0] for text in groups if (found := names.match(text))}
    for name, wanted in (("runtime", direct), ("dev", direct | tools), ("headless", {"opencv-python-headless"})):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        locked = set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))
        assert wanted <= locked, "run `make lock`"
        assert not re.search(r"://|^-", text, re.MULTILINE)
        assert ("opencv-python-headless" in locked) == (name == "headless")


def test_the_attribution_of_the_flights_is_where_they_are_shown() -> None:
    assert "McDowell" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "CC-BY" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_no_page_claims_to_authenticate(page: Path) -> None:
    words = set(re.findall(r"\w+", page.read_text(encoding="utf-8").lower()))
    assert not words & {"fake", "fakes", "genuine"}


def test_continuous_integration_runs_what_developers_run() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text(encoding="utf-8")
