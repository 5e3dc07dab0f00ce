//! Who is asking, what each may do, and what is recorded of it: through the real app.

mod app;
mod audit;
mod cli;
mod deliveries;
mod dry_runs;
mod matrix;
mod numbers;
mod proposals;
mod purpose;
mod random;
mod reference;
mod registries;
mod remote;
mod sockets;
mod table;
mod tokens;

use app::{Answer, App, app, app_on};
use assistance_toolbox::app::access::Role;
use serde_json::{Value, json};

/// The claims of a token that is right.
fn claims(roles: &[Role], department: Option<&str>, region: Option<&str>) -> Value {
    let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    let mut claims = json!({
        "iss": app::ISSUER, "aud": app::AUDIENCE, "sub": "zhang.san", "roles": roles,
        "nbf": app::NOW, "exp": app::NOW + 600,
    });
    for (name, value) in [("department", department), ("region", region)] {
        if let Some(value) = value {
            claims[name] = json!(value);
        }
    }
    claims
}
