"""Tests of the schema: up, down, and true to the models."""
