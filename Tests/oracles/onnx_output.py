#!/usr/bin/env python3
"""Convert models to ONNX and let onnx and onnxruntime judge them.

    onnx_output.py PETRIFY [--models DIR ...] [--only TEXT]

Each model below the folders is converted with `--to onnx`, checked by onnx.checker and scored by onnxruntime with one thread; the same
events go through `petrify score`. The margins, and every column that no approximated function stands before, must be equal to the last
bit; other columns within RESPONSE of their size. A model that petrify refuses to write must be refused with a sentence (exit code 65).
Needs onnx, onnxruntime and numpy; where they are missing, an environment with them is made in a temporary folder.
"""
import argparse, csv, gzip, io, os, pathlib, subprocess, sys, tempfile

PINS = ["numpy==2.4.6", "onnx==1.23.2", "onnxruntime==1.31.1"]
# The operators in whose values runtimes differ: onnxruntime's own approximations of exp in float32 are good to about 2e-7 (and are then
# divided or added); in float64 to a few units in the last place. Scores near 0 may be differences of numbers near 1: hence the absolute part.
APPROXIMATED = {"Exp", "Log", "Tanh", "Sin", "Cos", "Pow"}
RESPONSE = {"float32": (2e-6, 1e-6), "float64": (1e-13, 1e-14)}


def environment():
    """Runs this program again where the libraries are, if they are not here."""
    try:
        import numpy, onnx, onnxruntime  # noqa: F401
        return
    except ImportError:
        if os.environ.get("PETRIFY_ONNX_ENVIRONMENT"):
            raise
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = os.path.join(folder, "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINS], check=True)
        sys.exit(subprocess.run([python, *sys.argv], env={**os.environ, "PETRIFY_ONNX_ENVIRONMENT": "1"}).returncode)


def text(path):
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")


def exact_outputs(model):
    """The outputs of the graph that no approximated operator stands before."""
    tainted = set()
    for node in model.graph.node:
        if node.op_type in APPROXIMATED or any(name in tainted for name in node.input):
            tainted.update(node.output)
    return {output.name for output in model.graph.output if output.name not in tainted}


def check(petrify, path, events, work):
    """None where all is well; a text that begins with "refused" where petrify does not write the model."""
    import numpy, onnx, onnxruntime
    done = subprocess.run([petrify, "convert", str(path), "--to", "onnx", "-o", str(work), "--name", "M"], capture_output=True, text=True)
    if done.returncode == 65 and "error:" in done.stderr:
        return "refused: " + done.stderr.strip().splitlines()[0].split("error: ")[-1]
    if done.returncode != 0:
        return f"convert ended with {done.returncode}: {done.stderr.strip()[:200]}"
    model = onnx.load(str(work / "M.onnx"))
    onnx.checker.check_model(model, full_check=True)
    (work / "in.csv").write_text(events, encoding="utf-8")
    done = subprocess.run([petrify, "score", str(path), "--data", str(work / "in.csv")], capture_output=True, text=True)
    if done.returncode != 0:
        return f"score ended with {done.returncode}: {done.stderr.strip()[:200]}"
    rows = list(csv.reader(io.StringIO(done.stdout)))
    expected = {name: numpy.array([float(row[i]) for row in rows[1:]]) for i, name in enumerate(rows[0])}

    header, *lines = list(csv.reader(io.StringIO(events)))
    names = [entry.value for entry in model.metadata_props if entry.key.startswith("input.") and entry.key.endswith(".name")]
    places = [header.index(name) if name in header else i for i, name in enumerate(names)]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    width = numpy.float64 if "double" in session.get_inputs()[0].type else numpy.float32
    with numpy.errstate(all="ignore"):
        inputs = numpy.array([[float(line[i] or "nan") for i in places] for line in lines], dtype=numpy.float64).astype(width)
    outputs = dict(zip([output.name for output in session.get_outputs()], session.run(None, {"X": inputs})))
    exact = exact_outputs(model)
    margins = [entry.key.split(".")[1] for entry in model.metadata_props if entry.key.endswith(".role") and entry.value == "margin"]
    columns = [output.name for output in session.get_outputs()]
    for index in margins:
        if columns[int(index)] not in exact:
            return f"the margin {columns[int(index)]} is not exact"
    for name, numbers in expected.items():
        if name not in outputs:
            return f"no output {name}"
        found = outputs[name].reshape(-1)
        kind = str(found.dtype)
        found = found.astype(numpy.float64)
        both = numpy.isnan(found) & numpy.isnan(numbers)
        same = (found.view(numpy.int64) == numbers.view(numpy.int64)) | both
        if name not in exact and "label" not in name:
            relative, absolute = RESPONSE[kind]
            with numpy.errstate(all="ignore"):
                same |= numpy.abs(found - numbers) <= relative * numpy.abs(numbers) + absolute
        if not same.all():
            row = int(numpy.argmin(same))
            return f"{name} ({'exact' if name in exact else 'approximated'}): {int((~same).sum())} of {len(same)} rows differ; row {row}: " \
                   f"onnxruntime {found[row]!r}, petrify {numbers[row]!r}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("petrify")
    parser.add_argument("--models", type=pathlib.Path, action="append")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    folders = options.models or [pathlib.Path(__file__).resolve().parent.parent / "Fixtures"]
    good = refused = failed = 0
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            events = next((path.parent / name for name in ("events.csv.gz", "edge.csv.gz") if (path.parent / name).exists()), None)
            stem = path.name.removesuffix(".gz")
            if events is None or options.only not in str(path) or stem.endswith((".csv", "meta.json")) or not path.is_file():
                continue
            with tempfile.TemporaryDirectory() as work:
                try:
                    problem = check(options.petrify, path, text(events), pathlib.Path(work))
                except Exception as error:  # onnx.checker and onnxruntime have many
                    problem = f"{type(error).__name__}: {str(error)[:300]}"
            if problem is None:
                good += 1
            elif problem.startswith("refused"):
                refused += 1
                print(f"{path.relative_to(folder)}: {problem}", flush=True)
            else:
                failed += 1
                print(f"FALLS SHORT {path.relative_to(folder)}: {problem}", flush=True)
    print(f"{good} models hold in onnxruntime, {refused} refused, {failed} fall short")
    return 1 if failed or not good else 0


if __name__ == "__main__":
    environment()
    sys.exit(main())
