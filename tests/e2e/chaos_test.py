#!/usr/bin/env python3
"""Real processes under a random killer, with a relay between each two members, and a consumer that watches.

    chaos_test.py [--nodes N] [--seconds S] [--seed X] [--tick-ms T] [--shared-disks]

Storms and calms take turns. In a storm members are killed, frozen and run out of disk, links are slowed, half opened and
cut, now and then beyond what a quorum survives; in a calm all is healed and every member must go on within
HEALED_SECONDS. At the end the consumer's chain has no gap and no fork, and all ledgers hold the same bytes.
"""
import argparse
import json
import os
import pathlib
import secrets
import shutil
import sys
import tempfile
import time
import unittest

from consumer import Consumer
from harness import ROOT, Up, common_heights_agree, run
from monkey import Monkey, caught_up, give_disks, own_mounts, take_disks
from relay import Relay, put_between

sys.path.insert(0, str(ROOT / "tests" / "reference"))
import ed25519  # noqa: E402

STORM_SECONDS = 12
# Patience doubles up to timeout_max (8 s) while there is no quorum; the view after it is led by anybody, so f more may
# pass; and a member that was away fetches what it missed.
HEALED_SECONDS = 60
SIGNATURES_CHECKED = 400
FILLED_SHARE = 20  # at most one height in so many may have to be asked for; 300 s saw none of 1,138
OPTIONS = None


class Chaos(unittest.TestCase):
    def test_a_storm_of_faults_leaves_one_gapless_chain_and_equal_ledgers(self):
        print(f"seed {OPTIONS.seed}, {OPTIONS.nodes} members, {OPTIONS.seconds} s", flush=True)
        disks = not OPTIONS.shared_disks and own_mounts()
        relay = Relay()
        with Up("--nodes", str(OPTIONS.nodes), "--tick-ms", str(OPTIONS.tick_ms)) as up:
            try:
                self.live_through(up, relay, disks)
            except BaseException:
                print(f"again: tests/e2e/chaos_test.py --nodes {OPTIONS.nodes} --seconds {OPTIONS.seconds} "
                      f"--seed {OPTIONS.seed}; what is left is in {keep(up)}", file=sys.stderr)
                raise
            finally:
                relay.end()
                if disks:
                    up.clean_processes()
                    take_disks(up)

    def live_through(self, up, relay, disks):
        up.wait_ready()
        pairs = put_between(relay, up, give_disks if disks else None)
        caught_up(up, HEALED_SECONDS, 3)
        consumer = Consumer(up.nodes)
        monkey = Monkey(up, relay, pairs, OPTIONS.seed, disks)
        slowest = 0
        end = time.monotonic() + OPTIONS.seconds
        while time.monotonic() < end:
            monkey.storm(min(STORM_SECONDS, max(2, end - time.monotonic())))
            monkey.calm()
            healed = time.monotonic()
            tip = caught_up(up, HEALED_SECONDS, 5)
            slowest = max(slowest, time.monotonic() - healed)
        consumer.stop()
        print(f"height {tip}; {monkey.count}; {'own' if disks else 'shared'} disks; calms took up to {slowest:.1f} s; the "
              f"consumer saw {len(consumer.frames)} heights, {consumer.filled} by request, {consumer.reconnects} reconnects",
              flush=True)
        self.assertEqual(monkey.deaths, [])
        self.check_consumer(up, consumer, tip)
        self.check_ledgers(up, tip)
        self.assertEqual(up.end(), 0)
        self.assertRegex(up.output(), r" 0 disagreements\n\Z")

    def check_consumer(self, up, consumer, tip):
        self.assertEqual(consumer.faults(), [])
        # Some node's stream tells almost every height; asking is for those that fell into a gap of all streams.
        self.assertLess(consumer.filled, 1 + len(consumer.frames) / FILLED_SHARE)
        self.assertGreaterEqual(consumer.newest(), tip)
        frames = [consumer.frames[height].strip() for height in sorted(consumer.frames)]
        code, out, err = run("verify", "--group-key", up.info["group_key"], text="\n".join(frames) + "\n")
        self.assertEqual((code, [line for line in out.splitlines() if not line.startswith("ok")]), (0, []), err)

    def check_ledgers(self, up, tip):
        ledgers = [up.ledger(member) for member in range(OPTIONS.nodes)]
        signed = {}
        for ledger in ledgers:
            rows = ledger.rows("SELECT height, header, signature FROM batches ORDER BY height")
            self.assertGreaterEqual(len(rows), tip, ledger.path)
            self.assertEqual([row[0] for row in rows], list(range(1, len(rows) + 1)), f"{ledger.path} has no hole")
            signed |= {(header, signature): height for height, header, signature in rows}
        feeds = len(ledgers[0].rows("SELECT idx FROM leaves WHERE height = 1"))
        for ledger in ledgers:
            self.assertEqual(ledger.rows("SELECT height FROM leaves GROUP BY height HAVING count(*) != ?", feeds), [])
        self.assertGreater(common_heights_agree(self, ledgers), 2 * tip)
        # Signatures may differ from ledger to ledger: each is good by itself.
        key = bytes.fromhex(up.info["group_key"])
        for header, signature in list(signed)[:: 1 + len(signed) // SIGNATURES_CHECKED]:
            self.assertTrue(ed25519.verify(key, header, signature), f"a signature at height {signed[header, signature]}")


def keep(up):
    """Copies the run's folder to where it outlives this process and its disks."""
    kept = pathlib.Path(tempfile.mkdtemp(prefix=f"assay-chaos-{OPTIONS.seed}-"))
    shutil.copytree(up.folder, kept, dirs_exist_ok=True, ignore=shutil.ignore_patterns("ballast", "*.key"))
    return kept


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=45)
    parser.add_argument("--tick-ms", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("ASSAY_CHAOS_SEED", secrets.randbits(32))))
    parser.add_argument("--shared-disks", action="store_true",
                        help="a full disk is a limit on the size of files, as for users who may not mount")
    OPTIONS = parser.parse_args()
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
