//! `shelfiq optimize FILE`

mod rivals;
mod rows;
mod season;
mod together;

use anyhow::bail;
use rust_decimal::Decimal;
use shelfiq_core::Ratio;
use shelfiq_pricing::{OptimizeOptions, PriceAdvice, PricingError, SupportPolicy, optimize_all};
use shelfiq_tabular::{OutputColumn, OutputValues};

use super::plain_file;
use crate::cli::{self, Strategy};
use crate::outcome::Outcome;

/// Finds a price for every row of the file. A row for which there is none says why.
///
/// # Errors
/// Names file, row and column of what cannot be read; if flags contradict each other, or a limit on all rows together is
/// out of reach.
pub(crate) fn run(asked: &cli::Optimize) -> anyhow::Result<Outcome> {
    plain_file::check_out(&asked.out)?;
    let file = plain_file::read(&asked.file)?;
    let ids = plain_file::texts(&file, "unique_id")?;
    let mut problems = rows::problems(&file, &rows::defaults(asked))?;
    let options = options(asked);
    let is_together = together::is_asked(asked, &file);
    if is_together && asked.strategy != Strategy::Earn {
        bail!("limits on all rows together and the column `below` go with `--strategy earn` alone");
    }
    if is_together && asked.confidence > Ratio::ZERO {
        bail!("`--confidence` judges single changes: leave it out where all rows are priced together");
    }
    let advice = match asked.strategy {
        Strategy::Season => return plain_file::write(&asked.out, &season::columns(&file, &problems)?),
        Strategy::Competitive => rivals::competitive(asked, &file, &mut problems, &options)?,
        Strategy::Value => rivals::value(asked, &file, &problems, &options)?,
        Strategy::Earn => match asked.front {
            Some(levels) => {
                let front = together::front(asked, &file, problems, levels, &options)?;
                return plain_file::write(&asked.out, &front);
            }
            None if is_together => together::prices(asked, &file, problems, &options)?.into_iter().map(Ok).collect(),
            None => optimize_all(&problems, &options),
        },
    };
    plain_file::write(&asked.out, &columns(ids, &advice))
}

/// The best guess, unless flags ask for more certainty. A largest change or an untried price is looked for as far as it goes.
fn options(asked: &cli::Optimize) -> OptimizeOptions {
    OptimizeOptions {
        confidence_required: asked.confidence.to_f64(),
        risk: asked.risk,
        support: if asked.untried { SupportPolicy::AllowExtrapolation } else { SupportPolicy::StayInside },
        ..OptimizeOptions::best_guess()
    }
}

fn columns(ids: Vec<String>, advice: &[Result<PriceAdvice, PricingError>]) -> Vec<OutputColumn> {
    let found = || advice.iter().map(|advice| advice.as_ref().ok());
    let number = |name: &str, value: fn(&PriceAdvice) -> Option<f64>| {
        OutputColumn::new(name, OutputValues::Number(found().map(|advice| value(advice?)).collect()))
    };
    let text = |name: &str, value: fn(&PriceAdvice) -> Option<&'static str>| {
        OutputColumn::new(name, OutputValues::Text(found().map(|advice| Some(value(advice?)?.to_owned())).collect()))
    };
    let price: Vec<Option<Decimal>> = found().map(|advice| Some(advice?.recommended.price)).collect();
    let reasons = advice.iter().map(|advice| {
        Some(advice.as_ref().map_or_else(|error| format!("no price: {error}"), |advice| advice.reason.clone()))
    });
    vec![
        OutputColumn::new("unique_id", OutputValues::Text(ids.into_iter().map(Some).collect())),
        OutputColumn::new("recommended_price", OutputValues::Decimal(price)),
        number("quantity", |advice| Some(advice.recommended.quantity.expected)),
        number("quantity_lo", |advice| Some(advice.recommended.quantity.lo)),
        number("quantity_hi", |advice| Some(advice.recommended.quantity.hi)),
        number("revenue", |advice| Some(advice.recommended.revenue.expected)),
        number("margin", |advice| Some(advice.recommended.margin?.expected)),
        number("margin_lo", |advice| Some(advice.recommended.margin?.lo)),
        number("margin_hi", |advice| Some(advice.recommended.margin?.hi)),
        text("binding_constraint", |advice| Some(advice.binding?.code())),
        OutputColumn::new("reason", OutputValues::Text(reasons.collect())),
    ]
}
