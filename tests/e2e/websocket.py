"""A WebSocket client (RFC 6455) over a plain socket, enough to subscribe and read: no library, so nothing is shared with
the server under test."""
import base64
import hashlib
import json
import os
import socket
import struct
import urllib.parse

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
FRAME_MAX = 16 << 20


class Closed(Exception):
    """The other side ended the connection."""


class WebSocket:
    def __init__(self, url, timeout=10):
        parts = urllib.parse.urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=timeout)
        self._buffer = b""
        try:
            self._shake_hands(parts)
        except BaseException:
            self._socket.close()
            raise

    def _shake_hands(self, parts):
        key = base64.b64encode(os.urandom(16)).decode()
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        self._socket.sendall(
            f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = self._until(b"\r\n\r\n").decode("latin-1")
        status, *lines = head.split("\r\n")
        if " 101 " not in status + " ":
            raise Closed(status)
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        expected = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        if fields.get("sec-websocket-accept") != expected:
            raise Closed("wrong Sec-WebSocket-Accept")

    def _fill(self):
        more = self._socket.recv(65536)
        if not more:
            raise Closed("end of stream")
        self._buffer += more

    def _until(self, mark):
        while mark not in self._buffer:
            self._fill()
        head, self._buffer = self._buffer.split(mark, 1)
        return head

    def _take(self, count):
        while len(self._buffer) < count:
            self._fill()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _frame(self):
        first, second = self._take(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self._take(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self._take(8))
        if second & 0x80 or length > FRAME_MAX:
            raise Closed("a masked or huge frame from the server")
        return first & 0x0F, bool(first & 0x80), self._take(length)

    def _send(self, opcode, payload):
        size = len(payload)
        head = bytes([0x80 | opcode])
        head += bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + struct.pack(">H", size)
        mask = os.urandom(4)
        self._socket.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def send(self, document):
        self._send(TEXT, json.dumps(document).encode())

    def receive(self):
        """The next message as text; pings are answered on the way."""
        parts = []
        while True:
            opcode, final, payload = self._frame()
            if opcode == PING:
                self._send(PONG, payload)
            elif opcode == CLOSE:
                raise Closed(payload[2:].decode(errors="replace"))
            elif opcode != PONG:
                parts.append(payload)
                if final:
                    return b"".join(parts).decode()

    def close(self):
        try:
            self._send(CLOSE, struct.pack(">H", 1000))
        except OSError:
            pass
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
