#!/usr/bin/env python3
"""Plays with the members of a running `assay up`: member.py [--dir D] [kill N | start N]   Without a word: their state.

kill N   SIGKILL to member N, as a power cut would end it
start N  runs its argv of up.json in its cwd, in the background; its log goes on
"""
import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import urllib.request


def status(node):
    try:
        with urllib.request.urlopen(node["http"] + "/v1/status", timeout=2) as answer:
            return json.load(answer)
    except (OSError, ValueError):
        return None


def show(nodes):
    for node in nodes:
        said = status(node)
        if said is None:
            print(f"member {node['id']}  dead")
            continue
        voice = "silent up to the fence at view " + said["fence"] if said["fenced"] else "votes"
        leads = ", leads" if said["leader"] == said["member"] else ""
        print(f"member {node['id']}  height {said['tip']}  view {said['view']}  {voice}{leads}  {node['http']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2] / "build/up", help="the folder of `up`")
    parser.add_argument("word", nargs="?", choices=("kill", "start"))
    parser.add_argument("member", nargs="?", type=int)
    options = parser.parse_args()
    try:
        nodes = json.loads((options.dir / "up.json").read_text())["nodes"]
    except OSError as error:
        print(f"no running demonstration: {error}; start one with ./dev up", file=sys.stderr)
        return 3
    if options.word is None:
        show(nodes)
        return 0
    found = [node for node in nodes if node["id"] == options.member]
    if not found:
        parser.error(f"member: one of {', '.join(str(node['id']) for node in nodes)}")
    node = found[0]
    if status(node) is not None and options.word == "start":
        print(f"member {node['id']} runs already")
        return 1
    if options.word == "start":
        with open(pathlib.Path(node["dir"]) / "log", "ab") as log:
            process = subprocess.Popen(node["argv"], cwd=node["cwd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       start_new_session=True)
        print(f"member {node['id']} started, pid {process.pid}")
        return 0
    # The pid of up.json is that of the first start; a restarted member writes its own beside its data.
    own = pathlib.Path(node["dir"]) / "pid"
    pid = int(own.read_text()) if own.exists() else node["pid"]
    try:
        if node["node_file"].encode() not in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
            raise ProcessLookupError
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, FileNotFoundError):
        print(f"member {node['id']} is dead already")
        return 1
    print(f"member {node['id']} killed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
