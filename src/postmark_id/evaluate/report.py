"""Scores shown: a JSON document for programs, and tables of plain text for people.

The tables have a column for all covers and one for each difficulty. Behind a share stands what it is a share
of: 3 of 4 and 750 of 1000 are not the same finding.
"""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from postmark_id.evaluate.scores import Detection, Measures, Scores, Tally, rate
from postmark_id.models import Outcome
from postmark_id.settings import EvaluateSettings

Row = tuple[str, Callable[[Measures], str]]


def to_json(scores: Scores, settings: EvaluateSettings | None = None) -> dict[str, Any]:
    """Scores as plain dicts and lists, ready for `json.dumps`; a rate of nothing is None."""
    settings = settings or EvaluateSettings()
    return {
        "overall": _measures_json(scores.overall, settings),
        "by_difficulty": {name: _measures_json(m, settings) for name, m in scores.by_difficulty},
    }


def _measures_json(m: Measures, settings: EvaluateSettings) -> dict[str, Any]:
    flights = asdict(m.flights)
    wrong = flights.pop("wrong")
    return {
        "covers": m.covers,
        "errors": list(m.errors),
        "seals": _detection_json(m.seals, settings) | {"false_per_cover": _rounded(rate(m.seals.false, m.covers))},
        "seal_stations": _tally_json(m.seal_stations),
        "legible_seal_stations": _tally_json(m.legible_seal_stations),
        "round_marks": _detection_json(m.round_marks, settings),
        "board_postmarks": _detection_json(m.board_postmarks, settings),
        "board_or_ground": _tally_json(m.board_or_ground),
        "negatives": {
            "covers": m.negatives,
            "clean": m.negatives_clean,
            "share_clean": _rounded(rate(m.negatives_clean, m.negatives)),
            "false_seals": m.negatives_false_seals,
            "false_seals_per_cover": _rounded(rate(m.negatives_false_seals, m.negatives)),
        },
        "dates": asdict(m.dates)
        | {
            "recall": _rounded(m.dates.recall),
            "candidate_recall": _rounded(m.dates.candidate_recall),
            "precision": _rounded(m.dates.precision),
            "false_per_cover": _rounded(rate(m.dates.false, m.covers)),
            "ground_recall": _rounded(m.dates.ground_recall),
        },
        "flights": flights
        | {
            "top1_share": _rounded(rate(m.flights.top1, m.flights.covers)),
            "top3_share": _rounded(rate(m.flights.top3, m.flights.covers)),
            "identified_wrong": len(wrong),
            "identified_wrong_files": list(wrong),
        },
        "outcomes": {f"{label} -> {found}": n for (label, found), n in sorted(Counter(m.outcomes).items())},
        "reliability": reliability(m, settings),
        "mean_seconds": {stage: round(seconds, 4) for stage, seconds in m.mean_timings.items()},
    }


def _detection_json(d: Detection, settings: EvaluateSettings) -> dict[str, Any]:
    return {
        "hits": d.hits,
        "false": d.false,
        "missed": d.missed,
        "precision": _rounded(d.precision),
        "recall": _rounded(d.recall),
        "f1": _rounded(d.f1),
        "mean_iou": _rounded(d.mean_iou),
        "median_iou": _rounded(d.median_iou),
        "median_rotation_error": _rounded(d.median_rotation_error),
        "share_upright": _rounded(d.share_upright(settings.upright_within)),
        "mean_rotation_error": _rounded(statistics.fmean(d.rotation_errors) if d.rotation_errors else None),
    }


def _tally_json(t: Tally) -> dict[str, Any]:
    return asdict(t) | {"share_right": _rounded(t.share_right)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def reliability(m: Measures, settings: EvaluateSettings) -> list[dict[str, Any]]:
    """Compare scores of dates with the share that is right, in bins; empty bins are left out.

    Where both agree in every bin that has many dates, the score may be called a probability.
    """
    edges = (0.0, *settings.score_edges, 1.0)
    bins = []
    for low, high in itertools.pairwise(edges):
        last = high == edges[-1]
        inside = [(s, right) for s, right in m.date_scores if low <= s and (s < high or last)]
        if inside:
            bins.append(
                {
                    "from": low,
                    "to": high,
                    "dates": len(inside),
                    "mean_score": round(statistics.fmean(s for s, _ in inside), 4),
                    "share_right": round(statistics.fmean(right for _, right in inside), 4),
                }
            )
    return bins


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} {part}/{whole}" if whole else "-"


def _number(value: float | None, digits: int = 2, unit: str = "") -> str:
    return "-" if value is None else f"{value:.{digits}f}{unit}"


def _detection_rows(name: str, of: Callable[[Measures], Detection]) -> list[Row]:
    return [
        (name, lambda _: ""),
        ("  precision", lambda m: _share(of(m).hits, of(m).hits + of(m).false)),
        ("  recall", lambda m: _share(of(m).hits, of(m).hits + of(m).missed)),
        ("  F1", lambda m: _number(of(m).f1, 3)),
        ("  IoU mean, median", lambda m: f"{_number(of(m).mean_iou)}, {_number(of(m).median_iou)}"),
    ]


def _tally_row(name: str, of: Callable[[Measures], Tally]) -> Row:
    def cell(m: Measures) -> str:
        tally = of(m)
        return f"{_share(tally.right, tally.count)} ({tally.wrong} wrong)" if tally.count else "-"

    return name, cell


def _upright_row(of: Callable[[Measures], Detection], within: float) -> Row:
    def cell(m: Measures) -> str:
        errors = of(m).reading_errors
        return _share(sum(error <= within for error in errors), len(errors))

    return f"  upright to {within:g} deg", cell


def _rows(settings: EvaluateSettings) -> list[Row]:
    within = settings.upright_within
    return [
        ("covers (errors)", lambda m: f"{m.covers} ({len(m.errors)})"),
        *_detection_rows("seals (pentagon, octagon)", lambda m: m.seals),
        ("  rotation error, median", lambda m: _number(m.seals.median_rotation_error, 1, " deg")),
        _upright_row(lambda m: m.seals, within),
        _tally_row("  station right", lambda m: m.seal_stations),
        _tally_row("  station right where legible", lambda m: m.legible_seal_stations),
        ("  false seals a cover", lambda m: _number(rate(m.seals.false, m.covers), 3)),
        *_detection_rows("round board postmarks", lambda m: m.board_postmarks),
        *_detection_rows("all round marks", lambda m: m.round_marks),
        _upright_row(lambda m: m.round_marks, within),
        _tally_row("  board or ground right", lambda m: m.board_or_ground),
        ("on-board dates", lambda _: ""),
        ("  read exactly", lambda m: _share(m.dates.read, m.dates.legible)),
        ("  among the candidates", lambda m: _share(m.dates.among_candidates, m.dates.legible)),
        ("  false dates a cover", lambda m: _number(rate(m.dates.false, m.covers), 3)),
        ("  false (from a ground cancel)", lambda m: f"{m.dates.false} ({m.dates.false_from_ground})"),
        ("  ground dates read", lambda m: _share(m.dates.ground_read, m.dates.ground_legible)),
        ("flights", lambda _: ""),
        ("  all named first", lambda m: _share(m.flights.top1, m.flights.covers)),
        ("  with the right event", lambda m: _share(m.flights.events_right, m.flights.covers)),
        ("  all in the first three", lambda m: _share(m.flights.top3, m.flights.covers)),
        ("  wrong among identified", lambda m: f"{len(m.flights.wrong)}/{m.flights.identified}"),
        ("covers without on-board marks", lambda _: ""),
        ("  nothing claimed", lambda m: _share(m.negatives_clean, m.negatives)),
        ("  false seals a cover", lambda m: _number(rate(m.negatives_false_seals, m.negatives), 3)),
    ]


def to_text(scores: Scores, settings: EvaluateSettings | None = None) -> str:
    """Scores as tables of plain text."""
    settings = settings or EvaluateSettings()
    columns = [("all", scores.overall), *scores.by_difficulty]
    if len(columns) == 2:
        columns = columns[:1]
    table = [["difficulty", *(name for name, _ in columns)]]
    table += [[name, *(cell(m) for _, m in columns)] for name, cell in _rows(settings)]
    parts = [_table(table), _outcome_table(scores.overall), _reliability_table(scores.overall, settings)]
    parts.append(_time_table(scores.overall))
    parts.append(_files("wrong among identified", scores.overall.flights.wrong))
    parts.append(_files("errors", scores.overall.errors))
    return "\n".join(part for part in parts if part)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Left-aligned columns, the first row underlined."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(lines) + "\n"


def _outcome_table(m: Measures) -> str:
    counts = Counter(m.outcomes)
    found = [o.value for o in Outcome if any(pair[1] == o for pair in counts)]
    there = [o.value for o in Outcome if any(pair[0] == o for pair in counts)]
    rows = [["label \\ result", *found]]
    rows += [[label, *(str(counts[label, result] or ".") for result in found)] for label in there]
    return _table(rows) if there else ""


def _reliability_table(m: Measures, settings: EvaluateSettings) -> str:
    rows = [["score of a date", "dates", "mean score", "share right"]]
    rows += [
        [
            f"{b['from']:g}-{b['to']:g}",
            str(b["dates"]),
            f"{b['mean_score']:.3f}",
            f"{b['share_right']:.3f}",
        ]
        for b in reliability(m, settings)
    ]
    return _table(rows) if len(rows) > 1 else ""


def _time_table(m: Measures) -> str:
    rows = [["stage", "mean ms"]]
    rows += [[stage, f"{1000 * seconds:.0f}"] for stage, seconds in m.mean_timings.items()]
    return _table(rows) if len(rows) > 1 else ""


def _files(title: str, files: Sequence[str]) -> str:
    return "\n".join([f"{title}:", *(f"  {file}" for file in files)]) + "\n" if files else ""
