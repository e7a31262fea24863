#!/usr/bin/env python3
"""Writes a fitted scikit-learn tree model as JSON (format "sklearn-trees", version 1).

    from dump_sklearn import dump
    dump(estimator, "model.json")            # or "model.json.gz"

    python dump_sklearn.py model.pkl -o model.json

Run it where the model was trained, with the same scikit-learn: the file is then read without Python,
for ever. It needs nothing beyond scikit-learn itself. What the format cannot say is refused with a
TypeError or ValueError that names it; nothing is left out silently.

Loading a pickle or joblib file RUNS THE CODE INSIDE IT. Only load files that you trust.
"""

import argparse
import gzip
import json
import math
import os
import sys
import warnings

import numpy as np
import scipy
import sklearn

TREE_CLASSES = {
    "DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier", "ExtraTreeRegressor",
}
FORESTS = {
    "RandomForestClassifier", "RandomForestRegressor", "ExtraTreesClassifier", "ExtraTreesRegressor",
}


def dump(estimator, path, provenance=None):
    """Writes a fitted estimator to `path`, gzip-compressed if the name ends in ".gz".

    The file appears when it is complete, or not at all.
    """
    temporary = "%s.part" % path
    try:
        with open(temporary, "wb") as raw:
            # No time and no name in the gzip header: the same model gives the same bytes.
            compressed = gzip.GzipFile("", "wb", 6, raw, 0) if str(path).endswith(".gz") else None
            out = _Writer(compressed or raw)
            out.open("{")
            out.member("format", "sklearn-trees")
            out.member("format_version", 1)
            out.member("sklearn_version", sklearn.__version__)
            out.member("scipy_version", scipy.__version__)
            if provenance is not None:
                out.member("provenance", provenance)
            out.key("model")
            _estimator(out, estimator)
            out.close("}")
            out.flush()
            if compressed is not None:
                compressed.close()
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise


# --- JSON -------------------------------------------------------------------------------------------

class _Writer:
    """JSON, piece by piece: only one array is ever held as text."""

    def __init__(self, stream):
        self.stream = stream
        self.buffer = []
        self.size = 0
        self.fresh = True  # no comma is due

    def put(self, text):
        self.buffer.append(text)
        self.size += len(text)
        if self.size > 1 << 20:
            self.flush()

    def flush(self):
        self.stream.write("".join(self.buffer).encode("utf-8"))
        self.buffer, self.size = [], 0

    def comma(self):
        if not self.fresh:
            self.put(",")
        self.fresh = False

    def open(self, bracket):
        self.comma()
        self.put(bracket)
        self.fresh = True

    def close(self, bracket):
        self.put(bracket)
        self.fresh = False

    def key(self, name):
        self.comma()
        self.put(json.dumps(name) + ":")
        self.fresh = True

    def value(self, value):
        self.comma()
        self.put(_text(value))

    def member(self, name, value):
        self.key(name)
        self.value(value)


def _text(value):
    """A value as JSON; floats by repr, so that they read back to the very same number."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return '"NaN"'
        if math.isinf(value):
            return '"Infinity"' if value > 0 else '"-Infinity"'
        return repr(value)
    if isinstance(value, dict):
        return "{%s}" % ",".join("%s:%s" % (json.dumps(str(k)), _text(v)) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return "[%s]" % ",".join(map(_text, value))
    raise TypeError("the format cannot say a value of type %s" % type(value).__name__)


# --- Estimators -------------------------------------------------------------------------------------

def _estimator(out, estimator):
    kind = type(estimator)
    name = kind.__name__
    if not kind.__module__.startswith("sklearn."):
        raise TypeError("%s.%s is not a class of scikit-learn itself" % (kind.__module__, name))
    writer = _WRITERS.get(name)
    if writer is None:
        raise TypeError("the format cannot say a %s" % name)
    out.open("{")
    out.member("class", name)
    _common(out, estimator)
    writer(out, estimator)
    out.close("}")


def _common(out, estimator):
    count = getattr(estimator, "n_features_in_", None)
    if count is not None:
        out.member("n_features_in_", int(count))
    names = getattr(estimator, "feature_names_in_", None)
    if names is not None:
        out.member("feature_names_in_", [str(name) for name in names])
    if type(estimator).__name__ == "Pipeline":
        return
    classes = getattr(estimator, "classes_", None)
    if classes is not None:
        several = isinstance(classes, list)
        classes = [_classes(c) for c in classes] if several else _classes(classes)
        out.member("classes_", classes)
        out.member("n_classes_", [len(c) for c in classes] if several else len(classes))
    outputs = getattr(estimator, "n_outputs_", None)
    if outputs is not None:
        out.member("n_outputs_", int(outputs))


def _classes(classes):
    classes = np.asarray(classes).tolist()
    if not all(isinstance(c, (bool, int, float, str)) for c in classes):
        raise TypeError("classes must be numbers, truth values or strings")
    return classes


def _fitted(estimator, name):
    value = getattr(estimator, name, None)
    if value is None:
        raise ValueError("the %s is not fitted: it has no %s" % (type(estimator).__name__, name))
    return value


def _plain_tree(out, estimator, samples=False):
    tree = _fitted(estimator, "tree_")
    out.key("tree_")
    out.open("{")
    out.member("node_count", int(tree.node_count))
    out.member("max_depth", int(tree.max_depth))
    for name in ("children_left", "children_right", "feature", "threshold", "value"):
        out.member(name, getattr(tree, name))
    missing = getattr(tree, "missing_go_to_left", None)
    if missing is not None:
        out.member("missing_go_to_left", np.asarray(missing).astype(int))
    if samples:
        out.member("n_node_samples", tree.n_node_samples)
    out.close("}")


def _members(out, estimators):
    out.key("estimators_")
    out.open("[")
    for member in estimators:
        _estimator(out, member)
    out.close("]")


def _forest(out, estimator):
    _members(out, _fitted(estimator, "estimators_"))


def _gradient_boosting(out, estimator):
    stages = _fitted(estimator, "estimators_")
    if not isinstance(estimator.loss, str):
        raise TypeError("the format cannot say a loss that is not one of scikit-learn's names")
    out.member("learning_rate", float(estimator.learning_rate))
    out.member("loss", estimator.loss)
    initial = _fitted(estimator, "init_")
    is_zero = isinstance(initial, str)
    if is_zero and initial != "zero":
        raise ValueError("init_ is %r" % initial)
    if is_zero:
        out.member("init_", "zero")
    else:
        out.key("init_")
        _estimator(out, initial)
    if is_zero or type(initial).__name__ in ("DummyClassifier", "DummyRegressor"):
        # It is the same for every event; computing it again depends on releases.
        row = np.zeros((1, estimator.n_features_in_), dtype=np.float32)
        out.member("init_raw_prediction", np.asarray(estimator._raw_predict_init(row), dtype=float).ravel())
    out.key("estimators_")
    out.open("[")
    for stage in stages:
        out.open("[")
        for member in stage:
            out.open("{")
            _plain_tree(out, member)
            out.close("}")
        out.close("]")
    out.close("]")


def _ada_boost(out, estimator):
    members = _fitted(estimator, "estimators_")
    if type(estimator).__name__ == "AdaBoostClassifier":
        algorithm = getattr(estimator, "algorithm", "SAMME")
        # Releases that know only one algorithm call the parameter deprecated.
        out.member("algorithm", "SAMME.R" if algorithm == "SAMME.R" else "SAMME")
    out.member("estimator_weights_", np.asarray(estimator.estimator_weights_, dtype=float))
    _members(out, members)


def _bagging(out, estimator):
    out.member("n_estimators", int(estimator.n_estimators))
    _members(out, _fitted(estimator, "estimators_"))
    out.member("estimators_features_", [[int(i) for i in row] for row in estimator.estimators_features_])


def _isolation_forest(out, estimator):
    from sklearn.ensemble._iforest import _average_path_length

    samples = int(estimator.max_samples_)
    out.member("max_samples_", samples)
    out.member("offset_", float(estimator.offset_))
    out.member("average_path_length_max_samples", float(_average_path_length([samples])[0]))
    out.key("estimators_")
    out.open("[")
    for member in _fitted(estimator, "estimators_"):
        out.open("{")
        out.member("class", type(member).__name__)
        _common(out, member)
        _plain_tree(out, member, samples=True)
        out.member("average_path_length", _average_path_length(member.tree_.n_node_samples))
        out.close("}")
    out.close("]")
    out.member("estimators_features_", [[int(i) for i in row] for row in estimator.estimators_features_])


# --- Hist gradient boosting -------------------------------------------------------------------------

def _hist_gradient_boosting(out, estimator):
    predictors = _fitted(estimator, "_predictors")
    if not isinstance(estimator.loss, str):
        raise TypeError("the format cannot say a loss that is not one of scikit-learn's names")
    out.member("loss", estimator.loss)
    out.member("baseline_prediction", np.asarray(estimator._baseline_prediction, dtype=float).ravel())
    categorical = getattr(estimator, "is_categorical_", None)
    out.member("is_categorical_", None if categorical is None else [bool(c) for c in categorical])
    if categorical is not None and any(categorical):
        _categories(out, estimator, np.asarray(categorical, dtype=bool))
    out.key("predictors")
    out.open("[")
    for stage in predictors:
        out.open("[")
        for predictor in stage:
            _histogram_tree(out, predictor)
        out.close("]")
    out.close("]")


def _categories(out, estimator, categorical):
    preprocessor = getattr(estimator, "_preprocessor", None)
    if preprocessor is not None:
        encoder = preprocessor.named_transformers_["encoder"]
        if getattr(encoder, "infrequent_categories_", None) and any(
            c is not None for c in encoder.infrequent_categories_
        ):
            raise ValueError("the format cannot say infrequent categories")
        # Categorical columns come first inside, then the others.
        columns = np.arange(len(categorical))
        out.member("feature_map", np.concatenate([columns[categorical], columns[~categorical]]))
        out.member("categories_", [_category_values(c) for c in encoder.categories_])
        out.member("category_encoding", "ordinal")
    else:
        out.member("category_encoding", "raw")
        thresholds = estimator._bin_mapper.bin_thresholds_
        out.member("known_categories", [[int(c) for c in thresholds[i]] for i in np.flatnonzero(categorical)])


def _category_values(values):
    values = np.asarray(values)
    if values.dtype.kind not in "biuf":
        raise TypeError("categories must be numbers, not %s: encode them before training" % values.dtype)
    return [float(v) for v in values]


def _histogram_tree(out, predictor):
    nodes = predictor.nodes
    out.open("{")
    out.member("node_count", len(nodes))
    for name in ("value", "feature_idx", "num_threshold"):
        out.member(name, nodes[name])
    for name in ("missing_go_to_left", "left", "right", "is_leaf"):
        out.member(name, nodes[name].astype(int))
    if nodes["is_categorical"].any():
        out.member("is_categorical", nodes["is_categorical"].astype(int))
        out.member("bitset_idx", nodes["bitset_idx"].astype(int))
        out.member("raw_left_cat_bitsets", np.asarray(predictor.raw_left_cat_bitsets).astype(int))
    out.close("}")


# --- Start values, pipelines ------------------------------------------------------------------------

def _dummy_classifier(out, estimator):
    if estimator.strategy not in ("prior", "most_frequent"):
        raise ValueError("the format cannot say a DummyClassifier with strategy %r" % estimator.strategy)
    out.member("strategy", estimator.strategy)
    out.member("class_prior_", np.asarray(_fitted(estimator, "class_prior_"), dtype=float))


def _dummy_regressor(out, estimator):
    out.member("strategy", estimator.strategy)
    out.member("constant_", np.asarray(_fitted(estimator, "constant_"), dtype=float).ravel())


def _pipeline(out, pipeline):
    out.key("steps")
    out.open("[")
    for name, step in pipeline.steps:
        out.open("[")
        out.value(str(name))
        if step is None or isinstance(step, str):
            out.value("passthrough")
        else:
            _estimator(out, step)
        out.close("]")
    out.close("]")


def _column(out, estimator, name):
    value = getattr(estimator, name, None)
    out.member(name, None if value is None else np.asarray(value, dtype=float))


def _standard_scaler(out, scaler):
    out.member("with_mean", bool(scaler.with_mean))
    out.member("with_std", bool(scaler.with_std))
    _column(out, scaler, "mean_")
    _column(out, scaler, "scale_")


def _min_max_scaler(out, scaler):
    _column(out, scaler, "scale_")
    _column(out, scaler, "min_")
    out.member("clip", bool(scaler.clip))
    out.member("feature_range", [float(end) for end in scaler.feature_range])


def _robust_scaler(out, scaler):
    _column(out, scaler, "center_")
    _column(out, scaler, "scale_")


def _max_abs_scaler(out, scaler):
    if getattr(scaler, "clip", False):
        raise ValueError("the format cannot say a MaxAbsScaler that clips")
    _column(out, scaler, "scale_")


def _simple_imputer(out, imputer):
    marker = imputer.missing_values
    if not (isinstance(marker, float) and math.isnan(marker)):
        raise ValueError("the format cannot say an imputer whose missing value is not NaN")
    if imputer.add_indicator:
        raise ValueError("the format cannot say indicator columns")
    statistics = np.asarray(_fitted(imputer, "statistics_"))
    if statistics.dtype.kind not in "biuf" or np.isnan(statistics.astype(float)).any():
        raise ValueError("the format cannot say an imputer of columns that are not numbers, or that were all missing")
    out.member("statistics_", statistics.astype(float))


_WRITERS = {
    "GradientBoostingClassifier": _gradient_boosting,
    "GradientBoostingRegressor": _gradient_boosting,
    "HistGradientBoostingClassifier": _hist_gradient_boosting,
    "HistGradientBoostingRegressor": _hist_gradient_boosting,
    "AdaBoostClassifier": _ada_boost,
    "AdaBoostRegressor": _ada_boost,
    "BaggingClassifier": _bagging,
    "BaggingRegressor": _bagging,
    "IsolationForest": _isolation_forest,
    "DummyClassifier": _dummy_classifier,
    "DummyRegressor": _dummy_regressor,
    "Pipeline": _pipeline,
    "StandardScaler": _standard_scaler,
    "MinMaxScaler": _min_max_scaler,
    "RobustScaler": _robust_scaler,
    "MaxAbsScaler": _max_abs_scaler,
    "SimpleImputer": _simple_imputer,
}
_WRITERS.update(dict.fromkeys(TREE_CLASSES, _plain_tree))
_WRITERS.update(dict.fromkeys(FORESTS, _forest))


# --- Command line -----------------------------------------------------------------------------------

def _load(path):
    """Unpickles, and refuses a model that another release wrote: its rules would be mixed up."""
    import joblib

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        estimator = joblib.load(path)
    for warning in caught:
        if "unpickle estimator" in str(warning.message):
            raise ValueError("%s\nrun this script with the scikit-learn release that wrote the file" % warning.message)
    return estimator


def main():
    parser = argparse.ArgumentParser(
        description="Writes a pickled scikit-learn tree model as JSON.",
        epilog="WARNING: loading a pickle or joblib file runs the code inside it. Only load files that you trust.",
    )
    parser.add_argument("model", help="a pickle or joblib file of a fitted estimator")
    parser.add_argument("-o", "--output", required=True, help="the JSON file to write; .gz compresses it")
    arguments = parser.parse_args()
    print("warning: loading %s runs the code inside it" % arguments.model, file=sys.stderr)
    try:
        dump(_load(arguments.model), arguments.output)
    except (TypeError, ValueError) as error:
        print("%s: error: %s" % (arguments.model, error), file=sys.stderr)
        return 65
    except OSError as error:
        print("error: %s" % error, file=sys.stderr)
        return 74
    return 0


if __name__ == "__main__":
    sys.exit(main())
