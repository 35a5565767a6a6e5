"""SHA-256, HMAC and RSA signing written out, with one bug: python3 planted.py BUG. For the tests."""

import hashlib
import json
import sys

BUG = sys.argv[1]


def primes():
    found, n = [], 2
    while len(found) < 64:
        if all(n % p for p in found):
            found.append(n)
        n += 1
    return found


def root(n, k):
    """floor(n ** (1/k)), by bisection."""
    low, high = 0, 1 << (n.bit_length() // k + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**k <= n else (low, middle - 1)
    return low


M = 0xFFFFFFFF
K = [root(p << 96, 3) & M for p in primes()]
H = [root(p << 64, 2) & M for p in primes()[:8]]
if BUG == "typo-in-k":
    K[42] ^= 1 << 7
if BUG == "other-initial":
    H = [root(p << 128, 2) & M for p in primes()[8:16]]  # SHA-224's: the second half of SHA-384's


def rotr(x, n):
    return (x >> n | x << (32 - n)) & M


def compress(h, block):
    order = "little" if BUG == "little-endian-words" else "big"
    w = [int.from_bytes(block[i : i + 4], order) for i in range(0, 64, 4)]
    for t in range(16, 64):
        s0 = rotr(w[t - 15], 7) ^ rotr(w[t - 15], 18) ^ w[t - 15] >> 3
        s1 = rotr(w[t - 2], 17) ^ rotr(w[t - 2], 19) ^ w[t - 2] >> 10
        w.append((w[t - 16] + s0 + w[t - 7] + s1) & M)
    a, b, c, d, e, f, g, i = h
    for t in range(64):
        s1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)
        t1 = (i + s1 + (e & f ^ ~e & g) + K[t] + w[t]) & M
        s0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)
        t2 = (s0 + (a & b ^ a & c ^ b & c)) & M
        a, b, c, d, e, f, g, i = (t1 + t2) & M, a, b, c, (d + t1) & M, e, f, g
    return [(x + y) & M for x, y in zip(h, (a, b, c, d, e, f, g, i))]


def sha256(message):
    if BUG == "nul":
        message = message.split(b"\0")[0]
    if BUG == "newline":
        message += b"\n"
    bits = 8 * len(message)
    if BUG == "length-in-bytes":
        bits //= 8
    if BUG == "length-missing":
        bits = 0
    data = bytearray(message + b"\x80")
    while len(data) % 64 != 56:
        data.append(0)
    if BUG == "block-more-at-55" and len(message) % 64 == 55:
        data += bytes(64)
    if BUG == "no-block-more-at-56" and len(message) % 64 == 56:
        del data[-63 - 1 :]  # the length is written where the mark stands
    data += bits.to_bytes(8, "big")
    h = H
    for i in range(0, len(data), 64):
        h = compress(h, data[i : i + 64])
    return b"".join(x.to_bytes(4, "big") for x in h)


SHA = sha256
# what is planted in HMAC alone, or depends on a length, needs no slow hash
if BUG.startswith(("hmac", "only", "rsa")):
    SHA = lambda message: hashlib.sha256(message).digest()


def is_hit(message):
    n = len(message)
    return {
        "only-55-mod-64": n % 64 == 55,
        "only-above-5000": n > 5000 and n % 64 == 55,
        "only-8191": n == 8191,
        "only-a7": 0xA7 in message,
        "only-first-41": message[:1] == b"A",
    }.get(BUG, False)


def digest(message):
    md = SHA(message)
    return bytes([md[0] ^ 1]) + md[1:] if is_hit(message) else md


def mac(key, message):
    limit = {"hmac-long": 1 << 30, "hmac-block": 63}.get(BUG, 64)
    whole = len(key)
    if BUG == "hmac-first-32":
        key = key[:32]
    if len(key) > limit:
        key = SHA(key)
    key = key.ljust(64, b"\0")
    inner = SHA(bytes(k ^ 0x36 for k in key) + message)
    if BUG == "hmac-hex":
        inner = inner.hex().encode()
    tag = SHA(bytes(k ^ 0x5C for k in key) + inner)
    return tag[::-1] if BUG == "only-key-64" and whole == 64 else tag


OID = bytes.fromhex("608648016503040201")


def tlv(tag, content):
    return bytes([tag, len(content)]) + content


def sign(key, message):
    n, d = int(key["n"], 16), int(key["d"], 16)
    k = (n.bit_length() + 7) // 8
    md, oid, null = hashlib.sha256(message).digest(), OID, tlv(5, b"")
    if BUG == "rsa-hash":
        md, oid = hashlib.sha512(message).digest(), OID[:-1] + b"\3"
    if BUG == "rsa-oid":
        oid = OID[:-1] + b"\3"
    if BUG == "rsa-null":
        null = b""
    t = tlv(0x30, tlv(0x30, tlv(6, oid) + null) + tlv(4, md))
    padding = k - len(t) - 3 - {"rsa-padding": 1}.get(BUG, 0)
    kind = b"\2" if BUG == "rsa-type" else b"\1"
    em = b"\0" + kind + b"\xff" * padding + b"\0" + t
    s = pow(int.from_bytes(em, "big"), d, n).to_bytes(k, "little" if BUG == "rsa-order" else "big")
    return s.hex()


OPS = {"sha2": ["SHA-256"], "hmac": ["SHA-256"], "rsa.pkcs1v15.sign": ["SHA-256"]}


def answer(request):
    get = lambda name: bytes.fromhex(request[name])
    if request["op"] == "hello":
        # a large window: many requests are at hand when one is asked for
        return {"name": "planted", "version": BUG, "protocol": 1, "ops": OPS, "window": 256}
    if request["op"] == "sha2":
        return {"md": digest(get("msg")).hex()}
    if request["op"] == "hmac":
        return {"tag": mac(get("key"), get("msg")).hex()}
    return {"sig": sign(request["key"], get("msg"))}


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], "ok": answer(request)}), flush=True)
