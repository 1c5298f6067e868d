#!/usr/bin/env python3
"""How long until a node tells that a venue misbehaves, and until it counts it no more.

    bench/venues_seen.py [--rounds R]

Four members read seventeen synthetic venues; one venue after the other is cut, stalls, lies, crosses its book, talks
nonsense, delists, stands still (tests/e2e/venue_faults.py). Told: the first document of `assay venues --json` that shows
it, asked for again and again. Median and worst of R rounds (3), half a minute each.
"""
import argparse
import collections
import statistics
import sys
import tempfile

from committee import ROOT, Up, eventually
from machine import busy, machine_times

sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import venue_faults as faults  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    delays = collections.defaultdict(list)
    machine = machine_times()
    with tempfile.TemporaryDirectory(prefix="assay-seen-") as folder:
        network, scenario = faults.written(folder)
        with Up("--network", str(network), "--scenario", str(scenario), "--tick-ms", "250") as up:
            up.wait_ready()

            def all_count():
                return all(faults.counts(venue) for venue in faults.table(up.nodes[0]["http"]).values()
                           if faults.reads_feed(venue))

            for _ in range(rounds):
                faults.command(up, asset="BTC", move="1", over_ms=1000)
                eventually(all_count, 120, "all venues count")
                for fault in faults.FAULTS:
                    delays[fault.what].append(faults.played(up, fault))
            up.end(seconds=60)
    print(f"{'what a venue does':<24} {'told ms':>8} {'worst':>7} {'uncounted ms':>13} {'worst':>7}  counts no more by")
    for what, seen in delays.items():
        told, uncounted = [delay.told_ms for delay in seen], [delay.uncounted_ms for delay in seen]
        print(f"{what:<24} {statistics.median(told):>8.0f} {max(told):>7} {statistics.median(uncounted):>13.0f} "
              f"{max(uncounted):>7}  {seen[0].rule}")
    print(f"{rounds} rounds, machine {busy(machine, machine_times()):.0%} busy, a height every 250 ms; -1 is never")
    return 1 if any(-1 in (delay.told_ms, delay.uncounted_ms) for seen in delays.values() for delay in seen) else 0


if __name__ == "__main__":
    sys.exit(main())
