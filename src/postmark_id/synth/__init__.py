"""Synth: render covers with known truth."""
