//! The URL of a PostgreSQL database, read more strictly than the driver reads it.

use std::fmt::Write;

use percent_encoding::percent_decode_str;

/// A database of a PostgreSQL server.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::store) struct Server {
    /// A name, an address, or the folder of a socket; `None` is a socket where servers on this machine have it.
    host: Option<String>,
    port: Option<u16>,
    /// `None` is the user of the operating system.
    user: Option<String>,
    /// `None` is left to the driver, which looks into PGPASSWORD and ~/.pgpass.
    password: Option<String>,
    database: String,
    /// Whether a connection without encryption was asked for in so many words.
    plain: bool,
}

/// Where Debian's servers have their sockets, and where those built from the sources do.
const SOCKETS: &str = "/var/run/postgresql,/tmp";

/// How long connecting to one address may take, in seconds.
const CONNECT_TIMEOUT: u32 = 10;

impl Server {
    /// Reads what follows the scheme and its colon.
    pub(super) fn parse(rest: &str) -> Result<Self, &'static str> {
        let rest = rest.strip_prefix("//").ok_or("after the scheme comes `//`")?;
        if rest.chars().any(|char| char.is_whitespace() || char.is_control()) {
            return Err("there is white space or a control character in it; escape it with `%`");
        }
        if rest.contains('#') {
            return Err("a `#` is escaped as `%23`");
        }
        let (rest, options) = rest.split_once('?').map_or((rest, ""), |(rest, options)| (rest, options));
        let (authority, database) = rest.split_once('/').ok_or("no database is named after the host")?;
        if database.contains('/') {
            return Err("the name of the database has a `/`, or one in the password is not escaped as `%2F`");
        }
        let (login, place) = match authority.rsplit_once('@') {
            Some((login, _)) if login.contains('@') => {
                return Err("an `@` in a password is escaped as `%40`");
            }
            Some((login, place)) => (Some(login), place),
            None => (None, authority),
        };
        let mut server = Self {
            host: None,
            port: None,
            user: None,
            password: None,
            database: decoded(database)?,
            plain: false,
        };
        if let Some(login) = login {
            let (user, password) =
                login.split_once(':').map_or((login, None), |(user, pass)| (user, Some(pass)));
            server.user = Some(decoded(user)?).filter(|user| !user.is_empty());
            server.password = password.map(decoded).transpose()?;
        }
        let (host, port) = place_of(place)?;
        server.host = Some(decoded(host)?).filter(|host| !host.is_empty());
        server.port = port.map(number).transpose()?;
        for option in options.split('&').filter(|option| !option.is_empty()) {
            server.option(option)?;
        }
        server.check()?;
        Ok(server)
    }

    fn option(&mut self, option: &str) -> Result<(), &'static str> {
        let (name, value) = option.split_once('=').ok_or("an option has no value")?;
        let value = decoded(value)?;
        match name {
            "host" if self.host.is_none() => self.host = Some(value),
            "port" if self.port.is_none() => self.port = Some(number(&value)?),
            "user" if self.user.is_none() => self.user = Some(value),
            "password" if self.password.is_none() => self.password = Some(value),
            "host" | "port" | "user" | "password" => {
                return Err("an option says again what is said before it");
            }
            "sslmode" if value == "disable" => self.plain = true,
            "sslmode" => {
                return Err(
                    "this program makes no encrypted connection to a database; go through a tunnel and \
                            write `sslmode=disable`",
                );
            }
            _ => return Err("the options are `host`, `port`, `user`, `password` and `sslmode=disable`"),
        }
        Ok(())
    }

    fn check(&self) -> Result<(), &'static str> {
        if self.database.is_empty() {
            return Err("no database is named after the host");
        }
        if self.host.as_ref().is_some_and(|host| host.is_empty() || host.contains(',')) {
            return Err("it names one host, or the folder of a socket");
        }
        if !self.is_here() && !self.plain {
            return Err(
                "the host is another machine, and what goes there is not encrypted; go through a tunnel, or \
                        write `sslmode=disable` if the way is safe",
            );
        }
        Ok(())
    }

    /// Whether the server, or the near end of a tunnel to it, is on this machine.
    fn is_here(&self) -> bool {
        self.host.as_ref().is_none_or(|host| {
            let names = ["localhost", "127.0.0.1", "::1"];
            host.starts_with('/') || names.iter().any(|name| host.eq_ignore_ascii_case(name))
        })
    }

    /// The connection string of the driver; both ends ask after so many seconds of silence whether the other is still
    /// there. Only what goes over a network is told so: a socket has no such setting.
    pub(in crate::store) fn parameters(&self, silence: u32) -> String {
        let mut text = format!(
            "application_name='assistance-toolbox' client_encoding='UTF8' connect_timeout='{CONNECT_TIMEOUT}' \
             keepalives_idle='{silence}' keepalives_interval='10' keepalives_count='3'"
        );
        let mut add = |name: &str, value: &str| {
            let value = value.replace('\\', "\\\\").replace('\'', "\\'");
            // Writing into a string does not fail.
            let _written = write!(text, " {name}='{value}'");
        };
        add("host", self.host.as_deref().unwrap_or(SOCKETS));
        add("dbname", &self.database);
        if let Some(port) = self.port {
            add("port", &port.to_string());
        }
        if let Some(user) = &self.user {
            add("user", user);
        }
        if let Some(password) = &self.password {
            add("password", password);
        }
        if self.plain {
            add("sslmode", "disable");
        }
        text
    }
}

impl std::fmt::Debug for Server {
    /// Without the password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Server")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.user)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

/// Host and port; an IPv6 address stands in brackets.
fn place_of(place: &str) -> Result<(&str, Option<&str>), &'static str> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or("an IPv6 address has no closing bracket")?;
            let port = after.strip_prefix(':');
            if port.is_none() && !after.is_empty() {
                return Err("after an IPv6 address comes the port");
            }
            (host, port)
        }
        None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
    };
    Ok((host, port))
}

fn number(text: &str) -> Result<u16, &'static str> {
    let port = text.parse().ok().filter(|port| *port > 0);
    port.ok_or("the port is no number from 1 to 65535")
}

/// The text without escapes.
fn decoded(text: &str) -> Result<String, &'static str> {
    let mut parts = text.split('%');
    parts.next();
    let whole =
        |part: &str| part.get(..2).is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !parts.all(whole) {
        return Err("a `%` is escaped as `%25`");
    }
    let text = percent_decode_str(text).decode_utf8().map_err(|_error| "an escape is not UTF-8")?;
    if text.chars().any(char::is_control) {
        return Err("an escape is a control character");
    }
    Ok(text.into_owned())
}
