#!/usr/bin/env python3
"""Every incident of tests/incidents/*.yaml through the node's own state machine, with the limits of the shipped file."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import replay
import scenario
from judge import outside_ppm

SHIPPED = {name: replay.Shipped(name) for name in ("crypto", "staked", "fx")}
INCIDENTS = {incident.name: incident for incident in scenario.all_scenarios()}


def within(looks, span):
    first, last = (float(minute) for minute in span)
    return [look for look in looks if first <= look.minute <= last]


class Incidents(unittest.TestCase):
    """One method a file; the sentences of `must` are checked in turn."""

    def check_error(self, looks, incident, most):
        for look in looks:
            price, honest = replay.good_price(look), incident.honest_prices(look.minute)
            if price is not None and honest:
                self.assertLessEqual(outside_ppm(price, honest), float(most), f"{look} while honest venues say {honest}")

    def check_follows(self, looks, incident, most):
        for look in looks:
            honest = incident.honest_prices(look.minute)
            self.assertIsNotNone(look.price, f"no price: {look}")
            middle = replay.median_of(honest)
            self.assertLessEqual(abs(look.price / middle - 1) * 1e6, float(most), f"{look} while honest venues say {honest}")

    def check_statuses(self, looks, incident, allowed):
        for look in looks:
            self.assertIn(look.status, allowed, str(look))

    def check_never_counts(self, looks, incident, venues):
        for look in looks:
            self.assertFalse(look.counted & set(venues), str(look))

    def check_ok_share(self, looks, incident, least):
        good = sum(replay.good_price(look) is not None for look in looks)
        self.assertGreaterEqual(100 * good / len(looks), float(least), f"{[look for look in looks if replay.good_price(look) is None][:3]}")

    def check_reasons(self, looks, incident, wanted):
        for look in looks:
            self.assertLessEqual(set(wanted), look.reasons, str(look))

    RULES = {"reasons": check_reasons,
             "error_max_ppm": check_error, "follows_ppm": check_follows, "statuses": check_statuses,
             "never_counts": check_never_counts, "ok_share_min": check_ok_share}

    def refused(self, incident):
        """A network file for it is refused, and the complaint names what is wrong."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "network.yaml"
            path.write_text(json.dumps(replay.network_of(SHIPPED[incident.network], incident)))
            done = subprocess.run([scenario.ASSAY, "config", "check", "--network", path], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn(incident.refused, done.stdout + done.stderr)

    def replayed(self, incident):
        looks = replay.replay(SHIPPED[incident.network], incident)
        self.assertTrue(incident.must, "an incident says what must be")
        for rule in incident.must:
            span = within(looks, rule["minutes"])
            self.assertTrue(span, f"nothing to look at within {rule['minutes']}")
            for key, wanted in rule.items():
                if key != "minutes":
                    with self.subTest(rule=key, minutes=rule["minutes"]):
                        self.RULES[key](self, span, incident, wanted)


def test_of(incident):
    def test(self):
        self.refused(incident) if incident.refused else self.replayed(incident)
    test.__doc__ = incident.title
    return test


for name, incident in INCIDENTS.items():
    setattr(Incidents, "test_" + name.replace("-", "_"), test_of(incident))


class Risk(unittest.TestCase):
    """`assay risk` on the shipped file."""

    def ask(self, *words):
        done = subprocess.run([scenario.ASSAY, "risk", "--network", SHIPPED["crypto"].path, "--json", *words],
                              capture_output=True, text=True, check=True)
        return {row["feed"]: row for row in map(json.loads, done.stdout.splitlines())}

    def quotes(self, folder, depth):
        """Bitcoin at three dollar venues: as deep as `depth` says, or of unknown depth."""
        path = pathlib.Path(folder) / "quotes.jsonl"
        with open(path, "w") as file:
            for venue, symbol in (("kraken", "BTC/USD"), ("bitstamp", "btcusd"), ("bitfinex", "tBTCUSD")):
                line = scenario.quote_line(venue, symbol, "BTC/USD", 1_700_000_000_000, bid=36999, ask=37001)
                if depth:
                    line["bids"], line["asks"] = [["36999", str(depth / 36999)]], [["37001", str(depth / 37001)]]
                file.write(json.dumps(line) + "\n")
        return path

    def test_weights_alone_say_that_no_single_book_moves_a_feed(self):
        rows = self.ask()
        self.assertEqual(set(rows), set(SHIPPED["crypto"].feeds))
        for row in rows.values():
            self.assertGreaterEqual(row["books_needed"], 4)
            self.assertEqual([move["enough_usd"] for move in row["moves"]], [None] * 3)

    def test_known_depth_gives_a_figure_and_unknown_depth_none(self):
        with tempfile.TemporaryDirectory() as folder:
            known = self.ask("--feed", "BTC/USD", "--quotes", self.quotes(folder, 1e6))["BTC/USD"]
            unknown = self.ask("--feed", "BTC/USD", "--quotes", self.quotes(folder, None))["BTC/USD"]
        one, five, ten = (int(move["least_usd"]) for move in known["moves"])
        self.assertAlmostEqual(one / 2e6, 1, delta=0.001)
        self.assertEqual((five, ten), (5 * one, 10 * one))
        self.assertAlmostEqual(int(known["depth_usd"]) / 1e6, 1, delta=0.001)
        self.assertEqual((unknown["unknown_ppm"], unknown["moves"][0]["enough_usd"], unknown["depth_usd"]), (999999, None, None))


class Library(unittest.TestCase):
    def test_every_incident_says_what_happened_and_what_it_taught(self):
        self.assertGreaterEqual(len(INCIDENTS), 25)
        for incident in INCIDENTS.values():
            self.assertTrue(incident.facts and incident.rule and (incident.must or incident.refused), incident.name)

    def test_a_path_is_straight_between_its_points_and_silent_where_it_says_so(self):
        path = scenario.read_path({"0": "10", "2": "20", "3": "silent", "5": "7"})
        self.assertEqual([scenario.value_at(path, minute) for minute in (0, 1, 2, 2.5, 3, 4, 5, 9)],
                         [10, 15, 20, 20, None, None, 7, 7])


if __name__ == "__main__":
    unittest.main(verbosity=2)
