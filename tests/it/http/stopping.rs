//! How the program ends: with a real process and real signals.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{program, root, socket::Socket};

/// A running program; it is killed if the test fails before it has ended.
struct Running {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

fn running(settings: &[(&str, &str)]) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program();
    command
        .arg("serve")
        .current_dir(root())
        .env("ASSISTANCE_ADDRESS", "127.0.0.1:0")
        .env("ASSISTANCE_DATABASE_URL", format!("sqlite:{}", folder.path().join("a.sqlite").display()))
        .envs(settings.iter().copied())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let place = |line: String| line.strip_prefix("GraphQL at http://")?.split('/').next()?.parse().ok();
    let address = lines.find_map(place).expect("the program says where it listens");
    // What it logs must not block it.
    std::thread::spawn(|| lines.for_each(drop));
    Running { child, address, _folder: folder }
}

impl Running {
    fn signal(&self, name: &str) {
        let told = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// The status of an answer; `None` if nothing answers.
    fn get(&self, path: &str) -> Option<u16> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.split(' ').nth(1)?.parse().ok()
    }

    fn exit_code(&mut self) -> Option<i32> {
        let end = Instant::now() + Duration::from_secs(40);
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the program does not end");
    }
}

#[test]
fn told_to_stop_it_is_not_ready_then_closes_sockets_and_answers_what_runs() {
    let mut running = running(&[("ASSISTANCE_STOP_NOTICE_SECONDS", "2")]);
    assert_eq!(running.get("/health/ready"), Some(200));
    let mut socket = Socket::greeted(running.address, &Value::Null);
    let body = json!({"query": "{ places { key } }"}).to_string();
    let (first, rest) = body.split_at(5);
    let mut request = TcpStream::connect(running.address).unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    write!(request, "{head}content-length: {}\r\n\r\n{first}", body.len()).unwrap();
    // An answer to another one, so that this one has arrived.
    assert_eq!(running.get("/health/live"), Some(200));
    running.signal("-TERM");
    let told = (0..200).find_map(|_| {
        std::thread::sleep(Duration::from_millis(5));
        running.get("/health/ready").filter(|status| *status != 200)
    });
    assert_eq!((told, running.get("/health/live")), (Some(503), Some(200)));
    assert_eq!(socket.closed(), Some(1001));
    request.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    request.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("huaibei"), "{answer}");
    assert_eq!(running.exit_code(), Some(0));
}

#[test]
fn what_never_ends_does_not_hold_it_up() {
    let settings = [("ASSISTANCE_STOP_NOTICE_SECONDS", "1"), ("ASSISTANCE_STOP_SECONDS", "2")];
    let mut running = running(&[&settings[..], &[("ASSISTANCE_LIMIT_BODY_SECONDS", "600")]].concat());
    let mut request = TcpStream::connect(running.address).unwrap();
    let head =
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
    request.write_all(head.as_bytes()).unwrap();
    assert_eq!(running.get("/health/live"), Some(200));
    running.signal("-INT");
    assert_eq!(running.exit_code(), Some(0));
}
