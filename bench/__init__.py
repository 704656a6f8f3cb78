"""Benchmarks: each figure beside a floor measured in the same run, so that ratios hold on any machine."""
