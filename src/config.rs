//! The configuration: one struct, read once from the environment, wrong in full or right in full.
//!
//! Every variable starts with `ASSISTANCE_`; `.env.example` lists them with their defaults, and [`VARIABLES`] is the
//! same list for the program. A name with that start that is not in the list is an error, since a mistyped limit
//! would otherwise be no limit.

use std::{fmt, net::SocketAddr, ops::RangeInclusive, path::PathBuf, str::FromStr, time::Duration};

use crate::{
    http::{
        auth::KeysUrl,
        limits::{Digest, Limits, SocketLimits},
        settings::Settings,
    },
    store::DatabaseUrl,
    telemetry::LogFormat,
};

/// How the names of our variables start.
const PREFIX: &str = "ASSISTANCE_";

/// The names of all variables, in the order of `.env.example`.
pub const VARIABLES: [&str; 44] = [
    "ASSISTANCE_ADDRESS",
    "ASSISTANCE_DATABASE_URL",
    "ASSISTANCE_POLICIES",
    "ASSISTANCE_JWKS",
    "ASSISTANCE_JWKS_CERTIFICATES",
    "ASSISTANCE_TOKEN_ISSUER",
    "ASSISTANCE_TOKEN_AUDIENCE",
    "ASSISTANCE_ID_KEYS",
    "ASSISTANCE_LOG",
    "ASSISTANCE_LOG_FORMAT",
    "ASSISTANCE_LIMIT_BODY_BYTES",
    "ASSISTANCE_LIMIT_HEAD_SECONDS",
    "ASSISTANCE_LIMIT_BODY_SECONDS",
    "ASSISTANCE_LIMIT_JSON_DEPTH",
    "ASSISTANCE_LIMIT_DOCUMENT_BYTES",
    "ASSISTANCE_LIMIT_NAME_BYTES",
    "ASSISTANCE_LIMIT_BRACKETS",
    "ASSISTANCE_LIMIT_TOKENS",
    "ASSISTANCE_LIMIT_DIRECTIVES",
    "ASSISTANCE_LIMIT_DEPTH",
    "ASSISTANCE_LIMIT_FIELDS",
    "ASSISTANCE_LIMIT_FIELDS_LOOPBACK",
    "ASSISTANCE_LIMIT_VARIABLE_BYTES",
    "ASSISTANCE_LIMIT_EXECUTION_SECONDS",
    "ASSISTANCE_LIMIT_ERRORS",
    "ASSISTANCE_PINNED_DOCUMENTS",
    "ASSISTANCE_SOCKETS",
    "ASSISTANCE_SOCKETS_PER_ADDRESS",
    "ASSISTANCE_SOCKET_OPERATIONS",
    "ASSISTANCE_SOCKET_INIT_SECONDS",
    "ASSISTANCE_SOCKET_KEEP_ALIVE_SECONDS",
    "ASSISTANCE_SOCKET_IDLE_SECONDS",
    "ASSISTANCE_SOCKET_SEND_SECONDS",
    "ASSISTANCE_SOCKET_QUEUE_BYTES",
    "ASSISTANCE_RATE_PER_SECOND",
    "ASSISTANCE_RATE_BURST",
    "ASSISTANCE_INTROSPECTION",
    "ASSISTANCE_STORED_DOCUMENTS",
    "ASSISTANCE_STORED_ONLY",
    "ASSISTANCE_CORS_ORIGINS",
    "ASSISTANCE_TRUSTED_PROXIES",
    "ASSISTANCE_PROXY_HEADER",
    "ASSISTANCE_STOP_NOTICE_SECONDS",
    "ASSISTANCE_STOP_SECONDS",
];

/// Where the keys of tokens stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Jwks {
    /// In a file.
    File(PathBuf),
    /// At an address.
    Url(KeysUrl),
}

/// What the program is told from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `ASSISTANCE_ADDRESS`: where to listen. This machine only, port 8080.
    pub address: SocketAddr,
    /// `ASSISTANCE_DATABASE_URL`: the database, `sqlite:data/assistance.sqlite` or a `postgres://` URL.
    pub database_url: DatabaseUrl,
    /// `ASSISTANCE_POLICIES`: the folder of the policies. `policies`.
    pub policies: PathBuf,
    /// `ASSISTANCE_JWKS`: the file or the address of the keys that tokens are signed with. None: no token is accepted.
    pub jwks: Option<Jwks>,
    /// `ASSISTANCE_JWKS_CERTIFICATES`: the certificates that may vouch for the address. Those that the public trusts.
    pub jwks_certificates: Option<PathBuf>,
    /// `ASSISTANCE_TOKEN_ISSUER`: the claim `iss` of tokens. None.
    pub token_issuer: Option<String>,
    /// `ASSISTANCE_TOKEN_AUDIENCE`: one of the claim `aud` of tokens. None.
    pub token_audience: Option<String>,
    /// `ASSISTANCE_ID_KEYS`: the file of the keys for ID numbers. None: no list of a registry is taken in.
    pub id_keys: Option<PathBuf>,
    /// `ASSISTANCE_LOG`: which lines are logged, as tracing's filters say it. `info`.
    pub log: String,
    /// `ASSISTANCE_LOG_FORMAT`: `text` or `json`. `text`.
    pub log_format: LogFormat,
    /// `ASSISTANCE_STORED_DOCUMENTS`: the folder of the documents that clients may ask for by their hash. None.
    pub stored_documents: Option<PathBuf>,
    /// All others: the transport.
    pub http: Settings,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database_url: DatabaseUrl::sqlite_file("data/assistance.sqlite"),
            policies: PathBuf::from("policies"),
            jwks: None,
            jwks_certificates: None,
            token_issuer: None,
            token_audience: None,
            id_keys: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            stored_documents: None,
            http: Settings::default(),
        }
    }
}

impl Config {
    /// Reads the configuration from the environment, after adding what a `.env` file in the working
    /// directory or above states and the environment does not.
    ///
    /// # Errors
    /// A `.env` file that does not parse, or every variable that is unknown or has a bad value.
    pub fn from_environment() -> Result<Self, ConfigErrors> {
        match dotenvy::dotenv() {
            Err(error) if !error.not_found() => {
                // The error quotes the line, which may hold a secret.
                return Err(ConfigErrors(vec!["the file `.env` cannot be read".to_owned()]));
            }
            _ => {}
        }
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        let lookup = |name: &str| std::env::var(name).ok();
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        Self::read(lookup, names)
    }

    /// Reads the configuration. `lookup` gives the value of a variable; `names` are the names of all variables that
    /// are set, whether ours or not. An empty value counts as not set.
    ///
    /// # Errors
    /// Every variable that is unknown or has a bad value, in one go.
    pub fn read(
        lookup: impl Fn(&str) -> Option<String>,
        names: impl IntoIterator<Item = String>,
    ) -> Result<Self, ConfigErrors> {
        let mut reader = Reader { lookup, errors: Vec::new() };
        reader.refuse_unknown(names);
        let mut config = Self::default();
        reader.parsed(
            "ASSISTANCE_ADDRESS",
            "an address and port such as `127.0.0.1:8080`",
            &mut config.address,
        );
        reader.database(&mut config.database_url);
        reader.parsed("ASSISTANCE_POLICIES", "a folder", &mut config.policies);
        reader.jwks(&mut config.jwks);
        config.jwks_certificates = reader.value("ASSISTANCE_JWKS_CERTIFICATES").map(PathBuf::from);
        config.token_issuer = reader.value("ASSISTANCE_TOKEN_ISSUER");
        config.token_audience = reader.value("ASSISTANCE_TOKEN_AUDIENCE");
        config.id_keys = reader.value("ASSISTANCE_ID_KEYS").map(PathBuf::from);
        reader.parsed("ASSISTANCE_LOG", "a log filter such as `info`", &mut config.log);
        reader.parsed("ASSISTANCE_LOG_FORMAT", "`text` or `json`", &mut config.log_format);
        config.stored_documents = reader.value("ASSISTANCE_STORED_DOCUMENTS").map(PathBuf::from);
        reader.http(&mut config.http);
        if reader.errors.is_empty() { Ok(config) } else { Err(ConfigErrors(reader.errors)) }
    }
}

/// Everything that is wrong with the configuration, each with the name of its variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<String>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ConfigErrors {}

struct Reader<L> {
    lookup: L,
    errors: Vec<String>,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    fn refuse_unknown(&mut self, names: impl IntoIterator<Item = String>) {
        let mut unknown: Vec<String> = names
            .into_iter()
            .filter(|name| name.starts_with(PREFIX) && !VARIABLES.contains(&name.as_str()))
            .collect();
        unknown.sort_unstable();
        for name in unknown {
            let near = VARIABLES.iter().min_by_key(|known| strsim::levenshtein(known, &name));
            let near = near.copied().unwrap_or_default();
            self.errors.push(format!("`{name}` is no variable of this program: did you mean `{near}`?"));
        }
    }

    fn value(&self, name: &str) -> Option<String> {
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn parsed<T: FromStr>(&mut self, name: &str, expected: &str, into: &mut T) {
        let Some(value) = self.value(name) else { return };
        match value.parse() {
            Ok(value) => *into = value,
            Err(_) => self.wrong(name, &value, expected),
        }
    }

    // What has a scheme is an address. It is not repeated: it may hold a password.
    fn jwks(&mut self, into: &mut Option<Jwks>) {
        let name = "ASSISTANCE_JWKS";
        let Some(value) = self.value(name) else { return };
        if !value.contains("://") {
            *into = Some(Jwks::File(PathBuf::from(value)));
            return;
        }
        match value.parse() {
            Ok(url) => *into = Some(Jwks::Url(url)),
            Err(error) => self.errors.push(format!("`{name}`: {error}")),
        }
    }

    // Unlike other values, a URL is not repeated: it may hold a password.
    fn database(&mut self, into: &mut DatabaseUrl) {
        let name = "ASSISTANCE_DATABASE_URL";
        let Some(value) = self.value(name) else { return };
        match value.parse() {
            Ok(url) => *into = url,
            Err(error) => self.errors.push(format!("`{name}`: {error}")),
        }
    }

    // Each range ends where the machine, not the policy, sets the limit: the parser's stack holds some hundred
    // brackets, and a guard that counts millions of fields guards nothing.
    fn limits(&mut self, limits: &mut Limits) {
        const BYTES: RangeInclusive<usize> = 1_024..=64 * 1024 * 1024;
        self.number("ASSISTANCE_LIMIT_BODY_BYTES", BYTES, &mut limits.body_bytes);
        self.seconds("ASSISTANCE_LIMIT_HEAD_SECONDS", &mut limits.head_time);
        self.seconds("ASSISTANCE_LIMIT_BODY_SECONDS", &mut limits.body_time);
        self.number("ASSISTANCE_LIMIT_JSON_DEPTH", 1..=100, &mut limits.json_depth);
        self.number("ASSISTANCE_LIMIT_DOCUMENT_BYTES", 1_024..=1024 * 1024, &mut limits.document_bytes);
        self.number("ASSISTANCE_LIMIT_NAME_BYTES", 16..=4_096, &mut limits.name_bytes);
        self.number("ASSISTANCE_LIMIT_BRACKETS", 4..=100, &mut limits.brackets);
        self.number("ASSISTANCE_LIMIT_TOKENS", 16..=10_000, &mut limits.tokens);
        self.number("ASSISTANCE_LIMIT_DIRECTIVES", 0..=1_000, &mut limits.directives);
        self.number("ASSISTANCE_LIMIT_DEPTH", 1..=30, &mut limits.depth);
        self.number("ASSISTANCE_LIMIT_FIELDS", 1..=10_000, &mut limits.fields);
        self.number("ASSISTANCE_LIMIT_FIELDS_LOOPBACK", 1..=10_000, &mut limits.fields_loopback);
        self.number("ASSISTANCE_LIMIT_VARIABLE_BYTES", BYTES, &mut limits.variable_bytes);
        self.seconds("ASSISTANCE_LIMIT_EXECUTION_SECONDS", &mut limits.execution_time);
        self.number("ASSISTANCE_LIMIT_ERRORS", 1..=100, &mut limits.errors);
        let digest = |item: &str| {
            let mut digest: Digest = [0; 32];
            hex::decode_to_slice(item, &mut digest).ok().map(|()| digest)
        };
        let expected = "SHA-256 digests in hexadecimal, apart by commas";
        self.list("ASSISTANCE_PINNED_DOCUMENTS", expected, digest, &mut limits.pinned);
    }

    fn sockets(&mut self, sockets: &mut SocketLimits) {
        self.number("ASSISTANCE_SOCKETS", 0..=100_000, &mut sockets.sockets);
        self.number("ASSISTANCE_SOCKETS_PER_ADDRESS", 1..=100_000, &mut sockets.per_address);
        self.number("ASSISTANCE_SOCKET_OPERATIONS", 1..=1_000, &mut sockets.operations);
        self.seconds("ASSISTANCE_SOCKET_INIT_SECONDS", &mut sockets.init_time);
        self.seconds("ASSISTANCE_SOCKET_KEEP_ALIVE_SECONDS", &mut sockets.keep_alive);
        self.seconds("ASSISTANCE_SOCKET_IDLE_SECONDS", &mut sockets.idle_time);
        self.seconds("ASSISTANCE_SOCKET_SEND_SECONDS", &mut sockets.send_time);
        self.number("ASSISTANCE_SOCKET_QUEUE_BYTES", 1_024..=64 * 1024 * 1024, &mut sockets.queue_bytes);
    }

    fn http(&mut self, http: &mut Settings) {
        self.limits(&mut http.limits);
        self.sockets(&mut http.sockets);
        self.whole("ASSISTANCE_RATE_PER_SECOND", 0..=1_000_000, &mut http.rate.per_second);
        self.whole("ASSISTANCE_RATE_BURST", 1..=1_000_000_000, &mut http.rate.burst);
        self.parsed("ASSISTANCE_INTROSPECTION", "`open`, `roles` or `off`", &mut http.introspection);
        self.parsed("ASSISTANCE_STORED_ONLY", "`true` or `false`", &mut http.stored_only);
        let expected = "origins such as `https://portal.example`, apart by commas";
        self.list("ASSISTANCE_CORS_ORIGINS", expected, |item| item.parse().ok(), &mut http.origins.0);
        let expected = "addresses or networks such as `10.0.0.0/8`, apart by commas";
        self.list(
            "ASSISTANCE_TRUSTED_PROXIES",
            expected,
            |item| item.parse().ok(),
            &mut http.proxies.networks,
        );
        self.parsed("ASSISTANCE_PROXY_HEADER", "`x-forwarded-for` or `forwarded`", &mut http.proxies.header);
        self.seconds("ASSISTANCE_STOP_NOTICE_SECONDS", &mut http.stop.notice);
        self.seconds("ASSISTANCE_STOP_SECONDS", &mut http.stop.most);
    }

    /// A list with commas between; each item that is wrong is named.
    fn list<T>(&mut self, name: &str, expected: &str, read: impl Fn(&str) -> Option<T>, into: &mut Vec<T>) {
        let Some(list) = self.value(name) else { return };
        for item in list.split(',').map(str::trim) {
            match read(item) {
                Some(item) => into.push(item),
                None => self.wrong(name, item, expected),
            }
        }
    }

    fn number(&mut self, name: &str, range: RangeInclusive<usize>, into: &mut usize) {
        self.whole(name, range, into);
    }

    fn whole<T: FromStr + PartialOrd + fmt::Display>(
        &mut self,
        name: &str,
        range: RangeInclusive<T>,
        into: &mut T,
    ) {
        let Some(value) = self.value(name) else { return };
        match value.parse() {
            Ok(number) if range.contains(&number) => *into = number,
            _ => {
                self.wrong(
                    name,
                    &value,
                    &format!("a whole number from {} to {}", range.start(), range.end()),
                );
            }
        }
    }

    fn seconds(&mut self, name: &str, into: &mut Duration) {
        let mut seconds = usize::MAX;
        self.number(name, 1..=600, &mut seconds);
        if let Ok(seconds @ 1..=600) = u64::try_from(seconds) {
            *into = Duration::from_secs(seconds);
        }
    }

    fn wrong(&mut self, name: &str, value: &str, expected: &str) {
        self.errors.push(format!("`{name}` is `{value}`: expected {expected}"));
    }
}
