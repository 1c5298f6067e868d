#!/usr/bin/env python3
"""The reference is tested too: against RFC 8032, OpenSSL where installed, and frames with every byte flipped."""
import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "vectors")]
sys.dont_write_bytecode = True
import ed25519  # noqa: E402
import generate  # noqa: E402
import merkle  # noqa: E402
import verify_update  # noqa: E402

# RFC 8032 section 7.1, TEST 1 to 3: seed, public key, message, signature.
RFC8032 = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
     "655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
     "b00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
     "c027beceea1ec40a"),
]
KEY = ed25519.public_key(generate.SEED)


def text64(data):
    return base64.b64encode(data).decode()


def frames():
    """An update and two batch frames over three signed leaves."""
    symbols = sorted(("BTC/USD", "ETH/USD", "USDT/USD"), key=generate.feed_id)
    leaves = [generate.encode_leaf(generate.leaf(symbol)) for symbol in symbols]
    hashes = [merkle.leaf_hash(data) for data in leaves]
    head, signature = generate.signed(leaves, [])
    common = {"height": "7", "header": text64(head), "signature": text64(signature)}
    items = [{"feed": symbols[i], "index": i, "leaf": text64(leaves[i])} for i in range(3)]
    paths = [[text64(h) for h in merkle.inclusion(i, hashes)] for i in range(3)]
    update = {"type": "update", **common, **items[1], "path": paths[1]}
    whole = {"type": "batch", **common, "leaves": items}
    some = {"type": "batch", **common, "leaves": [{**items[i], "path": paths[i]} for i in (0, 2)]}
    return update, whole, some


def view_of_every_leaf():
    """Written out, since all leaves of frames() hold the same values."""
    at = generate.HEADER_TIME
    return {"price": "65123.45", "bid": "65123.00", "ask": "65124.00", "confidence": "0.61", "ema": "65110.00",
            "status": "ok", "reasons": [], "observers": 4, "sources": 3, "exponent": -2, "depth_usd": "1250000",
            "src_time_us": str(at - 40_000), "publish_time_us": str(at), "prev_publish_time_us": str(at - 250_000),
            "valid_until_us": str(at + 5_000_000), "height": "7", "header_time_us": str(at), "epoch": 3,
            "network_id": generate.header()["network"]}


def holds(frame, network=None):
    return verify_update.verdict(json.dumps(frame), KEY, network)[0]


def flips(text):
    data = base64.b64decode(text)
    for i in range(len(data)):
        yield text64(data[:i] + bytes([data[i] ^ 1]) + data[i + 1:])


class Reference(unittest.TestCase):
    def test_ed25519_reproduces_rfc_8032(self):
        for seed, key, message, signature in (map(bytes.fromhex, case) for case in RFC8032):
            self.assertEqual(ed25519.public_key(seed), key)
            self.assertEqual(ed25519.sign(seed, message), signature)
            self.assertTrue(ed25519.verify(key, message, signature))
            self.assertFalse(ed25519.verify(key, message + b"x", signature))
            larger = (int.from_bytes(signature[32:], "little") + ed25519.L).to_bytes(32, "little")
            self.assertFalse(ed25519.verify(key, message, signature[:32] + larger))
        neutral = b"\x01" + bytes(31)
        self.assertFalse(ed25519.verify(neutral, b"any", neutral + bytes(32)))

    @unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
    def test_openssl_accepts_the_signed_header(self):
        head, signature = generate.signed([], [])
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            # SubjectPublicKeyInfo of RFC 8410: a fixed prefix, then the key.
            (path / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + KEY)
            (path / "sig").write_bytes(signature)
            for data, expected in ((head, 0), (head + b"x", 1)):
                (path / "data").write_bytes(data)
                done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey",
                                       path / "key", "-rawin", "-in", path / "data", "-sigfile", path / "sig"],
                                      capture_output=True, check=False)
                self.assertEqual(done.returncode, expected, done.stderr)

    def test_paths_lead_to_the_root_and_wrong_lengths_nowhere(self):
        hashes = [merkle.leaf_hash(bytes([i])) for i in range(20)]
        for size in range(1, 21):
            for index in range(size):
                path = merkle.inclusion(index, hashes[:size])
                self.assertEqual(merkle.root_from_path(hashes[index], index, size, path), merkle.root(hashes[:size]))
                self.assertIsNone(merkle.root_from_path(hashes[index], index, size, path + [hashes[0]]))
        self.assertIsNone(merkle.root_from_path(hashes[0], 1, 1, []))

    def test_frames_hold(self):
        for frame in frames():
            self.assertTrue(holds(frame), verify_update.verdict(json.dumps(frame), KEY, None))
        self.assertTrue(holds(frames()[0], bytes.fromhex(generate.header()["network"])))
        self.assertFalse(holds(frames()[0], bytes(32)))

    def test_a_view_says_what_the_bytes_say_and_nothing_else(self):
        update, whole, _ = frames()
        view = view_of_every_leaf()
        shown = {**update, "view": view}
        self.assertTrue(holds(shown), verify_update.verdict(json.dumps(shown), KEY, None))
        for name in view:
            for wrong in ("?", 1, True, None):
                self.assertFalse(holds({**update, "view": {**view, name: wrong}}), name)
            self.assertFalse(holds({**update, "view": {key: view[key] for key in view if key != name}}), name)
        for more in ({**update, "view": {**view, "price_usd": "1"}}, {**update, "view": []}, {**update, "price": "1"},
                     {**update, "leaves": []}, {**whole, "view": view}, {**whole, "feed": "BTC/USD"},
                     {**whole, "leaves": [{**whole["leaves"][0], "price": "1"}] + whole["leaves"][1:]}):
            self.assertFalse(holds(more))
        self.assertTrue(holds({**whole, "leaves": [{**item, "view": view} for item in whole["leaves"]]}))

    def test_decimals_are_spelled_in_full(self):
        for mantissa, exponent, text in ((6512345, -2, "65123.45"), (42, -2, "0.42"), (7, -3, "0.007"), (0, -2, "0.00"),
                                         (7, 0, "7"), (7, 2, "700"), (0, 2, "0"), (-105, -2, "-1.05")):
            self.assertEqual(verify_update.decimal(mantissa, exponent), text)

    def test_an_update_falls_with_any_flipped_byte(self):
        update = frames()[0]
        for field in ("leaf", "signature"):
            for text in flips(update[field]):
                self.assertFalse(holds({**update, field: text}), field)
        # A flipped header costs a verification each: every seventh byte, and the first and last.
        headers = list(flips(update["header"]))
        for text in headers[::7] + headers[-1:]:
            self.assertFalse(holds({**update, "header": text}))
        for i, entry in enumerate(update["path"]):
            for text in flips(entry):
                self.assertFalse(holds({**update, "path": update["path"][:i] + [text] + update["path"][i + 1:]}))

    def test_whatever_else_differs_is_refused(self):
        update, whole, some = frames()
        for change in ({"index": 0}, {"index": -1}, {"index": True}, {"feed": "BTC/EUR"}, {"height": "8"},
                       {"path": update["path"][:-1]}, {"path": None}, {"type": "ack"}, {"leaf": 5}, {"leaf": "AA"},
                       {"leaf": update["leaf"] + "\n"}):
            self.assertFalse(holds({**update, **change}), change)
        self.assertFalse(holds({**whole, "leaves": whole["leaves"][:2]}))
        self.assertFalse(holds({**whole, "leaves": []}))
        self.assertFalse(holds({**some, "leaves": some["leaves"] + whole["leaves"][1:2]}))
        for text in ("", "[]", "{", "1", "[" * 100000, '{"type":"update","type":"update"}'):
            self.assertFalse(verify_update.verdict(text, KEY, None)[0])


if __name__ == "__main__":
    unittest.main()
