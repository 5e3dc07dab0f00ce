//! The configuration, and the file that documents it.

use std::{collections::BTreeMap, time::Duration};

use assistance_toolbox::{
    config::{Config, ConfigErrors, Jwks, VARIABLES},
    telemetry::LogFormat,
};

fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let map: BTreeMap<String, String> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::read(|name| map.get(name).cloned(), map.keys().cloned())
}

#[test]
fn nothing_set_is_the_default() {
    assert_eq!(read(&[]).unwrap(), Config::default());
    assert_eq!(read(&[("PATH", "/bin"), ("ASSISTANCE_LOG", " ")]).unwrap(), Config::default());
}

/// `.env.example` lists every variable once, in order, with its default.
#[test]
fn the_example_is_in_step_with_the_program() {
    let text = include_str!("../../.env.example");
    let pairs: Vec<(String, String)> = dotenvy::from_read_iter(text.as_bytes()).map(Result::unwrap).collect();
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, VARIABLES);
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(read(&pairs).unwrap(), Config::default());
    // Each value of the example is one that the program would read, or stands for none.
    let empty: Vec<&str> = pairs.iter().filter(|pair| pair.1.is_empty()).map(|pair| pair.0).collect();
    assert_eq!(
        empty,
        [
            "ASSISTANCE_JWKS",
            "ASSISTANCE_JWKS_CERTIFICATES",
            "ASSISTANCE_TOKEN_ISSUER",
            "ASSISTANCE_TOKEN_AUDIENCE",
            "ASSISTANCE_ID_KEYS",
            "ASSISTANCE_PINNED_DOCUMENTS",
            "ASSISTANCE_STORED_DOCUMENTS",
            "ASSISTANCE_CORS_ORIGINS",
            "ASSISTANCE_TRUSTED_PROXIES",
        ]
    );
}

#[test]
fn every_variable_changes_something() {
    for name in VARIABLES {
        let value = match name {
            "ASSISTANCE_ADDRESS" => "[::1]:9".to_owned(),
            "ASSISTANCE_DATABASE_URL" => "sqlite::memory:".to_owned(),
            "ASSISTANCE_LOG_FORMAT" => "json".to_owned(),
            "ASSISTANCE_LIMIT_DEPTH" => "20".to_owned(),
            "ASSISTANCE_LIMIT_BODY_BYTES"
            | "ASSISTANCE_LIMIT_DOCUMENT_BYTES"
            | "ASSISTANCE_LIMIT_VARIABLE_BYTES"
            | "ASSISTANCE_SOCKET_QUEUE_BYTES" => "5000".to_owned(),
            "ASSISTANCE_CORS_ORIGINS" => "https://a.example, https://b.example:8443".to_owned(),
            "ASSISTANCE_TRUSTED_PROXIES" => "10.0.0.0/8, ::1".to_owned(),
            "ASSISTANCE_INTROSPECTION" => "off".to_owned(),
            "ASSISTANCE_STORED_ONLY" => "true".to_owned(),
            "ASSISTANCE_PROXY_HEADER" => "forwarded".to_owned(),
            "ASSISTANCE_PINNED_DOCUMENTS" => format!("{}, {}", "ab".repeat(32), "cd".repeat(32)),
            _ => "55".to_owned(),
        };
        assert_ne!(read(&[(name, &value)]).unwrap(), Config::default(), "{name}");
    }
    let config = read(&[("ASSISTANCE_LIMIT_BODY_SECONDS", "3"), ("ASSISTANCE_LOG_FORMAT", "json")]).unwrap();
    assert_eq!(config.http.limits.body_time, Duration::from_secs(3));
    assert_eq!(config.log_format, LogFormat::Json);
}

#[test]
fn a_wrong_database_url_is_not_repeated() {
    let ConfigErrors(errors) =
        read(&[("ASSISTANCE_DATABASE_URL", "mysql://user:secret@host/a")]).unwrap_err();
    let expected = "`ASSISTANCE_DATABASE_URL`: unsupported scheme `mysql` in the database URL; supported are `sqlite` \
                    and `postgres`";
    assert_eq!(errors, [expected]);
    let ConfigErrors(errors) =
        read(&[("ASSISTANCE_DATABASE_URL", "postgres://user:secret@localhost")]).unwrap_err();
    assert!(errors[0].contains("no database is named") && !errors[0].contains("secret"), "{errors:?}");
}

#[test]
fn keys_stand_in_a_file_or_at_an_address_that_is_safe() {
    let jwks = |value: &str| read(&[("ASSISTANCE_JWKS", value)]).map(|config| config.jwks.unwrap());
    assert_eq!(jwks("data/jwks.json"), Ok(Jwks::File("data/jwks.json".into())));
    let url = "https://issuer.example/jwks.json";
    assert_eq!(jwks(url), Ok(Jwks::Url(url.parse().unwrap())));
    let ConfigErrors(errors) = jwks("http://user:secret@issuer.example/jwks.json").unwrap_err();
    assert!(errors[0].starts_with("`ASSISTANCE_JWKS`: keys are fetched from `https://`"), "{errors:?}");
    assert!(!errors[0].contains("secret"), "{errors:?}");
}

#[test]
fn all_errors_come_in_one_go_and_name_their_variable() {
    let errors = read(&[
        ("ASSISTANCE_LIMIT_FIELD", "100"),
        ("ASSISTANCE_ADDRESS", "localhost"),
        ("ASSISTANCE_LOG_FORMAT", "xml"),
        ("ASSISTANCE_LIMIT_BRACKETS", "100000"),
        ("ASSISTANCE_LIMIT_BODY_SECONDS", "0"),
        ("ASSISTANCE_LIMIT_TOKENS", "-1"),
        ("ASSISTANCE_PINNED_DOCUMENTS", "abc"),
        ("ASSISTANCE_CORS_ORIGINS", "https://a.example, *"),
        ("ASSISTANCE_TRUSTED_PROXIES", "localhost"),
    ])
    .unwrap_err();
    insta::assert_snapshot!(errors.to_string(), @"
    `ASSISTANCE_LIMIT_FIELD` is no variable of this program: did you mean `ASSISTANCE_LIMIT_FIELDS`?
    `ASSISTANCE_ADDRESS` is `localhost`: expected an address and port such as `127.0.0.1:8080`
    `ASSISTANCE_LOG_FORMAT` is `xml`: expected `text` or `json`
    `ASSISTANCE_LIMIT_BODY_SECONDS` is `0`: expected a whole number from 1 to 600
    `ASSISTANCE_LIMIT_BRACKETS` is `100000`: expected a whole number from 4 to 100
    `ASSISTANCE_LIMIT_TOKENS` is `-1`: expected a whole number from 16 to 10000
    `ASSISTANCE_PINNED_DOCUMENTS` is `abc`: expected SHA-256 digests in hexadecimal, apart by commas
    `ASSISTANCE_CORS_ORIGINS` is `*`: expected origins such as `https://portal.example`, apart by commas
    `ASSISTANCE_TRUSTED_PROXIES` is `localhost`: expected addresses or networks such as `10.0.0.0/8`, apart by commas
    ");
}
