"""Batches: find the scans of a run, work through them, and go on after an interruption."""
