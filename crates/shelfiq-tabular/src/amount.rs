//! Numbers and amounts of money as people and shops write them.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What separates the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// `1,234.56`
    #[default]
    Point,
    /// `1.234,56`
    Comma,
}

/// A number with what stood around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// The number, exact. A percentage stays as written: 12.5 for `12.5%`.
    pub value: Decimal,
    /// ISO 4217 code, where a code or an unambiguous symbol stood there. `$` alone tells none.
    pub currency: Option<[u8; 3]>,
    /// Whether a percent sign stood there.
    pub is_percent: bool,
}

impl Amount {
    /// The currency code as text.
    #[must_use]
    pub fn currency(&self) -> Option<&str> {
        self.currency.as_ref().map(|code| std::str::from_utf8(code).expect("only ASCII letters are ever stored"))
    }
}

/// Whether a cell says that there is no value: empty, `--`, `n/a`, `null` and the like.
#[must_use]
pub fn is_absent(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || ["-", "--", "---", "–", "—", "n/a", "#n/a", "na", "nan", "null", "none", "nil"]
            .iter()
            .any(|absent| text.eq_ignore_ascii_case(absent))
}

/// Reads a number: sign before, behind or as parentheses, grouping by comma, point, blank or apostrophe, a currency code
/// or symbol before or behind, a percent sign. `None` if it is not one under this decimal mark.
#[must_use]
pub fn parse_amount(text: &str, mark: DecimalMark) -> Option<Amount> {
    let text = text.trim();
    if let Some(value) = parse_plain(text.as_bytes(), mark) {
        return Some(Amount { value, currency: None, is_percent: false });
    }
    let mut stripped = Stripped::of(text)?;
    let value = parse_grouped(stripped.digits, mark)?;
    if stripped.is_negative {
        stripped.is_negative = !value.is_zero();
    }
    Some(Amount {
        value: if stripped.is_negative { -value } else { value },
        currency: stripped.currency,
        is_percent: stripped.is_percent,
    })
}

/// The common case without detours: digits, one optional sign, one optional fraction.
fn parse_plain(text: &[u8], mark: DecimalMark) -> Option<Decimal> {
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if digits.is_empty()
        || digits.len() > 18
        || !digits[0].is_ascii_digit()
        || !digits[digits.len() - 1].is_ascii_digit()
    {
        return None;
    }
    let separator = if mark == DecimalMark::Point { b'.' } else { b',' };
    let (mut mantissa, mut scale, mut is_fraction) = (0_i64, 0, false);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + i64::from(byte - b'0');
                scale += u32::from(is_fraction);
            }
            separator_found if *separator_found == separator && !is_fraction => is_fraction = true,
            _ => return None,
        }
    }
    Some(Decimal::new(if is_negative { -mantissa } else { mantissa }, scale))
}

/// The number nearest to text that programs write: digits, a decimal point, a minus sign, an exponent. `None` for anything
/// else, and for what is too large to be finite.
pub(crate) fn parse_plain_number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    let begins = text.strip_prefix('-').unwrap_or(text).starts_with(|first: char| first.is_ascii_digit());
    if !is_plain || !begins {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

struct Stripped<'a> {
    digits: &'a str,
    is_negative: bool,
    is_percent: bool,
    currency: Option<[u8; 3]>,
}

impl<'a> Stripped<'a> {
    /// Takes off everything around the digits, in any order, each at most once.
    fn of(text: &'a str) -> Option<Self> {
        let mut stripped = Self { digits: text, is_negative: false, is_percent: false, currency: None };
        let (mut has_sign, mut has_currency) = (false, false);
        if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            stripped.digits = inner;
            stripped.is_negative = true;
            has_sign = true;
        }
        loop {
            stripped.digits = stripped.digits.trim();
            let digits = stripped.digits;
            if !has_sign && let Some(rest) = digits.strip_prefix(['-', '−']).or_else(|| digits.strip_suffix(['-', '−']))
            {
                (stripped.digits, stripped.is_negative, has_sign) = (rest, true, true);
            } else if !has_sign && let Some(rest) = digits.strip_prefix('+') {
                (stripped.digits, has_sign) = (rest, true);
            } else if !stripped.is_percent
                && let Some(rest) = digits.strip_suffix('%')
            {
                (stripped.digits, stripped.is_percent) = (rest, true);
            } else if !has_currency && let Some((rest, currency)) = strip_currency(digits) {
                (stripped.digits, stripped.currency, has_currency) = (rest, currency, true);
            } else {
                return Some(stripped);
            }
        }
    }
}

/// Symbols with the one currency that they can only mean in a shop's export, or none where several use it.
const SYMBOLS: [(&str, Option<&[u8; 3]>); 14] = [
    ("AU $", Some(b"AUD")),
    ("AU$", Some(b"AUD")),
    ("A$", Some(b"AUD")),
    ("US $", Some(b"USD")),
    ("US$", Some(b"USD")),
    ("CA$", Some(b"CAD")),
    ("C $", Some(b"CAD")),
    ("C$", Some(b"CAD")),
    ("NZ$", Some(b"NZD")),
    ("£", Some(b"GBP")),
    ("€", Some(b"EUR")),
    ("₹", Some(b"INR")),
    ("¥", None),
    ("$", None),
];

fn strip_currency(text: &str) -> Option<(&str, Option<[u8; 3]>)> {
    for (symbol, code) in SYMBOLS {
        if let Some(rest) = text.strip_prefix(symbol).or_else(|| text.strip_suffix(symbol)) {
            return Some((rest, code.copied()));
        }
    }
    let is_code = |code: &[u8]| code.iter().all(u8::is_ascii_uppercase);
    match text.as_bytes() {
        [code @ .., _] if code.len() >= 3 && is_code(&code[..3]) => Some((&text[3..], code[..3].try_into().ok())),
        [.., a, b, c] if is_code(&[*a, *b, *c]) => Some((&text[..text.len() - 3], Some([*a, *b, *c]))),
        _ => None,
    }
}

/// Digits with grouping. Groups after the first have three digits, or two in the Indian manner before a last one of three:
/// `12,34` under a decimal point is no number, which is how a wrong decimal mark is noticed.
fn parse_grouped(text: &str, mark: DecimalMark) -> Option<Decimal> {
    let (mark, group_marks) = match mark {
        DecimalMark::Point => ('.', [',', ' ', '\u{a0}', '\u{202f}', '\'', '’']),
        DecimalMark::Comma => (',', ['.', ' ', '\u{a0}', '\u{202f}', '\'', '’']),
    };
    let (whole, fraction) = text.split_once(mark).unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || (whole.is_empty() && fraction.is_empty()) {
        return scientific(text, mark);
    }
    let groups: Vec<&str> = whole.split(group_marks).collect();
    if !groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit())) {
        return scientific(text, mark);
    }
    if let [first, middle @ .., last] = groups.as_slice() {
        let is_grouped = !first.is_empty()
            && first.len() <= 3
            && last.len() == 3
            && middle.iter().all(|group| matches!(group.len(), 2 | 3));
        if !is_grouped {
            return None;
        }
    }
    let mut plain = groups.concat();
    if plain.is_empty() {
        plain.push('0');
    }
    if !fraction.is_empty() {
        plain.push('.');
        plain.push_str(fraction);
    }
    Decimal::from_str_exact(&plain).ok()
}

/// `1.2E-5`: what spreadsheets make of small and long numbers.
fn scientific(text: &str, mark: char) -> Option<Decimal> {
    let has_exponent = text.contains(['e', 'E']) && text.starts_with(|first: char| first.is_ascii_digit());
    if !has_exponent {
        return None;
    }
    Decimal::from_scientific(&text.replace(mark, ".")).ok()
}

/// Whether text is a number under one of the decimal marks. Used to tell a header from a first row.
pub(crate) fn looks_like_number(text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    has_digit && (parse_amount(text, DecimalMark::Point).is_some() || parse_amount(text, DecimalMark::Comma).is_some())
}

/// What the values of a column tell about its decimal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AmountEvidence {
    /// Values that can be read only with a decimal point.
    pub point_only: u64,
    /// Values that can be read only with a decimal comma.
    pub comma_only: u64,
    /// Values that mean different numbers under the two marks: `1,234`.
    pub either: u64,
    /// Of these, values that are whole under one mark only: `1,234` units can only be thousands.
    pub whole_under_one: u64,
    /// Values that are numbers under neither mark, absent ones aside.
    pub neither: u64,
    /// Values that are absent.
    pub absent: u64,
    /// Values that mean the same under both marks: `12`.
    pub same: u64,
}

impl AmountEvidence {
    /// Takes one more value of the column into account.
    pub fn observe(&mut self, text: &str) {
        if is_absent(text) {
            self.absent += 1;
            return;
        }
        let point = parse_amount(text, DecimalMark::Point).map(|amount| amount.value);
        let comma = parse_amount(text, DecimalMark::Comma).map(|amount| amount.value);
        match (point, comma) {
            (Some(point), Some(comma)) if point == comma => self.same += 1,
            (Some(point), Some(comma)) => {
                self.either += 1;
                self.whole_under_one += u64::from(point.is_integer() != comma.is_integer());
            }
            (Some(_), None) => self.point_only += 1,
            (None, Some(_)) => self.comma_only += 1,
            (None, None) => self.neither += 1,
        }
    }

    /// The mark that fits more values; a point where nothing speaks for either.
    #[must_use]
    pub const fn mark(&self) -> DecimalMark {
        if self.comma_only > self.point_only { DecimalMark::Comma } else { DecimalMark::Point }
    }

    /// Whether values exist that mean different numbers and nothing decides which.
    #[must_use]
    pub const fn is_ambiguous(&self) -> bool {
        self.either > 0 && self.point_only == 0 && self.comma_only == 0
    }

    /// Whether every value that is there is a number.
    #[must_use]
    pub const fn is_numeric(&self) -> bool {
        self.neither == 0 && self.point_only + self.comma_only + self.either + self.same > 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, mark: DecimalMark, expected: &str) {
        let shown = match parse_amount(text, mark) {
            None => "no number".to_owned(),
            Some(amount) => format!(
                "{}{}{}",
                amount.value,
                amount.currency().map(|code| format!(" {code}")).unwrap_or_default(),
                if amount.is_percent { " %" } else { "" }
            ),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn amounts_are_read_as_shops_write_them() {
        use DecimalMark::{Comma, Point};
        check("0.001", Point, "0.001");
        check("£29.99", Point, "29.99 GBP");
        check("-£4.80", Point, "-4.80 GBP");
        check("(4.80)", Point, "-4.80");
        check("4.80-", Point, "-4.80");
        check("AU $3,000.00", Point, "3000.00 AUD");
        check("EUR 90,00", Comma, "90.00 EUR");
        check("1.234,56 €", Comma, "1234.56 EUR");
        check("$1,234", Point, "1234");
        check("12,131", Point, "12131");
        check("1,23,456.50", Point, "123456.50");
        check("1 234,5", Comma, "1234.5");
        check("1'234.50", Point, "1234.50");
        check("12.5%", Point, "12.5 %");
        check("1.5E-3", Point, "0.0015");
        check(".5", Point, "0.5");
        check("-0", Point, "0");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        use DecimalMark::{Comma, Point};
        for text in ["", "abc", "12,34", "1,2345", "1.2.3", "--5", "5 apples", "£", "-", "1-2", ",,", "12/1/2010"] {
            check(text, Point, "no number");
        }
        check("12.34", Comma, "no number");
    }

    #[test]
    fn the_decimal_mark_is_told_by_evidence() {
        let evidence = |values: &[&str]| {
            let mut evidence = AmountEvidence::default();
            values.iter().for_each(|value| evidence.observe(value));
            (evidence.mark(), evidence.is_ambiguous(), evidence.is_numeric())
        };
        assert_eq!(evidence(&["1.50", "1,234", "--"]), (DecimalMark::Point, false, true));
        assert_eq!(evidence(&["1,50", "1.234"]), (DecimalMark::Comma, false, true));
        assert_eq!(evidence(&["1,234", "12"]), (DecimalMark::Point, true, true));
        assert_eq!(evidence(&["12", "mug"]), (DecimalMark::Point, false, false));
    }

    proptest! {
        #[test]
        fn every_decimal_reads_back(mantissa in any::<i64>(), scale in 0_u32..12) {
            let value = Decimal::new(mantissa, scale);
            let text = value.to_string();
            prop_assert_eq!(parse_amount(&text, DecimalMark::Point).unwrap().value, value);
            prop_assert_eq!(parse_amount(&text.replace('.', ","), DecimalMark::Comma).unwrap().value, value);
        }

        #[test]
        fn any_text_is_read_or_refused_without_a_crash(text in "\\PC{0,24}") {
            let _ = (parse_amount(&text, DecimalMark::Point), parse_amount(&text, DecimalMark::Comma));
        }
    }
}
