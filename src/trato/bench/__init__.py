"""Benchmarks: each measures, in the same run, the limit below it."""
