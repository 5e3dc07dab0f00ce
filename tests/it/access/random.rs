//! Random documents of the real schema, by everybody who may ask: none is answered with a fault of the service.
//!
//! The schema itself says what can be asked: a tape of bytes chooses fields, arguments and values, good and bad ones.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use assistance_toolbox::app::access::Role;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::{App, app_on, claims};
use crate::support::database::{Backend, on_both};
use crate::support::root;

on_both! {
    no_document_is_answered_with_a_fault,
}

/// The types of the schema, by name.
type Types = BTreeMap<String, TypeKind>;

fn types() -> Types {
    let sdl = std::fs::read_to_string(root().join("schema.graphql")).unwrap();
    let types = parse_schema(sdl).unwrap().definitions.into_iter().filter_map(|one| match one {
        TypeSystemDefinition::Type(one) => Some((one.node.name.node.to_string(), one.node.kind)),
        _ => None,
    });
    types.collect()
}

/// Writes documents; the tape decides. What stands behind its end is 0.
struct Writer<'t> {
    types: &'t Types,
    tape: std::slice::Iter<'t, u8>,
    text: String,
}

impl Writer<'_> {
    fn choose(&mut self, below: usize) -> usize {
        let [high, low] = [(); 2].map(|()| usize::from(*self.tape.next().unwrap_or(&0)));
        (high * 256 + low) % below.max(1)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.choose(of.len())]
    }

    /// One of these; most often the first, which is a good one.
    fn one_of(&mut self, texts: &[&str]) {
        let text = if self.choose(2) == 0 { texts[0] } else { *self.pick(texts) };
        self.text.push_str(text);
    }

    fn document(&mut self) {
        let root = *self.pick(&["Query", "Query", "Mutation"]);
        self.text.push_str(if root == "Mutation" { "mutation" } else { "query" });
        self.text.push_str(" { ");
        for number in 0..=self.choose(2) {
            write!(self.text, "r{number}: ").unwrap();
            self.field(root, 4);
        }
        self.text.push('}');
    }

    /// A field of a type with all that it needs.
    fn field(&mut self, of: &str, depth: usize) {
        let fields = match &self.types[of] {
            TypeKind::Object(object) => &object.fields,
            TypeKind::Interface(interface) => &interface.fields,
            _ => return self.text.push_str("__typename "),
        };
        let field: &FieldDefinition = &self.pick(fields).node;
        self.text.push_str(&field.name.node);
        let arguments = field.arguments.iter().map(|one| &one.node).collect::<Vec<_>>();
        self.values(&arguments, ('(', ')'), 4);
        self.text.push(' ');
        self.selection(&field.ty.node, depth);
    }

    fn selection(&mut self, of: &Type, depth: usize) {
        let name = named(of);
        if !matches!(
            self.types.get(name),
            Some(TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_))
        ) {
            return;
        }
        self.text.push_str("{ __typename ");
        for number in 0..self.choose(5).min(depth) {
            write!(self.text, "f{number}: ").unwrap();
            self.field(name, depth - 1);
        }
        self.text.push_str("} ");
    }

    /// Arguments, or the fields of an input object: what must be there, and some of what may.
    fn values(&mut self, all: &[&InputValueDefinition], (open, close): (char, char), depth: usize) {
        let mut begun = false;
        for one in all {
            let optional = one.ty.node.nullable || one.default_value.is_some();
            if optional && (depth == 0 || self.choose(3) > 0) {
                continue;
            }
            self.text.push_str(if begun { ", " } else { "" });
            if !begun {
                self.text.push(open);
            }
            begun = true;
            write!(self.text, "{}: ", one.name.node).unwrap();
            self.value(&one.ty.node, &one.name.node, depth);
        }
        if begun {
            self.text.push(close);
        } else if open == '{' {
            self.text.push_str("{}");
        }
    }

    fn value(&mut self, of: &Type, name: &str, depth: usize) {
        if of.nullable && self.choose(16) == 0 {
            return self.text.push_str("null");
        }
        match &of.base {
            BaseType::List(item) => {
                self.text.push('[');
                for _ in 0..self.choose(3) {
                    self.value(item, name, depth.saturating_sub(1));
                    self.text.push(' ');
                }
                self.text.push(']');
            }
            BaseType::Named(kind) => match self.types.get(kind.as_str()) {
                Some(TypeKind::Enum(values)) => {
                    let value = &self.pick(&values.values).node.value.node;
                    self.text.push_str(value);
                }
                Some(TypeKind::InputObject(object)) => {
                    let fields = object.fields.iter().map(|one| &one.node).collect::<Vec<_>>();
                    if object.fields.iter().all(|one| one.node.ty.node.nullable) && self.choose(2) == 0 {
                        // One field alone, as the inputs need of which exactly one is to be given.
                        let one = fields[self.choose(fields.len())];
                        write!(self.text, "{{ {}: ", one.name.node).unwrap();
                        self.value(&Type { nullable: false, ..one.ty.node.clone() }, &one.name.node, depth);
                        return self.text.push('}');
                    }
                    self.values(&fields, ('{', '}'), depth.saturating_sub(1));
                }
                _ => self.scalar(kind, name),
            },
        }
    }

    /// A value of a scalar: mostly one that means something for an argument of this name.
    fn scalar(&mut self, kind: &str, name: &str) {
        let name = name.to_lowercase();
        match kind {
            "Boolean" => self.one_of(&["true", "false"]),
            "Int" => self.one_of(&["1", "2", "10", "0", "-1", "100", "101", "2147483647", "-2147483648"]),
            "Date" => {
                self.one_of(&[
                    "\"2024-06-01\"",
                    "\"2024-05-02\"",
                    "\"1900-01-01\"",
                    "\"9999-12-31\"",
                    "\"2024-02-30\"",
                ]);
            }
            "Decimal" => self.one_of(&[
                "\"762.00\"",
                "1",
                "\"0.001\"",
                "\"-3\"",
                "\"10000000\"",
                "\"99999999999999999999\"",
            ]),
            "ID" => self.one_of(&[
                "\"SG91c2Vob2xkOkgx\"",
                "\"TWVhc3VyZTpEMQ\"",
                "\"\"",
                "\"=\"",
                "\"SG91c2Vob2xkOuWPvOWPvA\"",
                "\"aG91c2Vob2xkOkgA\"",
            ]),
            _ if name.contains("place") => {
                self.one_of(&["\"huaibei\"", "\"longnan\"", "\"baseline\"", "\"\""]);
            }
            _ if name.contains("measure") => self.one_of(&["\"S1\"", "\"D1\"", "\"C3\"", "\"X\""]),
            _ if name.contains("department") => self.one_of(&["\"civil_affairs\"", "\"education\"", "\"?\""]),
            _ if name.contains("region") || name.contains("town") => {
                self.one_of(&["\"99\"", "\"990101001\"", "\"990102001\"", "\"1\"", "\"镇\""]);
            }
            _ if name.contains("household") => self.one_of(&["\"H1\"", "\"H2\"", "\"\"", "\"户\""]),
            _ if name.contains("period") => self.one_of(&["\"2024-05\"", "\"2024\"", "\"2024-13\"", "\"\""]),
            _ if name.contains("file") || name == "text" => {
                self.one_of(&[
                    "\"measures/D1.toml\"",
                    "\"id = \\\"D1\\\"\"",
                    "\"../x\"",
                    "\"[[\"",
                    "\"\"\"\n[a]\nb = 1\"\"\"",
                ]);
            }
            _ => self.one_of(&[
                "\"H1\"",
                "\"p1\"",
                "\"张三\"",
                "\"\"",
                "\"\\u0001\"",
                "\"11010519491231002X\"",
                "\"2024-06-01T00:00:00Z\"",
            ]),
        }
    }
}

fn named(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}

/// Somebody who may ask: of all roles, of one, or nobody.
fn askers() -> Vec<Option<Value>> {
    let role = |role: &Role| {
        let department = (*role == Role::Officer).then_some("civil_affairs");
        let region = (*role == Role::Caseworker).then_some("990101");
        claims(&[*role], department, region)
    };
    let all = claims(&Role::ALL, Some("civil_affairs"), None);
    let each = [all.clone(), all.clone(), all].into_iter().chain(Role::ALL.iter().map(role));
    each.map(Some).chain([None]).collect()
}

fn filled(backend: Backend) -> App {
    let app = app_on(backend);
    app.save("H1", Some("990101001"));
    app.save("H2", Some("990102001"));
    app.pay("H1", "May", "2024-05");
    app.plant_event("H1", Some("990101001"));
    app
}

fn no_document_is_answered_with_a_fault(backend: Backend) {
    let config =
        ProptestConfig { cases: backend.cases(24), failure_persistence: None, ..ProptestConfig::default() };
    let strategy = prop::collection::vec((prop::collection::vec(any::<u8>(), 400), 0..10_usize), 12);
    let (types, askers) = (types(), askers());
    let run = TestRunner::new(config).run(&strategy, |tapes| {
        let documents = tapes.iter().map(|(tape, asker)| {
            let mut writer = Writer { types: &types, tape: tape.iter(), text: String::new() };
            writer.document();
            (writer.text, askers[asker % askers.len()].clone())
        });
        let app = filled(backend);
        actix_web::rt::System::new().block_on(async {
            for (document, asker) in documents {
                let answer = app.ask(&document, asker.as_ref()).await;
                let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
                let codes = errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap_or(""));
                let fault = codes.clone().any(|code| code.is_empty() || code == "INTERNAL_SERVER_ERROR");
                assert!(answer.status < 500 && !fault, "{document}\n{}", answer.body);
                let quoted = errors.iter().any(|error| error.to_string().contains("11010519491231002X"));
                assert!(!quoted, "{document}\n{}", answer.body);
            }
        });
        Ok(())
    });
    run.unwrap();
}
