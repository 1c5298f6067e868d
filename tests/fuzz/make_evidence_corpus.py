#!/usr/bin/env python3
"""Writes corpus/evidence: one object of each kind, of the golden payloads, under a committee whose cfg is zeros."""
import hashlib
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
PAYLOADS = {name: (item["type"], bytes.fromhex(item["bytes"]))
            for name, item in json.loads((HERE.parent / "vectors" / "messages.json").read_text())["payloads"].items()}
SIGNATURE = bytes([0x5A]) * 64


def blob(data):
    return struct.pack(">I", len(data)) + data


def frame(name, view=5, height=9, sender=1, change=0):
    kind, payload = PAYLOADS[name]
    payload = bytes([*payload[:-1], payload[-1] ^ change]) if payload else payload
    return bytes(32) + struct.pack(">BQQH", kind, view, height, sender) + SIGNATURE + payload


def statement(text, height=9):
    return struct.pack(">Q", height) + hashlib.sha256(text).digest() + SIGNATURE


def pair(*items):
    return b"".join(blob(item) for item in sorted(items, key=lambda one: hashlib.sha256(one[115:]).digest()))


def session(change=0):
    entries = b"".join(struct.pack(">H", member) + bytes([0xC1]) * 32 + bytes([0xC2 + change]) * 32 for member in (0, 1, 3))
    return blob(frame("share", change=change)) + bytes([3]) + entries


def genesis():
    empty = hashlib.sha256().digest()
    return (b"assay/batch/v1\0\0" + bytes([1]) * 32 + struct.pack(">I", 3) + bytes([2]) * 32 + bytes(16) + bytes(32) +
            empty + struct.pack(">I", 2) + empty + empty + bytes(40))


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def first_proposal(bodies):
    """A PROP frame at height 1 that lists these bodies and is wrong in nothing but its prices."""
    leaves = [hashlib.sha256(b"\0" + body).digest() for body in bodies]
    header = bytearray(genesis())
    header[84:100] = struct.pack(">QQ", 1, 1_790_000_000_000_000)
    header[100:132] = hashlib.sha256(genesis()).digest()
    header[168:200] = node_hash(node_hash(leaves[0], leaves[1]), leaves[2])
    listed = b"".join(struct.pack(">H", member) + leaf for member, leaf in zip((0, 1, 3), leaves))
    payload = bytes(header) + genesis() + bytes(64) + bytes([3]) + listed + bytes(4) + bytes(1)
    return bytes(32) + struct.pack(">BQQH", 2, 5, 1, 1) + SIGNATURE + payload


def write(name, kind, body):
    path = HERE / "corpus" / "evidence"
    path.mkdir(parents=True, exist_ok=True)
    (path / f"{name}.bin").write_bytes(b"assay/evid/v1\0\0\0" + bytes([kind]) + bytes(32) + body)


def main():
    halves = sorted((statement(b"one"), statement(b"other")), key=lambda one: one[8:40])
    for name, kind in (("obs", 1), ("prop", 2), ("prep", 3), ("venter", 10), ("wish", 9)):
        write(f"equivocation_{name}", 1, struct.pack(">BQH", kind, 5, 1) + b"".join(halves))
    write("equivocation_swapped", 1, struct.pack(">BQH", 1, 5, 1) + b"".join(reversed(halves)))
    for name in ("share", "sign_request", "nonce_request", "nonce"):
        write(f"second_{name}", 2, pair(frame(name), frame(name, change=1)))
    write("nonce_reuse", 3, session() + session(1))
    header = PAYLOADS["prop"][1][:272]
    write("bad_share", 4, session() + header)
    for height in (8, 9, 10):
        write(f"amnesia_{height}", 5, blob(frame("share", view=4)) + blob(frame("venter", height=height)))
    write("amnesia_lock", 5, blob(frame("share", view=4)) + blob(frame("venter_lock")))
    for name in ("prop", "prop_new_view"):
        write(f"bad_{name}", 6, blob(frame(name)))
        bodies = b"".join(blob(frame("obs", sender=member)) for member in (0, 1, 3))
        write(f"wrong_{name}", 7, blob(frame(name)) + struct.pack(">I", 0) + struct.pack(">I", 3) + bodies)
    bodies = [frame("obs", height=1, sender=member) for member in (0, 1, 3)]
    first = first_proposal(bodies)
    write("bad_first", 6, blob(first))
    write("wrong_first", 7, blob(first) + struct.pack(">II", 0, 3) + b"".join(blob(body) for body in bodies))
    write("bad_request", 8, blob(frame("sign_request")))
    for name in ("obs", "venter", "nonce", "prep"):
        write(f"bad_commitment_{name}", 9, blob(frame(name)))
    proposal = (HERE / "corpus" / "ceremony" / "bytes_signed_proposal").read_bytes()[1:]
    write("ceremony", 16, blob(proposal) + blob(b"") + blob(b"") + blob(bytes([1]) + blob(bytes(103))))
    write("unknown_kind", 17, b"")


if __name__ == "__main__":
    main()
