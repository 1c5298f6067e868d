#!/usr/bin/env python3
"""`assay venues parse` as scripts use it; then every recorded payload of the folder of recordings beside the project,
compared with what its source expected. Numbers stay text. The recordings are no part of the project."""
import base64
import gzip
import json
import os
import pathlib
import re
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from harness import ASSAY, ROOT

FIXTURES = pathlib.Path(os.environ.get("ASSAY_SHARED", ROOT.parent / "shared")) / "fixtures"
QUOTE = {"venue", "symbol", "base", "quote", "kind", "bid", "ask", "last", "base_volume", "venue_time_ms"}
BOOK = '{"u":7,"s":"BTCUSDT","b":"61000.10","B":"1","a":"61000.2","A":"2"}'


def parse(*arguments, payload):
    data = payload if isinstance(payload, bytes) else payload.encode()
    done = subprocess.run([ASSAY, "venues", "parse", *arguments], input=data, capture_output=True, timeout=60, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()]


def known_venues():
    done = subprocess.run([ASSAY, "venues", "parse", "--help"], capture_output=True, text=True, timeout=60, check=False)
    return re.sub(r"\s+", " ", done.stdout)


class CommandLine(unittest.TestCase):
    def test_the_words_may_stand_in_every_documented_order(self):
        for arguments in (("--ws", "-"), ("--ws", "/ws/x", "-"), ("--ws", "/ws/x", "-", "--json"), ("-", "--ws"),
                          ("--ws", "-", "--symbol", "X"), ("--json", "--ws", "wss://x/ws", "-"), ("-", "--ws", "/ws")):
            code, lines = parse("binance", *arguments, payload=BOOK)
            self.assertEqual(code, 0, arguments)
            self.assertEqual(lines[0].keys(), QUOTE)
            self.assertEqual((lines[0]["bid"], lines[0]["kind"], lines[0]["base"]), ("61000.10", "bbo", "BTC"))

    def test_wrong_usage_is_two(self):
        for arguments in (("-",), ("--ws", "a", "b", "-"), ("--rest", "/x"), ("--ws", "--rest", "/x", "-")):
            self.assertEqual(parse("binance", *arguments, payload=BOOK)[0], 2, arguments)
        self.assertEqual(parse("ftx", "--ws", "-", payload=BOOK)[0], 2)

    def test_a_refusal_is_one_and_says_why(self):
        code, lines = parse("kraken", "--ws", "-", payload="<html>")
        self.assertEqual((code, lines[0].keys()), (1, {"error", "detail"}))


class Strangers(unittest.TestCase):
    """Whoever gives something else than one payload is told what to do."""

    def said(self, *arguments, payload=b""):
        done = subprocess.run([ASSAY, "venues", "parse", *arguments], input=payload, capture_output=True, timeout=60, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_a_misspelt_venue_is_answered_with_the_nearest(self):
        code, _, error = self.said("okex", "--ws", "-")
        self.assertEqual(code, 2)
        self.assertIn('"okex", did you mean okx?', error)

    def test_who_does_not_say_what_it_is_gets_an_example_of_that_venue(self):
        code, _, error = self.said("gemini", "-")
        self.assertEqual(code, 2)
        self.assertIn("assay venues parse gemini --rest '/v1/pubticker/btcusd' body | --ws frame", error)

    def test_help_has_an_example_of_every_venue(self):
        _, text, _ = self.said("--help")
        for venue in ("binance", "kraken", "htx", "uniswap", "ecb"):
            self.assertRegex(text, rf"(?m)^ +{venue} +--(rest|ws)", venue)

    def test_several_messages_in_one_file_are_told_from_a_broken_one(self):
        code, out, error = self.said("binance", "--ws", "-", payload=f"{BOOK}\n{BOOK}\n".encode())
        self.assertEqual((code, json.loads(out)["error"]), (1, "malformed"))
        self.assertIn("several messages, one a line", error)
        code, _, error = self.said("binance", "--ws", "-", payload=b'{"u":7,')
        self.assertEqual((code, error), (1, ""))

    def test_a_payload_without_its_symbol_asks_for_it(self):
        code, out, error = self.said("binance", "--rest", "/api/v3/depth", "-", payload=b'{"bids":[["1","1"]],"asks":[["2","1"]]}')
        self.assertEqual((code, json.loads(out)["error"]), (1, "symbol_unknown"))
        self.assertIn("--symbol", error)

    def test_what_is_too_long_is_refused_as_such_and_gzip_is_unpacked(self):
        code, out, _ = self.said("okx", "--ws", "-", payload=b" " * ((16 << 20) + 1))
        self.assertEqual((code, json.loads(out)["error"]), (1, "too_large"))
        code, out, _ = self.said("binance", "--ws", "-", payload=gzip.compress(BOOK.encode()))
        self.assertEqual((code, json.loads(out)["bid"]), (0, "61000.10"))

    def test_empty_files_and_pages_of_markup_have_their_words(self):
        for payload, code in ((b"", "malformed"), (b"<!DOCTYPE html><html>", "html_page"), (b"hello", "malformed")):
            self.assertEqual(json.loads(self.said("okx", "--ws", "-", payload=payload)[1])["error"], code)
        self.assertEqual(self.said("okx", "--ws", "/nonexistent")[0], 2)
        self.assertEqual(self.said("okx", "--ws", "/")[0], 2)


class Number(str):
    """A decimal as it stands in a fixture."""


def at(value, step):
    """One step into a list or an object; None where there is none. No step stays."""
    if step is None:
        return value
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


def value_of(text):
    """A fixture's JSON with its decimals as text."""
    return json.loads(text, parse_float=Number)


def text_of(value):
    """The JSON text of a fixture's message, decimals as they were."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(key) + ":" + text_of(child) for key, child in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text_of, value)) + "]"
    return json.dumps(value)


class Sweep(unittest.TestCase):
    """What is compared: every expectation that names bid, ask, last or price, volume, time in milliseconds."""

    NAMES = {"bid": "bid", "ask": "ask", "last": "last", "price": "last", "base_volume": "base_volume",
             "bidPrice": "bid", "askPrice": "ask"}
    PLACES = (("bids_first5", 0, 0, "bid"), ("asks_first5", 0, 0, "ask"), ("bids", 0, "price", "bid"),
              ("trades", 0, "price", "last"), ("ohlcv", 4, None, "last"), ("ohlcv", 5, None, "base_volume"))

    def payloads(self, document):
        for entry in document.get("rest", []):
            raw = (FIXTURES / entry["raw_file"]).read_bytes() if entry.get("raw_file") else None
            response = entry["response"]
            text = response if type(response) is str else text_of(response)
            yield entry, ("--rest", entry["endpoint"]), raw or text.encode()
        for entry in document.get("ws", []):
            if entry.get("dir") == "out":
                continue
            message = entry["message"]
            text = message if type(message) is str else text_of(message)
            payload = base64.b64decode(entry["frame_b64"]) if entry.get("frame_b64") else text.encode()
            yield entry, ("--ws", *filter(None, [entry.get("url")])), payload

    @staticmethod
    def asked(venue, entry, arguments, payload):
        """What the command says; where the payload lacks a symbol, once more with the one that its source expected."""
        code, lines = parse(venue, *arguments, "-", "--json", payload=payload)
        expected = entry.get("expected")
        symbol = expected.get("pair") or expected.get("symbol") if isinstance(expected, dict) else None
        if isinstance(symbol, str) and lines and lines[0].get("error") == "symbol_unknown":
            code, lines = parse(venue, *arguments, "-", "--symbol", symbol, payload=payload)
        return code, lines

    def stated(self, expected):
        """(field of ours, decimal) of everything that an expectation says of one quote."""
        for theirs, ours in self.NAMES.items():
            if isinstance(expected.get(theirs), (Number, int)):
                yield ours, str(expected[theirs])
        for key, first, second, ours in self.PLACES:
            value = expected.get(key)
            for step in (first, second):
                value = at(value, step)
            if isinstance(value, (Number, int)):
                yield ours, str(value)

    def compare(self, where, expected, lines):
        """The fields of the quote that the source speaks of: the one of its time, else the first."""
        quotes = [line for line in lines if "kind" in line and line["kind"] != "pool"]
        if not quotes or not isinstance(expected, dict):
            return 0
        time = expected.get("timestamp_ms")
        quote = next((one for one in quotes if time is not None and one["venue_time_ms"] == str(time)), quotes[0])
        compared = 0
        for ours, theirs in self.stated(expected):
            self.assertEqual(Decimal(quote[ours] or "NaN"), Decimal(theirs), f"{where} {ours}")
            compared += 1
        if isinstance(time, int):
            difference = time - int(quote["venue_time_ms"] or 0)
            late = 10 if quote["kind"] == "trade" else 0  # some sources take the message's time, not its trade's
            self.assertTrue(0 <= difference <= late, f"{where}: {quote['venue_time_ms']}, expected {time}")
            compared += 1
        for name, symbol in (("symbol", expected.get("symbol")), ("pair", expected.get("pair"))):
            if isinstance(symbol, str):
                plain = re.sub("[-_/]", "", symbol).upper()
                ours = {quote["base"] + quote["quote"], re.sub("[-_/]", "", quote["symbol"]).upper()}
                self.assertIn(plain, ours, f"{where} {name}")
                compared += 1
        for named in expected.values():  # {"BTC/USD": {"symbol", ...}, ...}: instruments by name
            if isinstance(named, dict) and isinstance(named.get("symbol"), str):
                its = [one for one in quotes if re.sub("[-_/]", "", named["symbol"]).upper()
                       in (one["base"] + one["quote"], re.sub("[-_/]", "", one["symbol"]).upper())]
                self.assertTrue(its, f"{where} {named}")
                compared += self.compare(where, named, its)
        return compared

    def test_every_recorded_payload_gives_its_values_or_a_typed_error(self):
        if not FIXTURES.exists():
            self.skipTest(f"no recordings at {FIXTURES}; set ASSAY_SHARED to compare with them")
        help_text = known_venues()
        payloads = fields = refused = 0
        for file in sorted(FIXTURES.glob("*.json")):
            if not re.search(rf"[ ,]{file.stem}[ ,]", help_text):
                continue  # a source that has no adapter
            work = list(self.payloads(value_of(file.read_text())))
            with ThreadPoolExecutor(4) as pool:
                answers = list(pool.map(lambda one, venue=file.stem: self.asked(venue, *one), work))
            for (entry, arguments, payload), (code, lines) in zip(work, answers):
                expected = entry.get("expected") or {}
                where = f"{file.stem} {arguments} {payload[:120]}"
                errors = [line["error"] for line in lines if "error" in line]
                self.assertTrue(lines, where)
                self.assertEqual(code, 1 if errors else 0, where)
                self.assertLessEqual(set(errors), {"symbol_unknown", "venue_error", "rate_limited"}, f"{where} {lines[0]}")
                of_another = "price expectation is of another" in str(entry.get("note", ""))
                fields += 0 if of_another else self.compare(where, expected, lines)
                payloads += 1
                refused += bool(errors)
        print(f"{payloads} payloads, {fields} fields compared, {refused} refused")
        self.assertGreater(fields, 100)


if __name__ == "__main__":
    unittest.main(verbosity=2)
