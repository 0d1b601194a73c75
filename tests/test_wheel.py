"""The wheel holds everything that the program needs: it works where there is no checkout around it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, **environment: str) -> str:
    """Standard output of a program that must succeed."""
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment},
    )
    assert done.returncode == 0, f"{command[0]} left with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel alone; the dependencies are borrowed, but not the editable checkout."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    (site,) = folder.glob("lib/python*/site-packages")
    run(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", site, wheel)
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    (site / "borrowed.pth").write_text("".join(f"{path}\n" for path in borrowed), encoding="utf-8")
    origin = run(python, "-c", "import postmark_id; print(postmark_id.__file__)").strip()
    assert Path(origin).is_relative_to(folder.resolve()) or Path(origin).is_relative_to(folder)
    return folder


def test_the_wheel_holds_all_data_of_the_sources(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    package = ROOT / "src" / "postmark_id"
    expected = {
        f"postmark_id/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    marks = ROOT / "reference_marks"
    expected |= {
        f"postmark_id/data/reference_marks/{path.relative_to(marks).as_posix()}"
        for path in marks.rglob("*")
        if path.is_file()
    }
    assert not expected - packed


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 20_000_000


def test_the_marks_are_listed_from_the_wheel(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    listing = run(
        environment / "bin" / "python",
        "-I",
        "-c",
        "from postmark_id.cli import main; main(['marks', 'list', '--format', 'json'])",
        POSTMARK_ID_LIBRARY=str(tmp_path / "none"),
    )
    for mark in (ROOT / "reference_marks").glob("*/mark.toml"):
        assert f'"id": "{mark.parent.name}"' in listing
    assert str(ROOT) not in listing


def test_the_program_of_the_wheel_starts(environment: Path) -> None:
    program = environment / "lib"
    (script,) = program.glob("python*/site-packages/bin/postmark-id")
    text = run(environment / "bin" / "python", script, "--version")
    assert text.startswith("postmark-id")


def test_the_flights_are_found_from_the_wheel(environment: Path) -> None:
    text = run(
        environment / "bin" / "python",
        "-I",
        "-c",
        "from postmark_id.cli import main; main(['flights', 'near', '1997-02-12', '--format', 'json'])",
    )
    assert "Soyuz TM-25" in text
