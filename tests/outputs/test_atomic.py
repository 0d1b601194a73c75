"""A file is whole under its name, or not there, and nothing else is left behind."""

import errno
import os
import stat
import subprocess
import sys

import pytest

from postmark_id.errors import OutputError, OverwriteError
from postmark_id.outputs import atomic


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_whole_with_the_usual_permissions(tmp_path):
    old = os.umask(0o022)
    try:
        atomic.write_text(tmp_path / "a.txt", "обложка\r\n")
    finally:
        os.umask(old)
    assert (tmp_path / "a.txt").read_bytes() == "обложка\r\n".encode()
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o644
    assert names(tmp_path) == ["a.txt"]


def test_nothing_is_replaced_without_being_asked(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(OverwriteError) as caught:
        atomic.write_text(path, "new")
    assert caught.value.exit_code == 6
    assert "--overwrite" in caught.value.hint
    assert path.read_text() == "old"
    atomic.write_text(path, "new", overwrite=True)
    assert path.read_text() == "new"


def test_a_block_that_raises_leaves_the_old_file_and_no_trace(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def interrupted():
        with atomic.writing(path, overwrite=True) as file:
            file.write(b"half")
            raise KeyError("work failed")

    with pytest.raises(KeyError):
        interrupted()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk-full"), (errno.EROFS, "output-permission"), (errno.EIO, "output-failed")],
)
def test_a_failing_disk_is_named_and_leaves_no_half_file(tmp_path, monkeypatch, number, code):
    def fail(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError) as caught:
        atomic.write_text(tmp_path / "a.txt", "text")
    assert (caught.value.code, caught.value.exit_code) == (code, 5)
    assert str(tmp_path / "a.txt") in caught.value.message
    assert names(tmp_path) == []


def test_a_file_system_that_takes_no_more_bytes_leaves_no_half_file(tmp_path):
    pytest.importorskip("resource")
    program = (
        "import resource, sys; from postmark_id.errors import OutputError; from postmark_id.outputs import atomic\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: atomic.write_bytes(sys.argv[1], b'x' * 100_000)\n"
        "except OutputError as error: print(error.code)"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a")], capture_output=True, text=True, timeout=30, check=True
    )
    assert found.stdout.strip() == "output-failed"
    assert names(tmp_path) == []


def test_links_folders_and_devices_are_never_written_through(tmp_path):
    target, link, folder = tmp_path / "target", tmp_path / "link", tmp_path / "folder"
    target.write_text("precious")
    link.symlink_to(target)
    folder.mkdir()
    for path in (link, folder, "/dev/full"):
        with pytest.raises(OutputError):
            atomic.write_text(path, "text", overwrite=True)
    assert target.read_text() == "precious"


def test_a_missing_folder_and_a_file_in_place_of_one_are_told_apart(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as caught:
        atomic.write_text(tmp_path / "none" / "a", "text")
    assert caught.value.code == "output-no-folder"
    with pytest.raises(OutputError) as caught:
        atomic.prepare_folder(tmp_path / "file")
    assert caught.value.code == "output-not-a-folder"
    with pytest.raises(OutputError) as caught:
        atomic.prepare_folder(tmp_path / "file" / "run")
    assert caught.value.code == "output-not-a-folder"
    assert atomic.prepare_folder(tmp_path / "new" / "run").is_dir()


def test_what_a_killed_program_left_is_swept_and_nothing_else(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / ".postmark-id-0123.tmp").touch()
    (tmp_path / "deep" / "mine.tmp").touch()
    (tmp_path / ".postmark-id").touch()
    atomic.sweep(tmp_path)
    assert names(tmp_path / "deep") == ["mine.tmp"]
    assert names(tmp_path) == [".postmark-id", "deep"]
