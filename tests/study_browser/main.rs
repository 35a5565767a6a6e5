//! The page `jotlab study` in a real browser: keyboard alone, axe, no request elsewhere, the policy at work, no
//! script, 320 px.
//!
//! It needs Node, `playwright-core` and `axe-core` in `JOTLAB_NODE_PATH` (a `node_modules` directory), and
//! Chromium; where one is missing that is said and passed over, unless `JOTLAB_REQUIRE` names `chromium`.
//! With `JOTLAB_BLESS=1` pictures of every view land in the target directory, and one becomes `docs/study.png`.
#![cfg(feature = "study")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use jotlab::study::Study;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io, thread};

#[test]
fn every_view_in_a_browser() {
    let (modules, chromium) = match tools() {
        Ok(tools) => tools,
        Err(why) => return skip(&why),
    };
    let study = Study::bind(0).unwrap();
    let url = study.url();
    thread::spawn(move || study.serve().unwrap());
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("study");
    fs::create_dir_all(&pictures).unwrap();
    let blessing = env::var_os("JOTLAB_BLESS").is_some();
    let output = Command::new("node")
        .arg(root.join("tests/study_browser/views.mjs"))
        .args([&url, chromium.to_str().unwrap()])
        .args(blessing.then_some(&pictures))
        .env("JOTLAB_NODE_PATH", modules)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    if blessing {
        fs::copy(pictures.join("study.png"), root.join("docs/study.png")).unwrap();
    }
    let size = fs::metadata(root.join("docs/study.png")).unwrap().len();
    assert!(size <= 150 << 10, "docs/study.png has {size} bytes");
}

/// Where the modules and the browser are.
fn tools() -> Result<(PathBuf, PathBuf), String> {
    let node = Command::new("node").arg("--version").stdin(Stdio::null()).output();
    node.map_err(|error| format!("node: {error}"))?;
    let modules = env::var_os("JOTLAB_NODE_PATH").ok_or("JOTLAB_NODE_PATH is not set")?;
    let modules =
        fs::canonicalize(modules).map_err(|error| format!("JOTLAB_NODE_PATH: {error}"))?;
    for module in ["playwright-core", "axe-core"] {
        if !modules.join(module).is_dir() {
            return Err(format!("no {module} in JOTLAB_NODE_PATH"));
        }
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let places = env::split_paths(&path).chain([PathBuf::from("/usr/bin")]);
    let mut browsers = places.map(|place| place.join("chromium"));
    let chromium = browsers.find(|browser| browser.is_file()).ok_or("no chromium")?;
    Ok((modules, chromium))
}

fn skip(why: &str) {
    let required = env::var("JOTLAB_REQUIRE").unwrap_or_default();
    assert!(
        !required.split(',').any(|one| one.trim() == "chromium"),
        "chromium is required: {why}"
    );
    // the macros are captured by the harness: what is passed over would never be seen
    let _nobody_listens = writeln!(io::stderr(), "skipped: chromium: {why}");
}
