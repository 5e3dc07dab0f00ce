//! From the library's untyped tree to the typed one, with every mistake of names and types.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SourceInfo, operators};
use cel::parser::ParseErrors;

use super::literal::{Literal, closest, kind};
use super::scan::{Word, mistake, scan};
use super::tree::{Comparison, Node, Operand};
use super::{ConditionError, ParamType};
use crate::domain::facts::Fact;
use crate::domain::vocabulary::{ChoiceSet, FACTS, FactType, Level};

/// More than twice what [`super::Expression::MOST_NESTED`] brackets take without optimisation.
const PARSER_STACK: usize = 8 << 20;

/// Reads a condition.
pub(super) fn parse(
    text: &str,
    level: Level,
    param_type: &dyn Fn(&str) -> Option<ParamType>,
) -> Result<Node, Vec<ConditionError>> {
    let words = scan(text).map_err(|error| vec![error])?;
    let (tree, places) = library_tree(text)
        .ok_or_else(|| vec![unreadable()])?
        .map_err(|errors| vec![syntax_error(text, &words, &errors)])?;
    let mut checker = Checker { text, places, level, param_type, errors: Vec::new() };
    match checker.condition(&tree) {
        Some(root) if checker.errors.is_empty() => Ok(root),
        _ => {
            checker.errors.sort_by_key(|error| error.column);
            Err(checker.errors)
        }
    }
}

/// The library's tree. Its parser takes up to 150 kB of stack for a bracket, more than the thread of
/// a caller may have left, so it runs on a stack of its own; a panic of it would end there as well.
fn library_tree(text: &str) -> Option<Result<(IdedExpr, SourceInfo), ParseErrors>> {
    // An empty environment has no macros.
    let parse = || cel::Env::default().parser().enable_optional_syntax(false).parse_with_source_info(text);
    std::thread::scope(|scope| {
        std::thread::Builder::new().stack_size(PARSER_STACK).spawn_scoped(scope, parse).ok()?.join().ok()
    })
}

fn unreadable() -> ConditionError {
    ConditionError { column: None, message: "this cannot be read as a condition".into(), hint: None }
}

/// The first of the library's errors, in our words: which word it stumbled on.
fn syntax_error(text: &str, words: &[Word<'_>], errors: &ParseErrors) -> ConditionError {
    let byte = errors.errors.iter().find_map(|error| {
        let (line, column) = (usize::try_from(error.pos.0).ok()?, usize::try_from(error.pos.1).ok()?);
        let lines = text.split_inclusive('\n').take(line.checked_sub(1)?);
        let start = lines.map(str::len).sum::<usize>();
        let skipped = text.get(start..)?.chars().take(column.checked_sub(1)?);
        Some(start + skipped.map(char::len_utf8).sum::<usize>())
    });
    let Some(byte) = byte else {
        return unreadable();
    };
    match words.iter().find(|word| word.start >= byte) {
        Some(word) => mistake(text, word.start, format!("unexpected `{}`", word.text), None),
        None => mistake(text, text.len(), "the condition ends too early".into(), None),
    }
}

/// A value with its type, before it is known what it is compared with.
enum Term<'t> {
    Typed { operand: Operand, ty: FactType, name: String },
    Literal(Literal<'t>),
}

struct Checker<'t> {
    text: &'t str,
    places: SourceInfo,
    level: Level,
    param_type: &'t dyn Fn(&str) -> Option<ParamType>,
    errors: Vec<ConditionError>,
}

impl<'t> Checker<'t> {
    /// Reads something that is met or not.
    // INVARIANT: recursion is as deep as the text is nested, which the scan bounds; of the library's
    // tree of one long "and" or "or" it is logarithmic.
    fn condition(&mut self, expr: &'t IdedExpr) -> Option<Node> {
        match &expr.expr {
            Expr::Call(call) => match (call.func_name.as_str(), call.args.as_slice()) {
                (operators::LOGICAL_AND, [left, right]) => {
                    let parts = (self.condition(left), self.condition(right));
                    Some(Node::all(vec![parts.0?, parts.1?]))
                }
                (operators::LOGICAL_OR, [left, right]) => {
                    let parts = (self.condition(left), self.condition(right));
                    Some(Node::any(vec![parts.0?, parts.1?]))
                }
                (operators::LOGICAL_NOT, [inner]) => Some(Node::Not(Box::new(self.condition(inner)?))),
                (operators::IN, [item, list]) => self.membership(expr, item, list),
                (name, [left, right]) => match comparison(name) {
                    Some(comparison) => self.comparison(expr, left, comparison, right),
                    None => self.foreign(expr),
                },
                _ => self.foreign(expr),
            },
            _ => match self.term(expr)? {
                Term::Typed { operand, ty: FactType::Bool, .. } => Some(Node::Compare {
                    left: operand,
                    comparison: Comparison::Equal,
                    right: Operand::Value(1),
                }),
                Term::Typed { ty, name, .. } => {
                    let message = format!("`{name}` is {}, not a condition", kind(ty));
                    self.error(expr, message, Some("compare it with something".into()))
                }
                Term::Literal(Literal::Bool(value)) => Some(Node::Constant(value)),
                Term::Literal(literal) => {
                    self.error(expr, format!("{} is a value, not a condition", literal.written()), None)
                }
            },
        }
    }

    fn comparison(
        &mut self,
        at: &'t IdedExpr,
        left: &'t IdedExpr,
        comparison: Comparison,
        right: &'t IdedExpr,
    ) -> Option<Node> {
        let (first, second) = (self.term(left), self.term(right));
        let (left, comparison, ty, name, right) = match (first?, second?) {
            (Term::Literal(one), Term::Literal(other)) => {
                let message = format!("{} and {} are both fixed values", one.written(), other.written());
                return self.error(at, message, None);
            }
            (Term::Typed { operand, ty, name }, Term::Literal(literal)) => {
                let value = self.literal(right, literal, &name, ty)?;
                (operand, comparison, ty, name, Operand::Value(value))
            }
            (Term::Literal(literal), Term::Typed { operand, ty, name }) => {
                let value = self.literal(left, literal, &name, ty)?;
                (operand, comparison.flipped(), ty, name, Operand::Value(value))
            }
            (
                Term::Typed { operand, ty, name },
                Term::Typed { operand: other_operand, ty: other, name: other_name },
            ) => {
                if !same_type(ty, other) {
                    let message = format!(
                        "`{name}` is {} and `{other_name}` is {}: they cannot be compared",
                        described(ty),
                        described(other)
                    );
                    return self.error(at, message, None);
                }
                (operand, comparison, ty, name, other_operand)
            }
        };
        match ty {
            FactType::Flags(set) => self.not_comparable(at, &name, set),
            FactType::Bool | FactType::Choice(_) if comparison.orders() => {
                let message = format!("`{name}` is {} and has no order", kind(ty));
                self.error(at, message, Some("use `==`, `!=` or `in`".into()))
            }
            _ => Some(Node::Compare { left, comparison, right }),
        }
    }

    /// `x in [..]`, or `"code" in flags`.
    fn membership(&mut self, at: &'t IdedExpr, item: &'t IdedExpr, list: &'t IdedExpr) -> Option<Node> {
        let first = self.term(item);
        let Expr::List(literals) = &list.expr else {
            let Term::Typed { operand, ty, name } = self.term(list)? else {
                return self.error(list, "expected a list such as `[1, 2]` after `in`".into(), None);
            };
            return match (first?, ty) {
                (Term::Literal(literal), FactType::Flags(_)) => {
                    let index = self.literal(item, literal, &name, ty)?;
                    let mask = u32::try_from(index).ok().and_then(|index| 1_i64.checked_shl(index))?;
                    Some(Node::Has { operand, mask })
                }
                (Term::Typed { name: other, .. }, FactType::Flags(_)) => {
                    self.error(item, format!("expected a quoted code before `in`, not `{other}`"), None)
                }
                _ => {
                    let message = format!("`{name}` is {}, not a list", kind(ty));
                    self.error(list, message, None)
                }
            };
        };
        let (operand, ty, name) = match first? {
            Term::Typed { operand, ty, name } => (operand, ty, name),
            Term::Literal(literal) => {
                let message = format!("{} is a fixed value and so is the list", literal.written());
                return self.error(item, message, None);
            }
        };
        if let FactType::Flags(set) = ty {
            return self.not_comparable(at, &name, set);
        }
        if literals.elements.is_empty() {
            return self.error(at, "the list after `in` is empty".into(), None);
        }
        let mut values = Vec::with_capacity(literals.elements.len());
        for element in &literals.elements {
            match self.term(element) {
                Some(Term::Literal(literal)) => values.push(self.literal(element, literal, &name, ty)),
                Some(Term::Typed { name, .. }) => {
                    values.push(self.error(element, format!("`{name}` is not a fixed value"), None));
                }
                None => values.push(None),
            }
        }
        let mut values = values.into_iter().collect::<Option<Vec<_>>>()?;
        values.sort_unstable();
        values.dedup();
        Some(Node::OneOf { operand, values })
    }

    fn not_comparable<T>(&mut self, at: &IdedExpr, name: &str, set: &ChoiceSet) -> Option<T> {
        let code = set.values.first().map_or("", |value| value.code);
        let message = format!("`{name}` is a set of codes and cannot be compared");
        self.error(at, message, Some(format!("write `\"{code}\" in {name}`")))
    }

    /// Reads a fact, a parameter or a literal.
    fn term(&mut self, expr: &'t IdedExpr) -> Option<Term<'t>> {
        match &expr.expr {
            Expr::Ident(name) => match Fact::by_id(name) {
                Some(fact) => self.fact(expr, fact),
                None => self.unknown_name(expr, name),
            },
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(root) if root == "param" => self.param(expr, &select.field),
                Expr::Ident(root) => self.unknown_name(&select.operand, &format!("{root}.{}", select.field)),
                _ => self.error(expr, format!("unexpected `.{}`", select.field), None),
            },
            Expr::Literal(value) => match value {
                LiteralValue::Boolean(value) => Some(Term::Literal(Literal::Bool(*value.inner()))),
                LiteralValue::String(value) => Some(Term::Literal(Literal::Text(value.inner()))),
                LiteralValue::Int(_) | LiteralValue::Double(_) => match self.number(expr) {
                    Some(number) => Some(Term::Literal(number)),
                    None => self.foreign(expr),
                },
                LiteralValue::Null => {
                    let hint = "an unknown fact makes the answer unknown by itself";
                    self.error(expr, "a condition cannot use `null`".into(), Some(hint.into()))
                }
                LiteralValue::Bytes(_) | LiteralValue::UInt(_) => self.foreign(expr),
            },
            Expr::Call(call) if is_condition(call) => {
                let message = "expected a fact, a place parameter or a value here, not a condition";
                self.error(expr, message.into(), Some("combine conditions with `&&` and `||`".into()))
            }
            Expr::List(_) => self.error(expr, "a list can only stand after `in`".into(), None),
            _ => self.foreign(expr),
        }
    }

    fn fact(&mut self, expr: &'t IdedExpr, fact: Fact) -> Option<Term<'t>> {
        let def = fact.def();
        if def.level == Level::Person && self.level == Level::Household {
            let message =
                format!("`{}` is a fact of a person, and this condition is about the household", def.id);
            return self.error(expr, message, None);
        }
        Some(Term::Typed { operand: Operand::Fact(fact), ty: def.ty, name: def.id.to_owned() })
    }

    fn param(&mut self, expr: &'t IdedExpr, name: &str) -> Option<Term<'t>> {
        let ty = match (self.param_type)(name) {
            Some(ParamType::Money) => FactType::Money,
            Some(ParamType::Count) => FactType::Count { most: i64::MAX },
            Some(ParamType::Date) => FactType::Date,
            None => {
                return self.error(
                    expr,
                    format!("there is no place parameter `{name}` to compare with"),
                    None,
                );
            }
        };
        Some(Term::Typed { operand: Operand::Param(name.into()), ty, name: format!("param.{name}") })
    }

    fn unknown_name<T>(&mut self, expr: &IdedExpr, name: &str) -> Option<T> {
        if name == "param" {
            return self.error(expr, "`param` needs a name".into(), Some("write `param.NAME`".into()));
        }
        let by_path = FACTS.iter().find(|def| def.path == Some(name)).map(|def| def.id);
        let meant = by_path.or_else(|| closest(name, FACTS.iter().map(|def| def.id)));
        let hint = meant.map(|id| format!("did you mean `{id}`?"));
        self.error(expr, format!("there is no fact `{name}`"), hint)
    }

    /// A number as it was written. The library keeps a decimal only as a float, so it is read again.
    fn number(&self, expr: &IdedExpr) -> Option<Literal<'t>> {
        let (start, last) = self.places.offset_for(expr.id)?;
        let (start, last) = (usize::try_from(start).ok()?, usize::try_from(last).ok()?);
        let digits = self.text.get(start..=last)?;
        let negative = self.text.get(..start)?.ends_with('-');
        Some(Literal::Number { digits, negative })
    }

    fn literal(&mut self, expr: &IdedExpr, value: Literal<'_>, name: &str, ty: FactType) -> Option<i64> {
        value.value(name, ty).map_err(|(message, hint)| self.error::<()>(expr, message, hint)).ok()
    }

    /// Something that the scan lets through but that is not part of a condition.
    fn foreign<T>(&mut self, expr: &IdedExpr) -> Option<T> {
        self.error(expr, "this is not part of a condition".into(), None)
    }

    fn error<T>(&mut self, expr: &IdedExpr, message: String, hint: Option<String>) -> Option<T> {
        let start = self.places.offset_for(expr.id).and_then(|(start, _)| usize::try_from(start).ok());
        self.errors.push(match start {
            Some(start) => mistake(self.text, start, message, hint),
            None => ConditionError { column: None, message, hint },
        });
        None
    }
}

fn comparison(name: &str) -> Option<Comparison> {
    match name {
        operators::EQUALS => Some(Comparison::Equal),
        operators::NOT_EQUALS => Some(Comparison::NotEqual),
        operators::LESS => Some(Comparison::Less),
        operators::LESS_EQUALS => Some(Comparison::AtMost),
        operators::GREATER => Some(Comparison::Greater),
        operators::GREATER_EQUALS => Some(Comparison::AtLeast),
        _ => None,
    }
}

fn is_condition(call: &CallExpr) -> bool {
    let logical = [operators::LOGICAL_AND, operators::LOGICAL_OR, operators::LOGICAL_NOT, operators::IN];
    comparison(&call.func_name).is_some() || logical.contains(&call.func_name.as_str())
}

fn same_type(left: FactType, right: FactType) -> bool {
    match (left, right) {
        (FactType::Choice(left), FactType::Choice(right))
        | (FactType::Flags(left), FactType::Flags(right)) => std::ptr::eq(left, right),
        _ => std::mem::discriminant(&left) == std::mem::discriminant(&right),
    }
}

/// The type, and for a list which one.
fn described(ty: FactType) -> String {
    match ty {
        FactType::Choice(set) | FactType::Flags(set) => format!("{} of `{}`", kind(ty), set.name),
        _ => kind(ty).to_owned(),
    }
}
