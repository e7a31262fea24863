#!/usr/bin/env python3
"""Trains models with scikit-learn, today's and an older one, and compares every target with it, bit for bit.

    sklearn_oracle.py [--reduced] [--seed N] [--only TEXT]

Makes virtual environments under .build/oracles (the newest scikit-learn of PyPI; 1.3.2, which has other rules, with the SciPy of
its time and, where that matters, with the newest), trains models in them (sklearn_models.py), and compares scores, probabilities,
labels and leaves of random rows and of rows at thresholds: `petrify score`, C++ (g++ -O2), Python, and Swift for a few models.
The seed is the day's; a failure is repeated with --seed.
--reduced is what CI runs: fewer models and rows. What cannot be installed or compiled is a failure, never a skip.
PETRIFY names the command. Needs nothing but the standard library (and, for 1.3.2, a Python between 3.8 and 3.12).
"""
import pathlib, shutil, subprocess, sys

import oracle
from oracle import BUILD, HERE, run

OLDER = "1.3.2"
ENVIRONMENTS = {  # name: what pip installs
    "current": ["scikit-learn"],
    "older": [f"scikit-learn=={OLDER}", "numpy<2", "scipy<1.12"],
    "older_new_scipy": [f"scikit-learn=={OLDER}", "numpy<2", "scipy"],
}
# Gradient boosting alone leaves arithmetic to SciPy.
ONLY = {"older_new_scipy": "boosting"}
SWIFT = {("current", "boosting_3"), ("current", "histogram_categories"), ("older", "ada_real")}
SWIFT_REDUCED = {("current", "boosting_3")}


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


def train(name, options):
    """Trains the models; their folder."""
    python = oracle.virtual_environment(name, python_for(name), "--upgrade", *ENVIRONMENTS[name])
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


def main():
    options = oracle.options(__doc__)
    cases, failures = [], 0
    for name in ENVIRONMENTS:
        try:
            found = sorted(train(name, options).iterdir())
            if not found and not options.only:
                raise RuntimeError("no models")
            cases += found
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            failures += 1
            print(f"FALLS SHORT {name}, training: {error}", flush=True)
    chosen = SWIFT_REDUCED if options.reduced else SWIFT
    return oracle.compare(
        cases, lambda case: ["cpp", "c", "python"] + ["swift"] * ((case.parent.name, case.name) in chosen), failures,
        f"Tests/oracles/sklearn_oracle.py --seed {options.seed}{' --reduced' * options.reduced}")


if __name__ == "__main__":
    sys.exit(main())
