#!/usr/bin/env python3
"""The settings of a running network change: at one height, on every node that holds them, and on no other."""
import json
import pathlib
import unittest

from harness import UpTestCase, common_heights_agree, eventually, fetch, run

TICK_MS = 60


def feeds_of(text):
    """The entries of `feeds:`, the last key of a network file, as texts."""
    head, _, tail = text.partition("\nfeeds:\n")
    entries, lines = [], tail.splitlines(keepends=True)
    for line in lines:
        if line.startswith("  - "):
            entries.append("")
        entries[-1] += line
    return head + "\nfeeds:\n", entries


def epoch_of(header):
    return int.from_bytes(header[48:52], "big")


class ChangeOfEpochs(UpTestCase):
    options = ("--tick-ms", str(TICK_MS))

    def test_a_feed_goes_and_comes_back_and_a_node_with_the_wrong_file_stays_out(self):
        folder = self.up.folder / "up"
        first = (folder / "network.yaml").read_text()
        head, feeds = feeds_of(first)
        self.assertGreater(len(feeds), 1)
        fewer = self.network_file("next-1", head, feeds[:-1], 1)
        self.propose_and_sign(folder / "network.yaml", fewer, "next-1/succession.yaml")

        # An incomplete file is not staged, and neither is one that was not endorsed.
        code, _, said = self.stage(0, fewer, folder / "next-1" / "incomplete.yaml")
        self.assertEqual(code, 1, said)
        self.assertIn("all members of the new committee", said)
        other = self.network_file("other", head, feeds[:-1], 1, edit=lambda text: text.replace("ttl_ms: ", "ttl_ms: 1"))
        code, _, said = self.stage(0, other, folder / "next-1" / "succession.yaml", group=fewer.parent / "group.yaml")
        self.assertEqual(code, 1, said)
        self.assertIn("not the one that was endorsed", said)

        # Node 3 has the wrong one all the same: somebody edited it behind the command's back.
        for node in range(4):
            code, _, said = self.stage(node, fewer, folder / "next-1" / "succession.yaml")
            self.assertEqual(code, 0, said)
        staged = pathlib.Path(self.up.nodes[3]["dir"]) / "data" / "epochs" / "1"
        staged = staged if staged.exists() else next(pathlib.Path(self.up.nodes[3]["dir"]).rglob("epochs/1"))
        (staged / "network.yaml").write_text(other.read_text().replace(str(other.parent), str(staged)))
        text = (staged / "succession.yaml").read_text()
        (staged / "succession.yaml").write_text("# touched\n" + text)

        begin = self.begins(0, 1)
        status = eventually(lambda: self.status_when(3, "ended"), 30, "node 3 ends with its epoch")
        self.assertIn("not the one that was endorsed", status["epoch"]["problem"])
        code, body = fetch(self.up.nodes[3]["http"] + "/readyz")
        self.assertEqual(code, 503)
        self.assertIn("not the one that was endorsed", body)
        self.assertEqual(self.up.ledger(3).tip(), begin - 1)

        # With the right file it goes on where it stopped.
        code, _, said = self.stage(3, fewer, folder / "next-1" / "succession.yaml")
        self.assertEqual(code, 0, said)
        self.assertEqual(self.begins(3, 1), begin)

        # And the feed comes back, in an epoch after that; a node dies on the way.
        again = self.network_file("next-2", head, feeds, 2)
        self.propose_and_sign(fewer, again, "next-2/succession.yaml", after=folder / "next-1" / "succession.yaml")
        for node in range(4):
            code, _, said = self.stage(node, again, folder / "next-2" / "succession.yaml")
            self.assertEqual(code, 0, said)
        eventually(lambda: self.up.status(1).get("epoch", {}).get("announced"), 60, "the second epoch is announced")
        self.up.kill(2)
        second = self.begins(0, 2)
        self.up.restart(2)
        self.assertEqual(self.begins(2, 2), second)
        for node in range(4):
            eventually(lambda node=node: self.up.ledger(node).tip() >= second + 5, 30, f"node {node} goes on")
        self.assertGreater(common_heights_agree(self, [self.up.ledger(node) for node in range(4)]), 100)
        self.chain_is_whole(begin, second, len(feeds))

    # ---- what operators do

    def network_file(self, name, head, feeds, epoch, edit=lambda text: text):
        target = self.up.folder / "up" / name / "network.yaml"
        target.parent.mkdir(exist_ok=True)
        lines = [f"epoch: {epoch}" if line.startswith("epoch:") else "group_file: group.yaml"
                 if line.startswith("group_file:") else line for line in head.splitlines()]
        target.write_text(edit("\n".join(lines) + "\n" + "".join(feeds)))
        return target

    def propose_and_sign(self, network, following, name, after=None):
        file = self.up.folder / "up" / name
        more = ("--after", str(after)) if after else ()
        code, said, wrong = run("epoch", "propose", "--network", str(network), "--next", str(following), "--file",
                                str(file), *more)
        self.assertEqual(code, 0, wrong)
        self.assertIn("change      feed", said)
        for node in range(4):
            if node == 3:
                (file.parent / "incomplete.yaml").write_text(file.read_text())
            code, _, wrong = run("epoch", "sign", "--network", str(network), "--next", str(following), "--node",
                                 self.up.nodes[node]["node_file"], "--file", str(file))
            self.assertEqual(code, 0, wrong)
        self.assertEqual(run("epoch", "show", "--file", str(file))[0], 0)
        self.assertEqual(run("epoch", "show", "--file", str(file.parent / "incomplete.yaml"))[0], 1)

    def stage(self, node, network, file, group=None):
        if group is not None:
            (network.parent / "group.yaml").write_text(group.read_text())
        return run("epoch", "stage", "--node", self.up.nodes[node]["node_file"], "--next", str(network), "--file",
                   str(file))

    # ---- what must hold

    def begins(self, node, epoch):
        """The first height of an epoch in a node's ledger."""
        def found():
            heights = [h for h, header in self.up.ledger(node).headers().items() if epoch_of(header) == epoch]
            return min(heights) if heights else None

        return eventually(found, 60, f"node {node} has batches of epoch {epoch}")

    def status_when(self, node, part):
        status = self.up.status(node)
        return status if status.get("epoch", {}).get("part") == part else None

    def chain_is_whole(self, begin, second, feeds):
        headers = self.up.ledger(0).headers()
        heights = sorted(headers)
        self.assertEqual(heights, list(range(1, heights[-1] + 1)))
        for height, header in headers.items():
            epoch = 0 if height < begin else 1 if height < second else 2
            self.assertEqual(epoch_of(header), epoch, f"height {height}")
            self.assertEqual(int.from_bytes(header[164:168], "big"), feeds - (epoch == 1), f"height {height}")
        self.assertEqual(int.from_bytes(headers[begin - 1][264:272], "big"), begin)
        self.assertEqual(int.from_bytes(headers[second - 1][264:272], "big"), second)
        self.assertNotEqual(headers[begin][52:84], headers[begin - 1][52:84])


if __name__ == "__main__":
    unittest.main(verbosity=2)
