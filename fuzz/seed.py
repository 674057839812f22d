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


def main():
    for trace in sorted((ROOT / "tests" / "data" / "traces").glob("*.json")):
        for step in json.loads(trace.read_text())["steps"]:
            add_step(step)
    for group in tomllib.loads(TABLE.read_text())["group"]:
        for row in group["filter"]:
            add("filter", row["text"])
            add_path(row["text"])
    for folder in sorted(CORPUS.iterdir()):
        print(f"{folder.name}: {len(list(folder.iterdir()))} seeds")


if __name__ == "__main__":
    main()
