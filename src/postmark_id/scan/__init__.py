"""Scans: the only room that opens image files; gives upright RGB with its resolution."""
