"""Tests of what operators use: commands, readiness, logs, headers."""
