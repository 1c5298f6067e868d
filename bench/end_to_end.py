#!/usr/bin/env python3
"""End-to-end run: a committee of N processes on loopback, and how long an observation takes to become attested.

    bench/end_to_end.py build/release/assay [--nodes N] [--seconds S] [--tick-ms T]

The latency is each node's own reading (`attest_latency_us` of /v1/status): its clock when it held the signature, minus
the header time, which is the median of the observation times. CPU is user + system time of each node over the run.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

from machine import busy, cpu_seconds, machine_times


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("assay")
    arguments.add_argument("--nodes", type=int, default=4)
    arguments.add_argument("--seconds", type=int, default=20)
    arguments.add_argument("--tick-ms", type=int, default=250)
    options = arguments.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        up = subprocess.Popen(
            [options.assay, "up", "--dir", folder, "--nodes", str(options.nodes), "--tick-ms", str(options.tick_ms),
             "--seconds", str(options.seconds), "--json"], stdout=subprocess.PIPE, text=True)
        description = os.path.join(folder, "up.json")
        while not os.path.exists(description):
            if up.poll() is not None:
                sys.exit("assay up ended before it was ready")
            time.sleep(0.1)
        with open(description) as text:
            nodes = json.load(text)["nodes"]
        machine = machine_times()
        before = [cpu_seconds(node["pid"]) for node in nodes]
        started = time.monotonic()
        time.sleep(max(1, options.seconds - 2))
        span = time.monotonic() - started
        print(f"end to end, n = {options.nodes}, tick {options.tick_ms} ms, {span:.0f} s, "
              f"machine busy {busy(machine, machine_times()):.0%}")
        print(f"{'node':<6}{'batches':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU %':>8}")
        for node, cpu in zip(nodes, before):
            with urllib.request.urlopen(node["http"] + "/v1/status", timeout=5) as answer:
                latency = json.load(answer)["attest_latency_us"]
            used = (cpu_seconds(node["pid"]) - cpu) / span
            print(f"{node['id']:<6}{latency['count']:>9}{int(latency['p50']) / 1000:>9.2f}"
                  f"{int(latency['p99']) / 1000:>9.2f}{used:>8.1%}")
        last = up.communicate()[0].strip().splitlines()[-1]
        print(last)
        sys.exit(0 if up.returncode == 0 and re.search(r'"batches":"[1-9]', last) else 1)


if __name__ == "__main__":
    main()
