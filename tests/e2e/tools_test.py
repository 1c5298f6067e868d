#!/usr/bin/env python3
"""The end-to-end tools against fakes made here: a WebSocket server, and a batch signed by OpenSSL's own tool."""
import base64
import hashlib
import json
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import unittest

import frames
from websocket import GUID, Closed, WebSocket


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def tree_root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\1", tree_root(hashes[:split]), tree_root(hashes[split:]))


def tree_path(hashes, index):
    if len(hashes) == 1:
        return []
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    if index < split:
        return tree_path(hashes[:split], index) + [tree_root(hashes[split:])]
    return tree_path(hashes[split:], index - split) + [tree_root(hashes[:split])]


class Signer:
    """An Ed25519 key of the openssl tool: the third implementation, beside libsodium and node."""

    def __init__(self, folder):
        self.key = pathlib.Path(folder) / "key.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key], check=True)
        public = subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-outform", "DER"], check=True, capture_output=True)
        self.public_hex = public.stdout[-32:].hex()

    def sign(self, message):
        with tempfile.NamedTemporaryFile() as file:
            file.write(message)
            file.flush()
            command = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.key, "-in", file.name]
            return subprocess.run(command, check=True, capture_output=True).stdout


def batch(signer, symbols, height=7):
    """(header, signature, leaves, paths) of a made-up batch: the layout is docs/wire.md's, the values mean nothing."""
    leaves = []
    for symbol in symbols:
        feed = sha256(b"assay/feed/v1\0" + symbol.encode())
        leaves.append(b"\1" + feed + struct.pack(">Q", height) + bytes(range(99)))
    hashes = [sha256(b"\0", leaf) for leaf in leaves]
    header = b"assay/batch/v1\0\0" + bytes(32) + struct.pack(">I", 0) + bytes(32) + struct.pack(">QQ", height, 1) + bytes(32)
    header += tree_root(hashes) + struct.pack(">I", len(leaves)) + bytes(32 * 3 + 8)
    return header, signer.sign(header), leaves, [tree_path(hashes, i) for i in range(len(leaves))]


@unittest.skipUnless(shutil.which("node") and shutil.which("openssl"), "node and openssl")
class IndependentVerifier(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.signer = Signer(cls.folder.name)
        cls.symbols = ["BTC/USD", "ETH/USD", "USDT/USD", "USDC/USD", "SOL/USD"]
        header, signature, leaves, paths = batch(cls.signer, cls.symbols)
        cls.parts = {"height": "7", "header": frames.encode(header), "signature": frames.encode(signature)}
        cls.entries = [{"feed": symbol, "index": i, "leaf": frames.encode(leaves[i]),
                        "path": [frames.encode(step) for step in paths[i]]} for i, symbol in enumerate(cls.symbols)]
        cls.updates = [cls.parts | {"type": "update"} | entry for entry in cls.entries]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def verdicts(self, texts, key=None, network=""):
        return frames.independent(texts, key or self.signer.public_hex, network)

    def test_accepts_every_leaf_of_an_uneven_tree(self):
        verdicts = self.verdicts([json.dumps(update) for update in self.updates])
        self.assertEqual(verdicts, [f"ok 7 {symbol}" for symbol in self.symbols])

    def test_accepts_a_whole_batch_without_paths_and_a_part_with_them(self):
        bare = [{key: value for key, value in entry.items() if key != "path"} for entry in self.entries]
        whole = self.parts | {"type": "batch", "leaves": bare}
        part = self.parts | {"type": "batch", "leaves": self.entries[1:3]}
        self.assertEqual([verdict[:2] for verdict in self.verdicts([json.dumps(whole), json.dumps(part)])], ["ok", "ok"])

    def test_refuses_a_batch_that_leaves_out_a_leaf_and_gives_no_path(self):
        bare = [{key: value for key, value in entry.items() if key != "path"} for entry in self.entries]
        self.assertTrue(self.verdicts([json.dumps(self.parts | {"type": "batch", "leaves": bare[:-1]})])[0].startswith("refused"))

    def test_refuses_every_flipped_byte(self):
        for update in (self.updates[0], self.updates[4]):
            cases = list(frames.damaged(update))
            verdicts = self.verdicts([text for _, text in cases])
            self.assertEqual(len(verdicts), len(cases))
            self.assertEqual([what for (what, _), said in zip(cases, verdicts) if not said.startswith("refused")], [])

    def test_refuses_every_other_shape(self):
        cases = list(frames.reshaped(self.updates[1]))
        verdicts = self.verdicts([text for _, text in cases])
        self.assertEqual([what for (what, _), said in zip(cases, verdicts) if not said.startswith("refused")], [])

    def test_refuses_another_key_and_another_network(self):
        with tempfile.TemporaryDirectory() as folder:
            other = Signer(folder).public_hex
        text = json.dumps(self.updates[0])
        self.assertEqual(self.verdicts([text], key=other), ["refused signature"])
        self.assertEqual(self.verdicts([text], network="11" * 32), ["refused another network"])
        self.assertEqual(self.verdicts([text], network="00" * 32), ["ok 7 BTC/USD"])

    def test_refuses_a_second_spelling_of_base64(self):
        text = json.dumps(self.updates[0] | {"leaf": self.updates[0]["leaf"].replace("=", "")})
        self.assertTrue(self.verdicts([text])[0].startswith("refused"))


class FakeServer:
    """Accepts one client, shakes hands, then sends raw bytes and collects what comes back."""

    def __init__(self, reply, accept=None):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.received = b""
        self.reply, self.accept = reply, accept
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()
        self.url = f"ws://127.0.0.1:{self.listener.getsockname()[1]}/v1/stream"

    def _serve(self):
        client, _ = self.listener.accept()
        with client:
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4096)
            key = head.split(b"Sec-WebSocket-Key: ")[1].split(b"\r\n")[0]
            accept = self.accept or base64.b64encode(hashlib.sha1(key + GUID.encode()).digest())
            client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " + accept +
                           b"\r\n\r\n" + self.reply)
            client.settimeout(5)
            while more := client.recv(4096):
                self.received += more

    def end(self):
        self.thread.join(10)
        self.listener.close()


class WebSocketClient(unittest.TestCase):
    def read(self, reply, count=1):
        server = FakeServer(reply)
        try:
            with WebSocket(server.url) as client:
                return [client.receive() for _ in range(count)], server
        finally:
            server.end()

    def test_reads_short_medium_and_long_messages(self):
        texts = ["a", "b" * 300, "c" * 70000]
        reply = b"\x81\x01a" + b"\x81\x7e" + struct.pack(">H", 300) + b"b" * 300
        reply += b"\x81\x7f" + struct.pack(">Q", 70000) + b"c" * 70000
        self.assertEqual(self.read(reply, 3)[0], texts)

    def test_joins_fragments_and_answers_a_ping_between_them(self):
        received, server = self.read(b"\x01\x02he" + b"\x89\x01p" + b"\x80\x03llo")
        self.assertEqual(received, ["hello"])
        self.assertEqual(server.received[0], 0x8A)

    def test_a_close_frame_is_the_end(self):
        with self.assertRaises(Closed):
            self.read(b"\x88\x02\x03\xe8")

    def test_a_masked_frame_from_a_server_is_refused(self):
        with self.assertRaises(Closed):
            self.read(b"\x81\x81abcdx")

    def test_a_wrong_accept_key_is_refused(self):
        server = FakeServer(b"", accept=b"bm8=")
        try:
            with self.assertRaises(Closed):
                WebSocket(server.url)
        finally:
            server.listener.close()

    def test_what_is_sent_is_masked(self):
        server = FakeServer(b"")
        with WebSocket(server.url) as client:
            client.send({"op": "subscribe"})
        server.end()
        self.assertEqual(server.received[0], 0x81)
        size, mask = server.received[1] & 0x7F, server.received[2:6]
        self.assertTrue(server.received[1] & 0x80)
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(server.received[6:6 + size]))
        self.assertEqual(json.loads(body), {"op": "subscribe"})


if __name__ == "__main__":
    unittest.main()
