#!/usr/bin/env python3
"""Converts freshly trained models to ONNX, makes others by hand, and writes what onnxruntime says of them: cases for oracle.py.

    onnx_models.py FOLDER --seed N --rows N [--reduced] [--only TEXT]

Converters: skl2onnx (scikit-learn) and onnxmltools (XGBoost, LightGBM). By hand: the tree operators of all versions, with every
mode, aggregate and transform, in float32 and float64. One thread, since with more onnxruntime's sums depend on the machine.
"""
import json, os

os.environ["OMP_NUM_THREADS"] = "1"
import lightgbm
import numpy as np
import onnx
import onnxruntime
import xgboost
from onnx import TensorProto, helper, numpy_helper
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import to_onnx
from sklearn.ensemble import (
    ExtraTreesClassifier, ExtraTreesRegressor, GradientBoostingClassifier, GradientBoostingRegressor, RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

import trainer_data
from trainer_data import FEATURES, NAMES

REDUCED = {"skl_forest_classifier", "skl_boosting_4", "xgb_binary", "lgb_binary", "hand_modes", "hand_double", "hand_version_5",
           "hand_classifier_softmax"}
# onnxruntime approximates their exponentials with what vector unit the machine has.
APPROXIMATE = {"Sigmoid", "Softmax"}
MODES = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]


def models(seed):
    """Name, kind of data, and how it is made: from a generator and data to an ONNX model and thresholds."""
    pick = np.random.default_rng(seed)
    state = {"random_state": seed % (1 << 32)}

    def few():
        return int(pick.integers(4, 12))

    def depth():
        return {"max_depth": int(pick.integers(2, 6))}

    for name, target, estimator in [
        ("tree", "two", DecisionTreeClassifier(**depth(), **state)),
        ("tree_words", "words", DecisionTreeClassifier(**depth(), **state)),
        ("tree_targets", "both", DecisionTreeRegressor(**depth(), **state)),
        ("forest_classifier", "two", RandomForestClassifier(few(), **depth(), **state)),
        ("forest_4", "four", RandomForestClassifier(few(), **depth(), **state)),
        ("forest_regressor", "real", RandomForestRegressor(few(), **depth(), **state)),
        ("extra", "words", ExtraTreesClassifier(few(), **depth(), **state)),
        ("extra_targets", "both", ExtraTreesRegressor(few(), **depth(), **state)),
        ("boosting", "two", GradientBoostingClassifier(n_estimators=few(), **depth(), **state)),
        ("boosting_4", "four", GradientBoostingClassifier(n_estimators=few(), **depth(), **state)),
        ("boosting_regressor", "real", GradientBoostingRegressor(n_estimators=few(), **depth(), **state)),
        ("scaled_forest", "two", make_pipeline(StandardScaler(), RandomForestClassifier(few(), **depth(), **state))),
        ("scaled_boosting", "real", make_pipeline(MinMaxScaler(), GradientBoostingRegressor(n_estimators=few(), **depth(), **state))),
    ]:
        yield f"skl_{name}", "plain", converted(estimator, target, from_sklearn)
    for name, target, estimator in [
        ("binary", "two", xgboost.XGBClassifier(n_estimators=few(), **depth(), **state)),
        ("4", "four", xgboost.XGBClassifier(n_estimators=few(), **depth(), **state)),
        ("regressor", "real", xgboost.XGBRegressor(n_estimators=few(), **depth(), **state)),
    ]:
        yield f"xgb_{name}", "missing", converted(estimator, target, from_xgboost)
    for name, target, estimator in [
        ("binary", "two", lightgbm.LGBMClassifier(n_estimators=few(), num_leaves=12, verbosity=-1, **state)),
        ("4", "four", lightgbm.LGBMClassifier(n_estimators=few(), num_leaves=12, verbosity=-1, **state)),
        ("regressor", "real", lightgbm.LGBMRegressor(n_estimators=few(), num_leaves=12, verbosity=-1, **state)),
    ]:
        yield f"lgb_{name}", "missing", converted(estimator, target, from_lightgbm)

    yield "hand_modes", "missing", by_hand(few(), modes=MODES, targets=3)
    yield "hand_average", "missing", by_hand(few(), aggregate="AVERAGE", targets=3, base=True)
    yield "hand_average_1", "plain", by_hand(few(), aggregate="AVERAGE", base=True)
    yield "hand_minimum", "plain", by_hand(few(), aggregate="MIN", targets=2)
    yield "hand_maximum", "missing", by_hand(few(), aggregate="MAX", base=True)
    yield "hand_softmax", "plain", by_hand(few(), transform="SOFTMAX", targets=3, base=True)
    yield "hand_softmax_zero", "plain", by_hand(few(), transform="SOFTMAX_ZERO", targets=4)
    yield "hand_logistic", "missing", by_hand(few(), transform="LOGISTIC", targets=3)
    yield "hand_several_weights", "plain", by_hand(few(), targets=4, several=True)
    yield "hand_one_leaf", "plain", by_hand(3, deepest=0, base=True)
    yield "hand_double", "missing", by_hand(few(), modes=MODES, version=3, double=True, base=True)
    yield "hand_double_targets", "plain", by_hand(few(), version=3, double=True, targets=3)
    yield "hand_tensors", "plain", by_hand(few(), version=3)
    yield "hand_classifier", "missing", by_hand(few(), classifier=True, targets=3)
    yield "hand_classifier_softmax", "missing", by_hand(few(), classifier=True, targets=4, transform="SOFTMAX", base=True)
    yield "hand_classifier_words", "plain", by_hand(few(), classifier=True, targets=3, transform="LOGISTIC", words=True)
    yield "hand_classifier_2", "plain", by_hand(few(), classifier=True, targets=2, transform="LOGISTIC", only_first=True)
    yield "hand_version_5", "missing", by_hand(few(), modes=MODES, version=5, targets=3)
    yield "hand_version_5_double", "missing", by_hand(few(), modes=MODES, version=5, double=True)
    yield "hand_version_5_average", "plain", by_hand(few(), version=5, targets=2, aggregate="AVERAGE")
    yield "hand_named_inputs", "missing", by_hand(few(), named=True)
    yield "hand_sigmoid_behind", "plain", by_hand(few(), behind="Sigmoid", base=True)
    yield "hand_softmax_behind", "plain", by_hand(few(), behind="Softmax", targets=3)


# --- Converted --------------------------------------------------------------------------------------

def converted(estimator, target, convert):
    def build(rng, kind):
        x = trainer_data.events(rng, 1500, kind).astype(np.float32)
        estimator.fit(x, trainer_data.targets(rng, x.astype(np.float64))[target])
        return convert(estimator, x, rng)
    return build


def from_sklearn(estimator, x, rng):
    last = estimator[-1] if hasattr(estimator, "steps") else estimator
    options = {id(last): {"zipmap": bool(rng.random() < 0.5)}} if hasattr(last, "classes_") else None
    return to_onnx(estimator, x[:1], options=options)


def from_xgboost(estimator, x, rng):
    return convert_xgboost(estimator, initial_types=[("X", FloatTensorType([None, FEATURES]))])


def from_lightgbm(estimator, x, rng):
    return convert_lightgbm(estimator, initial_types=[("X", FloatTensorType([None, FEATURES]))], zipmap=bool(rng.random() < 0.5))


# --- By hand ----------------------------------------------------------------------------------------

def by_hand(trees, version=1, double=False, classifier=False, targets=1, aggregate="SUM", transform="NONE", base=False, modes=MODES[:2],
            deepest=4, several=False, only_first=False, words=False, named=False, behind=None):
    number = np.float64 if double else np.float32

    def tree(rng, x, deep):
        """A leaf is a list of pairs of a target and a weight; a split is a tuple."""
        if deep == 0 or rng.random() < 0.1 and deep < deepest:
            chosen = range(targets) if several else [0 if only_first else int(rng.integers(0, targets))]
            return [(target, float(number(rng.normal() * (1 + 2 * rng.random())))) for target in chosen]
        column, mode = int(rng.integers(0, FEATURES)), str(rng.choice(modes))
        column = 3 if mode in ("BRANCH_EQ", "BRANCH_NEQ") and rng.random() < 0.8 else column  # a column of small integers
        value = float(number(rng.choice(x[:, column][~np.isnan(x[:, column])])))
        return (column, mode, value, int(rng.random() < 0.3), tree(rng, x, deep - 1), tree(rng, x, deep - 1))

    def build(rng, kind):
        x = trainer_data.events(rng, 300, kind)
        forest = [tree(rng, x, deepest) for _ in range(trees)]
        bases = [float(number(rng.normal())) for _ in range(targets)] if base else None
        attributes = version_5(forest) if version == 5 else tables(forest)
        scores = "scores"
        if version == 5:
            attributes["aggregate_function"] = {"AVERAGE": 0, "SUM": 1, "MIN": 2, "MAX": 3}[aggregate]
            attributes["n_targets"] = targets
        else:
            if classifier:
                labels = ["signal", "back, ground", "top", "other"][:targets] if words else [7 * index - 3 for index in range(targets)]
                attributes["classlabels_strings" if words else "classlabels_int64s"] = labels
            else:
                attributes.update(n_targets=targets, aggregate_function=aggregate)
            attributes["post_transform"] = transform
            if bases:
                attributes["base_values"] = bases
            if version == 3:
                as_tensors(attributes)
        operator = "TreeEnsemble" if version == 5 else "TreeEnsembleClassifier" if classifier else "TreeEnsembleRegressor"
        nodes, element = [], TensorProto.DOUBLE if double else TensorProto.FLOAT
        if named:
            inputs = [helper.make_tensor_value_info(name, element, [None, 1]) for name in NAMES]
            nodes.append(helper.make_node("Concat", NAMES, ["X"], axis=1))
        else:
            inputs = [helper.make_tensor_value_info("X", element, [None, FEATURES])]
        nodes.append(helper.make_node(operator, ["X"], (["label"] if classifier else []) + [scores], domain="ai.onnx.ml", **attributes))
        outputs = []
        if classifier:
            outputs.append(helper.make_tensor_value_info("label", TensorProto.STRING if words else TensorProto.INT64, [None]))
        kind_out = TensorProto.DOUBLE if double and version == 5 else TensorProto.FLOAT
        outputs.append(helper.make_tensor_value_info(scores, kind_out, [None, targets]))
        if behind:
            nodes.append(helper.make_node(behind, [scores], ["probabilities"]))
            outputs.append(helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, targets]))
        graph = helper.make_graph(nodes, "forest", inputs, outputs)
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", version)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)

    def tables(forest):
        """The tables of versions 1 and 3."""
        kind, target = ("class", "class_ids") if classifier else ("target", "target_ids")
        found = {name: [] for name in ["nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_modes", "nodes_values",
                                       "nodes_truenodeids", "nodes_falsenodeids", "nodes_missing_value_tracks_true",
                                       f"{kind}_treeids", f"{kind}_nodeids", target, f"{kind}_weights"]}

        def node(tree_id, split):
            index = sum(identifier == tree_id for identifier in found["nodes_treeids"])
            place = len(found["nodes_modes"])
            leaf = isinstance(split, list)
            row = [tree_id, index] + ([0, "LEAF", 0.0, 0, 0, 0] if leaf else [split[0], split[1], split[2], 0, 0, split[3]])
            for name, value in zip(list(found)[:8], row):
                found[name].append(value)
            if leaf:
                for output, weight in split:
                    for name, value in zip(list(found)[8:], [tree_id, index, output, weight]):
                        found[name].append(value)
            else:
                found["nodes_truenodeids"][place] = node(tree_id, split[4])
                found["nodes_falsenodeids"][place] = node(tree_id, split[5])
            return index

        for tree_id, root in enumerate(forest):
            node(tree_id, root)
        return found

    def as_tensors(attributes):
        for name in ["nodes_values", "target_weights", "class_weights", "base_values"]:
            if name in attributes:
                attributes[f"{name}_as_tensor"] = numpy_helper.from_array(np.array(attributes.pop(name), dtype=number), name)

    def version_5(forest):
        found = {name: [] for name in ["tree_roots", "nodes_featureids", "nodes_modes", "nodes_splits", "nodes_truenodeids", "nodes_trueleafs",
                                       "nodes_falsenodeids", "nodes_falseleafs", "nodes_missing_value_tracks_true"]}
        leaves = []

        def node(split):
            place = len(found["nodes_modes"])
            for name, value in zip(list(found)[1:], [split[0], MODES.index(split[1]), split[2], 0, 0, 0, 0, split[3]]):
                found[name].append(value)
            for side, child in [("true", split[4]), ("false", split[5])]:
                if isinstance(child, list):
                    index, leaf = len(leaves), 1
                    leaves.extend(child)
                else:
                    index, leaf = node(child), 0
                found[f"nodes_{side}nodeids"][place] = index
                found[f"nodes_{side}leafs"][place] = leaf
            return place

        for root in forest:
            found["tree_roots"].append(node(root))
        found["nodes_modes"] = numpy_helper.from_array(np.array(found["nodes_modes"], dtype=np.uint8), "modes")
        found["nodes_splits"] = numpy_helper.from_array(np.array(found["nodes_splits"], dtype=number), "splits")
        found["leaf_targetids"] = [target for target, _ in leaves]
        found["leaf_weights"] = numpy_helper.from_array(np.array([weight for _, weight in leaves], dtype=number), "weights")
        return found

    return build


# --- What onnxruntime says --------------------------------------------------------------------------

def thresholds(model):
    """(column, threshold) of all splits; what scalers make of them is left to chance."""
    for node in model.graph.node:
        found = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        for values in ["nodes_values", "nodes_values_as_tensor", "nodes_splits"]:
            if values in found:
                numbers = found[values] if values == "nodes_values" else numpy_helper.to_array(found[values])
                yield from zip(found["nodes_featureids"], map(float, numbers))


def make(folder, rng, rows, kind, build):
    model = build(rng, kind)
    onnx.checker.check_model(model)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    found = list(thresholds(model))
    scalers = [node for node in model.graph.node if node.op_type == "Scaler"]
    for scaler in scalers[:1]:  # thresholds as the inputs have them
        parts = {attribute.name: helper.get_attribute_value(attribute) for attribute in scaler.attribute}
        found = [(column, value / parts["scale"][column] + parts["offset"][column]) for column, value in found]
    table = trainer_data.rows_for(rng, found, rows, kind, trainer_data.ODD + [np.inf, -np.inf, 1e300])
    settings = onnxruntime.SessionOptions()
    settings.log_severity_level = 3
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])
    inputs = session.get_inputs()
    with np.errstate(over="ignore"):
        data = table if inputs[0].type == "tensor(double)" else table.astype(np.float32)
    named = len(inputs) > 1
    feed = {value.name: data[:, [index]] for index, value in enumerate(inputs)} if named else {inputs[0].name: data}
    scores, loose = {}, {}
    for value, result in zip(session.get_outputs(), session.run(None, feed)):
        if isinstance(result, list) and isinstance(result[0], dict):  # ZipMap
            result = np.array([list(row.values()) for row in result])
        if result.ndim == 2 and result.shape[1] == 1:
            result = result[:, 0]
        if result.dtype == np.float32:
            result = result.astype(np.float64)
        if value.type == "tensor(string)":  # results are numbers
            continue
        found = trainer_data.columns(value.name, result)
        scores.update(found)
        if any(value.name in node.output and node.op_type in APPROXIMATE for node in model.graph.node):
            loose.update(dict.fromkeys(found, 1e-6))
    if loose:
        (folder / "loose.json").write_text(json.dumps(loose))
    trainer_data.write(folder, table, scores, names=NAMES if named else [f"x{index}" for index in range(FEATURES)])


if __name__ == "__main__":
    trainer_data.main(__doc__, models, REDUCED, make)
