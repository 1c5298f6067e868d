"""Scenarios and recordings through `assay explain`, and the committee step behind it with four members that agree."""
import decimal
import json
import pathlib
import subprocess
import sys
import tempfile
from typing import NamedTuple, Optional

import scenario
from baselines import Input, median_of
from judge import Step, judge
from scenario import ASSAY, ROOT

sys.path.insert(0, str(ROOT / "tests" / "reference"))
import aggregate  # noqa: E402  the committee step's second implementation

EXAMPLES = ROOT / "config" / "examples"
REASON_BITS = {"few_sources": 1, "divergent": 2, "depeg": 4, "excluded": 8, "venue_down": 16, "rate_limit": 32}
STATUSES = ["invalid", "ok", "wide", "divergent", "depeg", "jump", "stale", "insufficient", "halted", "closed"]
MEMBERS, FAULTY = 4, 1


def explain(network, feed, lines, *, every_ms=None, last_ms=None):
    """The documents of `assay explain`: one a step, or one in all."""
    with tempfile.TemporaryDirectory() as folder:
        quotes = pathlib.Path(folder) / "quotes.jsonl"
        with open(quotes, "w") as file:
            for line in lines:
                file.write(json.dumps(line) + "\n")
        if not isinstance(network, (str, pathlib.Path)):
            path = pathlib.Path(folder) / "network.yaml"
            path.write_text(json.dumps(network))
            network = path
        command = [ASSAY, "explain", "--network", str(network), "--feed", feed, "--quotes", str(quotes), "--json"]
        if every_ms:
            command += ["--every", str(every_ms)]
        if last_ms:
            command += ["--at", str(last_ms)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def at_steps(documents):
    """{at_ms: document}"""
    return {int(document["at_ms"]): document for document in documents}


class Shipped:
    """A file of config/examples: its limits and weights are what every incident gets."""

    def __init__(self, name="crypto"):
        self.path = path = EXAMPLES / f"{name}.network.yaml"
        self.document = scenario.load_yaml(path)
        self.feed_profiles = {profile["name"]: profile for profile in self.document["feed_profiles"]}
        self.source_profiles = {profile["name"]: profile for profile in self.document["source_profiles"]}
        self.feeds = {feed["symbol"]: feed for feed in self.document["feeds"]}

    @staticmethod
    def _whole(section, profiles):
        out = {**profiles.get(section.get("profile"), {}), **section}
        out.pop("profile", None)
        out.pop("name", None)
        return out

    def feed(self, symbol):
        """Every key of a feed, without sources."""
        out = self._whole(self.feeds[symbol], self.feed_profiles)
        del out["sources"]
        return out

    def source(self, symbol, venue):
        """Every key of how the feed reads that venue in its own pair; of the least trusted source when it does not."""
        sources = [self._whole(row, self.source_profiles) for row in self.feeds[symbol]["sources"]]
        own = [row for row in sources if row["venue"] == venue and row["pair"] == symbol]
        if own:
            return own[0]
        direct = [row for row in sources if row["pair"] == symbol]
        return min(direct, key=lambda row: row["tier"])

    def network(self, feeds, legs=()):
        """A document with these feeds and nothing else of this one but its timing and aggregation."""
        groups = sorted({row["group"] for table in [*feeds, *legs] for row in table.get("sources", [])})
        kept = {key: self.document[key] for key in ("name", "epoch", "group_file", "members", "timing", "aggregation")}
        return {**kept, "groups": groups, "calendars": self.document["calendars"], "feed_profiles": [],
                "source_profiles": [], "legs": list(legs), "feeds": list(feeds)}


def scaled(reference, factor):
    """A decimal text times a power of ten."""
    return f"{decimal.Decimal(reference) * decimal.Decimal(factor):f}"


def table_of(shipped, symbol, like, reference, rows, **changes):
    """A feed with the limits of `like` around another reference price; its sources are `rows`."""
    table = shipped.feed(like)
    old = decimal.Decimal(table["reference_price"])
    bounds = {key: f"{decimal.Decimal(reference) * decimal.Decimal(table[key]) / old:.3g}" for key in ("floor_price", "ceiling_price")}
    table.update(symbol=symbol, reference_price=reference, **bounds, sources=rows, **changes)
    if not symbol.endswith("/USD"):
        table.setdefault("depth_via", "none")
    # Nine significant digits below the reference, whatever its size: a feed of its own would choose so.
    digits = decimal.Decimal(reference).adjusted()
    table["exponent"] = str(max(-12, min(-2, digits - 10)))
    return table


def row_of(shipped, like, venue, pair, feed, group, via=()):
    row = dict(shipped.source(like, venue.name), venue=venue.name, symbol=venue.symbol, pair=pair, group=group)
    if via:
        row["via"] = list(via)
    return row


def network_of(shipped, incident):
    """The network file of a scenario: its feed, and its stablecoin as a feed of its own where there are legs."""
    base = incident.feed.split("/")[0]
    own, feeds, coins = [], [], []
    for venue in incident.venues:
        if venue.pair.split("/")[0] != base:
            continue
        coin = venue.pair.split("/")[1] + "/USD"
        books = [other for other in incident.venues if other.pair == coin]
        via = [coin] if venue.pair != incident.feed and books else []
        own.append(row_of(shipped, incident.like, venue, venue.pair, incident.feed, venue.group, via))
        if via and coin not in coins:
            coins.append(coin)
            rows = [row_of(shipped, coin, other, coin, coin, other.group) for other in books]
            feeds.append(table_of(shipped, coin, coin, "1", rows))
    return shipped.network([*feeds, table_of(shipped, incident.feed, incident.like, incident.reference_price, own)])


class Committee:
    """Four members that all see what one node sees: the leaf's status and price after each step."""

    def __init__(self, table, document):
        """Of a feed's table and the network document that it stands in."""
        micros = lambda key: int(table[key]) * 1000
        self.exponent = int(table["exponent"])
        mantissa = lambda key: int(decimal.Decimal(table[key]).scaleb(-self.exponent))
        self.rules = {"symbol": table["symbol"], "exponent": self.exponent, "ttl": micros("ttl_ms"),
                      "floor_price": mantissa("floor_price"), "ceiling_price": mantissa("ceiling_price"),
                      "wide_ppm": int(table["wide_ppm"]), "jump_ppm": int(table["jump_ppm"]),
                      "jump_confirmations": int(table["jump_confirmations"]), "src_age_max": micros("src_age_max_ms"),
                      "ema_tau": micros("ema_tau_ms"), "always_open": table["calendar"] == "always",
                      "open": [{key: scenario.milliseconds(span[key]) * 1000 for key in ("from", "to")}
                               for calendar in document["calendars"] if calendar["name"] == table["calendar"]
                               for span in calendar["open"]]}
        self.leaf = aggregate.unpriced(self.rules, 0)
        self.time = 0

    def entry(self, document):
        if document["state"] == "absent":
            return None
        units = lambda key: int(decimal.Decimal(document[key]).scaleb(-self.exponent).to_integral_value())
        reasons = sum(REASON_BITS[name] for name in document["reasons"] if name in REASON_BITS)
        groups = document["groups"]
        return {"price": units("price"), "bid": units("bid"), "ask": units("ask"), "confidence": units("confidence"),
                "reasons": reasons, "src_time": int(document["at_ms"]) * 1000, "depth_usd": int(document["depth_usd"] or 0),
                "sources": groups if isinstance(groups, int) else int(groups)}

    def step(self, document):
        """(status, price or None) after this observation."""
        entry = self.entry(document)
        self.time = max(int(document["at_ms"]) * 1000, self.time + 1)
        entries = [] if entry is None else [entry] * MEMBERS
        self.leaf = aggregate.next_leaf(self.rules, self.leaf, entries, self.time, 2 * FAULTY + 1, FAULTY)
        fresh = self.leaf["publish_time"] == self.time
        price = float(decimal.Decimal(self.leaf["price"]).scaleb(self.exponent)) if fresh else None
        return STATUSES[self.leaf["status"]], price


class Look(NamedTuple):
    """One step of a replay."""
    minute: float
    at_ms: int
    state: str             # of the node: ok, degraded, divergent, absent
    status: str            # of the committee
    price: Optional[float]  # fresh, of any status
    counted: frozenset     # venues
    reasons: frozenset


GOOD = {"ok", "depeg"}  # depeg names a currency off its peg; the price is fresh and whole


def good_price(look):
    """What a consumer with the usual policy acts on: node and committee both stand behind the number."""
    return look.price if look.state == "ok" and look.status in GOOD else None


def replay(shipped, incident):
    network = network_of(shipped, incident)
    documents = at_steps(explain(network, incident.feed, incident.quotes(), every_ms=round(incident.tick_s * 1000)))
    table = next(feed for feed in network["feeds"] if feed["symbol"] == incident.feed)
    committee = Committee(table, network)
    looks = []
    for minute, at_ms in incident.steps():
        document = documents.get(at_ms)
        if document is None:
            document = {"state": "absent", "at_ms": at_ms, "reasons": [], "sources": []}
        status, price = committee.step(document)
        counted = frozenset(row["venue"] for row in document["sources"] if row["counted"])
        looks.append(Look(minute, at_ms, document["state"], status, price, counted, frozenset(document["reasons"])))
    return looks


def inputs_at(incident, minute):
    """What the baselines see: every venue's price, stablecoins at par, as such rules are run."""
    base = incident.feed.split("/")[0]
    out = []
    for venue in incident.venues:
        price = venue.price(minute)
        if price and venue.pair.split("/")[0] == base:
            out.append(Input(price, price * venue.spread / 2, venue.volume))
    return out


def compared(incident, looks, rules):
    """{rule: Verdict}, ours among them."""
    minutes_per_step = incident.tick_s / 60
    honest = {look.minute: incident.honest_prices(look.minute) for look in looks}
    groups = {look.minute: incident.honest_groups(look.minute) for look in looks}
    steps = lambda price: [Step(look.minute, honest[look.minute], groups[look.minute], price(look)) for look in looks]
    out = {"ours": judge(steps(good_price), minutes_per_step)}
    for name, rule in rules.items():
        out[name] = judge(steps(lambda look, rule=rule: rule(inputs_at(incident, look.minute))), minutes_per_step)
    return out
