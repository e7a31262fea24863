"""What all oracles share: environments with trainers, cases, and their comparison with every target, bit for bit.

A case is a folder with model.* (the same model in one or several formats), events.csv, scores.csv (what the trainer says) and,
where the trainer numbers its leaves, leaves.csv. loose.json names columns whose last bits depend on the trainer's machine, with
how far off they may be. Only the standard library is needed.
"""
import argparse, concurrent.futures, csv, datetime, io, json, os, pathlib, struct, subprocess, sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parents[1] / ".build" / "oracles"
NAME = "petrified"
WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror".split()
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


def virtual_environment(name, base, *packages):
    """A virtual environment under .build, its Python; what is there already is brought to what is asked for."""
    folder = BUILD / name
    python = folder / "bin" / "python3"
    if not python.exists():
        run([base, "-m", "venv", "--clear", folder])
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", *packages])
    return python


def options(description, reduced="--reduced"):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(reduced, dest="reduced", action="store_true", help="fewer models and rows: what CI runs")
    parser.add_argument("--seed", type=int, help="default: the day, as 20260131")
    parser.add_argument("--only", default="", help="only models whose name holds this text")
    found = parser.parse_args()
    if found.seed is None:
        found.seed = int(datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d"))
    print(f"seed {found.seed}", flush=True)
    return found


# --- Comparison -------------------------------------------------------------------------------------

def bits(text):
    """A number's bits, any NaN the same."""
    number = float(text)
    return "nan" if number != number else struct.pack(">d", number).hex()


def difference(case, expected, produced):
    """The first number that is not the very same one, or None. Columns must agree both ways."""
    expected, produced = (list(csv.reader(io.StringIO(text))) for text in (expected, produced))
    if sorted(expected[0]) != sorted(produced[0]):
        return f"columns {produced[0]}, expected {expected[0]}"
    if len(expected) != len(produced):
        return f"{len(produced) - 1} rows, expected {len(expected) - 1}"
    order = [produced[0].index(name) for name in expected[0]]
    loose = json.loads((case / "loose.json").read_text()) if (case / "loose.json").exists() else {}
    first, count = None, 0
    for row in range(1, len(expected)):
        for column, other in enumerate(order):
            e, p = expected[row][column], produced[row][other]
            if e != p and bits(e) != bits(p) and not abs(float(e) - float(p)) <= loose.get(expected[0][column], -1):
                count += 1
                first = first or (row, expected[0][column], e, p)
    if first is None:
        return None
    inputs = (case / "events.csv").read_text().splitlines()[first[0]]
    return f"row {first[0]} ({inputs}), {first[1]}: expected {first[2]}, got {first[3]} ({count} numbers differ)"


def forms(case):
    """The model's files, the main one first."""
    found = [path for path in case.iterdir() if path.name.startswith("model.")]
    return sorted(found, key=lambda path: (path.suffix in (".ubj", ".cbm"), ".dump" in path.name, path.name))


def produced(case, target):
    """What the target makes of the events, as CSV."""
    petrify, model = os.environ["PETRIFY"], forms(case)[0]
    if target.startswith("model."):
        return run([petrify, "score", case / target, "--data", case / "events.csv"])
    events = (case / "events.csv").read_text()
    folder = case / target
    language = "python" if target == "leaves" else target
    run([petrify, "convert", model, "--to", language, "-o", folder, "--name", NAME, "--driver"])
    if target == "python":
        return run([sys.executable, folder / f"{NAME}.py"], events)
    if target == "leaves":
        return run([sys.executable, "-c", LEAVES], events, PYTHONPATH=str(folder))
    if target == "cpp":
        run(["g++", "-std=c++17", "-O2", *WARNINGS, "-Wold-style-cast", "-o", folder / "driver", folder / f"{NAME}_driver.cpp"])
    elif target == "c":
        run(["gcc", "-std=c99", "-O2", *WARNINGS, "-o", folder / "driver", folder / f"{NAME}_driver.c", "-lm"])
    else:
        run(["swiftc", "-O", "-parse-as-library", "-o", folder / "driver", folder / f"{NAME}.swift",
             folder / f"{NAME}_driver.swift"])
    return run([folder / "driver"], events)


def check(job):
    case, target = job
    try:
        if target.startswith("compare "):
            # All forms are the same function, and provably so.
            report = json.loads(run([os.environ["PETRIFY"], "compare", forms(case)[0], case / target.split()[1], "--json"]))
            return None if report["finding"] == "identical" else f"{report['finding']}: {report['parting'][:1]}"
        expected = (case / ("leaves.csv" if target == "leaves" else "scores.csv")).read_text()
        return difference(case, expected, produced(case, target))
    except (RuntimeError, OSError, ValueError, IndexError, StopIteration, subprocess.TimeoutExpired) as error:
        return f"{type(error).__name__}: {error}"


def compare(cases, languages, failures=0, again=""):
    """Plays every case against its targets and says what came of it; what the script exits with.

    languages: the languages for a case, by its folder. failures: what went wrong before.
    """
    jobs = []
    for case in cases:
        jobs += [(case, form.name) for form in forms(case)]
        jobs += [(case, f"compare {form.name}") for form in forms(case)[1:]]
        jobs += [(case, language) for language in languages(case)]
        jobs += [(case, "leaves")] if (case / "leaves.csv").exists() else []
    passed, failed = 0, failures
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for (case, target), problem in zip(jobs, pool.map(check, jobs)):
            passed, failed = passed + (not problem), failed + bool(problem)
            if problem:
                print(f"FALLS SHORT {case.parent.name} {case.name} {target}: {problem}", flush=True)
    if not jobs and not failed:
        print("no model has that name")
    if failed:
        print(f"again: {again}")
    print(f"oracles: {passed} passed, {failed} failed", flush=True)
    return 1 if failed or not jobs else 0
