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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    const ROWS: &str = "\
unique_id,price,cost,elasticity,elasticity_sd,baseline_quantity,min_price,max_price,rival_price,min_advertised_price,lowest_price_30d,frozen
small,10,6,-3,0.2,100,5,15,9.4,,,
large,12,6,-1.6,0.2,50,8,16,,11.5,,
was,20,9,-2.5,0.4,30,10,30,,,19,
held,7,3,-2,0.3,80,3,9,,,,yes
";

    /// Runs `optimize` over a file of these rows; the lines it writes, or the error in one line.
    fn optimize(rows: &str, flags: &[&str]) -> Result<Vec<Vec<String>>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        fs::write(path("rows.csv"), rows).unwrap();
        fs::write(path("offers.csv"), "unique_id,seller,price,available,rating\nsmall,X,9,yes,4\nsmall,Y,11,yes,5\n")
            .unwrap();
        let flags = flags.iter().map(|flag| if *flag == "offers.csv" { path(flag) } else { (*flag).to_owned() });
        let command =
            ["shelfiq".to_owned(), "optimize".to_owned(), path("rows.csv"), "--out".to_owned(), path("out.csv")];
        let Command::Optimize(asked) = Cli::try_parse_from(command.into_iter().chain(flags)).unwrap().command else {
            panic!("it is `optimize`");
        };
        run(&asked).map_err(|error| format!("{error:#}"))?;
        let cells = |line: &str| line.split(',').map(str::to_owned).collect();
        Ok(fs::read_to_string(Path::new(&asked.out)).unwrap().lines().skip(1).map(cells).collect())
    }

    /// The rows with one column more, its value by `unique_id`.
    fn with(rows: &str, column: &str, value: impl Fn(&str) -> &'static str) -> String {
        let cell = |line: &str| match line.split(',').next() {
            Some("unique_id") | None => column.to_owned(),
            Some(id) => value(id).to_owned(),
        };
        rows.lines().map(|line| format!("{line},{}\n", cell(line))).collect()
    }

    fn prices(rows: &str, flags: &[&str]) -> Vec<String> {
        optimize(rows, flags).unwrap().iter().map(|row| row[1].clone()).collect()
    }

    #[test]
    fn map_omnibus_and_the_calendar_hold_in_every_row() {
        assert_eq!(prices(ROWS, &[]), ["9.00", "16.00", "15.00", "7"]);
        // 8 % a day; what was 19 may be announced as a reduction only from 18.05 down, which a day does not reach.
        assert_eq!(prices(ROWS, &["--max-change", "8"]), ["9.20", "12.96", "", "7"]);
        let charming = prices(ROWS, &["--endings", "99", "--max-change", "8"]);
        assert_eq!(charming[..2], ["9.99", "12"], "11.99 is in reach and earns less than today's 12");
    }

    #[test]
    fn a_price_may_take_its_place_among_rivals_or_follow_its_rating() {
        let competitive = prices(ROWS, &["--strategy", "competitive", "--distance", "-10", "--sacrifice", "30"]);
        assert_eq!(competitive[0], "8.46", "a tenth below the rival's 9.40");
        let rated = with(ROWS, "rating", |_| "4.5");
        let flags = ["--strategy", "value", "--offers", "offers.csv", "--attributes", "rating+"];
        let reasons = optimize(&rated, &flags).unwrap();
        assert!(reasons[0].join(",").contains("for what this offers"), "{:?}", reasons[0]);
        assert!(optimize(ROWS, &flags[..2]).unwrap_err().contains("--attributes rating+,weight-"));
    }

    #[test]
    fn rows_are_priced_together_under_shared_limits_and_gaps() {
        let two = prices(ROWS, &["--changes-max", "2"]);
        let changed =
            two.iter().zip(["10", "12", "20", "7"]).filter(|(then, now)| then.trim_end_matches(".00") != *now);
        assert!(changed.count() <= 2, "{two:?}");
        let family = with(ROWS, "below", |id| if id == "large" { "small" } else { "" });
        let family = with(&family, "gap_min", |id| if id == "large" { "0.5" } else { "" });
        let gapped = prices(&family, &[]);
        let number = |place: usize| gapped[place].parse::<f64>().unwrap();
        assert!(number(1) >= 1.5 * number(0), "{gapped:?}");
        let error = optimize(ROWS, &["--total-margin-min", "99999"]).unwrap_err();
        assert!(error.contains("the least total margin of 99999 is out of reach"), "{error}");
        let front = optimize(ROWS, &["--front", "3"]).unwrap();
        assert!(front.len() > 4 && front.len().is_multiple_of(4), "every point prices every row: {}", front.len());
    }

    #[test]
    fn a_season_needs_a_stock_and_days_and_errors_name_the_place() {
        let rows: String = ROWS.lines().take(3).map(|line| format!("{line}\n")).collect();
        let season = |days: &'static str| with(&with(&rows, "stock", |_| "120"), "days", |_| days);
        let plans = optimize(&season("30"), &["--strategy", "season"]).unwrap();
        assert!(plans.iter().all(|row| !row[1].is_empty()), "{plans:?}");
        let error = optimize(&season("900"), &["--strategy", "season"]).unwrap_err();
        assert!(error.ends_with("row 1, column `days`: 900 is not a number of days from 1 to 366"), "{error}");
        let unclear = optimize(&ROWS.replace("yes", "perhaps"), &[]).unwrap_err();
        assert!(unclear.ends_with("row 4, column `frozen`: `perhaps` is neither yes nor no"), "{unclear}");
        let both = optimize(ROWS, &["--changes-max", "2", "--confidence", "80"]).unwrap_err();
        assert!(both.contains("leave it out where all rows are priced together"), "{both}");
    }
}
