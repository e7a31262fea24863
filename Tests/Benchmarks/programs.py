"""Scorers that are compiled: what petrify and others write as source code, and trainers' libraries through their C interfaces.

Each becomes a program with `programs/main.cpp` around it, in CACHE/programs/SHAPE, where it stays: compilers of nested
conditions need minutes. What petrify writes is compiled anew each time.
"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs")
# What users write. Nobody gets -march=native: a library is built once and runs on many machines.
CXX = ["g++", "-std=c++17", "-O2"]
CC = ["gcc", "-std=c99", "-O2", "-D_POSIX_C_SOURCE=200809L"]


class Refusal(Exception):
    """A peer that cannot take a model, and why, in a few words."""


def run(command, folder, seconds=1800):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        telling = [line for line in lines if "rror" in line] or lines[-1:] or ["no message"]
        raise Refusal("%s: %s" % (os.path.basename(command[0]), telling[0][:200]))


def definitions(shape):
    return ["-DINPUTS=%d" % shape.features]


def link(folder, objects, more=()):
    run(CXX + ["-c", os.path.join(HERE, "main.cpp"), "-o", "main.o"], folder)
    run(CXX + ["-o", "program", "main.o"] + objects + ["-lm"] + list(more), folder)


def petrify_cpp(shape, model, folder, petrify):
    run([petrify, "convert", model, "--to", "cpp", "-o", folder, "--name", "petrified"], folder)
    run(CXX + ["-I.", "-c", os.path.join(HERE, "petrify.cpp"), "-o", "peer.o"], folder)
    link(folder, ["peer.o"])
    return ["petrified.hpp"]


def petrify_c(shape, model, folder, petrify):
    run([petrify, "convert", model, "--to", "c", "-o", folder, "--name", "petrified"], folder)
    run(CC + ["-I.", "-c", os.path.join(HERE, "petrify.c"), "-o", "peer.o"], folder)
    link(folder, ["peer.o"])
    return ["petrified.h"]


def petrify_swift(shape, model, folder, petrify):
    run([petrify, "convert", model, "--to", "swift", "-o", folder, "--name", "petrified"], folder)
    for name in ("main", "swift-constants"):
        run(CXX + ["-c", os.path.join(HERE, name + ".cpp"), "-o", name + ".o"], folder)
    run(
        ["swiftc", "-O", "-parse-as-library", "-o", "program", "petrified.swift", os.path.join(HERE, "petrify.swift"),
         "main.o", "swift-constants.o", "-lstdc++"],
        folder,
    )
    return ["petrified.swift"]


def petrify_python(shape, model, folder, petrify):
    run([petrify, "convert", model, "--to", "python", "-o", folder, "--name", "petrified"], folder)
    return ["petrified.py"]


def walk(shape, model, folder, petrify):
    """Nodes from petrify's own JSON. Thresholds of `<=` become the next float32 number above, for `<`."""
    import numpy

    run([petrify, "convert", model, "--to", "forest", "-o", folder, "--name", "petrified"], folder)
    with open(os.path.join(folder, "petrified.forest.json")) as file:
        forest = json.load(file)
    ensembles = [step for step in forest["model"]["steps"] if step["operation"] == "trees"]
    if len(ensembles) != 1:
        raise Refusal("not one ensemble of trees")
    roots, thresholds, features, children, leaves = [], [], [], [], []
    for tree in ensembles[0]["trees"]:
        first, first_leaf = len(features), len(leaves)
        leaves += tree["leaves"][:: tree.get("leaf_width", 1)]
        roots.append(first if tree["splits"] else ~first_leaf)
        for feature, test, threshold, _, *ways in tree["splits"]:
            low = numpy.float32(threshold)
            if float(low) > threshold:
                low = numpy.nextafter(low, numpy.float32(-numpy.inf), dtype=numpy.float32)
            # `low` is the last float32 number that is not above the threshold.
            takes_low = test == "<=" or float(low) < threshold
            thresholds.append(numpy.nextafter(low, numpy.float32(numpy.inf), dtype=numpy.float32) if takes_low else low)
            features.append(feature)
            children += [way + first if way >= 0 else ~(~way + first_leaf) for way in ways]
    nodes = numpy.zeros(len(features), dtype=[("threshold", "<f4"), ("feature", "<i4"), ("child", "<i4", 2)])
    nodes["threshold"], nodes["feature"], nodes["child"] = thresholds, features, numpy.array(children).reshape(-1, 2)
    with open(os.path.join(folder, "walk.bin"), "wb") as file:
        counts = [len(forest["inputs"]), len(roots), len(nodes), len(leaves)]
        for part in (numpy.array(counts, "<i4"), numpy.array(roots, "<i4"), nodes, numpy.array(leaves, "<f8")):
            file.write(part.tobytes())
    run(CXX + ["-c", os.path.join(HERE, "walk.cpp"), "-o", "peer.o"], folder)
    link(folder, ["peer.o"])
    return ["walk.bin"]


def tl2cgen(shape, model, folder, petrify, options=None):
    import tl2cgen as generator
    from engines import treelite_model

    loaded = treelite_model(model)
    options = {"parallel_comp": min(64, 4 * os.cpu_count()), **(options or {})}
    # It warns at every call, on standard error.
    generator.generate_c_code(loaded, dirpath=os.path.join(folder, "code"), params=options)
    code = os.path.join(folder, "code")
    header = open(os.path.join(code, "header.h")).read()
    found = re.search(r"void predict\(union Entry\* data, int pred_margin, (\w+)\* result\)", header)
    if not found:
        raise Refusal("an unknown header")
    outputs = 2 if shape.trainer == "sklearn" and "rf" in shape.key else 1
    given = definitions(shape) + ["-DLEAF_TYPE=" + found.group(1), "-DOUTPUTS=%d" % outputs]
    sources = sorted(name for name in os.listdir(code) if name.endswith(".c"))
    objects = []
    for name in sources:
        run(CC + ["-c", name, "-o", name + ".o"], code)
        objects.append("code/%s.o" % name)
    run(CC + given + ["-Icode", "-c", os.path.join(HERE, "tl2cgen.c"), "-o", "peer.o"], folder)
    link(folder, ["peer.o"] + objects)
    return ["code/" + name for name in sources]


def tl2cgen_quantized(shape, model, folder, petrify):
    return tl2cgen(shape, model, folder, petrify, {"quantize": 1})


def m2cgen(shape, model, folder, petrify):
    import lightgbm
    import m2cgen as generator

    trained = lightgbm.Booster(model_file=model)
    # It wants the class of the scikit-learn interface, which only says what the booster is for.
    wrapper = lightgbm.LGBMClassifier()
    wrapper._Booster, wrapper._n_classes, wrapper._n_features, wrapper.fitted_ = trained, 2, shape.features, True
    # It descends into its sums of trees, one call a tree.
    sys.setrecursionlimit(100_000)
    with open(os.path.join(folder, "model.c"), "w") as file:
        file.write(generator.export_to_c(wrapper))
    run(CC + ["-c", "model.c", "-o", "model.o"], folder)
    run(CC + definitions(shape) + ["-c", os.path.join(HERE, "m2cgen.c"), "-o", "peer.o"], folder)
    link(folder, ["peer.o", "model.o"])
    return ["model.c"]


def beside(name):
    """A command that was installed with the peers."""
    return os.path.join(os.path.dirname(sys.executable), name)


def timber(shape, model, folder, petrify):
    # Its optimizer, on by default, leaves out small leaves.
    run([beside("timber"), "compile", "--model", model, "--no-optimize", "--out", "code"], folder)
    sources = sorted(name for name in os.listdir(os.path.join(folder, "code")) if name.endswith(".c"))
    # C of its own dialect; what it says about flags is -O2 or -O3 with the compiler's own standard.
    for name in sources:
        run(["gcc", "-O2", "-c", name, "-o", name + ".o"], os.path.join(folder, "code"))
    run(CC + definitions(shape) + ["-Icode", "-c", os.path.join(HERE, "timber.c"), "-o", "peer.o"], folder)
    link(folder, ["peer.o"] + ["code/%s.o" % name for name in sources])
    return ["code/" + name for name in sources]


def petrifyml(shape, model, folder, petrify):
    import pickle

    import joblib

    with open(os.path.join(folder, "model.pkl"), "wb") as file:
        pickle.dump(joblib.load(model), file)
    run([beside("petrify-sklbdt-to-cpp"), "model.pkl", "-n", "decision"], folder)
    run(CXX + definitions(shape) + ["-I.", "-c", os.path.join(HERE, "petrifyml.cpp"), "-o", "peer.o"], folder)
    link(folder, ["peer.o"])
    return ["decision.cc"]


def catboost_cpp(shape, model, folder, petrify):
    shutil.copy(model.replace(".cbm", ".cpp"), os.path.join(folder, "model.cpp"))
    run(CXX + definitions(shape) + ['-DCODE="model.cpp"', "-I.", "-c", os.path.join(HERE, "catboost.cpp"), "-o", "peer.o"], folder)
    link(folder, ["peer.o"])
    return ["model.cpp"]


def library(package, *places):
    import importlib

    folder = os.path.dirname(importlib.import_module(package).__file__)
    for place in places:
        if os.path.exists(os.path.join(folder, place)):
            return os.path.join(folder, place)
    raise Refusal("its library is not where it was")


def c_interface(source, found, shape, folder):
    run(CXX + definitions(shape) + ["-c", os.path.join(HERE, source), "-o", "peer.o"], folder)
    link(folder, ["peer.o", found], ["-Wl,-rpath," + os.path.dirname(found)])
    return []


def lightgbm_c(shape, model, folder, petrify):
    return c_interface("lightgbm.cpp", library("lightgbm", "lib/lib_lightgbm.so", "lib_lightgbm.so"), shape, folder)


def xgboost_c(shape, model, folder, petrify):
    return c_interface("xgboost.cpp", library("xgboost", "lib/libxgboost.so"), shape, folder)


ALL = ["xgboost", "lightgbm", "catboost", "sklearn"]
PROGRAMS = {
    "petrify C++": (petrify_cpp, ALL),
    "petrify C": (petrify_c, ALL),
    "petrify Swift": (petrify_swift, ALL),
    "plain walk": (walk, ALL),
    "tl2cgen": (tl2cgen, ["xgboost", "lightgbm", "sklearn"]),
    "tl2cgen quantize": (tl2cgen_quantized, ["xgboost", "lightgbm", "sklearn"]),
    "m2cgen": (m2cgen, ["lightgbm"]),
    "timber": (timber, ["xgboost", "lightgbm"]),
    "petrifyML": (petrifyml, ["sklearn"]),
    "CatBoost exported C++": (catboost_cpp, ["catboost"]),
    "LightGBM C API": (lightgbm_c, ["lightgbm"]),
    "XGBoost C API": (xgboost_c, ["xgboost"]),
}
# Not even tried: compilers take more than half an hour, or more memory than there is.
IMPOSSIBLE = {
    ("tl2cgen", "sk_rf_200"): "165 MB of C",
    ("tl2cgen quantize", "sk_rf_200"): "165 MB of C",
    ("petrifyML", "sk_rf_200"): "only gradient boosting is taken",
    ("m2cgen", "lgb_1000x127"): "2.8 GB in the compiler, then stopped",
}


def processor_time():
    """What this process and those that it waited for took so far."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def build(peer, shape, model, cache, petrify):
    """Makes the program, or finds it made. Returns its folder, what the build took and how large the source is."""
    folder = os.path.join(cache, "programs", shape.key, re.sub(r"[^a-z0-9]+", "-", peer.lower().replace("+", "p")))
    mark = os.path.join(folder, "built.json")
    if not peer.startswith("petrify ") and peer != "plain walk" and os.path.exists(mark):
        with open(mark) as file:
            return folder, json.load(file)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    start = processor_time()
    sources = PROGRAMS[peer][0](shape, model, folder, petrify)
    program = os.path.join(folder, "program")
    facts = {
        "build_s": processor_time() - start,
        "source_bytes": sum(os.path.getsize(os.path.join(folder, name)) for name in sources),
        "program_bytes": os.path.getsize(program) if os.path.exists(program) else None,
    }
    with open(mark, "w") as file:
        json.dump(facts, file)
    return folder, facts


PROGRAMS["petrify Python"] = (petrify_python, ALL)
