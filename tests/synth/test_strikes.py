"""Wear of a strike: bounded, seeded, and worse with difficulty."""

from __future__ import annotations

from dataclasses import asdict

import cv2
import numpy as np
import pytest

from postmark_id.synth.strikes import Wear, noise, strike


@pytest.fixture
def ring():
    mask = np.zeros((260, 260), np.uint8)
    cv2.circle(mask, (130, 130), 110, 255, 5, cv2.LINE_AA)
    cv2.putText(mask, "1997", (60, 145), cv2.FONT_HERSHEY_SIMPLEX, 2.0, 255, 5, cv2.LINE_AA)
    return mask.astype(np.float32) / 255


def agreement(a, b):
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def test_a_strike_is_a_density(ring):
    for seed in range(6):
        worn = strike(ring, seed / 5, np.random.default_rng(seed))
        assert worn.shape == ring.shape
        assert worn.dtype == np.float32
        assert 0.0 <= worn.min() <= worn.max() <= 1.0


def test_the_same_seed_gives_the_same_strike(ring):
    one, two = (strike(ring, 0.6, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, strike(ring, 0.6, np.random.default_rng(6)))


def test_the_mask_given_is_left_alone(ring):
    before = ring.copy()
    strike(ring, 0.9, np.random.default_rng(1))
    assert np.array_equal(ring, before)


def test_strikes_agree_less_with_the_drawing_as_difficulty_grows(ring):
    means = [
        np.mean([agreement(ring, strike(ring, d, np.random.default_rng(s))) for s in range(24)])
        for d in (0.1, 0.45, 0.9)
    ]
    assert means[0] > means[1] > means[2]
    assert means[0] > 0.85


def severity(wear):
    faults = asdict(wear)
    return 1 - faults.pop("strength") + sum(abs(v) for v in faults.values())


def test_wear_grows_with_difficulty():
    means = [np.mean([severity(Wear.at(d, np.random.default_rng(s))) for s in range(60)]) for d in (0.0, 0.3, 0.6, 1.0)]
    assert means == sorted(means)


def test_a_clean_strike_covers_the_drawing_and_nothing_else(ring):
    worn = strike(ring, Wear(), np.random.default_rng(1))
    assert worn[ring > 0.9].mean() > 0.8
    assert worn[cv2.dilate(ring, np.ones((15, 15))) < 0.01].max() < 0.05


@pytest.mark.parametrize("fault", ["missing", "dropout", "breaks", "side"])
def test_faults_take_ink_away(ring, fault):
    clean = strike(ring, Wear(), np.random.default_rng(3)).sum()
    worn = np.mean([strike(ring, Wear(**{fault: 0.9}), np.random.default_rng(s)).sum() for s in range(5)])
    assert worn < 0.95 * clean


@pytest.mark.parametrize("fault", ["doubling", "smear", "blots"])
def test_faults_put_ink_where_none_belongs(ring, fault):
    around = ring < 0.01
    clean = strike(ring, Wear(), np.random.default_rng(3))[around].sum()
    worn = np.mean([strike(ring, Wear(**{fault: 1.0}), np.random.default_rng(s))[around].sum() for s in range(5)])
    assert worn > 1.2 * clean


def test_a_small_strip_can_be_struck():
    strip = np.zeros((24, 120), np.float32)
    strip[8:16, 10:110] = 1.0
    assert strike(strip, 0.5, np.random.default_rng(2), scale=8.0).shape == (24, 120)


def test_noise_has_the_shape_asked_for():
    for cell in (0.5, 1.0, 7.3, 50.0, 900.0):
        field = noise((61, 47), cell, np.random.default_rng(1))
        assert field.shape == (61, 47)
        assert field.dtype == np.float32
        assert np.isfinite(field).all()
