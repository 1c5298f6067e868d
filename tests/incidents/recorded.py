"""Recorded windows through the shipped network file, unchanged, and beside other rules."""
import collections
import fractions

import baselines
import market_data
import replay
from baselines import Input, median_of
from judge import Step, judge

MINUTE_MS = market_data.MINUTE_MS
HALF_SPREAD = 0.0005  # where only trades were recorded: half of what the shipped file assumes of a last trade


def march_2023(shipped, feed, first_ms=0, last_ms=1 << 62):
    """({ms: document of `assay explain`}, the lines that went in)."""
    lines = market_data.usdc_quotes(first_ms, last_ms)
    return replay.at_steps(replay.explain(shipped.path, feed, lines, every_ms=MINUTE_MS)), lines


def inputs_by_minute(lines, quotes):
    """What other rules see of bitcoin at each minute: its closes in these currencies, at par, as such rules are run."""
    out = collections.defaultdict(list)
    for line in lines:
        if line["base"] == "BTC" and line["quote"] in quotes and line["last"]:
            price = float(line["last"])
            out[line["recv_time_ms"]].append(Input(price, price * HALF_SPREAD, float(line["base_volume"] or 0)))
    return out


def priced(document):
    return float(document["price"]) if document and document["state"] == "ok" else None


def march_rows(shipped):
    documents, lines = march_2023(shipped, "BTC/USD")
    closes = {at: prices for at, prices in market_data.usd_closes().items() if len(prices) >= 3}
    middle = {at: median_of(list(prices.values())) for at, prices in closes.items()}
    ours = [Step(at, [middle[at]], len(closes[at]), priced(documents.get(at))) for at in sorted(closes)]
    rows = []
    for name, quotes in (("usdc_2023-03 recorded, all books", {"USD", "USDT", "USDC"}),
                         ("usdc_2023-03 recorded, USD books", {"USD"})):
        inputs = inputs_by_minute(lines, quotes)
        verdicts = {"ours": judge(ours, 1)}
        for rule_name, rule in baselines.ALL.items():
            steps = [step._replace(price=rule(inputs[step.minute])) for step in ours]
            verdicts[rule_name] = judge(steps, 1)
        rows.append((name, verdicts))
    return rows


# ---------------------------------------------------------------- Chronicle's messages of June 2023

MESSAGE_MS = 600_000  # apart, so that no message sees the one before it
START_MS = 1_686_700_000_000
FEEDS = {"BTCUSD": "BTC/USD", "ETHUSD": "ETH/USD", "ETHBTC": "ETH/BTC", "MKRUSD": "MKR/USD", "LINKUSD": "LINK/USD",
         "MATICUSD": "MATIC/USD", "YFIUSD": "YFI/USD", "GNOUSD": "GNO/USD", "MANAUSD": "MANA/USD", "RETHUSD": "RETH/USD"}
TWO_OR_FEWER = {"WSTETHUSD": "the mean of two pools of stETH", "IBTAUSD": "one source"}


def exact_median(values):
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def their_inputs(message):
    """{source: price in the feed's unit} that a message's value is the median of, exactly: direct prices, and others
    converted by medians of the same trace, as models_subset.txt beside the messages has it."""
    trace = {key: fractions.Fraction(value) for key, value in message["trace"].items()}
    of = lambda pair: {key: value for key, value in trace.items() if key.split("@")[0] == pair}
    rates = {"USD": 1, "KRW": trace.get("KRW/USD@openexchangerates")}
    if message["wat"] == "ETHBTC":
        return trace
    if of("BTC/USD"):
        rates["BTC"] = exact_median(of("BTC/USD").values())
    ether = {**of("ETH/USD"), **{key: value * rates["BTC"] for key, value in of("ETH/BTC").items()}}
    if ether:
        rates["ETH"] = exact_median(ether.values())
    tether = {**of("USDT/USD"), **{key: rates["BTC"] / value for key, value in of("BTC/USDT").items()}}
    if tether:
        rates["USDT"] = exact_median(tether.values())
    if of("STETH/ETH"):
        rates["WSTETH"] = trace["WSTETH/STETH@wsteth"] * exact_median(of("STETH/ETH").values()) * rates["ETH"]
    wanted = message["wat"][:-3]
    if wanted in ("BTC", "ETH"):
        return of("BTC/USD") if wanted == "BTC" else ether
    out = {}
    for key, value in trace.items():
        base, quote = key.split("@")[0].split("/")
        if base == wanted and rates.get(quote):
            out[key] = value * rates[quote]
        elif quote == wanted and rates.get(base):
            out[key] = rates[base] / value
    return out


def chronicle(shipped, wat, **limits):
    """[(their inputs, their price, our document)] of one of their feeds: the median over the same inputs, with the limits of
    the shipped BTC/USD and what `limits` changes. Messages are moments apart, so nothing is frozen here."""
    messages = [message for message in market_data.chronicle_messages() if message["wat"] == wat]
    feed = FEEDS[wat]
    inputs = [their_inputs(message) for message in messages]
    venues = {key: f"source{i}" for i, key in enumerate(sorted({key for each in inputs for key in each}))}
    lines = []
    for i, each in enumerate(inputs):
        at = START_MS + i * MESSAGE_MS
        lines += [replay.scenario.quote_line(venues[key], feed, feed, at, last=f"{float(value):.15g}") for key, value in each.items()]
    template = dict(shipped.source("BTC/USD", "none"), symbol=feed, pair=feed, assumed_spread_ppm="2", frozen_after_ms="0")
    rows = [dict(template, venue=venue, group=venue) for venue in venues.values()]
    reference = f"{float(exact_median(inputs[0].values())):.6g}"
    table = dict(replay.table_of(shipped, feed, "BTC/USD", reference, rows), **limits)
    documents = replay.at_steps(replay.explain(shipped.network([table]), feed, lines, every_ms=MESSAGE_MS))
    names = {venue: key for key, venue in venues.items()}
    out = []
    for i, (message, each) in enumerate(zip(messages, inputs)):
        document = documents[START_MS + i * MESSAGE_MS]
        for row in document["sources"]:
            row["name"] = names[row["venue"]]
        out.append((each, int(message["val"]) / 1e18, document))
    return out


SAME_RULE = {"exclude_ppm": "1000000", "agree_ppm": "1000000"}  # nobody is left out


def compared_rows(shipped):
    """Rows for the table; none where the recordings are not there."""
    return march_rows(shipped) if market_data.USDC.exists() else []
