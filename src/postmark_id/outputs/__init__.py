"""Outputs: JSON, CSV, pictures and pages; every file is written whole or not at all."""
