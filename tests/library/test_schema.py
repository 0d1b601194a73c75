"""Marks by hand and from strangers: what is accepted, and what the complaint says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from postmark_id.errors import LibraryError
from postmark_id.library.schema import Dated, WordingStatus, is_safe_id, read_mark
from postmark_id.models import Kind, Shape, Station
from postmark_id.settings import LibrarySettings

GOOD = """\
schema_version = 1
id = "mir-test"
name = "A mark for tests"
stations = ["Mir"]
kind = "station-seal"
shape = "octagon"
dated = "no"
first = "1987-11"
last = 1999
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "mir-test"
    place.mkdir()
    return place


def written(folder: Path, text: str) -> Path:
    (folder / "mark.toml").write_text(text, encoding="utf-8")
    return folder


def complaint(folder: Path, text: str) -> LibraryError:
    with pytest.raises(LibraryError) as caught:
        read_mark(written(folder, text))
    assert "\n" not in caught.value.message
    assert caught.value.exit_code == 4
    return caught.value


def picture(path: Path) -> Path:
    Image.new("L", (40, 40), 128).save(path)
    return path


def test_a_mark_is_read_with_all_it_says(folder: Path) -> None:
    picture(folder / "a.png")
    mark = read_mark(
        written(
            folder,
            GOOD
            + 'inks = ["blue", "red"]\ndate_formats = ["dd.mm.yy"]\nsize_mm = 31.5\npictures = ["a.png"]\n'
            + '[[lettering]]\ntext = "БОРТ МИР"\nlanguage = "ru"\nstatus = "back-translation"\n'
            + "[date_line]\ncentre = [0, 0.1]\nsize = [0.8, 0.2]\nrotation = 3\n",
        )
    )
    assert (mark.id, mark.station, mark.kind, mark.shape) == (
        "mir-test",
        Station.MIR,
        Kind.STATION_SEAL,
        Shape.OCTAGON,
    )
    assert (mark.first, mark.last) == (dt.date(1987, 11, 1), dt.date(1999, 12, 31))
    assert mark.inks == ("blue", "red")
    assert mark.lettering[0].status is WordingStatus.BACK_TRANSLATION
    assert mark.date_line is not None
    assert mark.date_line.size == (0.8, 0.2)
    assert mark.pictures == (folder / "a.png",)
    assert mark.dated is Dated.NO


def test_a_mark_of_several_stations_has_no_single_one(folder: Path) -> None:
    mark = read_mark(written(folder, GOOD.replace('["Mir"]', '["Mir", "ISS"]')))
    assert mark.station is None
    assert mark.stations == (Station.MIR, Station.ISS)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"1999"', dt.date(1999, 12, 31)),
        ("1999", dt.date(1999, 12, 31)),
        ('"1996-02"', dt.date(1996, 2, 29)),
        ('"1999-12"', dt.date(1999, 12, 31)),
        ('"1999-06-30"', dt.date(1999, 6, 30)),
        ("1999-06-30", dt.date(1999, 6, 30)),
        ("1999-06-30T23:00:00", dt.date(1999, 6, 30)),
    ],
)
def test_the_end_of_use_may_be_a_year_a_month_or_a_day(folder: Path, value: str, expected: dt.date) -> None:
    assert read_mark(written(folder, GOOD.replace("last = 1999", f"last = {value}"))).last == expected


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (('shape = "octagon"', 'shape = "octogon"'), 6, "octogon"),
        (('kind = "station-seal"', 'kind = "seal"'), 5, "seal"),
        (('stations = ["Mir"]', 'stations = ["MIR"]'), 4, "MIR"),
        (('stations = ["Mir"]', "stations = []"), 4, "stations"),
        (('stations = ["Mir"]', 'stations = "Mir"'), 4, "list"),
        (('stations = ["Mir"]', 'stations = ["Mir", "Mir"]'), 4, "twice"),
        (('id = "mir-test"', 'id = "../etc"'), 2, "../etc"),
        (('id = "mir-test"', 'id = "con"'), 2, "con"),
        (('id = "mir-test"', "id = 7"), 2, "7"),
        (("last = 1999", "last = 1986"), 9, "before it begins"),
        (("last = 1999", 'last = "1999-02-31"'), 9, "1999-02-31"),
        (("last = 1999", 'last = "12/04/88"'), 9, "12/04/88"),
        (("last = 1999", "last = true"), 9, "True"),
        (("last = 1999", "last = 0"), 9, "0"),
        (('dated = "no"', 'dated = "fixed"'), 7, "fixed_date"),
        (("schema_version = 1", "schema_version = 2"), 1, "schema_version"),
        (("last = 1999", "size_mm = -3"), 9, "-3"),
        (("last = 1999", "size_mm = nan"), 9, "nan"),
        (("last = 1999", 'inks = ["blue", 3]'), 9, "3"),
        (("last = 1999", 'notes = "a\\u001b[31m"'), 9, "control"),
        (("last = 1999", 'notes = "a\\u202eb"'), 9, "control"),
        (("last = 1999", "date_line = { size = [1] }"), 9, "size"),
        (("last = 1999", "date_line = 3"), 9, "date_line"),
        (("last = 1999", 'lettering = [{ language = "ru" }]'), 9, "lettering"),
        (("last = 1999", "lettering = [3]"), 9, "lettering"),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else None,
)
def test_a_fault_names_file_line_and_value(folder: Path, change: tuple[str, str], line: int, says: str) -> None:
    error = complaint(folder, GOOD.replace(*change))
    assert error.message.startswith(f"{folder / 'mark.toml'}:{line}: ")
    assert says in error.message


def test_a_missing_field_is_named(folder: Path) -> None:
    error = complaint(folder, GOOD.replace('shape = "octagon"\n', ""))
    assert "'shape' is missing" in error.message
    assert "octagon" in error.hint


def test_an_unknown_key_gets_a_suggestion(folder: Path) -> None:
    error = complaint(folder, GOOD + 'ink = ["blue"]\n')
    assert ":10: unknown key 'ink'" in error.message
    assert error.hint == "did you mean 'inks'?"


def test_a_wrong_word_gets_a_suggestion(folder: Path) -> None:
    assert complaint(folder, GOOD.replace('"octagon"', '"octogon"')).hint == "did you mean 'octagon'?"


def test_an_unknown_key_inside_a_table_is_found(folder: Path) -> None:
    error = complaint(folder, GOOD + "[date_line]\nsize = [1, 0.2]\ncenter = [0, 0]\n")
    assert ":12: unknown key 'center' in date_line" in error.message
    assert error.hint == "did you mean 'centre'?"


def test_a_fault_of_syntax_names_line_and_column(folder: Path) -> None:
    assert complaint(folder, GOOD + "inks = [blue]\n").message.startswith(f"{folder / 'mark.toml'}:10:9: ")


def test_a_key_given_twice_is_refused(folder: Path) -> None:
    assert ":10:" in complaint(folder, GOOD + 'shape = "pentagon"\n').message


def test_a_byte_order_mark_and_windows_line_ends_are_fine(folder: Path) -> None:
    (folder / "mark.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_mark(folder).id == "mir-test"


def test_other_encodings_are_named(folder: Path) -> None:
    (folder / "mark.toml").write_bytes(GOOD.encode() + 'name2 = "Мир"\n'.encode("cp1251"))
    with pytest.raises(LibraryError, match=r":10: is not UTF-8"):
        read_mark(folder)
    (folder / "mark.toml").write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(LibraryError, match="is not UTF-8"):
        read_mark(folder)


def test_deep_nesting_is_a_fault_and_no_crash(folder: Path) -> None:
    complaint(folder, GOOD + "inks = " + "[" * 20_000)


def test_a_huge_file_is_not_even_parsed(folder: Path) -> None:
    assert "larger than 64000 bytes" in complaint(folder, GOOD + "#" * 70_000).message


def test_a_folder_without_a_file_is_a_fault(folder: Path) -> None:
    with pytest.raises(LibraryError, match="can't be read"):
        read_mark(folder)


@pytest.mark.parametrize("name", ["/etc/passwd", "../secret.png", "a/../../b.png", "..\\b.png", "C:\\b.png", "", "."])
def test_a_picture_outside_the_folder_is_refused(folder: Path, name: str) -> None:
    picture(folder.parent / "secret.png")
    error = complaint(folder, GOOD + f"pictures = ['{name}']\n")
    assert ":10: picture " in error.message


def test_a_picture_that_links_outside_is_refused(folder: Path) -> None:
    (folder / "a.png").symlink_to(picture(folder.parent / "secret.png"))
    assert "links to a place outside" in complaint(folder, GOOD + 'pictures = ["a.png"]\n').message


def test_a_picture_that_links_to_itself_is_a_fault(folder: Path) -> None:
    (folder / "a.png").symlink_to(folder / "a.png")
    assert ":10: picture" in complaint(folder, GOOD + 'pictures = ["a.png"]\n').message


def test_a_missing_picture_is_a_fault(folder: Path) -> None:
    assert "missing" in complaint(folder, GOOD + 'pictures = ["a.png"]\n').message


def test_a_picture_that_is_none_is_a_fault(folder: Path) -> None:
    (folder / "a.png").write_text("<svg/>", encoding="utf-8")
    assert "is no picture" in complaint(folder, GOOD + 'pictures = ["a.png"]\n').message


def test_a_huge_picture_is_a_fault(folder: Path) -> None:
    picture(folder / "a.png")
    written(folder, GOOD + 'pictures = ["a.png"]\n')
    with pytest.raises(LibraryError, match="larger than"):
        read_mark(folder, settings=LibrarySettings(max_picture_bytes=20))


def test_too_many_pictures_are_a_fault(folder: Path) -> None:
    written(folder, GOOD + 'pictures = ["a.png", "b.png"]\n')
    with pytest.raises(LibraryError, match="more than 1 pictures"):
        read_mark(folder, settings=LibrarySettings(max_pictures=1))


@pytest.mark.parametrize("name", ["", "-a", "a-", "A", "a b", "a/b", "мир", "nul", "a" * 65])
def test_ids_that_some_system_would_trip_over_are_refused(name: str) -> None:
    assert not is_safe_id(name)


@pytest.mark.parametrize("name", ["a", "mir-octagon", "7", "a" * 64])
def test_plain_ids_are_fine(name: str) -> None:
    assert is_safe_id(name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda t: (GOOD + t).encode("utf-8", "replace")))
)
def test_no_bytes_raise_anything_but_a_library_error(folder: Path, data: bytes) -> None:
    (folder / "mark.toml").write_bytes(data)
    message = ""
    try:
        read_mark(folder)
    except LibraryError as error:
        message = error.message
    assert not message or str(folder) in message
