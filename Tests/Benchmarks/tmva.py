"""TMVA: no package brings a Reader, so its figures come from elsewhere, carried over by a walk that was measured in both places.

A TMVA 4.2.1 was built once, on another day; what its Reader took there, and what the plain walk of `programs/walk.cpp` took there
on small forests like ours, stands below. The walk here over the walk there, as a geometric mean over the forests measured in
this run, is the factor between the two machines.
"""

import gzip
import json
import math
import os
import statistics
import subprocess

import numpy

import programs

# Nanoseconds an event there: the Reader (best of 3 to 5), and the walk, one event a call.
READER = {
    "cls_ada_default": ("AdaBoost, 200 trees, 1796 nodes", 12540),
    "cls_grad": ("Grad, 150 trees, 1644 nodes", 9867),
    "reg_grad": ("Grad regression, 150 trees, 1950 nodes", 10262),
    "cls_prune_cc": ("AdaBoost pruned, 60 trees, 1714 nodes", 3655),
}
# Only forests that are about as large as these: larger ones tell how busy the caches are.
WALK_THERE = {"xgb_100x4": 767, "sk_gb_100x4": 715}
ROWS = 100_000
FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Fixtures/tmva")


def events(cache, key):
    """The fixture's ordinary rows drawn at random, with noise, so that no processor learns their branches."""
    path = os.path.join(cache, "models", key + ".events.npy")
    with gzip.open(os.path.join(FIXTURES, key, "events.csv.gz"), "rt") as file:
        rows = numpy.genfromtxt(file, delimiter=",", skip_header=1)
    sane = rows[numpy.isfinite(rows).all(axis=1)]
    middle = numpy.median(sane, axis=0)
    spread = numpy.median(numpy.abs(sane - middle), axis=0)
    # Fixtures hold hostile rows as well.
    sane = sane[(numpy.abs(sane - middle) <= 20 * spread + 1e-6).all(axis=1)]
    random = numpy.random.default_rng(4)
    drawn = sane[random.integers(len(sane), size=ROWS)] + 0.2 * spread * random.normal(size=(ROWS, rows.shape[1]))
    numpy.save(path, drawn.astype(numpy.float32).astype(numpy.float64))
    return path


def named(path, key):
    """As CSV with the header of the fixture, since TMVA's inputs have names."""
    target = path.replace(".npy", ".csv")
    with gzip.open(os.path.join(FIXTURES, key, "events.csv.gz"), "rt") as file:
        header = file.readline()
    with open(target, "w") as file:
        file.write(header)
        numpy.savetxt(file, numpy.load(path), delimiter=",", fmt="%.17g")
    return target


def measure(arguments, say):
    models, times = {}, {key: {"evaluator": [], "cpp": []} for key in READER}
    for key in READER:
        models[key] = named(events(arguments.cache, key), key)
    for number in range(arguments.rounds):
        say("TMVA: round %d of %d" % (number + 1, arguments.rounds))
        for key, data in models.items():
            done = subprocess.run(
                [arguments.petrify, "bench", os.path.join(FIXTURES, key, "weights.xml.gz"), "--data", data, "--rows", str(ROWS),
                 "--threads", "1", "--rounds", "1", "--to", "evaluator,cpp", "--json"],
                capture_output=True, text=True)
            if done.returncode != 0:
                raise programs.Refusal("petrify bench: " + done.stderr.strip()[-300:])
            for target in json.loads(done.stdout)["targets"]:
                times[key][target["target"]].append({way: target[way + "_ns"]["median"] for way in ("single", "batch")})
    return {
        key: {
            "title": READER[key][0],
            "reader_there": READER[key][1],
            "median": {
                target: {way: statistics.median(one[way] for one in rounds) for way in ("single", "batch")}
                for target, rounds in by_target.items()
            },
        }
        for key, by_target in times.items()
    }


def factor(report):
    """This machine's time for what took 1 there, and from which forests that is known."""
    ratios = {}
    for key, there in WALK_THERE.items():
        walk = report["shapes"].get(key, {}).get("results", {}).get("plain walk")
        if walk:
            ratios[key] = walk["median"]["single"] / there
    if not ratios:
        return None, []
    return math.exp(statistics.mean(math.log(ratio) for ratio in ratios.values())), sorted(ratios)
