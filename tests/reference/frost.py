"""FROST(Ed25519, SHA-512) after RFC 9591, with plain integers: for tests, neither fast nor constant-time.

Shares nothing with the C++. `vector`, `dkg` and `repair` give entries of a vector file from randomness of the caller's.
"""
import hashlib

import ed25519

L = ed25519.L
CONTEXT = b"FROST-ED25519-SHA512-v1"
CONFIG = {"name": "FROST(Ed25519, SHA-512)", "group": "ed25519", "hash": "SHA-512"}


def scalar(number):
    return (number % L).to_bytes(32, "little")


def base(number):
    return ed25519.compress(ed25519.multiply(number % L, ed25519.extended(ed25519.BASE)))


def digest(tag, *parts):
    return hashlib.sha512(CONTEXT + tag + b"".join(parts)).digest()


def to_scalar(data):
    return int.from_bytes(data, "little") % L


def value(coefficients, x):
    return sum(c * pow(x, k, L) for k, c in enumerate(coefficients)) % L


def lagrange(x, mine, identifiers):
    out = 1
    for other in identifiers:
        if other != mine:
            out = out * (other - x) * pow(other - mine, -1, L) % L
    return out


def draw(random, count=1):
    return [random.randrange(1, L) for _ in range(count)]


def vector(random, threshold, identifiers, signers, message):
    """One entry of `vectors`: every participant of `identifiers` holds a share, `signers` of them sign."""
    coefficients = draw(random, threshold)
    secret = coefficients[0]
    key = base(secret)
    shares = {i: value(coefficients, i) for i in identifiers}
    first = []
    for i in signers:
        output = {"identifier": i}
        for kind in ("hiding", "binding"):
            randomness = random.randbytes(32)
            nonce = to_scalar(digest(b"nonce", randomness, scalar(shares[i])))
            output[f"{kind}_nonce_randomness"] = randomness.hex()
            output[f"{kind}_nonce"] = scalar(nonce).hex()
            output[f"{kind}_nonce_commitment"] = base(nonce).hex()
        first.append(output)
    nonces = {o["identifier"]: [to_scalar(bytes.fromhex(o[f"{k}_nonce"])) for k in ("hiding", "binding")] for o in first}
    listed = b"".join(scalar(o["identifier"]) + bytes.fromhex(o["hiding_nonce_commitment"]) +
                      bytes.fromhex(o["binding_nonce_commitment"]) for o in first)
    prefix = key + digest(b"msg", message) + digest(b"com", listed)
    factors = {}
    commitment = 0
    for output in first:
        i = output["identifier"]
        factors[i] = to_scalar(digest(b"rho", prefix, scalar(i)))
        output["binding_factor_input"] = (prefix + scalar(i)).hex()
        output["binding_factor"] = scalar(factors[i]).hex()
        commitment += nonces[i][0] + nonces[i][1] * factors[i]
    challenge = ed25519.hash_to_scalar(base(commitment), key, message)
    sums = {i: (nonces[i][0] + nonces[i][1] * factors[i] + lagrange(0, i, signers) * shares[i] * challenge) % L
            for i in signers}
    signature = base(commitment) + scalar(sum(sums.values()))
    assert ed25519.verify(key, message, signature)
    return {
        "config": {"MAX_PARTICIPANTS": len(identifiers), "NUM_PARTICIPANTS": len(signers),
                   "MIN_PARTICIPANTS": threshold, **CONFIG},
        "inputs": {"participant_list": list(signers), "group_secret_key": scalar(secret).hex(),
                   "group_public_key": key.hex(), "message": message.hex(),
                   "share_polynomial_coefficients": [scalar(c).hex() for c in coefficients[1:]],
                   "participant_shares": [{"identifier": i, "participant_share": scalar(s).hex()}
                                          for i, s in shares.items()]},
        "round_one_outputs": {"outputs": first},
        "round_two_outputs": {"outputs": [{"identifier": i, "sig_share": scalar(s).hex()} for i, s in sums.items()]},
        "final_output": {"sig": signature.hex()},
    }


def dkg(random, identifiers):
    """The entry `dkg`: everybody deals a line, as the layout has one coefficient."""
    lines = {i: draw(random, 2) for i in identifiers}
    inputs = {"verifying_key": base(sum(line[0] for line in lines.values())).hex()}
    for i, line in lines.items():
        nonce = draw(random)[0]
        commitment, point = base(line[0]), base(nonce)
        challenge = to_scalar(digest(b"dkg", scalar(i), commitment, point))
        share = sum(value(other, i) for other in lines.values()) % L
        inputs[str(i)] = {
            "identifier": i, "signing_key": scalar(line[0]).hex(), "coefficient": scalar(line[1]).hex(),
            "vss_commitments": [commitment.hex(), base(line[1]).hex()],
            "proof_of_knowledge": (point + scalar(nonce + challenge * line[0])).hex(),
            "signing_shares": {str(j): scalar(value(other, i)).hex() for j, other in lines.items() if j != i},
            "verifying_share": base(share).hex(), "signing_share": scalar(share).hex()}
    return {"config": {"MAX_PARTICIPANTS": len(lines), "MIN_PARTICIPANTS": 2, **CONFIG}, "inputs": inputs}


def repair(random, deltas, sigmas):
    """The entry `repair_share`: deltas add up to a helper's sigma, sigmas to the lost share."""
    def summed(name, total, count):
        terms = draw(random, count)
        return {**{f"{name}_{k}": scalar(term).hex() for k, term in enumerate(terms, 1)},
                total: scalar(sum(terms)).hex()}
    return {"scalar_generation": summed("random_scalar", "random_scalar_sum", deltas),
            "sigma_generation": summed("sigma", "sigma_sum", sigmas)}


def invalid_elements():
    """Off the curve, the identity, of order two, of mixed order, and y = p + 1."""
    order_two = (ed25519.P - 1).to_bytes(32, "little")
    mixed = ed25519.compress(ed25519.add(ed25519.extended(ed25519.BASE), ed25519.decompress(order_two)))
    return [(2).to_bytes(32, "little").hex(), (1).to_bytes(32, "little").hex(), order_two.hex(), mixed.hex(),
            (ed25519.P + 1).to_bytes(32, "little").hex()]


def documents(random):
    """Vector files by name, of other sizes and identifiers than the RFC's."""
    def whole(vectors, dkg_identifiers, invalid, **more):
        return {"suite": "ed25519-sha512", "vectors": vectors, "dkg": dkg(random, dkg_identifiers), **more,
                "invalid_element": invalid}
    bad = invalid_elements()
    return {
        "frost-small": whole([vector(random, 3, [1, 2, 3, 4], [1, 2, 4], b"")], [1, 2, 3, 4], bad[0],
                             repair_share=repair(random, 3, 4)),
        "frost-sizes": whole([vector(random, 1, [1], [1], b"alone"),
                              vector(random, 2, [1, 2], [1, 2], random.randbytes(1000)),
                              vector(random, 5, range(1, 8), [1, 3, 4, 6, 7], b"five of seven"),
                              vector(random, 5, range(1, 8), [1, 2, 3, 5, 6, 7], b"more than five")],
                             [1, 2], bad[3], repair_share=repair(random, 1, 1)),
        "frost-identifiers": whole([vector(random, 3, [2, 5, 300, 65535], [5, 300, 65535], b"far apart")],
                                   [3, 7, 1000], bad[4]),
        "frost-signing-only": {"suite": "ed25519-sha512",
                               "vectors": [vector(random, 2, [1, 2, 3], [2, 3], b"signing only")]},
        "frost-repair-only": {"suite": "ed25519-sha512", "repair_share": repair(random, 2, 5)},
    }
