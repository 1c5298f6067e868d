#!/usr/bin/env python3
"""Writes leaf.json, header.json, merkle.json and batch.json beside itself: golden bytes from docs/wire.md.

Shares nothing with the C++ so that the C++ cannot confirm itself. `generate.py --check` compares and writes nothing.
"""
import hashlib
import json
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "reference"))
import ed25519  # noqa: E402
import merkle  # noqa: E402

STATUSES = ["invalid", "ok", "wide", "divergent", "depeg", "jump", "stale", "insufficient", "halted", "closed"]
HEADER_TIME = 1_760_000_000_250_000
SEED = bytes(range(32))  # of the test key: public on purpose

# The eight inputs and roots that Certificate Transparency implementations test RFC 6962 trees with.
CT_INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def tagged(tag, *parts):
    return hashlib.sha256(tag.encode() + b"\x00" + b"".join(parts)).digest()


def feed_id(symbol):
    return tagged("assay/feed/v1", symbol.encode())


def encode_leaf(leaf):
    out = struct.pack(">B32sQbBHBB", 1, feed_id(leaf["symbol"]), leaf["height"], leaf["exponent"],
                      STATUSES.index(leaf["status"]), leaf["reasons"], leaf["observers"], leaf["sources"])
    out += struct.pack(">qqqQqIQ", leaf["price"], leaf["bid"], leaf["ask"], leaf["confidence"], leaf["ema"],
                       leaf["ema_fraction"], leaf["depth_usd"])
    out += struct.pack(">QQQQqB", leaf["src_time"], leaf["publish_time"], leaf["prev_publish_time"],
                       leaf["valid_until"], leaf["ref_price"], leaf["run"])
    assert len(out) == 140
    return out


def encode_header(header):
    digest = {key: bytes.fromhex(header[key]) for key in
              ("network", "config_digest", "prev_header_hash", "feeds_root", "inputs_root", "history_root",
               "next_epoch_digest")}
    out = struct.pack(">16s32sI32sQQ", b"assay/batch/v1", digest["network"], header["epoch"],
                      digest["config_digest"], header["height"], header["time"])
    out += struct.pack(">32s32sI32s32s32sQ", digest["prev_header_hash"], digest["feeds_root"], header["feed_count"],
                       digest["inputs_root"], digest["history_root"], digest["next_epoch_digest"],
                       header["switch_height"])
    assert len(out) == 272
    return out


def encode_observation(observation):
    out = struct.pack(">QI", observation["time"], len(observation["feeds"]))
    for entry in observation["feeds"]:
        if entry is None:
            out += b"\x00"
            continue
        out += struct.pack(">BqqqQQQHB", 1, entry["price"], entry["bid"], entry["ask"], entry["confidence"],
                           entry["depth_usd"], entry["src_time"], entry["reasons"], entry["sources"])
    return out


def leaf(symbol, **changes):
    fields = dict(symbol=symbol, height=7, exponent=-2, status="ok", reasons=0, observers=4, sources=3,
                  price=6_512_345, bid=6_512_300, ask=6_512_400, confidence=61, ema=6_511_000,
                  ema_fraction=0x80000001, depth_usd=1_250_000, src_time=HEADER_TIME - 40_000,
                  publish_time=HEADER_TIME, prev_publish_time=HEADER_TIME - 250_000,
                  valid_until=HEADER_TIME + 5_000_000, ref_price=6_500_000, run=0)
    fields.update(changes)
    return fields


def never_priced(symbol, **changes):
    zeros = dict.fromkeys(("price", "bid", "ask", "confidence", "ema", "ema_fraction", "depth_usd", "src_time",
                           "publish_time", "prev_publish_time", "valid_until", "ref_price", "run"), 0)
    return leaf(symbol, **{**zeros, "status": "insufficient", "observers": 0, "sources": 0, **changes})


def as_text(fields):
    """Integers as decimal strings, so that no JSON reader rounds them."""
    return {key: value if isinstance(value, str) else str(value) for key, value in fields.items()}


LEAVES = [
    ("an ok price", leaf("BTC/USD")),
    ("every field at a value of its own, with all reason bits",
     leaf("ETH/USD", height=0x0102030405060708, exponent=-12, status="jump", reasons=0x3F, observers=31, sources=255,
          price=1 << 62, bid=1, ask=1 << 62, confidence=1 << 62, ema=-(1 << 63), ema_fraction=0xFFFFFFFF,
          depth_usd=2**64 - 1, src_time=1, publish_time=2**64 - 1, prev_publish_time=2, valid_until=3,
          ref_price=2**63 - 1, run=255)),
    ("a carried price, stale", leaf("USDC/USD", status="stale", price=1, bid=1, ask=1, confidence=1)),
    ("never priced", never_priced("USDT/USD")),
    ("never priced and closed", never_priced("XAU/USD", status="closed")),
]

LEAVES_REFUSED = [
    ("no bytes", lambda b: b"", "truncated"),
    ("a byte short", lambda b: b[:-1], "truncated"),
    ("a byte long", lambda b: b + b"\x00", "trailing_bytes"),
    ("version 0", lambda b: b"\x00" + b[1:], "bad_version"),
    ("version 2", lambda b: b"\x02" + b[1:], "bad_version"),
    ("status 0", lambda b: b[:42] + b"\x00" + b[43:], "bad_status"),
    ("status 10", lambda b: b[:42] + b"\x0a" + b[43:], "bad_status"),
    ("an unknown reason bit", lambda b: b[:43] + b"\x00\x40" + b[45:], "bad_status"),
    ("the highest reason bit", lambda b: b[:43] + b"\x80\x00" + b[45:], "bad_status"),
]

LEAVES_IMPOSSIBLE = [
    ("a bid of zero", leaf("BTC/USD", bid=0)),
    ("a negative bid", leaf("BTC/USD", bid=-1)),
    ("a bid above the price", leaf("BTC/USD", bid=6_512_346)),
    ("an ask below the price", leaf("BTC/USD", ask=6_512_344)),
    ("an ask above 2^62", leaf("BTC/USD", ask=(1 << 62) + 1)),
    ("a confidence of zero", leaf("BTC/USD", confidence=0)),
    ("a confidence above the price", leaf("BTC/USD", confidence=6_512_346)),
    ("carried without a bid", leaf("BTC/USD", status="halted", bid=0)),
    ("priced at no time", leaf("BTC/USD", publish_time=0)),
    ("never priced, yet ok", never_priced("BTC/USD", status="ok")),
] + [("never priced, yet with " + key, never_priced("BTC/USD", **{key: 1})) for key in
     ("price", "bid", "ask", "confidence", "ema", "ema_fraction", "depth_usd", "src_time", "prev_publish_time",
      "valid_until", "ref_price", "run")]


def leaf_file():
    good = encode_leaf(LEAVES[0][1])
    refused = [{"name": name, "bytes": change(good).hex(), "error": error} for name, change, error in LEAVES_REFUSED]
    refused += [{"name": name, "bytes": encode_leaf(fields).hex(), "error": "out_of_range"}
                for name, fields in LEAVES_IMPOSSIBLE]
    return {
        "feeds": [{"symbol": s, "id": feed_id(s).hex()} for s in ("BTC/USD", "ETH/USD", "", "A")],
        "leaves": [{"name": name, "fields": as_text({**fields, "feed": feed_id(fields["symbol"]).hex()}),
                    "bytes": encode_leaf(fields).hex(), "leaf_hash": merkle.leaf_hash(encode_leaf(fields)).hex()}
                   for name, fields in LEAVES],
        "refused": refused,
    }


def header(**changes):
    key = ed25519.public_key(SEED)
    fields = dict(network=tagged("assay/network/v1", key, b"vectors").hex(), epoch=3,
                  config_digest=tagged("assay/config/v1", b"vectors").hex(), height=7, time=HEADER_TIME,
                  prev_header_hash=bytes(range(0x20, 0x40)).hex(), feeds_root=bytes(range(0x40, 0x60)).hex(),
                  feed_count=12, inputs_root=bytes(range(0x60, 0x80)).hex(),
                  history_root=bytes(range(0x80, 0xA0)).hex(), next_epoch_digest=bytes(32).hex(), switch_height=0)
    fields.update(changes)
    return fields


def header_file():
    headers = [
        ("an ordinary header", header()),
        ("one that announces an epoch", header(next_epoch_digest="a0" * 32, switch_height=71)),
        ("every integer at its largest", header(epoch=2**32 - 1, height=2**64 - 1, time=2**64 - 1,
                                                feed_count=2**32 - 1, next_epoch_digest="00" * 31 + "01",
                                                switch_height=2**64 - 1)),
    ]
    good = encode_header(header())
    refused = [
        ("no bytes", b"", "truncated"),
        ("a byte short", good[:-1], "truncated"),
        ("a byte long", good + b"\x00", "trailing_bytes"),
        ("another domain", b"assay/batch/v2" + good[14:], "bad_domain"),
        ("a domain with other padding", good[:15] + b"\x01" + good[16:], "bad_domain"),
        ("a switch height without a digest", encode_header(header(switch_height=71)), "out_of_range"),
        ("a digest without a switch height", encode_header(header(next_epoch_digest="a0" * 32)), "out_of_range"),
    ]
    tags = [("assay/feed/v1", ["4254432f555344"]), ("assay/network/v1", ["00" * 32, "6d61696e"]),
            ("assay/cfg/v1", []), ("", ["00"]), ("assay/x/v1", ["", "01", "", "0203"])]
    return {
        "headers": [{"name": name, "fields": as_text(fields), "bytes": encode_header(fields).hex(),
                     "hash": hashlib.sha256(encode_header(fields)).hexdigest()} for name, fields in headers],
        "refused": [{"name": name, "bytes": data.hex(), "error": error} for name, data, error in refused],
        "tagged": [{"tag": tag, "parts": parts, "digest": tagged(tag, *map(bytes.fromhex, parts)).hex()}
                   for tag, parts in tags],
    }


def merkle_file():
    hashes = [merkle.leaf_hash(bytes.fromhex(text)) for text in CT_INPUTS]
    roots = [merkle.root(hashes[:n]).hex() for n in range(len(hashes) + 1)]
    assert roots == CT_ROOTS, "the reference disagrees with Certificate Transparency"
    many = [merkle.leaf_hash(struct.pack(">Q", i)) for i in range(64)]
    return {
        "leaves": CT_INPUTS,
        "roots": roots,
        "inclusion": [{"size": n, "index": i, "path": [h.hex() for h in merkle.inclusion(i, hashes[:n])]}
                      for n in range(1, 9) for i in range(n)],
        "consistency": [{"old_size": m, "new_size": n,
                         "path": [h.hex() for h in merkle.consistency(m, hashes[:n])]}
                        for n in range(1, 9) for m in range(1, n + 1)],
        "counted": [{"size": n, "root": merkle.root(many[:n]).hex(),
                     "frontier": (struct.pack(">Q", n) + b"".join(merkle.peaks(many[:n]))).hex()}
                    for n in range(65)],
    }


def observation(offset):
    entry = dict(price=6_512_345 + offset, bid=6_512_300, ask=6_512_400 + offset, confidence=61, depth_usd=10**6,
                 src_time=HEADER_TIME - 40_000 - offset, reasons=0x09, sources=3)
    return {"time": HEADER_TIME - 10_000 - offset, "feeds": [entry, None, entry]}


def signed(leaves, blobs, **changes):
    """A header over these leaves and bodies, and the test key's signature."""
    fields = header(feeds_root=merkle.root([merkle.leaf_hash(d) for d in leaves]).hex(), feed_count=len(leaves),
                    inputs_root=merkle.root([merkle.leaf_hash(d) for d in blobs]).hex())
    fields.update(changes)
    head = encode_header(fields)
    signature = ed25519.sign(SEED, head)
    assert ed25519.verify(ed25519.public_key(SEED), head, signature)
    return head, signature


def encode_batch(head, signature, leaves, blobs):
    out = head + signature + struct.pack(">I", len(leaves)) + b"".join(leaves)
    return out + struct.pack(">I", len(blobs)) + b"".join(struct.pack(">I", len(b)) + b for b in blobs)


def batch_file():
    leaves = sorted((encode_leaf(fields) for fields in
                     (leaf("BTC/USD"), leaf("ETH/USD", status="wide", reasons=1), never_priced("USDT/USD"))),
                    key=lambda data: data[1:33])
    observations = [observation(i) for i in range(3)]
    blobs = [encode_observation(o) for o in observations]  # opaque to a batch; the network stores signed messages here
    head, signature = signed(leaves, blobs)
    strangers = [encode_leaf(leaf("BTC/USD", height=8))]
    return {
        "group_key": ed25519.public_key(SEED).hex(),
        "header": head.hex(),
        "signature": signature.hex(),
        "leaves": [data.hex() for data in leaves],
        "observations": [{"time": str(o["time"]), "feeds": [e and as_text(e) for e in o["feeds"]],
                          "bytes": b.hex()} for o, b in zip(observations, blobs)],
        "bytes": encode_batch(head, signature, leaves, blobs).hex(),
        "pruned": encode_batch(head, signature, leaves, []).hex(),
        "wrong_height": encode_batch(*signed(strangers, []), strangers, []).hex(),
        "wrong_count": encode_batch(*signed(leaves, [], feed_count=4), leaves, []).hex(),
        "paths": [[h.hex() for h in merkle.inclusion(i, [merkle.leaf_hash(d) for d in leaves])]
                  for i in range(len(leaves))],
    }


def main():
    check = sys.argv[1:] == ["--check"]
    same = True
    for name, make in (("leaf", leaf_file), ("header", header_file), ("merkle", merkle_file), ("batch", batch_file)):
        path = HERE / (name + ".json")
        text = json.dumps({"about": "written by generate.py", **make()}, indent=1) + "\n"
        if check:
            same = same and path.exists() and path.read_text() == text
        else:
            path.write_text(text)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
