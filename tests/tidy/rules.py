"""The tidy rules. Each takes a Tree and yields findings; docs/architecture.md holds the tables that two of them read."""
import posixpath
import re

from tree import Finding, matches, ticked

ARCHITECTURE = "docs/architecture.md"
AGREEMENT = "docs/agreement.md"
MUTANTS = "core/mutants.hpp"
LINES_MAX = 500
OURS = ("core/", "aggregator/", "fetchers/", "publisher/", "threshold/", "config/", "node/", "clients/", "tests/", "bench/")
FREE = ("tests/", "bench/")  # may include and call what they need

IO = ("**/io/*",)
PURE = ("core/", "aggregator/", "fetchers/", "publisher/", "threshold/")
NOT_PURE = ("**/io/**", "publisher/audit/**")


def is_pure(path):
    return matches(path, PURE) and not matches(path, NOT_PURE)


# (what, pattern in the code, where it may stand, why not elsewhere). Tests and benches are bound where free is False.
BANNED = [
    ("clock", r"(?<!steady_clock)::now\s*\(|\bclock_gettime\s*\(|\bgettimeofday\s*\(|\btime\s*\(\s*(?:nullptr|NULL|0)\s*\)", ("node/system*",), True,
     "time arrives in the event; only node/system reads a clock"),
    ("clock", r"steady_clock::now\s*\(", ("node/system*", "**/io/*.cpp"), True, "only node/system and io/ read the monotonic clock"),
    ("random", r"\b(?:s?rand|random|drand48)\s*\(|\brandom_device\b", (), True, "randomness comes from an Entropy"),
    ("entropy", r"\brandombytes_\w+\s*\(|\bgetrandom\s*\(|\bRAND_(?:priv_)?bytes\s*\(", ("node/system*", "**/io/*.cpp"),
     True, "only node/system and io/ read the random device"),
    ("getenv", r"\b(?:secure_)?getenv\s*\(", ("node/",), True, "only node/ reads the environment"),
    ("thread", r"\bstd::(?:j?thread\b(?!::id)|async\b)|\bpthread_create\s*\(", ("node/",), True, "threads are born in node/"),
    ("mutex", r"\bstd::(?:(?:recursive_|shared_|timed_)*mutex|condition_variable(?:_any)?)\b", ("node/mailbox*", "publisher/audit/*", *IO), True,
     "threads meet in mailboxes and in io/"),
    ("sleep", r"\bsleep_(?:for|until)\s*\(|\bu?sleep\s*\(|\bnanosleep\s*\(", (), False, "wait for an event, not for time"),
    ("process", r"(?<![\w.>:])(?:std::)?system\s*\(|\bpopen\s*\(|\bv?fork\s*\(|\bposix_spawnp?\s*\(", ("node/process*",), True,
     "only node/process starts a process"),
    ("exit", r"(?<![\w.>])(?:std::)?(?:_?exit|quick_exit|_Exit|abort|terminate)\s*\(", ("core/check.cpp", "node/"), True,
     "a wrong invariant is check(), a wrong input a Result"),
    ("assert", r"(?<!\w)assert\s*\(", (), False, "check() stays on in release builds"),
    ("output", r"\bstd::(?:cout|cerr|clog)\b|\b(?:std::)?(?:f?printf|puts|fputs)\s*\(|\bfmt::print\s*\(",
     ("core/check.cpp", "node/"), True, "only node/ speaks to the terminal"),
    ("macro", r"^[ \t]*#[ \t]*define\b", (), False, "no home-made macros"),
]
FLOATING = re.compile(r"\b(?:double|float)\b")
STD_FOR_THE_WORLD = {"<fstream>", "<iostream>", "<filesystem>", "<thread>", "<mutex>", "<shared_mutex>", "<random>",
                     "<condition_variable>", "<future>", "<iomanip>", "<locale>"}

# Spelt in pieces, so that this file passes its own rule.
MACHINE_PATH = re.compile(r"(?<![\w.}$/-])/(?:" + "|".join(["wo" + "rk", "ho" + "me", "ro" + "ot", "Us" + "ers"]) + r")/")
UNFINISHED = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")


def arrows(tree):
    """An include that no arrow of docs/architecture.md allows, and io/ headers in pure code."""
    table = {}
    for _, cells in tree.table(ARCHITECTURE, "arrows"):
        for folder in ticked(cells[0]):
            table[folder] = ticked(cells[1])
    if not table:
        yield Finding(ARCHITECTURE, 1, "arrow", "the table after <!-- tidy:arrows --> is missing")
        return
    for file in tree.sources():
        homes = [folder for folder in table if file.path.startswith(folder)]
        for line, name in file.includes:
            if name.startswith("<"):
                continue
            if file.allows("arrow", line):
                continue
            if not name.startswith(OURS):
                # A header beside its tests is theirs alone.
                if not (matches(file.path, FREE) and posixpath.join(posixpath.dirname(file.path), name) in tree.names):
                    yield Finding(file.path, line, "arrow", f'"{name}": quotes are for our headers, spelt from the root')
                continue
            if name not in tree.names:
                yield Finding(file.path, line, "arrow", f'"{name}" does not exist')
            if not homes:
                yield Finding(file.path, line, "arrow", f"{ARCHITECTURE} names no arrows for this folder")
            elif not matches(name, table[max(homes, key=len)]):
                yield Finding(file.path, line, "arrow", f'{max(homes, key=len)} may not include "{name}"')
            if is_pure(file.path) and matches(name, IO):
                yield Finding(file.path, line, "arrow", f'pure code may not include "{name}"')


def third_party(tree):
    """A foreign header outside the homes that docs/architecture.md gives it."""
    rows = tree.table(ARCHITECTURE, "third-party")
    if not rows:
        yield Finding(ARCHITECTURE, 1, "third-party", "the table after <!-- tidy:third-party --> is missing")
        return
    homes = [(header, ticked(cells[2])) for _, cells in rows for header in ticked(cells[1])]
    for file in tree.sources():
        for line, name in file.includes:
            if not name.startswith("<") or file.allows("third-party", line):
                continue
            bare = name.strip("<>")
            if "." not in bare and "/" not in bare:
                if name in STD_FOR_THE_WORLD and is_pure(file.path):
                    yield Finding(file.path, line, "third-party", f"pure code may not include {name}")
                continue
            found = [(header, where) for header, where in homes if bare == header or (header.endswith("/") and bare.startswith(header))]
            if not found:
                yield Finding(file.path, line, "third-party", f"{name} is not in the table of {ARCHITECTURE}")
                continue
            most = max(len(header) for header, _ in found)
            allowed = [home for header, where in found if len(header) == most for home in where]
            if not matches(file.path, FREE) and not matches(file.path, allowed):
                yield Finding(file.path, line, "third-party", f"{name} has no home here, see {ARCHITECTURE}")


def banned(tree):
    """A call outside its home, and floating point where prices are."""
    patterns = [(what, re.compile(pattern, re.M), homes, free, why) for what, pattern, homes, free, why in BANNED]
    for file in tree.sources():
        is_free = matches(file.path, FREE)
        for what, pattern, homes, free, why in patterns:
            if (free and is_free) or matches(file.path, homes):
                continue
            for match in pattern.finditer(file.code):
                line = file.code.count("\n", 0, match.start()) + 1
                if not file.allows(what, line):
                    yield Finding(file.path, line, what, f"{match.group().strip()}: {why}")
        if is_pure(file.path):
            for match in FLOATING.finditer(file.code):
                line = file.code.count("\n", 0, match.start()) + 1
                if not file.allows("float", line):
                    yield Finding(file.path, line, "float", "prices are integers; no floating point in pure code")


def shape(tree):
    """Length, tabs, #pragma once, unfinished work, paths of somebody's machine."""
    for file in tree.with_suffix(".cpp", ".hpp", ".py", ".sh", ".mjs"):
        if len(file.lines) > LINES_MAX:
            yield Finding(file.path, LINES_MAX, "size", f"{len(file.lines)} lines, at most {LINES_MAX}: which two ideas are these?")
    for file in tree.with_suffix(".hpp"):
        if not file.text.lstrip().startswith("#pragma once"):
            yield Finding(file.path, 1, "pragma", "a header starts with #pragma once")
    for file in tree.files.values():
        for number, line in enumerate(file.lines, 1):
            if "\t" in line and file.path != "dev":
                yield Finding(file.path, number, "tab", "spaces, no tabs")
            if UNFINISHED.search(line) and not re.search(r"#\d+", line):
                yield Finding(file.path, number, "unfinished", "finish it, or name its issue: #N")
            if MACHINE_PATH.search(line) and not file.allows("path", number):
                yield Finding(file.path, number, "path", "a path of one machine")


def expand_loops(text):
    """Unrolls `foreach(x a b) ... endforeach()`, innermost first."""
    loop = re.compile(r"foreach\s*\(\s*(\w+)\s+([^)]*)\)((?:(?!foreach\s*\().)*?)endforeach\s*\([^)]*\)", re.S)

    def unroll(match):
        name, words, body = match.groups()
        return "\n".join(body.replace("${" + name + "}", word) for word in words.split())

    for _ in range(20):
        text, count = loop.subn(unroll, text)
        if not count:
            break
    return text


def named_in_cmake(tree):
    """(exact paths, path endings) of every .cpp that some CMake file names."""
    exact, endings = set(), set()
    for file in tree.files.values():
        if not (file.path.endswith("CMakeLists.txt") or file.path.endswith(".cmake")):
            continue
        folder = posixpath.dirname(file.path)
        text = expand_loops(re.sub(r"#[^\n]*", "", file.text))
        text = text.replace("${CMAKE_CURRENT_SOURCE_DIR}/", "").replace("${PROJECT_SOURCE_DIR}", "/")
        tokens = re.findall(r"[^\s()\";]+\.cpp", text)
        tokens += [f"{name}_{kind}.cpp" for kind, name in re.findall(r"\bassay_(fuzz|bench)\s*\(\s*(\w+)", text)]
        for token in tokens:
            if token.startswith("/"):
                exact.add(token.lstrip("/"))
            elif file.path.endswith(".cmake"):
                endings.add("/" + token)
            else:
                exact.add(posixpath.normpath(posixpath.join(folder, token)))
    return exact, endings


def targets(tree):
    """A source that no CMake file names, a header that nobody includes."""
    exact, endings = named_in_cmake(tree)
    included = {name for file in tree.sources() for _, name in file.includes}
    included |= {posixpath.normpath(posixpath.join(posixpath.dirname(file.path), name))
                 for file in tree.sources() for _, name in file.includes}
    for file in tree.sources():
        if file.path.endswith(".cpp"):
            if file.path not in exact and not any(("/" + file.path).endswith(ending) for ending in endings):
                yield Finding(file.path, 1, "target", "in no CMake target")
        elif file.path not in included:
            yield Finding(file.path, 1, "target", "nobody includes this header")


def anchor(heading):
    """The fragment that a Markdown viewer gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def links(tree):
    """A relative link of the docs that leads nowhere."""
    headings = {file.path: {anchor(match) for match in re.findall(r"^#+ +(.+)$", file.text, re.M)}
                for file in tree.with_suffix(".md")}
    for file in tree.with_suffix(".md"):
        for match in re.finditer(r"\]\(([^)\s]+)\)", file.text):
            target, _, fragment = match[1].partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), target)) if target else file.path
            line = file.line_at(match.start())
            if path not in tree.names:
                yield Finding(file.path, line, "link", f"{match[1]} leads nowhere")
            elif fragment and path in headings and fragment not in headings[path]:
                yield Finding(file.path, line, "link", f"{path} has no heading #{fragment}")


def tests_of(tree):
    """Every `Suite.name` in tests/, C++ and Python."""
    names = set()
    for file in tree.files.values():
        if not file.path.startswith("tests/"):
            continue
        if file.path.endswith(".cpp"):
            found = re.findall(r"\b(?:TEST(?:_F|_P)?|TYPED_TEST|RC_GTEST_(?:FIXTURE_)?PROP)\s*\(\s*(\w+)\s*,\s*(\w+)", file.text)
            names |= {f"{suite}.{name}" for suite, name in found}
        elif file.path.endswith(".py"):
            suite = ""
            for line in file.lines:
                if match := re.match(r"class (\w+)", line):
                    suite = match[1]
                elif match := re.match(r"    def (test_\w+)", line):
                    names.add(f"{suite}.{match[1]}")
    return names


def invariants(tree):
    """Each invariant of docs/architecture.md names tests that exist."""
    rows = tree.table(ARCHITECTURE, "invariants")
    if not rows:
        yield Finding(ARCHITECTURE, 1, "invariant", "the table after <!-- tidy:invariants --> is missing")
        return
    known = tests_of(tree)
    for line, cells in rows:
        named = ticked(cells[2])
        if not named:
            yield Finding(ARCHITECTURE, line, "invariant", "names no test")
        for name in named:
            if name not in known:
                yield Finding(ARCHITECTURE, line, "invariant", f"there is no test {name}")


def mutants(tree):
    """Each planted bug is told once in docs/agreement.md, beside the rule that it breaks."""
    rows = tree.table(AGREEMENT, "mutants")
    if not rows:
        yield Finding(AGREEMENT, 1, "mutant", "the table after <!-- tidy:mutants --> is missing")
        return
    planted = set(re.findall(r"^  (\w+),", tree.files[MUTANTS].code, re.M)) - {"none"}
    for line, cells in rows:
        for name in ticked(cells[1]):
            if name not in planted:
                yield Finding(AGREEMENT, line, "mutant", f"there is no mutant {name}, or it is told twice")
            planted.discard(name)
    for name in sorted(planted):
        yield Finding(AGREEMENT, rows[-1][0], "mutant", f"{name} is not in the table")


RULES = (arrows, third_party, banned, shape, targets, links, invariants, mutants)
