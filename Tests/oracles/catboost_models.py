#!/usr/bin/env python3
"""Trains models with CatBoost and writes what CatBoost itself says of them: cases for oracle.py, model.cbm and model.json.

    catboost_models.py FOLDER --seed N --rows N [--reduced] [--only TEXT]

The scores are those of the model in memory: CatBoost's own reader of JSON does not keep the last bits.
"""
import json

import catboost
import numpy as np

import trainer_data
from trainer_data import NAMES

REDUCED = {"logloss_min", "multiclass", "poisson", "depthwise"}


def models(seed):
    """Name, kind of data, target, parameters."""
    pick = np.random.default_rng(seed)

    def size():
        return {"iterations": int(pick.integers(4, 14)), "depth": int(pick.integers(1, 7)),
                "learning_rate": round(float(pick.uniform(0.05, 0.8)), 3)}

    yield "logloss", "plain", "two", {"loss_function": "Logloss", **size()}
    yield "logloss_min", "missing", "two", {"loss_function": "Logloss", "nan_mode": "Min", **size()}
    yield "logloss_max", "missing", "two", {"loss_function": "Logloss", "nan_mode": "Max", **size()}
    yield "logloss_scaled", "missing", "two", {"loss_function": "Logloss", **size(), "scale": (0.37, -1.25)}
    yield "cross_entropy", "plain", "share", {"loss_function": "CrossEntropy", **size()}
    yield "multiclass", "missing", "four", {"loss_function": "MultiClass", **size()}
    yield "multiclass_words", "plain", "words", {"loss_function": "MultiClass", **size()}
    yield "one_against_all", "missing", "four", {"loss_function": "MultiClassOneVsAll", **size()}
    yield "rmse", "missing", "real", {"loss_function": "RMSE", **size()}
    yield "mae", "plain", "real", {"loss_function": "MAE", **size()}
    yield "quantile", "missing", "real", {"loss_function": "Quantile:alpha=0.8", **size()}
    yield "mape", "plain", "positive", {"loss_function": "MAPE", **size()}
    yield "poisson", "missing", "count", {"loss_function": "Poisson", **size()}
    yield "tweedie", "plain", "positive", {"loss_function": "Tweedie:variance_power=1.4", **size()}
    yield "two_targets", "missing", "both", {"loss_function": "MultiRMSE", **size()}
    yield "depthwise", "missing", "two", {"loss_function": "Logloss", "grow_policy": "Depthwise", "nan_mode": "Max", **size()}
    yield "lossguide", "plain", "real", {"loss_function": "RMSE", "grow_policy": "Lossguide", "max_leaves": 20, **size()}
    yield "depthwise_classes", "missing", "four", {"loss_function": "MultiClass", "grow_policy": "Depthwise", **size()}
    yield "few_borders", "missing", "real", {"loss_function": "RMSE", "border_count": 3, **size()}
    yield "deep", "missing", "two", {"loss_function": "Logloss", "iterations": 5, "depth": 10}
    yield "ordered", "plain", "two", {"loss_function": "Logloss", "boosting_type": "Ordered", **size()}
    yield "started", "plain", "real", {"loss_function": "RMSE", "boost_from_average": True, **size()}


def make(folder, rng, rows, kind, target, parameters):
    x = trainer_data.events(rng, 1500, kind)
    y = trainer_data.targets(rng, x)[target]
    parameters = dict(parameters)
    scale = parameters.pop("scale", None)
    model = catboost.CatBoost({"thread_count": 1, "random_seed": int(rng.integers(1 << 30)), "verbose": False,
                               "allow_writing_files": False, **parameters})
    model.fit(catboost.Pool(x, y, feature_names=NAMES))
    if scale:
        model.set_scale_and_bias(*scale)
    model.save_model(str(folder / "model.cbm"))
    model.save_model(str(folder / "model.json"), format="json")
    saved = json.loads((folder / "model.json").read_text())
    found = [(feature["flat_feature_index"], border) for feature in saved["features_info"]["float_features"]
             for border in feature["borders"] or []]
    table = trainer_data.rows_for(rng, found, rows, kind, trainer_data.ODD + [np.inf, -np.inf, 1e300, -1e300])
    loss = parameters["loss_function"].split(":")[0]
    raw = model.predict(table, prediction_type="RawFormulaVal", thread_count=1)
    if loss in ("Logloss", "CrossEntropy", "MultiClass", "MultiClassOneVsAll"):
        reported = model.predict(table, prediction_type="Probability", thread_count=1)
    elif loss in ("Poisson", "Tweedie"):
        reported = model.predict(table, prediction_type="Exponent", thread_count=1)
    else:
        reported = raw
    leaves = model.calc_leaf_indexes(catboost.Pool(table), thread_count=1) if "grow_policy" not in parameters else None
    trainer_data.write(folder, table, {**trainer_data.columns("raw", raw), **trainer_data.columns("pred", reported)}, leaves)


if __name__ == "__main__":
    trainer_data.main(__doc__, models, REDUCED, make)
