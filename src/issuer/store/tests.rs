//! Files are whole, their owner's, and what is left behind is cleared away.

use super::*;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

fn directory(name: &str) -> Directory {
    let path = std::env::temp_dir().join(format!("jotlab-store-{}-{name}", std::process::id()));
    let _absent = fs::remove_dir_all(&path);
    Directory::open(&path).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn a_file_is_replaced_as_a_whole_and_is_its_owners() {
    let directory = directory("whole");
    assert!(directory.read("a").unwrap().is_none() && directory.stamp("a").is_none());
    let turn = directory.lock().unwrap();
    directory.write(&turn, "a", b"one").unwrap();
    let (first, stamp) = directory.read("a").unwrap().unwrap();
    assert_eq!((first, Some(stamp)), (b"one".to_vec(), directory.stamp("a")));
    directory.write(&turn, "a", b"two").unwrap();
    assert_eq!(directory.read("a").unwrap().unwrap().0, b"two");
    assert_ne!(directory.stamp("a"), Some(stamp));
    assert_eq!((mode(&directory.path), mode(&directory.file("a"))), (0o700, 0o600));
    assert_eq!(mode(&directory.file(LOCK)), 0o600);
    fs::remove_dir_all(directory.path).unwrap();
}

#[test]
fn what_a_killed_writer_left_is_not_read_and_goes_with_the_next() {
    let directory = directory("left");
    fs::write(directory.file(".a.new"), b"ha").unwrap();
    assert!(directory.read("a").unwrap().is_none());
    let turn = directory.lock().unwrap();
    assert!(!directory.file(".a.new").exists());
    directory.write(&turn, "a", b"whole").unwrap();
    assert_eq!(directory.read("a").unwrap().unwrap().0, b"whole");
    fs::remove_dir_all(directory.path).unwrap();
}

#[test]
fn what_others_could_use_is_refused() {
    let directory = directory("others");
    directory.write(&directory.lock().unwrap(), "a", b"secret").unwrap();
    for open in [0o640, 0o604, 0o660, 0o644] {
        fs::set_permissions(directory.file("a"), Permissions::from_mode(open)).unwrap();
        let refused = directory.read("a").map(|_| ()).unwrap_err().to_string();
        assert!(refused.contains("0600 is needed"), "{refused}");
    }
    fs::set_permissions(&directory.path, Permissions::from_mode(0o770)).unwrap();
    assert!(matches!(Directory::open(&directory.path), Err(Error::Mode { mode: 0o770, .. })));
    fs::set_permissions(&directory.path, Permissions::from_mode(0o700)).unwrap();
    fs::remove_dir_all(directory.path).unwrap();
}

#[test]
fn writers_take_turns() {
    let directory = directory("turns");
    let turn = directory.lock().unwrap();
    let other = {
        let directory = directory.clone();
        std::thread::spawn(move || {
            let turn = directory.lock().unwrap();
            let (mut text, _) = directory.read("a").unwrap().unwrap();
            text.push(b'2');
            directory.write(&turn, "a", &text).unwrap();
        })
    };
    directory.write(&turn, "a", b"1").unwrap();
    drop(turn);
    other.join().unwrap();
    assert_eq!(directory.read("a").unwrap().unwrap().0, b"12");
    fs::remove_dir_all(directory.path).unwrap();
}
