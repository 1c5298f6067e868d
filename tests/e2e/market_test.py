#!/usr/bin/env python3
"""One symbol from three venues: the committee attests a price among theirs, and one liar does not move it."""
import json
import statistics
import time
import unittest
from fractions import Fraction

from harness import ROOT, UpTestCase, eventually, fetch, run
from schema import mistakes

VENUES = ("binance_us", "coinbase_exchange", "kraken")


class Market(UpTestCase):
    def tearDown(self):
        for venue in VENUES:
            self.command(venue, "none")

    def command(self, venue, fault, **more):
        code, body = self.up.market("/control", {"venue": venue, "fault": fault} | more)
        self.assertEqual((code, json.loads(body)), (200, {"ok": True}))

    def book(self, venue):
        """(bid, ask) of BTC/USD, read from the venue's own REST format."""
        path = {
            "binance_us": "/binance_us/api/v3/ticker/bookTicker?symbol=BTCUSD",
            "coinbase_exchange": "/coinbase_exchange/products/BTC-USD/ticker",
            "kraken": "/kraken/0/public/Ticker?pair=XBTUSD",
        }[venue]
        code, body = self.up.market(path)
        self.assertEqual(code, 200, body)
        answer = json.loads(body)
        if venue == "kraken":
            (pair,) = answer["result"].values()
            return Fraction(pair["b"][0]), Fraction(pair["a"][0])
        names = ("bidPrice", "askPrice") if venue == "binance_us" else ("bid", "ask")
        return Fraction(answer[names[0]]), Fraction(answer[names[1]])

    def attested(self):
        """(height, price, status) of BTC/USD in the newest update."""
        for text in self.up.frames(1, ("BTC/USD",)):
            view = json.loads(text)["view"]
            return int(view["height"]), Fraction(view["price"]), view["status"]

    def later(self, heights=8):
        start = self.attested()[0]
        return eventually(lambda: (now := self.attested())[0] >= start + heights and now, 30, f"{heights} more heights")

    def test_the_attested_price_lies_among_the_three_venues(self):
        self.later()  # whatever an earlier test made of the prices is gone
        self.command("*", "stuck")  # prices stand still at one and the same step, times go on
        self.later()
        books = [self.book(venue) for venue in VENUES]
        _, price, status = self.later()
        self.assertEqual(books, [self.book(venue) for venue in VENUES], "the market stood still")
        self.assertEqual(status, "ok")
        mids = [(bid + ask) / 2 for bid, ask in books]
        widest = max(ask - bid for bid, ask in books)
        self.assertLessEqual(abs(price - statistics.median(mids)), widest / 2)
        self.assertGreaterEqual(price, min(bid for bid, _ in books))
        self.assertLessEqual(price, max(ask for _, ask in books))

    def test_one_lying_venue_does_not_move_the_price(self):
        honest = self.later()[1]
        self.command("kraken", "lie", factor="10")
        eventually(lambda: self.book("kraken")[0] > 5 * honest, 10, "Kraken lies")
        start = time.monotonic()
        while time.monotonic() < start + 4:
            height, price, _ = self.attested()
            self.assertLess(abs(price - honest) * 100, honest, f"height {height}: {float(price)} after {float(honest)}")

    def test_a_venue_that_is_away_or_talks_nonsense_does_not_stop_the_feed(self):
        for fault in ("outage", "malformed"):
            honest = self.later()[1]
            self.command("coinbase_exchange", fault)
            _, price, _ = self.later(16)
            self.assertLess(abs(price - honest) * 100, honest)
            self.command("coinbase_exchange", "none")

    def test_the_node_explains_its_price_and_what_it_converts(self):
        def explained():
            code, body = fetch(self.up.nodes[0]["http"] + "/v1/explain/ETH-USD")
            document = json.loads(body)
            binance = next(source for source in document["sources"] if source["venue"] == "binance")
            return code == 200 and document["state"] == "ok" and binance["counted"] and binance
        binance = eventually(explained, 30, "a converted source that counts")
        self.assertNotEqual(binance["price"], binance["converted"])
        self.assertEqual(fetch(self.up.nodes[0]["http"] + "/v1/explain/NO-FEED")[0], 404)

    def reading(self, venue, feed="BTC/USD"):
        """(state of the venue, what the feed makes of it, age in ms), as the first node tells at /v1/venues."""
        code, body = fetch(self.up.nodes[0]["http"] + "/v1/venues")
        self.assertEqual(code, 200)
        at = next(each for each in json.loads(body)["venues"] if each["venue"] == venue)
        for instrument in at["instruments"]:
            for row in instrument["feeds"]:
                if row["feed"] == feed:
                    return at["state"], row, int(instrument["age_ms"] or 0)
        raise AssertionError(f"{venue} is not read for {feed}")

    def test_the_table_of_venues_tells_who_counts_and_why_not(self):
        eventually(lambda: self.reading("kraken")[1]["counted"], 30, "Kraken counts")
        self.command("kraken", "lie", factor="10")
        row = eventually(lambda: not (row := self.reading("kraken")[1])["counted"] and row, 5, "a liar does not count")
        self.assertIn(row["reason"], ("unsettled", "outlier"))
        self.assertEqual(row["weight_ppm"], 0)
        self.command("kraken", "none")
        self.command("coinbase_exchange", "outage")
        state, _, age = eventually(lambda: (seen := self.reading("coinbase_exchange"))[0].startswith("down") and seen, 20,
                                   "a dead venue is told")
        eventually(lambda: self.reading("coinbase_exchange")[2] > age, 5, "and its quote grows old")

    def test_commands_ask_a_running_node(self):
        node = self.up.nodes[0]["http"]
        eventually(lambda: self.reading("kraken")[1]["counted"], 30, "Kraken counts")
        eventually(lambda: json.loads(fetch(node + "/v1/explain/BTC-USD")[1])["state"] == "ok", 30,
                   "the price is good again, whatever was done to the venues before")
        code, out, error = run("venues", "--node", node)
        self.assertEqual((code, error), (0, ""))
        self.assertRegex(out, r"(?m)^kraken +streaming")
        self.assertRegex(out, r"BTC/USD +\d+\.\d* +\d+\.\d* +\d+ ms +.*BTC/USD")
        code, text = fetch(node + "/metrics")
        self.assertRegex(text, r'assay_source_weight{[^}]*feed="BTC/USD"[^}]*venue="kraken"[^}]*} 0\.[1-9]')
        code, out, _ = run("venues", "--node", node, "--json")
        self.assertEqual(set(json.loads(out)), {"at_ms", "venues", "feeds"})
        schema = json.loads((ROOT / "docs" / "venues.schema.json").read_text())
        self.assertEqual(list(mistakes(schema, json.loads(out))), [])
        self.assertNotEqual(list(mistakes(schema, json.loads(out.replace('"counted":true', '"counted":1', 1)))), [])
        code, out, _ = run("venues", "--node", node, "--venue", "kraken")
        self.assertEqual((code, {line.split()[0] for line in out.splitlines() if line[0] != " "}), (0, {"venue,", "kraken"}))
        self.assertEqual(run("venues", "--node", node, "--venue", "nobody")[0], 2)
        code, out, error = run("risk", "--node", node, "--network", self.up.info["network_file"], "--json")
        self.assertEqual((code, error), (0, ""))
        rows = {row["feed"]: row for row in map(json.loads, out.splitlines())}
        self.assertEqual(rows["BTC/USD"]["state"], "ok")
        self.assertGreaterEqual(rows["BTC/USD"]["books_needed"], 2)
        self.assertEqual(run("venues", "--node", "http://127.0.0.1:1")[0], 3)
        self.assertEqual(run("venues")[0], 2)

    def test_a_wrong_command_is_refused_by_name(self):
        for body in ({"venue": "nowhere", "fault": "lie"}, {"venue": "kraken", "fault": "sulk"}):
            code, text = self.up.market("/control", body)
            self.assertEqual(code, 400)
            self.assertIn("error", json.loads(text))


if __name__ == "__main__":
    unittest.main(verbosity=2)
