"""The say of both networks and of the ink adds up; nothing is sure by one of them alone."""

from dataclasses import replace

import pytest

from postmark_id.marks.found import SHAPES, found_score, highest_score, measures, sureness
from postmark_id.marks.propose import Proposal
from postmark_id.models import Shape
from postmark_id.settings import FoundWeights, Settings

MARKS = Settings().marks
PROPOSAL = Proposal(
    Shape.OCTAGON, (300.0, 300.0), 80.0, 0.0, 0.5, rivals=((Shape.CIRCLE, 0.3),),
    seen={Shape.OTHER: 0.1, Shape.PENTAGON: 0.0, Shape.OCTAGON: 0.7, Shape.CIRCLE: 0.2},
)  # fmt: skip


def score(proposal: Proposal, shape: Shape = Shape.OCTAGON, lead: float = 0.2) -> float:
    return found_score(sureness(proposal), shape, lead, MARKS)


def test_a_network_that_wavers_between_shapes_is_still_sure_of_a_mark() -> None:
    sure = sureness(PROPOSAL)
    assert sure.noticed == pytest.approx(0.5 + 0.3 + 0.05 * 0.5)
    assert sure.present == pytest.approx(0.9, abs=0.01)
    assert sum(sure.proposed.values()) == pytest.approx(1.0)
    assert max(sure.seen, key=lambda shape: sure.seen[shape]) is Shape.OCTAGON


def test_without_a_close_look_the_proposing_network_speaks_for_both() -> None:
    sure = sureness(replace(PROPOSAL, seen={}))
    assert (sure.present, sure.seen) == (sure.noticed, sure.proposed)


@pytest.mark.parametrize(
    "worse",
    [
        replace(PROPOSAL, score=0.2),
        replace(PROPOSAL, seen=PROPOSAL.seen | {Shape.OCTAGON: 0.1, Shape.OTHER: 0.7}),
    ],
)
def test_every_network_has_a_say(worse: Proposal) -> None:
    assert score(worse) < score(PROPOSAL)


def test_a_lead_on_the_ink_counts_within_limits() -> None:
    assert score(PROPOSAL, lead=-0.2) < score(PROPOSAL, lead=0.1) < score(PROPOSAL, lead=0.3)
    assert score(PROPOSAL, lead=0.5) == score(PROPOSAL, lead=0.9)


def test_no_fit_comes_to_more_than_was_foretold() -> None:
    for weak in (PROPOSAL, replace(PROPOSAL, score=0.1, rivals=()), replace(PROPOSAL, seen={})):
        highest = highest_score(sureness(weak), MARKS)
        assert all(score(weak, shape, lead) <= highest for shape in SHAPES for lead in (-0.5, 0.0, 0.3, 1.0))


def test_every_measure_has_a_weight() -> None:
    assert set(measures(sureness(PROPOSAL), Shape.CIRCLE, 0.0)) == set(FoundWeights.__dataclass_fields__)


def test_an_outline_that_a_rival_fits_better_is_not_believed() -> None:
    assert score(PROPOSAL, lead=-0.3) < 0.5 * score(PROPOSAL, lead=0.0)
