"""What is made once and learned from often: the seeds that a command line asks for, and files of arrays."""

import argparse
from pathlib import Path

import cv2
import numpy as np


def asked(doc: str, count: int, seed: int) -> tuple[Path, range]:
    """The folder that a command line names, made where it is missing, and the seeds; from now on on one thread.

    Parameters
    ----------
    doc : str
        What the command does.
    count, seed : int
        How many seeds, and the first, where the command line doesn't say.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--seed", type=int, default=seed)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    given.out.mkdir(parents=True, exist_ok=True)
    return given.out, range(given.seed, given.seed + given.count)


def in_a_row(date: dict | None) -> bool:
    """Whether a labelled date can be read, and in one row: a strip that is cut from it shows it whole."""
    return date is not None and date["legible"] and date.get("rows", 1) == 1


def write(path: Path, **arrays: np.ndarray) -> None:
    """A file of arrays, whole or not at all: training reads the folder meanwhile."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez_compressed(file, **arrays)
    part.rename(path)
