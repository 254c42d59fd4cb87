//! The reference page for people is printed from the catalogue, so that the two cannot drift apart.

use std::fmt::Write;
use std::path::Path;

use shelfiq_measures::{Additivity, MeasureId, Unit};

const INTRODUCTION: &str = "\
# Measures

Every number that ShelfIQ shows is one of these measures. A measure has one definition, used by dashboards, alerts, models and reports alike.

Which order lines count:

- Lines of kind `sale`, `cancellation` and `return` are product lines. Kinds `fee`, `postage`, `adjustment` and `other` stay in the
  table `order_lines` but are part of no measure; `select kind, sum(quantity * unit_price) from order_lines group by kind` shows them.
- Duplicated source lines (`is_duplicate`) are part of no measure.
- A line counts on the calendar day of its own instant in the merchant's time zone: a return in May of a sale in April lowers May.
- Money is never converted: a shop with two currencies gets one value in each.
- Amounts are exact. They are rounded once, half to even, to the currency's minor unit where they are shown as money.

Slices: day, week (Monday to Sunday), month, Sku, category, store, channel, country. Comparisons: as many days directly before, or the same calendar
days one year before (29 February compares with 28 February). A period that is not over, or that the chosen days cut, is marked as partial.
";

#[test]
fn the_reference_page_says_what_the_catalogue_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/measures.md");
    let expected = page();
    #[expect(clippy::disallowed_methods, reason = "asks whether to write the page")]
    let write_it = std::env::var_os("SHELFIQ_WRITE_REFERENCE").is_some();
    if write_it {
        std::fs::write(&file, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == expected,
        "docs/reference/measures.md is out of date: run this test with SHELFIQ_WRITE_REFERENCE=1"
    );
}

fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for id in MeasureId::ALL {
        let measure = id.measure();
        let unit = match measure.unit {
            Unit::Money => "money, one value per currency",
            Unit::Count => "count",
            Unit::Ratio => "ratio (0.25 means 25 %)",
            Unit::Days => "days",
        };
        let additivity = match measure.additivity {
            Additivity::Full => "adds up over every slice",
            Additivity::NotOverSkus => {
                "adds up over stores and channels, and over days unless an order spans several; not over Skus"
            }
            Additivity::None => "does not add up",
        };
        write!(
            page,
            "\n## {} (`{id}`)\n\n{}\n\nUnit: {unit}. Grain: {}. Additivity: {additivity}. {}\n",
            measure.title, measure.definition, measure.grain, measure.as_of
        )
        .expect("writing to a String cannot fail");
    }
    page
}
