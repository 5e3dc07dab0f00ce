//! Places: what each one sets, and the measures it opens to further identities.

use super::common::{
    PERIODS, both, identities, identity, known_name, known_names, notes, sources, tables, unless_bad,
    validity, word,
};
use super::diagnostic::{Site, codes};
use super::draft::ReadPlace;
use super::names::Names;
use super::terms::{bands, parameter};
use crate::documents::reader::{Node, Table};
use crate::documents::tree::Value;
use crate::domain::catalogue::{Extension, ParameterRow, ParameterType, ParameterValue, Place};

/// The place of a file of this stem.
pub(super) fn place<'f>(
    table: &Table<'_>,
    file: &'f str,
    stem: &str,
    names: &Names,
) -> Option<ReadPlace<'f>> {
    let id = word(table, "id");
    if id.as_deref().is_some_and(|id| id != stem) {
        let message = format!("the place of this file is called `{}`", id.as_deref().unwrap_or_default());
        table.refuse_key("id", codes::FILE_NAME, message, Some(format!("`{stem}`, as the file")));
    }
    let name = both(table, "zh", "en");
    let extends =
        table.get("extends").map(|node| known_name(&node, &names.places, codes::UNKNOWN_PLACE, "place"));
    let notes = notes(table, names);
    let rows = tables(table.get("parameters"), |table| Some((row(table, names)?, table.line())));
    let extensions = tables(table.get("extensions"), |table| Some((extension(table, names)?, table.line())));
    let site = |line| Site { file, line };
    let (parameters, rows) = rows.into_iter().flatten().map(|(row, line)| (row, site(line))).unzip();
    let (extensions, extension_sites) =
        extensions.into_iter().flatten().map(|(extension, line)| (extension, site(line))).unzip();
    let extends = unless_bad(extends)?;
    Some(ReadPlace {
        place: Place { id: id?, name: name?, extends, notes, parameters, extensions },
        site: site(table.line()),
        rows,
        extensions: extension_sites,
    })
}

fn row(table: &Table<'_>, names: &Names) -> Option<ParameterRow> {
    let name = table
        .need("name")
        .and_then(|node| known_name(&node, &names.parameters, codes::UNKNOWN_PARAMETER, "parameter"));
    let validity = validity(table);
    let ty = name.as_ref().and_then(|name| names.type_of(name));
    let value = table.need("value");
    let value = if let (Some(ty), Some(node)) = (ty, value) {
        value_of(table, &node, ty, names)
    } else {
        table.leave_rest();
        None
    };
    let sources = sources(table, "source", names);
    Some(ParameterRow { name: name?, validity: validity?, value: value?, sources: sources? })
}

fn value_of(table: &Table<'_>, node: &Node<'_>, ty: ParameterType, names: &Names) -> Option<ParameterValue> {
    match ty {
        ParameterType::Money => match node.value() {
            Value::Text(text) if text == "none" => Some(ParameterValue::None),
            Value::Table(_) => {
                let share = node.table()?;
                let rate = share.need("rate").and_then(|node| node.rate());
                let of = share.need("of");
                share.finish();
                let of = of.and_then(|node| parameter(&node, node.text()?, ParameterType::Money, names));
                Some(ParameterValue::Share { rate: rate?, of: of? })
            }
            _ => {
                let per = table.get("per").map(|node| node.choice(&PERIODS));
                let amount = node.money();
                Some(ParameterValue::Money { amount: amount?, period: unless_bad(per)? })
            }
        },
        ParameterType::Rate => node.rate().map(ParameterValue::Rate),
        ParameterType::Factor => node.factor().map(ParameterValue::Rate),
        ParameterType::Price => node.price().map(ParameterValue::Price),
        ParameterType::Bands => bands(node).map(ParameterValue::Bands),
        ParameterType::Date => node.date().map(ParameterValue::Date),
        ParameterType::Count => node.whole(0, super::parts::MOST_UNITS).map(ParameterValue::Count),
    }
}

fn extension(table: &Table<'_>, names: &Names) -> Option<Extension> {
    let id = word(table, "id");
    let text = both(table, "zh", "en");
    let validity = validity(table);
    let measures = known_names(table.need("measures"), &names.measures, codes::UNKNOWN_MEASURE, "measure");
    let like = table.need("like").and_then(|node| identity(&node));
    let to = table.need("to").and_then(|node| identities(&node));
    let sources = sources(table, "source", names);
    Some(Extension {
        id: id?,
        text: text?,
        validity: validity?,
        measures: measures?,
        like: like?,
        to: to?,
        sources: sources?,
    })
}
