"""The project's files as the tidy rules see them: paths, text, code without comments and strings, tables of the docs."""
import dataclasses
import functools
import os
import pathlib
import re

SKIPPED = {".git", "build", "node_modules", "__pycache__"}  # a linked work tree has a file .git
TEXT_SUFFIXES = {".cpp", ".hpp", ".py", ".sh", ".mjs", ".md", ".txt", ".cmake", ".yaml", ".yml", ".json", ".sql", ".html",
                 ".js", ".css", ""}

# One pass over C++: whatever is matched by the first group is kept, comments and literals become blanks.
COMMENT_OR_LITERAL = re.compile(
    r'R"(?P<tag>[^\s()\\]{0,16})\(.*?\)(?P=tag)"'
    r'|//[^\n]*|/\*.*?\*/'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])'",
    re.S,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(?P<text>"[^"\n]+"|<[^>\n]+>)', re.M)
ALLOWED = re.compile(r"(?://|#|<!--) tidy: allow\((?P<rule>[\w-]+)\) (?P<reason>\S.{9,})")


@dataclasses.dataclass(frozen=True)
class Finding:
    path: str
    line: int
    rule: str
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: [{self.rule}] {self.text}"


class File:
    """One text file. `path` is relative to the root, with forward slashes."""

    def __init__(self, path, text):
        self.path = path
        self.text = text

    @functools.cached_property
    def lines(self):
        return self.text.splitlines()

    @functools.cached_property
    def code(self):
        """C++ with comments and literals blanked; the line structure stays."""
        return COMMENT_OR_LITERAL.sub(lambda match: " " + "\n" * match.group().count("\n"), self.text)

    @functools.cached_property
    def includes(self):
        """[(line, "core/x.hpp" or "<x>")]: quotes are dropped, angle brackets stay."""
        return [(self.line_at(match.start("text")), match["text"].strip('"')) for match in INCLUDE.finditer(self.text)]

    def line_at(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def allows(self, rule, line):
        """True when that line carries an exception for `rule`, with a reason."""
        match = ALLOWED.search(self.lines[line - 1]) if 0 < line <= len(self.lines) else None
        return match is not None and match["rule"] == rule


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = {}
        self.names = set()
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(set(folders) - SKIPPED)
            for name in sorted(set(names) - SKIPPED):
                self._add(pathlib.Path(folder) / name)

    def _add(self, path):
        relative = path.relative_to(self.root).as_posix()
        self.names.add(relative)
        self.names.update(parent.as_posix() for parent in path.relative_to(self.root).parents)
        # A fuzz corpus holds hostile bytes on purpose.
        if path.suffix not in TEXT_SUFFIXES or "/corpus/" in relative or path.stat().st_size > 2_000_000:
            return
        try:
            self.files[relative] = File(relative, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            pass

    def sources(self):
        return [file for file in self.files.values() if file.path.endswith((".cpp", ".hpp"))]

    def with_suffix(self, *suffixes):
        return [file for file in self.files.values() if file.path.endswith(suffixes)]

    def table(self, path, marker):
        """Rows of the Markdown table after `<!-- tidy:marker -->`: [(line, [cell...])], without its head."""
        file = self.files.get(path)
        if file is None:
            return []
        rows, seen = [], False
        for number, line in enumerate(file.lines, 1):
            if f"<!-- tidy:{marker} -->" in line:
                seen = True
            elif seen and line.startswith("|"):
                rows.append((number, [cell.strip() for cell in line.strip().strip("|").split("|")]))
            elif seen and rows:
                break
        return rows[2:]


def ticked(cell):
    """The `quoted` words of a table cell."""
    return re.findall(r"`([^`]+)`", cell)


@functools.lru_cache(maxsize=None)
def glob(pattern):
    """`*` within one folder, `**` across folders; a pattern that ends in / covers all below."""
    if pattern.endswith("/"):
        pattern += "**"
    parts = re.split(r"(\*\*/|\*\*|\*)", pattern)
    special = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(special.get(part, re.escape(part)) for part in parts) + r"\Z")


def matches(path, patterns):
    return any(glob(pattern).match(path) for pattern in patterns)
