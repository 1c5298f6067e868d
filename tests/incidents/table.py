#!/usr/bin/env python3
"""`./dev bench incidents`: our node's answer beside six others on the same inputs, with the limits of the shipped file.

    table.py [--markdown] [INCIDENT...]

worst    furthest that a price given as good was outside the honest venues' prices, in per cent
wrong    minutes in which it was further out than 0.5 %
halted   minutes without a good price although two honest owners agreed within 0.5 %
priced   share of the time with a good price
A `*` marks a column of ours that another rule beats; docs/incidents.md says why.
"""
import argparse
import sys

import baselines
import recorded
import replay
import scenario
from judge import at_least_as_good

COLUMNS = ["ours", *baselines.ALL]


def cell(verdict, marks=("", "", "", "")):
    worst = f"{verdict.worst_ppm / 1e4:.2f}" if verdict.worst_ppm < 1e7 else f"{verdict.worst_ppm / 1e4:.0e}"
    return (f"{worst}{marks[0]}", f"{verdict.wrong_minutes:.1f}{marks[1]}", f"{verdict.false_halt_minutes:.1f}{marks[2]}",
            f"{verdict.priced_percent:.0f}{marks[3]}")


def marks_of(verdicts):
    """A star where some other rule does better: per measure."""
    stars = ["", "", "", ""]
    for name, verdict in verdicts.items():
        if name != "ours":
            for i, good in enumerate(at_least_as_good(verdicts["ours"], verdict)):
                stars[i] = stars[i] if good else "*"
    return stars


def print_table(rows):
    print(f"{'':34}" + "".join(f"{name:>29}" for name in COLUMNS))
    print(f"{'incident':34}" + f"{'worst%  wrong halted priced':>29}" * len(COLUMNS))
    for name, verdicts in rows:
        line = f"{name:34}"
        for column in COLUMNS:
            worst, wrong, halted, priced = cell(verdicts[column], marks_of(verdicts) if column == "ours" else [""] * 4)
            line += f"{worst:>10}{wrong:>7}{halted:>6}{priced:>6}"
        print(line)


def print_markdown(rows):
    print("| incident | " + " | ".join(COLUMNS) + " |")
    print("|---|" + "---|" * len(COLUMNS))
    for name, verdicts in rows:
        cells = [" / ".join(cell(verdicts[column], marks_of(verdicts) if column == "ours" else [""] * 4)) for column in COLUMNS]
        print(f"| {name} | " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("incident", nargs="*")
    options = parser.parse_args()
    shipped = {name: replay.Shipped(name) for name in ("crypto", "staked", "fx")}
    rows = []
    for incident in scenario.all_scenarios():
        if incident.refused or (options.incident and incident.name not in options.incident):
            continue
        rows.append((incident.name, replay.compared(incident, replay.replay(shipped[incident.network], incident), baselines.ALL)))
    if not options.incident:
        rows += recorded.compared_rows(shipped["crypto"])
    (print_markdown if options.markdown else print_table)(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
