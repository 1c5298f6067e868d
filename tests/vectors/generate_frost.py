#!/usr/bin/env python3
"""Writes frost-*.json beside itself: vector files in the RFC's layout with other keys, sizes and identifiers.

Made by tests/reference/frost.py, which shares nothing with the C++. `--check` compares and writes nothing.
"""
import json
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "reference"))
sys.dont_write_bytecode = True
import frost  # noqa: E402


def main():
    stale = 0
    for name, document in frost.documents(random.Random(9591)).items():
        path = HERE / f"{name}.json"
        text = json.dumps(document, indent=1) + "\n"
        if "--check" not in sys.argv:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            print(f"{path} is not what generate_frost.py writes")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
