"""An adapter that is right but for one sickness: python3 sick.py MODE [A FILE OF ITS OWN]."""

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time

MODE, FILE = sys.argv[1], (sys.argv + [""])[2]
OUT = sys.stdout.buffer
NAMES = {"SHA-224": "sha224", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
OPS = {"sha2": list(NAMES), "hmac": list(NAMES), "base64url.encode": []}


def write(line):
    OUT.write(line + b"\n")
    OUT.flush()


def say(number, **members):
    write(json.dumps({"id": number, **members}).encode())


def hello():
    ok = {"name": "sick", "version": MODE, "protocol": 1, "ops": OPS, "window": 16}
    if MODE == "hello-protocol-2":
        ok["protocol"] = 2
    if MODE == "hello-no-ops":
        del ok["ops"]
    if MODE == "accepts":
        ok["ops"] = {"rsa.pkcs1v15.verify": ["SHA-256"]}
    if MODE == "hello-other-names":
        ok["ops"] = {"sha2": ["SHA-256", "sha-512"], "rsa.pkcs1v15.verify": ["RS256"], "sha3": []}
    if MODE == "hello-ops-text":
        ok["ops"] = {"sha2": "SHA-256"}
    if MODE.startswith("window="):
        ok["window"] = int(MODE[7:])
    if MODE == "hello-hangs":
        time.sleep(1000)
    if MODE == "prints-early":
        write(b"Loading my library ...")
    if MODE == "dies-at-hello":
        print("no such library: libfoo", file=sys.stderr)
        sys.exit(7)
    say(0, ok=ok)
    if MODE == "stdin-closed":
        os.close(0)
        time.sleep(1000)
    if MODE == "stdout-closed":
        os.close(1)
        time.sleep(1000)
    if MODE == "leaks":
        subprocess.Popen(["sh", "-c", "sleep 1000; echo " + FILE])
    if MODE == "loud":
        for _ in range(1000):
            sys.stderr.write(("x" * 99 + "\n") * 1000)


def right(request):
    if request["op"] == "sha2":
        return {"md": hashlib.new(NAMES[request["alg"]], bytes.fromhex(request["msg"])).hexdigest()}
    if request["op"] == "hmac":
        key, message = bytes.fromhex(request["key"]), bytes.fromhex(request["msg"])
        return {"tag": hmac.new(key, message, NAMES[request["alg"]]).hexdigest()}
    import base64

    data = bytes.fromhex(request["data"])
    return {"text": base64.urlsafe_b64encode(data).rstrip(b"=").decode()}


def is_of(request, length):
    return request["op"] == "sha2" and len(request["msg"]) == 2 * length


def end(how):
    if how == "segv":
        os.kill(os.getpid(), signal.SIGSEGV)
    print("Traceback: it broke", file=sys.stderr)
    os._exit(1)


def main():
    hello_line = sys.stdin.buffer.readline()
    assert json.loads(hello_line)["op"] == "hello"
    hello()
    held, count = [], 0
    for line in sys.stdin.buffer:
        request = json.loads(line)
        number, count = request["id"], count + 1
        if MODE in ("crash", "segv") and is_of(request, 64):
            end(MODE)
        if MODE == "crash-always" and request["op"] == "sha2":
            end(MODE)
        if MODE == "crash-once" and count == 20 and not os.path.exists(FILE):
            open(FILE, "w").close()
            end(MODE)
        if MODE == "crash-at-5th" and count == 5:
            end(MODE)
        if (MODE == "hang" and is_of(request, 64)) or (MODE == "hang-always" and request["op"] == "sha2"):
            time.sleep(1000)
        if MODE == "prints" and count % 7 == 0:
            write(b"debug: called")
        if MODE == "no-newline" and is_of(request, 64):
            OUT.write(b'{"id":')
            OUT.flush()
            time.sleep(1000)
        if MODE == "wrong-id" and is_of(request, 64):
            number += 100_000
        if MODE == "id-text":
            number = str(number)
        if MODE == "utf-8" and is_of(request, 64):
            write(b'{"id":%d,"ok":{"md":"\xff\xfe"}}' % number)
            continue
        if MODE == "65-mib" and is_of(request, 64):
            write(b"x" * (65 << 20))
            continue
        if MODE == "skips" and request["op"] == "hmac":
            say(number, skip="not today")
            continue
        if MODE == "empty-ok":
            say(number, ok={})
            continue
        if MODE == "constant":
            say(number, ok={"md": "00", "tag": "00", "text": "AA"})
            continue
        if MODE == "accepts":
            say(number, ok={"valid": True})
            continue
        if MODE == "slow":
            time.sleep(0.02)
        if MODE == "disorder":
            # the window is of 16, and all are on their way at once: two are held, then told
            held.append((number, right(request)))
            if len(held) == 2:
                for number, ok in reversed(held):
                    say(number, ok=ok)
                held = []
            continue
        ok = right(request)
        if MODE == "last-without-newline" and count == 20:
            OUT.write(json.dumps({"id": number, "ok": ok}).encode())
            OUT.flush()
            os._exit(0)
        say(number, ok=ok)
        if MODE == "twice":
            say(number, ok=ok)
        if MODE == "ten" and count == 10:
            os._exit(0)


main()
