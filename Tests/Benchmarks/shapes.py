"""The forests that are measured, and the events that they are asked.

`python shapes.py CACHE [SHAPE ...]` trains what CACHE/models does not hold yet: small shapes first, one after another.
Each is trained by one thread, so that it is the same every time. The data is synthetic: a smooth signal with interactions, and enough noise that trees grow to the size that they may have.
"""

import os
import sys
from dataclasses import dataclass

import numpy

TRAINING_ROWS = 100_000
EVENT_ROWS = 100_000


@dataclass(frozen=True)
class Shape:
    """A forest to be trained. `file` is what petrify reads; peers load `native` if it is another file."""

    key: str
    title: str
    features: int
    file: str
    trainer: str
    rows: int = TRAINING_ROWS
    # The events of one batch call: fewer for the large forests.
    batch: int = 100_000

    @property
    def checked(self):
        """How many events' scores are compared."""
        return self.batch // 5

    @property
    def native(self):
        # CatBoost itself loses a bit when it reads its own JSON back.
        return {"sklearn": self.key + ".joblib", "catboost": self.key + ".cbm"}.get(self.trainer, self.file)


SHAPES = [
    Shape("xgb_100x4", "XGBoost 100 × depth 4, 20 inputs", 20, "xgb_100x4.json", "xgboost"),
    Shape("sk_gb_100x4", "scikit-learn GB 100 × depth 4, 20 inputs", 20, "sk_gb_100x4.json.gz", "sklearn"),
    Shape("xgb_500x6", "XGBoost 500 × depth 6, 30 inputs", 30, "xgb_500x6.json", "xgboost"),
    Shape("lgb_500x31", "LightGBM 500 × 31 leaves, 30 inputs", 30, "lgb_500x31.txt", "lightgbm"),
    Shape("cat_500x6", "CatBoost 500 oblivious, depth 6, 30 inputs", 30, "cat_500x6.json", "catboost"),
    Shape("lgb_1000x127", "LightGBM 1000 × 127 leaves, 50 inputs", 50, "lgb_1000x127.txt", "lightgbm", batch=50_000),
    Shape("sk_rf_200", "scikit-learn RF 200, unlimited depth, 30 inputs", 30, "sk_rf_200.json.gz", "sklearn", rows=20_000, batch=50_000),
    Shape("xgb_1000x8", "XGBoost 1000 × depth 8, 50 inputs", 50, "xgb_1000x8.json", "xgboost", batch=50_000),
]
QUICK = ["xgb_100x4", "sk_gb_100x4"]


def random_rows(count, features, seed):
    """Inputs of three kinds, as in an analysis: normal, exponential and uniform ones, all float32."""
    random = numpy.random.default_rng(seed)
    x = random.normal(size=(count, features))
    x[:, 1::3] = random.exponential(size=x[:, 1::3].shape)
    x[:, 2::3] = random.uniform(-1, 1, size=x[:, 2::3].shape)
    return x.astype(numpy.float32)


def training_data(shape):
    x = random_rows(shape.rows, shape.features, seed=1)
    random = numpy.random.default_rng(2)
    weights = random.normal(size=shape.features)
    z = x.astype(numpy.float64)
    signal = z @ weights * 0.4
    for i in range(0, shape.features - 1, 2):
        signal += weights[i] * z[:, i] * z[:, i + 1] + 0.5 * numpy.sin(3 * z[:, i + 1])
    noise = random.logistic(size=shape.rows) * 1.5
    return x, (signal - numpy.median(signal) + noise > 0).astype(int)


def events(cache, shape):
    """Fresh events, the same for all shapes with as many inputs; made once."""
    path = os.path.join(cache, "models", f"events_{shape.features}.npy")
    if not os.path.exists(path):
        numpy.save(path, random_rows(EVENT_ROWS, shape.features, seed=3))
    return path


def train(shape, folder):
    x, y = training_data(shape)
    path = os.path.join(folder, shape.file)
    if shape.trainer == "xgboost":
        import xgboost

        trees, depth = {"xgb_100x4": (100, 4), "xgb_500x6": (500, 6), "xgb_1000x8": (1000, 8)}[shape.key]
        model = xgboost.XGBClassifier(
            n_estimators=trees, max_depth=depth, learning_rate=0.1 if trees < 1000 else 0.05, tree_method="hist", n_jobs=1
        )
        model.fit(x, y)
        model.get_booster().save_model(path)
    elif shape.trainer == "lightgbm":
        import lightgbm

        trees, leaves = {"lgb_500x31": (500, 31), "lgb_1000x127": (1000, 127)}[shape.key]
        options = {"objective": "binary", "num_leaves": leaves, "learning_rate": 0.05, "num_threads": 1, "verbose": -1}
        lightgbm.train(options, lightgbm.Dataset(x, y), trees).save_model(path)
    elif shape.trainer == "catboost":
        import catboost

        model = catboost.CatBoostClassifier(
            iterations=500, depth=6, learning_rate=0.05, thread_count=1, verbose=False, allow_writing_files=False
        )
        model.fit(x, y)
        model.save_model(path, format="json")
        model.save_model(path.replace(".json", ".cpp"), format="cpp")
        model.save_model(path.replace(".json", ".cbm"))
    else:
        import joblib
        from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier

        sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Examples"))
        from dump_sklearn import dump

        if shape.key == "sk_gb_100x4":
            model = GradientBoostingClassifier(n_estimators=100, max_depth=4, max_features=8, random_state=1)
        else:
            model = RandomForestClassifier(n_estimators=200, random_state=1, n_jobs=1)
        model.fit(x, y)
        joblib.dump(model, os.path.join(folder, shape.native))
        dump(model, path)


def make(cache, keys):
    """Trains those of the shapes that are not there yet. A shape is there when its mark is: the last thing written."""
    folder = os.path.join(cache, "models")
    os.makedirs(folder, exist_ok=True)
    for shape in SHAPES:
        if shape.key not in keys:
            continue
        events(cache, shape)
        mark = os.path.join(folder, shape.key + ".done")
        if not os.path.exists(mark):
            print(f"training {shape.title}", file=sys.stderr, flush=True)
            train(shape, folder)
            open(mark, "w").close()


if __name__ == "__main__":
    make(sys.argv[1], sys.argv[2:] or [shape.key for shape in SHAPES])
