"""Peers that score from Python: each in a process of its own, which waits until it is asked for the next round.

    python engines.py PEER SHAPE CACHE

prints `ready`, then answers a line on standard input by a line: `scores PATH` writes the scores as .npy; `batch` and `single`
tell nanoseconds an event of processor time. One thread; libraries get the arrays that they like best, made beforehand.
"""

import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TBB_NUM_THREADS"):
    os.environ[name] = "1"

import numpy  # noqa: E402

import shapes  # noqa: E402

BUDGET = 50_000_000
# Some are so slow that fewer events must do.
ROWS = {"treelite GTIL": 2_000}


def xgboost_engine(path, x):
    import xgboost

    booster = xgboost.Booster(model_file=path)
    booster.set_param({"nthread": 1})
    return booster.inplace_predict, x


def lightgbm_engine(path, x):
    import lightgbm

    booster = lightgbm.Booster(model_file=path)
    return lambda rows: booster.predict(rows, num_threads=1), x


def catboost_engine(path, x):
    import catboost

    model = catboost.CatBoost().load_model(path)
    # A pool of features that are objects of the library already is what its own benchmarks use; arrays are what people have.
    return lambda rows: model.predict(rows, prediction_type="RawFormulaVal", thread_count=1), x


def sklearn_engine(path, x):
    import joblib

    model = joblib.load(path)
    if hasattr(model, "n_jobs"):
        model.n_jobs = 1
    return lambda rows: model.predict_proba(rows)[:, 1], x


def daal4py_engine(path, x):
    import daal4py

    daal4py.daalinit(nthreads=1)
    if path.endswith(".txt"):
        import lightgbm

        trained = lightgbm.Booster(model_file=path)
    elif path.endswith(".cbm"):
        import catboost

        trained = catboost.CatBoostClassifier().load_model(path)
    else:
        import xgboost

        trained = xgboost.Booster(model_file=path)
    model = daal4py.mb.convert_model(trained)
    return lambda rows: model.predict_proba(rows)[:, 1], x


def onnx_engine(path, x):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(onnx_file(path, x.shape[1]), options, providers=["CPUExecutionProvider"])
    name, output = session.get_inputs()[0].name, session.get_outputs()[-1].name

    def predict(rows):
        found = session.run([output], {name: rows})[0]
        return found[:, 1] if isinstance(found, numpy.ndarray) else numpy.array([row[1] for row in found])

    return predict, x


def onnx_file(path, features):
    """The model as the usual converters write it, next to the model."""
    target = os.path.splitext(path)[0] + ".converted.onnx"
    if os.path.exists(target):
        return target
    from onnxmltools.convert.common.data_types import FloatTensorType

    types = [("x", FloatTensorType([None, features]))]
    if path.endswith(".joblib"):
        import joblib
        from skl2onnx import convert_sklearn
        from skl2onnx.common.data_types import FloatTensorType as SklearnTensorType

        model = joblib.load(path)
        converted = convert_sklearn(
            model, initial_types=[("x", SklearnTensorType([None, features]))], options={id(model): {"zipmap": False}}
        )
    elif path.endswith(".txt"):
        import lightgbm
        from onnxmltools import convert_lightgbm

        converted = convert_lightgbm(lightgbm.Booster(model_file=path), initial_types=types, zipmap=False)
    elif path.endswith(".cbm"):
        import catboost

        catboost.CatBoostClassifier().load_model(path).save_model(target, format="onnx")
        return target
    else:
        import xgboost
        from onnxmltools import convert_xgboost

        model = xgboost.XGBClassifier()
        model.load_model(path)
        converted = convert_xgboost(model, initial_types=types)
    with open(target, "wb") as file:
        file.write(converted.SerializeToString())
    return target


def treelite_engine(path, x):
    import treelite

    model = treelite_model(path)
    return lambda rows: treelite.gtil.predict(model, rows, nthread=1)[:, 0, -1], x


def treelite_model(path):
    import treelite

    if path.endswith(".joblib"):
        import joblib

        return treelite.sklearn.import_model(joblib.load(path))
    if path.endswith(".txt"):
        return treelite.frontend.load_lightgbm_model(path)
    return treelite.frontend.load_xgboost_model(path)


def ydf_engine(path, x):
    import joblib
    import ydf

    model = ydf.from_sklearn(joblib.load(path))
    data = {"features": x}
    return lambda rows: model.predict({"features": rows} if rows is not x else data), x


def lleaves_engine(path, x):
    import lleaves

    model = lleaves.Model(model_file=path)
    model.compile(cache=path + ".lleaves")
    wide = x.astype(numpy.float64)
    return lambda rows: model.predict(rows, n_jobs=1), wide


def petrify_engine(path, x):
    """The emitted Python module, `path`: asked for an array of many events, or for a list that is one."""
    import importlib.util

    specification = importlib.util.spec_from_file_location("petrified", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return lambda rows: module.evaluate(rows if len(rows) > 1 else rows[0].tolist()), x


ENGINES = {
    "XGBoost inplace_predict": (xgboost_engine, ["xgboost"]),
    "LightGBM predict": (lightgbm_engine, ["lightgbm"]),
    "CatBoost predict": (catboost_engine, ["catboost"]),
    "scikit-learn": (sklearn_engine, ["sklearn"]),
    "daal4py": (daal4py_engine, ["xgboost", "lightgbm", "catboost"]),
    "onnxruntime": (onnx_engine, ["xgboost", "lightgbm", "catboost", "sklearn"]),
    "treelite GTIL": (treelite_engine, ["xgboost", "lightgbm", "sklearn"]),
    "YDF from_sklearn": (ydf_engine, ["sklearn"]),
    "lleaves": (lleaves_engine, ["lightgbm"]),
    "petrify Python": (petrify_engine, ["xgboost", "lightgbm", "catboost", "sklearn"]),
}
# What ends in refusals or would take hours to compile; the reasons are told in the table.
IMPOSSIBLE = {
    ("YDF from_sklearn", "sk_gb_100x4"): "only random forests are taken",
    ("lleaves", "lgb_1000x127"): "more than ten minutes to compile",
}


def measured(work, rows):
    """Nanoseconds an event. A first call warms up, which for large forests is the only one that is not counted."""
    work(rows[: min(len(rows), 256)])
    calls = 1
    while True:
        start = time.process_time_ns()
        for _ in range(calls):
            work(rows)
        taken = time.process_time_ns() - start
        if taken >= BUDGET:
            return taken / calls / len(rows)
        calls *= 2


def main():
    peer, key, cache, path = sys.argv[1:5]
    shape = next(shape for shape in shapes.SHAPES if shape.key == key)
    x = numpy.ascontiguousarray(numpy.load(shapes.events(cache, shape))[: min(shape.batch, ROWS.get(peer, shape.batch))])
    predict, rows = ENGINES[peer][0](path, x)
    print("ready", len(rows), flush=True)
    turn = 0
    for line in sys.stdin:
        words = line.split(maxsplit=1)
        if words[0] == "scores":
            numpy.save(words[1].strip(), numpy.asarray(predict(rows[: shape.checked]), dtype=numpy.float64))
            print("done", flush=True)
        elif words[0] == "batch":
            print(measured(predict, rows), flush=True)
        else:
            # One event a call: what a Python loop pays, calls included. Other events each time.
            turn += 200
            some = [rows[(turn + i) % len(rows) : (turn + i) % len(rows) + 1] for i in range(200)]
            start = time.process_time_ns()
            for row in some:
                predict(row)
            print((time.process_time_ns() - start) / len(some), flush=True)


if __name__ == "__main__":
    main()
