#!/usr/bin/env python3
"""Trains models with LightGBM and writes what LightGBM itself says of them: cases for oracle.py, model.txt and model.dump.json.

    lightgbm_models.py FOLDER --seed N --rows N [--reduced] [--only TEXT]
"""
import json

import lightgbm
import numpy as np

import trainer_data
from trainer_data import CATEGORICAL, FEATURES, NAMES

REDUCED = {"binary_missing", "multiclass", "categories", "linear_missing", "forest", "zero_as_missing"}


def models(seed):
    """Name, kind of data, target, parameters, rounds."""
    pick = np.random.default_rng(seed)

    def few():
        return int(pick.integers(4, 14))

    def size(least=4):
        return {"num_leaves": int(pick.integers(least, least + 14)), "learning_rate": round(float(pick.uniform(0.05, 0.6)), 3)}

    yield "binary", "plain", "two", {"objective": "binary", **size()}, few()
    yield "binary_missing", "missing", "two", {"objective": "binary", **size(12)}, few()
    yield "binary_sigmoid", "missing", "two", {"objective": "binary", "sigmoid": 2.3, **size()}, few()
    yield "binary_unbalanced", "plain", "two", {"objective": "binary", "is_unbalance": True, "boost_from_average": False, **size()}, few()
    yield "zero_as_missing", "zeros", "two", {"objective": "binary", "zero_as_missing": True, **size(12)}, few()
    yield "no_missing", "missing", "two", {"objective": "binary", "use_missing": False, **size()}, few()
    yield "zeros", "zeros", "real", {"objective": "regression", **size()}, few()
    yield "multiclass", "missing", "four", {"objective": "multiclass", "num_class": 4, **size()}, few()
    yield "one_against_all", "plain", "four", {"objective": "multiclassova", "num_class": 4, "sigmoid": 1.7, **size()}, few()
    yield "cross_entropy", "missing", "share", {"objective": "cross_entropy", **size()}, few()
    yield "cross_entropy_lambda", "plain", "share", {"objective": "cross_entropy_lambda", **size()}, few()
    for name in ["regression_l1", "huber", "fair", "quantile", "mape"]:
        yield name, "plain", "real", {"objective": name, **size()}, few()
    yield "square_root", "missing", "real", {"objective": "regression", "reg_sqrt": True, **size()}, few()
    yield "poisson", "missing", "count", {"objective": "poisson", **size()}, few()
    yield "gamma", "plain", "positive", {"objective": "gamma", **size()}, few()
    yield "tweedie", "missing", "positive", {"objective": "tweedie", **size()}, few()
    yield "lambdarank", "plain", "grade", {"objective": "lambdarank", **size()}, few()
    yield "xendcg", "missing", "grade", {"objective": "rank_xendcg", **size()}, few()
    bagged = {"boosting": "rf", "bagging_fraction": 0.6, "bagging_freq": 1, "feature_fraction": 0.7}
    yield "forest", "plain", "two", {"objective": "binary", **bagged, **size()}, few()
    yield "forest_regression", "missing", "real", {"objective": "regression", **bagged, **size()}, few()
    yield "forest_classes", "plain", "four", {"objective": "multiclass", "num_class": 4, **bagged, **size()}, few()
    yield "dart", "missing", "two", {"objective": "binary", "boosting": "dart", "drop_rate": 0.5, "skip_drop": 0.2, **size()}, few()
    yield "goss", "plain", "two", {"objective": "binary", "data_sample_strategy": "goss", **size()}, few()
    yield "linear", "plain", "real", {"objective": "regression", "linear_tree": True, **size()}, few()
    yield "linear_missing", "missing", "two", {"objective": "binary", "linear_tree": True, "linear_lambda": 0.1, **size()}, few()
    yield "categories", "categories", "two", {"objective": "binary", "max_cat_to_onehot": 2, "min_data_per_group": 5, "cat_smooth": 1, **size(12)}, few()
    yield "categories_onehot", "categories", "real", {"objective": "regression", "max_cat_to_onehot": 100, "min_data_per_group": 1, **size()}, few()
    yield "categories_classes", "categories", "four", {"objective": "multiclass", "num_class": 4, "min_data_per_group": 5, **size()}, few()
    yield "custom", "plain", "two", {"objective": "custom", **size()}, few()
    yield "constant", "plain", "real", {"objective": "regression", "min_data_in_leaf": 1000, **size()}, 3
    yield "monotone", "plain", "real", {"objective": "regression", "monotone_constraints": [1] + [0] * (FEATURES - 1), **size()}, few()
    yield "large", "missing", "two", {"objective": "binary", "num_leaves": 200, "min_data_in_leaf": 2, "learning_rate": 0.1}, few()


def logistic_gradient(scores, data):
    p = 1 / (1 + np.exp(-scores))
    return p - data.get_label(), p * (1 - p)


def make(folder, rng, rows, kind, target, parameters, rounds):
    x = trainer_data.events(rng, 1500, kind)
    y = trainer_data.targets(rng, x)[target]
    if parameters["objective"] == "custom":
        parameters = {**parameters, "objective": logistic_gradient}
    groups = {"group": [50] * 30} if parameters["objective"] in ("lambdarank", "rank_xendcg") else {}
    common = {"num_threads": 1, "verbosity": -1, "deterministic": True, "seed": int(rng.integers(1 << 30))}
    data = lightgbm.Dataset(x, y, feature_name=NAMES, categorical_feature=CATEGORICAL if kind == "categories" else [],
                            params={"verbosity": -1, "linear_tree": parameters.get("linear_tree", False)}, **groups)
    booster = lightgbm.train({**common, **parameters}, data, rounds)
    booster.save_model(folder / "model.txt")
    dump = booster.dump_model()
    (folder / "model.dump.json").write_text(json.dumps(dump))
    infinite = [np.inf, -np.inf, 1e300, -1e300]
    table = trainer_data.rows_for(rng, thresholds(dump), rows, kind, trainer_data.ODD + infinite)
    scores = {**trainer_data.columns("raw", booster.predict(table, raw_score=True, num_threads=1)),
              **trainer_data.columns("pred", booster.predict(table, num_threads=1))}
    leaves = booster.predict(table, pred_leaf=True, num_threads=1)
    trainer_data.write(folder, table, scores, leaves)


def thresholds(dump):
    """(column, threshold) of all numerical splits."""
    nodes = [tree["tree_structure"] for tree in dump["tree_info"]]
    while nodes:
        node = nodes.pop()
        if "split_feature" in node:
            if node["decision_type"] == "<=":
                yield node["split_feature"], node["threshold"]
            nodes += [node["left_child"], node["right_child"]]


if __name__ == "__main__":
    trainer_data.main(__doc__, models, REDUCED, make)
