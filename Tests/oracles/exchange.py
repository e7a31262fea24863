#!/usr/bin/env python3
"""Loads what petrify writes for other programs with those programs themselves and compares raw scores, bit for bit.

    exchange.py [PETRIFY] [--only TEXT] [--models FOLDER] [--targets xgboost,lightgbm,sql,correctionlib]

For each model of Tests/Fixtures: converts it, scores its events and rows at thresholds with XGBoost, LightGBM, DuckDB, SQLite and
correctionlib, and with the emitted Python (the raw sums) and `petrify score` (the scores, by the formulas that the notes tell).
Where the notes promise the last bit it must hold; where they promise a bound, the bound must. A refusal must be one of those that
are expected (they are counted and told). PETRIFY, or the variable of that name, is the command. Makes a virtual environment under
.build/oracles for the programs, unless they are there already.
"""
import argparse, collections, csv, gzip, importlib.util, io, math, os, pathlib, re, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = ["numpy", "xgboost", "lightgbm", "duckdb", "correctionlib"]


def bring_packages():
    """Goes on in an environment that has them."""
    if all(importlib.util.find_spec(name) for name in PACKAGES):
        return
    folder = HERE.parents[1] / ".build" / "oracles" / "exchange"
    python = folder / "bin" / "python3"
    if pathlib.Path(sys.prefix) == folder:
        sys.exit(f"exchange: {', '.join(PACKAGES)} cannot be imported in {folder}")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade", "--only-binary", ":all:",
                    *PACKAGES], check=True)
    os.execv(python, [str(python), __file__, *sys.argv[1:]])


bring_packages()
import numpy as np

FIXTURES = HERE.parents[0] / "Fixtures"
NAME = "petrified"
TARGETS = ["xgboost", "lightgbm", "sql", "correctionlib"]


def run(*command, ok=(0,)):
    done = subprocess.run([str(part) for part in command], capture_output=True, encoding="utf-8", timeout=1800)
    if done.returncode not in ok:
        raise RuntimeError(f"{command[1]}: exit {done.returncode}: {done.stderr.strip()[-600:]}")
    return done


def opened(path):
    return gzip.open(path, "rt", encoding="utf-8", newline="") if path.suffix == ".gz" else open(path, encoding="utf-8", newline="")


def same(a, b):
    """Equal numbers; the sign of a zero does not count, NaN equals NaN."""
    return a == b or (a != a and b != b)


class Case:
    def __init__(self, petrify, folder, work):
        self.name = f"{folder.parent.name}/{folder.name}"
        self.model = next(path for path in folder.iterdir() if path.name.split(".")[0] in ("model", "weights"))
        self.petrify, self.work = petrify, work
        done = run(petrify, "convert", self.model, "--to", "python", "-o", work, "--name", NAME)
        spec = importlib.util.spec_from_file_location(NAME, work / f"{NAME}.py")
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)
        self.labels = [quantity.label for quantity in self.module.INPUTS]
        with opened(next(folder.glob("events.csv*"))) as stream:
            table = list(csv.reader(stream))
        order = [table[0].index(label) if label in table[0] else None for label in self.labels]
        if None in order:
            order = list(range(len(self.labels)))
        rows = [[float(row[k]) if row[k] else math.nan for k in order] for row in table[1:]]
        self.rows = np.array(rows, dtype=np.float64)
        with np.errstate(over="ignore"):
            self.rows32 = self.rows.astype(np.float32).astype(np.float64)

    def raw(self, rows):
        """The raw sums by the emitted Python; None where there are none."""
        if not hasattr(self.module, "margins"):
            return None
        return np.array([self.module.margins(list(row)) for row in rows], dtype=np.float64)

    def scores(self, rows):
        path = self.work / "rows.csv"
        with open(path, "w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(self.labels)
            writer.writerows([[repr(float(x)) for x in row] for row in rows])
        table = list(csv.reader(io.StringIO(run(self.petrify, "score", self.model, "--data", path).stdout)))
        return table[0], np.array([[float(x) for x in row] for row in table[1:]])

    def convert(self, target):
        """The written file, its notes, whether rounding had to be allowed; or the refusal."""
        command = [self.petrify, "convert", self.model, "--to", target, "-o", self.work, "--name", NAME]
        done = run(*command, ok=(0, 65))
        rounded = done.returncode == 65 and "--allow-rounding" in done.stderr
        if rounded:
            done = run(*command, "--allow-rounding", ok=(0, 65))
        if done.returncode:
            return None, done.stderr, rounded
        return next(self.work.glob(f"{NAME}.{target}*")), done.stderr, rounded


# --- Scorers: raw sums, one row an event ------------------------------------------------------------

def by_xgboost(path, rows):
    import xgboost
    booster = xgboost.Booster(model_file=str(path))
    booster.set_param({"nthread": 1})
    # In place: DMatrix refuses infinities.
    return booster.inplace_predict(rows, predict_type="margin", validate_features=False).astype(np.float64).reshape(len(rows), -1)


def by_lightgbm(path, rows):
    import lightgbm
    booster = lightgbm.Booster(model_file=str(path))
    return booster.predict(rows, raw_score=True, num_threads=1).reshape(len(rows), -1)


def by_duckdb(path, rows):
    import duckdb
    connection = duckdb.connect()
    return by_sql(connection, path, rows, "DOUBLE")


def by_sqlite(path, rows):
    import sqlite3
    return by_sql(sqlite3.connect(":memory:"), path, rows, "DOUBLE")


def by_sql(connection, path, rows, kind):
    text = path.read_text()
    columns = re.findall(r'^-- input \d+: (".*")$', text, re.M)
    connection.execute(f"CREATE TABLE events (event_number BIGINT, {', '.join(f'{name} {kind}' for name in columns)})")
    marks = ", ".join("?" * (len(columns) + 1))
    connection.executemany(f"INSERT INTO events VALUES ({marks})", [[k, *map(float, row)] for k, row in enumerate(rows)])
    cursor = connection.execute(text)
    names = [entry[0] for entry in cursor.description]
    keep = [k for k, name in enumerate(names) if name == "raw" or name.startswith("raw_")]
    key = names.index("event_number")
    found = sorted(cursor.fetchall(), key=lambda row: row[key])
    return np.array([[math.nan if row[k] is None else row[k] for k in keep] for row in found], dtype=np.float64)


def by_correctionlib(path, rows):
    import correctionlib
    corrections = correctionlib.CorrectionSet.from_string(path.read_text())
    names = sorted((name for name in corrections.compound), key=lambda name: int(name.rpartition("_")[2]) if name != "raw" else 0)
    return np.array([[corrections.compound[name].evaluate(*map(float, row)) for name in names] for row in rows])


SCORERS = {"xgboost": [by_xgboost], "lightgbm": [by_lightgbm], "sql": [by_duckdb, by_sqlite], "correctionlib": [by_correctionlib]}


# --- Formulas of the notes --------------------------------------------------------------------------

class Vector(list):
    def each(self, f):
        return Vector(f(x) for x in self)

    def pair(self, other, f):
        other = other if isinstance(other, list) else [other] * len(self)
        return Vector(f(a, b) for a, b in zip(self, other))

    def __sub__(self, other): return self.pair(other, lambda a, b: a - b)
    def __add__(self, other): return self.pair(other, lambda a, b: a + b)
    def __mul__(self, other): return self.pair(other, lambda a, b: a * b)
    def __truediv__(self, other): return self.pair(other, lambda a, b: a / b)
    def __radd__(self, other): return self.each(lambda a: other + a)
    def __rsub__(self, other): return self.each(lambda a: other - a)
    def __rmul__(self, other): return self.each(lambda a: other * a)
    def __rtruediv__(self, other): return self.each(lambda a: other / a)
    def __neg__(self): return self.each(lambda a: -a)


def exponential(x):
    if isinstance(x, Vector):
        return x.each(exponential)
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def total(values):
    result = 0.0  # not sum(): newer Pythons add with compensation
    for value in values:
        result += value
    return result


def single(x):
    return x.each(single) if isinstance(x, Vector) else float(np.float32(x))


WORDS = {"exp": exponential, "sum": total, "max": max, "float32": single, "pow": math.pow, "sqrt": math.sqrt,
         "argmax": lambda v: v.index(max(v)), "log": math.log, "log1p": math.log1p, "abs": abs, "__builtins__": {}}


def formulas(notes):
    """Column: (formula, number where an input is NaN)."""
    found = {}
    for column, formula, _, number in re.findall(r'"([^"\n]*)" is (.*?)(; (\S+) where an input [^\n]*)?$', notes, re.M):
        if "longer computation" not in formula:
            found[column] = (formula, float(number) if number else None)
    return found


def linked(path, rows, columns, scores, told):
    """What the program makes of the sums itself, where the file names a link."""
    import lightgbm
    column = columns.index(next(name for name in columns if told.get(name, ("",))[0] == "1 / (1 + exp(-raw))"))
    for k, value in enumerate(lightgbm.Booster(model_file=str(path)).predict(rows, num_threads=1)):
        if not same(value, scores[k][column]):
            raise RuntimeError(f"predict: row {list(rows[k])}: {value!r}, not {scores[k][column]!r}")
    return 1


# --- Comparison -------------------------------------------------------------------------------------

INCOMPARABLE = ["onnx/hand_cls_binary_logistic_id0", "onnx/lgb_binary"]


def check(case, target):
    """What was shown, or the first thing that is wrong."""
    path, notes, rounded = case.convert(target)
    if path is None:
        return "refused: " + notes.splitlines()[0].partition("error: ")[2]
    exact = "to the last bit" in notes
    # SQLite has no float32.
    mixed = re.search(r"in SQLite, .* differ by at most (\S+)", notes)
    if exact == rounded:
        raise RuntimeError(f"exact {exact}, but rounding asked for {rounded}: {notes}")
    bound = 0.0 if exact else float(re.search(r"differ by at most (\S+)", notes).group(1))
    rows = case.rows32 if "for inputs that are float32 numbers" in notes else case.rows
    if "whole numbers" in notes:
        categorical = [k for k in range(rows.shape[1]) if np.nanmax(np.abs(rows[:60, k])) < 1000 and np.all(np.mod(rows[:60, k][np.isfinite(rows[:60, k])], 1) == 0)]
        for k in categorical:
            with np.errstate(invalid="ignore"):
                rows = rows[np.isnan(rows[:, k]) | ((np.mod(rows[:, k], 1) == 0) & (rows[:, k] >= 0))]
    if "1e-35" in notes:
        rows = rows[~np.any((rows != 0) & (np.abs(rows) <= 1.0000000180025095e-35), axis=1)]
    if "no infinities" in notes:
        rows = rows[~np.any(np.isinf(rows), axis=1)]
    if len(rows) < 30:
        raise RuntimeError(f"only {len(rows)} rows are left")
    columns, scores = case.scores(rows)
    told = formulas(notes)
    expected = case.raw(rows)
    if expected is None or any(re.match("raw|margin", column) for column in told):
        # The trainer has no such sum, or calls something else so: another format has it to the last bit.
        other, words, _ = case.convert("lightgbm")
        expected = by_lightgbm(other, rows) if target != "lightgbm" and other and "to the last bit" in words else None
    compared = 0
    for scorer in SCORERS[target]:
        found = scorer(path, rows)
        if scorer is by_sqlite and mixed:
            exact, bound = False, float(mixed.group(1))
        if expected is not None and expected.shape == found.shape and len(expected):
            for k, (e, f) in enumerate(zip(expected, found)):
                for a, b in zip(e, f):
                    if not same(a, b) and not abs(a - b) <= bound:
                        raise RuntimeError(f"{scorer.__name__}: row {list(rows[k])}: raw {a!r} is {b!r}; bound {bound}")
            compared += 1
        if not exact:
            continue
        if target == "lightgbm" and "\nobjective=binary " in path.read_text():
            compared += linked(path, rows, columns, scores, told)
        for position, column in enumerate(columns):
            formula, if_nan = told.get(column, ("raw" if found.shape[1] == 1 else None, None))
            if column not in told and not (expected is None and formula):
                continue
            for k, sums in enumerate(found):
                raw = sums[0].item() if len(sums) == 1 else Vector(sums.tolist())
                value = if_nan if if_nan is not None and np.isnan(rows[k]).any() else float(eval(formula, WORDS, {"raw": raw}))
                if not same(value, scores[k][position]):
                    raise RuntimeError(f"{scorer.__name__}: row {list(rows[k])}: {column} = {formula} is {value!r}, not {scores[k][position]!r}")
            compared += 1
    if not compared:
        # No printed column is the sum, none is a formula of it, and no other format has it to the last bit.
        if case.name in INCOMPARABLE:
            return "not comparable"
        raise RuntimeError("nothing could be compared")
    return "the same bits" if exact else f"rounded, within {bound}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("petrify", nargs="?", default=os.environ.get("PETRIFY"))
    parser.add_argument("--only", default="")
    parser.add_argument("--models", default=FIXTURES, type=pathlib.Path, help="folders of such cases; default: Tests/Fixtures")
    parser.add_argument("--targets", default=",".join(TARGETS))
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    petrify = pathlib.Path(options.petrify).resolve()
    failed = 0
    results = collections.Counter()
    for folder in sorted(path.parent for path in options.models.glob("*/*/events.csv*")):
        if options.only not in f"{folder.parent.name}/{folder.name}":
            continue
        with tempfile.TemporaryDirectory() as work:
            try:
                case = Case(petrify, folder, pathlib.Path(work))
            except Exception as error:
                failed += 1
                print(f"FALLS SHORT {folder.name}: {type(error).__name__}: {error}", flush=True)
                continue
            for target in options.targets.split(","):
                try:
                    result = check(case, target)
                    results[target, result.split(":")[0].split(",")[0]] += 1
                    if options.verbose or result.startswith("refused"):
                        print(f"{case.name} {target}: {result}", flush=True)
                except Exception as error:
                    failed += 1
                    print(f"FALLS SHORT {case.name} {target}: {type(error).__name__}: {error}", flush=True)
    for (target, result), count in sorted(results.items()):
        print(f"{target}: {count} {result}")
    print(f"exchange: {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
