"""Marks: propose, fit and identify the seals and postmarks of a cover."""
