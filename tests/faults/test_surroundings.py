"""Odd consoles, locales, homes and pipes change no result and end in no traceback."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from bad_files import JPEG

SCRIPT = """
import sys
from examiner_doubles import DoubleExaminer
from postmark_id.batch.examine import PipelineRecipe
from postmark_id.cli import main

class Double(DoubleExaminer):
    def identify(self, scan, **_):
        return super().identify(scan)

PipelineRecipe.open = lambda _: Double()
main()
"""


def start(arguments, *, flags=(), cwd=None, **changes):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), **changes}
    environment = {name: value for name, value in environment.items() if value is not None}
    command = [sys.executable, *flags, "-c", SCRIPT, *map(str, arguments)]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=cwd
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("covers")
    (place / "Союз 🚀.jpg").write_bytes(JPEG)
    return place


SURROUNDINGS = {
    "plain": {},
    "C locale": {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "western console": {"PYTHONIOENCODING": "cp1252"},
    "Turkish, far east, narrow": {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Apia", "COLUMNS": "20", "TERM": "dumb"},
    "no home, no colour": {"HOME": None, "XDG_DATA_HOME": None, "NO_COLOR": "1"},
    "strict": {"PYTHONWARNINGS": "error"},
    "optimised": {"PYTHONOPTIMIZE": "1", "PYTHONHASHSEED": "7"},
}


def test_surroundings_change_no_byte_of_the_json_but_the_timings(folder):
    running = {
        name: start(["check", "Союз 🚀.jpg", "--format", "json"], cwd=folder, **changes)
        for name, changes in SURROUNDINGS.items()
    }
    found = {}
    for name, process in running.items():
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, (name, err)
        assert b"Traceback" not in err
        document = json.loads(out.decode("utf-8"))
        document["timings"] = {}
        found[name] = json.dumps(document)
    assert len(set(found.values())) == 1


def test_the_summary_is_readable_on_any_console(folder):
    running = {
        name: start(["check", "Союз 🚀.jpg", "no\x1bne.jpg"], cwd=folder, **SURROUNDINGS[name])
        for name in ("C locale", "western console", "Turkish, far east, narrow")
    }
    for name, process in running.items():
        out, err = process.communicate(timeout=120)
        assert process.returncode == 1, (name, err)
        assert b"\x1b" not in out + err
        assert b"Traceback" not in err
        assert b"board postmark" in out
        assert b"vanished" in out


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_reader_that_goes_away_or_a_full_disk_ends_without_a_traceback(folder, form):
    process = start(["check", *["Союз 🚀.jpg"] * 200, "--format", form], cwd=folder)
    process.stdout.read(10)
    process.stdout.close()
    message = process.stderr.read()
    process.wait(timeout=120)
    process.stderr.close()
    assert b"Traceback" not in message
    assert b"Exception ignored" not in message


def test_closed_streams_do_no_harm(folder, tmp_path):
    shell = f'"{sys.executable}" -c "$SCRIPT" check *.jpg --overlay "{tmp_path}/a.png" >&- 2>&-'
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "SCRIPT": SCRIPT}
    done = subprocess.run(["/bin/sh", "-c", shell], cwd=folder, env=environment, timeout=120, check=False)
    assert done.returncode == 0
    assert (tmp_path / "a.png").exists()


def test_the_fingerprint_of_results_is_the_same_in_every_process():
    program = (
        "from postmark_id.batch.examine import PipelineRecipe; from postmark_id.settings import Settings;"
        "print(PipelineRecipe(Settings()).fingerprint())"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, env={**os.environ, "PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    ]
    one, two = (process.communicate(timeout=120)[0].strip() for process in running)
    assert one == two
    assert len(one) == 2 * hashlib.sha256().digest_size
