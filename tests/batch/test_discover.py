"""Every file is found once, by a name that tells nothing of the machine, and nothing makes the walk wait or loop."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmark_id.batch.discover import MARKER, discover, read_list
from postmark_id.batch.store import Store
from postmark_id.errors import UsageError


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def names(*inputs, **options):
    return [found.name for found in discover(inputs, **options)[0]]


def reasons(*inputs, **options):
    return {Path(item.path).name: item.reason for item in discover(inputs, **options)[1]}


def test_pictures_of_a_folder_are_found_by_suffix_sorted_and_below_only_when_asked(tmp_path):
    touch(tmp_path, "b.JPG", "a.tif", "notes.txt", "a.json", ".hidden.jpg", "._a.tif", "deep/c.png", "deep/er/d.heic")
    assert names(tmp_path) == ["a.tif", "b.JPG"]
    assert names(tmp_path, recursive=True) == ["a.tif", "b.JPG", "deep/c.png", "deep/er/d.heic"]


def test_names_are_relative_to_what_the_inputs_share(tmp_path, monkeypatch):
    touch(tmp_path, "x/a.jpg", "y/a.jpg", "y/odd.scan")
    assert names(tmp_path / "x", tmp_path / "y/a.jpg", tmp_path / "y/odd.scan") == ["x/a.jpg", "y/a.jpg", "y/odd.scan"]
    assert names(tmp_path / "x/a.jpg") == ["a.jpg"]
    monkeypatch.chdir(tmp_path / "x")
    assert names(".") == ["a.jpg"]
    assert names("../y", "../y/a.jpg", tmp_path / "y") == ["a.jpg"]


def test_patterns_are_expanded_and_one_that_fits_nothing_is_an_error(tmp_path):
    touch(tmp_path, "box1/a.jpg", "box2/b.jpg", "[odd].jpg")
    assert names(str(tmp_path / "box*/*.jpg")) == ["box1/a.jpg", "box2/b.jpg"]
    assert names(str(tmp_path / "[odd].jpg")) == ["[odd].jpg"]
    for missing in ("*.tif", "none", "none.jpg"):
        with pytest.raises(UsageError):
            discover([tmp_path / missing])


def test_links_pipes_and_loops_are_passed_over_with_a_reason(tmp_path):
    touch(tmp_path, "real.jpg", "sub/a.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real.jpg")
    (tmp_path / "broken.jpg").symlink_to(tmp_path / "gone.jpg")
    (tmp_path / "self.jpg").symlink_to(tmp_path / "self.jpg")
    (tmp_path / "sub/up").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.jpg")
    assert names(tmp_path, recursive=True) == ["link.jpg", "real.jpg", "sub/a.jpg"]
    assert reasons(tmp_path, recursive=True) == {
        "broken.jpg": "broken symbolic link",
        "self.jpg": "broken symbolic link",
        "pipe.jpg": "not a regular file",
        "up": "symbolic link to a folder",
    }


def test_a_folder_of_results_is_never_input(tmp_path):
    touch(tmp_path, "a.jpg", "run/overlays/a.jpg.jpg", f"run/{MARKER}")
    assert names(tmp_path, recursive=True) == ["a.jpg"]
    assert reasons(tmp_path, recursive=True) == {"run": "holds results of postmark-id"}


def test_a_folder_that_can_not_be_read_is_a_failure_and_the_others_go_on(tmp_path, monkeypatch):
    import pathlib

    touch(tmp_path, "a.jpg", "closed/b.jpg", "open/c.jpg")
    original = pathlib.Path.iterdir

    def refuse(self):
        if self.name == "closed":
            raise PermissionError(13, "Permission denied")
        return original(self)

    monkeypatch.setattr(pathlib.Path, "iterdir", refuse)
    found, (skipped,) = discover([tmp_path], recursive=True)
    assert [item.name for item in found] == ["a.jpg", "open/c.jpg"]
    assert (skipped.reason, skipped.failed) == ("no permission", True)


def test_a_listed_file_that_has_gone_is_found_so_that_it_gets_its_row(tmp_path):
    touch(tmp_path, "a.jpg")
    found, _ = discover([], [str(tmp_path / "a.jpg"), str(tmp_path / "gone.jpg")])
    assert [item.name for item in found] == ["a.jpg", "gone.jpg"]


def test_two_spellings_of_a_letter_are_two_files_where_the_file_system_says_so(tmp_path):
    composed, apart = (unicodedata.normalize(form, "É.jpg") for form in ("NFC", "NFD"))
    touch(tmp_path, composed, apart)
    expected = 2 if len(list(tmp_path.iterdir())) == 2 else 1
    assert len(names(tmp_path)) == expected


@pytest.mark.parametrize(
    "raw",
    [b"two words.jpg", b"quote'\".jpg", b"line\nend.jpg", b"-rf.jpg", "🚀.jpg".encode(), "Союз.jpg".encode(),
     b"\xff\xfe.jpg", b"a" * 251 + b".jpg", "\u202egpj.jpg".encode(), b"$(true).jpg", b"%s%n.jpg"],
)  # fmt: skip
def test_odd_names_are_found_and_have_a_result_file_of_their_own(tmp_path, raw):
    path = os.fsencode(tmp_path) + b"/" + raw
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    (found,), _ = discover([tmp_path])
    assert os.fsencode(found.path) == path
    store = Store(tmp_path / "run", "x")
    store.write(found, [])
    store.write(found, [])
    assert store.read(found.name) == []
    assert len(list(store.results.iterdir())) == 1


def test_long_names_that_share_their_beginning_keep_apart(tmp_path):
    store = Store(tmp_path, "x")
    one, two = "a" * 250 + "1.jpg", "a" * 250 + "2.jpg"
    assert store.result_path(one) != store.result_path(two)
    assert len(os.fsencode(store.result_path("é" * 126 + ".jpg").name)) <= 255


def test_a_list_has_one_path_a_line_or_between_zero_bytes():
    assert read_list(b"a.jpg\r\nb c.jpg\n\n") == ["a.jpg", "b c.jpg"]
    assert read_list(b"a\nb.jpg\0c.jpg\0") == ["a\nb.jpg", "c.jpg"]
    assert read_list(b"\xff.jpg\n") == ["\udcff.jpg"]
    assert read_list(b"") == []


@settings(deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=20).filter(lambda b: b"\0" not in b), max_size=5))
def test_any_names_survive_a_list(raw):
    assert [os.fsencode(name) for name in read_list(b"\0".join([*raw, b""]))] == [
        r.rstrip(b"\r") for r in raw if r.rstrip(b"\r")
    ]
