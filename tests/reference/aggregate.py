#!/usr/bin/env python3
"""A second implementation of the committee step, from docs/aggregation.md and docs/wire.md, in Python integers.

    aggregate.py TOOL [CASES [SEED]]

draws chains of random and adversarial batches, lets TOOL (tests/unit/aggregator/aggregate_tool.cpp) compute each, and
compares header time and leaf bytes. Exit 0: all equal; 1: a difference, which is printed.
"""
import collections
import hashlib
import json
import random
import struct
import subprocess
import sys

PRICE_MAX = 1 << 62
OK, WIDE, DIVERGENT, DEPEG, JUMP, STALE, INSUFFICIENT, HALTED, CLOSED = range(1, 10)
FEW_SOURCES, DIVERGENT_BIT, DEPEG_BIT, KNOWN = 1, 2, 4, 63
FIELDS = ("height exponent status reasons observers sources price bid ask confidence ema ema_fraction depth_usd src_time "
          "publish_time prev_publish_time valid_until ref_price run").split()
LAYOUT = ">QbBHBBqqqQqIQQQQQqB"


def feed_id(symbol):
    return hashlib.sha256(b"assay/feed/v1\0" + symbol.encode()).digest()


def encode(leaf):
    return b"\x01" + leaf["feed"] + struct.pack(LAYOUT, *(leaf[name] for name in FIELDS))


def median(values):
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) // 2


def is_valid(entry, observed_at, age_max):
    return (entry is not None and 0 < entry["bid"] <= entry["price"] <= entry["ask"] <= PRICE_MAX
            and 0 < entry["confidence"] <= entry["price"] and entry["reasons"] & ~KNOWN == 0
            and abs(entry["src_time"] - observed_at) <= age_max)


def is_jump(a, b, ppm):
    return abs(a - b) * 10**6 > ppm * b


def next_leaf(feed, previous, entries, time, quorum, faulty_max):
    column = lambda name: [entry[name] for entry in entries]
    k = len(entries)
    reasons = sum(1 << bit for bit in range(6) if sum(e["reasons"] >> bit & 1 for e in entries) > faulty_max)
    shared = dict(height=previous["height"] + 1, reasons=reasons, observers=k,
                  sources=sorted(column("sources"))[(k - 1) // 2] if k else 0)
    refusals = []
    if not feed["always_open"] and not any(span["from"] <= time < span["to"] for span in feed["open"]):
        refusals.append(CLOSED)
    if k < quorum:
        refusals.append(INSUFFICIENT)
    else:
        price, src_time = median(column("price")), median(column("src_time"))
        if not feed["floor_price"] <= price <= feed["ceiling_price"]:
            refusals.append(HALTED)
        if time - src_time > feed["src_age_max"]:
            refusals.append(STALE)
    if refusals:
        status = max(refusals) if previous["publish_time"] else INSUFFICIENT
        return {**previous, **shared, "status": status}

    ordered = sorted(column("price"))
    spread = max(median(column("confidence")), ordered[k - faulty_max - 1] - price, price - ordered[faulty_max])
    statuses = [OK]
    if spread * 10**6 > feed["wide_ppm"] * price or reasons & FEW_SOURCES:
        statuses.append(WIDE)
    if reasons & DIVERGENT_BIT:
        statuses.append(DIVERGENT)
    if reasons & DEPEG_BIT:
        statuses.append(DEPEG)

    ref, run = previous["ref_price"], previous["run"]
    if ref == 0 or not is_jump(price, ref, feed["jump_ppm"]):
        ref, run = price, 0
    else:
        run = run + 1 if run > 0 and not is_jump(price, previous["price"], feed["jump_ppm"]) else 1
        if run >= feed["jump_confirmations"]:
            ref, run = price, 0
        else:
            statuses.append(JUMP)

    ema = price << 32
    if previous["publish_time"]:
        old, dt = (previous["ema"] << 32) + previous["ema_fraction"], time - previous["publish_time"]
        ema = old + (ema - old) * dt // (feed["ema_tau"] + dt)
    return dict(shared, feed=previous["feed"], exponent=previous["exponent"], status=max(statuses), price=price,
                bid=median(column("bid")), ask=median(column("ask")), confidence=min(spread, price), ema=ema >> 32,
                ema_fraction=ema & 0xFFFFFFFF, depth_usd=median(column("depth_usd")), src_time=min(src_time, time),
                publish_time=time, prev_publish_time=previous["publish_time"], valid_until=time + feed["ttl"],
                ref_price=ref, run=run)


def aggregate(case, previous_leaves):
    observations, quorum = case["observations"], case["quorum"]
    if len(observations) < quorum:
        return None, "too_few_observations"
    time = max(median([o["time"] for o in observations]), case["previous_time"] + 1)
    leaves = []
    for index, feed in enumerate(case["feeds"]):
        entries = [o["feeds"][index] for o in observations
                   if is_valid(o["feeds"][index], o["time"], case["observation_age_max"])]
        leaves.append(next_leaf(feed, previous_leaves[index], entries, time, quorum, case["faulty_max"]))
    return time, leaves


def unpriced(feed, height):
    leaf = dict.fromkeys(FIELDS, 0)
    return dict(leaf, feed=feed_id(feed["symbol"]), exponent=feed["exponent"], height=height, status=INSUFFICIENT)


class World:
    """One chain: a random policy, and observations that wander, lie, fall silent and come late."""

    def __init__(self, draw):
        self.draw = draw
        self.faulty_max = draw.choice([1, 1, 2, 3, 10])
        self.time = draw.randrange(1, 2 * 10**15)
        self.scale = draw.choice([3, 1000, 10**6, 10**12, 1 << 61])
        self.age_max = draw.choice([10**6, 15 * 10**6])
        self.feeds = sorted((self.feed(i) for i in range(draw.choice([1, 1, 3]))), key=lambda f: feed_id(f["symbol"]))
        self.prices = [self.scale for _ in self.feeds]
        self.silence = draw.choice([0, 0.01, 0.1])

    def feed(self, index):
        draw, hour = self.draw, 3600 * 10**6
        opens = [self.time + hour * i for i in range(-1, 2)]
        return dict(symbol="F%d/USD" % index, exponent=draw.randint(-12, 0), ttl=draw.choice([0, 10**6, 10**12]),
                    floor_price=draw.choice([1, self.scale // 2]), ceiling_price=draw.choice([PRICE_MAX, self.scale * 2]),
                    wide_ppm=draw.choice([100, 5000, 999999]), jump_ppm=draw.choice([10, 5000, 10**6]),
                    jump_confirmations=draw.choice([1, 2, 3, 255]), src_age_max=draw.choice([0, 10**6, 10**13]),
                    ema_tau=draw.choice([0, 1, 6 * 10**7, 10**15]), always_open=draw.random() < 0.8,
                    open=[{"from": at, "to": at + hour // 2} for at in opens])

    def entry(self, price, now):
        draw = self.draw
        if draw.random() < self.silence:
            return None
        near = max(1, price + draw.randint(-price // 1000 - 2, price // 1000 + 2))
        value = draw.choice([near] * 9 + [draw.choice([1, PRICE_MAX, price * 2, price // 2 + 1])])
        value = min(value, PRICE_MAX)
        out = dict(price=value, bid=max(1, value - draw.randint(0, 5)), ask=min(PRICE_MAX, value + draw.randint(0, 5)),
                   confidence=draw.randint(1, max(1, value // draw.choice([1, 1000]))), depth_usd=draw.choice([0, 5, 2**64 - 1]),
                   src_time=max(0, now + draw.randint(-2 * 10**6, 10**5)), reasons=draw.choice([0, 0, draw.randint(0, 63)]),
                   sources=draw.randint(0, 255))
        if draw.random() < self.silence:  # one rule of validity is broken, or just kept
            name, values = draw.choice([("bid", [0, -1, value + 1]), ("ask", [value - 1, PRICE_MAX + 1, PRICE_MAX]),
                                        ("confidence", [0, value + 1, value, 2**64 - 1]), ("reasons", [64, 65535]),
                                        ("src_time", [0, 2**64 - 1, now + self.age_max, now + self.age_max + 1])])
            out[name] = draw.choice(values)
        return out

    def observations(self):
        draw, f = self.draw, self.faulty_max
        count = draw.choice([draw.randint(2 * f + 1, 3 * f + 1)] * 20 + [2 * f])
        self.time += draw.choice([1, 250000, 250000, 10**7, 10**13 if draw.random() < 0.05 else 10**6])
        self.prices = [min(PRICE_MAX, max(1, draw.choice([p, p, p + p // 50, p - p // 30, p * 3 // 2, self.scale])))
                       for p in self.prices]
        out = []
        for _ in range(count):
            now = self.time + draw.choice([0, 0, draw.randint(0, 10**5), draw.choice([-self.time, 10**15])])
            out.append(dict(time=now, feeds=[self.entry(p, now) for p in self.prices]))
        return out


def main():
    tool = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    draw = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    seen, done = collections.Counter(), 0
    while done < cases:
        world = World(draw)
        height, time, leaves = draw.choice([0, 0, 2**40]), world.time, []
        for _ in range(20):
            case = dict(feeds=world.feeds, observation_age_max=world.age_max, previous_height=height, previous_time=time,
                        previous_leaves=[encode(leaf).hex() for leaf in leaves], observations=world.observations(),
                        quorum=2 * world.faulty_max + 1, faulty_max=world.faulty_max)
            previous = leaves or [unpriced(feed, height) for feed in world.feeds]
            expected_time, expected = aggregate(case, previous)
            if expected_time is None:
                wanted = {"error": expected}
            else:
                wanted = {"time": expected_time, "leaves": [encode(leaf).hex() for leaf in expected]}
            tool.stdin.write(json.dumps(case) + "\n")
            tool.stdin.flush()
            got = json.loads(tool.stdout.readline())
            if got != wanted:
                print("differs in", json.dumps(case), "\nreference", wanted, "\ngot      ", got)
                return 1
            done += 1
            if expected_time is None:
                seen["refused"] += 1
                continue
            seen.update(leaf["status"] for leaf in expected)
            height, time, leaves = height + 1, expected_time, expected
    tool.stdin.close()
    print(done, "cases equal; statuses", dict(sorted(seen.items(), key=str)))
    missing = [status for status in range(OK, CLOSED + 1) if not seen[status]]
    if missing or not seen["refused"]:
        print("cases never reached: statuses", missing, "refusals", seen["refused"])
        return 1
    return tool.wait()


if __name__ == "__main__":
    sys.exit(main())
