"""Benchmarks: ``python -m benchmarks`` prints ratios, all measured in one run."""
