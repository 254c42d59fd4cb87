//! How much a header looks like the name of a field, and which currency it names.

use shelfiq_core::CurrencyCode;

use crate::Field;
use crate::mapping::normalise;

/// How a header names a field, the surest way last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// A synonym stands in it among words that narrow nothing: `Order ref`, `Quantity per line`, `Unit price (GBP)`.
    Part,
    /// It is a synonym.
    Synonym,
    /// It is the field's own name.
    Name,
}

/// Words that may stand beside a synonym without making it mean something else.
const NARROWS_NOTHING: [&str; 42] = [
    "no",
    "nr",
    "num",
    "number",
    "id",
    "ref",
    "reference",
    "code",
    "item",
    "product",
    "line",
    "order",
    "ordered",
    "unit",
    "units",
    "each",
    "per",
    "sale",
    "sales",
    "sold",
    "selling",
    "purchase",
    "purchased",
    "invoice",
    "customer",
    "buyer",
    "net",
    "gross",
    "incl",
    "inc",
    "including",
    "excl",
    "ex",
    "excluding",
    "vat",
    "tax",
    "utc",
    "local",
    "time",
    "of",
    "in",
    "the",
];
/// Currencies that headers name in practice. Other codes are words too often: `ALL`, `CUP`, `TOP`.
const NAMED_IN_HEADERS: [&str; 20] = [
    "usd", "eur", "gbp", "jpy", "chf", "cad", "aud", "nzd", "sek", "nok", "dkk", "pln", "czk", "huf", "inr", "cny",
    "brl", "mxn", "sgd", "zar",
];
/// Shorter synonyms are part of too many headers.
const PART_CHARS_MIN: usize = 3;

/// How a header names a field; `None` if it does not.
pub(crate) fn likeness(header: &str, field: Field) -> Option<Likeness> {
    let (name, synonyms) = field.synonyms().split_first()?;
    let whole = normalise(header);
    if whole == normalise(name) {
        return Some(Likeness::Name);
    }
    if synonyms.contains(&whole.as_str()) {
        return Some(Likeness::Synonym);
    }
    let words = words(header);
    let narrows_nothing =
        |word: &String| NARROWS_NOTHING.contains(&word.as_str()) || NAMED_IN_HEADERS.contains(&word.as_str());
    let is_synonym = |run: &[String]| {
        let run = run.concat();
        run.len() >= PART_CHARS_MIN && (normalise(name) == run || synonyms.contains(&run.as_str()))
    };
    let runs = (0..words.len()).flat_map(|from| (from + 1..=words.len()).map(move |to| (from, to)));
    let mut parts = runs.filter(|(from, to)| words[..*from].iter().chain(&words[*to..]).all(narrows_nothing));
    parts.any(|(from, to)| is_synonym(&words[from..to])).then_some(Likeness::Part)
}

/// The currency that the header of an amount names at its end: `Price (GBP)`, `price_eur`, `Total £`.
pub(crate) fn header_currency(header: &str) -> Option<CurrencyCode> {
    let end = header.trim().trim_end_matches([')', ']', '.']);
    if end.ends_with('£') {
        return Some(CurrencyCode::GBP);
    }
    if end.ends_with('€') {
        return Some(CurrencyCode::EUR);
    }
    let words = words(header);
    let last = words.last().filter(|last| words.len() > 1 && NAMED_IN_HEADERS.contains(&last.as_str()))?;
    CurrencyCode::new(last).ok()
}

/// Whether a header speaks of somebody else's shop in so many words.
pub(crate) fn names_rivals(header: &str) -> bool {
    words(header).iter().any(|word| matches!(word.as_str(), "rival" | "rivals" | "competitor" | "competitors"))
}

/// The words of a header in lower case; `orderRef` has two.
fn words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in header.chars() {
        if !character.is_alphanumeric() || (was_lower && character.is_uppercase()) {
            words.push(String::new());
        }
        was_lower = character.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, field: Field, expected: Option<Likeness>) {
        assert_eq!(likeness(header, field), expected, "{header} as {field}");
    }

    #[test]
    fn a_header_names_a_field_by_name_by_synonym_or_in_part() {
        check("order_id", Field::OrderId, Some(Likeness::Name));
        check("Order ID", Field::OrderId, Some(Likeness::Name));
        check("Invoice No", Field::OrderId, Some(Likeness::Synonym));
        check("orderReferenceCode", Field::OrderId, Some(Likeness::Part));
        check("Qty ordered", Field::Quantity, Some(Likeness::Synonym));
        check("Quantity per line", Field::Quantity, Some(Likeness::Part));
        check("Unit price incl. VAT (GBP)", Field::UnitPrice, Some(Likeness::Part));
    }

    #[test]
    fn a_word_that_changes_the_meaning_is_no_part() {
        check("Order total", Field::OrderId, None);
        check("Order status", Field::OrderId, None);
        check("on order", Field::OrderId, None);
        check("Cost price", Field::UnitPrice, None);
        check("Min quantity", Field::Quantity, None);
    }

    #[test]
    fn headers_of_amounts_may_name_the_currency() {
        assert_eq!(header_currency("Price (GBP)"), Some(CurrencyCode::GBP));
        assert_eq!(header_currency("unit_price_eur"), Some(CurrencyCode::EUR));
        assert_eq!(header_currency("Total £"), Some(CurrencyCode::GBP));
        assert_eq!(header_currency("Price per cup"), None);
        assert_eq!(header_currency("EUR"), None);
    }
}
