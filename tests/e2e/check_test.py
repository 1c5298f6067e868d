#!/usr/bin/env python3
"""`assay venues check`: one venue that works beside one of each kind that does not, and a word on each why."""
import http.server
import json
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

from harness import ASSAY, ROOT, fetch, run

NETWORK = ROOT / "config" / "examples" / "crypto.network.yaml"
GOOD, UNLISTED, DEAD, DISTRUSTED, REFUSING, STALLED = "binance", "kraken", "okx", "bybit", "gateio", "htx"
ALL = (GOOD, UNLISTED, DEAD, DISTRUSTED, REFUSING, STALLED)


class Refusing(http.server.BaseHTTPRequestHandler):
    """A host that does not serve where we are."""

    def do_GET(self):
        self.send_response(451)
        self.send_header("Content-Length", "11")
        self.end_headers()
        self.wfile.write(b"not allowed")

    def log_message(self, *_):
        pass


class Checked(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-check-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.market = subprocess.Popen([ASSAY, "market", "--dir", str(cls.folder), "--network", str(NETWORK)],
                                      stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.market.stdout.close)
        cls.addClassCleanup(cls.market.wait, 20)
        cls.addClassCleanup(cls.market.send_signal, signal.SIGTERM)
        cls.url, cls.ca = re.fullmatch(r"(\S+) with (\S+)\n", cls.market.stdout.readline()).groups()
        cls.refusing = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.folder / "server.pem", cls.folder / "server.key")
        cls.refusing.socket = context.wrap_socket(cls.refusing.socket, server_side=True)
        threading.Thread(target=cls.refusing.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.refusing.server_close)
        cls.addClassCleanup(cls.refusing.shutdown)
        cls.held = socket.socket()  # a port that is ours, and where nobody listens
        cls.held.bind(("127.0.0.1", 0))
        cls.dead = cls.held.getsockname()[1]
        cls.addClassCleanup(cls.held.close)
        control = {"venue": STALLED, "fault": "silent", "delay_ms": 60000}
        assert fetch(cls.url + "/control", control, cls.ca)[0] == 200
        cls.node = cls.folder / "node.yaml"
        cls.node.write_text(cls.node_file())

    @classmethod
    def node_file(cls):
        def entry(venue, base=cls.url, ca=cls.ca, more=""):
            trust = f', ca_file: "{ca}"' if ca else ""
            return (f'  - {{venue: {venue}, rest_url: "{base}/{venue}", '
                    f'ws_url: "{base.replace("https", "wss")}/{venue}"{trust}{more}}}\n')

        peers = ", ".join(f'{{member: {member}, address: "127.0.0.1:700{member}"}}' for member in (1, 2, 3))
        return ("member: 0\nidentity_key_file: i.key\nshare_file: s.key\n" + f"peers: [{peers}]\nvenues:\n" + entry(GOOD) +
                entry(UNLISTED, more=", symbols: [{symbol: BTC/USD, asked_as: BTC/USX}]") +
                entry(DEAD, f"https://localhost:{cls.dead}") + entry(DISTRUSTED, ca=None) +
                entry(REFUSING, f"https://localhost:{cls.refusing.server_port}") + entry(STALLED))

    def check(self, *options, timeout="30"):
        return run("venues", "check", "--network", str(NETWORK), "--node", str(self.node), "--timeout", timeout, *options)

    def one(self, venue, **more):
        code, out, error = self.check("--json", "--venue", venue, **more)
        document = json.loads(out)
        self.assertEqual((code, document["ok"], len(document["venues"])), (0 if document["ok"] else 1, code == 0, 1), error)
        return document["venues"][0]

    def steps(self, road):
        return {step["step"]: step["ok"] for step in road["steps"]}

    def test_a_venue_that_works_tells_every_step_and_its_first_quotes(self):
        venue = self.one(GOOD)
        self.assertTrue(venue["ok"], venue)
        self.assertIsNone(venue["problem"])
        for road in (venue["rest"], venue["stream"]):
            self.assertEqual(self.steps(road), {"dns": True, "tcp": True, "tls": True})
            self.assertEqual((road["ok"], road["http"], road["told"]), (True, 200, str(len(venue["instruments"]))))
            self.assertGreaterEqual(int(road["first_quote_ms"]), 0)
        for one in venue["instruments"]:
            self.assertEqual((one["listed"], one["problem"]), (True, None))
            self.assertLess(float(one["bid"]), float(one["ask"]))

    def test_a_symbol_that_is_not_listed_is_named_with_the_nearest_one(self):
        venue = self.one(UNLISTED)
        self.assertFalse(venue["ok"])
        (wrong,) = (one for one in venue["instruments"] if one["problem"])
        self.assertEqual((wrong["symbol"], wrong["listed"]), ("BTC/USD", False))
        self.assertRegex(wrong["problem"], r"BTC/USX is not listed; nearest: [BX][TB][CT]/USD")
        self.assertEqual(venue["problem"], wrong["problem"])
        self.assertTrue(all(one["listed"] for one in venue["instruments"] if one is not wrong), "the others are quoted")

    def test_several_that_are_not_listed_are_counted(self):
        file = self.folder / "two.yaml"
        file.write_text(self.node.read_text().replace(
            "asked_as: BTC/USX}", "asked_as: BTC/USX}, {symbol: ETH/USD, asked_as: ETH/USX}"))
        code, out, _ = run("venues", "check", "--network", str(NETWORK), "--node", str(file), "--venue", UNLISTED)
        self.assertEqual(code, 1)
        self.assertRegex(out, r"(?m)^  kraken: BTC/USX is not listed; nearest: \S+ \(and 1 more\)$")

    def test_a_pool_that_nobody_described_is_neither_listed_nor_unlisted(self):
        network = ROOT / "config" / "examples" / "staked.network.yaml"
        code, out, error = run("venues", "check", "--network", str(network), "--venue", "uniswap", "--json")
        self.assertEqual(code, 1, error)
        (pool,) = json.loads(out)["venues"][0]["instruments"]
        self.assertIn("WSTETH/WETH is not known to be asked for", pool["problem"])
        self.assertIsNone(pool["listed"], "it has no list that could tell")

    def test_a_port_where_nobody_listens_fails_at_tcp(self):
        venue = self.one(DEAD)
        for road in (venue["rest"], venue["stream"]):
            self.assertEqual((self.steps(road), road["ok"]), ({"dns": True, "tcp": False}, False))
        self.assertRegex(venue["problem"], r"rest: tcp: .*refused")

    def test_a_certificate_of_nobody_we_trust_fails_at_tls(self):
        venue = self.one(DISTRUSTED)
        for road in (venue["rest"], venue["stream"]):
            self.assertEqual(self.steps(road), {"dns": True, "tcp": True, "tls": False})
        self.assertRegex(venue["problem"], r"rest: tls: certificate: .*(self.signed|issuer)")

    def test_a_host_that_does_not_serve_here_is_told_by_its_status(self):
        venue = self.one(REFUSING)
        self.assertEqual(venue["rest"]["http"], 451)
        self.assertEqual(self.steps(venue["rest"]), {"dns": True, "tcp": True, "tls": True})
        self.assertIn("HTTP 451", venue["problem"])
        self.assertFalse(venue["stream"]["ok"])

    def test_a_venue_that_connects_and_says_nothing_does_not_work(self):
        venue = self.one(STALLED, timeout="6")
        self.assertEqual(self.steps(venue["stream"]), {"dns": True, "tcp": True, "tls": True})
        self.assertEqual((venue["rest"]["ok"], venue["stream"]["ok"], venue["ok"]), (False, False, False))
        self.assertRegex(venue["problem"], "timed_out|no answer within|no quote")

    def test_all_at_once_end_in_time_and_the_last_lines_say_who_and_why(self):
        code, out, error = self.check(*(word for venue in ALL for word in ("--venue", venue)), timeout="8")
        self.assertEqual(code, 1, error)
        lines = out.rstrip("\n").split("\n")
        self.assertEqual(lines[-6], "1 of 6 venues work; these do not:")
        self.assertEqual([line.split(":")[0].strip() for line in lines[-5:]], list(ALL[1:]))
        self.assertIn("of 6 venues checked, waiting for", error)
        self.assertIn(f"{GOOD}: works", out)

    def test_the_exit_code_says_yes_only_when_all_work(self):
        self.assertEqual(self.check("--venue", GOOD)[0], 0)
        code, _, error = self.check("--venue", "nobody")
        self.assertEqual(code, 2)
        self.assertIn('reads nothing from a venue "nobody"', error)
        self.assertEqual(run("venues", "check", "--network", str(self.folder / "absent.yaml"))[0], 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
