"""Evaluate: compare results with labels."""
