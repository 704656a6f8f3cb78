"""Tests of the commands, locks, contracts and samples around the product."""
