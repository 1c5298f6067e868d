#!/usr/bin/env python3
"""A failing run leaves a file that replays it: with bugs planted on purpose, through the command itself."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PLANTED = os.environ["ASSAY_PLANTED"]
# Each breaks in one of the first seeds of four members (./dev sim --mutants), and what breaks.
PLANTS = {"amnesia": "lock_hidden", "send_before_fsync": "share_before_lock", "kept_nonce": "nonce_reuse"}
SEEDS = "1..12"


class Replay(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="assay-sim-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def planted(self, mutant, *arguments):
        done = subprocess.run([PLANTED, mutant, "sim", *arguments], cwd=self.folder, capture_output=True, text=True,
                              timeout=200, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_what_broke_breaks_again_at_the_same_event(self):
        for mutant, invariant in PLANTS.items():
            with self.subTest(mutant):
                code, out, err = self.planted(mutant, "--seeds", SEEDS, "--nodes", "4", "--out", mutant, "--json")
                self.assertEqual(code, 1, err)
                failure = json.loads(out)["failures"][0]
                self.assertEqual(failure["invariant"], invariant)
                self.assertIn(f"assay sim --replay {failure['file']}", err)
                kept = json.loads(pathlib.Path(failure["file"]).read_text())
                self.assertEqual((kept["seed"], kept["invariant"]), (failure["seed"], invariant))
                code, told, _ = self.planted(mutant, "--replay", failure["file"])
                self.assertEqual(code, 1)
                lines = told.splitlines()
                self.assertEqual(lines[0], kept["plan"])
                self.assertRegex(told, rf"\n-- broke at [0-9]+\.[0-9]+: {invariant}: {kept['detail']}\n")
                self.assertRegex(lines[-1], "^runs 1, .* failures 1$")
                _, again, _ = self.planted(mutant, "--replay", failure["file"])
                self.assertEqual(told, again)
                # Without the bug the same run holds: it is the bug that was found.
                code, told, _ = self.planted("none", "--replay", failure["file"])
                self.assertEqual(code, 0, told[-2000:])
        left = sorted(path.name for path in self.folder.iterdir())
        self.assertEqual(left, sorted(PLANTS), "a replay leaves nothing")


if __name__ == "__main__":
    unittest.main(verbosity=2)
