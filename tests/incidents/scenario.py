"""An incident of tests/incidents/*.yaml: what each venue says over time, and what the aggregate must do.

    title   one line                      when    UTC of minute 0
    facts   what happened, with pages     rule    what it taught
    feed    BTC/USD                       like    feed of the shipped network file whose limits and weights it gets
    network crypto when absent; staked and fx where redemption rates and market hours matter
    reference_price                       minutes, tick_s: length, and how often every venue speaks and we look
    venues  name: {pair, group, spread_ppm, volume, honest: yes|no, still: yes|no, path: {minute: price or silent}, ...}
            straight lines between the points of a path; `silent` until the next point. A book that people trade in
            never stands quite still: each trembles by up to 10 ppm, unless `still` says that it is dead or a contract
    truth   path of the right price, only where the honest venues cannot tell it
    closed  [from, to]: minutes in which there is no market, so that nobody's number is right
    refused what a network file for it is refused for: then nothing is replayed, because nothing may run
    must    list of {minutes: [from, to], ...} with any of
              error_max_ppm   an `ok` price is at most this far outside the honest venues' prices
              statuses        the committee's statuses that may appear
              never_counts    venues that no observation counts
              ok_share_min    part of the steps that is priced `ok`, per cent
              reasons         which the observation gives, all of them
              follows_ppm     a price of any status is there and this close to the honest venues' median
"""
import datetime
import json
import os
import pathlib
import subprocess
import zlib

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
ASSAY = os.environ.get("ASSAY_BINARY", str(ROOT / "build" / "release" / "assay"))
YAML_TO_JSON = os.environ.get("ASSAY_YAML_TO_JSON", str(pathlib.Path(ASSAY).parent / "tests" / "incidents" / "yaml_to_json"))
MARKET = pathlib.Path(os.environ.get("ASSAY_SHARED", ROOT.parent / "shared")) / "market"


TREMBLE = 1e-6


def load_yaml(path):
    """The document; every scalar is a string."""
    done = subprocess.run([YAML_TO_JSON, path], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr.strip())
    return json.loads(done.stdout)


def milliseconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def decimal(value):
    """Plain digits, twelve significant ones: what a venue would send."""
    text = f"{value:.12g}"
    if "e" in text:
        text = f"{value:.20f}".rstrip("0")
    return text


def quote_line(venue, symbol, pair, at_ms, *, bid=None, ask=None, last=None, volume=None, kind="ticker"):
    """A line as `assay venues parse` prints it, with its time of reception."""
    base, quote = pair.split("/")
    text = lambda value: None if value is None else value if isinstance(value, str) else decimal(value)
    return {"venue": venue, "symbol": symbol, "base": base, "quote": quote, "kind": kind, "bid": text(bid),
            "ask": text(ask), "last": text(last), "base_volume": text(volume), "venue_time_ms": at_ms, "recv_time_ms": at_ms}


def value_at(path, minute):
    """A path of (minute, price or None) at one moment; None while silent and before its first point."""
    before = [point for point in path if point[0] <= minute]
    if not before or before[-1][1] is None:
        return None
    at, price = before[-1]
    after = [point for point in path if point[0] > minute]
    if not after or after[0][1] is None:
        return price
    until, target = after[0]
    return price + (target - price) * (minute - at) / (until - at)


def read_path(table):
    points = [(float(minute), None if price == "silent" else float(price)) for minute, price in table.items()]
    return sorted(points, key=lambda point: point[0])


class Venue:
    def __init__(self, name, table, feed):
        self.name = table.get("venue", name)
        self.pair = table.get("pair", feed)
        self.symbol = table.get("symbol", self.pair.replace("/", ""))
        self.group = table.get("group", self.name)
        self.spread = float(table.get("spread_ppm", "200")) / 1e6
        self.volume = float(table.get("volume", "1"))
        self.honest = table.get("honest", "yes") == "yes"
        self.still = table.get("still", "no") == "yes"
        self.path = read_path(table["path"])

    def price(self, minute):
        """What it says at that moment; the trembling is the same in every run."""
        value = value_at(self.path, minute)
        if value is None or self.still:
            return value
        return value * (1 + (zlib.crc32(f"{self.name} {self.pair} {minute:.4f}".encode()) % 21 - 10) * TREMBLE)


class Scenario:
    def __init__(self, path):
        table = load_yaml(path)
        self.name = pathlib.Path(path).stem
        self.title, self.facts, self.rule = table["title"], table["facts"], table["rule"]
        self.feed, self.like = table["feed"], table["like"]
        self.network = table.get("network", "crypto")
        self.reference_price = table["reference_price"]
        self.start_ms = milliseconds(table["when"])
        self.minutes, self.tick_s = float(table["minutes"]), float(table.get("tick_s", "10"))
        self.venues = [Venue(name, row, self.feed) for name, row in table["venues"].items()]
        self.truth = read_path(table["truth"]) if "truth" in table else None
        self.closed = [float(minute) for minute in table.get("closed", [])]
        self.must = table.get("must", [])
        self.refused = table.get("refused")

    def steps(self):
        """(minute, time in ms) of every look."""
        count = int(self.minutes * 60 / self.tick_s)
        return [(i * self.tick_s / 60, self.start_ms + round(i * self.tick_s * 1000)) for i in range(1, count + 1)]

    def quotes(self):
        lines = []
        for minute, at_ms in self.steps():
            for venue in self.venues:
                price = venue.price(minute)
                if price is None:
                    continue
                half = price * venue.spread / 2
                lines.append(quote_line(venue.name, venue.symbol, venue.pair, at_ms, bid=price - half, ask=price + half,
                                        last=price, volume=venue.volume))
        return lines

    def own(self):
        """Venues that quote the feed itself, not a leg."""
        return [venue for venue in self.venues if venue.pair == self.feed]

    def honest_prices(self, minute):
        if self.closed and self.closed[0] <= minute < self.closed[1]:
            return []
        if self.truth is not None:
            return [value_at(self.truth, minute)]
        return [p for v in self.own() if v.honest and (p := v.price(minute)) is not None]

    def honest_groups(self, minute):
        """How many independent owners tell the truth at that moment."""
        return len({v.group for v in self.own() if v.honest and v.price(minute) is not None})


def all_scenarios():
    return [Scenario(path) for path in sorted(FOLDER.glob("*.yaml"))]
