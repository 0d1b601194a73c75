"""Ink: even out the paper and separate the inks by colour."""
