"""A wrong answer is a fault, too: rows 22 and 80 to 82 of the table of bad inputs, with the whole pipeline."""

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from postmark_id.models import Kind, Outcome, Scan
from postmark_id.pipeline import Identifier
from postmark_id.scan import load

SAMPLES = Path(__file__).parents[2] / "samples"
DATED = {"crs5-docking": "Dragon CRS-5", "sts76-docking": "STS-76"}
"""Samples whose date is read well, and the flight that they name."""


@pytest.fixture(scope="module")
def identifier():
    return Identifier()


@pytest.fixture(scope="module")
def pictures(identifier):
    return {name: next(load(SAMPLES / f"{name}.jpg", identifier.settings.scan)) for name in (*DATED, "no-mark")}


def report(identifier, pixels, dpi=150.0):
    return identifier.identify(Scan(np.ascontiguousarray(pixels, dtype=np.uint8), "cover.jpg", dpi=dpi))


def at_quality_50(pixels):
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=50)
    return np.asarray(Image.open(stream))


def grey(pixels):
    return np.repeat(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)


def photograph():
    """Soft blobs of many colours and sizes with noise, as of an animal on a sofa."""
    random = np.random.default_rng(22)
    picture = np.zeros((900, 1200, 3))
    for size in (4, 9, 25, 70):
        coarse = random.uniform(0, 255, (size, size * 4 // 3, 3)).astype(np.float32)
        picture += cv2.resize(coarse, (1200, 900), interpolation=cv2.INTER_CUBIC) / 4
    return np.clip(picture + random.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)


def album_page(pixels):
    """Thirty covers on one page."""
    small = cv2.resize(pixels, (300, 160), interpolation=cv2.INTER_AREA)
    page = np.full((6 * 200, 5 * 340, 3), 235, np.uint8)
    for k in range(30):
        y, x = 20 + 200 * (k // 5), 20 + 340 * (k % 5)
        page[y : y + 160, x : x + 300] = small
    return page


def test_row_22_a_photograph_and_an_album_page_name_nothing(identifier, pictures):
    for picture in (photograph(), album_page(pictures["no-mark"].pixels)):
        found = report(identifier, picture)
        assert found.outcome is Outcome.NO_MARK
        assert not found.dates
        assert not found.flights


@pytest.mark.parametrize("name", DATED)
def test_row_22_a_mirrored_or_negative_scan_is_never_surely_something(identifier, pictures, name):
    pixels = pictures[name].pixels
    for picture in (pixels[:, ::-1], 255 - pixels, album_page(pixels)):
        assert report(identifier, picture).outcome is not Outcome.IDENTIFIED


@pytest.mark.parametrize("name", DATED)
def test_row_80_every_quarter_turn_names_the_same_flight(identifier, pictures, name):
    for turns in range(4):
        found = report(identifier, np.rot90(pictures[name].pixels, turns))
        assert (found.outcome, found.flights[0].flight) == (Outcome.IDENTIFIED, DATED[name])


def test_row_80_a_mark_half_off_the_edge_names_no_other_flight(identifier, pictures):
    scan = pictures["crs5-docking"]
    (mark,) = report(identifier, scan.pixels).marks
    x, y, width, height = mark.outline.box
    for kept in (scan.pixels[:, : x + width // 2], scan.pixels[y + height // 2 :]):
        found = report(identifier, kept)
        flights = {match.flight for match in found.flights}
        assert found.outcome is not Outcome.IDENTIFIED or flights == {DATED["crs5-docking"]}


@pytest.mark.parametrize("name", DATED)
@pytest.mark.parametrize("dpi", [75, 150, 300, 600, 1200])
def test_row_81_the_resolution_changes_no_flight(identifier, pictures, name, dpi):
    factor = dpi / 150
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    picture = cv2.resize(pictures[name].pixels, None, fx=factor, fy=factor, interpolation=way)
    found = report(identifier, picture, dpi)
    assert (found.outcome, found.flights[0].flight) == (Outcome.IDENTIFIED, DATED[name])


@pytest.mark.parametrize("name", DATED)
@pytest.mark.parametrize("change", [at_quality_50, grey])
def test_row_81_compression_and_lost_colour_change_no_flight(identifier, pictures, name, change):
    found = report(identifier, change(pictures[name].pixels))
    assert (found.outcome, found.flights[0].flight) == (Outcome.IDENTIFIED, DATED[name])


def ornament(kind):
    """Something printed on a cover that has the outline of a seal and is none."""
    page = np.full((700, 1300, 3), 238, np.uint8)
    centre = np.array([650, 350])
    if kind == "coin":
        cv2.circle(page, centre.tolist(), 150, (190, 170, 120), -1)
        cv2.circle(page, centre.tolist(), 150, (120, 100, 60), 6)
        cv2.putText(page, "1 RUBLE", (560, 360), cv2.FONT_HERSHEY_DUPLEX, 1.4, (110, 90, 50), 3)
    else:
        for radius in (150, 135):
            angles = np.deg2rad(np.arange(5) * 72 - 90)
            corners = centre + radius * np.stack([np.cos(angles), np.sin(angles)], 1)
            cv2.polylines(page, [corners.astype(np.int32)], True, (200, 30, 40), 4)
        cv2.putText(page, "STAR CLUB", (565, 360), cv2.FONT_HERSHEY_DUPLEX, 1.0, (200, 30, 40), 2)
    return page


@pytest.mark.parametrize("kind", ["coin", "pentagon"])
def test_row_82_an_ornament_with_the_outline_of_a_seal_names_no_station_and_no_flight(identifier, kind):
    found = report(identifier, ornament(kind))
    assert found.outcome is not Outcome.IDENTIFIED
    assert not found.flights
    assert not [mark for mark in found.marks if mark.station is not None or mark.kind is Kind.BOARD_POSTMARK]
