"""The set-up on machines that lack things; played on stand-ins, so that nothing is installed by a test."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("bash", "cat", "cksum", "dirname", "env", "grep", "head", "id", "ls", "rm", "sed", "uname")

STAND_IN = """#!/bin/bash
# Plays a Python: notes what it was asked, and does as it is told by the environment.
echo "$*" >> "$STAND_IN_LOG"
case "$*" in
  *"show -q opencv-python-headless"*) exit 1 ;;
  *"import cv2"*) exit "${CV2_FAILS:-0}" ;;
  "--version") echo "Python 3.12.0" ;;
  *"-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python; touch .venv/pyvenv.cfg ;;
  *"-r requirements/dev.txt"*) exit "${INSTALL_FAILS:-0}" ;;
esac
"""


class Machine:
    """A copy of what the set-up needs, and a PATH with nothing but the plainest tools."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.bin.mkdir()
        for name in ("tools", "requirements"):
            shutil.copytree(ROOT / name, self.project / name)
        shutil.copy(ROOT / "pyproject.toml", self.project)
        for tool in (*TOOLS, "cp", "mkdir", "touch", "chmod"):
            found = shutil.which(tool)
            assert found, tool
            (self.bin / tool).symlink_to(found)

    def program(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def set_up(self, which: str = "dev", **environment: str) -> tuple[int, str]:
        done = subprocess.run(
            [self.bin / "bash", "tools/setup.sh", which],
            cwd=self.project,
            env={"PATH": str(self.bin), "HOME": str(self.project), "STAND_IN_LOG": str(self.log), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert not done.stdout
        return done.returncode, done.stderr

    def asked(self) -> list[str]:
        """What the stand-in was asked since the last look."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def with_python(machine: Machine) -> Machine:
    machine.program("python3", STAND_IN)
    return machine


@pytest.mark.parametrize("script", [*sorted((ROOT / "tools").glob("*.sh")), ROOT / ".ci" / "run"], ids=lambda p: p.name)
def test_every_script_is_valid_bash_and_stops_at_errors(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)


def test_without_python_it_ends_with_one_line_that_says_what_to_do(machine: Machine) -> None:
    code, said = machine.set_up()
    assert code == 1
    assert said.count("\n") == 1
    assert "no Python 3.11, 3.12 or 3.13" in said
    assert "PYTHON=" in said


def test_a_python_that_is_too_old_is_none(machine: Machine) -> None:
    machine.program("python3", "#!/bin/bash\nexit 1\n")
    assert machine.set_up()[0] == 1


def test_what_can_not_be_installed_is_named_and_the_rest_goes_on(with_python: Machine) -> None:
    code, said = with_python.set_up()
    assert code == 0
    assert "tesseract" in said
    assert "Going on without" in said
    assert any("-r requirements/dev.txt" in line for line in with_python.asked())


def test_what_is_done_is_not_done_again(with_python: Machine) -> None:
    with_python.set_up()
    assert any("pip install" in line for line in with_python.asked())
    assert with_python.set_up()[0] == 0
    assert not any("pip install" in line for line in with_python.asked())
    assert with_python.set_up("runtime")[0] == 0
    assert not any("pip install" in line for line in with_python.asked()), "the development set holds the other"


def test_a_changed_lock_is_installed(with_python: Machine) -> None:
    with_python.set_up()
    with_python.asked()
    with (with_python.project / "requirements" / "dev.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    with_python.set_up()
    assert any("-r requirements/dev.txt" in line for line in with_python.asked())


def test_packages_that_can_not_be_installed_block_and_are_tried_again(with_python: Machine) -> None:
    code, said = with_python.set_up(INSTALL_FAILS="1")
    assert code == 1
    assert "can't be installed" in said.splitlines()[-1]
    with_python.asked()
    assert with_python.set_up()[0] == 0
    assert any("-r requirements/dev.txt" in line for line in with_python.asked())


def test_without_libgl_the_headless_twin_is_taken(with_python: Machine) -> None:
    code, said = with_python.set_up(CV2_FAILS="1")
    assert code == 0
    assert "headless twin" in said
    asked = with_python.asked()
    assert any("-r requirements/headless.txt" in line for line in asked)
    assert any("uninstall" in line and "opencv-python" in line for line in asked)


def test_tesseract_with_both_languages_is_enough(with_python: Machine) -> None:
    with_python.program("tesseract", "#!/bin/bash\necho List of languages\necho eng\necho rus\n")
    _, said = with_python.set_up()
    assert "tesseract" not in said


def test_tesseract_without_russian_is_not_enough(with_python: Machine) -> None:
    with_python.program("tesseract", "#!/bin/bash\necho List of languages\necho eng\n")
    assert "tesseract" in with_python.set_up()[1]


def test_a_folder_in_the_way_is_not_deleted(with_python: Machine) -> None:
    (with_python.project / ".venv").mkdir()
    (with_python.project / ".venv" / "precious").write_text("mine", encoding="utf-8")
    code, said = with_python.set_up()
    assert code == 1
    assert "no virtual environment" in said
    assert (with_python.project / ".venv" / "precious").exists()


def test_an_unknown_set_is_a_mistake(machine: Machine) -> None:
    code, said = machine.set_up("everything")
    assert code == 2
    assert said.startswith("usage:")
