#!/usr/bin/env python3
"""How fast a member that was away gets back: real processes, and a chain made beforehand with the committee's own keys.

    bench/catchup.py [--heights H] [--nodes N] [--tick-ms T] [--delay MS] [--silent K]

All members but the last hold H heights and attest on, one a tick; the last one holds the first few. `--delay`: one way,
through a relay. `--silent`: so many of its peers are stopped (SIGSTOP) when it starts, at most f. Prints heights a second
of the one that catches up, and what that is of the live rate; exit code 1 below ten times. A day at 250 ms is 345600
heights (4 ms each to make, 6 KB each on every disk). Honest on an idle machine only.
"""
import argparse
import contextlib
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

from committee import ROOT, Relay, Up, eventually, put_between
from machine import busy, cpu_seconds, machine_times, memory_mib

MAKER = os.environ.get("ASSAY_LEDGER_MAKER", str(ROOT / "build" / "release" / "bench" / "catchup" / "ledger_maker"))
RATIO_MIN = 10
NEAR = 8  # heights behind that count as caught up: those are on their way


def forget(node, *kinds):
    for kind in kinds:
        for file in pathlib.Path(node["dir"]).glob(kind):
            file.unlink()


def give_ledgers(up, heights, tick_ms):
    """Ends all members, which keep their logs and get the chain: the last one as far only as it has spoken, for a member
    without a log of what the others heard of it refuses to run."""
    spoken = max(up.ledger(member).tip() for member in range(len(up.nodes))) + 100
    for member in range(len(up.nodes)):
        up.kill(member)
        forget(up.nodes[member], "ledger.sqlite*")
    made = up.folder / "made.sqlite"
    started = time.monotonic()
    done = subprocess.run([MAKER, str(made), str(heights), str(tick_ms), up.info["network_file"],
                           *(node["node_file"] for node in up.nodes)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{MAKER} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    print(f"{heights} heights made in {time.monotonic() - started:.0f} s, {made.stat().st_size / (1 << 20):.0f} MiB", flush=True)
    for node in up.nodes:
        shutil.copyfile(made, node["ledger"])
    made.unlink()
    with contextlib.closing(sqlite3.connect(up.nodes[-1]["ledger"])) as ledger, ledger:
        for table in ("batches", "leaves", "observations"):
            ledger.execute(f"DELETE FROM {table} WHERE height > ?", (spoken,))


def attest_on(up, heights):
    others = range(len(up.nodes) - 1)
    eventually(lambda: min(up.ledger(member).tip() for member in others) > heights + 3, 60, "the others attest on")


def catch_up(up, live):
    """Starts the last member; (seconds until it is near the others, the heights it fetched, those of a live one, MiB)."""
    last = len(up.nodes) - 1
    began, before, started = up.ledger(last).tip(), up.ledger(live).tip(), time.monotonic()
    up.restart(last)
    shown, peak = started, 0
    while True:
        mine, theirs = up.ledger(last).tip(), up.ledger(live).tip()
        now = time.monotonic()
        peak = max(peak, memory_mib(up.nodes[last]["pid"]) or 0)
        if mine >= theirs - NEAR:
            return now - started, mine - began, theirs - before, peak
        if now > shown + 5:
            shown = now
            print(f"  {now - started:5.0f} s: height {mine} of {theirs}", flush=True)
        time.sleep(0.02)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heights", type=int, default=20000)
    parser.add_argument("--nodes", type=int, default=4)
    parser.add_argument("--tick-ms", type=int, default=250)
    parser.add_argument("--delay", type=int, default=0)
    parser.add_argument("--silent", type=int, default=0)
    options = parser.parse_args()
    if not 0 <= options.silent <= (options.nodes - 1) // 3 - 1 and options.silent:
        parser.error("with the one that is away, at most f may be missing")
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    with Up("--nodes", str(options.nodes), "--tick-ms", str(options.tick_ms)) as up:
        up.wait_ready()
        relay = Relay() if options.delay else None
        if relay:
            put_between(relay, up, lambda _: relay.tell("delay", "*", "both", 1000 * options.delay))
        give_ledgers(up, options.heights, options.tick_ms)
        for member in range(options.nodes - 1):
            up.restart(member)
        attest_on(up, options.heights)
        for member in range(options.silent):
            os.kill(up.nodes[member]["pid"], signal.SIGSTOP)
        machine = machine_times()
        seconds, heights, live, peak = catch_up(up, options.nodes - 2)
        cpu = cpu_seconds(up.nodes[-1]["pid"])
        used = busy(machine, machine_times())
        for member in range(options.silent):
            os.kill(up.nodes[member]["pid"], signal.SIGCONT)
        if relay:
            relay.end()
    rate, wanted = heights / seconds, 1000 / options.tick_ms
    print(f"caught up {heights} heights in {seconds:.1f} s: {rate:.0f} heights/s, {rate / wanted:.0f} times the live rate of "
          f"{wanted:.1f}/s; meanwhile the others attested {live / seconds:.2f}/s; {1e6 * cpu / heights:.0f} us of CPU a height, "
          f"at most {peak:.0f} MiB, machine busy {used:.0%}")
    return 0 if rate >= RATIO_MIN * wanted else 1


if __name__ == "__main__":
    sys.exit(main())
