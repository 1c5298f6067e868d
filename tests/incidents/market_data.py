"""Readers of the recorded windows, where they are there (scenario.MARKET); nothing of them is kept here."""
import collections
import csv
import json

from scenario import MARKET, quote_line

MINUTE_MS = 60_000
USDC = MARKET / "usdc_2023-03"
CHRONICLE = MARKET / "chronicle_2023-06" / "feed_messages.jsonl"
FX = MARKET / "fx_2018-04-04"
CURVE = MARKET / "curve"

VENUES = {"coinbase": "coinbase_exchange", "binanceus": "binance_us", "cryptocom": "crypto_com", "kraken": "kraken",
          "bybit": "bybit", "binance": "binance"}
PAIRS = {"btcusd": "BTC/USD", "btcusdt": "BTC/USDT", "btcusdc": "BTC/USDC", "btceur": "BTC/EUR", "usdcusd": "USDC/USD",
         "usdtusd": "USDT/USD", "usdcusdt": "USDC/USDT"}
WRITTEN = {  # how a venue writes BTC/USD
    "coinbase_exchange": lambda pair: pair.replace("/", "-"), "crypto_com": lambda pair: pair.replace("/", "_"),
    "kraken": lambda pair: pair, "binance_us": lambda pair: pair.replace("/", ""),
    "bybit": lambda pair: pair.replace("/", ""), "binance": lambda pair: pair.replace("/", ""),
    "oanda": lambda pair: pair.replace("/", "_"), "polygon": lambda pair: "C:" + pair.replace("/", "")}


def rows(path):
    with open(path, newline="") as file:
        yield from csv.DictReader(file)


def usdc_quotes(first_ms=0, last_ms=1 << 62):
    """The candles of March 2023 as quotes at the end of their minute: `last` is the close; where the top of the book was
    recorded too, bid and ask."""
    lines = []
    for path in sorted(USDC.glob("*_*.csv")):
        venue, pair, *rest = path.stem.split("_")
        if venue not in VENUES or pair not in PAIRS:
            continue  # an index, not a venue
        name, pair = VENUES[venue], PAIRS[pair]
        symbol = WRITTEN[name](pair)
        for row in rows(path):
            at = int(row["ts_ms"]) + MINUTE_MS
            if not first_ms <= at <= last_ms:
                continue
            if rest:
                half = float(row["spread_last"]) / 2
                close = float(row["close"])
                lines.append(quote_line(name, symbol, pair, at, bid=close - half, ask=close + half, kind="bbo"))
            else:
                lines.append(quote_line(name, symbol, pair, at, last=row["close"], volume=row["volume"], kind="candle"))
    lines.sort(key=lambda line: line["recv_time_ms"])
    return lines


def usd_closes():
    """{ms: {venue: close}} of the venues that trade BTC in dollars: what BTC/USD is measured by."""
    out = collections.defaultdict(dict)
    for path in USDC.glob("*_btcusd.csv"):
        for row in rows(path):
            out[int(row["ts_ms"]) + MINUTE_MS][VENUES[path.stem.split("_")[0]]] = float(row["close"])
    return out


def chronicle_messages():
    with open(CHRONICLE) as file:
        return [json.loads(line) for line in file]


def fx_quotes(**others):
    """EUR/USD of two brokers, BTC/USD and BTC/EUR of one exchange, 4 April 2018, at each minute. `others`: under which name a
    broker speaks that no adapter knows."""
    lines = []
    for path in sorted(FX.glob("*.csv")):
        venue, pair = path.stem.split("_")
        pair = f"{pair[:3]}/{pair[3:]}".upper()
        name = others.get(venue, VENUES.get(venue, venue))
        symbol = WRITTEN.get(name, lambda p: p)(pair)
        lines += [quote_line(name, symbol, pair, int(row["ts_ms"]), bid=row["bid"], ask=row["ask"], kind="bbo")
                  for row in rows(path)]
    lines.sort(key=lambda line: line["recv_time_ms"])
    return lines


HOUR_MS = 3_600_000


def curve_rates(pool):
    """[(ms, value)] of a pool's virtual price, about one a day, ascending, to the hour."""
    out = {}
    for row in rows(CURVE / f"{pool}.csv"):
        stamp, value = row["UNIX TimeStamp"], row["Virtual Price"]
        if stamp and value:
            out[int(stamp) * 1000 // HOUR_MS * HOUR_MS] = int(value) / 1e18
    return sorted(out.items())


def own_books(lines, pair):
    """{ms: {venue: price}} of what venues say of this very pair: the middle, else the last trade."""
    out = collections.defaultdict(dict)
    for line in lines:
        if f"{line['base']}/{line['quote']}" == pair:
            price = float(line["last"]) if line["last"] else (float(line["bid"]) + float(line["ask"])) / 2
            out[line["recv_time_ms"]][line["venue"]] = price
    return out
