// An adapter for `jotlab crosscheck`: it puts a JavaScript implementation behind the protocol xcheck/1.
//
//     jotlab crosscheck run -- node adapter.mjs
//
// Questions come on stdin and answers leave on stdout, one JSON object a line. As it stands it asks
// node:crypto, and jose where it can be imported (from the current directory or NODE_PATH). To check an
// implementation of your own, call it in the function of the operation, and take out of `ops` what yours
// does not have. A function gives the members of "ok" (or a promise of them), or throws Refused for an
// input that must be refused; any other exception is reported as an error. stdout belongs to the protocol:
// print with console.error.

import crypto from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const HASHES = ["SHA-224", "SHA-256", "SHA-384", "SHA-512", "SHA-512/224", "SHA-512/256"];

/** The input is refused: the right answer to a bad one. */
class Refused extends Error {
    constructor(code, why = "") {
        super(why);
        this.code = code;
    }
}

/** This cannot be asked here, although the operation was declared. */
class Skipped extends Error {}

const bytes = (hex) => Buffer.from(hex, "hex");

// ---- SHA-2 and HMAC: your own goes here ----

const nodeName = (alg) => alg.toLowerCase().replace("sha-", "sha").replace("/", "-");

/** Something with update(bytes) and digest(). */
const newHash = (alg) => crypto.createHash(nodeName(alg));
const mac = (alg, key, message) => crypto.createHmac(nodeName(alg), key).update(message).digest();

// ---- the operations ----

function sha2(request) {
    if ("bits" in request) throw new Skipped("node:crypto takes whole bytes");
    const hash = newHash(request.alg);
    if ("msg" in request) {
        hash.update(bytes(request.msg));
    } else if ("chunks" in request) {
        for (const chunk of request.chunks) hash.update(bytes(chunk));
    } else {
        let piece = bytes(request.repeat);
        // whole pieces, so that one of a byte is not slow
        const times = Math.ceil(65536 / Math.max(piece.length, 1));
        piece = Buffer.alloc(piece.length * times, piece);
        for (let left = request.bytes; left > 0; left -= piece.length) hash.update(piece.subarray(0, left));
    }
    return { md: hash.digest("hex") };
}

/** NIST's Monte Carlo chain (SHAVS section 6.4, ACVP's alternate variant). */
function sha2Mct({ alg, seed, variant, outer, inner }) {
    const first = bytes(seed);
    const mds = [];
    let start = first;
    for (let i = 0; i < outer; i += 1) {
        let [a, b, c] = [start, start, start];
        for (let j = 0; j < inner; j += 1) {
            // given a length, concat cuts or fills with zeros
            const length = variant === "alternate" ? first.length : undefined;
            const message = Buffer.concat([a, b, c], length);
            [a, b, c] = [b, c, newHash(alg).update(message).digest()];
        }
        mds.push(c.toString("hex"));
        start = c;
    }
    return { mds };
}

const tagOf = ({ alg, key, msg, tag_len }) => mac(alg, bytes(key), bytes(msg)).subarray(0, tag_len);

function pbkdf2({ alg, password, salt, count, dk_len }) {
    const key = crypto.pbkdf2Sync(bytes(password), bytes(salt), count, dk_len, nodeName(alg));
    return { dk: key.toString("hex") };
}

function hmacVerify(request) {
    const expected = tagOf(request);
    const tag = bytes(request.tag);
    return { valid: tag.length === expected.length && crypto.timingSafeEqual(tag, expected) };
}

const publicKeys = new Map();
const privateKeys = new Map();

/** The key of that text, made once: making it takes longer than using it. */
function kept(keys, text, make) {
    if (!keys.has(text)) {
        if (keys.size >= 64) keys.clear();
        keys.set(text, make());
    }
    return keys.get(text);
}

const jwkOf = (key) => {
    const jwk = { kty: "RSA" };
    for (const [name, hex] of Object.entries(key)) jwk[name] = bytes(hex).toString("base64url");
    return jwk;
};

function imported(make, key) {
    try {
        return make({ key: jwkOf(key), format: "jwk" });
    } catch (error) {
        throw new Refused("key", error.message);
    }
}

function rsaSign({ alg, key, msg }) {
    const own = kept(privateKeys, JSON.stringify(key), () => {
        return imported(crypto.createPrivateKey, key.p ? key : withPrimes(key));
    });
    try {
        return { sig: crypto.sign(nodeName(alg), bytes(msg), own).toString("hex") };
    } catch (error) {
        throw new Refused("key", error.message); // the modulus is too short for the digest
    }
}

function rsaVerify({ alg, key, msg, sig }) {
    const open = kept(publicKeys, JSON.stringify(key), () => imported(crypto.createPublicKey, key));
    return { valid: crypto.verify(nodeName(alg), bytes(msg), open, bytes(sig)) };
}

/** node takes no private key without its primes, and suites have such keys: NIST SP 800-56B, appendix C. */
function withPrimes(key) {
    const [n, e, d] = [key.n, key.e, key.d].map((hex) => BigInt("0x" + hex));
    let odd = e * d - 1n;
    let halvings = 0;
    for (; odd > 0n && odd % 2n === 0n; odd /= 2n) halvings += 1;
    for (let g = 2n; g < 100n; g += 1n) {
        let y = power(g, odd, n);
        for (let i = 0; i < halvings; i += 1) {
            const square = (y * y) % n;
            if (square === 1n && y !== 1n && y !== n - 1n) {
                const one = gcd(y - 1n, n);
                const [p, q] = one > n / one ? [one, n / one] : [n / one, one];
                const crt = { p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: power(q, p - 2n, p) };
                const hex = (value) => value.toString(16).replace(/^(..)*.$/, "0$&");
                return { ...key, ...Object.fromEntries(Object.entries(crt).map(([k, v]) => [k, hex(v)])) };
            }
            y = square;
        }
    }
    throw new Refused("key", "n, e and d give no primes");
}

function power(base, exponent, modulus) {
    let result = 1n;
    for (const bit of exponent.toString(2)) {
        result = (result * result) % modulus;
        if (bit === "1") result = (result * base) % modulus;
    }
    return result;
}

function gcd(a, b) {
    while (b) [a, b] = [b, a % b];
    return a;
}

const versions = [`node:crypto ${process.version}, OpenSSL ${process.versions.openssl}`];
const ops = {
    "sha2": HASHES,
    "sha2.mct": HASHES,
    "hmac": HASHES,
    "hmac.verify": HASHES,
    "pbkdf2": HASHES,
    "rsa.pkcs1v15.sign": HASHES,
    "rsa.pkcs1v15.verify": HASHES,
    "base64url.encode": [],
};
const functions = {
    "hello": () => ({
        name: "node",
        version: versions.join(", "),
        protocol: 1,
        ops,
        limits: { max_msg: 2 ** 30, rsa_bits: [1024, 16384] },
        window: 64,
        features: [],
    }),
    "sha2": sha2,
    "sha2.mct": sha2Mct,
    "hmac": (request) => ({ tag: tagOf(request).toString("hex") }),
    "hmac.verify": hmacVerify,
    "pbkdf2": pbkdf2,
    "rsa.pkcs1v15.sign": rsaSign,
    "rsa.pkcs1v15.verify": rsaVerify,
    "base64url.encode": ({ data }) => ({ text: bytes(data).toString("base64url") }),
    // For a decoder of your own: put it here and "base64url.decode": [] into `ops`. It is left out because
    // Buffer takes +, /, padding and anything else without a word: checks here would test the adapter.
    "base64url.decode": ({ text }) => ({ data: Buffer.from(text, "base64url").toString("hex") }),
};

// ---- JWS and JWT, where jose can be imported ----

let jose;
try {
    const require = createRequire(process.cwd() + "/adapter.mjs");
    jose = await import(pathToFileURL(require.resolve("jose")));
} catch {
    // the operations are not declared
}

const JWS = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512"];
const textOf = (encoded) => Buffer.from(encoded, "base64url").toString();

/** jose refuses with its own errors; a key that does not fit is a TypeError or a DOMException. */
async function refusing(promise) {
    try {
        return await promise;
    } catch (error) {
        const refusals = [jose.errors.JOSEError, TypeError, SyntaxError, DOMException];
        if (refusals.some((kind) => error instanceof kind)) {
            throw new Refused(error.code ? String(error.code) : error.name, error.message);
        }
        throw error;
    }
}

/** What jose takes for a key: a set chooses by kid, alg and use; a JWK is imported for the header's alg. */
function keyFor(text) {
    const jwk = JSON.parse(text);
    return "keys" in jwk ? jose.createLocalJWKSet(jwk) : (header) => jose.importJWK(jwk, header.alg);
}

/** jose writes the header anew: the members are what was asked, their spelling is its own. */
async function jwsSign({ alg, key, header, payload }) {
    const signer = new jose.CompactSign(bytes(payload)).setProtectedHeader(JSON.parse(header));
    return { jws: await signer.sign(await jose.importJWK(JSON.parse(key), alg)) };
}

async function jwsVerify({ jws, key, algs, payload }) {
    const options = { algorithms: algs.length ? algs : JWS };
    const [encoded, , signature] = jws.split(".");
    let verified, header;
    if (jws.trimStart().startsWith("{")) {
        const json = JSON.parse(jws);
        if (payload !== undefined) json.payload = bytes(payload).toString("base64url");
        const verify = "signatures" in json ? jose.generalVerify : jose.flattenedVerify;
        verified = await verify(json, keyFor(key), options);
        header = json.protected ? textOf(json.protected) : JSON.stringify(verified.protectedHeader ?? {});
    } else if (payload !== undefined) {
        // detached: jose takes the payload by the JSON form, as bytes where it is not encoded
        const unencoded = jose.decodeProtectedHeader(jws).b64 === false;
        const detached = unencoded ? bytes(payload) : bytes(payload).toString("base64url");
        const json = { protected: encoded, payload: detached, signature };
        verified = await jose.flattenedVerify(json, keyFor(key), options);
        header = textOf(encoded);
    } else {
        verified = await jose.compactVerify(jws, keyFor(key), options);
        header = textOf(encoded);
    }
    return { valid: true, header, payload: Buffer.from(verified.payload).toString("hex") };
}

async function jwtVerify({ token, key, algs, policy }) {
    const options = {
        algorithms: algs.length ? algs : JWS,
        currentDate: new Date(policy.now * 1000),
        clockTolerance: policy.leeway ?? 0,
        requiredClaims: policy.require ?? [],
        ...(policy.iss !== undefined && { issuer: policy.iss }),
        ...(policy.aud !== undefined && { audience: policy.aud }),
        ...(policy.typ !== undefined && { typ: policy.typ }),
    };
    await jose.jwtVerify(token, keyFor(key), options);
    return { valid: true, claims: textOf(token.split(".")[1]) };
}

if (jose) {
    ops["jws.sign"] = JWS;
    ops["jws.verify"] = JWS;
    ops["jwt.verify"] = JWS;
    ops["jwk.thumbprint"] = ["SHA-256", "SHA-384", "SHA-512"];
    functions["jws.sign"] = (request) => refusing(jwsSign(request));
    functions["jws.verify"] = (request) => refusing(jwsVerify(request));
    functions["jwt.verify"] = (request) => refusing(jwtVerify(request));
    functions["jwk.thumbprint"] = async ({ jwk, hash }) => {
        const thumbprint = jose.calculateJwkThumbprint(JSON.parse(jwk), nodeName(hash));
        return { thumbprint: await refusing(thumbprint) };
    };
    versions.push("jose");
}

// ---- the protocol ----

function failure(id, error) {
    if (error instanceof Refused) return { id, reject: error.code, why: error.message };
    if (error instanceof Skipped) return { id, skip: error.message };
    return { id, error: String(error) };
}

/** The answer's line, or nothing where it comes later. */
function answer(line) {
    const request = JSON.parse(line);
    const { id, op } = request;
    const print = (value) => JSON.stringify(value) + "\n";
    if (!Object.hasOwn(functions, op)) return print({ id, skip: `no operation ${op}` });
    try {
        const ok = functions[op](request);
        if (!(ok instanceof Promise)) return print({ id, ok });
        ok.then((ok) => ({ id, ok }), (error) => failure(id, error)).then((value) => {
            process.stdout.write(print(value));
        });
        return "";
    } catch (error) {
        return print(failure(id, error));
    }
}

// Whatever is there is answered at once: no line waits for the next one.
let begun = []; // the line that the last block ended in
process.stdin.setEncoding("utf8");
process.stdin.on("data", (block) => {
    const lines = block.split("\n");
    begun.push(lines[0]);
    if (lines.length === 1) return;
    lines[0] = begun.join("");
    begun = [lines.pop()];
    process.stdout.write(lines.filter((line) => line.trim()).map(answer).join(""));
});
