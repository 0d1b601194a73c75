"""Evaluate: how good are the results, measured against labels, and what changed between two runs.

`truth` reads labels, `results` reads results of the contract, `measure` judges pairs of both and says what is counted,
`scores` sums up, `report` shows the sums, `drift` compares two runs and `run` runs the pipeline over labelled pictures.
All but `run` are pure functions on frozen dataclasses.
"""

from postmark_id.evaluate.drift import Change, Drift, drift
from postmark_id.evaluate.measure import judge, score
from postmark_id.evaluate.report import to_json, to_text
from postmark_id.evaluate.results import read_results, report_from_json
from postmark_id.evaluate.scores import Detection, Measures, Scores, Tally
from postmark_id.evaluate.truth import Truth, read_labels, truth_from_json

__all__ = [
    "Change",
    "Detection",
    "Drift",
    "Measures",
    "Scores",
    "Tally",
    "Truth",
    "drift",
    "judge",
    "read_labels",
    "read_results",
    "report_from_json",
    "score",
    "to_json",
    "to_text",
    "truth_from_json",
]
