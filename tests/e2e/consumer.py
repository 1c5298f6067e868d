"""A consumer as a careful client is one: it listens at every node's WebSocket, merges by height, asks for what it missed,
and believes only bytes."""
import base64
import hashlib
import json
import threading

from harness import fetch
from websocket import Closed, WebSocket

HEADER_PREVIOUS = slice(100, 132)  # prev_header_hash


class Consumer:
    """One thread per node until stop(). `frames` holds the first frame of each height, `forks` what contradicts it."""

    def __init__(self, nodes):
        self._urls = [node["http"] for node in nodes]
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self.frames = {}
        self.forks = []
        self.filled = 0
        self.reconnects = 0
        self._threads = [threading.Thread(target=self._listen, args=(url,), daemon=True) for url in self._urls]
        for thread in self._threads:
            thread.start()

    def _listen(self, url):
        while not self._stopped.is_set():
            try:
                with WebSocket(url.replace("http://", "ws://") + "/v1/stream", timeout=2) as socket:
                    socket.send({"op": "subscribe", "id": 1, "feeds": ["*"]})
                    while not self._stopped.is_set():
                        self._take(socket.receive(), url)
            except (OSError, Closed, ValueError):
                self.reconnects += 1
                self._stopped.wait(0.1)

    def _take(self, text, source):
        frame = json.loads(text)
        if frame.get("type") != "batch":
            return
        height = int(frame["height"])
        with self._lock:
            known = self.frames.setdefault(height, text)
            if known is not text and json.loads(known)["header"] != frame["header"]:
                self.forks.append(f"height {height} from {source}")

    def newest(self):
        with self._lock:
            return max(self.frames, default=0)

    def stop(self):
        """Stops listening, then asks the nodes for heights that no stream had room for."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(10)
        for height in range(min(self.frames, default=0), self.newest() + 1):
            for url in self._urls:
                if height in self.frames:
                    break
                code, body = fetch(f"{url}/v1/batch/{height}")
                if code == 200:
                    self.filled += 1
                    self._take(body, url)

    def faults(self):
        """What is wrong with the chain as seen: forks, gaps, links that do not hold."""
        wrong = [f"fork: {fork}" for fork in self.forks]
        previous = None
        for height in range(min(self.frames, default=0), self.newest() + 1):
            if height not in self.frames:
                wrong.append(f"gap at height {height}")
                previous = None
                continue
            header = base64.b64decode(json.loads(self.frames[height])["header"])
            if previous is not None and header[HEADER_PREVIOUS] != previous:
                wrong.append(f"height {height} does not continue the one before")
            previous = hashlib.sha256(header).digest()
        return wrong
