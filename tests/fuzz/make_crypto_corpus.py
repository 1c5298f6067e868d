#!/usr/bin/env python3
"""Writes the starting corpora of peer_frames, safety_log, key_file and frost_vectors. Deterministic; run from anywhere."""
import hashlib
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent
CORPUS = HERE / "corpus"


def write(target, name, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def record(sequence, payload):
    tail = struct.pack(">Q", sequence) + payload
    return struct.pack(">II", len(payload), crc32c(tail)) + tail + b"\xa5"


def frame(body):
    return struct.pack(">I", len(body)) + body


def key_file(version, kind, protection, member, origin, public, body, cost=(0, 0), salt=bytes(16), nonce=bytes(24)):
    network, epoch, generation = origin
    head = b"assay/key/v2".ljust(16, b"\0") + bytes([version, kind, protection, 0])
    head += struct.pack(">HII", member, generation, epoch) + network + public + struct.pack(">II", *cost) + salt + nonce
    body = body.ljust(48, b"\0")
    return head + body + hashlib.sha256(b"assay/key-check/v2\0" + head + (body if protection else b"")).digest()


write("peer_frames", "three_frames", b"\x03" + frame(b"one") + frame(b"") + frame(b"x" * 300))
write("peer_frames", "cut", b"\x00" + frame(b"whole") + struct.pack(">I", 50) + b"part")
write("peer_frames", "too_large", b"\x07" + frame(b"ok") + struct.pack(">I", 1001) + b"z" * 20)
write("peer_frames", "largest", b"\xff" + frame(b"y" * 1000))

good = record(6, b"\x01view") + record(7, b"\x02" + b"lock" * 20)
write("safety_log", "two_more_records", good)
write("safety_log", "torn", good[:-9])
write("safety_log", "damaged_in_the_middle", good[:20] + b"\xff" + good[21:])
write("safety_log", "unwritten_sectors", record(6, b"\x01" * 30) + b"\0" * 1200)
write("safety_log", "gap_in_sequence", record(8, b"\x01view"))

# RFC 8032 section 7.1, test 2; and the scalar 1, whose point is the base.
seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
base = bytes.fromhex("58" + "66" * 31)
nowhere = (bytes(32), 0, 0)
here = (hashlib.sha256(b"a network").digest(), 7, 5)
one = b"\x01".ljust(32, b"\0")
salt, nonce = bytes(range(16)), bytes(range(24))
write("key_file", "identity", key_file(2, 1, 0, 0, nowhere, public, seed))
write("key_file", "share", key_file(2, 2, 0, 3, here, base, one))
write("key_file", "share_zero", key_file(2, 2, 0, 3, here, base, bytes(32)))
write("key_file", "another_version", key_file(9, 1, 0, 0, nowhere, public, seed))
write("key_file", "with_key", key_file(2, 1, 2, 0, nowhere, public, bytes(48), nonce=nonce))
write("key_file", "with_passphrase", key_file(2, 2, 1, 3, here, base, bytes(48), (3, 262144), salt, nonce))
write("key_file", "memory_bomb", key_file(2, 2, 1, 3, here, base, bytes(48), (3, 0xffffffff), salt, nonce))

rfc = json.loads((HERE.parent / "vectors" / "rfc9591-ed25519.json").read_text())
write("frost_vectors", "rfc", json.dumps(rfc, separators=(",", ":")).encode())
rfc["vectors"][0]["inputs"]["participant_list"] = [3, 1]
write("frost_vectors", "descending", json.dumps(rfc, separators=(",", ":")).encode())
rfc["vectors"] = []
del rfc["dkg"]["inputs"]["2"]
write("frost_vectors", "holes", json.dumps(rfc, separators=(",", ":")).encode())
write("frost_vectors", "other_suite", b'{"suite":"p256","vectors":[]}')
write("frost_vectors", "not_json", b'{"suite":')
