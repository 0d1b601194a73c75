"""The say of three networks adds up; nothing is sure by one of them alone."""

from dataclasses import replace

import pytest

from postmark_id.marks.found import SHAPES, measures, shares
from postmark_id.marks.propose import Proposal
from postmark_id.models import Shape
from postmark_id.settings import FoundWeights

WEIGHTS = FoundWeights()
SEEN = {Shape.OTHER: 0.1, Shape.PENTAGON: 0.0, Shape.OCTAGON: 0.7, Shape.CIRCLE: 0.2}
AROUND = {Shape.OTHER: 0.04, Shape.PENTAGON: 0.01, Shape.OCTAGON: 0.9, Shape.CIRCLE: 0.05}
NOTHING = {Shape.OTHER: 0.97, Shape.PENTAGON: 0.01, Shape.OCTAGON: 0.01, Shape.CIRCLE: 0.01}
PROPOSAL = Proposal(Shape.OCTAGON, (300.0, 300.0), 80.0, 0.0, 0.5, rivals=((Shape.CIRCLE, 0.3),), seen=SEEN)


def test_shares_add_up_to_one_and_the_likeliest_shape_leads() -> None:
    found = shares(PROPOSAL, AROUND, WEIGHTS)
    assert sum(found.values()) == pytest.approx(1.0)
    assert max(found, key=lambda shape: found[shape]) is Shape.OCTAGON


@pytest.mark.parametrize(
    ("worse", "around"),
    [
        (replace(PROPOSAL, score=0.1, rivals=()), AROUND),
        (replace(PROPOSAL, seen=NOTHING), AROUND),
        (PROPOSAL, NOTHING),
    ],
)
def test_every_network_has_a_say(worse: Proposal, around: dict[Shape, float]) -> None:
    assert shares(worse, around, WEIGHTS)[Shape.OCTAGON] < shares(PROPOSAL, AROUND, WEIGHTS)[Shape.OCTAGON]


def test_a_proposing_network_that_wavers_between_shapes_is_still_sure_of_a_mark() -> None:
    alone = replace(PROPOSAL, score=0.8, rivals=())
    said, wavered = (measures(one, AROUND, Shape.OCTAGON)["noticed"] for one in (alone, PROPOSAL))
    assert said == pytest.approx(wavered)


def test_without_a_close_look_the_ring_speaks_for_both() -> None:
    said = measures(replace(PROPOSAL, seen={}), AROUND, Shape.OCTAGON)
    assert said["seen"] == said["around"]


def test_no_network_is_quite_sure() -> None:
    certain = dict.fromkeys(SHAPES, 0.0) | {Shape.OTHER: 0.0, Shape.CIRCLE: 1.0}
    said = measures(replace(PROPOSAL, score=1.0, seen=certain), certain, Shape.CIRCLE)
    assert all(abs(measure) <= 7.0 for measure in said.values())


def test_every_measure_has_a_weight() -> None:
    assert set(measures(PROPOSAL, AROUND, Shape.CIRCLE)) == set(FoundWeights.__dataclass_fields__)


def test_of_two_shapes_that_are_both_far_likelier_than_no_mark_the_likelier_one_leads() -> None:
    sure = {Shape.OCTAGON: 0.99, Shape.CIRCLE: 0.01, Shape.PENTAGON: 0.0, Shape.OTHER: 1e-9}
    proposal = replace(PROPOSAL, shape=Shape.CIRCLE, seen=sure)
    found = shares(proposal, sure, WEIGHTS)
    assert found[Shape.OCTAGON] > 0.9
    assert found[Shape.CIRCLE] < 0.1
