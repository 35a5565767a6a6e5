"""A SHA-256 by hand with a bug in it, behind the protocol of a cross-check: see crosscheck.md.

Where the padding just fits into the last block (55 bytes, or 64 more, or 128 more …), this one adds a block
that is not needed.
"""

import json
import sys

PRIMES = [n for n in range(2, 312) if all(n % d for d in range(2, int(n**0.5) + 1))]
MASK = 2**32 - 1


def root_bits(prime, power):
    """The first 32 bits of the fraction of a prime's square or cube root."""
    scaled = prime << (32 * power)
    low, high = 0, 1 << 40
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**power <= scaled else (low, middle - 1)
    return low & MASK


K = [root_bits(prime, 3) for prime in PRIMES]
START = [root_bits(prime, 2) for prime in PRIMES[:8]]


def turned(x, n):
    return (x >> n | x << (32 - n)) & MASK


def padded(message):
    zeros = (55 - len(message)) % 64
    if zeros == 0:
        zeros = 64  # the bug
    return message + b"\x80" + bytes(zeros) + (8 * len(message)).to_bytes(8, "big")


def sha256(message):
    state = list(START)
    data = padded(message)
    for at in range(0, len(data), 64):
        w = [int.from_bytes(data[at + i : at + i + 4], "big") for i in range(0, 64, 4)]
        for t in range(16, 64):
            s0 = turned(w[t - 15], 7) ^ turned(w[t - 15], 18) ^ w[t - 15] >> 3
            s1 = turned(w[t - 2], 17) ^ turned(w[t - 2], 19) ^ w[t - 2] >> 10
            w.append((w[t - 16] + s0 + w[t - 7] + s1) & MASK)
        a, b, c, d, e, f, g, h = state
        for k, word in zip(K, w):
            s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
            t1 = h + s1 + (e & f ^ ~e & g) + k + word
            s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
            t2 = s0 + (a & b ^ a & c ^ b & c)
            a, b, c, d, e, f, g, h = (t1 + t2) & MASK, a, b, c, (d + t1) & MASK, e, f, g
        state = [(x + y) & MASK for x, y in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join(x.to_bytes(4, "big") for x in state)


HELLO = {"name": "by-hand", "version": "1", "protocol": 1, "ops": {"sha2": ["SHA-256"]}, "window": 64, "features": ["trace"]}

for line in sys.stdin:
    request = json.loads(line)
    if request["op"] == "hello":
        answer = HELLO
    elif "msg" in request:
        answer = {"md": sha256(bytes.fromhex(request["msg"])).hex()}
    elif "chunks" in request:
        answer = {"md": sha256(bytes.fromhex("".join(request["chunks"]))).hex()}
    else:
        answer = {"md": sha256((bytes.fromhex(request["repeat"]) * request["bytes"])[: request["bytes"]]).hex()}
    if request.get("trace"):
        answer["trace"] = [["sha256.padded", padded(bytes.fromhex(request["msg"])).hex()]]
    print(json.dumps({"id": request["id"], "ok": answer}), flush=True)
