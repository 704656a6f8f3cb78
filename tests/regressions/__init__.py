"""Mistakes that other systems make, each a test by its name."""
