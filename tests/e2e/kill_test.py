#!/usr/bin/env python3
"""Members die and come back: one is not missed, two are, and a restarted one keeps silent where it may have spoken."""
import time
import unittest

from harness import Up, common_heights_agree, eventually

STANDSTILL_SECONDS = 3


def advances(up, node, by=5, seconds=30):
    before = up.ledger(node).tip()
    eventually(lambda: up.ledger(node).tip() >= before + by, seconds, f"node {node} attests {by} more heights")


def catches_up(up, node, with_node, seconds=40):
    target = up.ledger(with_node).tip()
    eventually(lambda: up.ledger(node).tip() >= target, seconds, f"node {node} reaches height {target}")


class KilledMembers(unittest.TestCase):
    def test_one_killed_is_not_missed_and_comes_back_fenced_then_votes(self):
        with Up() as up:
            up.wait_ready()
            advances(up, 0)
            up.kill(3)
            gone_at = up.ledger(3).tip()
            advances(up, 0, by=10)
            spoken_in = max(int(up.status(node)["view"]) for node in range(3))

            up.restart(3)
            first = eventually(lambda: up.status(3), 20, "node 3 answers")
            self.assertTrue(first["fenced"] or int(first["view"]) > spoken_in, first)
            catches_up(up, 3, 0)
            self.assertGreater(up.ledger(3).tip(), gone_at)
            ledger = up.ledger(3)
            heights = sorted(ledger.headers())
            self.assertEqual(heights, list(range(heights[0], heights[-1] + 1)), "no gap was left")
            self.assertGreater(common_heights_agree(self, [up.ledger(i) for i in range(4)]), 100)

            # A silent member would now be one too few: three of four must sign.
            eventually(lambda: up.status(3).get("fenced") is False, 60, "the fence falls at a view change or rotation")
            up.kill(1)
            advances(up, 0, by=10, seconds=40)

    def test_two_killed_stop_the_attestation_and_one_of_them_is_enough_to_go_on(self):
        with Up() as up:
            up.wait_ready()
            advances(up, 0)
            up.kill(2)
            up.kill(3)
            # What was on its way when they died may still arrive.
            settled = eventually(lambda: self.standing_still(up, 0.7), 10, "the last heights arrive")
            time.sleep(STANDSTILL_SECONDS)
            self.assertEqual([up.ledger(node).tip() for node in (0, 1)], settled)

            up.restart(2)
            advances(up, 0, by=10, seconds=60)
            catches_up(up, 2, 0)
            up.restart(3)
            catches_up(up, 3, 0)
            self.assertGreater(common_heights_agree(self, [up.ledger(i) for i in range(4)]), 100)
            self.assertEqual(up.end(), 0)
            self.assertRegex(up.output(), r"attested \d+ batches, \d+ updates, 0 disagreements\n\Z")

    def standing_still(self, up, seconds):
        before = [up.ledger(node).tip() for node in (0, 1)]
        time.sleep(seconds)
        return before if [up.ledger(node).tip() for node in (0, 1)] == before else None

    def test_all_killed_go_on_from_their_disks(self):
        with Up() as up:
            up.wait_ready()
            advances(up, 0)
            for node in range(4):
                up.kill(node)
            tips = [up.ledger(node).tip() for node in range(4)]
            for node in range(4):
                up.restart(node)
            eventually(lambda: min(up.ledger(node).tip() for node in range(4)) >= max(tips) + 5, 60, "all go on")
            self.assertGreater(common_heights_agree(self, [up.ledger(i) for i in range(4)]), 50)


if __name__ == "__main__":
    unittest.main(verbosity=2)
