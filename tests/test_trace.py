"""Notes of the stages call a mark by the number under which people see it."""

import numpy as np

from postmark_id.trace import Trace

DOT = np.zeros((1, 1, 3), np.uint8)


def test_outlines_get_their_names_once_it_is_known_which_are_marks():
    trace = Trace(with_pictures=True)
    trace.note("marks", "kept something")
    trace.note("dates", "reads nothing", outline=1)
    trace.note("dates", "reads 12.02.97", outline=0)
    trace.picture("4-line-1", DOT, outline=1)
    trace.picture("2-proposals", DOT)
    trace.name_outlines(["mark 1", "the round outline at 3, 4"])
    assert trace.notes == [
        ("marks", "kept something"),
        ("dates", "the round outline at 3, 4: reads nothing"),
        ("dates", "mark 1: reads 12.02.97"),
    ]
    assert [name for name, _ in trace.pictures] == ["4-the-round-outline-at-3,-4-line-1", "2-proposals"]


def test_each_side_names_its_own_outlines():
    trace = Trace()
    trace.note("dates", "reads 1996", outline=0)
    trace.picture("4-line-1", DOT, outline=0)
    trace.name_outlines(["mark 1"])
    trace.note("dates", "reads 1997", outline=0)
    trace.name_outlines(["mark 2"])
    assert trace.notes == [("dates", "mark 1: reads 1996"), ("dates", "mark 2: reads 1997")]
    assert trace.pictures == []
