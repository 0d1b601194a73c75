"""Scans: the only room that opens image files; gives upright RGB with its resolution."""

from postmark_id.scan.load import load, load_bytes
from postmark_id.scan.source import read

__all__ = ["load", "load_bytes", "read"]
