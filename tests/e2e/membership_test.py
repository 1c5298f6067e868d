#!/usr/bin/env python3
"""A committee grows from four to seven and shrinks again, with real processes: one chain, one key, and the shares of
epochs that are over are gone."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import unittest

from ceremonies import BAD_DEALER, DIE_AT_SYNC, CeremonyTest, Member
from consumer import Consumer
from harness import ASSAY, Ledger, Up, common_heights_agree, eventually, fetch, is_running, run

TICK_MS = 100


def epoch_of(header):
    return int.from_bytes(header[48:52], "big")


class Node:
    """A member's node through the epochs: its files, and the process when it is not one of `up`."""

    def __init__(self, member, folder, peer, http, share, venues):
        self.member = member
        self.data = folder
        self.peer, self.http_listen = peer, http
        self.http = f"http://{http}"
        self.share = share
        self.venues = venues
        self.file = None
        self.ledger = Ledger(folder / "ledger.sqlite")
        self.process = None

    def write_file(self, name, index, share, peers):
        """A node file for a place in a committee, which becomes the one in use."""
        lines = [f"member: {index}", f"identity_key_file: {self.member.identity}", f"share_file: {share}",
                 f"data_dir: {self.data}", f"peer_listen: {self.peer}", f"http_listen: {self.http_listen}", "peers:"]
        lines += [f'  - {{member: {i}, address: "{node.peer}"}}' for i, node in enumerate(peers) if node is not self]
        file = self.data / name
        file.write_text("\n".join(lines) + "\n" + self.venues)
        return file

    def status(self):
        code, body = fetch(self.http + "/v1/status")
        return json.loads(body)["epoch"] if code == 200 else {}

    def begins(self, epoch):
        heights = [h for h, header in self.ledger.headers().items() if epoch_of(header) == epoch]
        return min(heights, default=None)


class Membership(CeremonyTest, unittest.TestCase):
    def test_four_become_seven_and_four_again_and_old_shares_go(self):
        with Up("--tick-ms", str(TICK_MS)) as self.up:
            self.up.wait_ready()
            self.addCleanup(self.end_processes)
            self.started, self.passed = [], False
            first = pathlib.Path(self.up.info["network_file"])
            old = [self.node_of_up(i) for i in range(4)]
            new = [self.new_node(i) for i in range(3)]
            consumer = Consumer([{"http": node.http} for node in old])
            self.addCleanup(consumer.stop)

            seven = old + new
            second = self.change(first, old, seven, leaving=[], epoch=1, late=new[2])
            at = self.switch(seven[:6], 1)
            self.start(new[2], second)
            self.assertEqual(eventually(lambda: new[2].begins(1), 60, "who comes late has the epoch too"), at)
            for node in old:
                self.old_share_is_gone(node, node.data / "share.key")
            # Whoever starts with the files of the first epoch goes on in the present one, without the old share.
            self.up.kill(1)
            self.up.restart(1)
            eventually(lambda: old[1].status().get("number") == 1, 30, "node 1 is back in epoch 1")
            self.ledger_is_filled_again(1, old[1])

            four = [old[0], old[1], old[2], new[1]]
            leaving = [old[3], new[0], new[2]]
            third = self.change(second, seven, four, leaving=[old[3]], epoch=2,
                                stage_too=leaving, earlier=second.parent / "succession.yaml")
            again = self.switch(four, 2)
            for node in four:
                eventually(lambda node=node: node.ledger.tip() >= again + 10, 30, "the four go on")
                self.old_share_is_gone(node, node.member.folder / "share-2.key")
            for node in leaving:
                self.leave(node, four[0], again, third, killed=node is new[0])

            consumer.stop()
            self.assertEqual(consumer.faults(), [], "no height is missing, none is there twice")
            self.all_verify(consumer)
            self.assertGreater(common_heights_agree(self, [node.ledger for node in seven]), 200)
            headers = old[0].ledger.headers()
            self.assertEqual(sorted(headers), list(range(1, max(headers) + 1)))
            for height, header in headers.items():
                self.assertEqual(epoch_of(header), (height >= at) + (height >= again), f"height {height}")
            self.assertEqual(self.up.end(), 0)
            self.passed = True

    # ---- the people

    def node_of_up(self, i):
        info = self.up.nodes[i]
        folder = pathlib.Path(info["dir"])
        member = Member(self, self.folder / f"old-{i}", next(self.ports), folder / "identity.key")
        text = pathlib.Path(info["node_file"]).read_text()
        self.venues = text[text.index("venues:\n"):]
        node = Node(member, folder, re.search(r'peer_listen: "?([^"\n]+)', text)[1],
                    info["http"].removeprefix("http://"), folder / "share.key", self.venues)
        node.file = pathlib.Path(info["node_file"])
        return node

    def new_node(self, i):
        member = Member(self, self.folder / f"new-{i}", next(self.ports))
        data = member.folder / "data"
        data.mkdir()
        return Node(member, data, f"127.0.0.1:{next(self.ports)}", f"127.0.0.1:{next(self.ports)}", None, self.venues)

    def change(self, network, before, after, leaving, epoch, late=None, stage_too=(), earlier=None):
        """Hands the key on, agrees on the next network file and stages it. Returns that file."""
        group = network.parent / "group.yaml"
        cards = [part for node in leaving for part in ("--leaving", node.member.card)]
        ceremony = self.propose([node.member for node in after], "--group", group, *cards, command="reshare",
                                name=f"reshare-{epoch}.yaml")
        parties = []
        for node in [*after, *leaving]:
            share = ("--share", node.share) if node.share else ()
            parties.append(self.join(node.member, ceremony, *share, "--timeout", 60, command="reshare"))
        answer = self.succeed(parties)
        self.assertEqual(answer["group_key"], self.up.info["group_key"], "the key that consumers pin stays")

        following = self.folder / f"epoch-{epoch}" / "network.yaml"
        following.parent.mkdir()
        shutil.copy(after[0].member.folder / f"group-{epoch}.yaml", following.parent / "group.yaml")
        following.write_text(self.next_network(network.read_text(), after, epoch))
        succession = following.parent / "succession.yaml"
        self.endorse(network, following, before, after, epoch, succession, earlier)
        for node in [*after, *stage_too]:
            self.stage(node, following, succession, after, epoch)
            if node.process is None and node not in (late, *stage_too) and node.data.name == "data":
                self.start(node, following)
        return following

    def next_network(self, text, after, epoch):
        members = "".join(f"  - {node.member.key}\n" for node in after)
        text = re.sub(r"^members:\n(  - .*\n)+", f"members:\n{members}", text, flags=re.M)
        text = re.sub(r"^epoch: .*$", f"epoch: {epoch}", text, flags=re.M)
        return re.sub(r"^group_file: .*$", "group_file: group.yaml", text, flags=re.M)

    def endorse(self, network, following, before, after, epoch, succession, earlier):
        more = ("--after", earlier) if earlier else ()
        self.assay("epoch", "propose", "--network", network, "--next", following, "--file", succession, *more)
        copies = []
        for node in dict.fromkeys([*before, *after]):
            if node.file is None:
                node.file = self.next_file(node, after, epoch)
            copies.append(node.member.folder / f"succession-{len(copies)}.yaml")
            shutil.copy(succession, copies[-1])
            self.assay("epoch", "sign", "--network", network, "--next", following, "--node", node.file, "--file", copies[-1])
        self.assay("epoch", "merge", *copies, "--file", succession)
        self.assay("epoch", "show", "--file", succession)

    def stage(self, node, following, succession, after, epoch):
        if node not in after:  # it leaves, and still votes on the headers that announce who comes
            self.assay("epoch", "stage", "--next", following, "--node", node.file, "--file", succession)
            return
        file, share = self.next_file(node, after, epoch), self.next_share(node, epoch)
        comes_late = epoch == 1 and node is after[0]
        aside = share.with_suffix(".aside")
        if comes_late:
            share.rename(aside)
        self.assay("epoch", "stage", "--next", following, "--node", node.file, "--next-node", file, "--file", succession)
        if comes_late:
            eventually(lambda: node.status().get("stage_problem"), 20, "the node says that it lacks its share")
            aside.rename(share)
            eventually(lambda: not node.status().get("stage_problem"), 20, "and takes it when it is there")
        node.file, node.share = file, share

    def next_share(self, node, epoch):
        return node.member.folder / f"share-{epoch + 1}.key"

    def next_file(self, node, after, epoch):
        return node.write_file(f"node-{epoch}.yaml", after.index(node), self.next_share(node, epoch), after)

    # ---- their processes

    def start(self, node, network):
        log = open(node.data / "log", "a", encoding="utf-8")
        node.process = subprocess.Popen([ASSAY, "run", "--network", str(network), "--node", str(node.file)],
                                        cwd=node.data, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        self.started.append(node)

    def end_processes(self):
        for node in self.started:
            node.process.kill()
            node.process.wait(10)
        if not self.passed:
            for node in self.started:
                print(f"--- {node.data}\n" + "\n".join((node.data / "log").read_text().splitlines()[-25:]))

    def switch(self, nodes, epoch):
        """Waits for the first height of an epoch, the same everywhere; node 2 dies on the way and comes back."""
        eventually(lambda: self.up.status(2).get("epoch", {}).get("announced"), 90, f"epoch {epoch} is announced")
        self.up.kill(2)
        at = eventually(lambda: nodes[0].begins(epoch), 60, f"epoch {epoch} begins")
        self.up.restart(2)
        for node in nodes:
            self.assertEqual(eventually(lambda node=node: node.begins(epoch), 60, f"{node.data} is in epoch {epoch}"), at)
        return at

    # ---- what must hold

    def old_share_is_gone(self, node, share):
        eventually(lambda: not share.exists(), 30, f"{share} is erased")
        eventually(lambda: node.status().get("old_share") == "", 30, f"{node.data} has nothing left to erase")
        logs = list(share.parent.glob("ceremony-*.log"))
        self.assertEqual(len(logs), 1 if share.parent == node.share.parent else 0, "its ceremony's log went with it")
        self.assertTrue(node.share.exists(), "the present one is there")

    def ledger_is_filled_again(self, i, node):
        """From nothing, over the switch, though the share of the first epoch is gone; and killed on the way."""
        self.up.kill(i)
        for file in node.data.glob("ledger.sqlite*"):
            file.rename(node.data / f"moved-{file.name}")
        self.up.restart(i)
        eventually(lambda: node.ledger.tip() > 0, 30, "it has begun to fetch")
        self.up.kill(i)
        self.up.restart(i)
        eventually(lambda: node.status().get("part") == "voting", 60, "it has fetched it all, and takes part again")
        log = (self.up.folder / f"restarted-{i}.log").read_text()
        self.assertIn("follows the chain without voting until epoch 1 begins", log)

    def leave(self, node, of, epoch_begins, network, killed):
        """Its chain ended where the epoch began, or just before: nobody serves it any more. Its share goes when somebody
        shows that the others sign without it.
        Killed at each thing that becomes durable, log and share, the same command goes on."""
        self.assertLess(node.ledger.tip(), epoch_begins)
        share = node.share
        (folder := self.folder / "updates").mkdir(exist_ok=True)
        succession = network.parent / "succession.yaml"
        erase = ("share", "erase", "--share", str(share), "--succession", str(succession), "--update")
        before = folder / "before.json"
        before.write_text(fetch(f"{of.http}/v1/batch/{epoch_begins - 1}")[1])
        now = folder / "now.json"
        now.write_text(fetch(f"{of.http}/v1/batch/{epoch_begins}")[1])
        self.assertIn("no batch of epoch 2", self.refused(1, *erase, before))
        self.assertIn("uses this share", self.refused(3, *erase, now))
        self.end(node)
        forged = folder / "forged.json"
        text = now.read_text()
        forged.write_text(text.replace('"signature":"', '"signature":"AAAA', 1))
        self.assertIn("proves nothing", self.refused(1, *erase, forged))
        self.assertIn("epoch 2 needs it", self.refused(1, *erase[:3], str(of.share), *erase[4:], now))
        for step, left in ((1, True), (1, True), (2, True), (1, True), (2, False)) if killed else ():
            environment = dict(os.environ) | {"LD_PRELOAD": DIE_AT_SYNC, "ASSAY_DIE_AT": str(step), "ASSAY_DIE": "before"}
            done = subprocess.run([ASSAY, *erase, str(now)], env=environment, capture_output=True, check=False, timeout=60)
            self.assertEqual((done.returncode, share.exists()), (-signal.SIGKILL, left), done.stderr)
        if not killed:
            self.assertIn("and the log of the ceremony", self.assay(*erase, now))
        self.assertFalse(share.exists())
        self.assertIn("io_failed", self.refused(2, *erase, now))

    def refused(self, code, *arguments):
        got, out, err = run(*map(str, arguments))
        self.assertEqual((got, out), (code, ""), err)
        return err

    def end(self, node):
        if node.process is not None:
            node.process.terminate()
            node.process.wait(20)
            return
        pid = next(one["pid"] for one in self.up.nodes if pathlib.Path(one["dir"]) == node.data)
        os.kill(pid, 15)
        eventually(lambda: not is_running(pid), 20, "it has ended")

    def all_verify(self, consumer):
        frames = self.folder / "frames.jsonl"
        frames.write_text("\n".join(consumer.frames[height] for height in sorted(consumer.frames)) + "\n")
        code, out, err = run("verify", "--group-key", self.up.info["group_key"], "--network-id",
                             self.up.info["network_id"], str(frames))
        self.assertEqual(code, 0, err + "\n".join(line for line in out.splitlines() if not line.startswith("ok"))[:500])


if __name__ == "__main__":
    assert pathlib.Path(BAD_DEALER).exists() and pathlib.Path(DIE_AT_SYNC).exists(), "run by ctest"
    unittest.main(verbosity=2)
