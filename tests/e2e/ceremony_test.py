#!/usr/bin/env python3
"""Key generation between real processes: one is killed midway, one deals badly, one stays away."""
import json
import pathlib
import re
import signal
import subprocess
import unittest

from ceremonies import BAD_DEALER, DIE_AT_SYNC, CeremonyTest
from harness import ROOT, run

# The fsyncs of a first start come before the first record: lock file, its folder, the log, its folder.
START_SYNCS = 4


class Generation(CeremonyTest, unittest.TestCase):
    def killed_midway_and_resumed(self, count, victim):
        members = self.members(count)
        file = self.propose(members)
        dying = self.join(members[victim], file, die_at=START_SYNCS + 2)  # its word of support is durable, and not said
        others = [self.join(member, file) for member in members if member is not members[victim]]
        code, answer = dying.ended()
        self.assertEqual((code, answer), (-signal.SIGKILL, None), "it died")
        for party in others:
            self.assertIsNone(party.process.poll(), "the others wait for it")
        answer = self.succeed([self.join(members[victim], file), *others])
        shares = {member.read("share-1.key")[142:174] for member in members}
        self.assertEqual(len(shares), count, "each member has a share of its own")
        return answer

    def test_three_of_four_with_one_killed_midway(self):
        self.killed_midway_and_resumed(4, 2)

    def test_five_of_seven_with_one_killed_midway(self):
        self.killed_midway_and_resumed(7, 0)

    def test_one_that_deals_badly_is_named_and_proved_and_left_out(self):
        members = self.members(5)
        file = self.propose(members[:4])
        self.honest = [*members[:3], members[4]]
        bad = subprocess.Popen([BAD_DEALER, str(file), str(members[3].identity)])
        self.addCleanup(bad.wait)
        self.addCleanup(bad.kill)
        honest = [self.join(member, file) for member in members[:3]]
        for party in honest:
            code, answer = party.ended()
            self.assertEqual((code, answer["result"]), (1, "cancelled"), party.said())
            (blame,) = answer["blames"]
            self.assertEqual((blame["party"], blame["identity"], blame["offence"]), ("member 3", members[3].key, "bad_deal"))
            self.anybody_convicts(members[3], file, blame["evidence"])
            self.assertFalse((party.member.folder / "share-1.key").exists(), "nothing has changed")
        again = self.join(members[0], file)
        self.assertEqual(again.ended()[1]["result"], "cancelled", "it stays so")

        # Repeated without it: as a member that does not deal, and without it altogether.
        without = self.propose(members[:4], "--exclude", "3", name="excluded.yaml")
        bad.kill()
        bad.wait()
        self.succeed([self.join(member, without, "--share-out", member.folder / "excluded.key", "--group-out",
                                member.folder / "excluded.yaml") for member in members[:4]])
        replaced = self.propose([*members[:3], members[4]], name="replaced.yaml")
        self.succeed([self.join(member, replaced) for member in [*members[:3], members[4]]])

    def anybody_convicts(self, dealer, ceremony, evidence):
        """With public data alone: the ceremony file, or a network file of these members that has no key yet."""
        network = self.folder / "network.yaml"
        identities = re.findall(r"identity: ([0-9a-f]{64})", "".join((self.folder / f"member-{i}" / "card").read_text() for i in range(4)))
        text = (ROOT / "config" / "examples" / "network.yaml").read_text()
        text = re.sub(r"^members:\n(?:[ #].*\n)+", "members:\n" + "".join(f"  - {key}\n" for key in identities), text, flags=re.M)
        network.write_text(re.sub(r"^group_file:.*$", "group_file: none-yet.yaml", text, flags=re.M))
        for public in (("--ceremony", ceremony), ("--network", network)):
            verdict = json.loads(self.assay("evidence", "verify", evidence, *public, "--json"))
            self.assertEqual((verdict["kind"], verdict["member"], verdict["identity"], verdict["what"]),
                             ("ceremony", 3, dealer.key, "bad_deal"))
        data = pathlib.Path(evidence).read_bytes()
        spoilt = self.folder / "spoilt"
        for at in (0, 16, 20, len(data) // 3, len(data) // 2, len(data) - 1):
            spoilt.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
            code, out, _ = run("evidence", "verify", str(spoilt), "--ceremony", str(ceremony))
            self.assertEqual(code, 1, out)
            self.assertRegex(out, r"\Arefused: [a-z_]+ ")
        other = self.propose(self.honest, name="elsewhere.yaml")
        code, out, _ = run("evidence", "verify", evidence, "--ceremony", str(other))
        self.assertEqual((code, out), (1, "refused: wrong_committee of another ceremony\n"))
        self.assertEqual(run("evidence", "verify", evidence)[0], 2)
        self.assertEqual(run("evidence", "verify", evidence, "--ceremony", str(ceremony), "--network", str(network))[0], 2)

    def test_who_stays_away_is_named_and_nothing_has_changed(self):
        members = self.members(4)
        file = self.propose(members)
        present = [self.join(member, file, "--timeout", 2) for member in members[:3]]
        for party in present:
            code, answer = party.ended()
            self.assertEqual((code, answer["result"]), (1, "cancelled"))
            self.assertEqual([(blame["party"], blame["offence"], blame["evidence"]) for blame in answer["blames"]],
                             [("member 3", "absent", None)])
            self.assertFalse((party.member.folder / "share-1.key").exists())

    def test_ctrl_c_changes_nothing_and_the_same_command_goes_on(self):
        members = self.members(4)
        file = self.propose(members)
        parties = [self.join(member, file) for member in members[:3]]
        parties[0].wait_said("member 2: has dealt")
        code, answer = parties[0].end(signal.SIGINT)
        self.assertEqual((code, answer["result"]), (1, "interrupted"))
        self.succeed([*parties[1:], self.join(members[0], file), self.join(members[3], file)])

    def test_one_that_comes_when_all_others_are_through_gets_the_outcome(self):
        members = self.members(4)
        file = self.propose(members)
        # It dies when all have signed the test but its own record of success is not on the disk.
        dying = self.join(members[1], file, die_at=self.syncs_of_a_whole_run(), die="before")
        others = [self.join(member, file, "--linger", 30) for member in members if member is not members[1]]
        self.assertEqual(dying.ended()[0], -signal.SIGKILL)
        for party in others:
            party.wait_said("over and well")
        self.succeed([self.join(members[1], file), *others])

    def syncs_of_a_whole_run(self):
        # dealt, supported; the share and its folder; confirmed, certified, attempted, activated
        return START_SYNCS + 2 + 2 + 4


class Refusals(CeremonyTest, unittest.TestCase):
    def refused(self, *arguments):
        code, out, err = run(*map(str, arguments))
        self.assertEqual((code, out), (2, ""), err)
        return err

    def test_wrong_files_are_refused_in_words(self):
        members, answer = self.generate(4)
        file = self.folder / "member.yaml"
        stranger = self.members(1, "stranger")[0]
        join = ("dkg", "join", "--ceremony", file, "--dir", stranger.folder)
        for command, group in (("dkg", ()), ("reshare", ("--group", answer["group_file"]))):
            cards = [part for member in members for part in ("--card", member.card)]
            said = self.refused(command, "propose", "--network", "demo", *cards, *group, "--identity", members[0].identity,
                                "--out", self.folder / "none.yaml", "--exclude", 4)
            self.assertIn("--exclude 4: the members that may deal are 0 to 3", said)
        lost = members[3].folder / "share-1.key"
        lost.unlink()
        again = self.join(members[3], file)
        self.assertEqual(again.ended(), (1, None))
        self.assertIn(f"{lost}: this ceremony is over and well, but its share is not here any more", again.said())
        self.assertIn("takes no part", self.refused(*join, "--identity", stranger.identity))
        self.assertIn("`assay dkg join`", self.refused("reshare", *join[1:], "--identity", members[0].identity))
        changed = self.folder / "changed.yaml"
        changed.write_text(file.read_text().replace("64656d6f", "64656d61", 1))
        self.assertIn("bad_signature", self.refused("dkg", "join", "--ceremony", changed, "--identity", members[0].identity))
        other = self.propose(members, name="other.yaml")
        taken = self.refused("dkg", "join", "--ceremony", other, "--identity", members[0].identity, "--dir", members[0].folder)
        self.assertIn("never overwritten", taken)
        cards = [part for member in members[:3] for part in ("--card", member.card)]
        said = self.refused("dkg", "propose", "--network", "demo", *cards, "--identity", members[0].identity, "--out", changed)
        self.assertIn("the nearest sizes are 4 and 7, got 3", said)

    def test_another_process_with_the_same_log_is_refused(self):
        members = self.members(4)
        file = self.propose(members)
        first = self.join(members[0], file)
        first.wait_said("has dealt")
        code, _, err = run("dkg", "join", "--ceremony", str(file), "--identity", str(members[0].identity), "--dir",
                           str(members[0].folder))
        self.assertEqual(code, 3)
        self.assertIn("locked", err)

    def test_parties_of_two_ceremonies_say_so(self):
        members = self.members(4)
        one, two = self.propose(members), self.propose(members, name="two.yaml")
        first = self.join(members[0], one)
        self.join(members[1], two)
        first.wait_said("member 1: runs another ceremony")


class Keys(CeremonyTest, unittest.TestCase):
    def test_a_share_is_protected_as_the_identity_is(self):
        passphrase = self.folder / "passphrase"
        passphrase.write_text("a long enough passphrase\n")
        passphrase.chmod(0o600)
        members = self.members(3)
        folder = self.folder / "protected"
        folder.mkdir()
        self.assay("keygen", "--quick", "--passphrase-file", passphrase, "--out", folder / "identity.key")
        port = next(self.ports)
        card = self.assay("dkg", "card", "--identity", folder / "identity.key", "--passphrase-file", passphrase, "--address",
                          f"127.0.0.1:{port}")
        (folder / "card").write_text(card)
        file = self.propose([*members, type("Card", (), {"card": folder / "card"})])
        protected = type("Protected", (), {"folder": folder, "identity": folder / "identity.key"})
        self.succeed([self.join(member, file) for member in members] +
                     [self.join(protected, file, "--passphrase-file", passphrase)])
        self.assertEqual((folder / "share-1.key").read_bytes()[18], 1, "under the passphrase")
        self.assertEqual((folder / "share-1.key").stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    assert pathlib.Path(BAD_DEALER).exists() and pathlib.Path(DIE_AT_SYNC).exists(), "run by ctest"
    unittest.main(verbosity=2)
