#!/usr/bin/env python3
"""Memory of a node over time, and under a flood from a Byzantine peer: a figure, and whether it is bounded.

    bench/memory.py [--minutes M] [--flood-seconds S] [--out FOLDER]

Four members run for M minutes (default 3; 60 for the figure to quote). Then member 3 is ended, and a program with its
identity key floods the others, S seconds for each way of flooding (bench/flooder.cpp). Writes memory.csv and memory.svg,
prints a plot. Exit code 1 when a member grew beyond the bounds below or died, or the others attested less than half of
what they did in peace.
"""
import argparse
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import time

from committee import ROOT, Up, eventually, wait_until_voting
from machine import memory_mib

FLOODER = os.environ.get("ASSAY_FLOODER", str(ROOT / "build" / "release" / "bench" / "memory" / "flooder"))
FLOODS = ["garbage", "huge", "spam", "lies", "gets", "deaf", "new_views", "proofs"]
FLOOD_GROWTH_MAX_MIB = 64  # over what the member had before; two of its queues and its fullest inbox are less
HOURLY_GROWTH_MAX_MIB = 4  # trend of the second half of the quiet run; an hour showed 0.0 at 10 heights a second
TREND_MINUTES_MIN = 10
PACE_MIN = 0.5  # heights a second under a flood, of those in peace: a view that the liar leads is lost as well
INTERVAL = 0.5


class Record:
    """Samples of all members; one phase after the other."""

    def __init__(self, up):
        self._up = up
        self._started = time.monotonic()
        self.rows = []  # (seconds, phase, tip, [MiB or None])

    def watch(self, phase, seconds, each=lambda: None):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            memory = [memory_mib(node["pid"]) for node in self._up.nodes]
            self.rows.append((time.monotonic() - self._started, phase, self._up.ledger(0).tip(), memory))
            each()
            time.sleep(INTERVAL)
        return [row for row in self.rows if row[1] == phase]


def trend_mib_an_hour(rows, member):
    """Least squares over the second half."""
    half = rows[len(rows) // 2:]
    times, values = [row[0] for row in half], [row[3][member] for row in half]
    return 3600 * statistics.linear_regression(times, values).slope if len(half) > 2 else 0.0


def pace(rows):
    """Heights a second."""
    return (rows[-1][2] - rows[0][2]) / (rows[-1][0] - rows[0][0])


def plot(rows, columns=100, lines=14):
    """The greatest memory of any member, over time; a letter below shows where each phase begins."""
    span = rows[-1][0] or 1
    heights = [0.0] * columns
    marks = [" "] * columns
    phase = None
    for seconds, name, _, memory in rows:
        column = min(columns - 1, int(seconds / span * columns))
        heights[column] = max(heights[column], max((one for one in memory if one), default=0))
        if name != phase:
            marks[column], phase = name[0].upper(), name
    top = max(heights)
    for line in range(lines, 0, -1):
        print(f"{top * line / lines:7.0f} MiB |" + "".join("#" if high >= top * (line - 0.5) / lines else " " for high in heights))
    print(" " * 12 + "+" + "-" * columns + f" {span:.0f} s")
    print(" " * 13 + "".join(marks))


def phases(rows):
    """[(name, its rows)], in their order."""
    found = {}
    for row in rows:
        found.setdefault(row[1], []).append(row)
    return list(found.items())


def write_svg(path, rows, members):
    """Each phase has a width of its own: an hour and twenty seconds stand beside each other."""
    height, left, quiet, other = 320, 60, 400, 70
    width = left + quiet + other * (len(phases(rows)) - 1) + 10
    top = 1.1 * max(one for row in rows for one in row[3] if one)
    colours = ["#0b6", "#06b", "#b60", "#b06"]
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">']
    for part in range(5):
        y = height - 40 - part / 4 * (height - 60)
        parts.append(f'<path d="M{left} {y:.0f}H{width - 10}" stroke="#ddd"/><text x="4" y="{y:.0f}">{top * part / 4:.0f} MiB</text>')
    lines = [{} for _ in range(members)]  # by pixel, the greatest of each
    begin = left
    for name, own in phases(rows):
        room, start = quiet if begin == left else other, own[0][0]
        span = max(own[-1][0] - start, 1)
        parts.append(f'<path d="M{begin} 10V{height - 40}" stroke="#999" stroke-dasharray="3"/>'
                     f'<text x="{begin + 2}" y="{height - 24}">{name}</text>'
                     f'<text x="{begin + 2}" y="{height - 10}" fill="#777">{span:.0f} s</text>')
        for seconds, _, _, memory in own:
            column = begin + int((seconds - start) / span * (room - 1))
            for line, one in zip(lines, memory):
                line[column] = max(line.get(column, 0), one or 0)
        begin += room
    for line, colour in zip(lines, colours):
        points = " ".join(f"{column},{height - 40 - most / top * (height - 60):.1f}" for column, most in line.items() if most)
        parts.append(f'<polyline fill="none" stroke="{colour}" points="{points}"/>')
    path.write_text("\n".join(parts) + "\n</svg>\n", encoding="utf-8")


def write_csv(path, rows, members):
    lines = ["seconds,phase,height," + ",".join(f"member_{member}_mib" for member in range(members))]
    for seconds, phase, tip, memory in rows:
        lines.append(f"{seconds:.1f},{phase},{tip}," + ",".join("" if one is None else f"{one:.1f}" for one in memory))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def quiet_run(up, record, minutes):
    """Heights a second without a flood, and its faults."""
    rows = record.watch("quiet", 60 * minutes)
    faults = []
    print(f"{pace(rows):.2f} heights/s", flush=True)
    for member in range(len(up.nodes)):
        trend = trend_mib_an_hour(rows, member)
        print(f"member {member}: {rows[0][3][member]:.0f} MiB at first, {rows[-1][3][member]:.0f} at the end, trend of the second "
              f"half {trend:+.1f} MiB/h", flush=True)
        if minutes >= TREND_MINUTES_MIN and trend > HOURLY_GROWTH_MAX_MIB:
            faults.append(f"member {member} grows by {trend:.0f} MiB an hour")
    return pace(rows), faults


def flooded_run(up, record, seconds, peaceful):
    """Faults of the honest members under each flood. The last member is the liar."""
    liar = up.nodes[-1]
    honest = range(len(up.nodes) - 1)
    os.kill(liar["pid"], signal.SIGKILL)
    record.watch("without", 10)
    faults = []
    for mode in FLOODS:
        before = [memory_mib(up.nodes[member]["pid"]) for member in honest]
        flooder = subprocess.Popen([FLOODER, up.info["network_file"], liar["node_file"], mode])
        # A deaf one stops itself; now and then it wakes to ask again.
        rows = record.watch(mode, seconds, lambda flooder=flooder: flooder.send_signal(signal.SIGCONT))
        gone = flooder.poll()
        flooder.kill()
        flooder.wait()
        if gone is not None:
            faults.append(f"the flooder ended by itself with {gone}: {mode} was not tried")
        peaks = [max((row[3][member] or 0) for row in rows) for member in honest]
        print(f"{mode:<9} {pace(rows):6.2f} heights/s, peaks "
              + " ".join(f"{peak:.0f} ({peak - was:+.0f})" for peak, was in zip(peaks, before)) + " MiB", flush=True)
        faults += [f"{mode}: member {member} grew by {peaks[member] - before[member]:.0f} MiB" for member in honest
                   if peaks[member] - before[member] > FLOOD_GROWTH_MAX_MIB]
        faults += [f"{mode}: member {member} died" for member in honest if memory_mib(up.nodes[member]["pid"]) is None]
        if pace(rows) < PACE_MIN * peaceful:
            faults.append(f"{mode}: {pace(rows):.2f} heights/s, {peaceful:.2f} in peace")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--flood-seconds", type=float, default=20)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "bench")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with Up("--nodes", "4", "--tick-ms", "100") as up:
        up.wait_ready()
        wait_until_voting(up)
        record = Record(up)
        peaceful, faults = quiet_run(up, record, options.minutes)
        faults += flooded_run(up, record, options.flood_seconds, peaceful)
        # Without the liar, what it left behind: still the same chain.
        before = up.ledger(0).tip()
        eventually(lambda: up.ledger(0).tip() > before + 5, 60, "heights after the flood")
        record.watch("after", 5)
    write_csv(options.out / "memory.csv", record.rows, len(up.nodes))
    write_svg(options.out / "memory.svg", record.rows, len(up.nodes))
    plot(record.rows)
    print(f"{options.out}/memory.csv, memory.svg")
    for fault in faults:
        print(f"not bounded: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
