#!/usr/bin/env python3
"""Trains models with XGBoost and writes what XGBoost itself says of them: cases for oracle.py, model.json and model.ubj.

    xgboost_models.py FOLDER --seed N --rows N [--reduced] [--only TEXT]
"""
import json, os

os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
import xgboost

import trainer_data
from trainer_data import CATEGORICAL, FEATURES, NAMES

REDUCED = {"logistic_missing", "softprob", "categories", "dart", "poisson", "two_targets"}


def models(seed):
    """Name, kind of data, target, parameters, rounds."""
    pick = np.random.default_rng(seed)

    def few():
        return int(pick.integers(4, 14))

    def depth(least=2):
        return {"max_depth": int(pick.integers(least, least + 4)), "eta": round(float(pick.uniform(0.1, 0.9)), 3)}

    yield "logistic", "plain", "two", {"objective": "binary:logistic", **depth()}, few()
    yield "logistic_missing", "missing", "two", {"objective": "binary:logistic", **depth(4)}, few()
    yield "logistic_base_score", "missing", "two", {"objective": "binary:logistic", "base_score": 0.2, **depth()}, few()
    yield "logistic_weighted", "plain", "two", {"objective": "binary:logistic", "scale_pos_weight": 7.5, "max_delta_step": 1, **depth()}, few()
    yield "logitraw", "missing", "two", {"objective": "binary:logitraw", **depth()}, few()
    yield "hinge", "plain", "two", {"objective": "binary:hinge", **depth()}, few()
    yield "squared", "missing", "real", {"objective": "reg:squarederror", **depth()}, few()
    yield "squared_log", "plain", "positive", {"objective": "reg:squaredlogerror", **depth()}, few()
    yield "absolute", "missing", "real", {"objective": "reg:absoluteerror", **depth()}, few()
    yield "pseudohuber", "plain", "real", {"objective": "reg:pseudohubererror", "huber_slope": 2.5, **depth()}, few()
    yield "quantile", "plain", "real", {"objective": "reg:quantileerror", "quantile_alpha": 0.7, **depth()}, few()
    yield "quantiles", "plain", "real", {"objective": "reg:quantileerror", "quantile_alpha": [0.1, 0.5, 0.9], **depth()}, few()
    yield "share", "missing", "share", {"objective": "reg:logistic", **depth()}, few()
    yield "poisson", "missing", "count", {"objective": "count:poisson", **depth()}, few()
    yield "gamma", "plain", "positive", {"objective": "reg:gamma", **depth()}, few()
    yield "tweedie", "missing", "positive", {"objective": "reg:tweedie", "tweedie_variance_power": 1.3, **depth()}, few()
    yield "cox", "plain", "positive", {"objective": "survival:cox", **depth()}, few()
    yield "softprob", "missing", "four", {"objective": "multi:softprob", "num_class": 4, **depth()}, few()
    yield "softmax", "plain", "four", {"objective": "multi:softmax", "num_class": 4, **depth()}, few()
    yield "rank", "plain", "grade", {"objective": "rank:ndcg", **depth()}, few()
    yield "rank_pairwise", "missing", "grade", {"objective": "rank:pairwise", **depth()}, few()
    yield "dart", "missing", "two", {
        "objective": "binary:logistic", "booster": "dart", "rate_drop": 0.4, "normalize_type": "forest", **depth()}, few()
    yield "dart_softprob", "missing", "four", {
        "objective": "multi:softprob", "num_class": 4, "booster": "dart", "rate_drop": 0.5, "one_drop": 1, **depth()}, few()
    yield "random_forest", "plain", "two", {
        "objective": "binary:logistic", "num_parallel_tree": few(), "subsample": 0.6, "colsample_bynode": 0.7, **depth(), "eta": 1}, 1
    yield "boosted_forests", "missing", "four", {
        "objective": "multi:softprob", "num_class": 4, "num_parallel_tree": 3, "subsample": 0.6, **depth()}, 3
    yield "leafwise", "plain", "real", {"grow_policy": "lossguide", "max_leaves": 20, "max_depth": 0, "eta": 0.3}, few()
    yield "pruned", "missing", "two", {"objective": "binary:logistic", "tree_method": "exact", "gamma": 2, **depth(4)}, few()
    yield "approximate", "plain", "two", {"objective": "binary:logistic", "tree_method": "approx", **depth()}, few()
    yield "constant", "plain", "real", {"min_child_weight": 1e9, **depth()}, 3
    yield "two_targets", "missing", "both", {"objective": "reg:squarederror", **depth()}, few()
    yield "vector_leaves", "plain", "both", {"objective": "reg:squarederror", "multi_strategy": "multi_output_tree", **depth()}, few()
    yield "vector_leaves_4", "missing", "four", {
        "objective": "multi:softprob", "num_class": 4, "multi_strategy": "multi_output_tree", **depth()}, few()
    yield "categories", "categories", "two", {"objective": "binary:logistic", "max_cat_to_onehot": 1, **depth(3)}, few()
    yield "categories_onehot", "categories", "real", {"max_cat_to_onehot": 200, **depth(3)}, few()
    yield "deep", "missing", "two", {"objective": "binary:logistic", "max_depth": 9, "eta": 0.2}, few()


def matrix(x, kind, names, **more):
    types = ["c" if kind == "categories" and column in CATEGORICAL else "q" for column in range(FEATURES)]
    return xgboost.DMatrix(x, feature_names=names, feature_types=types if kind == "categories" else None,
                           enable_categorical=kind == "categories", nthread=1, **more)


def make(folder, rng, rows, kind, target, parameters, rounds):
    x = trainer_data.events(rng, 1500, kind)
    y = trainer_data.targets(rng, x)[target]
    names = NAMES if rng.random() < 0.7 else None
    groups = {"group": [50] * 30} if "rank" in parameters.get("objective", "") else {}
    booster = xgboost.train({"nthread": 1, "seed": int(rng.integers(1 << 30)), **parameters}, matrix(x, kind, names, label=y, **groups), rounds)
    booster.save_model(folder / "model.json")
    booster.save_model(folder / "model.ubj")
    table = trainer_data.rows_for(rng, thresholds(folder / "model.json"), rows, kind)
    if kind == "categories":  # XGBoost refuses categories below 0 in a matrix
        for column in CATEGORICAL:
            table[table[:, column] < 0, column] = np.nan
            table[table[:, column] >= 1 << 24, column] = 16777215
            table[:, column] = np.trunc(table[:, column])
    data = matrix(table, kind, names)
    scores = {**trainer_data.columns("margin", booster.predict(data, output_margin=True)),
              **trainer_data.columns("pred", booster.predict(data))}
    leaves = booster.predict(data, pred_leaf=True)
    trainer_data.write(folder, table, {name: column.astype(np.float64) for name, column in scores.items()},
                       leaves if leaves.ndim <= 2 else None, names or [f"x{index}" for index in range(FEATURES)])


def thresholds(path):
    """(column, threshold) of all numerical splits in a saved model."""
    booster = json.loads(path.read_text())["learner"]["gradient_booster"]
    for tree in booster.get("gbtree", booster)["model"]["trees"]:
        for left, column, value, kind in zip(tree["left_children"], tree["split_indices"], tree["split_conditions"], tree["split_type"]):
            if left >= 0 and kind == 0:
                yield column, float(np.float32(value))


if __name__ == "__main__":
    trainer_data.main(__doc__, models, REDUCED, make)
