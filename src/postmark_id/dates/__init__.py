"""Dates: cut upright strips, read them, and turn readings into scored candidates."""
