#!/usr/bin/env python3
"""Trains models with the scikit-learn at hand, and writes what scikit-learn itself says of them.

    sklearn_models.py FOLDER --seed N --rows N [--reduced] [--only TEXT]…

The other half of sklearn_oracle.py, which runs it inside the environments that it makes. For each model it leaves in FOLDER/NAME:
model.json or model.json.gz (by Examples/dump_sklearn.py), events.csv (random rows, then rows at thresholds), scores.csv (every
number that the model gives, under petrify's names) and, where scikit-learn numbers leaves, leaves.csv.
"""
import argparse, math, pathlib, sys, warnings

sys.path[0] = str(pathlib.Path(__file__).resolve().parents[2] / "Examples")

import numpy as np
import scipy
import sklearn
from sklearn.ensemble import (
    AdaBoostClassifier, AdaBoostRegressor, BaggingClassifier, BaggingRegressor, ExtraTreesClassifier, ExtraTreesRegressor,
    GradientBoostingClassifier, GradientBoostingRegressor, HistGradientBoostingClassifier, HistGradientBoostingRegressor,
    IsolationForest, RandomForestClassifier, RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

import dump_sklearn

RELEASE = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
FEATURES = 6
CATEGORICAL = [2, 5]
SAMME = {"algorithm": "SAMME"} if RELEASE < (1, 6) else {}  # later releases know no other
# What CI trains: between them every arithmetic that the format has.
REDUCED = {"forest", "boosting_3", "boosting_init", "ada", "ada_real", "bagging", "histogram_categories", "isolation",
           "pipeline_boosting"}


def check_libraries(seed):
    """numpy's own vector loops round exp differently from the C library, whose exp is the reference."""
    numbers = np.random.default_rng(seed).normal(size=5000) * 20
    for ours, theirs, arguments in [
        (np.exp, math.exp, (numbers,)),
        (np.log, math.log, (np.abs(numbers),)),
        (np.log1p, math.log1p, (np.abs(numbers),)),
        (np.power, math.pow, (np.full(numbers.size, 2.0), numbers)),
    ]:
        different = sum(a != theirs(*b) for a, *b in zip(ours(*arguments).tolist(), *map(np.ndarray.tolist, arguments)))
        if different:
            sys.exit("numpy %s: %d of %d values of %s are not the C library's; its vector loops must be off "
                     "(NPY_DISABLE_CPU_FEATURES)" % (np.__version__, different, numbers.size, ours.__name__))


# --- Models -----------------------------------------------------------------------------------------

def events(rng, count, kind):
    """Rows of every kind of column: wide, narrow, positive, repeated values; half of them are float32 numbers."""
    x = rng.normal(size=(count, FEATURES))
    x[::2] = x[::2].astype(np.float32)
    x[:, 3] = np.round(x[:, 3] * 2)
    x[:, 4] = np.abs(x[:, 4]) * 50
    if kind == "categories":
        x[:, 2] = rng.integers(0, 12, count)
        x[:, 5] = rng.integers(0, 5, count) * 2.0
    if kind != "plain":
        x[rng.random(x.shape) < 0.08] = np.nan
    return x


def models(seed):
    """Name, kind of data, target, estimator."""
    pick = np.random.default_rng(seed)
    state = {"random_state": seed % (1 << 32)}

    def depth(least=2):
        return int(pick.integers(least, least + 4))

    def few():
        return int(pick.integers(4, 12))

    def forest(**options):
        return RandomForestClassifier(few(), max_depth=depth(), **state, **options)

    def tree(**options):
        return DecisionTreeClassifier(max_depth=depth(), **state, **options)

    def regression_tree():
        return DecisionTreeRegressor(max_depth=depth(), **state)

    def boosting(**options):
        return GradientBoostingClassifier(n_estimators=few(), max_depth=depth(), **state, **options)

    def boosting_regressor(**options):
        return GradientBoostingRegressor(n_estimators=few(), max_depth=depth(), **state, **options)

    def histogram(**options):
        return HistGradientBoostingClassifier(max_iter=few(), **state, **options)

    def histogram_regressor(**options):
        return HistGradientBoostingRegressor(max_iter=few(), **state, **options)

    yield "tree", "plain", "three", tree()
    yield "tree_weighted", "plain", "words", tree(class_weight="balanced")
    yield "forest", "plain", "ten", forest()
    yield "forest_several", "plain", "three and ten", forest()
    yield "forest_regressor", "plain", "real", RandomForestRegressor(few(), max_depth=depth(), **state)
    yield "extra", "plain", "words", ExtraTreesClassifier(few(), max_depth=depth(), **state)
    yield "extra_several", "plain", "real and positive", ExtraTreesRegressor(few(), max_depth=depth(), **state)
    yield "boosting", "plain", "two", boosting()
    yield "boosting_3", "plain", "three", boosting()
    yield "boosting_exponential", "plain", "two", boosting(loss="exponential", subsample=0.7)
    yield "boosting_zero", "plain", "ten", boosting(init="zero")
    yield "boosting_init", "plain", "three", boosting(init=forest())
    yield "boosting_init_2", "plain", "two", boosting(init=tree())
    yield "boosting_regressor", "plain", "real", boosting_regressor(loss=str(pick.choice(["huber", "quantile", "squared_error"])))
    yield "boosting_regressor_init", "plain", "real", boosting_regressor(init=regression_tree())
    yield "ada", "plain", "words", AdaBoostClassifier(tree(), n_estimators=few(), **state, **SAMME)
    yield "ada_2", "plain", "two", AdaBoostClassifier(tree(), n_estimators=few(), **state, **SAMME)
    if RELEASE < (1, 6):
        yield "ada_real", "plain", "three", AdaBoostClassifier(tree(), n_estimators=few(), algorithm="SAMME.R", **state)
    yield "ada_regressor", "plain", "real", AdaBoostRegressor(regression_tree(), n_estimators=few(), **state)
    # Small samples: some members never see the rarest class.
    yield "bagging", "plain", "rare", BaggingClassifier(tree(), n_estimators=8, max_features=0.5, max_samples=0.02, **state)
    yield "bagging_regressor", "plain", "real and positive", BaggingRegressor(
        regression_tree(), n_estimators=few(), max_features=0.7, bootstrap_features=True, **state)
    yield "histogram", "missing", "two", histogram()
    yield "histogram_10", "missing", "ten", histogram()
    yield "histogram_categories", "categories", "two", histogram(categorical_features=CATEGORICAL)
    yield "histogram_regressor", "missing", "positive", histogram_regressor(loss="poisson")
    yield "histogram_regressor_categories", "categories", "real", histogram_regressor(categorical_features=CATEGORICAL[1:])
    yield "isolation", "plain", None, IsolationForest(n_estimators=few(), max_samples=64, max_features=4, **state)
    yield "isolation_contaminated", "plain", None, IsolationForest(n_estimators=few(), contamination=0.1, **state)
    yield "pipeline_forest", "missing", "two", make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), forest())
    yield "pipeline_boosting", "plain", "two", make_pipeline(MinMaxScaler((-1, 2), clip=True), boosting())
    yield "pipeline_histogram", "plain", "real", make_pipeline(RobustScaler(), MaxAbsScaler(), histogram_regressor())
    yield "tree_missing", "missing", "real", regression_tree()
    if RELEASE >= (1, 4):
        yield "forest_missing", "missing", "three", forest()


def targets(rng, x):
    filled = np.where(np.isnan(x), 0.0, x)
    s = filled[:, 0] + 0.5 * filled[:, 1] * filled[:, 2] - 0.01 * filled[:, 4] + rng.normal(size=len(x)) * 0.3
    three = np.digitize(s, [-0.5, 0.5])
    ten = np.digitize(s, np.quantile(s, np.linspace(0.1, 0.9, 9)))
    words = np.array(["background", "signal", "t'\"t"])[three]
    return {
        None: None, "two": (s > 0).astype(int), "three": three, "ten": ten, "words": words, "real": s * 10 + 3,
        "positive": np.exp(s / 4), "three and ten": np.c_[three, ten], "real and positive": np.c_[s * 10 + 3, np.exp(s / 4)],
        "rare": np.where(np.arange(len(x)) < 6, "rare", words),
    }


# --- Rows at thresholds -----------------------------------------------------------------------------

def thresholds(model, columns):
    """(column, threshold) of every split in the model; columns: what its own features are called outside."""
    if hasattr(model, "_predictors"):
        names = columns
        if getattr(model, "_preprocessor", None) is not None:  # categorical columns come first inside
            categorical = np.asarray(model.is_categorical_, dtype=bool)
            names = np.concatenate([columns[categorical], columns[~categorical]])
        for stage in model._predictors:
            for predictor in stage:
                for node in predictor.nodes:
                    if not node["is_leaf"] and not node["is_categorical"]:
                        yield int(names[node["feature_idx"]]), float(node["num_threshold"])
        return
    if hasattr(model, "tree_"):
        split = model.tree_.children_left >= 0
        for feature, threshold in zip(model.tree_.feature[split], model.tree_.threshold[split]):
            yield int(columns[feature]), float(threshold)
        return
    chosen = getattr(model, "estimators_features_", None)
    for index, member in enumerate(np.ravel(np.asarray(model.estimators_, dtype=object))):
        yield from thresholds(member, columns if chosen is None else columns[chosen[index]])
    if hasattr(getattr(model, "init_", None), "predict") and not hasattr(model.init_, "strategy"):
        yield from thresholds(model.init_, columns)


def neighbours(value):
    """On, just below and just above: the nearest doubles, and the nearest float32 numbers."""
    single = np.float32(value)
    return [value, np.nextafter(value, -np.inf), np.nextafter(value, np.inf), float(single),
            float(np.nextafter(single, np.float32(-np.inf))), float(np.nextafter(single, np.float32(np.inf)))]


def before_scaling(model, rows):
    """Inputs that a pipeline's scalers turn into these rows, or nearly."""
    for _, step in reversed(model.steps[:-1] if isinstance(model, Pipeline) else []):
        if not isinstance(step, SimpleImputer):
            rows = step.inverse_transform(rows)
    return rows


def threshold_rows(rng, model, base, count):
    """Base rows moved to thresholds: `count` in one column and in every neighbour, as many in all columns at once."""
    last = model.steps[-1][1] if isinstance(model, Pipeline) else model
    found = sorted({pair for pair in thresholds(last, np.arange(FEATURES)) if np.isfinite(pair[1])})
    if not found:
        sys.exit("no thresholds in a %s" % type(last).__name__)
    rows = []
    for index in rng.integers(0, len(found), count):
        column, threshold = found[index]
        row = base[rng.integers(0, len(base))].copy()
        inside = np.zeros((1, FEATURES))
        inside[0, column] = threshold
        for value in neighbours(float(before_scaling(model, inside)[0, column])):
            row[column] = value
            rows.append(row.copy())
    of = [[t for c, t in found if c == column] for column in range(FEATURES)]
    for _ in range(count):
        row = base[rng.integers(0, len(base))].copy()
        inside = np.array([[t[rng.integers(0, len(t))] if t else 0.0 for t in of]])
        for column, value in enumerate(before_scaling(model, inside)[0]):
            if of[column]:
                row[column] = neighbours(float(value))[rng.integers(0, 6)]
        rows.append(row)
    return np.array(rows)


def odd_rows(rng, model, base):
    """Each odd number in each column, where scikit-learn takes it."""
    rows = []
    for value in (0.0, -0.0, 5e-324, -1e-45, 3e38, -3e38, np.nan, np.inf, -np.inf, 1e300, -1e300):
        several = base[rng.integers(0, len(base), FEATURES)].copy()
        several[np.arange(FEATURES), np.arange(FEATURES)] = value
        try:
            model.predict(several)
        except ValueError:
            continue
        rows.append(several)
    return np.concatenate(rows)


# --- What scikit-learn says -------------------------------------------------------------------------

def scores(model, x):
    """Column by column, under petrify's names."""
    columns = {}

    def put(name, values):
        values = np.asarray(values, dtype=float)
        for index, column in enumerate([values] if values.ndim == 1 else values.T):
            columns[name if values.ndim == 1 else "%s_%d" % (name, index)] = column

    last = model.steps[-1][1] if isinstance(model, Pipeline) else model
    if isinstance(last, IsolationForest):
        put("score_samples", model.score_samples(x))
        put("decision", model.decision_function(x))
        put("label", model.predict(x))
    elif hasattr(model, "predict_proba"):
        if hasattr(model, "decision_function") and not isinstance(last, BaggingClassifier):
            put("raw", model.decision_function(x))
        probabilities, labels = model.predict_proba(x), model.predict(x)
        if isinstance(probabilities, list):
            for index, some in enumerate(probabilities):
                put("proba_%d" % index, some)
                put("label_%d" % index, np.searchsorted(model.classes_[index], labels[:, index]))
        else:
            put("proba", probabilities)
            put("label", np.searchsorted(model.classes_, labels))
    else:
        if isinstance(last, HistGradientBoostingRegressor):
            put("raw", last._raw_predict(model[:-1].transform(x) if isinstance(model, Pipeline) else x)[:, 0])
        put("value", model.predict(x))
    return columns


def leaves(model, x):
    """The node that each tree reaches; None where scikit-learn does not number them."""
    if isinstance(model, Pipeline):
        return leaves(model.steps[-1][1], model[:-1].transform(x))
    if hasattr(model, "_predictors"):
        return None
    if hasattr(model, "tree_"):
        # The trees themselves, which check nothing: an isolation forest's look at infinities too.
        with np.errstate(over="ignore"):
            return model.tree_.apply(np.asarray(x, dtype=np.float32)).reshape(len(x), 1)
    if hasattr(model, "estimators_features_"):
        pairs = zip(model.estimators_, model.estimators_features_)
        return np.concatenate([leaves(member, x[:, features]) for member, features in pairs], axis=1)
    if hasattr(model, "apply"):
        found = model.apply(x).reshape(len(x), -1).astype(int)
        init = getattr(model, "init_", None)
        if init is not None and not isinstance(init, str) and not hasattr(init, "strategy"):
            found = np.concatenate([leaves(init, x), found], axis=1)
        return found
    return np.concatenate([leaves(member, x) for member in model.estimators_], axis=1)


def write(path, names, rows):
    with open(path, "w") as file:
        file.write(",".join(names) + "\n")
        for row in rows.tolist():
            file.write(",".join(map(repr, row)) + "\n")


def make(folder, rng, kind, y, model, rows):
    x = events(rng, 1200, kind)
    y = targets(rng, x)[y]
    model.fit(x) if y is None else model.fit(x, y)
    fresh = events(rng, rows, kind)
    if kind == "categories":  # unknown ones too
        fresh[::3, CATEGORICAL] = np.round(rng.normal(size=(len(fresh[::3]), 2)) * 10)
    table = np.concatenate([fresh, threshold_rows(rng, model, x, max(30, rows // 40)), odd_rows(rng, model, x)])
    folder.mkdir(parents=True)
    dump_sklearn.dump(model, str(folder / ("model.json.gz" if rng.random() < 0.5 else "model.json")))
    write(folder / "events.csv", ["x%d" % i for i in range(FEATURES)], table)
    columns = scores(model, table)
    write(folder / "scores.csv", columns, np.array(list(columns.values())).T)
    reached = leaves(model, table)
    if reached is not None:
        write(folder / "leaves.csv", ["tree_%d" % i for i in range(reached.shape[1])], reached)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--reduced", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    check_libraries(options.seed)
    options.folder.mkdir(parents=True)
    for index, (name, kind, y, model) in enumerate(models(options.seed)):
        if not all(text in name for text in options.only) or options.reduced and name not in REDUCED:
            continue
        # Of its own, so that --only trains the very same model.
        make(options.folder / name, np.random.default_rng([options.seed, index]), kind, y, model, options.rows)
    print("scikit-learn %s, numpy %s, SciPy %s" % (sklearn.__version__, np.__version__, scipy.__version__))


if __name__ == "__main__":
    main()
