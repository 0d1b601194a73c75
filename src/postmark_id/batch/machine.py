"""How much of the machine a run may use."""

from __future__ import annotations

import math
import os
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")


def available_cores(cgroup: Path = CGROUP) -> int:
    """Cores that this process may use: by affinity, and by the quota of a container (cgroup 1 and 2).

    Parameters
    ----------
    cgroup : Path
        Where the control groups are mounted.
    """
    try:
        allowed = len(os.sched_getaffinity(0))
    except AttributeError:
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, math.ceil(_quota(cgroup))))


def _quota(cgroup: Path) -> float:
    try:
        quota, period = (cgroup / "cpu.max").read_text("ascii").split()
    except (OSError, ValueError):
        try:
            quota = (cgroup / "cpu" / "cpu.cfs_quota_us").read_text("ascii")
            period = (cgroup / "cpu" / "cpu.cfs_period_us").read_text("ascii")
        except (OSError, ValueError):
            return 1e6
    try:
        share = int(quota) / int(period)
    except (ValueError, ZeroDivisionError):
        return 1e6
    return share if share > 0 else 1e6
