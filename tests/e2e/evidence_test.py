#!/usr/bin/env python3
"""A member lies among real nodes: the others go on, keep proof of it, and anybody convicts it offline."""
import json
import os
import pathlib
import re
import subprocess
import unittest

from harness import Up, eventually, fetch, run

LIAR = 1
HONEST = (0, 2, 3)


class ALiarAmongFour(unittest.TestCase):
    def test_a_leader_that_shows_two_proposals_is_convicted_by_the_evidence_of_the_others(self):
        with Up("--tick-ms", "100") as up:
            up.wait_ready()
            # In its place, with its keys and files: silent in view 0, leader from the rotation at height 64 on.
            up.kill(LIAR)
            self.start_liar(up)
            for node in HONEST:
                eventually(lambda node=node: self.files(up, node), 90, f"node {node} holds evidence")
            before = up.ledger(0).tip()
            eventually(lambda: up.ledger(0).tip() >= before + 5, 30, "prices go on")

            network = up.info["network_file"]
            for node in HONEST:
                for file in self.files(up, node):
                    code, out, err = run("evidence", "verify", str(file), "--network", network, "--json")
                    self.assertEqual((code, err), (0, ""), out)
                    verdict = json.loads(out)
                    self.assertEqual((verdict["kind"], verdict["member"]), ("equivocation", LIAR))
                    self.assertEqual(verdict["what"], "two proposals at one view and height")
                self.says_so(up, node)
            self.nothing_else_convicts(up, self.files(up, 0)[0], network)

    def start_liar(self, up):
        node = up.nodes[LIAR]
        log = open(up.folder / "liar.log", "w", encoding="utf-8")
        process = subprocess.Popen([os.environ["ASSAY_BYZANTINE"], up.info["network_file"], node["node_file"]],
                                   cwd=node["cwd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        up.pids.add(process.pid)
        self.addCleanup(process.wait, 10)
        self.addCleanup(process.kill)

    def files(self, up, node):
        return sorted((pathlib.Path(up.nodes[node]["dir"]) / "evidence").glob("*.evidence"))

    def says_so(self, up, node):
        evidence = up.status(node)["evidence"]
        self.assertGreaterEqual(int(evidence["kept"]), 1)
        self.assertEqual(evidence["against"], [LIAR])
        metrics = fetch(up.nodes[node]["http"] + "/metrics")[1]
        counted = re.search(r'^assay_evidence_total\{kind="equivocation"\} (\d+)', metrics, re.M)
        self.assertGreaterEqual(int(counted.group(1)), 1)
        code, out, _ = run("evidence", "list", str(self.files(up, node)[0].parent))
        self.assertEqual(code, 0)
        self.assertIn(f"member {LIAR} equivocation", out)

    def nothing_else_convicts(self, up, file, network):
        forged = up.folder / "forged.evidence"
        data = file.read_bytes()
        for at in (0, 16, 40, len(data) // 2, len(data) - 1):
            forged.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
            code, out, _ = run("evidence", "verify", str(forged), "--network", network)
            self.assertEqual(code, 1, out)
            self.assertRegex(out, r"\Arefused: [a-z_]+ ")
        # Without a group file only what happened in making the first key can be judged.
        keyless = up.folder / "keyless.yaml"
        keyless.write_bytes(pathlib.Path(network).read_bytes())
        code, out, _ = run("evidence", "verify", str(file), "--network", str(keyless))
        self.assertEqual(code, 1, out)
        self.assertRegex(out, r"\Arefused: wrong_committee ")
        forged.write_bytes(b"")
        self.assertEqual(run("evidence", "verify", str(forged), "--network", network)[0], 1)
        self.assertEqual(run("evidence", "verify", str(up.folder / "absent"), "--network", network)[0], 2)
        self.assertEqual(run("evidence", "verify", str(file), "--network", str(up.folder / "absent"))[0], 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
