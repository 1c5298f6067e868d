"""Key ceremonies between real processes: members with their files, and the processes that take part."""
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile

from harness import ASSAY, eventually, run

BAD_DEALER = os.environ.get("ASSAY_BAD_DEALER", "")
DIE_AT_SYNC = os.environ.get("ASSAY_DIE_AT_SYNC", "")
LONG_SECONDS = 60


def free_ports(count):
    """Ports that are free now, below those that the kernel hands to outgoing connections."""
    found = []
    while len(found) < count:
        port = random.randrange(20_000, 32_000)
        with contextlib.closing(socket.socket()) as probe:
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                if port not in found:
                    found.append(port)
    return found


class Member:
    """An operator: a folder with an identity, a card and what ceremonies leave there."""

    def __init__(self, test, folder, port, identity=None):
        self.test = test
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.identity = identity or folder / "identity.key"
        if identity is None:
            self.key = json.loads(test.assay("keygen", "--plain", "--json", "--out", self.identity))["identity"]
        self.card = folder / "card"
        self.card.write_text(test.assay("dkg", "card", "--identity", self.identity, "--address", f"127.0.0.1:{port}"))
        if identity is not None:
            self.key = self.card.read_text().split("identity: ")[1].split()[0]

    def read(self, name):
        return (self.folder / name).read_bytes()


class Party:
    """One `assay dkg join` or `assay reshare join`. stdout is its JSON answer, stderr its progress."""

    def __init__(self, member, ceremony, *options, command="dkg", die_at=None, die="after"):
        self.member = member
        self.out = open(member.folder / "join.out", "w", encoding="utf-8")
        self.err = open(member.folder / "join.err", "a", encoding="utf-8")
        environment = dict(os.environ)
        if die_at is not None:
            environment |= {"LD_PRELOAD": DIE_AT_SYNC, "ASSAY_DIE_AT": str(die_at), "ASSAY_DIE": die}
        self.process = subprocess.Popen(
            [ASSAY, command, "join", "--ceremony", str(ceremony), "--identity", str(member.identity), "--dir",
             str(member.folder), "--json", *map(str, options)],
            stdin=subprocess.DEVNULL, stdout=self.out, stderr=self.err, env=environment)

    def said(self):
        return (self.member.folder / "join.err").read_text()

    def wait_said(self, text):
        eventually(lambda: text in self.said(), LONG_SECONDS, f"{self.member.folder.name} says {text!r}")

    def ended(self):
        """Exit code and JSON answer; None where it was killed before it had one."""
        code = self.process.wait(LONG_SECONDS)
        self.out.close()
        self.err.close()
        text = (self.member.folder / "join.out").read_text()
        return code, json.loads(text) if text else None

    def end(self, how=signal.SIGKILL):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.ended()


class CeremonyTest:
    """Mixed into a TestCase: a folder, members in it, and no process that outlives the test."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-dkg-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.ports = iter(free_ports(20))

    def assay(self, *arguments):
        code, out, err = run(*map(str, arguments))
        self.assertEqual(code, 0, err)
        return out

    def members(self, count, name="member"):
        return [Member(self, self.folder / f"{name}-{i}", next(self.ports)) for i in range(count)]

    def propose(self, members, *options, command="dkg", by=None, name="ceremony.yaml"):
        cards = [part for member in members for part in ("--card", str(member.card))]
        file = self.folder / name
        self.assay(command, "propose", "--network", "demo", *cards, "--identity", (by or members[0]).identity, "--out", file,
                   *options)
        return file

    def join(self, member, ceremony, *options, **how):
        party = Party(member, ceremony, *options, **how)
        self.addCleanup(party.end)
        return party

    def succeed(self, parties):
        """All of them end well and with one record; returns it."""
        answers = [party.ended() for party in parties]
        for party, (code, answer) in zip(parties, answers):
            self.assertEqual(code, 0, f"{party.member.folder.name}: {answer}\n{party.said()}")
            self.assertEqual(answer["result"], "activated")
        self.assertEqual(len({answer["group_key"] for _, answer in answers}), 1)
        self.assertEqual(len({pathlib.Path(answer["group_file"]).read_bytes() for _, answer in answers}), 1)
        return answers[0][1]

    def succeed_through_deaths(self, members, ceremony, options, death, command):
        """Starts all with the death that death(place) gives, and again without one whoever died of it. Returns the
        answer, and how many died."""
        outputs = {member: (*options(member), "--share-out", member.folder / f"{ceremony.stem}.key", "--group-out",
                            member.folder / f"{ceremony.stem}.group") for member in members}
        parties = [self.join(member, ceremony, *outputs[member], command=command, **death(place))
                   for place, member in enumerate(members)]
        deaths = set()

        def all_are_through():
            for place, party in enumerate(parties):
                if place not in deaths and party.process.poll() == -signal.SIGKILL:
                    deaths.add(place)
                    party.ended()
                    self.after_a_death(party.member)
                    parties[place] = self.join(party.member, ceremony, *outputs[party.member], command=command)
            return all(party.process.poll() is not None for party in parties)

        eventually(all_are_through, LONG_SECONDS, "all are through")
        return self.succeed(parties), len(deaths)

    def after_a_death(self, member):
        pass

    def generate(self, count, name="member"):
        """Members with a key, made by a ceremony in which nothing happens."""
        members = self.members(count, name)
        file = self.propose(members, name=f"{name}.yaml")
        answer = self.succeed([self.join(member, file, "--timeout", LONG_SECONDS) for member in members])
        return members, answer
