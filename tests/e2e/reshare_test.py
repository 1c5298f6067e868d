#!/usr/bin/env python3
"""The running key goes to other members, or gets new shares, between real processes."""
import json
import pathlib
import unittest

from ceremonies import BAD_DEALER, DIE_AT_SYNC, CeremonyTest, Member
from harness import Up, eventually


class Reshare(CeremonyTest, unittest.TestCase):
    def old_share(self, member):
        return ("--share", member.folder / "share-1.key") if (member.folder / "share-1.key").exists() else ()

    def reshare(self, members, ceremony, *options):
        return [self.join(member, ceremony, *self.old_share(member), *options, command="reshare") for member in members]

    def test_from_four_to_seven_while_the_old_committee_keeps_attesting(self):
        with Up("--tick-ms", "100") as up:
            up.wait_ready()
            old = [Member(self, self.folder / f"old-{node['id']}", next(self.ports), pathlib.Path(node["dir"]) / "identity.key")
                   for node in up.nodes]
            before = {node["id"]: (pathlib.Path(node["dir"]) / "share.key").read_bytes() for node in up.nodes}
            new = self.members(3, "new")
            group = pathlib.Path(up.info["network_file"]).parent / "group.yaml"
            file = self.propose([*old, *new], "--group", group, command="reshare")
            frames = up.frames(0)
            first = next(frames)
            at = up.ledger(0).tip()
            parties = [self.join(member, file, "--share", pathlib.Path(node["dir"]) / "share.key", command="reshare")
                       for member, node in zip(old, up.nodes)]
            parties += [self.join(member, file, command="reshare") for member in new]
            answer = self.succeed(parties)
            self.assertEqual(answer["group_key"], up.info["group_key"], "the key that consumers pin stays")
            self.assertEqual((answer["epoch"], answer["share_generation"]), (1, 2))

            # The old committee went on, no height is missing, and its shares are what they were.
            eventually(lambda: up.ledger(0).tip() >= at + 20, 60, "the old committee attests")
            heights = sorted(up.ledger(0).headers())
            self.assertEqual(heights, list(range(heights[0], heights[-1] + 1)))
            self.heights_without_a_gap(first, frames, 20)
            for node in up.nodes:
                self.assertEqual((pathlib.Path(node["dir"]) / "share.key").read_bytes(), before[node["id"]])
            self.assertEqual(up.end(), 0)

    def heights_without_a_gap(self, first, frames, count):
        last = int(json.loads(first)["height"])
        for _ in range(count):
            height = int(json.loads(next(frames))["height"])
            self.assertEqual(height, last + 1, "a consumer that was there sees every height")
            last = height

    def test_members_leave_and_join_and_one_that_leaves_deals(self):
        old, answer = self.generate(4)
        new = self.members(2, "new")
        group = old[0].folder / "group-0.yaml"
        file = self.propose([old[0], old[1], *new], "--group", group, "--leaving", old[3].card, command="reshare")
        parties = self.reshare([old[0], old[1], *new, old[3]], file)
        changed = self.succeed(parties)
        self.assertEqual(changed["group_key"], answer["group_key"])
        self.assertFalse((old[3].folder / "share-2.key").exists(), "who leaves gets no share")

        # And once more with the new shares, back to a committee of other members.
        third = self.members(2, "third")
        again = self.propose([*new, *third], "--group", old[0].folder / "group-1.yaml", "--leaving", old[0].card,
                             command="reshare", name="again.yaml", by=new[0])
        parties = [self.join(member, again, "--share", member.folder / "share-2.key", command="reshare")
                   for member in [*new, old[0]]]
        parties += self.reshare(third, again)
        self.assertEqual(self.succeed(parties)["group_key"], answer["group_key"])

    def test_a_refresh_that_fails_leaves_the_old_shares_and_succeeds_without_the_absent_dealer(self):
        members, answer = self.generate(4)
        old = [member.read("share-1.key") for member in members]
        group = members[0].folder / "group-0.yaml"
        file = self.propose(members, "--group", group, command="reshare")
        for party in self.reshare(members[1:], file, "--timeout", 2):
            code, said = party.ended()
            self.assertEqual((code, said["result"]), (1, "cancelled"))
            self.assertEqual([(blame["party"], blame["offence"]) for blame in said["blames"]], [("member 0", "absent")])
        self.assertEqual([member.read("share-1.key") for member in members], old)
        self.assertEqual([list(member.folder.glob("share-2.key")) for member in members], [[]] * 4)

        without = self.propose(members, "--group", group, "--exclude", "0", command="reshare", name="without.yaml")
        self.assertEqual(self.succeed(self.reshare(members, without))["group_key"], answer["group_key"])
        self.assertEqual([member.read("share-1.key") for member in members], old, "erased only after the switch")

    def test_sigkill_at_different_steps_leaves_the_old_or_the_new_key(self):
        members, answer = self.generate(4)
        self.old = {member: member.read("share-1.key") for member in members}
        # The last eight things that become durable; member 3 does not deal and has one fewer.
        # `ceremony_kills.py` goes through all of them, for everybody.
        for first, die in ((5, "before"), (6, "after")):
            file = self.propose(members, "--group", members[0].folder / "group-0.yaml", command="reshare", name=f"{die}.yaml")
            renewed, deaths = self.succeed_through_deaths(
                members, file, lambda member: ("--share", member.folder / "share-1.key"),
                lambda place: {"die_at": first + 2 * place - (place == 3), "die": die}, "reshare")
            self.assertEqual((renewed["group_key"], deaths), (answer["group_key"], 4))

    def after_a_death(self, member):
        self.assertEqual(member.read("share-1.key"), self.old[member], "the old share is what it was")

    def test_a_share_of_another_member_or_network_is_refused(self):
        members, _ = self.generate(4)
        group = members[0].folder / "group-0.yaml"
        file = self.propose(members, "--group", group, command="reshare")
        wrong = self.join(members[0], file, "--share", members[1].folder / "share-1.key", command="reshare")
        self.assertEqual(wrong.ended()[0], 2)
        self.assertIn("not the one that the old record names", wrong.said())
        none = self.join(members[0], file, command="reshare")
        self.assertEqual(none.ended()[0], 2)
        self.assertIn("name its share file", none.said())
        others, _ = self.generate(4, "other")
        foreign = self.join(members[0], file, "--share", others[0].folder / "share-1.key", command="reshare")
        self.assertEqual(foreign.ended()[0], 2)
        self.assertIn("another network", foreign.said())


if __name__ == "__main__":
    assert pathlib.Path(BAD_DEALER).exists() and pathlib.Path(DIE_AT_SYNC).exists(), "run by ctest"
    unittest.main(verbosity=2)
