"""The review: who may see it, what it shows, what it keeps, and that nothing else can be had from it."""

from __future__ import annotations

import csv
import http.client
import json
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from example_reports import FAILED, REPORT

from postmark_id.batch.manifest import Manifest
from postmark_id.batch.verdicts import NAME, read_verdicts
from postmark_id.cli import main
from postmark_id.flights.table import FlightTable
from postmark_id.models import Outcome
from postmark_id.outputs.contract import SCHEMA, dumps, report_json
from postmark_id.review.covers import Covers
from postmark_id.review.server import LONGEST_FORM, Review

OPEN = replace(REPORT, path="<b>open</b>.jpg", outcome=Outcome.AMBIGUOUS, sha256="cd" * 32)
JPEG = b"\xff\xd8 picture"


@pytest.fixture
def folder(tmp_path):
    """A run of three covers; numbered by doubt: the failed one, the open one, the sure one."""
    run = tmp_path / "run"
    (run / "overlays/covers").mkdir(parents=True)
    (run / "overlays/covers/a.jpg.jpg").write_bytes(JPEG)
    request = {"paths": ["covers"], "write": "csv,jsonl,html,overlay,sqlite"}
    Manifest("ab" * 16, "2026-01-01T00:00:00Z", "f", request, ended="2026-01-01T00:00:01Z").write(run)
    lines = [dumps(report_json(report)) for report in (REPORT, OPEN, FAILED)]
    (run / "results.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return run


class Browser:
    """Asks as a browser does that has opened the address."""

    def __init__(self, server):
        self.server = server
        self.cookie = f"postmark-id={server.key}"

    def ask(self, method, path, form=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=10)
        body = urlencode(form or {}, doseq=True) if method == "POST" else None
        if body is not None:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in {"Cookie": self.cookie, **headers}.items():
            connection.putheader(name, value)
        if body is not None and "Content-Length" not in headers:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body.encode() if body else None)
        with closing(connection):
            reply = connection.getresponse()
            return reply.status, dict(reply.headers), reply.read().decode("utf-8", "replace")

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, **form):
        return self.ask("POST", path, {"secret": self.server.secret, **form})


@pytest.fixture
def browser(folder):
    with Review(Covers(folder), FlightTable.load()) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Browser(server)
        server.shutdown()
        thread.join()


def said(folder):
    return [json.loads(line) for line in (folder / NAME).read_text("utf-8").splitlines()]


def test_covers_come_by_doubt_and_their_names_are_no_markup(browser):
    status, headers, text = browser.get("/")
    assert status == 200
    assert "0 of 3 covers reviewed" in text
    assert text.index("b.jpg") < text.index("&lt;b&gt;open&lt;/b&gt;.jpg") < text.index("covers/a.jpg")
    assert "<b>open</b>" not in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert browser.get("/?show=ambiguous")[2].count("/cover/") == 2  # the next one, and the one of the list


def test_a_cover_shows_its_picture_its_reasons_and_the_flight_that_the_program_is_sure_of(browser):
    status, _, text = browser.get("/cover/3")
    assert status == 200
    for words in ("/picture/3/scan", "Soyuz TM-25", "same day", "Korzun", "12.02.97", "wrong-year"):
        assert words in text
    assert text.count(" checked") == 1
    assert browser.get("/picture/3/scan")[1]["Content-Type"] == "image/jpeg"
    assert " checked" not in browser.get("/cover/2")[2], "nothing is chosen where the program left it open"


def test_what_is_right_is_confirmed_and_the_next_cover_without_a_verdict_follows(browser, folder):
    chosen = "Soyuz TM-25 | docking | 1997-02-12T15:51Z | 1997-02-12"
    status, headers, _ = browser.post("/cover/3", flight=chosen, note="signed")
    assert (status, headers["Location"]) == (303, "/cover/1")
    (line,) = said(folder)
    assert (line["verdict"], line["flights"][0]["flight"], line["marks"]) == ("confirmed", "Soyuz TM-25", [])
    assert (line["note"], line["path"], line["sha256"]) == ("signed", "covers/a.jpg", "ab" * 32)
    assert "signed" in browser.get("/cover/3")[2]
    assert "1 of 3 covers reviewed" in browser.get("/")[2]


def test_a_corrected_date_gives_other_flights_and_the_last_word_counts(browser, folder):
    fields = {"kind-0": "station-seal", "station-0": "Mir", "date-0": "1996-08-19"}
    status, _, text = browser.post("/cover/2", action="look", **fields)
    assert status == 200
    assert "Soyuz TM-24 | docking | 1996-08-19" in text
    assert not (folder / NAME).exists(), "looking is no verdict"
    key = next(part for part in text.split('"') if part.startswith("Soyuz TM-24 | docking"))
    browser.post("/cover/2", action="open", note="later")
    browser.post("/cover/2", flight=key, **fields)
    assert [line["verdict"] for line in said(folder)] == ["open", "corrected"]
    verdict = read_verdicts(folder).last["<b>open</b>.jpg", 0, "cd" * 32]
    assert [flight["flight"] for flight in verdict.flights] == ["Soyuz TM-24"]
    assert (verdict.marks[0].date, verdict.marks[0].kind) == ("1996-08-19", "station-seal")
    assert f'value="{key}" checked' in browser.get("/cover/2")[2]


def test_choosing_among_what_the_program_left_open_confirms_it(browser, folder):
    browser.post("/cover/2", flight="Soyuz TM-25 | docking | 1997-02-12T15:51Z | 1997-02-12")
    browser.post("/cover/2")
    assert [line["verdict"] for line in said(folder)] == ["confirmed", "open"]


def test_a_flight_can_be_named_by_any_of_its_names(browser, folder):
    browser.post("/cover/1", other="союз тм 24")
    assert said(folder)[0]["flights"] == [{"flight": "Soyuz TM-24"}]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("date-0", "12.02.97", "is no date"),
        ("date-0", "1997-02-30", "is no date"),
        ("other", "Soyuz 99999", "is no flight of the table"),
        ("teach-0", "../../etc", "can&#39;t be the id of a mark"),
    ],
)
def test_what_can_not_be_taken_is_said_and_what_was_typed_stays(browser, folder, field, value, words):
    status, _, text = browser.post("/cover/3", **{field: value, "note": "kept"})
    assert status == 200
    assert words in text
    assert value in text
    assert "kept" in text
    assert not (folder / NAME).exists()


def test_a_mark_is_not_learned_without_a_station(browser):
    assert "needs a station" in browser.post("/cover/3", **{"teach-1": "new-seal"})[2]


def test_finishing_takes_the_verdicts_into_tables_page_and_catalogue(browser, folder):
    chosen = "Soyuz TM-25 | docking | 1997-02-12T15:51Z | 1997-02-12"
    browser.post("/cover/3", **{"flight": chosen, "note": "=signed", "station-1": "Mir", "teach-1": "new-seal"})
    status, _, text = browser.post("/finish")
    assert status == 200
    assert "1 corrected" in text
    documents = [json.loads(line) for line in (folder / "results.jsonl").read_text("utf-8").splitlines()]
    assert [document.get("review", {}).get("verdict") for document in documents] == ["corrected", None, None]
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(documents[0], SCHEMA)
    with (folder / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["path"] == "covers/a.jpg"]
    assert rows[0]["reviewed_flight"] == "Soyuz TM-25 docking 1997-02-12"
    assert rows[0]["note"] == "'=signed"
    assert [row["reviewed_station"] for row in rows] == ["", "", "Mir"]
    assert "corrected: Soyuz TM-25 (docking)" in (folder / "report.html").read_text("utf-8")
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as database:
        words = database.execute(
            "SELECT review, reviewed_flight FROM last_words WHERE path = 'covers/a.jpg'"
        ).fetchone()
        taught = database.execute("SELECT teach FROM review_marks").fetchall()
    assert words == ("corrected", "Soyuz TM-25")
    assert taught == [("new-seal",)]


def test_a_line_that_a_crash_cut_short_is_passed_over_and_spoils_no_other(browser, folder):
    (folder / NAME).write_bytes(b'{"review_version": 1, "path": "covers/a')
    browser.post("/cover/2", action="open")
    assert [verdict.saying for verdict in read_verdicts(folder).last.values()] == ["open"]


def test_a_verdict_is_not_that_of_a_scan_made_anew(folder):
    covers = Covers(folder)
    with (folder / NAME).open("w", encoding="utf-8") as file:
        line = {"review_version": 1, "path": "covers/a.jpg", "frame": 0, "sha256": "00" * 32}
        file.write(json.dumps({**line, "verdict": "open", "flights": [], "marks": [], "note": ""}) + "\n")
    again = Covers(folder)
    assert again.said() == covers.said() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/picture/3/../../../../etc/passwd", "/picture/%2e%2e/%2e%2e/etc/passwd", "/picture//etc/passwd",
        "/picture/3/scan%00.png", "/picture/9/scan", "/picture/0/scan", "/picture/-1/scan", "/img/../../etc/passwd",
        "/cover/99999999999999999999", "/templates/review.css", "//etc/passwd", "/picture/2/scan", "/picture/1/back",
    ],
)  # fmt: skip
def test_row_68_addresses_are_numbers_and_lead_nowhere_else(browser, path):
    status, _, text = browser.get(path)
    assert status == 404
    assert "root:" not in text


def test_row_68_a_link_in_the_place_of_a_picture_is_not_followed(browser, folder, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    picture = folder / "overlays/covers/a.jpg.jpg"
    picture.unlink()
    picture.symlink_to(tmp_path / "secret.jpg")
    assert browser.get("/picture/3/scan")[0] == 404


def test_row_69_the_server_is_heard_on_this_machine_only(browser):
    assert browser.server.server_address[0] == "127.0.0.1"
    assert browser.server.address.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Cookie": ""},
        {"Cookie": "postmark-id=wrong"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_row_69_other_sites_names_and_people_are_refused(browser, folder, headers):
    for path in ("/", "/cover/3", "/picture/3/scan", "/report.css"):
        assert browser.get(path, **headers)[0] == 403
    form = {"secret": browser.server.secret, "action": "open"}
    assert browser.ask("POST", "/cover/3", form, **headers)[0] == 403
    assert not (folder / NAME).exists()


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_row_69_a_form_needs_the_secret_of_the_page(browser, folder, secret):
    for path in ("/cover/3", "/finish"):
        assert browser.ask("POST", path, {"secret": secret, "action": "open"})[0] == 403
    assert not (folder / NAME).exists()


def test_row_69_only_the_key_of_the_address_lets_in_and_it_leaves_the_address(browser):
    stranger = Browser(browser.server)
    stranger.cookie = ""
    assert stranger.get("/?key=wrong")[0] == 403
    status, headers, _ = stranger.get(f"/?key={browser.server.key}")
    assert (status, headers["Location"]) == (303, "/")
    assert "SameSite=Strict" in headers["Set-Cookie"]
    assert "HttpOnly" in headers["Set-Cookie"]
    status, headers, _ = stranger.get(f"//evil.example?key={browser.server.key}")
    assert not headers.get("Location", "/").startswith("//")


@pytest.mark.parametrize("length", ["-1", "x", str(LONGEST_FORM + 1)])
def test_a_form_that_is_too_long_or_says_no_length_is_not_read(browser, length):
    assert browser.ask("POST", "/cover/3", {}, **{"Content-Length": length})[0] == 413


def test_other_methods_change_nothing(browser, folder):
    for method in ("PUT", "DELETE"):
        assert browser.ask(method, "/cover/3")[0] == 501
    status, _, text = browser.ask("HEAD", "/cover/3")
    assert (status, text) == (200, "")


def test_what_is_no_run_is_said_in_one_line(tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        main(["review", str(tmp_path), "--no-browser"])
    assert left.value.code == 2
    assert "manifest" in capsys.readouterr().err
    Manifest("ab" * 16, "2026-01-01T00:00:00Z", "f", {"write": "csv"}).write(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["review", str(tmp_path), "--no-browser"])
    assert left.value.code == 2
    assert "jsonl" in capsys.readouterr().err


@pytest.mark.parametrize("line", ["{}", "[1]", "no json"])
def test_results_that_are_none_are_said_in_one_line(folder, capsys, line):
    (folder / "results.jsonl").write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["review", str(folder), "--no-browser"])
    assert left.value.code == 2
    assert "results.jsonl: can't be read" in capsys.readouterr().err
