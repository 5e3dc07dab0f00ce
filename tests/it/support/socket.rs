//! A WebSocket client of few lines, so that a test can also send what no library would.

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::{Value, json};

/// An open socket.
pub(crate) struct Socket {
    stream: TcpStream,
    read: Vec<u8>,
    /// The head of the answer that opened it.
    pub(crate) head: String,
    /// Whether pings are answered.
    pub(crate) answers_pings: bool,
}

/// What arrives.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    Text(Value),
    Pong(Vec<u8>),
    Closed(Option<u16>),
    Ended,
}

pub(crate) const TEXT: u8 = 1;
pub(crate) const BINARY: u8 = 2;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;

/// The usual handshake.
pub(crate) const HANDSHAKE: [(&str, &str); 5] = [
    ("upgrade", "websocket"),
    ("connection", "Upgrade"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("sec-websocket-protocol", "graphql-transport-ws"),
];

impl Socket {
    /// Opens a socket with the usual handshake.
    pub(crate) fn open(address: SocketAddr) -> Self {
        Self::with(address, "/graphql", &HANDSHAKE).unwrap_or_else(|answer| panic!("{answer}"))
    }

    /// Opens a socket and says who asks; panics if that is refused.
    pub(crate) fn greeted(address: SocketAddr, payload: &Value) -> Self {
        let mut socket = Self::open(address);
        socket.say(&json!({"type": "connection_init", "payload": payload}));
        assert_eq!(socket.hear(), Heard::Text(json!({"type": "connection_ack"})));
        socket
    }

    /// Opens a socket with these headers, or answers the whole HTTP answer that refuses it.
    pub(crate) fn with(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Result<Self, String> {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\n{}\r\n", lines.concat()).unwrap();
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
            head.push(byte[0]);
        }
        let mut head = String::from_utf8(head).unwrap();
        if head.starts_with("HTTP/1.1 101 ") {
            return Ok(Self { stream, read: Vec::new(), head, answers_pings: true });
        }
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        stream.read_exact(&mut body).unwrap();
        head.push_str(&String::from_utf8(body).unwrap());
        Err(head)
    }

    /// Sends a message.
    pub(crate) fn say(&mut self, message: &Value) {
        self.frame(TEXT, true, message.to_string().as_bytes()).unwrap();
    }

    /// Starts an operation.
    pub(crate) fn subscribe(&mut self, id: &str, document: &str) {
        self.say(&json!({"type": "subscribe", "id": id, "payload": {"query": document}}));
    }

    /// Sends a frame, masked with zeros, which leave its bytes as they are.
    pub(crate) fn frame(&mut self, opcode: u8, last: bool, payload: &[u8]) -> io::Result<()> {
        let mut bytes = vec![if last { 0x80 | opcode } else { opcode }];
        match payload.len() {
            length @ 0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
            length @ 126..65_536 => {
                bytes.push(0xfe);
                bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            length => {
                bytes.push(0xff);
                bytes.extend(u64::try_from(length).unwrap().to_be_bytes());
            }
        }
        bytes.extend([0; 4]);
        bytes.extend(payload);
        self.raw(&bytes)
    }

    /// Sends bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// What arrives next, pings aside.
    pub(crate) fn hear(&mut self) -> Heard {
        loop {
            let Some((opcode, payload)) = self.next_frame() else { return Heard::Ended };
            match opcode {
                TEXT => return Heard::Text(serde_json::from_slice(&payload).unwrap()),
                CLOSE => {
                    let code = payload.first_chunk::<2>().map(|code| u16::from_be_bytes(*code));
                    return Heard::Closed(code);
                }
                PING if self.answers_pings => {
                    let _gone = self.frame(10, true, &payload);
                }
                PING => {}
                10 => return Heard::Pong(payload),
                other => panic!("a frame of kind {other}"),
            }
        }
    }

    /// The next message, which has to be one.
    #[track_caller]
    pub(crate) fn text(&mut self) -> Value {
        match self.hear() {
            Heard::Text(text) => text,
            other => panic!("{other:?}"),
        }
    }

    /// The code of the Close frame, whatever messages come before it; the connection ends after it.
    #[track_caller]
    pub(crate) fn closed(&mut self) -> Option<u16> {
        loop {
            match self.hear() {
                Heard::Text(_) | Heard::Pong(_) => {}
                Heard::Closed(code) => {
                    assert_eq!(self.hear(), Heard::Ended);
                    return code;
                }
                Heard::Ended => panic!("the connection ended without a Close frame"),
            }
        }
    }

    fn next_frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let head = self.take(2)?;
        assert_eq!(head[0] & 0xf0, 0x80, "whole frames without extensions");
        let length = match head[1] {
            length @ 0..126 => usize::from(length),
            126 => usize::from(u16::from_be_bytes(self.take(2)?.try_into().unwrap())),
            127 => usize::try_from(u64::from_be_bytes(self.take(8)?.try_into().unwrap())).unwrap(),
            _ => panic!("a server masks nothing"),
        };
        Some((head[0] & 0x0f, self.take(length)?))
    }

    fn take(&mut self, length: usize) -> Option<Vec<u8>> {
        let mut chunk = vec![0; 64 * 1024];
        while self.read.len() < length {
            match self.stream.read(&mut chunk) {
                Ok(0) => return None,
                Ok(read) => self.read.extend(&chunk[..read]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => panic!("nothing was heard"),
                Err(_reset) => return None,
            }
        }
        Some(self.read.drain(..length).collect())
    }
}
