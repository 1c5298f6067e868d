#!/usr/bin/env python3
"""SIGKILL at each thing that a key ceremony makes durable, before and after the disk has it: the old key or the new one
is usable, never neither. Every member dies at the step, and goes on with the same command."""
import unittest

from ceremonies import CeremonyTest


class Kills(CeremonyTest, unittest.TestCase):
    def sweep(self, command, members, proposal_options, options):
        """Step after step until nobody dies of it any more: then there is none behind it."""
        steps = 0
        while True:
            deaths = 0
            for die in ("before", "after"):
                file = self.propose(members, *proposal_options, command=command, name=f"{command}-{steps}-{die}.yaml")
                answer, died = self.succeed_through_deaths(members, file, options, lambda _: {"die_at": steps + 1, "die": die},
                                                           command)
                deaths += died
                self.check(answer)
            if deaths == 0:
                return steps
            # Who does not deal has one step fewer.
            self.assertIn(deaths, (2 * len(members), 2 * len(members) - 2), f"all reach step {steps + 1}")
            steps += 1

    def check(self, answer):
        if hasattr(self, "group_key"):
            self.assertEqual(answer["group_key"], self.group_key)

    def after_a_death(self, member):
        if hasattr(self, "old"):
            self.assertEqual(member.read("share-1.key"), self.old[member], "the old share is what it was")

    def test_a_fresh_key(self):
        self.assertGreaterEqual(self.sweep("dkg", self.members(4), (), lambda _: ()), 12)

    def test_a_refresh(self):
        members, answer = self.generate(4)
        self.group_key = answer["group_key"]
        self.old = {member: member.read("share-1.key") for member in members}
        steps = self.sweep("reshare", members, ("--group", members[0].folder / "group-0.yaml"),
                           lambda member: ("--share", member.folder / "share-1.key"))
        self.assertGreaterEqual(steps, 12)


if __name__ == "__main__":
    unittest.main(verbosity=2)
