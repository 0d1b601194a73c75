"""The built-in marks overlaid with the user's: what is faulty is told and left out, the rest works."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import platformdirs
import pytest

from postmark_id.errors import LibraryError, UsageError
from postmark_id.library import Library
from postmark_id.library.store import ENVIRONMENT, user_folder
from postmark_id.models import Station
from postmark_id.settings import LibrarySettings


def make(library: Path, folder: str, ident: str | None = None, extra: str = "") -> Path:
    place = library / folder
    place.mkdir(parents=True)
    (place / "mark.toml").write_text(
        f'id = "{ident or folder}"\nstations = ["Mir"]\nkind = "station-seal"\nshape = "octagon"\n{extra}',
        encoding="utf-8",
    )
    return place


@pytest.fixture
def builtin(tmp_path: Path) -> Path:
    make(tmp_path / "builtin", "one", extra='first = "1986"\n')
    make(tmp_path / "builtin", "two")
    return tmp_path / "builtin"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "mine").mkdir()
    return tmp_path / "mine"


def ids(library: Library) -> list[str]:
    return [mark.id for mark in library.marks]


def test_marks_of_the_user_join_the_built_in_ones_in_order(builtin: Path, mine: Path) -> None:
    make(mine, "odd")
    library = Library.load(mine, builtin=builtin)
    assert ids(library) == ["odd", "one", "two"]
    assert [mark.origin for mark in library] == ["user", "built-in", "built-in"]
    assert not library.problems


def test_a_faulty_mark_is_told_and_the_others_work(builtin: Path, mine: Path) -> None:
    make(mine, "good")
    make(mine, "bad", extra='inks = "blue"\n')
    (mine / "empty").mkdir()
    library = Library.load(mine, builtin=builtin)
    assert ids(library) == ["good", "one", "two"]
    assert [notice.code for notice in library.problems] == ["bad-mark", "bad-mark"]
    assert f"{mine / 'bad' / 'mark.toml'}:5: " in library.problems[0].message


def test_strict_raises_the_first_problem(builtin: Path, mine: Path) -> None:
    make(mine, "bad", extra='inks = "blue"\n')
    with pytest.raises(LibraryError, match="inks"):
        Library.load(mine, builtin=builtin, strict=True)


def test_an_id_of_a_built_in_mark_needs_replaces(builtin: Path, mine: Path) -> None:
    place = make(mine, "one")
    library = Library.load(mine, builtin=builtin)
    (problem,) = library.problems
    assert problem.code == "duplicate-mark"
    assert str(place) in problem.message
    assert str(builtin / "one") in problem.message
    one = library.get("one")
    assert one is not None
    assert one.origin == "built-in"


def test_replaces_puts_the_users_mark_in_its_place(builtin: Path, mine: Path) -> None:
    make(mine, "one", extra='replaces = "one"\n')
    make(mine, "my-two", extra='replaces = "two"\n')
    library = Library.load(mine, builtin=builtin)
    assert ids(library) == ["my-two", "one"]
    assert all(mark.origin == "user" for mark in library)
    assert not library.problems


def test_replacing_nothing_is_told_and_the_mark_stays(builtin: Path, mine: Path) -> None:
    make(mine, "new", extra='replaces = "gone"\n')
    library = Library.load(mine, builtin=builtin)
    assert "new" in ids(library)
    assert [notice.code for notice in library.problems] == ["replaces-nothing"]


def test_two_marks_of_the_user_with_one_id_are_both_named(builtin: Path, mine: Path) -> None:
    first, second = make(mine, "a", "same"), make(mine, "b", "same")
    library = Library.load(mine, builtin=builtin)
    (problem,) = library.problems
    assert str(first) in problem.message
    assert str(second) in problem.message
    same = library.get("same")
    assert same is not None
    assert same.folder == first


def test_hidden_folders_and_files_are_passed_over(builtin: Path, mine: Path) -> None:
    make(mine, ".incoming-1", "half")
    (mine / "README.md").write_text("hello", encoding="utf-8")
    library = Library.load(mine, builtin=builtin)
    assert ids(library) == ["one", "two"]
    assert not library.problems


def test_more_marks_than_the_limit_are_told(builtin: Path, mine: Path) -> None:
    for name in ("a", "b", "c"):
        make(mine, name)
    library = Library.load(mine, builtin=builtin, settings=LibrarySettings(max_marks=2))
    assert "too-many-marks" in [notice.code for notice in library.problems]
    assert ids(library) == ["a", "b", "one", "two"]


def test_a_library_of_no_marks_works(mine: Path) -> None:
    library = Library.load(mine, builtin=mine)
    assert len(library) == 0
    assert dict(library.periods()) == {}


def test_periods_and_get_go_by_id(builtin: Path, mine: Path) -> None:
    library = Library.load(mine, builtin=builtin)
    assert library.periods()["one"] == (dt.date(1986, 1, 1), None)
    assert library.get("three") is None
    with pytest.raises(UsageError) as caught:
        library.find("onee")
    assert caught.value.hint == "did you mean 'one'?"


def test_a_folder_that_is_named_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LibraryError, match="no such folder"):
        Library.load(tmp_path / "none")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "none"))
    with pytest.raises(LibraryError) as caught:
        Library.load()
    assert ENVIRONMENT in caught.value.hint


def test_the_argument_goes_before_the_environment(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert user_folder(mine) == mine
    assert user_folder() == tmp_path


def test_without_either_it_is_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: tmp_path / "data")
    assert user_folder() == tmp_path / "data" / "marks"
    assert len(Library.load()) > 0


def test_many_marks_load_in_bounded_time(mine: Path, builtin: Path) -> None:
    """The bound is one of order, not of speed: reading 300 marks costs what 300 times one costs."""
    for number in range(300):
        make(mine, f"mark-{number:03}")
    assert len(Library.load(mine, builtin=builtin)) == 302


BUILT_IN = {
    "salyut7-pentagon",
    "mir-pentagon",
    "mir-octagon",
    "mir-postmark",
    "iss-octagon",
    "iss-postmark-old",
    "iss-postmark-new",
    "iss-segment-seal",
    "iss-expedition-seal",
    "tromir",
    "perseus",
    "crew-personal",
}


def test_the_built_in_marks_are_the_known_ones_and_faultless(mine: Path) -> None:
    library = Library.load(mine, strict=True)
    assert set(ids(library)) == BUILT_IN


def test_each_built_in_mark_has_a_picture_that_says_that_it_is_schematic(mine: Path) -> None:
    for mark in Library.load(mine):
        assert mark.pictures, mark.id
        assert mark.provenance == "schematic"
        assert "not a real strike" in mark.notes
        assert mark.source
        assert mark.licence


def test_the_periods_of_the_iss_postmarks_part_at_the_turn_of_2020(mine: Path) -> None:
    periods = Library.load(mine).periods()
    assert periods["iss-postmark-old"] == (None, dt.date(2020, 12, 31))
    assert periods["iss-postmark-new"] == (dt.date(2021, 1, 1), None)


def test_the_octagon_of_mir_is_not_used_before_it_came_up(mine: Path) -> None:
    octagon = Library.load(mine).find("mir-octagon")
    assert octagon.station is Station.MIR
    assert octagon.first == dt.date(1987, 11, 1)
