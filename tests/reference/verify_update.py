#!/usr/bin/env python3
"""Checks subscriber frames as a stranger would: docs/wire.md, RFC 8032, RFC 9162 and the standard library.

    verify_update.py --group-key HEX [--network-id HEX] [FILE]

Reads one JSON document, or one a line (standard input without FILE): an "update", or a "batch" of several leaves.
Prints `ok ...` or `refused: REASON` for each. Exit 0 when all hold, 1 when one is refused or there is none,
2 for wrong usage or an unreadable file.
"""
import argparse
import base64
import binascii
import hashlib
import json
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import ed25519  # noqa: E402
import merkle  # noqa: E402

HEADER = struct.Struct(">16s32sI32sQQ32s32sI32s32s32sQ")
LEAF = struct.Struct(">B32sQbBHBBqqqQqIQQQQQqB")
DOMAIN = b"assay/batch/v1\x00\x00"
PRICE_MAX = 1 << 62


UPDATE = {"type", "height", "feed", "index", "leaf", "path", "header", "signature", "view"}
BATCH = {"type", "height", "header", "signature", "leaves"}
ITEM = {"feed", "index", "leaf", "path", "view"}
STATUS = ("invalid", "ok", "wide", "divergent", "depeg", "jump", "stale", "insufficient", "halted", "closed")
REASONS = ("few_sources", "divergent", "depeg", "excluded", "venue_down", "rate_limit")


class Refused(Exception):
    pass


def require(condition, reason):
    if not condition:
        raise Refused(reason)


def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def from_base64(value, what):
    require(isinstance(value, str), what + " is not text")
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(what + " is not base64") from None
    require(base64.b64encode(data).decode() == value, what + " is not canonical base64")
    return data


def unique_keys(pairs):
    keys = [key for key, _ in pairs]
    require(len(set(keys)) == len(keys), "a key stands twice")
    return dict(pairs)


def read_header(frame, group_key, network_id):
    data = from_base64(frame.get("header"), "header")
    require(len(data) == HEADER.size, "header length")
    (domain, network, epoch, _, height, time, _, feeds_root, feed_count, _, _, next_epoch, switch) = HEADER.unpack(data)
    require(domain == DOMAIN, "header domain")
    require(network_id is None or network == network_id, "network id")
    require((next_epoch == bytes(32)) == (switch == 0), "next epoch and switch height")
    require(ed25519.verify(group_key, data, from_base64(frame.get("signature"), "signature")), "signature")
    return height, time, feeds_root, feed_count, {"epoch": epoch, "network_id": network.hex()}


def decimal(mantissa, exponent):
    digits = str(abs(mantissa))
    if exponent > 0 and mantissa:
        digits += "0" * exponent
    if exponent < 0:
        digits = digits.rjust(1 - exponent, "0")
        digits = digits[:exponent] + "." + digits[exponent:]
    return ("-" if mantissa < 0 else "") + digits


def check_view(view, data, header_time, of_header):
    """The courtesy values are those of the bytes: all of them, and nothing else."""
    (_, _, height, exponent, status, reasons, observers, sources, price, bid, ask, confidence, ema, _, depth, src_time,
     publish, previous, valid_until, _, _) = LEAF.unpack(data)
    expected = {name: decimal(value, exponent) for name, value in (("price", price), ("bid", bid), ("ask", ask),
                                                                   ("ema", ema))}
    expected["confidence"] = decimal(confidence, exponent) if confidence <= PRICE_MAX else str(confidence)
    expected["status"] = STATUS[status]
    expected["reasons"] = [name for bit, name in enumerate(REASONS) if reasons >> bit & 1]
    expected.update(observers=observers, sources=sources, exponent=exponent, **of_header)
    for name, value in (("depth_usd", depth), ("src_time_us", src_time), ("publish_time_us", publish),
                        ("prev_publish_time_us", previous), ("valid_until_us", valid_until), ("height", height),
                        ("header_time_us", header_time)):
        expected[name] = str(value)
    # As text: in Python True equals 1.
    require(json.dumps(view, sort_keys=True) == json.dumps(expected, sort_keys=True), "view differs from the bytes")


def check_leaf(item, data, height):
    require(len(data) == LEAF.size, "leaf length")
    (version, feed, at, _, status, reasons, _, _, price, bid, ask, confidence, ema, fraction, depth, src_time, publish,
     previous, valid_until, reference, run) = LEAF.unpack(data)
    require(version == 1, "leaf version")
    require(1 <= status <= 9 and reasons < 64, "leaf status")
    require(at == height, "leaf height")
    symbol = item.get("feed")
    require(isinstance(symbol, str) and symbol.isascii(), "feed is not a symbol")
    require(feed == hashlib.sha256(b"assay/feed/v1\x00" + symbol.encode()).digest(), "feed id")
    if publish == 0:
        values = (price, bid, ask, confidence, ema, fraction, depth, src_time, previous, valid_until, reference, run)
        require(status > 5 and not any(values), "a leaf that was never priced holds values")
    else:
        require(0 < bid <= price <= ask <= PRICE_MAX and 0 < confidence <= price, "leaf values")
    return symbol, price


def check_path(item, leaf_hash, root, size):
    index, path = item.get("index"), item.get("path")
    require(is_int(index) and isinstance(path, list), "index or path")
    hashes = [from_base64(entry, "path") for entry in path]
    require(all(len(entry) == 32 for entry in hashes), "path entry length")
    require(merkle.root_from_path(leaf_hash, index, size, hashes) == root, "path")


def check_frame(frame, group_key, network_id):
    require(isinstance(frame, dict) and frame.get("type") in ("update", "batch"), "neither update nor batch")
    require(set(frame) <= (UPDATE if frame["type"] == "update" else BATCH), "an unknown member")
    height, time, root, size, of_header = read_header(frame, group_key, network_id)
    require(frame.get("height") in (height, str(height)), "the stated height")
    items = [frame] if frame["type"] == "update" else frame.get("leaves")
    require(isinstance(items, list) and items and all(isinstance(item, dict) for item in items), "leaves")
    require(frame["type"] == "update" or all(set(item) <= ITEM for item in items), "an unknown member of a leaf")
    leaves = [from_base64(item.get("leaf"), "leaf") for item in items]
    hashes = [merkle.leaf_hash(data) for data in leaves]
    if frame["type"] == "batch" and all("path" not in item for item in items):
        require(len(items) == size and merkle.root(hashes) == root, "leaves are not those of the root")
        require([item.get("index") for item in items] == list(range(size)), "index")
    else:
        for item, leaf_hash in zip(items, hashes):
            check_path(item, leaf_hash, root, size)
    seen = [check_leaf(item, data, height) for item, data in zip(items, leaves)]
    for item, data in zip(items, leaves):
        if "view" in item:
            check_view(item["view"], data, time, of_header)
    return "ok height %d time_us %d %s" % (height, time, " ".join("%s=%d" % pair for pair in seen))


def verdict(text, group_key, network_id):
    """(True, what was verified) or (False, why not), for the text of one frame."""
    try:
        return True, check_frame(json.loads(text, object_pairs_hook=unique_keys), group_key, network_id)
    except Refused as refused:
        return False, "refused: " + str(refused)
    except (ValueError, RecursionError):
        return False, "refused: not JSON"


def documents(text):
    """The whole text when it is one JSON document, else its lines."""
    try:
        json.loads(text)
        return [text]
    except (ValueError, RecursionError):
        return [line for line in text.splitlines() if line.strip()]


def key_bytes(text):
    data = bytes.fromhex(text)
    if len(data) != 32:
        raise ValueError("32 bytes of hex")
    return data


def main():
    parser = argparse.ArgumentParser(description="verify subscriber frames")
    parser.add_argument("--group-key", required=True, type=key_bytes)
    parser.add_argument("--network-id", type=key_bytes)
    parser.add_argument("file", nargs="?")
    arguments = parser.parse_args()
    try:
        text = pathlib.Path(arguments.file).read_text() if arguments.file else sys.stdin.read()
    except (OSError, UnicodeDecodeError) as failed:
        print(failed, file=sys.stderr)
        return 2
    results = [verdict(document, arguments.group_key, arguments.network_id) for document in documents(text)]
    for _, line in results:
        print(line)
    return 0 if results and all(good for good, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
