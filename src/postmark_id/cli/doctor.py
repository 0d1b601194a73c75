"""``postmark-id doctor``: what is installed, what is missing, and the command that brings it."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import io
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import click

from postmark_id import __version__
from postmark_id.batch.machine import available_cores
from postmark_id.errors import ExitCode, PostmarkError
from postmark_id.outputs.words import visible
from postmark_id.settings import Settings

State = Literal["ok", "lacks", "MISSING"]

LANGUAGES = {"eng": "English", "rus": "Russian"}
PACKAGES = ("numpy", "opencv-python", "pillow", "onnxruntime", "scikit-image", "rapidfuzz", "jinja2", "rich", "click")
MODELS = tuple(
    f"{name}.onnx" for name in ("proposer", "closeup", "ring", "rows", "pairs", "lines", "reader", "figures")
)
_ADVICE = "pip install --force-reinstall postmark-id"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes
    ----------
    state : {"ok", "lacks", "MISSING"}
        ``lacks`` is a loss that the program works without; ``MISSING`` ends with exit code 3.
    what : str
    remedy : str
        The command that helps.
    """

    state: State
    what: str
    remedy: str = ""


def install_command(*, apt: str, dnf: str, brew: str) -> str:
    """The command of this system's package manager; all of them where none is known."""
    known = {
        "apt-get": f"sudo apt-get install {apt}",
        "dnf": f"sudo dnf install {dnf}",
        "brew": f"brew install {brew}",
    }
    present = [command for program, command in known.items() if shutil.which(program)]
    return present[0] if present else " or ".join(known.values())


def packages() -> Iterator[Finding]:
    """Python packages that the program needs, and the one extra."""
    for name in PACKAGES:
        try:
            yield Finding("ok", f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            yield Finding("MISSING", name, f"pip install {name}")
    if importlib.util.find_spec("pillow_heif"):
        yield Finding("ok", "HEIC pictures")
    else:
        yield Finding("lacks", "HEIC pictures", "pip install 'postmark-id[heic]'")


def opencv() -> Iterator[Finding]:
    """Whether OpenCV can be loaded: on a bare Linux its system libraries are missing."""
    try:
        cv2 = importlib.import_module("cv2")
        yield Finding("ok", f"OpenCV {cv2.__version__} loads")
    except ImportError as error:
        command = install_command(apt="libgl1 libglib2.0-0", dnf="mesa-libGL glib2", brew="opencv")
        yield Finding("MISSING", f"OpenCV does not load: {error}", command)


def decoders() -> Iterator[Finding]:
    """Picture formats that Pillow was built with."""
    from PIL import features  # noqa: PLC0415

    names = {"jpg": "JPEG", "zlib": "PNG", "libtiff": "TIFF", "webp": "WebP", "littlecms2": "colour profiles"}
    absent = [name for feature, name in names.items() if not features.check(feature)]
    if absent:
        yield Finding("MISSING", f"Pillow reads no {', '.join(absent)}", "pip install --force-reinstall pillow")
    else:
        yield Finding("ok", f"Pillow reads {', '.join(names.values())}")


def models() -> Iterator[Finding]:
    """The networks that come with the program."""
    from postmark_id.networks import session  # noqa: PLC0415

    for name in MODELS:
        try:
            session(name)
        except PostmarkError as error:
            yield Finding("MISSING", f"model {error.message}", _ADVICE)
        else:
            size = len(files("postmark_id.data").joinpath(name).read_bytes())
            yield Finding("ok", f"model {name}, {size / 1e6:.1f} MB")


def engines() -> Iterator[Finding]:
    """Engines that read dates; one is enough."""
    from postmark_id.dates.engines import EngineName, create  # noqa: PLC0415

    found = 0
    names: tuple[EngineName, ...] = ("own", "rapidocr", "tesseract")
    for name in names:
        try:
            create(name, Settings().dates)
        except PostmarkError as error:
            yield Finding("lacks", f"reader {name}: {error.message}", _engine_remedy(name, error.hint))
        else:
            found += 1
            yield Finding("ok", f"reader {name}")
    if not found:
        yield Finding("MISSING", "a reader of dates: marks are found, dates are not read", "one of the commands above")


def _engine_remedy(name: str, hint: str) -> str:
    if name == "rapidocr":
        return "pip install rapidocr onnxruntime"
    return _tesseract_command("eng", "rus") if name == "tesseract" else hint


def tesseract() -> Iterator[Finding]:
    """Language data of Tesseract, which is where installations of it usually fall short."""
    from postmark_id.dates.engines.tesseract import ask  # noqa: PLC0415

    settings = Settings().dates
    program = shutil.which(settings.tesseract_program)
    if program is None:
        return
    present = set(ask(program, "--list-langs", settings.tesseract_seconds).split())
    prefix = os.environ.get("TESSDATA_PREFIX")
    if prefix and not present.intersection(LANGUAGES):
        yield Finding(
            "lacks", f"language data: TESSDATA_PREFIX is {prefix}, and none is there", "unset TESSDATA_PREFIX"
        )
        return
    for code, language in LANGUAGES.items():
        if code in present:
            yield Finding("ok", f"tesseract reads {language}")
        else:
            yield Finding("lacks", f"tesseract reads no {language} ({code})", _tesseract_command(code))


def _tesseract_command(*codes: str) -> str:
    return install_command(
        apt=" ".join(["tesseract-ocr", *(f"tesseract-ocr-{code}" for code in codes)]),
        dnf=" ".join(["tesseract", *(f"tesseract-langpack-{code}" for code in codes)]),
        brew="tesseract tesseract-lang",
    )


def fonts() -> Iterator[Finding]:
    """Letters for the captions of annotated pictures."""
    from PIL import ImageFont  # noqa: PLC0415

    for weight in ("Regular", "Bold"):
        try:
            data = files("postmark_id.outputs").joinpath(f"fonts/Roboto-{weight}.ttf").read_bytes()
            ImageFont.truetype(io.BytesIO(data), 12)
        except OSError as error:
            yield Finding("MISSING", f"font Roboto {weight}: {error}", _ADVICE)
            return
    yield Finding("ok", "fonts of captions, Latin and Cyrillic")


def library() -> Iterator[Finding]:
    """The reference marks, built-in and the user's."""
    from postmark_id.library import Library  # noqa: PLC0415
    from postmark_id.library.store import user_folder  # noqa: PLC0415

    try:
        known = Library.load()
    except PostmarkError as error:
        yield Finding("MISSING", f"reference library: {error.message}", error.hint)
        return
    own = sum(mark.origin == "user" for mark in known.marks)
    yield Finding("ok" if known.marks else "lacks", f"{len(known.marks)} reference marks, {own} of them yours")
    yield Finding("ok", f"your marks live in {user_folder()}")
    for problem in known.problems:
        yield Finding("lacks", f"reference mark: {problem.message}", "postmark-id marks validate")


def table() -> Iterator[Finding]:
    """The table of flights."""
    from postmark_id.flights.table import FlightTable  # noqa: PLC0415

    try:
        known = FlightTable.load()
    except PostmarkError as error:
        yield Finding("MISSING", f"table of flights: {error.message}", error.hint)
        return
    yield Finding("ok", f"table of {len(known.stays)} stays and {len(known.events)} events")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    packages,
    opencv,
    decoders,
    models,
    engines,
    tesseract,
    fonts,
    library,
    table,
)


@click.command("doctor")
def command() -> int:
    """Say what is installed, what is missing and how to get it.

    Exit code 3 when something is missing that the program can't work without.
    """
    click.echo(f"postmark-id {__version__}, Python {platform.python_version()}, {platform.platform()}")
    click.echo(f"{available_cores()} cores to use")
    missing = lacking = 0
    for check in CHECKS:
        for finding in _findings(check):
            missing += finding.state == "MISSING"
            lacking += finding.state == "lacks"
            click.echo(f"{finding.state:8}{visible(finding.what)}")
            if finding.remedy:
                click.echo(f"{'':8}-> {visible(finding.remedy)}")
    click.echo(_verdict(missing, lacking))
    return ExitCode.MISSING_DEPENDENCY if missing else ExitCode.OK


def _findings(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Findings of one check; a broken package must not keep the doctor from looking at the rest."""
    try:
        yield from check()
    except ImportError as error:
        yield Finding("MISSING", f"{check.__name__}: {error}", f"pip install {error.name or 'postmark-id'}")


def _verdict(missing: int, lacking: int) -> str:
    if missing:
        return f"{missing} needed {'thing is' if missing == 1 else 'things are'} missing."
    return "Everything needed is there." if not lacking else "Everything needed is there; what lacks is optional."
