"""Measures speed and memory on a throw-away database and writes docs/benchmarks.md."""
