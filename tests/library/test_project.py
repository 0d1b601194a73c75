"""A project file in the working folder names the marks of its project, or says why it can't."""

from __future__ import annotations

from pathlib import Path

import pytest

from postmark_id.errors import ExitCode, LibraryError
from postmark_id.library.project import PROJECT_FILE, project_library
from postmark_id.library.store import ENVIRONMENT, Library, user_folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a folder of marks and nothing in the environment."""
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-marks").mkdir()
    return tmp_path


def test_a_project_names_its_marks_relative_to_its_file(project: Path) -> None:
    assert project_library() is None
    (project / PROJECT_FILE).write_text('library = "my-marks"\n', encoding="utf-8-sig")
    assert user_folder() == project / "my-marks"


def test_a_project_goes_behind_argument_and_environment(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / PROJECT_FILE).write_text('library = "none"\n')
    for folder in ("named", "by-environment"):
        (project / folder).mkdir()
    assert user_folder(project / "named") == project / "named"
    monkeypatch.setenv(ENVIRONMENT, str(project / "by-environment"))
    assert user_folder() == project / "by-environment"


def test_a_folder_that_the_project_names_must_exist(project: Path) -> None:
    (project / PROJECT_FILE).write_text('library = "none"\n')
    with pytest.raises(LibraryError, match="none: no such folder") as caught:
        Library.load()
    assert str(PROJECT_FILE) in caught.value.hint


def test_an_empty_project_and_the_folders_above_change_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / PROJECT_FILE).write_text("")
    assert project_library() is None
    (project / PROJECT_FILE).write_text('library = "my-marks"\n')
    monkeypatch.chdir(project / "my-marks")
    assert project_library() is None


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (b"library = ", "no valid TOML: Invalid value", "mend it"),
        (b"\xff\xfe", "no valid TOML", "mend it"),
        (b'libary = "a"', "unknown setting 'libary'", "did you mean 'library'?"),
        (b"zzz = 1", "unknown setting 'zzz'", "known: library"),
        (b"library = 5", "library is no name of a folder", 'write library = "marks"'),
        (b'library = ""', "library is no name of a folder", 'write library = "marks"'),
        (b'library = "a\\u0000b"', "library is no name of a folder", 'write library = "marks"'),
        (b"#" * 70_000, "is larger than", "mend it"),
    ],
)
def test_a_faulty_project_ends_the_run_with_cause_and_remedy(
    project: Path, data: bytes, message: str, hint: str
) -> None:
    (project / PROJECT_FILE).write_bytes(data)
    with pytest.raises(LibraryError) as caught:
        user_folder()
    assert caught.value.message.startswith("postmark-id.toml: ")
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.exit_code is ExitCode.BAD_CONFIG


def test_a_project_file_that_can_not_be_read_is_refused(project: Path) -> None:
    (project / PROJECT_FILE).mkdir()
    with pytest.raises(LibraryError, match="can't be read"):
        project_library()
