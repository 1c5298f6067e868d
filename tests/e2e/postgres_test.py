#!/usr/bin/env python3
"""The audit store may die and come back: the attestation never waits, and afterwards every height is in the database."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from harness import ROOT, Up, eventually, is_running

BINARIES = pathlib.Path("/usr/lib/postgresql/15/bin")


class Database:
    """`./dev postgres` in a folder of its own, so that it can be killed and started again on its data."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-e2e-postgres-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.port = []
        self.start()

    def start(self):
        self.process = subprocess.Popen([ROOT / "dev", "postgres", "--dir", self.folder, *self.port], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        start_new_session=True)
        self.url = self.process.stdout.readline().strip()
        self.process.stdout.close()
        if not self.url.startswith("postgresql://"):
            raise AssertionError("PostgreSQL did not start")
        self.port = ["--port", self.url.rpartition(":")[2].partition("/")[0]]

    def kill(self):
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: not is_running(pid), 5, "the database is dead")
        self.process.wait(15)

    def ask(self, query):
        """One row as a list of texts, [] when the database or the table is not there."""
        done = subprocess.run(["psql", self.url, "-XAtqc", query], capture_output=True, text=True, timeout=20, check=False)
        return done.stdout.strip().split("|") if done.returncode == 0 and done.stdout.strip() else []

    def heights(self):
        """(lowest, highest, how many)"""
        found = self.ask("SELECT min(height), max(height), count(*) FROM assay.batches")
        return tuple(map(int, found)) if len(found) == 3 and all(found) else (0, 0, 0)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


@unittest.skipUnless(BINARIES.exists(), "PostgreSQL 15 is not installed")
class AuditStore(unittest.TestCase):
    def test_the_database_dies_during_the_run_and_misses_nothing(self):
        database = Database()
        self.addCleanup(database.end)
        with Up("--postgres", database.url) as up:
            up.wait_ready()
            eventually(lambda: database.heights()[2] >= 5, 30, "rows arrive")

            database.kill()
            tip = up.ledger(0).tip()
            eventually(lambda: up.ledger(0).tip() >= tip + 12, 20, "the attestation goes on without the database")

            database.start()
            target = up.ledger(0).tip()
            eventually(lambda: database.heights()[1] >= target, 60, "the database catches up")
            lowest, highest, count = database.heights()
            self.assertEqual((lowest, count), (1, highest), "every height is there, once")
            self.assertEqual(up.end(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
