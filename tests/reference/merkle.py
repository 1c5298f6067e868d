"""Merkle trees after RFC 9162 section 2.1, written from its definitions and not from the C++: slow and plain."""
import hashlib


def leaf_hash(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(n):
    """The largest power of two smaller than n."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def root(hashes):
    """MTH of RFC 9162 2.1.1, over leaf hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return node_hash(root(hashes[:k]), root(hashes[k:]))


def inclusion(index, hashes):
    """PATH(m, D_n) of RFC 9162 2.1.3.1."""
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    if index < k:
        return inclusion(index, hashes[:k]) + [root(hashes[k:])]
    return inclusion(index - k, hashes[k:]) + [root(hashes[:k])]


def consistency(old_size, hashes):
    """PROOF(m, D_n) of RFC 9162 2.1.4.1."""

    def subproof(m, part, whole):
        if m == len(part):
            return [] if whole else [root(part)]
        k = split(len(part))
        if m <= k:
            return subproof(m, part[:k], whole) + [root(part[k:])]
        return subproof(m - k, part[k:], False) + [root(part[:k])]

    return subproof(old_size, hashes, True)


def root_from_path(leaf, index, size, path):
    """The root that the path leads to, or None: walks down by the definition of PATH, then hashes upwards."""
    if not 0 <= index < size:
        return None
    turns = []
    while size > 1:
        k = split(size)
        turns.append(index >= k)
        index, size = (index - k, size - k) if index >= k else (index, k)
    if len(turns) != len(path):
        return None
    value = leaf
    for goes_right, sibling in zip(reversed(turns), path):
        value = node_hash(sibling, value) if goes_right else node_hash(value, sibling)
    return value


def peaks(hashes):
    """Roots of the complete subtrees, largest first: one for each set bit of the size."""
    out = []
    while hashes:
        k = 1
        while 2 * k <= len(hashes):
            k *= 2
        out.append(root(hashes[:k]))
        hashes = hashes[k:]
    return out
