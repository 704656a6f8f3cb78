"""Tests of what the service says, without a request."""
