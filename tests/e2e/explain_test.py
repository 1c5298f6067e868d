#!/usr/bin/env python3
"""`assay explain`: recorded quotes through the node's own book, every number digit for digit."""
import json
import pathlib
import unittest

from harness import run

NETWORK = pathlib.Path(__file__).resolve().parents[2] / "config/examples/network.yaml"
START = 1_700_000_000_000


def line(venue, pair, at, bid=None, ask=None, last=None, **more):
    base, quote = pair.split("/")
    symbols = {"binance": base + quote, "binance_us": base + quote, "coinbase_exchange": f"{base}-{quote}"}
    return json.dumps({"venue": venue, "symbol": symbols.get(venue, pair), "base": base, "quote": quote, "kind": "bbo",
                       "bid": bid, "ask": ask, "last": last, "base_volume": None, "venue_time_ms": None,
                       "recv_time_ms": str(at)} | more)


def tether(at, price="0.9990"):
    return [line(venue, "USDT/USD", at, price, price) for venue in ("binance_us", "coinbase_exchange", "kraken")]


def ether(at):
    return [line("binance_us", "ETH/USD", at, "3000.10", "3000.30"), line("kraken", "ETH/USD", at, "3000.00", "3000.25"),
            line("coinbase_exchange", "ETH/USD", at, "3000.15", "3000.16")]


class Explained(unittest.TestCase):
    def explain(self, lines, *options, feed="ETH/USD", code=0):
        got, out, error = run("explain", "--network", str(NETWORK), "--feed", feed, "--quotes", "-", *options,
                              text="\n".join(lines) + "\n")
        self.assertEqual(got, code, error)
        return out

    def document(self, lines, *options, **more):
        return json.loads(self.explain(lines, "--json", *options, **more))

    def source(self, document, venue):
        return next(source for source in document["sources"] if source["venue"] == venue)

    def test_each_source_is_converted_digit_for_digit(self):
        lines = tether(START) + ether(START) + [line("binance", "ETH/USDT", START, "3003.00", "3003.21")]
        document = self.document(lines)
        self.assertEqual(list(document), ["at_ms", "feed", "state", "price", "bid", "ask", "confidence", "depth_usd",
                                          "groups", "reasons", "sources"])
        self.assertEqual((document["at_ms"], document["feed"], document["state"]), (str(START), "ETH/USD", "ok"))
        self.assertEqual(document["groups"], 3)
        binance = self.source(document, "binance")
        self.assertEqual(list(binance), ["venue", "symbol", "price", "converted", "uncertainty", "weight_ppm", "counted",
                                         "reason"])
        self.assertEqual(binance["price"], "3003.105")
        self.assertEqual(binance["converted"], "3000.10189500")  # times 0.999
        self.assertEqual((binance["counted"], binance["reason"]), (True, None))
        self.assertEqual(self.source(document, "kraken")["converted"], "3000.12500000")
        self.assertLessEqual(sum(source["weight_ppm"] for source in document["sources"]), 1_000_000)

    def test_a_source_is_known_by_its_pair_however_its_symbol_is_spelled(self):
        lines = [line(venue, "BTC/USD", START, "20000", "20001", symbol=symbol)
                 for venue, symbol in (("bitfinex", "BTCUSD"), ("kraken", "XXBTZUSD"), ("bitstamp", "BTC/USD"))]
        code, out, error = run("explain", "--network", str(NETWORK.with_name("crypto.network.yaml")), "--feed", "BTC/USD_fiat",
                               "--quotes", "-", "--json", text="\n".join(lines) + "\n")
        self.assertEqual(code, 0, error)
        counted = {source["venue"]: source["symbol"] for source in json.loads(out)["sources"] if source["counted"]}
        self.assertEqual(counted, {"bitfinex": "tBTCUSD", "kraken": "BTC/USD", "bitstamp": "btcusd"})

    def test_a_leg_off_its_peg_converts_nothing_and_is_told(self):
        lines = tether(START, "0.97") + ether(START) + [line("binance", "ETH/USDT", START, "3092.00", "3092.10")]
        document = self.document(lines)
        self.assertEqual(self.source(document, "binance")["reason"], "leg_down")
        self.assertEqual((document["state"], document["reasons"]), ("ok", ["depeg"]))
        leg = self.document(lines, feed="USDT/USD")
        self.assertEqual((leg["price"], leg["reasons"]), ("0.97000000", ["depeg"]))

    def test_absent_is_an_answer_and_not_a_failure(self):
        document = self.document(ether(START)[:1])
        self.assertEqual((document["state"], document["price"], document["groups"]), ("absent", None, 0))
        self.assertEqual(document["reasons"], ["one_group"])
        self.assertEqual(self.source(document, "kraken")["reason"], "silent")

    def test_a_source_that_is_not_listed_is_shown_and_does_not_count(self):
        lines = ether(START) + [line("bitstamp", "ETH/USD", START, "1.00", "1.01")]
        document = self.document(lines)
        self.assertEqual(self.source(document, "bitstamp"), {"venue": "bitstamp", "symbol": "ETH/USD", "price": "1.005",
                                                             "converted": None, "uncertainty": None, "weight_ppm": 0,
                                                             "counted": False, "reason": "unlisted"})
        self.assertEqual(document["price"], self.document(ether(START))["price"])

    def test_a_quote_that_the_node_would_refuse_is_refused_by_name(self):
        lines = ether(START)[:2] + [line("coinbase_exchange", "ETH/USD", START, "3000.20", "3000.10")]
        document = self.document(lines)
        self.assertEqual(self.source(document, "coinbase_exchange")["reason"], "crossed_book")

    def test_a_word_that_is_no_price_takes_back_the_one_before(self):
        def reason(*more, **keys):
            lines = ether(START) + [line("kraken", "ETH/USD", START + 500, *more, **keys)]
            return self.source(self.document(lines), "kraken")["reason"]
        self.assertEqual(reason("3000.20", "3000.10"), "crossed_book")
        self.assertEqual(reason("0", "0"), "zero_price")
        self.assertEqual(reason("-1", "1"), "negative_price")
        self.assertEqual(reason("n/a", "n/a"), "bad_number")
        self.assertEqual(reason(None, None, None), "missing_field")
        self.assertIsNone(reason(None, None, "0", kind="trade"), "a trade says nothing of bid and ask")
        healed = ether(START) + [line("kraken", "ETH/USD", START + 500, "0", "0"),
                                 line("kraken", "ETH/USD", START + 900, "3000.00", "3000.25")]
        self.assertIsNone(self.source(self.document(healed), "kraken")["reason"])
        wick = ether(START) + [line("kraken", "ETH/USD", START + 500, "0", "0"),
                               line("kraken", "ETH/USD", START + 900, "1.00", "1.10")]
        self.assertEqual(self.source(self.document(wick), "kraken")["reason"], "unsettled")

    def test_a_halted_source_does_not_count_until_it_says_a_price_again(self):
        halt = json.dumps({"venue": "kraken", "symbol": "ETH/USD", "trading": False, "recv_time_ms": str(START + 100)})
        resume = json.dumps({"venue": "kraken", "symbol": "ETH/USD", "trading": True, "recv_time_ms": str(START + 300)})
        quote = line("kraken", "ETH/USD", START + 200, "3000.00", "3000.25")
        later = line("kraken", "ETH/USD", START + 400, "3000.00", "3000.25")
        for lines, expected in (([halt], "halted"), ([halt, quote], "halted"), ([halt, quote, resume], "halted"),
                                ([halt, quote, resume, later], None)):
            self.assertEqual(self.source(self.document(ether(START) + lines), "kraken")["reason"], expected)

    def test_a_quote_that_is_repeated_stays_fresh(self):
        def reason(**more):
            lines = ether(START) + [line("kraken", "ETH/USD", START + 8000, "3000.00", "3000.25", **more)]
            return self.source(self.document(lines, "--at", str(START + 8000)), "kraken")["reason"]
        self.assertIsNone(reason(repeated_ms="8000"))

    def test_steps_replay_the_books_memory(self):
        lines = []
        for second in range(12):
            at = START + 1000 * second
            lines += tether(at) + ether(at)
            lines.append(line("binance", "ETH/USDT", at, *(("3300.00",) * 2 if second == 2 else ("3003.00",) * 2)))
        steps = [json.loads(text) for text in self.explain(lines, "--json", "--every", "1000").splitlines()]
        self.assertEqual([int(step["at_ms"]) for step in steps], [START + 1000 * second for second in range(12)])
        reasons = [self.source(step, "binance")["reason"] for step in steps]
        self.assertEqual(reasons, [None, None, "unsettled"] + [None] * 9)

    def test_the_moment_may_be_chosen(self):
        lines = tether(START) + ether(START) + [line("kraken", "ETH/USD", START + 4000, "3000.00", "3000.25")]
        early = self.document(lines, "--at", str(START))
        self.assertEqual(early["at_ms"], str(START))
        late = self.document(lines, "--at", "2023-11-14T22:13:26Z")
        self.assertEqual(self.source(late, "coinbase_exchange")["reason"], "too_old")
        self.assertEqual(late["state"], "absent")

    def test_people_get_the_same_in_words(self):
        text = self.explain(tether(START) + ether(START) + [line("binance", "ETH/USDT", START, "3003.00", "3003.21")])
        self.assertIn("ETH/USD at 2023-11-14T22:13:20.000Z: ok", text)
        self.assertIn("rests on\n  USDT/USD", text)
        self.assertRegex(text, r"\+ binance +ETHUSDT +3003\.105 +3000\.10189500 .*counts")

    def test_what_cannot_be_read_is_told_by_line(self):
        for text in ("{", '{"venue":"kraken"}'):
            code, _, error = run("explain", "--network", str(NETWORK), "--feed", "ETH/USD", "--quotes", "-", text=text)
            self.assertEqual(code, 2)
            self.assertIn("-:1: expected", error)
        code, _, error = run("explain", "--network", str(NETWORK), "--feed", "NO/FEED", "--quotes", "-", text="")
        self.assertEqual(code, 2)
        self.assertIn("no feed or leg NO/FEED", error)


class Committee(unittest.TestCase):
    def entry(self, price, **more):
        return {"price": price, "bid": "2999", "ask": "3002", "confidence": "0.5", "depth_usd": "0",
                "src_time_us": str(START * 1000), "reasons": [], "sources": 3} | more

    def explain(self, entries, code=0):
        lines = [json.dumps({"member": member, "time_us": str(START * 1000 + member), "feeds": {"ETH/USD": entry}})
                 for member, entry in enumerate(entries)]
        got, out, error = run("explain", "--network", str(NETWORK), "--feed", "ETH/USD", "--json", "--observations", "-",
                              text="\n".join(lines) + "\n")
        self.assertEqual(got, code, error)
        return json.loads(out) if code == 0 else error

    def test_the_leaf_and_each_members_distance(self):
        leaf = self.explain([self.entry("3000"), self.entry("3000.5"), self.entry("3001"), self.entry("2999", ask="3002")])
        self.assertEqual((leaf["status"], leaf["price"], leaf["observers"]), ("ok", "3000.25000000", 4))
        self.assertEqual([entry["from_median"] for entry in leaf["entries"]],
                         ["-0.25000000", "0.25000000", "0.75000000", "-1.25000000"])
        self.assertEqual(len(leaf["leaf"]), 280)

    def test_an_entry_that_does_not_count_is_told(self):
        leaf = self.explain([self.entry("3000")] * 3 + [self.entry("3005")])
        self.assertEqual([entry["valid"] for entry in leaf["entries"]], [True, True, True, False])
        self.assertEqual(leaf["observers"], 3)

    def test_too_few_make_no_leaf(self):
        self.assertIn("too_few_observations", self.explain([self.entry("3000")] * 2, code=1))


if __name__ == "__main__":
    unittest.main()
