#!/usr/bin/env python3
"""Check files in the canonical form of a forest against its JSON Schema, and that the schema is strict.

Usage: check-schema.py [FILE...]     (default: the snapshots beside this script)
Exit code 0: all is well; 1: something is not; 77: the Python package jsonschema is not there.
"""
import copy
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: no Python package jsonschema")
    sys.exit(77)

here = pathlib.Path(__file__).resolve().parent
schema = json.loads((here / "../../Sources/ForestIR/forest.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)


def objects(node):
    """All objects of a document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from objects(child)


bad = 0
for path in [pathlib.Path(a) for a in sys.argv[1:]] or sorted((here / "Snapshots").glob("*.json")):
    document = json.loads(path.read_text())
    for error in validator.iter_errors(document):
        bad += 1
        print(f"{path}: {error.json_path}: {error.message[:200]}")
    # A strict schema refuses a member more in any object.
    for index in range(len(list(objects(document)))):
        changed = copy.deepcopy(document)
        list(objects(changed))[index]["surplus"] = 0
        if validator.is_valid(changed):
            bad += 1
            print(f"{path}: a surplus member in object {index} is not noticed")
sys.exit(1 if bad else 0)
