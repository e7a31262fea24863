#!/usr/bin/env python3
"""Trains models with XGBoost, LightGBM and CatBoost, makes ONNX models, and compares every target with them, bit for bit.

    trainers_oracle.py [--reduced] [--seed N] [--only TEXT]

Makes one virtual environment under .build/oracles (requirements.txt: pinned, from PyPI), trains models in it (*_models.py), and
compares scores and leaves of random rows, of rows at thresholds and of odd ones: `petrify score` of every form in which the model
was saved, `petrify compare` between those forms, C++ (g++ -O2), C, Python, and Swift for some. Then it runs what else needs that
environment: exchange.py (what XGBoost, LightGBM, databases and correctionlib make of petrify's output) and onnx_output.py.
The seed is the day's; a failure is repeated with --seed.
--reduced is what CI runs: fewer models and rows. What cannot be installed or compiled is a failure, never a skip.
PETRIFY names the command. Needs nothing but the standard library, and g++, gcc and swiftc.
"""
import os, shutil, subprocess, sys

import oracle
from oracle import BUILD, HERE

TRAINERS = ["xgboost", "lightgbm", "catboost", "onnx"]
# Compiled with swiftc, which takes long: one of each trainer, without --reduced every fifth besides.
SWIFT = {("xgboost", "softprob"), ("lightgbm", "linear_missing"), ("catboost", "poisson"), ("onnx", "hand_modes")}
OTHERS = ["exchange.py", "onnx_output.py"]


def train(python, trainer, options):
    """Trains the models; their folders."""
    folder = BUILD / "models" / trainer
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{trainer}: ", end="", flush=True)
    print(oracle.run([python, HERE / f"{trainer}_models.py", folder, "--seed", options.seed, "--rows", 2000 if options.reduced else 10000,
                      "--only", options.only, *(["--reduced"] if options.reduced else [])]).strip(), flush=True)
    return sorted(folder.iterdir())


def main():
    options = oracle.options(__doc__)
    failures, cases = 0, []
    python = oracle.virtual_environment("trainers", sys.executable, "--no-deps", "-r", HERE / "requirements.txt")
    for trainer in TRAINERS:
        try:
            found = train(python, trainer, options)
            if not found and not options.only:
                raise RuntimeError("no models")
            cases += found
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            failures += 1
            print(f"FALLS SHORT {trainer}, training: {error}", flush=True)

    def languages(case):
        chosen = (case.parent.name, case.name) in SWIFT or not options.reduced and cases.index(case) % 5 == 0
        return ["cpp", "c", "python"] + ["swift"] * chosen

    code = oracle.compare(cases, languages, failures,
                          f"Tests/oracles/trainers_oracle.py --seed {options.seed}{' --reduced' * options.reduced}")
    for script in OTHERS if not options.only else []:
        if (HERE / script).exists():
            print(f"{script}:", flush=True)
            code |= subprocess.run([python, HERE / script, os.environ["PETRIFY"]]).returncode != 0
    return code


if __name__ == "__main__":
    sys.exit(main())
