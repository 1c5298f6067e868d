#!/usr/bin/env python3
"""Real processes on this machine: how long an observation takes to be attested, and how fast a committee can go.

    bench/latency.py [latency] [rates] [--seconds S] [--nodes 4,7,16,31] [--delays 0,1,10,40] [--feeds 100,500,1000]

latency  n members; every message between two of them takes `delay` ms, through a relay (none for 0). Each member's own
         reading: its clock when it held the signature minus the header time, the median of the observations' times. p50 of
         the median member, p99 and p99.9 of the worst; p50/delay is 4 and what computing adds. CPU and bytes (TLS included)
         are a member's, per height.
rates    4 members, more and more heights a second until fewer than 95 % of the ticks bring one.

Some 20 s a line, 10 minutes in all; --seconds 120 for figures to quote. Honest on an idle machine only: `busy` tells how
much of it was used, by everybody.
"""
import argparse
import os
import statistics
import time

from committee import Reading, Relay, Up, eventually, put_between, set_tick, start_afresh, wait_until_voting, with_feeds

TICKS_MS = [1000, 500, 250, 200, 150, 100, 75, 50, 40, 30]
SUSTAINED = 0.95


def tick_for(nodes, delay_ms):
    """Long enough that one height is over before the next begins, also where many members share few cores."""
    return max(100, 5 * delay_ms + 50, {4: 100, 7: 150, 16: 500}.get(nodes, 2000))


def latency_line(nodes, delay_ms, seconds):
    tick = tick_for(nodes, delay_ms)
    started = time.monotonic()
    with Up("--nodes", str(nodes), "--tick-ms", str(tick)) as up:
        up.wait_ready()
        ready = time.monotonic() - started
        relay = Relay() if delay_ms else None
        if relay:
            put_between(relay, up, lambda _: relay.tell("delay", "*", "both", 1000 * delay_ms))
            wait_until_voting(up)
        carried = relay.carried() if relay else 0
        reading = Reading(up)
        time.sleep(max(seconds, 10 * tick / 1000))
        heights, cpu, busy = reading.end()
        carried = (relay.carried() if relay else 0) - carried
        spans = [eventually(lambda: up.status(member), 10, "status")["attest_latency_us"] for member in range(nodes)]
        up.end(seconds=60)
        if relay:
            relay.end()
    heights = max(heights, 1)
    p50 = statistics.median(int(span["p50"]) for span in spans) / 1000
    p99, p999 = (max(int(span[rank]) for span in spans) / 1000 for rank in ("p99", "p999"))
    samples = sum(int(span["count"]) for span in spans)
    multiple = f"{p50 / delay_ms:9.2f}" if delay_ms else f"{'-':>9}"
    sent = f"{carried / heights / nodes:9.0f}" if relay else f"{'-':>9}"
    print(f"{nodes:4} {delay_ms:8} {tick:7} {samples:8} {p50:9.2f} {p99:9.2f} {p999:10.2f} {multiple} "
          f"{1000 * cpu / heights:9.2f} {sent} {ready:8.1f} {busy:6.0%}", flush=True)


def latency(options):
    print(f"{'n':>4} {'delay ms':>8} {'tick ms':>7} {'samples':>8} {'p50 ms':>9} {'p99 ms':>9} {'p99.9 ms':>10} "
          f"{'p50/delay':>9} {'CPU ms/h':>9} {'bytes/h':>9} {'ready s':>8} {'busy':>6}")
    for nodes in options.nodes:
        for delay in options.delays:
            latency_line(nodes, delay, options.seconds)


def rates(options):
    print(f"{'feeds':>5} {'tick ms':>7} {'heights/s':>9} {'wanted':>7} {'p50 ms':>9} {'p99 ms':>9} {'CPU ms/h':>9} {'busy':>6}")
    with Up("--nodes", "4", "--tick-ms", str(TICKS_MS[0])) as up:
        up.wait_ready()
        with open(up.info["network_file"], encoding="utf-8") as file:
            demo = file.read()
        for feeds in options.feeds:
            best = None
            for tick in TICKS_MS:  # each time from an empty chain: epochs of one network file do not mix
                start_afresh(up, set_tick(with_feeds(demo, feeds), tick))
                rate, wanted = rate_line(up, feeds, tick, options.seconds)
                if rate < SUSTAINED * wanted:
                    break
                best = rate
            print(f"      largest sustained rate with {feeds} feeds: "
                  f"{f'{best:.1f} heights/s, {best * feeds:.0f} feed updates/s' if best else 'none'}", flush=True)


def rate_line(up, feeds, tick, seconds):
    wait_until_voting(up)
    reading, started = Reading(up), time.monotonic()
    time.sleep(max(seconds / 2, 10 * tick / 1000))
    heights, cpu, busy = reading.end()
    rate, wanted = heights / (time.monotonic() - started), 1000 / tick
    span = up.status(0)["attest_latency_us"]
    print(f"{feeds:5} {tick:7} {rate:9.2f} {wanted:7.2f} {int(span['p50']) / 1000:9.2f} {int(span['p99']) / 1000:9.2f} "
          f"{1000 * cpu / max(heights, 1):9.2f} {busy:6.0%}", flush=True)
    return rate, wanted


def numbers(text):
    return [int(word) for word in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=["latency", "rates", []])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--nodes", type=numbers, default=[4, 7, 16, 31])
    parser.add_argument("--delays", type=numbers, default=[0, 1, 10, 40])
    parser.add_argument("--feeds", type=numbers, default=[100, 500, 1000])
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    for part in options.parts or ["latency", "rates"]:
        {"latency": latency, "rates": rates}[part](options)


if __name__ == "__main__":
    main()
