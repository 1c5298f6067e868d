#!/usr/bin/env python3
"""Recorded market windows through `assay explain` and the shipped network file. Skipped where the recordings are not."""
import unittest

import market_data
import recorded
import replay
from baselines import median_of

SHIPPED = replay.Shipped()
FROZEN = ("crypto_com", "BTC_USDC")


@unittest.skipUnless(market_data.USDC.exists(), "the recorded minutes of March 2023 are not here")
class March2023(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.documents, _ = recorded.march_2023(SHIPPED, "BTC/USD")
        cls.closes = {at: prices for at, prices in market_data.usd_closes().items() if len(prices) >= 3}

    def test_bitcoin_stays_within_half_a_per_cent_of_the_dollar_venues_in_every_minute(self):
        self.assertGreater(len(self.closes), 5000)
        worst = 0
        for at, prices in self.closes.items():
            document = self.documents[at]
            self.assertNotEqual(document["state"], "absent", at)
            worst = max(worst, abs(float(document["price"]) / median_of(list(prices.values())) - 1))
        print(f"worst {worst:.4%} in {len(self.closes)} minutes", end=" ")
        self.assertLess(worst, 0.005)

    def test_the_frozen_venue_never_counts(self):
        seen = 0
        for document in self.documents.values():
            for row in document["sources"]:
                if (row["venue"], row["symbol"]) == FROZEN:
                    seen += 1
                    self.assertFalse(row["counted"], document["at_ms"])
        self.assertGreater(seen, 5000)

    def test_a_merged_view_of_the_dollar_is_never_assumed(self):
        """Where a USDC book counts, it counts at what USDC is worth."""
        counted = 0
        for at, document in self.documents.items():
            if at not in self.closes:
                continue
            middle = median_of(list(self.closes[at].values()))
            for row in document["sources"]:
                if row["counted"] and "USDC" in row["symbol"]:
                    counted += 1
                    self.assertLess(abs(float(row["converted"]) / middle - 1), 0.03, f"{at} {row}")
        self.assertGreater(counted, 1000)

    def test_usdc_is_followed_and_its_dependants_are_told(self):
        documents, _ = recorded.march_2023(SHIPPED, "USDC/USD")
        books = {}
        for name in ("kraken_usdcusd.csv",):
            for row in market_data.rows(market_data.USDC / name):
                books[int(row["ts_ms"]) + recorded.MINUTE_MS] = float(row["close"])
        far = [at for at, close in books.items() if abs(close - 1) > 0.03]
        self.assertGreater(len(far), 500)
        for at in far:
            document = documents[at]
            if document["state"] == "absent":
                continue
            self.assertLess(float(document["price"]), 0.985, at)
            self.assertIn("depeg", document["reasons"], at)
        present = sum(documents[at]["state"] != "absent" for at in far)
        self.assertGreater(present / len(far), 0.95)
        for at in far:
            document = self.documents[at]
            converts = any(row["counted"] and row["symbol"].endswith("USDC") for row in document["sources"])
            if converts:
                self.assertIn("depeg", document["reasons"], at)


@unittest.skipUnless(market_data.CHRONICLE.exists(), "Chronicle's messages of June 2023 are not here")
class Chronicle(unittest.TestCase):
    def test_all_their_messages_are_accounted_for(self):
        messages = market_data.chronicle_messages()
        self.assertEqual(len(messages), 725)
        self.assertEqual({message["wat"] for message in messages}, set(recorded.FEEDS) | set(recorded.TWO_OR_FEWER))

    def test_with_nobody_left_out_our_median_is_theirs(self):
        """All 620 messages with three inputs or more, to the millionth that our half spread of a last trade is worth."""
        total, worst = 0, 0
        for wat in recorded.FEEDS:
            for inputs, theirs, document in recorded.chronicle(SHIPPED, wat, **recorded.SAME_RULE):
                total += 1
                worst = max(worst, abs(float(document["price"]) / theirs - 1))
                self.assertLess(worst, 1.1e-6, f"{wat} {theirs} {document} {inputs}")
        self.assertEqual(total, 620)
        print(f"{total} messages, worst {worst:.1e}", end=" ")

    def test_with_the_shipped_limits_the_biased_venue_no_longer_pulls(self):
        """Binance.US is 1.4 to 1.8 % above the others in every message. As one of five it moves their median by half a rank, always
        upwards; left out it moves nothing."""
        above = 0
        for inputs, theirs, document in recorded.chronicle(SHIPPED, "BTCUSD"):
            honest = [float(value) for key, value in inputs.items() if not key.endswith("binance_us")]
            ours = float(document["price"])
            self.assertEqual(document["state"], "ok")
            self.assertFalse(any(row["counted"] for row in document["sources"] if row["name"].endswith("binance_us")))
            self.assertAlmostEqual(ours / median_of(honest), 1, delta=1.1e-6)
            self.assertGreaterEqual(theirs, ours * (1 - 1.1e-6))
            above += theirs > ours * (1 + 1.1e-6)
        self.assertGreater(above, 50)
        print(f"theirs above ours in {above} of 65", end=" ")


if __name__ == "__main__":
    unittest.main(verbosity=2)
