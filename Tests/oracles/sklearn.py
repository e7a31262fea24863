#!/usr/bin/env python3
"""Trains models with scikit-learn, today's and an older one, and compares every target with it, bit for bit.

    sklearn.py [--reduced] [--seed N] [--only TEXT]

Makes virtual environments under .build/oracles (the newest scikit-learn of PyPI; 1.3.2, which has other rules, with the SciPy of
its time and, where that matters, with the newest), trains models in them (sklearn_models.py), and compares scores, probabilities,
labels and leaves of random rows and of rows at thresholds: `petrify score`, C++ (g++ -O2), Python, and Swift for a few models.
The seed is the day's; a failure is repeated with --seed.
--reduced is what CI runs: fewer models and rows. What cannot be installed or compiled is a failure, never a skip.
PETRIFY names the command. Needs nothing but the standard library (and, for 1.3.2, a Python between 3.8 and 3.12).
"""
import argparse, concurrent.futures, csv, datetime, io, os, pathlib, shutil, struct, subprocess, sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parents[1] / ".build" / "oracles"
OLDER = "1.3.2"
ENVIRONMENTS = {  # name: what pip installs
    "current": ["scikit-learn"],
    "older": [f"scikit-learn=={OLDER}", "numpy<2", "scipy<1.12"],
    "older_new_scipy": [f"scikit-learn=={OLDER}", "numpy<2", "scipy"],
}
# Gradient boosting alone leaves arithmetic to SciPy.
ONLY = {"older_new_scipy": "boosting"}
WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Werror".split()
SWIFT = {("current", "boosting_3"), ("current", "histogram_categories"), ("older", "ada_real")}
SWIFT_REDUCED = {("current", "boosting_3")}
NAME = "petrified"
# Reads events, writes the leaves by the emitted module.
LEAVES = f"""
import csv, sys
import {NAME}
rows = csv.reader(sys.stdin)
print(",".join("tree_%d" % i for i in range({NAME}.TREE_COUNT))) if next(rows) else None
for row in rows:
    print(",".join(map(str, {NAME}.leaves([float(x) for x in row]))))
"""


def run(command, stdin=None, **environment):
    done = subprocess.run([str(part) for part in command], input=stdin, capture_output=True, encoding="utf-8", errors="replace",
                          timeout=1800, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment})
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: exit {done.returncode}: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout


# --- Environments -----------------------------------------------------------------------------------

def python_for(name):
    """A Python that has wheels of that release."""
    if name == "current":
        return sys.executable
    probe = "import sys; sys.exit(not (3, 8) <= sys.version_info[:2] <= (3, 12))"
    for candidate in [sys.executable, *(f"python3.{minor}" for minor in range(12, 7, -1))]:
        try:
            run([candidate, "-c", probe])
            return candidate
        except (RuntimeError, OSError):
            continue
    raise RuntimeError(f"scikit-learn {OLDER} has wheels for Python 3.8 to 3.12 only; none of them is on the PATH")


def environment(name):
    """The environment's Python; what is there is brought up to date."""
    folder = BUILD / name
    python = folder / "bin" / "python3"
    if not python.exists():
        run([python_for(name), "-m", "venv", "--clear", folder])
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade", "--only-binary", ":all:",
         *ENVIRONMENTS[name]])
    return python


def train(name, options):
    """Trains the models; their folder."""
    python = environment(name)
    folder = BUILD / "models" / name
    shutil.rmtree(folder, ignore_errors=True)
    version = run([python, "-c", "from importlib.metadata import version; print(version('numpy'))"]).strip()
    # Their exp, log and power are not the C library's. numpy 2.4 gave the groups new names.
    newer = tuple(int(part) for part in version.split(".")[:2]) >= (2, 4)
    features = "X86_V4 AVX512_ICL AVX512_SPR" if newer else "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"
    command = [python, HERE / "sklearn_models.py", folder, "--seed", options.seed, "--rows", 2000 if options.reduced else 10000,
               "--only", options.only, "--only", ONLY.get(name, ""), *(["--reduced"] if options.reduced else [])]
    print(f"{name}: {run(command, NPY_DISABLE_CPU_FEATURES=features).strip()}", flush=True)
    return folder


# --- Comparison -------------------------------------------------------------------------------------

def bits(number):
    return "nan" if number != number else struct.pack(">d", number).hex()


def difference(case, expected, produced):
    """The first number that is not the very same one, or None. Columns must agree both ways."""
    expected, produced = (list(csv.reader(io.StringIO(text))) for text in (expected, produced))
    if sorted(expected[0]) != sorted(produced[0]):
        return f"columns {produced[0]}, expected {expected[0]}"
    if len(expected) != len(produced):
        return f"{len(produced) - 1} rows, expected {len(expected) - 1}"
    order = [produced[0].index(name) for name in expected[0]]
    first, count = None, 0
    for row in range(1, len(expected)):
        for column, other in enumerate(order):
            e, p = float(expected[row][column]), float(produced[row][other])
            if bits(e) != bits(p):
                count += 1
                first = first or (row, expected[0][column], e, p)
    if first is None:
        return None
    inputs = (case / "events.csv").read_text().splitlines()[first[0]]
    return f"row {first[0]} ({inputs}), {first[1]}: expected {first[2]!r}, got {first[3]!r} ({count} numbers differ)"


def produced(case, target):
    """What the target makes of the events, as CSV."""
    model = next(path for path in (case / "model.json", case / "model.json.gz") if path.exists())
    if target == "evaluator":
        return run([os.environ["PETRIFY"], "score", model, "--data", case / "events.csv"])
    events = (case / "events.csv").read_text()
    folder = case / target
    language = "python" if target == "leaves" else target
    run([os.environ["PETRIFY"], "convert", model, "--to", language, "-o", folder, "--name", NAME, "--driver"])
    if target == "python":
        return run([sys.executable, folder / f"{NAME}.py"], events)
    if target == "leaves":
        return run([sys.executable, "-c", LEAVES], events, PYTHONPATH=str(folder))
    if target == "cpp":
        run(["g++", "-std=c++17", "-O2", *WARNINGS, "-o", folder / "driver", folder / f"{NAME}_driver.cpp"])
    else:
        run(["swiftc", "-O", "-parse-as-library", "-o", folder / "driver", folder / f"{NAME}.swift",
             folder / f"{NAME}_driver.swift"])
    return run([folder / "driver"], events)


def check(job):
    case, target = job
    try:
        expected = (case / ("leaves.csv" if target == "leaves" else "scores.csv")).read_text()
        return difference(case, expected, produced(case, target))
    except (RuntimeError, OSError, ValueError, IndexError, StopIteration, subprocess.TimeoutExpired) as error:
        return f"{type(error).__name__}: {error}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reduced", action="store_true", help="fewer models and rows: what CI runs")
    parser.add_argument("--seed", type=int, help="default: the day, as 20260131")
    parser.add_argument("--only", default="", help="only models whose name holds this text")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = int(datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d"))
    print(f"seed {options.seed}", flush=True)
    passed = failed = 0
    jobs = []
    for name in ENVIRONMENTS:
        try:
            cases = sorted(train(name, options).iterdir())
            if not cases and not options.only:
                raise RuntimeError("no models")
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            failed += 1
            print(f"FALLS SHORT {name}, training: {error}", flush=True)
            continue
        for case in cases:
            jobs += [(case, target) for target in ("evaluator", "cpp", "python")]
            jobs += [(case, "leaves")] if (case / "leaves.csv").exists() else []
            chosen = SWIFT_REDUCED if options.reduced else SWIFT
            jobs += [(case, "swift")] if (name, case.name) in chosen else []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for (case, target), problem in zip(jobs, pool.map(check, jobs)):
            passed, failed = passed + (not problem), failed + bool(problem)
            if problem:
                print(f"FALLS SHORT {case.parent.name} {case.name} {target}: {problem}", flush=True)
    if not jobs and not failed:
        print(f"no model's name holds {options.only!r}")
    if failed:
        print(f"again: Tests/oracles/sklearn.py --seed {options.seed}{' --reduced' * options.reduced}")
    print(f"oracles: {passed} passed, {failed} failed")
    return 1 if failed or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
