"""Tests of the pure core, by table and by property against slow, obvious oracles; no fixtures."""
