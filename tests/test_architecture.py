"""The rules of the house that no other test would notice to be broken; docs/decisions/0001-tools.md says why."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import postmark_id

PACKAGE = Path(postmark_id.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# Each room may import the rooms below it, and itself. Rooms in one row don't know each other unless it is said here.
FOUNDATION = {"", "models", "errors", "geometry", "networks", "settings", "trace"}
SEEING = FOUNDATION | {"scan", "ink"}
KNOWING = SEEING | {"library", "dates", "flights"}
ALLOWED: dict[str, set[str]] = {
    "": FOUNDATION,
    "models": {"models"},
    "errors": {"errors"},
    "geometry": {"models", "errors", "geometry"},
    "networks": {"errors", "networks"},
    "settings": {"models", "errors", "settings"},
    "trace": {"models", "trace"},
    "scan": FOUNDATION | {"scan"},
    "ink": SEEING,
    "library": SEEING | {"library"},
    "dates": SEEING | {"dates"},
    "flights": SEEING | {"flights"},
    "marks": KNOWING | {"marks"},
    "dating": KNOWING | {"marks", "dating"},
    "pipeline": KNOWING | {"marks", "dating", "pipeline"},
    "batch": KNOWING | {"marks", "pipeline", "batch", "outputs"},
    "outputs": KNOWING | {"marks", "pipeline", "outputs"},
    "review": KNOWING | {"marks", "pipeline", "outputs", "batch", "review"},
    "evaluate": KNOWING | {"marks", "pipeline", "outputs", "batch", "evaluate"},
    "synth": FOUNDATION | {"flights", "library", "synth"},
}


def room(module: Path) -> str:
    """Name of the room that a module belongs to; empty for the package itself."""
    first = module.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"), filename=str(module))


def imported(module: Path) -> Iterator[str]:
    """Dotted names that a module imports anywhere, inside functions, too."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: imports are absolute here"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_imported(module: Path) -> set[str]:
    own = {name.split(".")[1] for name in imported(module) if name.startswith("postmark_id.")}
    return {name for name in own if (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()}


def calls(module: Path) -> Iterator[tuple[str, int]]:
    """Dotted name and line of each call, such as ``("cv2.imread", 12)``."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def name_of(module: Path) -> str:
    return str(module.relative_to(PACKAGE))


@pytest.mark.parametrize("module", [m for m in MODULES if room(m) != "cli"], ids=name_of)
def test_imports_point_one_way(module: Path) -> None:
    assert room(module) in ALLOWED, f"{name_of(module)} belongs to no known room"
    against = rooms_imported(module) - ALLOWED[room(module)] - {room(module)}
    assert not against, f"{name_of(module)} imports {', '.join(sorted(against))}"


def test_only_the_command_line_and_nothing_else_imports_synth() -> None:
    importers = {room(module) for module in MODULES if "synth" in rooms_imported(module)}
    assert importers <= {"cli", "synth"}


def test_the_rule_of_imports_would_notice_a_breach() -> None:
    assert "pipeline" not in ALLOWED["marks"]
    assert "cli" not in set().union(*ALLOWED.values())
    assert "batch" in rooms_imported(PACKAGE / "cli" / "batch.py")


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_module_is_longer_than_500_lines(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 500


def test_only_the_command_line_imports_click() -> None:
    users = {room(m) for m in MODULES if any(name.split(".")[0] == "click" for name in imported(m))}
    assert users == {"cli"}


def test_nothing_prints_but_the_command_line_and_outputs() -> None:
    printers = {room(m) for m in MODULES for call, _ in calls(m) if call == "print"}
    assert printers <= {"cli", "outputs"}


def test_opencv_never_opens_a_file() -> None:
    """It crashes on undecodable names, shows truncated files as grey, and knows no limit of pixels."""
    forbidden = ("cv2.imread", "cv2.imreadmulti", "cv2.VideoCapture")
    assert not [f"{name_of(m)}:{line}" for m in MODULES for call, line in calls(m) if call in forbidden]


def test_only_scan_opens_images() -> None:
    openers = {room(m) for m in MODULES for call, _ in calls(m) if call in ("Image.open", "PIL.Image.open")}
    assert openers <= {"scan"}


def test_the_network_is_never_used() -> None:
    """The review page alone may serve, and only to this machine."""
    network = {"socket", "urllib.request", "http.client", "requests", "ftplib", "smtplib"}
    assert not {name_of(m) for m in MODULES if network & set(imported(m)) and room(m) != "review"}


def test_no_shell_is_ever_asked() -> None:
    shells = [
        f"{name_of(module)}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.keyword) and node.arg == "shell" and ast.unparse(node.value) != "False"
    ]
    assert not shells
    assert not [name_of(m) for m in MODULES for call, _ in calls(m) if call in ("os.system", "os.popen")]


def test_no_room_is_named_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
    assert not [name_of(module) for module in MODULES if vague & set(module.relative_to(PACKAGE).with_suffix("").parts)]
