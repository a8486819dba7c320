"""Benchmarks: each prints its figure beside a yardstick from the same run."""
