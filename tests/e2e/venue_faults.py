"""Whatever a venue can do to a committee, done to one of seventeen at a time while the market stands still: how long until
the table of a node tells it, how long until it counts no more, and what is attested meanwhile. For the end-to-end test
and for `./dev bench venues_seen`."""
import collections
import json
import pathlib
import subprocess
import threading
import time
from fractions import Fraction

from harness import ASSAY, ROOT

FEED = "BTC/USD"
AGE_MAX_MS = 4000  # of every source here, instead of the 90 s of the example: the test need not wait so long
NOISE = Fraction(600, 1_000_000)  # bias, noise and spread of the venues, and of the legs that convert

Fault = collections.namedtuple("Fault", "what venue command told rule")
Delay = collections.namedtuple("Delay", "what venue told_ms uncounted_ms rule")


def counter(key):
    return lambda before, now: int(now[key]) > int(before[key])


def is_down(_, now):
    return now["state"].startswith("down")


def says_nothing(_, now):
    """Everything that it said is older than a second."""
    return all(int(one["age_ms"] or 1000) >= 1000 for one in now["instruments"] if one["feeds"])


def is_doubted(_, now):
    return any(row["reason"] in ("outlier", "unsettled", "frozen") for one in now["instruments"] for row in one["feeds"])


def is_halted(_, now):
    return any(row["reason"] == "halted" for one in now["instruments"] for row in one["feeds"])


AT_ONCE = "at the next observation"
BY_AGE = f"age_max, {AGE_MAX_MS} ms"
FAULTS = (
    Fault("its sockets are cut", "binance", {"fault": "outage"}, is_down, BY_AGE),
    Fault("open and silent", "okx", {"fault": "silent", "delay_ms": 60000}, says_nothing, BY_AGE),
    Fault("lies by 10", "kraken", {"fault": "lie", "factor": "10"}, is_doubted, AT_ONCE),
    Fault("lies by 10^-3", "coinbase_exchange", {"fault": "lie", "factor": "0.001"}, is_doubted, AT_ONCE),
    Fault("lies by 2 %", "gateio", {"fault": "lie", "factor": "1.02"}, is_doubted, AT_ONCE),
    Fault("bid above ask", "htx", {"fault": "crossed"}, counter("refusals"), AT_ONCE),
    Fault("frames cut short", "bitget", {"fault": "malformed"}, counter("refusals"), BY_AGE),
    Fault("says that it is halted", "coinbase_advanced", {"fault": "halt", "symbol": "*"}, is_halted, AT_ONCE),
    Fault("takes its pairs off", "kucoin", {"fault": "delisted", "symbol": "*"}, says_nothing, BY_AGE),
    Fault("stuck, while all move", "bybit", {"fault": "stuck"}, is_doubted, "when the market left it by exclude_ppm"),
)
STUCK = FAULTS[-1]
MOVE = Fraction(102, 100)


def written(folder):
    """The example network with shorter patience, and a market that stands still: their paths."""
    network = (ROOT / "config" / "examples" / "crypto.network.yaml").read_text()
    network = network.replace("age_max_ms: 90000,", f"age_max_ms: {AGE_MAX_MS},")
    network = network.replace("frozen_after_ms: 180000", "frozen_after_ms: 2000")
    still = (pathlib.Path(__file__).resolve().parent / "still.scenario.yaml").read_text()
    paths = pathlib.Path(folder) / "faults.network.yaml", pathlib.Path(folder) / "faults.scenario.yaml"
    paths[0].write_text(network)
    paths[1].write_text(still.replace("push_ms: 500", "push_ms: 200"))
    return paths


def table(node):
    """What `assay venues --node URL --json` prints, by venue."""
    done = subprocess.run([ASSAY, "venues", "--node", node, "--json"], capture_output=True, text=True, timeout=30, check=True)
    return {venue["venue"]: venue for venue in json.loads(done.stdout)["venues"]}


def counts(venue, feed=FEED):
    """How many sources of a venue count for a feed."""
    return sum(row["counted"] for one in venue["instruments"] for row in one["feeds"] if row["feed"] == feed)


def reads_feed(venue):
    return any(row["feed"] == FEED for one in venue["instruments"] for row in one["feeds"])


def command(up, **what):
    code, body = up.market("/control", what)
    if code != 200:
        raise AssertionError(f"market: {body}")


class Attested:
    """Every price of the feed that a node streams, while it runs: (height, price, status)."""

    def __init__(self, up):
        self.seen = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, args=(up,), daemon=True)
        self._thread.start()

    def _listen(self, up):
        for text in up.frames(1, (FEED,)):
            view = json.loads(text)["view"]
            self.seen.append((int(view["height"]), Fraction(view["price"]), view["status"]))
            if self._over.is_set():
                return

    def newest(self):
        while not self.seen:
            time.sleep(0.05)
        return self.seen[-1]

    def end(self):
        self._over.set()
        self._thread.join(20)


def played(up, fault, patience_s=30):
    """Makes the venue misbehave until it is told and does not count, then lets it be.   returns  a Delay; -1: never"""
    node = up.nodes[0]["http"]
    before = table(node)[fault.venue]
    command(up, venue=fault.venue, **fault.command)
    if fault is STUCK:
        command(up, asset="BTC", move=str(float(MOVE)), over_ms=1000)
    start = time.monotonic()
    told = uncounted = -1
    while (told < 0 or uncounted < 0) and time.monotonic() < start + patience_s:
        now = table(node)[fault.venue]
        elapsed = round(1000 * (time.monotonic() - start))
        if told < 0 and fault.told(before, now):
            told = elapsed
        if uncounted < 0 and counts(now) == 0:
            uncounted = elapsed
    command(up, venue=fault.venue, fault="none")
    return Delay(fault.what, fault.venue, told, uncounted, fault.rule)


HEADING = f"{'what a venue does':<24} {'venue':<18} {'told ms':>8} {'uncounted ms':>13}  counts no more by"


def line(delay):
    return f"{delay.what:<24} {delay.venue:<18} {delay.told_ms:>8} {delay.uncounted_ms:>13}  {delay.rule}"
