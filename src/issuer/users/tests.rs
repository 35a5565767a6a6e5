//! Users read back, strangers cost the same, and what is wrong in a file is told by its line.

use super::*;

fn user(name: &str, password: &str, iterations: u32) -> User {
    User::new(name, &Secret::new(password.into()), iterations).unwrap()
}

fn users(all: impl IntoIterator<Item = User>) -> Users {
    let mut users = Users::default();
    all.into_iter().for_each(|user| drop(users.insert(user)));
    users
}

#[test]
fn the_right_password_is_the_only_one() {
    let users = users([user("alice", "correct horse", 10), user("bob", "correct horse", 10)]);
    let who = |name: &str, password: &str| {
        users.check(name, password.as_bytes()).user.map(|user| user.name().to_owned())
    };
    assert_eq!(who("alice", "correct horse").as_deref(), Some("alice"));
    for (name, password) in [
        ("alice", "correct hors"),
        ("alice", "correct horse "),
        ("alice", ""),
        ("Alice", "correct horse"),
        ("carol", "correct horse"),
        ("", ""),
    ] {
        assert_eq!(who(name, password), None, "{name} {password}");
    }
    // a salt of each one's own
    let [alice, bob] = ["alice", "bob"].map(|name| &users.by_name[name].password);
    assert!(alice.salt != bob.salt && alice.key != bob.key && alice.salt.len() == 16);
}

#[test]
fn everybody_costs_the_same() {
    let cost = |users: &Users, name: &str, password: &str| {
        users.check(name, password.as_bytes()).iterations
    };
    let some = users([user("cheap", "a", 3), user("dear", "b", 50)]);
    for (name, password) in
        [("cheap", "a"), ("cheap", "b"), ("dear", "b"), ("dear", "x"), ("nobody", "a"), ("", "")]
    {
        assert_eq!(cost(&some, name, password), 50, "{name}");
    }
    assert_eq!(cost(&users([]), "nobody", "a"), ITERATIONS);
    // a key of zeros is nobody's
    assert!(some.check("nobody", b"").user.is_none());
}

#[test]
fn a_file_reads_back() {
    let alice =
        user("ålice \"q\"", "pw", 7).role("admin").unwrap().scope("read  write read").unwrap();
    let text = users([alice, user("bob", "pw2", 5)]).to_text();
    let again = Users::parse(format!("\n{text}\n").as_bytes()).unwrap();
    assert_eq!(again.to_text(), text);
    let alice = again.check("ålice \"q\"", b"pw").user.unwrap();
    assert_eq!(alice.scopes(), ["read", "write"]);
    assert_eq!(alice.role_name(), Some("admin"));
    assert!(!text.contains("pw2"));
}

#[test]
fn what_is_wrong_in_a_file_is_told_by_its_line() {
    let good = user("bob", "pw", 5).to_line();
    for (from, to) in [
        ("\"bob\"", "\"\""),
        ("\"bob\"", "\"b\\u0000b\""),
        ("HMAC-SHA-256", "HMAC-SHA-1"),
        ("\"iterations\":5", "\"iterations\":0"),
        ("\"iterations\":5", "\"iterations\":4000000000"),
        ("\"iterations\":5", "\"iterations\":5,\"iterations\":6"),
        ("\"salt\":\"", "\"salt\":\"="),
        ("\"key\":\"", "\"key\":\"AAAA"),
        ("{\"name\"", "{\"admin\":true,\"name\""),
        ("{\"name\"", "{\"scope\":\"a\\\\b\",\"name\""),
    ] {
        assert!(good.contains(from), "{from}");
        let text = format!("{}\n{}\n", user("al", "pw", 5).to_line(), good.replacen(from, to, 1));
        let (at, what) = Users::parse(text.as_bytes()).unwrap_err();
        assert_eq!(at, "line 2", "{to}: {what}");
    }
    let twice = format!("{good}\n\n{good}\n");
    assert_eq!(Users::parse(twice.as_bytes()).unwrap_err().0, "line 3");
}

#[test]
fn who_cannot_be_a_user_is_refused() {
    let secret = |text: &str| Secret::new(text.into());
    let long = "x".repeat(MAX_PASSWORD_BYTES + 1);
    for (name, password, iterations) in [
        ("", "pw", 5),
        ("a\nb", "pw", 5),
        ("a", "", 5),
        ("a", long.as_str(), 5),
        ("a", "pw", 0),
        ("a", "pw", MAX_ITERATIONS + 1),
    ] {
        assert!(User::new(name, &secret(password), iterations).is_err(), "{name} {iterations}");
    }
    assert!(user("a", "pw", 1).scope("a\"b").is_err() && user("a", "pw", 1).role("").is_err());
    let shown = format!("{:?}", user("a", "pw", 1));
    assert!(shown.contains("Stretched(1 iterations)"), "{shown}");
}
