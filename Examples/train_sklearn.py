#!/usr/bin/env python3
"""Trains the two scikit-learn examples and writes their models, events and scores.

    python Examples/train_sklearn.py          (scikit-learn 1.9.1 wrote what lies in Examples/)

    sklearn_classification/   GradientBoostingClassifier, one signal event in seven
    sklearn_regression/       HistGradientBoostingRegressor with missing values

Each folder gets `*.json.gz` (by dump_sklearn.py), `events.csv` and `original_scores.csv`: what scikit-learn
itself says for these events, with 17 digits, which is exact. Every fourth event has one input on a threshold
of the model, or on the next number below or above: there a score goes wrong first.

The events are synthetic, from fixed seeds.
"""

import math
import os
import pathlib
import sys

# numpy brings its own exp and log for AVX-512, which differ from the C library's in the last bit; and sums over
# threads have no fixed order. Both are read when numpy is loaded, hence the second start.
SETTINGS = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",  # the names in numpy 2.4 and later
    "OMP_NUM_THREADS": "1",
}
if any(os.environ.get(name) != value for name, value in SETTINGS.items()):
    os.environ.update(SETTINGS)
    os.execv(sys.executable, [sys.executable, *sys.argv])

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingRegressor

from dump_sklearn import dump

HERE = pathlib.Path(__file__).resolve().parent
ROWS = 400


def dijet(random, signal):
    """Two jets and missing energy: a resonance at 125 GeV where `signal`, a falling spectrum elsewhere."""
    count = len(signal)
    true_mass = np.where(signal, random.normal(125.0, 4.0, count), 40.0 + random.exponential(70.0, count))
    lead_pt = 25.0 + random.exponential(0.35 * true_mass)
    sublead_pt = lead_pt * random.uniform(0.3, 1.0, count)
    deta = np.abs(random.normal(0.0, np.where(signal, 1.1, 1.7)))
    dphi = np.pi - np.abs(random.normal(0.0, 0.6, count))
    mjj = true_mass * random.normal(1.0, 0.12, count)
    met = random.exponential(np.where(signal, 22.0, 30.0))
    inputs = dict(lead_pt=lead_pt, sublead_pt=sublead_pt, deta=deta, dphi=dphi, mjj=mjj, met=met)
    return inputs, true_mass


def classification():
    random = np.random.default_rng(20261)
    signal = random.random(4000 + ROWS) < 1 / 7
    inputs, _ = dijet(random, signal)
    x, y = np.column_stack(list(inputs.values())), signal.astype(int)
    model = GradientBoostingClassifier(n_estimators=60, max_depth=3, subsample=0.7, random_state=1)
    model.fit(x[ROWS:], y[ROWS:])
    trees = [stage[0].tree_ for stage in model.estimators_]
    cuts = [(f, t) for tree in trees for f, t in zip(tree.feature, tree.threshold) if f >= 0]
    events = with_cuts(random, x[:ROWS], cuts)
    raw, proba = model.decision_function(events), model.predict_proba(events)
    scores = {"raw": raw, "proba_0": proba[:, 0], "proba_1": proba[:, 1],
              "label": np.searchsorted(model.classes_, model.predict(events))}
    write("sklearn_classification", "gb_classifier.json.gz", model, inputs, events, scores)


def regression():
    """The true mass, from the jets; the third jet is often not there, and some events have no missing energy."""
    random = np.random.default_rng(20262)
    inputs, true_mass = dijet(random, random.random(4000 + ROWS) < 0.3)
    count = len(true_mass)
    third_pt = inputs["sublead_pt"] * random.uniform(0.1, 1.0, count)
    inputs["mjj"] -= 0.4 * np.where(third_pt > 30.0, third_pt, 0.0)
    inputs["third_pt"] = np.where(third_pt > 20.0, third_pt, np.nan)
    inputs["met"] = np.where(random.random(count) < 0.05, np.nan, inputs["met"])
    x = np.column_stack(list(inputs.values()))
    model = HistGradientBoostingRegressor(max_iter=60, max_leaf_nodes=15, random_state=1)
    model.fit(x[ROWS:], true_mass[ROWS:])
    nodes = [node for stage in model._predictors for node in stage[0].nodes if not node["is_leaf"]]
    cuts = [(node["feature_idx"], node["num_threshold"]) for node in nodes]
    events = with_cuts(random, x[:ROWS], cuts)
    value = model.predict(events)  # of the squared error, raw and value are the same
    write("sklearn_regression", "hgb_regressor.json.gz", model, inputs, events, {"raw": value, "value": value})


def with_cuts(random, events, cuts):
    """`events`, with one input of every fourth moved onto a threshold, or to the next number below or above."""
    events = events.copy()
    for row in range(3, len(events), 4):
        feature, threshold = cuts[random.integers(len(cuts))]
        towards = (-math.inf, threshold, math.inf)[row // 4 % 3]
        events[row, feature] = np.nextafter(threshold, towards)
    return events


def write(folder, name, model, inputs, events, scores):
    # What fit would have set, had it been given a data frame.
    model.feature_names_in_ = np.array(list(inputs), dtype=object)
    folder = HERE / folder
    folder.mkdir(exist_ok=True)
    dump(model, str(folder / name))
    table(folder / "events.csv", list(inputs), events, repr)
    table(folder / "original_scores.csv", list(scores), np.column_stack(list(scores.values())), "{:.17g}".format)


def table(path, header, rows, text):
    lines = [",".join(header)] + [",".join(text(float(number)) for number in row) for row in rows]
    path.write_text("\n".join(lines) + "\n")


def main():
    probe = np.random.default_rng(1).uniform(-30.0, 5.0, 10000)
    if any(a != math.exp(x) for a, x in zip(np.exp(probe), probe)):
        sys.exit("numpy's exp is not the C library's here: this numpy has other names for the CPU features to disable")
    classification()
    regression()


if __name__ == "__main__":
    main()
