"""A second scan of a cover is noticed, and covers that are merely alike are not taken for one."""

import json

import cv2
import numpy as np
import pytest
from examiner_doubles import DoubleRecipe
from PIL import Image

from postmark_id.batch.discover import discover
from postmark_id.batch.looks import SAME_LOOK, SIZE, first_alike, look
from postmark_id.batch.run import run
from postmark_id.batch.store import open_store
from postmark_id.batch.twins import Seen, find_twins


def cover(seed, size=(600, 330)):
    """Paper with a few printed things on it, as wide and high as an envelope."""
    random = np.random.default_rng(seed)
    page = np.full((size[1], size[0], 3), 225, np.uint8)
    for _ in range(6):
        colour = random.integers(20, 200, 3).tolist()
        x, y = random.integers(0, size[0] - 100), random.integers(0, size[1] - 100)
        cv2.rectangle(page, (int(x), int(y)), (int(x) + 90, int(y) + 70), colour, -1)
        cv2.circle(page, (int(random.integers(60, 540)), int(random.integers(60, 270))), 40, colour, 4)
    return np.clip(page + random.normal(0, 3, page.shape), 0, 255).astype(np.uint8)


def apart(one, other):
    looks = np.frombuffer(look(one) + look(other), np.uint8).reshape(2, SIZE)
    return int(np.unpackbits(looks[0] ^ looks[1]).sum())


@pytest.mark.parametrize("seed", range(4))
def test_resolution_and_brightness_hardly_change_a_look_and_another_cover_does(seed):
    pixels = cover(seed)
    assert apart(pixels, cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)) <= SAME_LOOK
    assert apart(pixels, cv2.resize(pixels, None, fx=2, fy=2)) <= SAME_LOOK
    assert apart(pixels, np.clip(pixels * 1.05, 0, 255).astype(np.uint8)) <= SAME_LOOK
    assert apart(pixels, cover(seed + 100)) > 3 * SAME_LOOK
    assert apart(pixels, np.rot90(pixels, 2)) > 3 * SAME_LOOK


def test_a_blank_sheet_has_no_look():
    assert look(np.full((300, 500, 3), 240, np.uint8)) == b""


def test_the_first_one_that_is_near_enough_is_found_whatever_stands_between():
    random = np.random.default_rng(3)
    looks = random.integers(0, 256, (400, SIZE)).astype(np.uint8)
    looks[200] = looks[10]
    looks[300] = looks[10]
    looks[300, ::4] ^= 1  # 8 bits, one in each band
    looks[301] = looks[10]
    looks[301, :3] ^= 0xFF  # 24 bits
    looks[302] = looks[20]
    looks[302, 0] ^= 0x3F  # 6 bits
    looks[303] = looks[20]
    ratios = np.full(400, 1.8)
    ratios[303] = 1.5
    found = first_alike(looks, ratios)
    assert {one: first for one, first in enumerate(found.tolist()) if first >= 0} == {200: 10, 302: 20}
    assert len(first_alike(looks[:0], ratios[:0])) == 0


def test_many_scans_that_look_the_same_are_told_in_bounded_time():
    pages = [Seen((f"{k:05d}.png", 0), f"{k:064x}", 1.8, bytes(range(SIZE))) for k in range(3000)]
    twins = find_twins(pages)
    assert len(twins.same_look) == 2999
    assert set(twins.same_look.values()) == {"00000.png"}


def test_a_second_scan_of_a_cover_is_told_in_the_results_and_the_journal_is_left_alone(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    Image.fromarray(cover(1)).save(folder / "a.png")
    Image.fromarray(cover(1)).resize((300, 165), Image.Resampling.BOX).save(folder / "b.jpg", quality=70)
    Image.fromarray(cover(2)).save(folder / "c.png")
    (folder / "d.png").write_bytes((folder / "a.png").read_bytes())
    recipe = DoubleRecipe()

    class Silent:
        begin = step = say = lambda *_: None

    for _ in range(2):
        store = open_store(tmp_path / "run", recipe.fingerprint())
        summary = run(discover([folder])[0], store, recipe, Silent(), jobs=1)
        lines = [json.loads(line) for line in (tmp_path / "run" / "results.jsonl").read_bytes().splitlines()]
        assert {line["scan"]["path"]: [w["code"] for w in line["warnings"]] for line in lines} == {
            "a.png": [], "b.jpg": ["similar-scan"], "c.png": [], "d.png": ["duplicate-scan"],
        }  # fmt: skip
        assert summary.counts()["same_look"] == summary.counts()["same_file"] == 1
        assert not store.read("b.jpg")[0]["warnings"]
    assert summary.reused == 4
