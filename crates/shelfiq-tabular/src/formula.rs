//! Cells that a spreadsheet would execute.

use std::borrow::Cow;

/// Puts an apostrophe before text that a spreadsheet would take for a formula, so that it is shown instead of run.
///
/// Numbers keep their sign. [`unprotect`] takes the apostrophe off again.
/// Source: OWASP, CSV Injection: a cell that begins with `=`, `+`, `-`, `@`, tab or carriage return.
#[must_use]
pub fn protect(text: &str) -> Cow<'_, str> {
    let is_dangerous = match text.as_bytes().first() {
        Some(b'=' | b'@' | b'\t' | b'\r') => true,
        Some(b'+' | b'-') => !is_plain_number(&text[1..]),
        // What `unprotect` would strip must be protected too, or the pair would not be each other's inverse.
        Some(b'\'') => unprotect(text).len() != text.len(),
        _ => false,
    };
    if is_dangerous { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes off the apostrophe that [`protect`] put on; other text stays as it is.
#[must_use]
pub fn unprotect(text: &str) -> &str {
    match text.as_bytes() {
        [b'\'', b'=' | b'@' | b'\t' | b'\r' | b'+' | b'-' | b'\'', ..] => &text[1..],
        _ => text,
    }
}

fn is_plain_number(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_shown_and_numbers_stay_numbers() {
        let protected = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "-4.80", "+44", "plain", ""]
            .map(|text| protect(text).into_owned());
        assert_eq!(protected, ["'=1+1", "'+cmd", "'-2+3", "'@SUM(A1)", "'\t=1", "-4.80", "+44", "plain", ""]);
    }

    proptest! {
        #[test]
        fn unprotect_takes_back_protect(text in "['=+@\\t\\r1a-]{0,6}") {
            let protected = protect(&text);
            prop_assert_eq!(unprotect(&protected), text.as_str());
        }
    }
}
