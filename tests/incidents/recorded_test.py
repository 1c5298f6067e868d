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


BOUND = 0.005  # honest venues this close together: there was a price to tell, and no other one


@unittest.skipUnless(market_data.USDC.exists(), "the recorded minutes of March 2023 are not here")
class EveryFeed(unittest.TestCase):
    """Each feed of the shipped file for which a window has three venues or more in the feed's own pair."""

    def test_a_good_price_is_among_the_venues_and_nothing_halts_while_they_agree(self):
        lines = market_data.usdc_quotes()
        looked = []
        for feed in SHIPPED.feeds:
            books = {at: prices for at, prices in market_data.own_books(lines, feed).items() if len(prices) >= 3}
            if not books:
                continue
            documents = replay.at_steps(replay.explain(SHIPPED.path, feed, lines, every_ms=recorded.MINUTE_MS))
            looked.append(feed)
            for at, prices in books.items():
                document, low, high = documents[at], min(prices.values()), max(prices.values())
                if document["state"] == "ok":
                    self.assertLessEqual(low * (1 - BOUND), float(document["price"]), f"{feed} {at} {prices}")
                    self.assertGreaterEqual(high * (1 + BOUND), float(document["price"]), f"{feed} {at} {prices}")
                else:
                    self.assertGreater(high / low - 1, BOUND, f"{feed} {at} is {document['state']} of {prices}")
        self.assertEqual(looked, ["BTC/USD", "BTC/USDT"])

    def test_a_dead_pair_converts_nothing_either(self):
        """What is dead in bitcoin's own feed is dead for the coin that it is quoted in."""
        documents, lines = recorded.march_2023(SHIPPED, "USDC/USD")
        first = lines[0]["recv_time_ms"]
        for at, document in documents.items():
            for row in document["sources"]:
                if (row["venue"], row["symbol"]) == FROZEN and at - first > 6 * 3_600_000:
                    self.assertFalse(row["counted"], at)


@unittest.skipUnless(market_data.FX.exists(), "the recorded day of two currency brokers is not here")
class ForeignExchange(unittest.TestCase):
    """4 April 2018. The file wants three owners and the day has two brokers, so every price is a degraded one at best. FXCM, for
    which there is no adapter, speaks in Polygon's place."""

    @classmethod
    def setUpClass(cls):
        cls.shipped = replay.Shipped("fx")
        cls.lines = market_data.fx_quotes(fxcm="polygon")
        cls.books = market_data.own_books(cls.lines, "EUR/USD")

    def documents(self, lines):
        return replay.at_steps(replay.explain(self.shipped.path, "EUR/USD", lines, every_ms=recorded.MINUTE_MS))

    def test_two_brokers_that_agree_are_a_degraded_price_between_them(self):
        documents = self.documents(self.lines)
        both = {at: prices for at, prices in self.books.items() if len(prices) == 2}
        self.assertGreater(len(both), 1300)
        for at, prices in both.items():
            document, low, high = documents[at], min(prices.values()), max(prices.values())
            if high / low - 1 > 0.0002:  # agree_ppm of the file
                continue
            self.assertEqual(document["state"], "degraded", at)
            self.assertLessEqual(low - 1e-8, float(document["price"]), at)
            self.assertGreaterEqual(high + 1e-8, float(document["price"]), at)
            self.assertGreaterEqual(float(document["confidence"]) + 1e-8, high - low, at)

    def test_one_broker_is_no_price(self):
        for document in self.documents([line for line in self.lines if line["venue"] != "polygon"]).values():
            self.assertEqual((document["state"], document["price"]), ("absent", None))

    def test_one_exchange_is_no_price_of_bitcoin_either(self):
        documents = replay.explain(SHIPPED.path, "BTC/USD", self.lines, every_ms=recorded.MINUTE_MS)
        self.assertEqual({document["state"] for document in documents}, {"absent"})

    def test_the_gap_of_a_triangle_is_no_outlier_in_all_but_one_of_twenty_minutes(self):
        """BTC/EUR times EUR/USD is not BTC/USD: 24 basis points apart on average that day, in one exchange's own books. A book in
        euro counts for bitcoin in dollars all the same, unless it is more than exclude_ppm away."""
        euro = {at: median_of(list(prices.values())) for at, prices in self.books.items()}
        dollars, euros = (market_data.own_books(self.lines, pair) for pair in ("BTC/USD", "BTC/EUR"))
        gaps = [abs(euros[at]["coinbase_exchange"] * euro[at] / dollars[at]["coinbase_exchange"] - 1)
                for at in dollars if at in euros and at in euro]
        self.assertGreater(len(gaps), 1300)
        beyond = sum(gap > int(SHIPPED.feed("BTC/USD")["exclude_ppm"]) / 1e6 for gap in gaps)
        print(f"{len(gaps)} minutes, mean {sum(gaps) / len(gaps):.4%}, {beyond} beyond", end=" ")
        self.assertLess(beyond / len(gaps), 0.05)


@unittest.skipUnless(market_data.CURVE.exists(), "the recorded days of two pools are not here")
class RedemptionRates(unittest.TestCase):
    """The virtual prices of two pools, about one a day, as three readers see them, with the limits of the shipped staked file."""

    @classmethod
    def setUpClass(cls):
        cls.shipped = replay.Shipped("staked")

    def documents(self, rates):
        feed, like = "LP/ETH", "wstETH/stETH"
        readers = ["reader_one", "reader_two", "reader_three"]
        template = self.shipped.source(like, readers[0])
        rows = [dict(template, venue=name, group=name, symbol="LP_ETH", pair=feed) for name in readers]
        table = replay.table_of(self.shipped, feed, like, "1.2", rows, depth_via="none")
        lines = [replay.scenario.quote_line(name, "LP_ETH", feed, at, last=f"{value:.15g}") for at, value in rates for name in readers]
        documents = replay.at_steps(replay.explain(self.shipped.network([table]), feed, lines, every_ms=market_data.HOUR_MS))
        return [(at, value, documents[at]) for at, value in rates]

    def test_years_of_honest_growth_are_never_called_too_fast(self):
        for pool in ("stETH", "3crv"):
            looked = self.documents(market_data.curve_rates(pool))
            self.assertGreater(len(looked), 250)
            for at, value, document in looked:
                self.assertEqual(document["state"], "ok", f"{pool} {at} {document}")
                self.assertNotIn("rate_limit", document["reasons"], f"{pool} {at}")
                self.assertAlmostEqual(float(document["price"]), value, delta=2e-6)

    def test_a_donation_is_told_and_its_price_is_what_it_is(self):
        rates = market_data.curve_rates("stETH")
        half = len(rates) // 2
        rates = rates[:half] + [(at, value * 1.02) for at, value in rates[half:]]
        at, value, document = self.documents(rates)[half]
        self.assertIn("rate_limit", document["reasons"], at)
        self.assertAlmostEqual(float(document["price"]), value, delta=2e-6)


if __name__ == "__main__":
    unittest.main(verbosity=2)
