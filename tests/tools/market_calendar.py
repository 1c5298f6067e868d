#!/usr/bin/env python3
"""Market hours as the explicit UTC intervals of a network file, from sessions in a time zone.

    market_calendar.py --name fx --zone America/New_York --session "Sun 17:00 - Fri 17:00" \\
                       --from 2026-01-01 --to 2026-12-31 --holiday 2026-12-25

Each session is "DAY HH:MM - DAY HH:MM" in local time, weekly; daylight saving is the zone's. A holiday closes its local day.
Prints the entry for `calendars:`. Joins intervals that touch.
"""
import argparse
import datetime
import sys
import zoneinfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
UTC = datetime.timezone.utc


def parse_session(text):
    start, end = (part.split() for part in text.split(" - "))
    moments = [(DAYS.index(day), datetime.time.fromisoformat(clock)) for day, clock in (start, end)]
    return moments[0], moments[1]


def utc(day, clock, zone):
    return datetime.datetime.combine(day, clock, zone).astimezone(UTC)


def sessions_between(sessions, zone, first, last):
    """Every weekly session that touches first..last, as (from, to) in UTC."""
    day = first - datetime.timedelta(days=7)
    while day <= last:
        for (start_day, start), (end_day, end) in sessions:
            if day.weekday() == start_day:
                length = (end_day - start_day) % 7
                if length == 0 and end <= start:
                    length = 7
                yield utc(day, start, zone), utc(day + datetime.timedelta(days=length), end, zone)
        day += datetime.timedelta(days=1)


def without(intervals, closed):
    """The intervals minus one closed one."""
    for start, end in intervals:
        if end <= closed[0] or start >= closed[1]:
            yield start, end
            continue
        if start < closed[0]:
            yield start, closed[0]
        if end > closed[1]:
            yield closed[1], end


def open_intervals(sessions, zone, first, last, holidays):
    whole = (utc(first, datetime.time(), zone), utc(last + datetime.timedelta(days=1), datetime.time(), zone))
    out = [(max(a, whole[0]), min(b, whole[1])) for a, b in sorted(sessions_between(sessions, zone, first, last))]
    out = [(a, b) for a, b in out if a < b]
    for day in holidays:
        closed = utc(day, datetime.time(), zone), utc(day + datetime.timedelta(days=1), datetime.time(), zone)
        out = list(without(out, closed))
    joined = []
    for start, end in out:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def emit(name, intervals):
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    lines = [f"  - name: {name}", "    open:"]
    lines += [f'      - {{from: "{a.strftime(stamp)}", to: "{b.strftime(stamp)}"}}' for a, b in intervals]
    return "\n".join(lines) + "\n"


def main():
    date = datetime.date.fromisoformat
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", required=True)
    parser.add_argument("--zone", required=True, type=zoneinfo.ZoneInfo)
    parser.add_argument("--session", required=True, action="append", type=parse_session)
    parser.add_argument("--from", required=True, type=date, dest="first")
    parser.add_argument("--to", required=True, type=date, dest="last")
    parser.add_argument("--holiday", action="append", default=[], type=date)
    given = parser.parse_args()
    sys.stdout.write(emit(given.name, open_intervals(given.session, given.zone, given.first, given.last, given.holiday)))


if __name__ == "__main__":
    main()
