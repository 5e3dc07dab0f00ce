//! Development tokens from the command line, and the built service that takes them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::root;

fn program(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = crate::support::program();
    command.args(arguments).current_dir(root()).envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let output = program(arguments, variables).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const NAMES: [(&str, &str); 2] =
    [("ASSISTANCE_TOKEN_ISSUER", "https://issuer.example"), ("ASSISTANCE_TOKEN_AUDIENCE", "assistance")];

fn new_key(folder: &Path) -> (String, String) {
    let dir = folder.join("keys");
    let (code, out, err) = run(&["token", "new-key", "--dir", dir.to_str().unwrap()], &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    let mut lines = out.lines().map(str::to_owned);
    (lines.next().unwrap(), lines.next().unwrap())
}

#[test]
fn a_new_key_is_its_owners_alone_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (private, public) = new_key(folder.path());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let (secret, set) =
        (std::fs::read_to_string(&private).unwrap(), std::fs::read_to_string(&public).unwrap());
    assert!(secret.contains("\"d\"") && !set.contains("\"d\""), "{set}");
    let dir = folder.path().join("keys");
    let (code, out, err) = run(&["token", "new-key", "--dir", dir.to_str().unwrap()], &[]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("is there already"), "{err}");
    assert_eq!(std::fs::read_to_string(&private).unwrap(), secret);
}

#[test]
fn a_token_is_not_issued_on_bad_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let (private, public) = new_key(folder.path());
    let issue = |arguments: &[&str], variables: &[(&str, &str)]| {
        let all: Vec<&str> = ["token", "issue"].iter().chain(arguments).copied().collect();
        let (code, out, err) = run(&all, variables);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?} {err}");
        err
    };
    let good = ["--sub", "li", "--role", "auditor"];
    let with = |key: &str, more: &[&str]| -> Vec<String> {
        ["--key", key].iter().chain(more).map(|word| (*word).to_owned()).collect()
    };
    let check = |key: &str, more: &[&str], variables: &[(&str, &str)], words: &str| {
        let arguments = with(key, more);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let err = issue(&arguments, variables);
        assert!(err.contains(words), "{words}: {err}");
    };
    check(&private, &good, &[], "`--issuer` and `--audience`");
    check(&public, &good, &NAMES, "others can read the file");
    check("no/such/file", &good, &NAMES, "cannot read `no/such/file`");
    check(&private, &["--sub", "", "--role", "auditor"], &NAMES, "a subject has from 1 to 200");
    check(&private, &["--sub", "li", "--role", "root"], &NAMES, "invalid value 'root'");
    check(&private, &["--sub", "li"], &NAMES, "--role");
    check(
        &private,
        &["--sub", "li", "--role", "officer", "--department", "Health"],
        &NAMES,
        "a department is",
    );
    check(&private, &["--sub", "li", "--role", "officer", "--region", "9"], &NAMES, "--region");
    check(&private, &["--sub", "li", "--role", "officer", "--minutes", "1441"], &NAMES, "--minutes");
    std::fs::write(folder.path().join("keys/token-key.json"), "{}").unwrap();
    check(&private, &good, &NAMES, "no key that `token new-key` made");
}

/// Ends with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// The status and the text of an answer.
fn ask(address: &str, token: Option<&str>) -> (u16, String) {
    let body = "{\"query\":\"{ household(key: \\\"H1\\\") { key } }\"}";
    let token = token.map_or(String::new(), |token| format!("authorization: Bearer {token}\r\n"));
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\nconnection: close\r\n{token}\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer)
}

#[test]
fn a_token_from_the_command_line_lets_into_the_built_service() {
    let folder = tempfile::tempdir().unwrap();
    let (private, public) = new_key(folder.path());
    let database = format!("sqlite:{}", folder.path().join("a.sqlite").display());
    let case = folder.path().join("h.toml");
    let text = std::fs::read_to_string(root().join("policies/cases/h1.toml")).unwrap();
    let own = text.lines().find(|line| line.starts_with("key = ")).unwrap();
    std::fs::write(&case, text.replacen(own, "key = \"H1\"", 1)).unwrap();
    let saved = run(
        &["household", "save", case.to_str().unwrap(), "--from", "2024-01-01", "--database", &database],
        &[],
    );
    assert_eq!(saved.0, 0, "{}", saved.2);
    let issue = |role: &str, more: &[&str]| {
        let words = ["token", "issue", "--key", private.as_str(), "--sub", "li", "--role", role];
        let all: Vec<&str> = words.iter().chain(more).copied().collect();
        let (code, out, err) = run(&all, &NAMES);
        assert_eq!(code, 0, "{err}");
        out.trim().to_owned()
    };
    let (jwks, mut variables) = (public.as_str(), NAMES.to_vec());
    variables.extend([
        ("ASSISTANCE_JWKS", jwks),
        ("ASSISTANCE_DATABASE_URL", database.as_str()),
        ("ASSISTANCE_ADDRESS", "127.0.0.1:0"),
    ]);
    let mut served = Served(program(&["serve"], &variables).spawn().unwrap());
    let mut line = String::new();
    // Kept to the end: a service whose log nobody takes would break.
    let mut log = BufReader::new(served.0.stderr.take().unwrap());
    log.read_line(&mut line).unwrap();
    let address = line.split('/').nth(2).unwrap_or_else(|| panic!("{line}")).to_owned();

    let (status, answer) = ask(&address, Some(&issue("auditor", &[])));
    assert!(status == 200 && answer.contains("\"key\":\"H1\""), "{answer}");
    let (status, answer) = ask(&address, Some(&issue("auditor", &["--region", "990102"])));
    assert!(status == 200 && answer.contains("{\"household\":null}"), "{answer}");
    let (status, answer) = ask(&address, Some(&issue("officer", &["--department", "health"])));
    assert!(status == 200 && answer.contains("FORBIDDEN"), "{answer}");
    let (status, answer) = ask(&address, Some(&issue("officer", &["--department", "magic"])));
    assert!(status == 401 && answer.contains("token_invalid"), "{answer}");
    let (status, answer) = ask(&address, None);
    assert!(status == 401 && answer.contains("token_required"), "{answer}");
}

#[test]
fn without_keys_only_this_machine_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("a.sqlite").display());
    let serve = |variables: &[(&str, &str)]| {
        let mut all = vec![("ASSISTANCE_DATABASE_URL", database.as_str())];
        all.extend(variables);
        let (code, out, err) = run(&["serve"], &all);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        err
    };
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let err = serve(&[("ASSISTANCE_ADDRESS", address)]);
        assert!(err.contains(address) && err.contains("ASSISTANCE_JWKS"), "{err}");
    }
    let (private, public) = new_key(folder.path());
    let err = serve(&[("ASSISTANCE_JWKS", &public), ("ASSISTANCE_TOKEN_ISSUER", "a")]);
    assert!(err.contains("needs `ASSISTANCE_TOKEN_ISSUER` and `ASSISTANCE_TOKEN_AUDIENCE`"), "{err}");
    for (path, words) in [(private.as_str(), "no JSON Web Key Set"), ("no/such/file", "cannot be read")] {
        let variables = [NAMES[0], NAMES[1], ("ASSISTANCE_JWKS", path)];
        let err = serve(&variables);
        assert!(err.contains("`ASSISTANCE_JWKS`") && err.contains(words), "{err}");
    }
    assert!(!folder.path().join("a.sqlite").exists(), "nothing was opened");
}
