//! From rows of components to values of measures.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, DateRange, Ratio, Sku};
use shelfiq_measures::{
    Component, Dimension, MeasureAnswer, MeasureId, MeasureRequest, MeasureRow, MeasureValue, Period, SliceValue,
    periods,
};

use super::Grouping;
use crate::{Answer, QueryError};

/// A slice as SQL names it; `None` is a slice of its own (no category, country unknown).
type SliceKey = Option<String>;

/// Every component of every slice: per currency, and over all currencies.
#[derive(Debug, Default)]
pub(super) struct ComponentTable {
    values: HashMap<(SliceKey, Option<CurrencyCode>, Component), Decimal>,
    /// Every slice with the currencies that occur in it.
    slices: BTreeMap<SliceKey, BTreeSet<CurrencyCode>>,
    currencies: BTreeSet<CurrencyCode>,
}

impl ComponentTable {
    /// Takes the rows of one query.
    pub(super) fn add(&mut self, components: &[Component], answer: &Answer) -> Result<(), QueryError> {
        self.add_as(None, components, answer)
    }

    /// Takes the rows of one query; its slice is `named` so, if a name is given.
    pub(super) fn add_as(
        &mut self,
        named: Option<SliceKey>,
        components: &[Component],
        answer: &Answer,
    ) -> Result<(), QueryError> {
        let mut slices = answer.texts("slice")?;
        if let Some(name) = named {
            slices.fill(name);
        }
        let currencies = answer.texts("currency")?;
        let columns =
            (0..components.len()).map(|index| answer.decimals(&format!("c{index}"))).collect::<Result<Vec<_>, _>>()?;
        for (row, (slice, currency)) in slices.into_iter().zip(currencies).enumerate() {
            let currency = currency.and_then(|code| CurrencyCode::new(&code).ok());
            self.slices.entry(slice.clone()).or_default().extend(currency);
            self.currencies.extend(currency);
            for (component, column) in components.iter().zip(&columns) {
                if let Some(value) = column[row] {
                    self.values.insert((slice.clone(), currency, *component), value);
                }
            }
        }
        Ok(())
    }

    /// Currencies to report for a slice: a period or the whole has a value in each currency of the shop, zero if need be;
    /// a Sku or store only in those it was sold in.
    fn currencies_of(&self, slice: &Slice) -> BTreeSet<CurrencyCode> {
        match slice.value {
            SliceValue::All | SliceValue::Period(_) => self.currencies.clone(),
            _ => self.slices.get(&slice.key).cloned().unwrap_or_default(),
        }
    }

    fn get(
        &self,
        slice: &SliceKey,
        currency: Option<CurrencyCode>,
        component: Component,
        days: DateRange,
    ) -> Option<Decimal> {
        let nothing_happened = match component {
            Component::Days => return Some(Decimal::from(days.day_count())),
            Component::Margin | Component::CostedRevenue | Component::OnHand | Component::StockedNetUnits => None,
            _ => Some(Decimal::ZERO),
        };
        self.values.get(&(slice.clone(), currency, component)).copied().or(nothing_happened)
    }
}

/// The components that a request needs, each under what it is grouped by; margins also need what their coverage is told
/// from.
pub(super) fn components(request: &MeasureRequest) -> BTreeSet<(Component, Grouping)> {
    let mut needed = BTreeSet::new();
    for measure in &request.measures {
        let formula = measure.measure().formula;
        let grouping = if formula.is_per_currency() { Grouping::SliceAndCurrency } else { Grouping::Slice };
        needed.extend(formula.components().into_iter().map(|component| (component, grouping)));
        if is_margin(*measure) {
            let told_from = [Component::CostedRevenue, Component::GrossRevenue, Component::Refunds];
            needed.extend(told_from.map(|component| (component, Grouping::SliceAndCurrency)));
        }
    }
    needed
}

/// The rows of an answer, in their order.
pub(super) fn answer(
    request: &MeasureRequest,
    today: NaiveDate,
    present: &ComponentTable,
    earlier: Option<(DateRange, &ComponentTable)>,
) -> MeasureAnswer {
    let mut slices = slices(request, today, present, earlier);
    let is_cut = request.slice.and_then(Dimension::calendar_unit).is_none()
        && request.slices_max.is_some_and(|limit| slices.len() > limit);
    if is_cut {
        slices.truncate(request.slices_max.unwrap_or(usize::MAX));
    }
    let rows = slices.iter().flat_map(|slice| rows_of(request, slice, present, earlier)).collect();
    MeasureAnswer { rows, compared_with: earlier.map(|(days, _)| days), is_cut }
}

/// A slice with the keys under which its components stand.
struct Slice {
    value: SliceValue,
    key: SliceKey,
    days: DateRange,
    /// The same in the days compared with.
    earlier: Option<(SliceKey, DateRange)>,
    is_partial: bool,
}

fn slices(
    request: &MeasureRequest,
    today: NaiveDate,
    present: &ComponentTable,
    earlier: Option<(DateRange, &ComponentTable)>,
) -> Vec<Slice> {
    let whole_is_partial = today <= request.days.last();
    let whole = |value, key: SliceKey| Slice {
        value,
        days: request.days,
        earlier: earlier.map(|(days, _)| (key.clone(), days)),
        key,
        is_partial: whole_is_partial,
    };
    let Some(dimension) = request.slice else { return vec![whole(SliceValue::All, Some("true".to_owned()))] };
    if let Some(unit) = dimension.calendar_unit() {
        let earlier_periods = earlier.map(|(days, _)| periods(days, unit)).unwrap_or_default();
        return periods(request.days, unit)
            .iter()
            .enumerate()
            .map(|(index, period)| Slice {
                value: SliceValue::Period(period.days),
                key: period_key(period),
                days: days_of(period, request.days),
                // The first period is compared with the first, the second with the second, and so on.
                earlier: earlier_periods.get(index).map(|period| (period_key(period), days_of(period, request.days))),
                is_partial: period.is_partial(today),
            })
            .collect();
    }
    let mut slices: Vec<Slice> = present
        .slices
        .keys()
        .filter_map(|key| Some(whole(slice_value(dimension, key.clone())?, key.clone())))
        .collect();
    let size = |slice: &Slice| {
        let first = request.measures.first()?;
        rows_of_measure(*first, slice, present, earlier)
            .iter()
            .filter_map(|row| row.value)
            .map(MeasureValue::number)
            .max()
    };
    slices.sort_by_cached_key(|slice| (std::cmp::Reverse(size(slice)), slice.value.clone()));
    slices
}

fn rows_of(
    request: &MeasureRequest,
    slice: &Slice,
    present: &ComponentTable,
    earlier: Option<(DateRange, &ComponentTable)>,
) -> Vec<MeasureRow> {
    request.measures.iter().flat_map(|measure| rows_of_measure(*measure, slice, present, earlier)).collect()
}

/// One row, or one per currency.
fn rows_of_measure(
    measure: MeasureId,
    slice: &Slice,
    present: &ComponentTable,
    earlier: Option<(DateRange, &ComponentTable)>,
) -> Vec<MeasureRow> {
    let row = |currency: Option<CurrencyCode>| {
        let value_in = |table: &ComponentTable, key: &SliceKey, days: DateRange| {
            let values = |component| table.get(key, currency, component, days);
            let definition = measure.measure();
            if definition.formula.is_per_currency() && currency.is_none() {
                return None;
            }
            definition.formula.value(definition.unit, &values, currency)
        };
        let comparison = earlier.and_then(|(_, table)| {
            let (key, days) = slice.earlier.as_ref()?;
            value_in(table, key, *days)
        });
        MeasureRow {
            slice: slice.value.clone(),
            measure,
            currency,
            value: value_in(present, &slice.key, slice.days),
            comparison,
            coverage: if is_margin(measure) { coverage(present, slice, currency) } else { None },
            is_partial: slice.is_partial,
        }
    };
    if !measure.measure().formula.is_per_currency() {
        return vec![row(None)];
    }
    let mut currencies = present.currencies_of(slice);
    currencies.extend(earlier.iter().flat_map(|(_, table)| table.currencies_of(slice)));
    // A shop without sales knows no currency: its money is undefined, not missing.
    if currencies.is_empty() {
        vec![row(None)]
    } else {
        currencies.into_iter().map(|currency| row(Some(currency))).collect()
    }
}

/// How much of the net revenue has a known cost.
fn coverage(table: &ComponentTable, slice: &Slice, currency: Option<CurrencyCode>) -> Option<Ratio> {
    currency?;
    let get = |component| table.get(&slice.key, currency, component, slice.days);
    let net = get(Component::GrossRevenue)?.checked_sub(get(Component::Refunds)?)?;
    get(Component::CostedRevenue).unwrap_or_default().checked_div(net).map(Ratio::new)
}

fn slice_value(dimension: Dimension, key: SliceKey) -> Option<SliceValue> {
    match dimension {
        Dimension::Sku => Sku::new(&key?).ok().map(SliceValue::Sku),
        Dimension::Category => Some(SliceValue::Category(key)),
        Dimension::Store => key.map(SliceValue::Store),
        Dimension::Channel => key.map(SliceValue::Channel),
        Dimension::Country => Some(SliceValue::Country(key)),
        Dimension::Day | Dimension::Week | Dimension::Month => None,
    }
}

/// The days of a period. They are in order by construction; `otherwise` is never taken.
pub(super) fn days_of(period: &Period, otherwise: DateRange) -> DateRange {
    DateRange::new(period.days.first, period.days.last).unwrap_or(otherwise)
}

pub(super) fn period_key(period: &Period) -> SliceKey {
    Some(period.days.first.to_string())
}

const fn is_margin(measure: MeasureId) -> bool {
    matches!(measure, MeasureId::Margin | MeasureId::MarginRate)
}
