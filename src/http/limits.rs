//! What one request, one socket and one client may cost.

use std::time::Duration;

/// The SHA-256 of a document's text.
pub type Digest = [u8; 32];

/// The limits of the transport. A request at a limit passes; one over it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request's body. 256 kB.
    pub body_bytes: usize,
    /// How long the head of a request may take to arrive.
    pub head_time: Duration,
    /// Time until the whole body has been read. 10 s.
    pub body_time: Duration,
    /// Levels of nesting of the JSON of `variables` or `extensions`, the object itself being the first. 32.
    pub json_depth: usize,
    /// Bytes of a document's text. 32 kB.
    pub document_bytes: usize,
    /// Bytes of one name in a document, since names come back in error paths. 256.
    pub name_bytes: usize,
    /// Levels of brackets of any kind in a document's text. 32.
    pub brackets: usize,
    /// Tokens of a document. 2,000.
    pub tokens: usize,
    /// Directives of a document. 10.
    pub directives: usize,
    /// Levels of fields, fragments expanded. 10.
    pub depth: usize,
    /// Fields of a document, fragments expanded, `__typename` and aliases counted. 100.
    pub fields: usize,
    /// The same for a peer on the loopback interface. 400.
    pub fields_loopback: usize,
    /// Bytes of the variables written out wherever the document uses them. 4 MB.
    pub variable_bytes: usize,
    /// Time until an operation has been executed. 10 s.
    pub execution_time: Duration,
    /// Errors of one answer; an answer that had more says how many were cut. 5.
    pub errors: usize,
    /// Documents that are exempt from `depth` and `fields`, beside the introspection that GraphiQL sends.
    pub pinned: Vec<Digest>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 256 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(10),
            json_depth: 32,
            document_bytes: 32 * 1024,
            name_bytes: 256,
            brackets: 32,
            tokens: 2_000,
            directives: 10,
            depth: 10,
            fields: 100,
            fields_loopback: 400,
            variable_bytes: 4 * 1024 * 1024,
            execution_time: Duration::from_secs(10),
            errors: 5,
            pinned: Vec::new(),
        }
    }
}

/// The limits of sockets. What is executed over one has the limits of a request too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketLimits {
    /// Sockets of the whole process. 1,000.
    pub sockets: usize,
    /// Sockets of one client's address. 50.
    pub per_address: usize,
    /// Operations that run on one socket at a time. 16.
    pub operations: usize,
    /// Time until `connection_init` has arrived. 5 s.
    pub init_time: Duration,
    /// Time between two of our pings; a client that is silent for two of them is gone. 20 s.
    pub keep_alive: Duration,
    /// Time without an operation until a socket is closed. 300 s.
    pub idle_time: Duration,
    /// Time that a client may let messages wait before it reads on. 10 s.
    pub send_time: Duration,
    /// Bytes that wait for a client to read; one message may be larger, but then nothing else waits. 1 MB.
    pub queue_bytes: usize,
}

impl Default for SocketLimits {
    fn default() -> Self {
        Self {
            sockets: 1_000,
            per_address: 50,
            operations: 16,
            init_time: Duration::from_secs(5),
            keep_alive: Duration::from_secs(20),
            idle_time: Duration::from_mins(5),
            send_time: Duration::from_secs(10),
            queue_bytes: 1024 * 1024,
        }
    }
}
