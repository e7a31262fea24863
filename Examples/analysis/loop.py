"""An analysis loop in Python: read events, score them by name, count what passes a working point.

PYTHONPATH=Generated/classification python3 Examples/analysis/loop.py < Examples/classification/events.csv
"""
import csv
import sys

import bdt_classification as bdt

events = selected = 0
for row in csv.DictReader(sys.stdin):
    event = bdt.Inputs(**{name: float(value) for name, value in row.items()})
    events += 1
    selected += bdt.evaluate(event).score > 0.5
print(f"{selected} of {events} events pass score > 0.5; self-test: {bdt.self_test()} failures")
