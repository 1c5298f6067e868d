"""Takes subscriber frames apart and damages them: every byte that a consumer must not accept changed."""
import base64
import copy
import json
import pathlib
import subprocess

VERIFIER = pathlib.Path(__file__).resolve().parent / "verify_update.mjs"


def decode(text):
    return base64.b64decode(text, validate=True)


def encode(data):
    return base64.b64encode(data).decode()


def flipped(text):
    """The base64 text with one byte changed, for each of its bytes: one bit, another one each time."""
    data = decode(text)
    for at in range(len(data)):
        yield at, encode(data[:at] + bytes([data[at] ^ (1 << (at % 8))]) + data[at + 1:])


def damaged(frame):
    """(what, frame as text) for every byte of leaf, path, header and signature of an update."""
    for name in ("leaf", "header", "signature"):
        for at, text in flipped(frame[name]):
            yield f"{name} byte {at}", json.dumps(frame | {name: text})
    for step, digest in enumerate(frame["path"]):
        for at, text in flipped(digest):
            path = copy.copy(frame["path"])
            path[step] = text
            yield f"path {step} byte {at}", json.dumps(frame | {"path": path})


def reshaped(frame):
    """(what, frame as text): whole parts missing, doubled, swapped or of the wrong length."""
    path = frame["path"]
    yield "path one step longer", json.dumps(frame | {"path": path + [encode(bytes(32))]})
    if path:
        yield "path one step shorter", json.dumps(frame | {"path": path[:-1]})
    yield "another index", json.dumps(frame | {"index": frame["index"] ^ 1})
    yield "index far outside", json.dumps(frame | {"index": 4_000_000_000})
    yield "another feed", json.dumps(frame | {"feed": "XYZ/USD"})
    yield "another height beside the bytes", json.dumps(frame | {"height": str(int(frame["height"]) + 1)})
    for name, size in (("leaf", 140), ("header", 272), ("signature", 64)):
        data = decode(frame[name])
        assert len(data) == size, f"{name} has {len(data)} bytes"
        yield f"{name} one byte short", json.dumps(frame | {name: encode(data[:-1])})
        yield f"{name} one byte long", json.dumps(frame | {name: encode(data + b"\0")})
        yield f"{name} missing", json.dumps({key: value for key, value in frame.items() if key != name})


def independent(frames, group_key, network_id=""):
    """What the verifier in JavaScript says of each frame (texts)."""
    done = subprocess.run(["node", str(VERIFIER), group_key, *([network_id] if network_id else [])],
                          input="\n".join(frames) + "\n", capture_output=True, text=True, timeout=60, check=False)
    if done.stderr:
        raise AssertionError(done.stderr)
    return done.stdout.splitlines()
