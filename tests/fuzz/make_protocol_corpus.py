#!/usr/bin/env python3
"""Writes corpus/messages (the golden vectors) and corpus/protocol (schedules: a few by hand, some drawn)."""
import json
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors"
RUN = 7  # followed by a length in units of 3 ms


def write(folder, name, data):
    path = HERE / "corpus" / folder
    path.mkdir(parents=True, exist_ok=True)
    (path / name).write_bytes(data)


def messages():
    document = json.loads((VECTORS / "messages.json").read_text())
    for name, item in document["payloads"].items():
        write("messages", name + ".bin", bytes([item["type"]]) + bytes.fromhex(item["bytes"]))
    for name in ("view_record", "lock_record"):
        record = bytearray.fromhex(document[name])
        record[1:33] = bytes(32)  # the fuzzer's scope
        write("messages", name + ".bin", b"\0" + bytes(record))
    write("messages", "epoch_record.bin", b"\xff" + bytes.fromhex(document["epoch_record"]))
    write("messages", "frame.bin", b"\xff" + bytes.fromhex(document["frame"]))


def schedules():
    run = bytes([RUN, 200])
    write("protocol", "quiet.bin", bytes([1]) + run * 6)
    write("protocol", "leader_dies.bin", bytes([2]) + run * 2 + bytes([0]) + run * 4 + bytes([1]) + run * 3)
    write("protocol", "all_restart.bin", bytes([3]) + run * 2 + bytes([1, 17, 33, 49]) + run * 4)
    write("protocol", "partition.bin", bytes([4]) + run + bytes([2, 66, 18, 82]) + run * 3 + bytes([3]) + run * 4)
    write("protocol", "liar.bin", bytes([5]) + run + bytes([4, 9]) + run * 2 + bytes([4, 35]) + run * 3)
    draw = random.Random(20260)
    for i in range(12):
        data = bytearray([i])
        for _ in range(10):
            data += bytes([draw.randrange(256), draw.randrange(256)]) + bytes([RUN, draw.randrange(40, 255)])
        write("protocol", "drawn_%02d.bin" % i, bytes(data))


if __name__ == "__main__":
    messages()
    schedules()
