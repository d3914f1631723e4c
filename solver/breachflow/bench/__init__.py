"""What the program costs on this machine: limits, throughput, time to answer, memory, start-up; and whether
that has changed. Every figure is a `Measurement`; the tables and the comparison are made of them alone.
"""
