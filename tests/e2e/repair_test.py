#!/usr/bin/env python3
"""A member that lost its share gets it back from the others, between real processes."""
import pathlib
import signal
import unittest

from ceremonies import BAD_DEALER, DIE_AT_SYNC, CeremonyTest


class Repair(CeremonyTest, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.all, self.answer = self.generate(4)
        self.group = self.all[0].folder / "group-0.yaml"
        self.lost = self.all[2]
        self.before = self.lost.read("share-1.key")
        (self.lost.folder / "share-1.key").unlink()

    def propose_repair(self, helpers, name="repair.yaml"):
        cards = [part for helper in helpers for part in ("--helper", str(helper.card))]
        return self.propose([self.lost], "--group", self.group, *cards, command="repair", name=name)

    def help(self, member, file, *options):
        return self.join(member, file, "--share", member.folder / "share-1.key", *options, command="repair")

    def expect_repaired(self, parties):
        for party in parties:
            code, answer = party.ended()
            self.assertEqual((code, answer["result"], answer["group_key"]), (0, "activated", self.answer["group_key"]),
                             party.said())
        self.assertEqual(self.lost.read("share-1.key"), self.before, "plain files of one share are the same bytes")

    def test_the_share_comes_back_with_three_helpers_though_processes_die(self):
        helpers = [self.all[3], self.all[0], self.all[1]]
        file = self.propose_repair(helpers)
        parties = [self.help(helper, file) for helper in helpers]
        dying = self.join(self.lost, file, command="repair", die_at=1)  # its share is in a temporary file
        self.assertEqual(dying.ended()[0], -signal.SIGKILL)
        self.assertFalse((self.lost.folder / "share-1.key").exists())
        parties[0].end(signal.SIGKILL)
        parties[0] = self.help(helpers[0], file)
        self.expect_repaired([self.join(self.lost, file, command="repair"), *parties])

    def test_a_helper_that_stays_away_is_named(self):
        file = self.propose_repair([self.all[0], self.all[1], self.all[3]])
        parties = [self.help(helper, file, "--timeout", 2) for helper in (self.all[0], self.all[3])]
        parties.append(self.join(self.lost, file, "--timeout", 2, command="repair"))
        for party in parties:
            code, answer = party.ended()
            self.assertEqual((code, answer["result"]), (1, "cancelled"))
            self.assertEqual([(blame["party"], blame["offence"]) for blame in answer["blames"]], [("helping member 1", "absent")])

    def test_wrong_files_are_refused(self):
        file = self.propose_repair([self.all[0], self.all[1], self.all[3]])
        nothing = self.join(self.all[0], file, command="repair")
        self.assertEqual(nothing.ended()[0], 2)
        self.assertIn("name its share file", nothing.said())
        wrong = self.join(self.all[0], file, "--share", self.all[1].folder / "share-1.key", command="repair")
        self.assertEqual(wrong.ended()[0], 2)
        self.assertIn("not the one that the record names", wrong.said())
        other = self.join(self.all[0], file, "--share", self.all[0].folder / "share-1.key", command="reshare")
        self.assertEqual(other.ended()[0], 2)
        self.assertIn("assay repair join", other.said())


if __name__ == "__main__":
    assert pathlib.Path(BAD_DEALER).exists() and pathlib.Path(DIE_AT_SYNC).exists(), "run by ctest"
    unittest.main(verbosity=2)
