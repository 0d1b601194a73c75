"""Search for inputs that a reader does not survive, guided by the code that they reach: ``make fuzz``.

    python fuzz/search.py [loader|archive|table ...] [--seconds 60]

It needs atheris, which has wheels for Linux on x86-64. What is found is kept in ``fuzz/findings/<target>/``, from where
``tests/faults/test_findings.py`` tries it again for ever. The search begins with small pictures of every format, the
files of the table of bad inputs, a built-in mark and the first flights.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FINDINGS = HERE / "findings"
NAMES = ("loader", "archive", "table")


def main() -> int:
    """Search in each target in turn; the exit code is that of the last that found something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(NAMES)}; all by default")
    parser.add_argument("--seconds", type=int, default=60, help="of search in each target")
    parser.add_argument("--search", choices=NAMES, help=argparse.SUPPRESS)  # this process, until libFuzzer ends it
    args, rest = parser.parse_known_args()
    if args.search:
        search(args.search, [*rest, *args.targets])
    if unknown := set(args.targets) - set(NAMES):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    code = 0
    for name in args.targets or NAMES:
        print(f"== {name}", flush=True)
        code = run(name, args.seconds) or code
    return code


def run(name: str, seconds: int) -> int:
    """Search in one target, in a process of its own: libFuzzer ends the process."""
    found = FINDINGS / name
    found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(seeds(name)):
            (Path(folder) / f"{number:03d}").write_bytes(data)
        options = [
            f"-max_total_time={seconds}",
            "-timeout=25",
            "-rss_limit_mb=2500",
            "-max_len=200000",
            "-len_control=0",
            "-print_final_stats=1",
            f"-artifact_prefix={found}/",
        ]
        return subprocess.run([sys.executable, __file__, "--search", name, *options, folder], check=False).returncode


def search(name: str, options: list[str]) -> None:
    """Hand the target to libFuzzer, which does not come back."""
    import atheris  # noqa: PLC0415

    with atheris.instrument_imports(include=["PIL", "postmark_id", "zipfile", "csv", "tomllib"]):
        import targets  # noqa: PLC0415
    atheris.Setup([sys.argv[0], *options], targets.TARGETS[name])
    atheris.Fuzz()


def seeds(name: str) -> Iterator[bytes]:
    """Inputs to begin with: good ones, and bad ones of known kinds."""
    sys.path.insert(0, str(ROOT / "tests" / "doubles"))
    yield from {"loader": pictures, "archive": archives, "table": tables}[name]()
    for path in sorted((FINDINGS / name).glob("*")):
        yield path.read_bytes()  # survived by now: what lies near it may not be


def pictures() -> Iterator[bytes]:
    """Small pictures of every format that is read, and the bad files of the table."""
    from bad_files import ROWS, cover, encoded  # noqa: PLC0415

    for kind, mode in (("JPEG", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "LA"),
                       ("TIFF", "RGB"), ("TIFF", "LAB"), ("TIFF", "1"), ("TIFF", "I;16"), ("WEBP", "RGB"),
                       ("BMP", "RGB")):  # fmt: skip
        yield encoded(cover("L").convert("I;16") if mode == "I;16" else cover(mode), kind)
    with tempfile.TemporaryDirectory() as folder:
        for _, _, build, _ in ROWS:
            build(Path(folder) / "picture")
            data = (Path(folder) / "picture").read_bytes()
            if len(data) < 100_000:
                yield data


def archives() -> Iterator[bytes]:
    """A built-in mark as it would be passed on, and an archive of nothing."""
    mark = ROOT / "reference_marks" / "mir-octagon"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(mark.iterdir()):
            packed.write(path, f"{mark.name}/{path.name}")
    yield stream.getvalue()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("seal/mark.toml", 'schema_version = 1\nid = "seal"\n')
    yield stream.getvalue()
    yield b"PK\x05\x06" + bytes(18)


def tables() -> Iterator[bytes]:
    """The first flights of the packaged table, as spreadsheets of several makes save them."""
    lines = files("postmark_id.data").joinpath("flights.csv").read_bytes().splitlines()[:12]
    text = b"\n".join(line for line in lines if not line.startswith(b"#"))
    yield text
    yield b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")
    yield text.replace(b",", b";")
    yield text.decode().encode("utf-16")


if __name__ == "__main__":
    sys.exit(main())
