import stat
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from postmark_id.dates.alphabet import LETTER
from postmark_id.dates.engines import Reading, SecondOpinion, create, reader_of_figures
from postmark_id.dates.engines.ctc import CtcEngine
from postmark_id.dates.engines.tesseract import TesseractEngine
from postmark_id.errors import MissingDependencyError
from postmark_id.models import Picture
from postmark_id.settings import DateSettings

FONTS = Path(__file__).parents[2] / "src" / "postmark_id" / "synth" / "fonts"


def strip(text: str, size: int = 34) -> Picture:
    """A clean line, dark on light, 48 pixels high."""
    font = ImageFont.truetype(sorted(FONTS.glob("*sans.ttf"))[0], size)
    width = round(font.getlength(text)) + 30
    page = Image.new("L", (width, 48), 250)
    ImageDraw.Draw(page).text((15, 24), text, font=font, fill=20, anchor="lm")
    return np.asarray(page, np.uint8)


@pytest.fixture(scope="module", params=["own", "rapidocr"])
def network(request: pytest.FixtureRequest) -> CtcEngine:
    engine = create(request.param)
    assert isinstance(engine, CtcEngine)
    return engine


def test_clean_dates_are_read(network: CtcEngine) -> None:
    texts = ["12.02.97", "28 10 13 21", "05-11-1987"]
    readings = network.read([strip(t) for t in texts])
    assert [r.text.replace(" ", "") for r in readings] == [t.replace(" ", "") for t in texts]
    assert all(r.score > 0.8 and r.engine == network.name for r in readings)


def test_readings_keep_the_order_of_strips_of_many_widths(network: CtcEngine) -> None:
    texts = [f"{k:02d}.0{k % 9 + 1}.19{70 + k}"[: 5 + k % 6] for k in range(1, 10)]
    together = [r.text for r in network.read([strip(t) for t in texts])]
    alone = [network.read([strip(t)])[0].text for t in texts]
    assert sum(a == b for a, b in zip(together, alone, strict=True)) >= 8


def test_a_lattice_holds_probabilities(network: CtcEngine) -> None:
    (reading,) = network.read([strip("12.02.97")])
    assert reading.lattice is not None
    assert np.allclose(reading.lattice.sum(axis=1), 1.0, atol=0.1)
    assert "".join(c for c, _ in reading.chars) == reading.text


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (48, 3), (7, 4000), (48, 64, 3), (3, 2)])
def test_strange_strips_give_a_reading_each(network: CtcEngine, shape: tuple[int, ...]) -> None:
    (reading,) = network.read([np.zeros(shape, np.uint8)])
    assert isinstance(reading, Reading)
    assert network.read([]) == []


def test_nothing_is_printed(network: CtcEngine, capfd: pytest.CaptureFixture[str]) -> None:
    create(network.name).read([strip("12.02.97")])
    assert capfd.readouterr() == ("", "")


def test_a_reader_of_figures_reads_narrow_numerals_and_takes_letters_for_one() -> None:
    figures = reader_of_figures()
    assert figures is not None
    narrow = cv2.resize(strip("27 VIII 1981"), (190, 48), interpolation=cv2.INTER_AREA)
    words, numerals = figures.read([strip("12.02.97 HOUSTON"), narrow])
    assert words.text.startswith("12.02.97 ")
    assert set(words.text[9:]) <= {LETTER, "I", "V", "X", " "}
    assert "VIII" in numerals.text
    assert all(reader_of_figures(name) is None for name in ("rapidocr", "tesseract"))


def test_without_its_model_the_reader_of_figures_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: object) -> None:
        raise MissingDependencyError("not here", code="bad-model")

    monkeypatch.setattr("postmark_id.dates.engines.own.session", missing)
    assert reader_of_figures() is None


def test_strips_of_unlike_widths_are_not_padded_to_the_widest(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create("own")
    assert isinstance(engine, CtcEngine)
    session, batches = engine._session, []

    class Watched:
        def run(self, names: None, inputs: dict[str, np.ndarray]) -> object:
            batches.extend(x.shape[0] for x in inputs.values())
            return session.run(names, inputs)

    monkeypatch.setattr(engine, "_session", Watched())
    readings = engine.read([strip(t) for t in ("ORBITAL COMPLEX MIR", "12.02.97", "5", "12.02.96")])
    assert batches == [1, 2, 1]
    assert [r.text.strip()[:3] for r in readings[:2]] == ["ORB", "12."]


def test_a_failing_network_costs_its_readings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create("own")

    class Broken:
        def run(self, *_: object) -> None:
            raise RuntimeError("no luck")

    monkeypatch.setattr(engine, "_session", Broken())
    (reading,) = engine.read([strip("12.02.97")])
    assert reading.text == ""
    assert reading.notice is not None
    assert reading.notice.code == "ocr-failed"


def test_automatic_choice_takes_our_reader_with_a_second_opinion() -> None:
    engine = create("auto")
    assert isinstance(engine, SecondOpinion)
    assert (engine.first.name, engine.second.name) == ("own", "rapidocr")
    assert engine.read([strip("12.02.97")])[0].engine == "own"


def test_automatic_choice_falls_back_where_engines_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: object) -> None:
        raise MissingDependencyError("not here", code="no-onnxruntime")

    monkeypatch.setattr("postmark_id.dates.engines.own.session", missing)
    monkeypatch.setattr("postmark_id.dates.engines.rapid.open_session", missing)
    nothing = DateSettings(tesseract_program="no-such-program")
    with pytest.raises(MissingDependencyError, match="no engine can read dates"):
        create("auto", nothing)
    for name in ("own", "rapidocr", "tesseract"):
        with pytest.raises(MissingDependencyError):
            create(name, nothing)


# -- Tesseract, and doubles that fail as programs do -----------------------------------------------------------

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="the doubles are shell scripts")


def double(tmp_path: Path, body: str) -> str:
    """A program that answers as Tesseract 5 does and then does what `body` says."""
    program = tmp_path / "tesseract"
    program.write_text(
        "#!/bin/sh\n"
        'case "$1" in --version) echo "tesseract 5.3.0"; exit 0;; --list-langs) printf "eng\\nrus\\n"; exit 0;; esac\n'
        f"{body}\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


@needs_posix
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("exit 3", "ocr-failed"),
        ("kill -SEGV $$", "ocr-failed"),
        ("kill -9 $$", "ocr-failed"),
        ("exit 1", "ocr-failed"),
        ("sleep 60 & wait", "ocr-timeout"),
    ],
)
def test_a_program_that_crashes_or_hangs_costs_its_readings_and_says_so(tmp_path: Path, body: str, code: str) -> None:
    engine = create("tesseract", DateSettings(tesseract_program=double(tmp_path, body), tesseract_seconds=0.4))
    begun = time.monotonic()
    readings = engine.read([strip("12.02.97")] * 2)
    assert time.monotonic() - begun < 5.0
    assert [r.text for r in readings] == ["", ""]
    assert {r.notice.code if r.notice else None for r in readings} == {code}


@needs_posix
@pytest.mark.parametrize(
    "body",
    [
        ': > "$2.tsv"',
        "exit 0",
        r"""printf '\377\376 rubbish \t\t\n5\tx\t1\t1\t1\t1\t0\t0\t1\t1\tnan?\t12\n' > "$2.tsv" """,
        'head -c 100000 /dev/urandom > "$2.tsv"',
    ],
)
def test_rubbish_is_an_empty_reading(tmp_path: Path, body: str) -> None:
    engine = create("tesseract", DateSettings(tesseract_program=double(tmp_path, body)))
    assert [r.text for r in engine.read([strip("12.02.97")])] == [""]


@needs_posix
@pytest.mark.parametrize("answer", ["tesseract 3.05", "what?", ""])
def test_a_program_that_is_too_old_or_no_tesseract_is_refused(tmp_path: Path, answer: str) -> None:
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\necho '{answer}'\n")
    program.chmod(0o755)
    with pytest.raises(MissingDependencyError):
        create("tesseract", DateSettings(tesseract_program=str(program)))


@needs_posix
def test_the_table_of_tesseract_is_understood_page_by_page(tmp_path: Path) -> None:
    rows = r"5\t2\t1\t1\t1\t1\t0\t0\t9\t9\t91.5\t12.02.97\n5\t2\t1\t1\t1\t2\t0\t0\t9\t9\t80\tМосква\n"
    engine = create("tesseract", DateSettings(tesseract_program=double(tmp_path, f"printf '{rows}' > \"$2.tsv\"")))
    first, second = engine.read([strip("x"), strip("12.02.97")])
    assert first.text == ""
    assert second.text == "12.02.97 MOCKBA"
    assert second.chars[0] == ("1", pytest.approx(0.915))


def test_tesseract_reads_a_clean_date_where_it_is_installed() -> None:
    try:
        engine = create("tesseract")
    except MissingDependencyError:
        pytest.skip("tesseract is not installed here")
    assert isinstance(engine, TesseractEngine)
    first, second = engine.read([strip("12.02.97"), strip("28.10.13")])
    assert (first.text, second.text) == ("12.02.97", "28.10.13")
