"""The reference library: marks as folders with a mark.toml and pictures."""
