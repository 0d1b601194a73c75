"""The table: its events by day, its stations, its overlay."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from flight_marks import MakeMark

from postmark_id.flights import table as table_module
from postmark_id.flights.match import explain
from postmark_id.flights.stays import Event, Stay
from postmark_id.flights.table import ATTRIBUTION, MOVEMENTS, FlightTable
from postmark_id.models import EventKind, Station

day = dt.date.fromisoformat


def kinds(events: tuple[Event, ...], flight: str) -> list[EventKind]:
    return [event.kind for event in events if event.flight == flight]


def test_the_packaged_table_is_whole_and_has_no_riddles(table: FlightTable) -> None:
    assert len(table.stays) > 570
    assert len(table.events) > 2500
    assert table.riddles == ()


def test_every_row_names_its_source(table: FlightTable) -> None:
    assert all(stay.source for stay in table.stays)
    assert all(event.source for event in table.events)
    assert "McDowell" in ATTRIBUTION
    assert "CC-BY 4.0" in ATTRIBUTION


def test_events_come_by_the_day_of_either_zone(table: FlightTable) -> None:
    late = table.events_on(day("1987-07-29"), Station.MIR)
    assert EventKind.UNDOCKING in kinds(late, "Soyuz TM-2")
    moscow = table.events_on(day("1987-07-30"), Station.MIR, zone="Moscow")
    assert EventKind.UNDOCKING in kinds(moscow, "Soyuz TM-2")
    assert "Soyuz TM-2" not in {e.flight for e in table.events_on(day("1987-07-29"), zone="Moscow")}


def test_a_change_of_port_is_one_relocation(table: FlightTable) -> None:
    moved = [e for e in table.events_of("Soyuz TM-24") if e.date == day("1997-02-07")]
    assert [event.kind for event in moved] == [EventKind.RELOCATION]
    assert moved[0].time == "1997-02-07T16:51Z"


def test_a_relocation_over_midnight_has_both_days(table: FlightTable) -> None:
    moved = [e.date.isoformat() for e in table.events_of("Progress MS-17") if e.kind is EventKind.RELOCATION]
    assert moved == ["2021-10-20", "2021-10-22"]


def test_a_ship_that_left_and_came_back_weeks_later_undocked_and_docked(table: FlightTable) -> None:
    found = [(e.kind, e.date.isoformat()) for e in table.events_of("Progress M-32") if e.kind in MOVEMENTS]
    assert found == [
        (EventKind.DOCKING, "1996-08-02"),
        (EventKind.UNDOCKING, "1996-08-18"),
        (EventKind.DOCKING, "1996-09-03"),
        (EventKind.UNDOCKING, "1996-11-20"),
    ]


def test_ships_that_the_arm_holds_are_berthed_and_released(table: FlightTable) -> None:
    assert kinds(table.events_on(day("2012-05-25")), "Dragon C2+") == [EventKind.BERTHING]
    assert EventKind.RELEASE in kinds(table.events_on(day("2012-05-31")), "Dragon C2+")
    assert kinds(table.events_on(day("2020-12-07")), "Dragon CRS-21") == [EventKind.DOCKING]


def test_soyuz_t_15_docked_with_two_stations(table: FlightTable) -> None:
    docked = [(e.station, e.date.isoformat()) for e in table.events_of("Soyuz T-15") if e.kind is EventKind.DOCKING]
    assert docked == [
        (Station.MIR, "1986-03-15"),
        (Station.SALYUT_7, "1986-05-06"),
        (Station.MIR, "1986-06-26"),
    ]


def test_lives_of_the_stations(table: FlightTable) -> None:
    mir = table.life(Station.MIR)
    assert (mir.launch, mir.end) == (day("1986-02-19"), day("2001-03-23"))
    assert (mir.first_crew, mir.last_crew) == (day("1986-03-15"), day("2000-06-15"))
    iss = table.life(Station.ISS)
    assert iss.end is None
    assert iss.last_crew is None
    assert table.life(Station.SALYUT_7).last_crew == day("1986-06-25")
    assert not mir.covers(day("2001-03-24"))


def test_neighbours_of_a_quiet_day(table: FlightTable) -> None:
    before, after = table.neighbours(day("1990-02-01"), Station.MIR)
    assert before
    assert after
    assert (before.flight, before.kind) == ("Progress M-2", EventKind.DOCKING)
    assert (after.flight, after.kind) == ("Progress M-2", EventKind.UNDOCKING)


def test_an_overlay_adds_flights_and_replaces_those_it_names(tmp_path: Path, table: FlightTable) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "flight,vehicle_type,station,docking_utc,undocking_utc\n"
        "Soyuz Z-1,soyuz,ISS,2030-01-01T10:00,\n"
        "Soyuz TM-25,soyuz,Mir,1997-02-13T10:00,1997-08-14T08:55\n"
    )
    mine = FlightTable.load(path)
    assert kinds(mine.events_on(day("2030-01-01")), "Soyuz Z-1") == [EventKind.DOCKING]
    assert kinds(mine.events_on(day("1997-02-12")), "Soyuz TM-25") == []
    assert EventKind.DOCKING in kinds(mine.events_on(day("1997-02-13")), "Soyuz TM-25")
    assert EventKind.DOCKING in kinds(table.events_on(day("1997-02-12")), "Soyuz TM-25")


def test_the_users_own_file_is_found_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "flights.csv"
    monkeypatch.setenv("POSTMARK_ID_FLIGHTS", str(path))
    assert FlightTable.for_user() is FlightTable.load()
    path.write_text("flight,vehicle_type,station,docking_utc,undocking_utc\nSoyuz Z-1,soyuz,ISS,2030-01-01,\n")
    assert FlightTable.for_user().stays_of("Soyuz Z-1")


def test_a_table_can_be_made_of_a_few_stays() -> None:
    small = FlightTable.build([Stay("X", Station.MIR, "soyuz", launch=None, docking=None, landing=None)])
    assert small.events == ()
    with pytest.raises(KeyError):
        small.life(Station.MIR)


def quickest(work: Callable[[], object], times: int = 7) -> float:
    """CPU seconds of the quickest of several runs, which other programs on the machine disturb least."""
    seconds = []
    for _ in range(times):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def load_afresh() -> FlightTable:
    table_module._packaged_rows.cache_clear()
    table_module._packaged_table.cache_clear()
    return FlightTable.load()


@pytest.mark.benchmark
def test_loading_takes_a_small_multiple_of_reading_the_bare_csv() -> None:
    folder = resources.files("postmark_id") / "data"
    texts = [(folder / name).read_text("utf-8") for name in ("flights.csv", "events.csv")]
    bare = quickest(lambda: [list(csv.DictReader(io.StringIO(text))) for text in texts])
    loading = quickest(load_afresh)
    print(f"bare csv {bare * 1000:.1f} ms, loading {loading * 1000:.1f} ms")
    assert loading < 20 * bare


@pytest.mark.benchmark
def test_matching_a_cover_takes_a_small_part_of_loading(make_mark: MakeMark) -> None:
    table = load_afresh()
    covers = [[make_mark("ISS", f"20{y:02}-04-12"), make_mark("ISS", f"20{y:02}-05-20")] for y in range(1, 26)]
    one = quickest(lambda: [explain(cover, table) for cover in covers]) / len(covers)
    loading = quickest(load_afresh)
    print(f"loading {loading * 1000:.1f} ms, one cover {one * 1000:.2f} ms")
    assert one < loading / 20
