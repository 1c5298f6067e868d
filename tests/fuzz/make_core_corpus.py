#!/usr/bin/env python3
"""Writes corpus/core_structs and corpus/decimal: the golden vectors and numbers at the edges of what is accepted."""
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors"
NUMBERS = ["65123.45", ".5", "5.", "1.2e-7", "3E+4", "0.005", "1.025", "1.0250000000000000000000000000001", "9" * 36,
           "9" * 37, "4611686018427387904.5", "4611686018427387905", "1e1000", "1e-1001", "-1", "NaN", "0e1001", "1e+"]


def write(folder, name, data):
    path = HERE / "corpus" / folder
    path.mkdir(parents=True, exist_ok=True)
    (path / name).write_bytes(data)


def load(name):
    return json.loads((VECTORS / (name + ".json")).read_text())


def main():
    for i, item in enumerate(load("leaf")["leaves"]):
        write("core_structs", "leaf_%d.bin" % i, b"1" + bytes.fromhex(item["bytes"]))
    for i, item in enumerate(load("header")["headers"]):
        write("core_structs", "header_%d.bin" % i, b"2" + bytes.fromhex(item["bytes"]))
    batch = load("batch")
    for i, item in enumerate(batch["observations"]):
        write("core_structs", "observation_%d.bin" % i,
              b"3" + bytes([len(item["feeds"])]) + bytes.fromhex(item["bytes"]))
    for name in ("bytes", "pruned"):
        write("core_structs", "batch_%s.bin" % name, b"4" + bytes.fromhex(batch[name]))
    for item in load("merkle")["counted"][:8]:
        write("core_structs", "frontier_%d.bin" % item["size"], b"5" + bytes.fromhex(item["frontier"]))
    for name, text in (("hex", b"009aff"), ("base64", b"Zm9vYg=="), ("base64_second_spelling", b"Zm9vYh==")):
        write("core_structs", "text_%s.txt" % name, b"t" + text)
    for i, text in enumerate(NUMBERS):
        write("decimal", "%02d.txt" % i, b"\x02" + text.encode())


if __name__ == "__main__":
    main()
