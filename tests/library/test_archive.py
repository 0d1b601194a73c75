"""Archives of marks: what goes out comes in again, and nothing else gets out of the folder or into memory."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from postmark_id.errors import LibraryError
from postmark_id.library import ReferenceMark
from postmark_id.library.archive import read_folder, unpack, write_archive
from postmark_id.library.schema import read_mark
from postmark_id.settings import LibrarySettings

TOML = 'id = "{}"\nstations = ["Mir"]\nkind = "station-seal"\nshape = "octagon"\npictures = ["crops/a.png"]\n'


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("L", (40, 40), 90).save(stream, "PNG")
    return stream.getvalue()


def make(folder: Path, ident: str) -> ReferenceMark:
    (folder / ident / "crops").mkdir(parents=True)
    (folder / ident / "mark.toml").write_text(TOML.format(ident), encoding="utf-8")
    (folder / ident / "crops" / "a.png").write_bytes(png())
    (folder / ident / "private.txt").write_text("not named, so not exported", encoding="utf-8")
    return read_mark(folder / ident)


def zipped(path: Path, files: dict[str, bytes], mode: int = stat.S_IFREG | 0o644) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, data)
    return path


def good(ident: str = "one") -> dict[str, bytes]:
    return {f"{ident}/mark.toml": TOML.format(ident).encode(), f"{ident}/crops/a.png": png()}


def refused(path: Path, place: Path, limits: LibrarySettings | None = None) -> str:
    with pytest.raises(LibraryError) as caught:
        unpack(path, place, limits)
    assert str(path) in caught.value.message
    return caught.value.message


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def test_what_goes_out_comes_in_again(tmp_path: Path, place: Path) -> None:
    marks = [make(tmp_path / "from", name) for name in ("two", "one")]
    with (tmp_path / "marks.zip").open("wb") as stream:
        write_archive(marks, stream)
    back = unpack(tmp_path / "marks.zip", place)
    assert [mark.id for mark in back] == ["one", "two"]
    assert back[0].pictures[0].read_bytes() == png()
    assert not (place / "one" / "private.txt").exists()


def test_the_same_marks_give_the_same_bytes(tmp_path: Path) -> None:
    marks = [make(tmp_path, name) for name in ("one", "two")]
    first, second = io.BytesIO(), io.BytesIO()
    write_archive(marks, first)
    write_archive(marks[::-1], second)
    assert first.getvalue() == second.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../evil.png",
        "one/../../evil.png",
        "/evil.png",
        "one\\..\\evil.png",
        "C:/evil.png",
        "one/a\x1b.png",
        "one/" + "a" * 300,
    ],
)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, place: Path, name: str) -> None:
    message = refused(zipped(tmp_path / "evil.zip", {**good(), name: b"x"}), place)
    assert "not allowed" in message
    assert not list(tmp_path.rglob("evil.png"))


@pytest.mark.parametrize("name", ["mark.toml", ".hidden/mark.toml", "one/.bashrc"])
def test_a_file_in_no_folder_of_a_mark_is_refused(tmp_path: Path, place: Path, name: str) -> None:
    assert "in no folder of a mark" in refused(zipped(tmp_path / "a.zip", {**good(), name: b"x"}), place)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path: Path, place: Path, kind: int) -> None:
    path = zipped(tmp_path / "a.zip", {"one/a.png": b"/etc/passwd"}, kind | 0o777)
    assert "no regular file" in refused(path, place)


def test_a_bomb_is_stopped_while_it_unpacks(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one/a.png", b"\0" * 30_000_000)
    assert path.stat().st_size < 40_000
    assert "more than 20000000 bytes" in refused(path, place)
    assert sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) <= 20_000_000


def test_the_sum_of_all_files_is_bounded(tmp_path: Path, place: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"one/{n}.png": b"\0" * 1000 for n in range(5)})
    assert "more than" in refused(path, place, LibrarySettings(max_archive_bytes=4500))


def test_the_number_of_files_is_bounded(tmp_path: Path, place: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"one/{n}.png": b"" for n in range(5)})
    assert "more than 4 files" in refused(path, place, LibrarySettings(max_archive_files=4))


def test_names_that_differ_only_in_case_are_refused(tmp_path: Path, place: Path) -> None:
    assert "twice" in refused(zipped(tmp_path / "a.zip", {**good(), "ONE/Mark.TOML": b"x"}), place)


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, place: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 but not really")
    assert "no archive" in refused(tmp_path / "a.zip", place)


def test_a_faulty_mark_is_named_by_the_archive(tmp_path: Path, place: Path) -> None:
    files = {**good(), "two/mark.toml": b'id = "two"\nstations = ["MIR"]\n'}
    message = refused(zipped(tmp_path / "a.zip", files), place)
    assert message.startswith(f"{tmp_path / 'a.zip'}/two/mark.toml:2: ")
    assert str(place) not in message


def test_an_empty_archive_holds_no_mark(tmp_path: Path, place: Path) -> None:
    assert "holds no mark" in refused(zipped(tmp_path / "a.zip", {}), place)


def test_a_folder_of_one_mark_or_of_many_is_read(tmp_path: Path) -> None:
    make(tmp_path, "one")
    make(tmp_path, "two")
    assert [mark.id for mark in read_folder(tmp_path)] == ["one", "two"]
    assert [mark.id for mark in read_folder(tmp_path / "two")] == ["two"]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_archive_raises_only_a_library_error(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    raw = bytearray(zipped(folder / "a.zip", good()).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    (folder / "a.zip").write_bytes(bytes(raw))
    (folder / "place").mkdir()
    message = ""
    try:
        unpack(folder / "a.zip", folder / "place")
    except LibraryError as error:
        message = error.message
    assert not message or "a.zip" in message
