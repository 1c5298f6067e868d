#!/usr/bin/env python3
"""`assay selftest --vectors` as scripts see it: files of another implementation, fresh ones each time, every hex field."""
import json
import os
import pathlib
import random
import re
import sys
import tempfile
import unittest

from harness import run

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "reference"))
import frost  # noqa: E402

VECTORS = TESTS / "vectors"
LAST_LINE = re.compile(r"(\d+) checks, (\d+) failed")


def hex_fields(value, path=()):
    """Paths of all hex texts; keys that begin with an underscore tell where a vector comes from."""
    if isinstance(value, str):
        if value and len(value) % 2 == 0 and re.fullmatch("[0-9a-f]+", value):
            yield path
    elif value and isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if not str(key).startswith("_"):
                yield from hex_fields(inner, (*path, key))


def flipped(document, path, random_source):
    """The document with one digit of one field changed, and the JSON path of that field."""
    copy = json.loads(json.dumps(document))
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    text = holder[path[-1]]
    at = random_source.randrange(len(text))
    digit = random_source.choice([d for d in "0123456789abcdef" if d != text[at]])
    holder[path[-1]] = text[:at] + digit + text[at + 1:]
    shown = "$" + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return copy, shown


class SelfTest(unittest.TestCase):
    def setUp(self):
        self.seed = int.from_bytes(os.urandom(4), "big")
        self.random = random.Random(self.seed)
        handle, self.path = tempfile.mkstemp(suffix=".json")
        os.close(handle)
        self.addCleanup(os.unlink, self.path)

    def check(self, document):
        pathlib.Path(self.path).write_text(document if isinstance(document, str) else json.dumps(document))
        code, out, error = run("selftest", "--vectors", self.path)
        last = LAST_LINE.fullmatch(out.strip().splitlines()[-1]) if out.strip() else None
        return code, out + error, last and tuple(int(number) for number in last.groups())

    def expect_all_flips_noticed(self, document, spared=()):
        for path in hex_fields(document):
            if path[0] in spared:
                continue
            copy, shown = flipped(document, path, self.random)
            code, out, last = self.check(copy)
            self.assertEqual(code, 1, f"{shown}, seed {self.seed}")
            self.assertGreater(last[1], 0)
            self.assertRegex(out, r"\$\.\S+: expected .*, got ")

    def test_every_file_of_the_project_passes(self):
        for path in sorted([VECTORS / "rfc9591-ed25519.json", *VECTORS.glob("frost-*.json")]):
            code, out, _ = run("selftest", "--vectors", str(path))
            self.assertEqual(code, 0, f"{path}: {out}")
            checks, failed = LAST_LINE.fullmatch(out.strip().splitlines()[-1]).groups()
            self.assertGreaterEqual(int(checks), 5)
            self.assertEqual(failed, "0")

    def test_a_flipped_digit_of_any_hex_field_is_exit_1_and_named(self):
        self.expect_all_flips_noticed(json.loads((VECTORS / "rfc9591-ed25519.json").read_text()))

    def test_fresh_files_pass_and_their_flips_do_not(self):
        for name, document in frost.documents(self.random).items():
            code, out, _ = self.check(document)
            self.assertEqual(code, 0, f"{name}, seed {self.seed}: {out}")
            if name in ("frost-signing-only", "frost-repair-only"):
                self.expect_all_flips_noticed(document)

    def test_what_is_no_vector_file_is_exit_1_and_what_is_not_ours_or_not_there_exit_2(self):
        for text in ("", "[]", "{}", '{"suite":"ed25519-sha512"}', '{"suite":"ed25519-sha512","vectors":[]}'):
            self.assertEqual(self.check(text)[0], 1, text)
        for suite in ("ristretto255-sha512", "secp256k1-sha256", ""):
            self.assertEqual(self.check({"suite": suite, "vectors": []})[0], 2, suite)
        self.assertEqual(run("selftest", "--vectors", str(VECTORS / "rfc9591-ristretto255.json"))[0], 2)
        self.assertEqual(run("selftest", "--vectors", self.path + ".missing")[0], 2)
        self.assertEqual(run("selftest")[0], 0)


if __name__ == "__main__":
    unittest.main(verbosity=1)
