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
            first = self.restarted(up, 3)
            catches_up(up, 3, 0)
            self.assertGreater(up.ledger(3).tip(), gone_at)

            # Three of four must sign: with member 1 gone, nothing more is attested before member 3 votes again.
            up.kill(1)
            eventually(lambda: up.status(3).get("fenced") is False, 60, "the fence falls at a view change or rotation")
            advances(up, 0, by=10, seconds=40)
            self.voice_after_the_fence(up, 3, first)
            up.restart(1)
            catches_up(up, 1, 0)
            for node in (1, 3):
                heights = sorted(up.ledger(node).headers())
                self.assertEqual(heights, list(range(1, heights[-1] + 1)), f"member {node} has no gap")
            self.assertGreater(common_heights_agree(self, [up.ledger(i) for i in range(4)]), 100)

    def test_a_restarted_member_votes_again_after_the_planned_rotation(self):
        with Up("--tick-ms", "100") as up:
            up.wait_ready()
            advances(up, 0)
            up.kill(2)
            advances(up, 0)
            first = self.restarted(up, 2)
            eventually(lambda: up.status(2).get("fenced") is False, 60, "the rotation every 64 heights lifts the fence")
            eventually(lambda: self.voice(up, 2, first), 20, "its observations are in the batches")
            self.voice_after_the_fence(up, 2, first)

    def restarted(self, up, node):
        """Starts a killed member and returns what it says of itself first: silent up to the view it may have spoken in."""
        at = up.ledger(0).tip()
        up.restart(node)
        first = eventually(lambda: up.status(node), 20, f"node {node} answers")
        self.assertTrue(first["fenced"], first)
        self.assertGreaterEqual(int(first["fence"]), int(first["view"]), first)
        return first | {"at": at}

    def voice(self, up, node, first):
        """[(height, view)] of the member's signed observations in batches after its restart, from another's ledger."""
        return [(height, view) for height, member, view in up.ledger(0).observers(first["at"] + 1) if member == node]

    def voice_after_the_fence(self, up, node, first):
        spoken = self.voice(up, node, first)
        self.assertGreater(len(spoken), 0, "it votes again")
        self.assertEqual([(height, view) for height, view in spoken if view <= int(first["fence"])], [], "not in a fenced view")

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
