#!/usr/bin/env python3
"""Plays emitted programs against the trainers' own scores, bit for bit.

    check.py [--all] [--only TEXT]

For each model in Tests/Fixtures: `petrify convert --driver`, compile, run on its events, compare every column by bit pattern
(NaN equals NaN). Without --all every model goes through C++ and C (GCC, -O2) and Python, and a chosen few, which between them
hold every feature of the format, through the other compilers and Swift as well. A missing compiler is a failure, never a skip.
PETRIFY names the command. Standard library only.
"""
import argparse, concurrent.futures, csv, gzip, io, os, pathlib, shutil, struct, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests" / "Fixtures"
WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Werror".split()
C_WARNINGS = [w for w in WARNINGS if w != "-Wold-style-cast"]
NAME = "petrified"

# Between them: both leaf kinds, gradient boosting, linear splits, choices, members, every transformation, preselection, medians;
# a tree as first value, categories with missing values, imputers, sums over vectors of classes; float32 links, linear leaves, zeros that
# are missing, the fast exponential, every mode of a node.
REPRESENTATIVE = """cls_ada_default cls_ada_purity cls_grad cls_fisher_excl cls_preselection cls_odd_names cls_vt_long cls_vt_P
    cat_spec3 boost_dt_gauss mc3_Dcls reg_ada_ties reg_grad_chain legacy_nsnb_purity
    gb_reg_initdt hgb_categorical isolation_subsets pipeline_imputer samme_r_10_classes
    categorical v176_softprob linear_tree_missing small_zero_as_missing multiclass hand_v5_all_modes_K3""".split()

# Leaves that are vectors and sets of categories are data: nested conditions are refused for these models, tables hold them.
TABLES_ONLY = """bagging_subsets dt_classifier_missing gb_binary_initrf hgb_categorical pipeline_imputer samme_10_classes
    samme_r_10_classes several_outputs sk12_dt_classifier_counts sk12_hgb_categorical_raw
    categorical multitarget_vectorleaf v214_multitarget_vectorleaf linear_tree_missing small_lambda small_linear_dump small_multiclass_dump
    small_zero_as_missing v223_cat multiclass multirmse hand_reg_max_K2 hand_reg_softmax_K3 hand_v5_all_modes_K3
    skl_dt_regressor_multioutput""".split()

CPP = {  # variant: command line
    "g++ -O2": ["g++", "-std=c++17", "-O2"],
    "g++ -O3 -march=native": ["g++", "-std=c++20", "-O3", "-march=native"],
    "g++ c++11 -O0": ["g++", "-std=c++11", "-O0"],
    "clang++ -O3 -march=native": ["clang++", "-std=c++11", "-O3", "-march=native"],
}
C = {
    "gcc -O2": ["gcc", "-std=c99", "-O2"],
    "gcc -O3 -march=native": ["gcc", "-std=c11", "-O3", "-march=native"],
    "gcc -O0": ["gcc", "-std=c99", "-O0"],
    "clang -O3 -march=native": ["clang", "-std=c99", "-O3", "-march=native"],
}


def text(path):
    return gzip.decompress(path.read_bytes()).decode("utf-8")


def run(command, stdin=None):
    done = subprocess.run(command, input=stdin, capture_output=True, encoding="utf-8", errors="replace", timeout=900)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: exit {done.returncode}: {(done.stderr or done.stdout).strip()[:400]}")
    return done.stdout


def bits(number):
    return "nan" if number != number else struct.pack(">d", number).hex()


def difference(expected, produced):
    expected, produced = (list(csv.reader(io.StringIO(t))) for t in (expected, produced))
    if len(expected) != len(produced):
        return f"{len(produced) - 1} rows, expected {len(expected) - 1}"
    for column, name in enumerate(expected[0]):
        if name not in produced[0]:
            return f"no column {name!r}"
        other = produced[0].index(name)
        for row in range(1, len(expected)):
            e, p = float(expected[row][column]), float(produced[row][other])
            if bits(e) != bits(p):
                return f"{name}, row {row}: expected {e!r}, got {p!r}"
    return None


def model_file(case):
    """The model of a fixture, under the name that its trainer's files usually have; where it is there in two formats, the first by name."""
    found = sorted(path for path in case.iterdir() if path.name.split(".")[0] in ("weights", "model"))
    if not found:
        raise ValueError(f"no model file in {case}")
    return found[0]


def built(case, target, variant, folder):
    """The command that runs the model's driver."""
    run([os.environ["PETRIFY"], "convert", str(model_file(case)), "--to", target, "-o", str(folder), "--name", NAME,
         "--driver", "--layout", variant[1]])
    if target == "cpp":
        run([*CPP[variant[0]], *WARNINGS, "-o", str(folder / "driver"), str(folder / f"{NAME}_driver.cpp")])
        return [str(folder / "driver")]
    if target == "c":
        run([*C[variant[0]], *C_WARNINGS, "-o", str(folder / "driver"), str(folder / f"{NAME}_driver.c"), "-lm"])
        return [str(folder / "driver")]
    if target == "swift":
        run(["swiftc", "-O", "-parse-as-library", "-o", str(folder / "driver"), str(folder / f"{NAME}.swift"),
             str(folder / f"{NAME}_driver.swift")])
        return [str(folder / "driver")]
    return [sys.executable, str(folder / f"{NAME}.py")]


def check(job):
    case, target, variant = job
    folder = pathlib.Path(tempfile.mkdtemp(prefix="emitted-"))
    refused = case.name in TABLES_ONLY and variant[1] == "branches"
    try:
        command = built(case, target, variant, folder)
        if refused:
            return "written as nested conditions, which was to be refused"
        return difference(text(case / "scores.csv.gz"), run(command, text(case / "events.csv.gz")))
    except (RuntimeError, OSError, ValueError, IndexError, subprocess.TimeoutExpired) as error:
        return None if refused and "are not written as nested conditions" in str(error) else str(error)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every model through every compiler and layout")
    parser.add_argument("--only", default="", help="only models whose name (format/name) holds this text")
    options = parser.parse_args()
    jobs = []
    for case in sorted(p.parent for p in FIXTURES.glob("*/*/scores.csv.gz")):
        if options.only not in f"{case.parent.name}/{case.name}":
            continue
        chosen = options.all or case.name in REPRESENTATIVE
        jobs += [(case, "cpp", (compiler, "auto")) for compiler in (CPP if chosen else list(CPP)[:1])]
        jobs += [(case, "c", (compiler, "auto")) for compiler in (C if chosen else list(C)[:1])]
        jobs += [(case, "python", ("python3", "auto"))]
        if chosen:
            jobs += [(case, "swift", ("swiftc", "auto"))]
            jobs += [(case, "cpp", ("g++ -O2", layout)) for layout in ("branches", "tables")]
            jobs += [(case, "c", ("gcc -O2", layout)) for layout in ("branches", "tables")]
            jobs += [(case, "python", ("python3", layout)) for layout in ("branches", "tables")]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for done, (job, problem) in enumerate(zip(jobs, pool.map(check, jobs)), 1):
            if problem:
                failed += 1
                print(f"FALLS SHORT {job[0].name} {job[1]} ({job[2][0]}, {job[2][1]}): {problem}", flush=True)
            if sys.stderr.isatty():
                print(f"\r{done}/{len(jobs)}", end="", file=sys.stderr)
    print(f"emitted programs: {len(jobs) - failed} passed, {failed} failed")
    return 1 if failed or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
