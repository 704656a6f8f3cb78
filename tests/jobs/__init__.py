"""Tests of the worker and of what arrives by mail."""
