#!/usr/bin/env python3
"""`assay up` as scripts use it: its files, its last line, its exit codes, and that nothing stays behind."""
import json
import re
import signal
import unittest

from harness import Up, common_heights_agree, eventually, fetch, is_running

LAST_LINE = re.compile(r"attested (\d+) batches, (\d+) updates, (\d+) disagreements")


class AssayUp(unittest.TestCase):
    def test_ends_by_itself_after_its_seconds_with_batches_updates_and_no_disagreement(self):
        with Up("--seconds", "10") as up:
            up.wait_ready()
            self.assertEqual(up.process.wait(60), 0)
            last = LAST_LINE.fullmatch(up.output().rstrip("\n").splitlines()[-1])
            self.assertIsNotNone(last, up.output())
            batches, updates, disagreements = map(int, last.groups())
            self.assertGreater(batches, 10)
            self.assertGreater(updates, batches)
            self.assertEqual(disagreements, 0)
            self.assertFalse(up.description.exists())
            ledgers = [up.ledger(i) for i in range(4)]
            self.assertGreater(min(ledger.tip() for ledger in ledgers), 10)
            self.assertGreater(common_heights_agree(self, ledgers), 100)

    def test_up_json_describes_processes_that_run_and_answer(self):
        with Up() as up:
            up.wait_ready()
            self.assertRegex(up.info["group_key"], r"^[0-9a-f]{64}$")
            self.assertRegex(up.info["network_id"], r"^[0-9a-f]{64}$")
            self.assertEqual(sorted(node["id"] for node in up.nodes), [0, 1, 2, 3])
            self.assertTrue(is_running(up.info["market"]["pid"]))
            for node in up.nodes:
                self.assertTrue(is_running(node["pid"]))
                for name in ("cwd", "dir", "node_file", "ledger"):
                    self.assertTrue(node[name].startswith("/"), f"{name} is {node[name]}")
                self.assertEqual(fetch(node["http"] + "/healthz")[0], 200)
                self.assertEqual(fetch(node["http"] + "/readyz")[0], 200)
                code, metrics = fetch(node["http"] + "/metrics")
                self.assertEqual(code, 200)
                self.assertIn("# TYPE", metrics)
                status = up.status(node["id"])
                self.assertEqual((status["member"], status["committee"], status["fenced"]), (node["id"], 4, False))

    def test_every_feed_of_the_demonstration_is_priced(self):
        with Up() as up:
            up.wait_ready()
            eventually(lambda: up.ledger(0).tip() > 8, 20, "a few batches")
            code, body = fetch(up.nodes[0]["http"] + "/v1/latest")
            self.assertEqual(code, 200, body)
            views = {leaf["feed"]: leaf["view"]["status"] for leaf in json.loads(body)["leaves"]}
            self.assertEqual({feed: status for feed, status in views.items() if status not in ("ok", "wide")}, {})
            self.assertGreater(len(views), 0)

    def ends_cleanly(self, how):
        with Up() as up:
            up.wait_ready()
            tip = up.ledger(0).tip()  # what was attested before `up` was ready does not count for it
            eventually(lambda: up.ledger(0).tip() > tip + 3, 20, "a few batches")
            self.assertEqual(up.end(how), 0, up.output())
            self.assertIsNotNone(LAST_LINE.fullmatch(up.output().rstrip("\n").splitlines()[-1]), up.output())
            self.assertEqual([pid for pid in up.pids if is_running(pid)], [])
            self.assertFalse(up.description.exists())

    def test_ctrl_c_ends_everything(self):
        self.ends_cleanly(signal.SIGINT)

    def test_sigterm_ends_everything(self):
        self.ends_cleanly(signal.SIGTERM)

    def test_two_in_two_folders_do_not_meet(self):
        with Up() as one, Up() as two:
            one.wait_ready()
            two.wait_ready()
            self.assertNotEqual(one.info["group_key"], two.info["group_key"])
            self.assertFalse(one.pids & two.pids)
            tips = one.ledger(0).tip(), two.ledger(0).tip()
            eventually(lambda: one.ledger(0).tip() > tips[0] + 3 and two.ledger(0).tip() > tips[1] + 3, 20, "both go on")
            self.assertEqual(one.end(), 0)
            tip = two.ledger(0).tip()
            eventually(lambda: two.ledger(0).tip() > tip + 3, 20, "the second goes on alone")


class RestAnswers(unittest.TestCase):
    def test_latest_and_batch_hold_what_the_ledger_holds(self):
        with Up() as up:
            up.wait_ready()
            eventually(lambda: up.ledger(0).tip() > 3, 20, "a few batches")
            code, body = fetch(up.nodes[0]["http"] + "/v1/batch/2")
            self.assertEqual(code, 200, body)
            self.assertEqual(json.loads(body)["height"], "2")
            code, body = fetch(up.nodes[0]["http"] + "/v1/latest/BTC-USD")
            self.assertEqual(code, 200, body)
            self.assertEqual(json.loads(body)["feed"], "BTC/USD")


if __name__ == "__main__":
    unittest.main(verbosity=2)
