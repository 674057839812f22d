#!/usr/bin/env python3
"""Fills fuzz/corpus/ with what identity providers send, out of the recorded dialects in tests/data/traces
and the table of filters in crates/scim-filter-parser/benches/peers. Run it before fuzzing; it only adds."""

import hashlib
import json
import pathlib
import re
import tomllib
from urllib.parse import parse_qs, urlsplit

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = ROOT / "fuzz" / "corpus"
TABLE = ROOT / "crates" / "scim-filter-parser" / "benches" / "peers" / "table.toml"


def add(target, text):
    data = text.encode()
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def filled(value):
    """Traces hold variables such as {{run}}; any short text will do in their place."""
    return re.sub(r"\{\{[^}]*\}\}", "7", value)


def add_path(path):
    add("path", path)
    inside = re.search(r"\[(.*)\]", path)
    if inside:
        add("filter", inside.group(1))


def paths_of(value):
    """What stands where a path may: the paths of operations, and keys that are paths themselves."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if re.search(r"[.:\[]", key):
                yield key
            if key == "path" and isinstance(inner, str):
                yield inner
            yield from paths_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from paths_of(inner)


def add_step(step):
    url = urlsplit(filled(step.get("path", "")))
    for query in parse_qs(url.query).get("filter", []):
        add("filter", query)
    body = step.get("body")
    if body is None:
        return
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    text = filled(text)
    add("patch" if step.get("method") == "PATCH" else "resource", text)
    try:
        for path in paths_of(json.loads(text)):
            add_path(path)
    except ValueError:
        pass  # Some traces send half a JSON on purpose: a seed all the same.


def bulk_operation(position, step, names):
    """A step as an operation of a bulk request; what an earlier POST saved becomes a reference."""

    def refer(text):
        for variable, name in names.items():
            text = text.replace("{{" + variable + "}}", f"bulkId:{name}")
        return filled(text)

    operation = {"method": step["method"], "path": refer(step.get("path", ""))}
    if step["method"] == "POST":
        name = f"b{position}"
        operation["bulkId"] = name
        for variable, pointer in step.get("save", {}).items():
            if pointer == "/id":
                names[variable] = name
    body = step.get("body")
    if isinstance(body, dict):
        operation["data"] = json.loads(refer(json.dumps(body)))
    return operation


def add_bulk(steps):
    """A whole trace as one bulk request, in its order and backwards."""
    names = {}
    changing = [step for step in steps if step.get("method") in ("POST", "PUT", "PATCH", "DELETE")]
    operations = [bulk_operation(position, step, names) for position, step in enumerate(changing)]
    for ordered in (operations[:12], operations[:12][::-1]):
        request = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "failOnErrors": 1,
            "Operations": ordered,
        }
        add("bulk", json.dumps(request, ensure_ascii=False))


def add_circles():
    """References in every direction, which no trace has."""
    for links in ({"a": "b", "b": "a"}, {"a": "a"}, {"a": "bc", "b": "ca", "c": "ab"}, {"a": "bx", "b": ""}):
        operations = [
            {
                "method": "POST", "path": "/Groups", "bulkId": name,
                "data": {"displayName": name, "members": [{"value": f"bulkId:{other}"} for other in others]},
            }
            for name, others in links.items()
        ]
        add("bulk", json.dumps({"Operations": operations}))


def main():
    add_circles()
    for trace in sorted((ROOT / "tests" / "data" / "traces").glob("*.json")):
        steps = json.loads(trace.read_text())["steps"]
        for step in steps:
            add_step(step)
        add_bulk(steps)
    for group in tomllib.loads(TABLE.read_text())["group"]:
        for row in group["filter"]:
            add("filter", row["text"])
            add_path(row["text"])
    for folder in sorted(CORPUS.iterdir()):
        print(f"{folder.name}: {len(list(folder.iterdir()))} seeds")


if __name__ == "__main__":
    main()
