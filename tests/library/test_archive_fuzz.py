"""Archives from strangers: an import takes good marks, or refuses in one line and leaves no trace."""

from __future__ import annotations

import io
import stat
import tempfile
import warnings
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmark_id.errors import PostmarkError
from postmark_id.library import Library
from postmark_id.library.archive import unpack
from postmark_id.library.collection import install
from postmark_id.settings import LibrarySettings

GOOD = b'schema_version = 1\nid = "seal"\nstations = ["Mir"]\nkind = "station-seal"\nshape = "octagon"\n'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
LIMITS = LibrarySettings(max_archive_bytes=50_000, max_archive_files=8, max_toml_bytes=4_000, max_picture_bytes=20_000)

names = st.one_of(
    st.sampled_from([
        "seal/mark.toml", "seal/picture.png", "../mark.toml", "/etc/mark.toml", "seal/../../x.png", "C:\\x\\mark.toml",
        "seal/mark.toml/deeper", "SEAL/mark.toml", "seal/", ".hidden/mark.toml", "seal\\mark.toml", "other/mark.toml",
        "seal/con", "./seal/mark.toml", "seal//mark.toml", "mark.toml", "seal/\u0000x.png", "x" * 300 + "/mark.toml",
    ]),
    st.text(min_size=1, max_size=30),
)  # fmt: skip
fields = st.sampled_from([
    b"", b'pictures = ["picture.png"]\n', b'pictures = ["../picture.png"]\n', b'reference = "picture.png"\n',
    b'pictures = ["picture.png"]\nreference = "picture.png"\n', b'[[strikes]]\npicture = "picture.png"\n',
    b'strikes = 3\n', b'first = "1999"\nlast = "1987"\n', b'first = "1987-13"\n', b'dated = "fixed"\n',
    b"size_mm = nan\n",
    b'[date_line]\nsize = [9999, 1]\n', b'replaces = "mir-octagon"\n', b'id = "seal"\n', b"\xff\xfe", b"[[[",
])  # fmt: skip
contents = st.one_of(
    fields.map(lambda more: GOOD + more),
    st.just(PNG),
    st.binary(max_size=200),
    st.just(bytes(60_000)),
    st.just(b"a = " + b"[" * 3_000),
)
entries = st.lists(
    st.tuples(names, contents, st.sampled_from([0, stat.S_IFREG | 0o644, stat.S_IFLNK | 0o777, stat.S_IFDIR | 0o755])),
    max_size=6,
)


def archive_of(things):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, mode in things:
            entry = zipfile.ZipInfo(name.encode("utf-8", "replace").decode())
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return stream.getvalue()


def took_in(data):
    """Import an archive; gives the files that are there afterwards, inside and outside the library."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / "marks.zip").write_bytes(data)
        (root / "mine").mkdir()
        (root / "unpacked").mkdir()
        refused, marks = None, ()
        try:
            marks = unpack(root / "marks.zip", root / "unpacked", LIMITS)
            install(marks, root / "mine", Library.load(root / "mine"), settings=LIMITS)
        except PostmarkError as error:
            refused = error
        if refused is None:
            assert {mark.id for mark in marks} <= {mark.id for mark in Library.load(root / "mine").marks}
        else:
            assert "\n" not in refused.message
            assert not list((root / "mine").iterdir())
        written = sum(path.stat().st_size for path in (root / "unpacked").rglob("*") if path.is_file())
        assert written <= LIMITS.max_archive_bytes + (1 << 20)
        assert not [path for path in root.rglob("*") if path.is_symlink()]
        outside = {path.name for path in root.iterdir()} - {"marks.zip", "mine", "unpacked"}
        assert not outside
        return {path.name for path in (root / "mine").iterdir()}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(entries)
def test_no_archive_does_harm(things):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # zipfile warns of the double names that we make on purpose
            data = archive_of(things)
    except (ValueError, UnicodeError):
        return
    took_in(data)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.data())
def test_no_damage_to_a_good_archive_does_harm(data):
    whole = bytearray(
        archive_of([("seal/mark.toml", GOOD + b'pictures = ["picture.png"]\n', 0), ("seal/picture.png", PNG, 0)])
    )
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    took_in(bytes(whole[: data.draw(st.integers(0, len(whole)))]))


def test_a_good_archive_is_taken_in():
    things = [("seal/mark.toml", GOOD + b'pictures = ["picture.png"]\n', 0), ("seal/picture.png", PNG, 0)]
    assert took_in(archive_of(things)) == {"seal"}
