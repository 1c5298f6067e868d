#!/usr/bin/env python3
"""A committee that reads twenty venues at once: whichever of them lies, stalls or dies, the attested price stays where
the others say it is, and the nodes say whom they do not count."""
import json
import pathlib
import time
import unittest
from fractions import Fraction

from harness import ROOT, UpTestCase, eventually, fetch

HERE = pathlib.Path(__file__).resolve().parent
NETWORK = ROOT / "config" / "examples" / "crypto.network.yaml"
FEED = "BTC/USD"
NOISE = Fraction(500, 1_000_000)  # bias, noise and spread of the venues, and of the legs that convert


class Venues(UpTestCase):
    options = ("--network", str(NETWORK), "--scenario", str(HERE / "still.scenario.yaml"), "--tick-ms", "500")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.names = sorted({source["venue"] for source in cls.explained()["sources"]})

    @classmethod
    def explained(cls):
        code, body = fetch(cls.up.nodes[0]["http"] + "/v1/explain/" + FEED.replace("/", "-"))
        return json.loads(body) if code == 200 else {"sources": []}

    def command(self, venue, fault, **more):
        code, body = self.up.market("/control", {"venue": venue, "fault": fault} | more)
        self.assertEqual((code, json.loads(body)), (200, {"ok": True}))

    def attested(self):
        for text in self.up.frames(1, (FEED,)):
            view = json.loads(text)["view"]
            return int(view["height"]), Fraction(view["price"]), view["status"]

    def counted(self, venue):
        """How many sources of a venue the node counts now."""
        return sum(source["counted"] for source in self.explained()["sources"] if source["venue"] == venue)

    def all_count(self):
        return all(self.counted(venue) for venue in self.names)

    def test_1_every_venue_of_the_network_counts(self):
        self.assertGreaterEqual(len(self.names), 12)
        eventually(self.all_count, 60, f"each of {self.names} counts")
        self.assertEqual(self.attested()[2], "ok")

    def test_2_no_venue_moves_the_price_by_lying_and_every_liar_is_seen(self):
        eventually(self.all_count, 60, "all venues count")
        honest = self.attested()[1]
        for place, venue in enumerate(self.names):
            self.command(venue, "lie", factor=("10", "0.1", "1.02", "0.98")[place % 4])
            eventually(lambda name=venue: not self.counted(name), 15, f"{venue} is seen to lie")
            height, price, _ = self.attested()
            self.assertLess(abs(price - honest), honest * NOISE, f"{venue} lies at {height}: {float(price)}")
            self.command(venue, "none")
        eventually(self.all_count, 60, "liars that repented count again")

    def test_3_venues_that_die_stall_or_stand_on_their_heads_move_nothing(self):
        eventually(self.all_count, 60, "all venues count")
        honest = self.attested()[1]
        faults = ("outage", "stuck", "crossed", "malformed", "silent", "rate_limited", "slow", "wick", "wash", "late")
        for venue, fault in zip(self.names, faults):
            self.command(venue, fault)
        start = self.attested()[0]
        end = time.monotonic() + 20
        height = start
        while height < start + 16:
            self.assertLess(time.monotonic(), end, "heights go on")
            height, price, status = self.attested()
            self.assertLess(abs(price - honest), honest * NOISE, f"height {height}: {float(price)}")
            self.assertIn(status, ("ok", "wide"))
        self.command("*", "none")

    def test_4_a_price_that_moves_everywhere_is_followed(self):
        eventually(self.all_count, 90, "all venues count")
        honest = self.attested()[1]
        code, _ = self.up.market("/control", {"asset": "BTC", "move": "1.03", "over_ms": 3000})
        self.assertEqual(code, 200)
        eventually(lambda: self.attested()[1] > honest * Fraction(1025, 1000), 40, "the committee follows")


if __name__ == "__main__":
    unittest.main(verbosity=2)
