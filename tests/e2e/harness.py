"""Real processes for the end-to-end tests: `assay up`, its nodes, their ledgers and faces. Everything ends by pid."""
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from websocket import WebSocket

ROOT = pathlib.Path(__file__).resolve().parents[2]
ASSAY = os.environ.get("ASSAY_BINARY", str(ROOT / "build" / "release" / "assay"))
READY_SECONDS = 60


def eventually(check, seconds, what):
    """The first true answer of check(), asked again and again until the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


def is_running(pid):
    """Also while one of its threads is: the locks of a killed process are held until the last one has ended."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z" or len(list(pathlib.Path(f"/proc/{pid}/task").iterdir())) > 1
    except OSError:
        return False


def fetch(url, data=None, ca=None):
    """Status and body of an HTTP request; `data` is posted as JSON."""
    request = urllib.request.Request(url, data=None if data is None else json.dumps(data).encode(),
                                     headers={"Content-Type": "application/json"})
    context = ssl.create_default_context(cafile=ca) if ca else None
    try:
        with urllib.request.urlopen(request, timeout=5, context=context) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)


class Ledger:
    """A node's store, read while the node writes."""

    def __init__(self, path):
        self.path = path

    def rows(self, query, *values):
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=5)) as database:
                return database.execute(query, values).fetchall()
        except sqlite3.OperationalError:
            return []

    def tip(self):
        found = self.rows("SELECT max(height) FROM batches")
        return (found[0][0] if found else None) or 0

    def headers(self):
        return dict(self.rows("SELECT height, header FROM batches"))

    def observers(self, above):
        """[(height, member, view)] of the signed observations in batches above a height. A signed message starts with
        cfg 32 | type u8 | view u64 | height u64 | sender u16, big-endian."""
        rows = self.rows("SELECT body FROM observations WHERE height > ? ORDER BY height", above)
        return [(int.from_bytes(body[41:49], "big"), int.from_bytes(body[49:51], "big"), int.from_bytes(body[33:41], "big"))
                for (body,) in rows]

    def leaves(self):
        return {(height, index): leaf for height, index, leaf in self.rows("SELECT height, idx, leaf FROM leaves")}


class Up:
    """One `assay up` in a folder of its own. Use as a context; what it started is gone afterwards."""

    def __init__(self, *options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-e2e-"))
        self.restarted = []
        self.pids = set()
        self._out = open(self.folder / "up.out", "w+", encoding="utf-8")
        self._err = open(self.folder / "up.err", "w+", encoding="utf-8")
        self.process = subprocess.Popen([ASSAY, "up", "--dir", str(self.folder / "up"), *options], cwd=self.folder,
                                        stdin=subprocess.DEVNULL, stdout=self._out, stderr=self._err,
                                        start_new_session=True)

    @property
    def description(self):
        return self.folder / "up" / "up.json"

    def wait_ready(self):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"up ended with {self.process.returncode} before it was ready\n{self.logs()}")
            return self.description.exists()

        eventually(ready, READY_SECONDS, "up.json")
        self.info = json.loads(self.description.read_text())
        self.nodes = self.info["nodes"]
        self.pids = {self.info["market"]["pid"], *(node["pid"] for node in self.nodes)}
        return self

    def ledger(self, node):
        return Ledger(self.nodes[node]["ledger"])

    def status(self, node):
        """`/v1/status` of a node, {} while it does not answer."""
        code, body = fetch(self.nodes[node]["http"] + "/v1/status")
        return json.loads(body) if code == 200 else {}

    def kill(self, node):
        os.kill(self.nodes[node]["pid"], signal.SIGKILL)
        eventually(lambda: not is_running(self.nodes[node]["pid"]), 5, f"node {node} is dead")

    def restart(self, node):
        """Runs the node's argv in its cwd, as an operator would."""
        log = open(self.folder / f"restarted-{node}.log", "a", encoding="utf-8")
        process = subprocess.Popen(self.nodes[node]["argv"], cwd=self.nodes[node]["cwd"], stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log, start_new_session=True)
        log.close()
        self.nodes[node]["pid"] = process.pid
        self.pids.add(process.pid)
        self.restarted.append(process)

    def stream(self, node, feeds=("*",)):
        socket = WebSocket(self.nodes[node]["http"].replace("http://", "ws://") + "/v1/stream")
        socket.send({"op": "subscribe", "id": 1, "feeds": list(feeds)})
        return socket

    def frames(self, node, feeds=("*",)):
        """Update and batch frames of a node, for ever; other messages are passed over."""
        with self.stream(node, feeds) as socket:
            while True:
                text = socket.receive()
                if json.loads(text).get("type") in ("update", "batch"):
                    yield text

    def market(self, path, data=None):
        """Asks the synthetic market, over its TLS."""
        market = self.info["market"]
        return fetch(market["url"] + path, data, market.get("ca"))

    def end(self, how=signal.SIGTERM, seconds=30):
        """Signals `up` and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(seconds)

    def output(self):
        return (self.folder / "up.out").read_text()

    def logs(self):
        parts = []
        for file in sorted([*self.folder.glob("*.*"), *self.folder.glob("up/node-*/log")]):
            parts.append(f"--- {file.relative_to(self.folder)}\n" + "\n".join(file.read_text(errors="replace").splitlines()[-25:]))
        return "\n".join(parts)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            print(self.logs(), file=sys.stderr)
        self.clean()

    def clean_processes(self):
        """Ends everything; the files stay."""
        try:
            self.end(seconds=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in self.pids:
            if is_running(pid) and str(self.folder) in pathlib.Path(f"/proc/{pid}/cmdline").read_text():
                os.kill(pid, signal.SIGKILL)
        for process in self.restarted:
            process.wait(10)

    def clean(self):
        self.clean_processes()
        self._out.close()
        self._err.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def common_heights_agree(test, ledgers):
    """Every height that two ledgers hold is there bit for bit the same; returns how many were compared."""
    compared = 0
    first = ledgers[0]
    for other in ledgers[1:]:
        for what in ("headers", "leaves"):
            one, two = getattr(first, what)(), getattr(other, what)()
            common = one.keys() & two.keys()
            compared += len(common)
            differing = sorted(key for key in common if one[key] != two[key])
            test.assertEqual(differing, [], f"{what} of {first.path} and {other.path}")
    return compared


def run(*arguments, text=""):
    """`assay` with these arguments: (exit code, stdout, stderr)."""
    done = subprocess.run([ASSAY, *arguments], input=text, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


class UpTestCase(unittest.TestCase):
    """Tests that share one running committee; its logs are shown when a test failed."""

    options = ()

    @classmethod
    def setUpClass(cls):
        cls.up = Up(*cls.options)
        try:
            cls.up.wait_ready()
        except BaseException:
            cls.up.clean()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.up.clean()

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            print(self.up.logs(), file=sys.stderr)
