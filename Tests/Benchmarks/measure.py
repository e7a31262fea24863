"""Measures petrify and its peers in turn, round by round, on one core; writes figures as JSON and a table as Markdown.

Called by `run`, which says how.
"""

import argparse
import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

import engines
import programs
import shapes
import table
import tmva

HERE = os.path.dirname(os.path.abspath(__file__))


class Contestant:
    """Something that scores events: asked for its scores once, then for times, round by round."""

    rows = None
    facts = {}

    def scores(self):
        return None

    def round(self, number):
        """Nanoseconds an event by the way in which events are handed over: `single`, `batch`, `python` (single from Python)."""
        return {}

    def close(self):
        pass


class Program(Contestant):
    def __init__(self, peer, shape, model, arguments):
        self.folder, self.facts = programs.build(peer, shape, model, arguments.cache, arguments.petrify)
        self.events = os.path.join(arguments.cache, "models", "events_%d.raw" % shape.features)
        self.rows = shape.batch
        # Loops around single calls say nothing new; where they are slow they would only take time.
        self.has_batch = peer.startswith("petrify ") or peer == "CatBoost exported C++"
        self.milliseconds = str(arguments.milliseconds)
        self.environment = dict(os.environ, MODEL=model, WALK=os.path.join(self.folder, "walk.bin"))
        self.checked = shape.checked

    def run(self, *words):
        command = [os.path.join(self.folder, "program"), *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=900)
        if done.returncode != 0:
            raise programs.Refusal("ended with %d %s" % (done.returncode, done.stderr.strip()[-100:]))
        return done.stdout

    def scores(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "scores")
            self.run("check", self.events, str(self.checked), path)
            return numpy.fromfile(path).reshape(self.checked, -1)

    def round(self, number):
        words = ["time", self.events, str(self.rows), str(number * 17_389), self.milliseconds]
        single, batch, _ = map(float, self.run(*words, *([] if self.has_batch else ["single"])).split())
        return {"single": single, **({"batch": batch} if self.has_batch else {})}


class Engine(Contestant):
    def __init__(self, peer, shape, model, arguments):
        path = os.path.join(arguments.cache, "models", shape.native)
        if peer == "petrify Python":
            folder, self.facts = programs.build(peer, shape, model, arguments.cache, arguments.petrify)
            path = os.path.join(folder, "petrified.py")
        python = sys.executable
        if peer == "lleaves":
            python = os.path.join(arguments.cache, "venv-lleaves", "bin", "python")
            if not os.path.exists(python):
                raise programs.Refusal("not installed")
        self.process = subprocess.Popen(
            [python, os.path.join(HERE, "engines.py"), peer, shape.key, arguments.cache, path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.rows = int(self.answer("ready").split()[1])

    def answer(self, expected=None):
        for line in self.process.stdout:
            # Libraries talk on standard output, too.
            if expected is None:
                try:
                    return float(line)
                except ValueError:
                    continue
            if line.startswith(expected):
                return line
        self.process.wait()
        said = [line for line in self.process.stderr.read().splitlines() if line.strip()]
        raise programs.Refusal(said[-1][:200] if said else "ended with %d" % self.process.returncode)

    def ask(self, line, expected=None):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.answer(expected)

    def scores(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "scores.npy")
            self.ask("scores " + path, "done")
            return numpy.load(path)

    def round(self, number):
        return {"batch": self.ask("batch"), "python": self.ask("single")}

    def close(self):
        self.process.kill()
        self.process.wait()


class Evaluator(Contestant):
    """petrify in process, by `petrify bench` on the same events."""

    def __init__(self, shape, model, arguments):
        self.command = [
            arguments.petrify, "bench", model, "--to", "evaluator", "--threads", "1", "--rounds", "1", "--json",
            "--rows", str(shape.batch), "--data", shapes.events(arguments.cache, shape)]
        self.rows = shape.batch

    def round(self, number):
        done = subprocess.run(self.command, capture_output=True, text=True, timeout=900)
        if done.returncode != 0:
            raise programs.Refusal(done.stderr.strip()[-200:])
        target = json.loads(done.stdout)["targets"][0]
        self.facts = {"build_s": target["conversion_s"]}
        return {"single": target["single_ns"]["median"], "batch": target["batch_ns"]["median"]}


def petrify_scores(shape, model, arguments):
    """What petrify says, by name of the column: all printed columns of `petrify score`."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "events.npy")
        numpy.save(path, numpy.load(shapes.events(arguments.cache, shape))[: shape.checked])
        done = subprocess.run(
            [arguments.petrify, "score", model, "--threads", "1", "--data", path], capture_output=True, text=True, check=True)
    rows = list(csv.reader(done.stdout.splitlines()))
    return rows[0], numpy.array([[float(number) for number in row] for row in rows[1:]])


def agreement(found, columns, expected):
    """How far a peer is off: compared with that one of petrify's columns that it is nearest to."""
    if found.ndim == 1:
        found = found[:, None]
    if found.shape[1] == expected.shape[1]:
        same = (found == expected[: len(found)]).all(axis=1)
        return {"column": "all", "rows": len(found), "equal": float(same.mean()), "worst": float(numpy.abs(found - expected[: len(found)]).max())}
    best = None
    for index, name in enumerate(columns):
        if name == "label":
            continue
        wanted = expected[: len(found), index]
        off = numpy.abs(found[:, -1] - wanted)
        result = {"column": name, "rows": len(found), "equal": float((found[:, -1] == wanted).mean()), "worst": float(off.max())}
        if best is None or result["worst"] < best["worst"]:
            best = result
    return best


def contestants(shape, model, arguments):
    """Everything that can score the shape, and why the others cannot."""
    makers = [("petrify evaluator", lambda: Evaluator(shape, model, arguments))]
    for peer, (_, trainers) in programs.PROGRAMS.items():
        if shape.trainer in trainers and peer != "petrify Python":
            makers.append((peer, lambda peer=peer: Program(peer, shape, native(peer, shape, model, arguments), arguments)))
    for peer, (_, trainers) in engines.ENGINES.items():
        if shape.trainer in trainers:
            makers.append((peer, lambda peer=peer: Engine(peer, shape, model, arguments)))
    ready, refused = {}, {}
    for peer, make in makers:
        if arguments.peers and not any(word in peer for word in arguments.peers.split(",")):
            continue
        reason = {**programs.IMPOSSIBLE, **engines.IMPOSSIBLE}.get((peer, shape.key))
        if peer in arguments.without.split(","):
            reason = "left out"
        if reason is None:
            say("%s: %s" % (shape.key, peer))
            try:
                ready[peer] = make()
                continue
            except (programs.Refusal, subprocess.SubprocessError) as problem:
                reason = str(problem)
            except Exception as problem:  # A peer's own failure is a result, not ours.
                reason = "%s: %s" % (type(problem).__name__, str(problem).strip()[:200])
        refused[peer] = reason
        say("  refused: " + reason)
    return ready, refused


def native(peer, shape, model, arguments):
    """Peers read the trainer's own file, petrify the one that `convert` takes."""
    return model if peer.startswith("petrify ") or peer == "plain walk" else os.path.join(arguments.cache, "models", shape.native)


def measure(shape, arguments):
    model = os.path.join(arguments.cache, "models", shape.file)
    raw = os.path.join(arguments.cache, "models", "events_%d.raw" % shape.features)
    numpy.load(shapes.events(arguments.cache, shape)).tofile(raw)
    ready, refused = contestants(shape, model, arguments)
    columns, expected = petrify_scores(shape, model, arguments)
    results = {}
    for peer, contestant in list(ready.items()):
        result = {"rows": contestant.rows, "rounds": {}}
        try:
            scores = contestant.scores()
        except programs.Refusal as problem:
            refused[peer] = str(problem)
            ready.pop(peer).close()
            continue
        if scores is not None:
            result["agreement"] = agreement(scores, columns, expected)
            if peer.startswith("petrify ") and result["agreement"]["equal"] != 1:
                raise SystemExit("%s does not compute petrify's own scores of %s" % (peer, shape.key))
        results[peer] = result
    for number in range(arguments.rounds):
        say("%s: round %d of %d" % (shape.key, number + 1, arguments.rounds))
        for peer, contestant in ready.items():
            for way, nanoseconds in contestant.round(number).items():
                results[peer]["rounds"].setdefault(way, []).append(nanoseconds)
    for peer, contestant in ready.items():
        results[peer]["facts"] = contestant.facts
        results[peer]["median"] = {way: statistics.median(times) for way, times in results[peer]["rounds"].items()}
        contestant.close()
    return {"title": shape.title, "batch": shape.batch, "results": results, "refused": refused}


def say(text):
    print("%s  %s" % (time.strftime("%H:%M:%S"), text), file=sys.stderr, flush=True)


def machine():
    """What the figures depend on."""
    facts = {"system": platform.system(), "cores": os.cpu_count(), "load": os.getloadavg()[0], "date": time.strftime("%Y-%m-%d")}
    try:
        with open("/proc/cpuinfo") as file:
            facts["processor"] = next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        facts["processor"] = platform.processor() or platform.machine()
    facts["compiler"] = subprocess.run(["g++", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    return facts


def versions(petrify):
    from importlib import metadata

    found = {"petrify": subprocess.run([petrify, "--version"], capture_output=True, text=True).stdout.strip(), "Python": platform.python_version()}
    for name in ("xgboost", "lightgbm", "catboost", "scikit-learn", "daal4py", "scikit-learn-intelex", "treelite", "tl2cgen", "m2cgen",
                 "timber-compiler", "petrifyml", "onnxruntime", "skl2onnx", "onnxmltools", "ydf"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache", required=True)
    parser.add_argument("--petrify", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--milliseconds", type=int, default=100)
    parser.add_argument("--shapes", default=",".join(shape.key for shape in shapes.SHAPES))
    parser.add_argument("--peers", default="")
    parser.add_argument("--without", default="")
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    arguments.cache = os.path.abspath(arguments.cache)
    wanted = arguments.shapes.split(",")
    report = {"machine": machine(), "versions": versions(arguments.petrify), "rounds": arguments.rounds, "shapes": {}}
    os.makedirs(arguments.output, exist_ok=True)

    def save():
        # After each shape: a run takes long.
        with open(os.path.join(arguments.output, "benchmark.json"), "w") as file:
            json.dump(report, file, indent=1)
        with open(os.path.join(arguments.output, "benchmark.md"), "w") as file:
            file.write(table.markdown(report))

    for shape in shapes.SHAPES:
        if shape.key in wanted:
            report["shapes"][shape.key] = measure(shape, arguments)
            save()
    if "tmva" in wanted or arguments.shapes == parser.get_default("shapes"):
        report["tmva"] = tmva.measure(arguments, say)
        save()
    shutil.copyfileobj(open(os.path.join(arguments.output, "benchmark.md")), sys.stdout)


if __name__ == "__main__":
    main()
