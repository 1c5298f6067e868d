#!/usr/bin/env python3
"""Disks that fail, and safety logs that are lost or older than they should be: the member refuses, the others go on."""
import os
import pathlib
import shutil
import unittest

from harness import Up, common_heights_agree, eventually
from kill_test import advances, catches_up

DIE_AT_SYNC = os.environ.get("ASSAY_DIE_AT_SYNC", "")
EXIT_NO, EXIT_ENVIRONMENT = 1, 3


def exit_code(up, node, seconds=30):
    """Of the member's last process, which must end by itself."""
    process = next(one for one in up.restarted if one.pid == up.nodes[node]["pid"])
    return process.wait(seconds)


def last_words(up, node):
    return (up.folder / f"restarted-{node}.log").read_text(errors="replace")


class FailingDisks(unittest.TestCase):
    def test_a_failed_fsync_stops_the_member_and_it_comes_back_with_the_same_chain(self):
        with Up("--tick-ms", "100") as up:
            up.wait_ready()
            advances(up, 0)
            for node, file in ((1, "safety.log"), (2, "ledger.sqlite")):
                argv = up.nodes[node]["argv"]
                up.kill(node)
                up.nodes[node]["argv"] = ["env", f"LD_PRELOAD={DIE_AT_SYNC}", "ASSAY_DIE_AT=12", "ASSAY_DIE=fail",
                                          f"ASSAY_DIE_FILE={file}", *argv]
                up.restart(node)
                self.assertEqual(exit_code(up, node, 60), EXIT_ENVIRONMENT, file)
                self.assertIn(file, last_words(up, node))
                up.nodes[node]["argv"] = argv
                advances(up, 0)
                up.restart(node)
                catches_up(up, node, 0)
            self.assertGreater(common_heights_agree(self, [up.ledger(node) for node in range(4)]), 50)


class SafetyLogs(unittest.TestCase):
    def test_old_logs_in_all_members_at_once_and_a_lost_one_are_refused(self):
        with Up("--tick-ms", "100") as up:
            up.wait_ready()
            advances(up, 0)
            logs = [pathlib.Path(node["dir"]) / "safety.log" for node in up.nodes]
            for log in logs:
                shutil.copyfile(log, log.with_suffix(".old"))
            # The planned rotation: everybody speaks in a view that the copies do not know.
            begun = max(int(up.status(node)["view"]) for node in range(4))
            eventually(lambda: min(int(up.status(node).get("view", 0)) for node in range(4)) > begun, 60, "another view")
            spoken = up.ledger(0).tip()
            eventually(lambda: all(len({member for height, member, view in up.ledger(node).observers(spoken) if view > begun}) == 4
                                   for node in range(4)), 60, "each is observed in it, in each ledger")
            for node in range(4):
                up.kill(node)
            true_logs = [log.read_bytes() for log in logs]
            for log in logs:
                shutil.copyfile(log.with_suffix(".old"), log)
            for node in range(4):
                up.restart(node)
            for node in range(4):
                self.assertEqual(exit_code(up, node), EXIT_NO)
                self.assertIn("log_behind", last_words(up, node))
            # With its own log each goes on; the one whose log is lost does not, and is not missed.
            for log, bytes_then in zip(logs[:3], true_logs):
                log.write_bytes(bytes_then)
            logs[3].unlink()
            for node in range(4):
                up.restart(node)
            self.assertEqual(exit_code(up, 3), EXIT_NO)
            for node in range(3):
                advances(up, node, seconds=60)
            self.assertGreater(common_heights_agree(self, [up.ledger(node) for node in range(4)]), 50)


if __name__ == "__main__":
    assert pathlib.Path(DIE_AT_SYNC).exists(), "run by ctest"
    unittest.main(verbosity=2)
