"""Identify the station seals and board postmarks of flown space covers."""

__version__ = "0.1.0"
