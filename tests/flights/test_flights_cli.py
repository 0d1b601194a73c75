"""``postmark-id flights``: what it prints, what it refuses, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from postmark_id.cli import main
from postmark_id.errors import ExitCode

Run = Any


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "own" / "flights.csv"
    monkeypatch.setenv("POSTMARK_ID_FLIGHTS", str(path))
    return path


@pytest.fixture
def run(own: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["flights", *arguments])
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return call


def test_near_prints_one_json_document_in_the_words_of_the_contract(run: Run) -> None:
    code, out, _ = run("near", "2015-01-12", "--station", "ISS", "--format", "json")
    found = json.loads(out)
    assert code == ExitCode.OK
    assert found["date"] == "2015-01-12"
    assert found["outcome"] == "identified"
    assert found["warnings"] == []
    assert found["aboard"] == ["Samokutyaev", "Serova", "Wilmore", "Shkaplerov", "Cristoforetti", "Virts"]
    assert found["flights"][0] == {
        "flight": "Dragon CRS-5",
        "station": "ISS",
        "event": "berthing",
        "event_time": "2015-01-12T13:54Z",
        "date": "2015-01-12",
        "days_off": 0,
        "score": 0.95,
        "reasons": ["Dragon CRS-5 was berthed at the ISS on 2015-01-12 at 13:54 UTC."],
    }
    assert "McDowell" in found["attribution"]


def test_text_fits_eighty_columns_and_names_the_source_on_stderr(run: Run) -> None:
    for arguments in (["near", "1995-07-04"], ["list", "--station", "Mir"], ["show", "Soyuz T-15"], ["show", "STS-88"]):
        code, out, err = run(*arguments)
        assert code == ExitCode.OK
        assert max(len(line) for line in out.splitlines()) <= 80
        assert "McDowell" in err
        assert "CC-BY" in err


def test_list_is_narrowed_by_station_and_year(run: Run) -> None:
    _, out, _ = run("list", "--station", "Salyut-7", "--year", "1986")
    assert [line.split("  ")[0] for line in out.splitlines()[1:]] == ["Cosmos 1686", "Soyuz T-15"]
    _, out, _ = run("list", "--year", "1986", "--station", "Salyut-7", "--format", "json")
    assert [stay["flight"] for stay in json.loads(out)] == ["Cosmos 1686", "Soyuz T-15"]
    _, out, err = run("list", "--year", "1950")
    assert out.splitlines() == ["flight  station  launched  arrived  left"]
    assert "0 stays" in err


def test_show_takes_other_names_and_alphabets(run: Run) -> None:
    code, out, _ = run("show", "Союз ТМ-25")
    assert code == ExitCode.OK
    assert out.startswith("Soyuz TM-25  (soyuz, Mir)")
    assert "Tsibliyev, Lazutkin, Ewald" in out
    _, out, _ = run("show", "Atlantis")
    assert "STS-71" in out
    assert "STS-135" in out


def test_an_unknown_flight_is_answered_with_near_names(run: Run) -> None:
    code, out, err = run("show", "Soyus TM-25x")
    assert code == ExitCode.USAGE
    assert out == ""
    assert "did you mean Soyuz TM-25" in err


@pytest.mark.parametrize("date", ["12/04/88", "1990-02-31", "yesterday"])
def test_near_takes_iso_dates_only(run: Run, date: str) -> None:
    code, out, err = run("near", date)
    assert code == ExitCode.USAGE
    assert out == ""
    assert "DATE" in err


def test_a_flight_of_ones_own_is_added_shown_and_matched(run: Run, own: Path) -> None:
    added = ("add", "Soyuz Z-1", "--station", "ISS", "--vehicle", "soyuz", "--docking", "2026-11-20T10:00")
    code, out, err = run(*added, "--crew-up", "Ivanov", "--alias", "Союз Ы-1", "--source", "own notes")
    assert (code, out) == (ExitCode.OK, "")
    assert str(own) in err
    assert "Ivanov" in own.read_text("utf-8")
    assert run("show", "союз ы-1")[1].startswith("Soyuz Z-1")
    code, out, _ = run("near", "2026-11-20", "--station", "ISS", "--format", "json")
    assert json.loads(out)["flights"][0]["flight"] == "Soyuz Z-1"
    code, out, _ = run("validate")
    assert code == ExitCode.OK
    assert "no fault" in out


def test_a_closing_of_the_hatches_that_the_user_knows_is_kept_shown_and_matched(run: Run, own: Path) -> None:
    added = ("add", "Soyuz Z-1", "--station", "ISS", "--vehicle", "soyuz", "--docking", "2026-05-01T10:00")
    code, _, err = run(*added, "--hatch-closing", "2026-05-10T18:00", "--undocking", "2026-05-11T09:00")
    assert code == ExitCode.OK, err
    assert "2026-05-10T18:00" in own.read_text("utf-8")
    assert "hatch closed 2026-05-10 18:00" in run("show", "Soyuz Z-1")[1]
    assert run("validate")[0] == ExitCode.OK
    first = json.loads(run("near", "2026-05-10", "--station", "ISS", "--format", "json")[1])["flights"][0]
    assert (first["flight"], first["event"], first["days_off"]) == ("Soyuz Z-1", "undocking", 1)
    assert first["reasons"][0] == "The hatches between Soyuz Z-1 and the ISS were closed on 2026-05-10 at 18:00 UTC."
    run("add", "Soyuz Z-2", *added[2:], "--hatch-closing", "2026-05-12", "--undocking", "2026-05-11")
    assert "Z-2" not in own.read_text("utf-8")


def test_what_can_not_be_added_leaves_the_table_as_it_was(run: Run, own: Path) -> None:
    run("add", "Soyuz Z-1", "--station", "ISS", "--vehicle", "soyuz", "--docking", "2026-11-20T10:00")
    before = own.read_bytes()
    for docking, words in (("2026-11-20T10:00", "stands twice"), ("20.11.2026", "is not an ISO date")):
        code, _, err = run("add", "Soyuz Z-1", "--station", "ISS", "--vehicle", "soyuz", "--docking", docking)
        assert code == ExitCode.USAGE
        assert words in err
    assert own.read_bytes() == before
    assert sorted(path.name for path in own.parent.iterdir()) == ["flights.csv"]


def test_validate_names_every_fault_with_its_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(
        b"flight;station;vehicle_type;docking_utc;undocking_utc\r\n"
        b"X;Mir;soyuz;31.02.1990;\r\nY;Mars;soyuz;1990-02-03;1990-02-01\r\n"
    )
    code, out, _ = run("validate", str(path))
    assert code == ExitCode.BAD_CONFIG
    assert "line 2: docking_utc '31.02.1990'" in out
    assert "line 3: station 'Mars'" in out
    assert "faults: 2" in out


def test_validate_says_what_an_overlay_replaces(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "flight,station,vehicle_type,docking_utc,undocking_utc\nSoyuz TM-25,Mir,soyuz,1997-02-12,1997-08-14\n"
    )
    code, out, _ = run("validate", str(path))
    assert code == ExitCode.OK
    assert "Soyuz TM-25 replaces the program's own rows" in out


def test_without_a_table_of_ones_own_there_is_nothing_to_validate(run: Run) -> None:
    code, out, _ = run("validate")
    assert code == ExitCode.OK
    assert "not there" in out


def test_a_bad_table_stops_everything_with_one_line(run: Run, own: Path) -> None:
    own.parent.mkdir()
    own.write_text("flight,station\nX,Mir\n")
    for arguments in (["list"], ["near", "1997-02-12"], ["show", "STS-71"]):
        code, out, err = run(*arguments)
        assert code == ExitCode.BAD_CONFIG
        assert out == ""
        assert err.count("\n") == 1
        assert "line 1" in err
    code, _, err = run("list", "--table", str(own.parent / "nothing.csv"))
    assert code == ExitCode.BAD_CONFIG
    assert "nothing.csv" in err


def test_a_closed_pipe_is_no_fault(own: Path) -> None:
    script = "from postmark_id.cli import main; main(['flights', 'list'])"
    command = f'"{sys.executable}" -c "{script}" | head -1'
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("flight")
    assert "Traceback" not in done.stderr
