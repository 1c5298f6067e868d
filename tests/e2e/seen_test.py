#!/usr/bin/env python3
"""One venue of seventeen after the other is cut, stalls, lies, crosses its book, talks nonsense, delists, stands still:
`assay venues` tells it, it counts no more as the rules of its kind say, and no height strays from what the others say."""
import pathlib
import shutil
import tempfile
import unittest
from fractions import Fraction

import venue_faults as faults
from harness import UpTestCase, eventually

TOLD_MAX_MS = 10_000  # a second, and what a busy machine may add; the figures are printed
UNCOUNTED_MAX_MS = faults.AGE_MAX_MS + 10_000


class Seen(UpTestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="assay-seen-"))
        cls.addClassCleanup(shutil.rmtree, cls.scratch, ignore_errors=True)
        network, scenario = faults.written(cls.scratch)
        cls.options = ("--network", str(network), "--scenario", str(scenario), "--tick-ms", "250")
        super().setUpClass()

    def all_count(self):
        return all(faults.counts(venue) for venue in faults.table(self.up.nodes[0]["http"]).values()
                   if faults.reads_feed(venue))

    def test_every_fault_is_told_and_moves_nothing(self):
        eventually(self.all_count, 60, "all venues count")
        attested = faults.Attested(self.up)
        honest = attested.newest()[1]
        print("\n" + faults.HEADING)
        for fault in faults.FAULTS:
            with self.subTest(fault.what):
                start = len(attested.seen)
                delay = faults.played(self.up, fault)
                print(faults.line(delay), flush=True)
                self.assertTrue(0 <= delay.told_ms <= TOLD_MAX_MS, delay)
                self.assertTrue(0 <= delay.uncounted_ms <= UNCOUNTED_MAX_MS, delay)
                moved = faults.MOVE if fault is faults.STUCK else 1
                heights = attested.seen[start:]
                self.assertTrue(heights, "heights go on")
                for height, price, status in heights:
                    self.assertLessEqual(honest * (1 - faults.NOISE), price, f"height {height}: {float(price)}")
                    self.assertLessEqual(price, honest * moved * (1 + faults.NOISE), f"height {height}: {float(price)}")
                    self.assertIn(status, ("ok", "wide"), f"height {height}")
        eventually(lambda: attested.newest()[1] > honest * Fraction(1018, 1000), 20, "the committee follows the others")
        attested.end()
        eventually(self.all_count, 60, "venues that are well again count again")


if __name__ == "__main__":
    unittest.main(verbosity=2)
