#!/usr/bin/env python3
"""Writes messages.json beside itself: golden bytes of every committee message, of the safety log's records and of the
epoch record, from docs/wire.md. Shares nothing with the C++. `generate_messages.py --check` compares only.
"""
import hashlib
import json
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "reference"))
import ed25519  # noqa: E402

TIME = 1_790_000_000_000_000


def fill(byte, count=32):
    return bytes([byte]) * count


def tagged(tag, *parts):
    return hashlib.sha256(tag.encode() + b"\x00" + b"".join(parts)).digest()


def blob(data):
    return struct.pack(">I", len(data)) + data


def header(height):
    out = struct.pack(">16s32sI32sQQ", b"assay/batch/v1", fill(1), 3, fill(2), height, TIME + height)
    out += fill(3) + fill(4) + struct.pack(">I", 2) + fill(5) + fill(6) + fill(0) + struct.pack(">Q", 0)
    assert len(out) == 272
    return out


def tip(height):
    return header(height) + fill(0x51, 64)


def certificate(view, height):
    return struct.pack(">QQ", view, height) + fill(0xD0) + fill(0xA0) + struct.pack(">I", 0b1011) + fill(
        0x61, 64) + fill(0x62, 64) + fill(0x63, 64)


def observation():
    entry = struct.pack(">BqqqQQQHB", 1, 1000, 999, 1001, 7, 5000, TIME, 1, 3)
    assert len(entry) == 52
    return struct.pack(">QI", TIME, 2) + b"\x00" + entry


def venter(lock):
    out = fill(0x70)
    out += b"\x01" + struct.pack(">Q", 4) + fill(0xD0) if lock else b"\x00"
    return out + fill(0xB0, 16) + b"\x01" + fill(0xC1) + fill(0xC2)


def new_view():
    out = b"\x03"
    for member in (0, 1, 3):
        out += struct.pack(">HQ", member, 9) + venter(member == 1) + fill(0x80 + member, 64)
    return out + tip(8) + b"\x01" + certificate(4, 9)


def prop(with_new_view):
    out = header(9) + tip(8) + b"\x03"
    for member in (0, 1, 3):
        out += struct.pack(">H", member) + fill(0x20 + member)
    out += struct.pack(">I", 0b1011)
    return out + (b"\x01" + new_view() if with_new_view else b"\x00")


def sign_request():
    out = b"\x01" + certificate(5, 9) + b"\x03"
    for member in (0, 1, 3):
        out += struct.pack(">H", member) + fill(0xB0, 16) + fill(0xC1) + fill(0xC2) + fill(0x90 + member, 64)
    return out


def proofs(lock):
    if not lock:
        return tip(8) + b"\x00"
    return tip(8) + b"\x01" + header(9) + certificate(4, 9) + struct.pack(">I", 2) + fill(0x20) + fill(0x21)


PAYLOADS = {
    "obs": (1, fill(0xB0, 16) + b"\x01" + fill(0xC1) + fill(0xC2) + observation()),
    "obs_without_commitment": (1, fill(0xB0, 16) + b"\x00" + observation()),
    "prop": (2, prop(False)),
    "prop_new_view": (2, prop(True)),
    "prep": (3, fill(0xD0) + fill(0xA0)),
    "share": (4, fill(0x5D) + b"\x01" + fill(0xD0) + fill(0x7A)),
    "att": (5, tip(9)),
    "sign_request": (6, sign_request()),
    "nonce_request": (7, b"\x01" + fill(0xD0)),
    "nonce": (8, b"\x01" + struct.pack(">H", 2) + fill(0xD0) + fill(0xB0, 16) + fill(0xC1) + fill(0xC2)),
    "wish": (9, b""),
    "venter": (10, venter(False)),
    "venter_lock": (10, venter(True)),
    "proofs": (11, proofs(False)),
    "proofs_lock": (11, proofs(True)),
    "get": (12, struct.pack(">I", 16)),
    "range": (13, struct.pack(">I", 2) + blob(b"batch0") + blob(b"batch1")),
    "hello": (14, b""),
    "echo": (15, struct.pack(">I", 1) + blob(b"frame")),
    "pull": (16, struct.pack(">I", 2) + fill(0x20) + fill(0x21)),
    "bodies": (17, struct.pack(">I", 1) + blob(b"body0")),
    "ask_view": (18, b""),
    "ready": (19, fill(0x4E)),
}


def scope():
    """The committee that signs: four identities from seeds 01.., verifying shares 11.., group key 99.."""
    seeds = [fill(1 + i) for i in range(4)]
    record = struct.pack(">IIHH", 3, 1, 3, 4) + fill(0x99)
    record += b"".join(fill(0x11 + i) for i in range(4)) + b"".join(ed25519.public_key(seed) for seed in seeds)
    network = tagged("assay/network/v1", fill(0x99), b"golden")
    digest = tagged("assay/epoch/v1", record)
    return seeds, record, network, digest, tagged("assay/cfg/v1", network, struct.pack(">I", 3), digest)


def frame(cfg, seed, kind, view, height, sender, payload):
    place = struct.pack(">BQQH", kind, view, height, sender)
    signed = b"assay/msg/v1".ljust(16, b"\x00") + cfg + place + hashlib.sha256(payload).digest()
    return cfg + place + ed25519.sign(seed, signed) + payload


def session_id(cfg):
    listed = b"".join(struct.pack(">H", member) + fill(0xC1) + fill(0xC2) for member in (0, 1, 3))
    return tagged("assay/sid/v1", cfg, struct.pack(">QQBH", 5, 9, 1, 2), fill(0xD0), b"\x03", listed)


def leaf():
    return struct.pack(">B32sQbBHBBqqqQqIQQQQQqB", 1, fill(0x0F), 9, -4, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def lock_record(cfg):
    locked = struct.pack(">16s32sI32sQQ", b"assay/batch/v1", fill(1), 3, fill(2), 9, TIME + 9)
    locked += hashlib.sha256(header(8)).digest() + fill(4) + struct.pack(">I", 2) + fill(5) + fill(6) + fill(0, 40)
    proof = struct.pack(">QQ", 5, 9) + hashlib.sha256(locked).digest() + fill(0xA0) + struct.pack(">I", 0b1011)
    proof += fill(0x61, 64) + fill(0x62, 64) + fill(0x63, 64)
    bodies = struct.pack(">I", 2) + blob(b"body0") + blob(b"body1")
    return b"\x02" + cfg + struct.pack(">H", 2) + locked + proof + bodies + tip(8) + struct.pack(">I", 2) + leaf() * 2


def main():
    seeds, record, network, digest, cfg = scope()
    view_record = b"\x01" + cfg + struct.pack(">HQ", 2, 5)
    document = {
        "about": "written by generate_messages.py",
        "payloads": {name: {"type": kind, "bytes": data.hex()} for name, (kind, data) in PAYLOADS.items()},
        "epoch_record": record.hex(),
        "epoch_record_digest": digest.hex(),
        "network_id": network.hex(),
        "cfg": cfg.hex(),
        "frame": frame(cfg, seeds[2], 3, 5, 9, 2, PAYLOADS["prep"][1]).hex(),
        "session_id": session_id(cfg).hex(),
        "view_record": view_record.hex(),
        "lock_record": lock_record(cfg).hex(),
    }
    text = json.dumps(document, indent=1) + "\n"
    path = HERE / "messages.json"
    if "--check" in sys.argv:
        sys.exit(0 if path.read_text() == text else "messages.json differs from what this writes")
    path.write_text(text)


if __name__ == "__main__":
    main()
