"""Benchmarks: limits of the machine, throughput, time to a solution, memory, start-up; comparisons.

Every figure is a `Measurement`. Tables and comparisons are made from measurements alone.
"""
