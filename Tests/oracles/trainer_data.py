"""Events and targets for the scripts that train models, rows at thresholds, and how a case is written (see oracle.py)."""
import argparse, pathlib, sys, traceback, warnings

import numpy as np

NAMES = ["pt", "eta", "phi", "njets", "met", "mass", "dR", "iso"]
FEATURES = len(NAMES)
CATEGORICAL = [3, 5]
ODD = [0.0, -0.0, 5e-324, -1e-45, 1e-35, -1.1e-35, 3e38, -3e38, np.nan]


def events(rng, count, kind="plain"):
    """Rows of every kind of column: wide, narrow, positive, repeated values; half of them are float32 numbers.

    Kinds: plain; missing (NaN); zeros (many of them); categories (in CATEGORICAL, NaN elsewhere).
    """
    x = rng.normal(size=(count, FEATURES))
    x[::2] = x[::2].astype(np.float32)
    x[:, 3] = rng.integers(0, 7, count)
    x[:, 4] = np.abs(x[:, 4]) * 50
    x[:, 5] = np.round(x[:, 5] * 20)
    x[:, 7] *= 1e-3
    if kind == "zeros":
        x[rng.random(x.shape) < 0.15] = 0.0
    if kind in ("missing", "zeros"):
        x[rng.random(x.shape) < 0.08] = np.nan
    if kind == "categories":
        x[rng.random(x.shape) < 0.08] = np.nan
        x[:, 3] = rng.integers(0, 5, count)
        x[:, 5] = rng.integers(0, 70, count)
    return x


def targets(rng, x):
    """Targets of all kinds, by name."""
    filled = np.where(np.isnan(x), 0.5, x)
    s = filled[:, 0] + 0.5 * filled[:, 1] * filled[:, 2] - 0.01 * filled[:, 4] + 0.2 * (filled[:, 3] % 3)
    s += 0.3 * np.sin(filled[:, 5]) + rng.normal(size=len(x)) * 0.3
    middle = np.median(s)
    return {
        "two": (s > middle).astype(int), "four": np.digitize(s, np.quantile(s, [0.3, 0.6, 0.9])), "real": s * 10 + 3,
        "positive": np.exp(s / 4), "count": np.floor(np.exp(s / 4)), "share": 1 / (1 + np.exp(-s)),
        "both": np.c_[s * 10 + 3, np.abs(s)], "grade": np.clip(np.round(s - s.min()), 0, 4).astype(int),
        "words": np.array(["background", "signal", "top"])[np.digitize(s, np.quantile(s, [0.4, 0.8]))],
    }


def neighbours(value):
    """On, just below and just above: the nearest doubles, and the nearest float32 numbers."""
    with np.errstate(over="ignore"):
        single = np.float32(value)
        return [value, np.nextafter(value, -np.inf), np.nextafter(value, np.inf), float(single),
                float(np.nextafter(single, np.float32(-np.inf))), float(np.nextafter(single, np.float32(np.inf)))]


def threshold_rows(rng, found, base, count):
    """Base rows moved to thresholds: `count` in one column and in every neighbour, as many in all columns at once.

    found: pairs of a column and a threshold.
    """
    found = sorted({(int(column), float(value)) for column, value in found if np.isfinite(value)})
    if not found:
        return base[:0]
    rows = []
    for index in rng.integers(0, len(found), count):
        column, threshold = found[index]
        row = base[rng.integers(0, len(base))].copy()
        for value in neighbours(threshold):
            row[column] = value
            rows.append(row.copy())
    of = [[t for c, t in found if c == column] for column in range(FEATURES)]
    for _ in range(count):
        row = base[rng.integers(0, len(base))].copy()
        for column in range(FEATURES):
            if of[column]:
                row[column] = neighbours(of[column][rng.integers(0, len(of[column]))])[rng.integers(0, 6)]
        rows.append(row)
    return np.array(rows)


def odd_rows(rng, base, values):
    """Each odd number in each column."""
    rows = []
    for value in values:
        several = base[rng.integers(0, len(base), FEATURES)].copy()
        several[np.arange(FEATURES), np.arange(FEATURES)] = value
        rows.append(several)
    return np.concatenate(rows)


def rows_for(rng, found, rows, kind, odd=ODD):
    """Fresh events, then rows at thresholds, then odd ones; half of the categories unknown or no integers."""
    fresh = events(rng, rows, kind)
    if kind == "categories":
        odd_categories = np.concatenate([np.round(rng.normal(size=400) * 40), rng.normal(size=100) * 9, [np.nan] * 20, [1e6, 1e9]])
        fresh[::3, CATEGORICAL] = rng.choice(odd_categories, size=fresh[::3, CATEGORICAL].shape)
    base = events(rng, 400, kind)
    return np.concatenate([fresh, threshold_rows(rng, found, base, max(30, rows // 40)), odd_rows(rng, base, odd)])


def columns(name, values):
    """One column, or name_0, name_1 … for several."""
    values = np.asarray(values)
    if values.ndim == 1:
        return {name: values}
    return {f"{name}_{index}": column for index, column in enumerate(values.T)}


def write(folder, table, scores, leaves=None, names=NAMES):
    """Writes events.csv, scores.csv and leaves.csv of a case."""
    write_table(folder / "events.csv", names, table.tolist())
    write_table(folder / "scores.csv", list(scores), zip(*(column.tolist() for column in scores.values())))
    if leaves is not None:
        leaves = np.asarray(leaves).reshape(len(table), -1)
        write_table(folder / "leaves.csv", [f"tree_{index}" for index in range(leaves.shape[1])], leaves.astype(int).tolist())


def write_table(path, names, rows):
    with open(path, "w") as file:
        file.write(",".join(names) + "\n")
        for row in rows:
            file.write(",".join(value if isinstance(value, str) else repr(value) for value in row) + "\n")


def main(description, models, reduced, make):
    """Makes the cases in the folder that the command line names.

    models: seed -> tuples that begin with a name. reduced: the names that CI makes.
    make(folder, rng, rows, …): writes one case; gets the rest of the tuple.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--reduced", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    options.folder.mkdir(parents=True, exist_ok=True)
    made = failed = 0
    for index, (name, *rest) in enumerate(models(options.seed)):
        if options.only not in name or options.reduced and name not in reduced:
            continue
        folder = options.folder / name
        folder.mkdir()
        try:
            # A generator of its own, so that --only trains the very same model.
            make(folder, np.random.default_rng([options.seed, index]), options.rows, *rest)
            made += 1
        except Exception:
            failed += 1
            print(f"{name}: {traceback.format_exc(limit=-3)}", file=sys.stderr)
    print(f"{made} models")
    sys.exit(1 if failed else 0)
