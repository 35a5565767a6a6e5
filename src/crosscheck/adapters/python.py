"""An adapter for `jotlab crosscheck`: it puts a Python implementation behind the protocol xcheck/1.

    jotlab crosscheck run -- python3 adapter.py

Questions come on stdin and answers leave on stdout, one JSON object a line. As it stands it asks hashlib
and hmac, and cryptography and PyJWT where they can be imported. To check an implementation of your own,
call it in the function of the operation, and take out of OPS (at the end) what yours does not have. A
function gives the members of "ok", or raises Refused for an input that must be refused; any other
exception is reported as an error. stdout belongs to the protocol: print to stderr.
"""

import base64
import functools
import hashlib
import hmac
import json
import os
import platform
import sys

HASHES = ["SHA-224", "SHA-256", "SHA-384", "SHA-512", "SHA-512/224", "SHA-512/256"]
PYTHON_NAMES = {alg: alg.replace("SHA-512/", "sha512_").replace("SHA-", "sha") for alg in HASHES}
# the last two come from the OpenSSL that Python was built with
HASHES = [alg for alg in HASHES if PYTHON_NAMES[alg] in hashlib.algorithms_available]


class Refused(Exception):
    """The input is refused: the right answer to a bad one."""

    def __init__(self, code, why=""):
        super().__init__(code)
        self.code, self.why = code, str(why)


class Skipped(Exception):
    """This cannot be asked here, although the operation was declared."""


# ---- SHA-2 and HMAC: your own goes here ----


def new_hash(alg):
    """Something with update(bytes) and digest()."""
    return hashlib.new(PYTHON_NAMES[alg])


def mac(alg, key, message):
    return hmac.new(key, message, PYTHON_NAMES[alg]).digest()


# ---- the operations ----


def sha2(request):
    if "bits" in request:
        raise Skipped("hashlib takes whole bytes")
    hasher = new_hash(request["alg"])
    if "msg" in request:
        hasher.update(bytes.fromhex(request["msg"]))
    elif "chunks" in request:
        for chunk in request["chunks"]:
            hasher.update(bytes.fromhex(chunk))
    else:
        piece, left = bytes.fromhex(request["repeat"]), request["bytes"]
        piece *= -(-65536 // max(len(piece), 1))  # whole pieces, so that one of a byte is not slow
        while left > 0:
            hasher.update(piece[:left])
            left -= len(piece)
    return {"md": hasher.digest().hex()}


def sha2_mct(request):
    """NIST's Monte Carlo chain (SHAVS section 6.4, ACVP's alternate variant)."""
    alg, seed, digests = request["alg"], bytes.fromhex(request["seed"]), []
    length = len(seed)
    for _ in range(request["outer"]):
        a = b = c = seed
        for _ in range(request["inner"]):
            message = a + b + c
            if request["variant"] == "alternate":
                message = message[:length].ljust(length, b"\0")
            hasher = new_hash(alg)
            hasher.update(message)
            a, b, c = b, c, hasher.digest()
        digests.append(c.hex())
        seed = c
    return {"mds": digests}


def hmac_tag(request):
    tag = mac(request["alg"], bytes.fromhex(request["key"]), bytes.fromhex(request["msg"]))
    return {"tag": tag[: request.get("tag_len", len(tag))].hex()}


def hmac_verify(request):
    expected = bytes.fromhex(hmac_tag(request)["tag"])
    return {"valid": hmac.compare_digest(expected, bytes.fromhex(request["tag"]))}


def pbkdf2(request):
    password, salt = bytes.fromhex(request["password"]), bytes.fromhex(request["salt"])
    name, count, length = PYTHON_NAMES[request["alg"]], request["count"], request["dk_len"]
    return {"dk": hashlib.pbkdf2_hmac(name, password, salt, count, length).hex()}


def base64url_encode(request):
    return {"text": base64.urlsafe_b64encode(bytes.fromhex(request["data"])).rstrip(b"=").decode()}


def base64url_decode(request):
    """For a decoder of your own: put it here and "base64url.decode": [] into OPS.

    It is left out because base64.urlsafe_b64decode passes over every byte outside of its alphabet, takes
    + and /, and does not look at the last bits: checks added here would test the adapter, not Python.
    """
    text = request["text"]
    try:
        return {"data": base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).hex()}
    except ValueError as error:
        raise Refused("malformed", error) from error


OPS = {
    "sha2": HASHES,
    "sha2.mct": HASHES,
    "hmac": HASHES,
    "hmac.verify": HASHES,
    "pbkdf2": HASHES,
    "base64url.encode": [],
}
FUNCTIONS = {
    "sha2": sha2,
    "sha2.mct": sha2_mct,
    "hmac": hmac_tag,
    "hmac.verify": hmac_verify,
    "pbkdf2": pbkdf2,
    "base64url.encode": base64url_encode,
    "base64url.decode": base64url_decode,
}
VERSIONS = ["hashlib " + platform.python_version()]

# ---- RSA, where cryptography can be imported ----

try:
    import cryptography
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
except ImportError:
    pass
else:

    def hash_of(alg):
        return getattr(hashes, alg.replace("SHA-", "SHA").replace("/", "_"))()

    @functools.lru_cache(64)  # making a key takes longer than verifying with it
    def public_key(n, e):
        try:
            return rsa.RSAPublicNumbers(int(e, 16), int(n, 16)).public_key()
        except ValueError as error:
            return Refused("key", error)

    @functools.lru_cache(64)
    def private_key(numbers):
        n, e, d, *crt = (number and int(number, 16) for number in numbers)
        try:
            if None in crt:
                p, q = rsa.rsa_recover_prime_factors(n, e, d)
                crt = p, q, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
            p, q, dp, dq, qi = crt
            return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, rsa.RSAPublicNumbers(e, n)).private_key()
        except ValueError as error:
            return Refused("key", error)

    def unless_refused(key):
        if isinstance(key, Refused):
            raise key
        return key

    def rsa_sign(request):
        names = ["n", "e", "d", "p", "q", "dp", "dq", "qi"]
        key = unless_refused(private_key(tuple(request["key"].get(name) for name in names)))
        message = bytes.fromhex(request["msg"])
        try:
            return {"sig": key.sign(message, padding.PKCS1v15(), hash_of(request["alg"])).hex()}
        except ValueError as error:  # the modulus is too short for the digest
            raise Refused("key", error) from error

    def rsa_verify(request):
        key = unless_refused(public_key(request["key"]["n"], request["key"]["e"]))
        signature, message = bytes.fromhex(request["sig"]), bytes.fromhex(request["msg"])
        try:
            key.verify(signature, message, padding.PKCS1v15(), hash_of(request["alg"]))
        except InvalidSignature:
            return {"valid": False}
        return {"valid": True}

    OPS.update({"rsa.pkcs1v15.sign": HASHES, "rsa.pkcs1v15.verify": HASHES})
    FUNCTIONS.update({"rsa.pkcs1v15.sign": rsa_sign, "rsa.pkcs1v15.verify": rsa_verify})
    VERSIONS.append("cryptography " + cryptography.__version__)

# ---- JWS and JWT, where PyJWT can be imported ----

try:
    import datetime

    import jwt
    import jwt.api_jwt
    from jwt.utils import base64url_decode as jwt_base64url_decode
except ImportError:
    pass
else:
    JWS = ["HS256", "HS384", "HS512"]
    if "rsa.pkcs1v15.verify" in OPS:
        JWS += ["RS256", "RS384", "RS512"]

    class Clock(datetime.datetime):
        """PyJWT asks its module for the time and takes none from its caller: this is put in its place."""

        seconds = 0

        @classmethod
        def now(cls, tz=None):
            return datetime.datetime.fromtimestamp(cls.seconds, tz)

    jwt.api_jwt.datetime = Clock

    def key_for(token, text):
        """The JWK, or the first of a set that has the token's kid, bound to an algorithm.

        A JWK without alg may serve any algorithm of its type, and PyJWT wants to be told which: the
        token's own, which the caller's list still has to allow. The key goes in as it came: PyJWT breaks
        on a private one, and that is its answer.
        """
        jwk, header = json.loads(text), jwt.get_unverified_header(token)
        if "keys" in jwk:
            keys = jwk["keys"]
            if "kid" in header or len(keys) != 1:
                keys = [key for key in keys if "kid" in header and key.get("kid") == header["kid"]]
            if not keys:
                raise Refused("key", "no key of the set has the token's kid")
            jwk = keys[0]
        alg = header.get("alg")
        return jwt.PyJWK(jwk, jwk.get("alg") or (alg if alg in JWS else None))

    def raw_header(token):
        return jwt_base64url_decode(token.split(".")[0]).decode()

    def jws_sign(request):
        """PyJWT writes the header anew: the members are what was asked, their spelling is its own."""
        jwk, header = json.loads(request["key"]), json.loads(request["header"])
        header.setdefault("typ", None)  # or it would add one
        try:
            key = jwt.PyJWK(jwk, request["alg"])
            payload = bytes.fromhex(request["payload"])
            return {"jws": jwt.api_jws.encode(payload, key, request["alg"], headers=header)}
        except (jwt.PyJWTError, ValueError) as error:
            raise Refused(type(error).__name__, error) from error

    def jws_verify(request):
        token, payload = request["jws"], request.get("payload")
        try:
            verified = jwt.api_jws.decode_complete(
                token,
                key_for(token, request["key"]),
                algorithms=request["algs"] or JWS,
                detached_payload=None if payload is None else bytes.fromhex(payload),
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise Refused(type(error).__name__, error) from error
        return {"valid": True, "header": raw_header(token), "payload": verified["payload"].hex()}

    def jwt_verify(request):
        token, policy = request["token"], request["policy"]
        Clock.seconds = policy["now"]
        options = {"require": policy.get("require", [])}
        if "any-audience" in request.get("allow", []):
            options["verify_aud"] = False
        try:
            verified = jwt.decode_complete(
                token,
                key_for(token, request["key"]),
                algorithms=request["algs"] or JWS,
                options=options,
                audience=policy.get("aud"),
                issuer=policy.get("iss"),
                leeway=policy.get("leeway", 0),
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise Refused(type(error).__name__, error) from error
        # PyJWT leaves typ to its caller
        if "typ" in policy and not same_type(verified["header"].get("typ"), policy["typ"]):
            raise Refused("claims", "typ")
        return {"valid": True, "claims": jwt_base64url_decode(token.split(".")[1]).decode()}

    def same_type(found, wanted):
        bare = lambda text: text.lower().removeprefix("application/")
        return isinstance(found, str) and bare(found) == bare(wanted)

    OPS.update({"jws.sign": JWS, "jws.verify": JWS, "jwt.verify": JWS})
    FUNCTIONS.update({"jws.sign": jws_sign, "jws.verify": jws_verify, "jwt.verify": jwt_verify})
    VERSIONS.append("PyJWT " + jwt.__version__)

# ---- the protocol ----


def hello(_request):
    return {
        "name": "python",
        "version": ", ".join(VERSIONS),
        "protocol": 1,
        "ops": OPS,
        "limits": {"max_msg": 1 << 30, "rsa_bits": [1024, 16384]},
        "window": 64,
        "features": [],
    }


FUNCTIONS["hello"] = hello


def answer(line):
    request = json.loads(line)
    number, function = request["id"], FUNCTIONS.get(request["op"])
    if function is None:
        return {"id": number, "skip": "no operation " + request["op"]}
    try:
        return {"id": number, "ok": function(request)}
    except Refused as refused:
        return {"id": number, "reject": refused.code, "why": refused.why}
    except Skipped as skipped:
        return {"id": number, "skip": str(skipped)}
    except Exception as error:
        return {"id": number, "error": f"{type(error).__name__}: {error}"}


def main():
    begun = []  # the line that the last block ended in
    # whatever is there is read at once and answered at once: no line waits for the next one
    while block := os.read(sys.stdin.fileno(), 1 << 18):
        lines = block.split(b"\n")
        begun.append(lines[0])
        if len(lines) > 1:
            lines[0] = b"".join(begun)
            begun = [lines.pop()]
            answers = (json.dumps(answer(line)) + "\n" for line in lines if line.strip())
            sys.stdout.write("".join(answers))
            sys.stdout.flush()


main()
