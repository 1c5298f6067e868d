#!/usr/bin/env python3
"""Writes the starting corpus of ceremony: well-formed lengths for n = 4, t = 3. Deterministic; run from anywhere.

First byte: below 16 the type of a message that a party says, less one; above, the rest is given to every decoder.
"""
import pathlib
import struct

FOLDER = pathlib.Path(__file__).parent / "corpus" / "ceremony"
BASE = bytes.fromhex("58" + "66" * 31)
N, T = 4, 3


def write(name, data):
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / name).write_bytes(data)


def blob(data):
    return struct.pack(">I", len(data)) + data


deal = BASE * T + BASE + b"\x01".ljust(32, b"\0") + BASE + bytes(64) + bytes(48 * N)
support = (b"\x11" * 32 + b"\x22" * 64) * N
complaint = BASE + bytes(64) + blob(b"no deal")
confirm = b"\x33" * 64
commitment = BASE * 2
test_share = (commitment + bytes(64)) * N + b"\x01".ljust(32, b"\0")
query = struct.pack(">III", 1, 2, 3)
outcome = confirm + bytes(64) + bytes(64 * N)
equivocation = b"\x03" + struct.pack(">BHI", 1, 2, 0) + (b"\x44" * 32 + bytes(64)) * 2
proposal = (b"\x01" + bytes(16) + struct.pack(">II", 1, 1) + bytes(32) + struct.pack(">HHI", 0, T, N) +
            (BASE + BASE + bytes(64)) * N + struct.pack(">I", N) + struct.pack(">4H", 0, 1, 2, 3))

for number, (name, payload) in enumerate([("deal", deal), ("support", support), ("complaint", complaint),
                                          ("confirm", confirm), ("test_commit", commitment), ("test_share", test_share),
                                          ("query", query), ("evidence", equivocation), ("outcome", outcome)]):
    write("said_" + name, bytes([number]) + payload)
    write("bytes_" + name, b"\xff" + payload)
write("said_nothing", b"\x00")
write("bytes_proposal", b"\xff" + proposal)
write("bytes_signed_proposal", b"\xff" + BASE + bytes(64) + proposal)
write("bytes_proposal_of_too_many", b"\xff" + proposal[:57] + struct.pack(">HHI", 0, T, 0xFFFFFFFF))
write("bytes_invalid_frame", b"\xff\x01" + blob(bytes(103)))
write("bytes_contradiction", b"\xff\x04" + blob(bytes(103)) + blob(bytes(103)))
write("bytes_record_of_another_ceremony", b"\xff" + bytes(32) + b"\x05" + struct.pack(">I", 2))
