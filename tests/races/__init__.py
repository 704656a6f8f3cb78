"""Tests of what happens when many ask at once, or the server dies."""
