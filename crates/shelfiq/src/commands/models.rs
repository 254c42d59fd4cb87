//! `shelfiq models`: how far forecasts were off, which versions there are, and which of them serves.

use anyhow::bail;
use serde_json::{Value, json};
use shelfiq_app::Platform;
use shelfiq_app::access::Actor;
use shelfiq_app::models::{self, AccuracyFigures, AccuracyQuery, ModelKind, ModelStage, ModelVersion, Promotion};
use shelfiq_store::PAGE_SIZE_MAX;

use super::desk;
use crate::cli::{Global, ModelsAction};
use crate::config::ShelfiqConfig;
use crate::outcome::not_found;
use crate::print;

/// Carries out one of the commands.
///
/// # Errors
/// If there is no such version, or its stage does not allow the step.
pub(super) async fn run(action: ModelsAction, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    match action {
        ModelsAction::List => list(&platform, &actor, global).await,
        ModelsAction::Accuracy { version, class, weeks } => {
            let version = match version {
                Some(number) => Some(by_number(&platform, &actor, number).await?.id),
                None => None,
            };
            let query = AccuracyQuery { version, demand_class: class, weeks: Some(weeks), ..AccuracyQuery::default() };
            accuracy(&platform, &actor, &query, global).await
        }
        ModelsAction::Drift => drift(&platform, &actor, global).await,
        ModelsAction::Promote { number, stage, share, note } => {
            let version = by_number(&platform, &actor, number).await?;
            let stage = Some(stage.parse()?);
            let promotion = Promotion { stage, canary_share: share, note, expected_version: Some(version.version) };
            let promoted = models::promote(&platform, &actor, version.id, promotion).await?;
            tell(&promoted, global)
        }
        ModelsAction::Rollback { number, note } => {
            let version = by_number(&platform, &actor, number).await?;
            let serving = models::roll_back(&platform, &actor, version.id, note, Some(version.version)).await?;
            tell(&serving, global)
        }
    }
}

async fn list(platform: &Platform, actor: &Actor, global: &Global) -> anyhow::Result<()> {
    let board = models::leaderboard(platform, actor, &AccuracyQuery::default()).await?;
    let versions = all(platform, actor).await?;
    let row_of = |version: &ModelVersion, class: Option<&str>| {
        board.rows.iter().find(|row| row.version == version.id && row.demand_class.as_deref() == class)
    };
    if global.json {
        let rows: Vec<Value> = board
            .rows
            .iter()
            .map(|row| {
                json!({
                    "version_id": row.version, "demand_class": row.demand_class, "live_share": row.live_share,
                    "over_baseline": row.over_baseline, "figures": figures_json(&row.figures),
                })
            })
            .collect();
        let members: Vec<Value> = board
            .members
            .iter()
            .map(|one| json!({ "demand_class": one.demand_class, "model": one.model, "weight": one.weight, "skus": one.skus }))
            .collect();
        return print::json(&json!({ "versions": versions, "rows": rows, "members": members }));
    }
    let rows: Vec<Vec<String>> = versions
        .iter()
        .map(|version| {
            let row = row_of(version, None);
            let figures = row.map(|row| &row.figures);
            let mut cells = vec![version.number.to_string(), version.model.clone(), version.stage.to_string()];
            cells.extend(figure_cells(figures));
            cells.push(percent(row.and_then(|row| row.over_baseline)));
            cells
        })
        .collect();
    print::table(
        &["version", "model", "stage", "mase", "wape", "bias", "in 80 %", "in 95 %", "sku-days", "over last week"],
        &rows,
    )?;
    if board.rows.is_empty() {
        print::note("nothing to compare yet: `shelfiq run daily` forecasts and looks back");
    }
    Ok(())
}

async fn accuracy(platform: &Platform, actor: &Actor, query: &AccuracyQuery, global: &Global) -> anyhow::Result<()> {
    let report = models::accuracy(platform, actor, query).await?;
    if global.json {
        let points: Vec<Value> = report
            .points
            .iter()
            .map(|point| json!({ "origin": point.origin, "basis": point.basis, "figures": figures_json(&point.figures) }))
            .collect();
        let horizons: Vec<Value> = report
            .horizons
            .iter()
            .map(|(first, figures)| json!({ "first_day": first, "figures": figures_json(figures) }))
            .collect();
        return print::json(&json!({
            "version": report.version, "total": figures_json(&report.total), "points": points, "horizons": horizons,
        }));
    }
    print::line(format!("version {}, {}, in {}", report.version.number, report.version.model, report.version.stage))?;
    let header = ["mase", "wape", "bias", "in 80 %", "in 95 %", "sku-days"];
    let row =
        |first: [String; 2], figures: &AccuracyFigures| first.into_iter().chain(figure_cells(Some(figures))).collect();
    let origins: Vec<Vec<String>> = report
        .points
        .iter()
        .map(|point| row([point.origin.to_string(), point.basis.to_string()], &point.figures))
        .collect();
    print::table(&[["known until", "basis"].as_slice(), &header].concat(), &origins)?;
    let horizons: Vec<Vec<String>> = report
        .horizons
        .iter()
        .map(|(first, figures)| row([format!("from day {first}"), String::new()], figures))
        .collect();
    print::table(&[["distance", ""].as_slice(), &header].concat(), &horizons)
}

async fn drift(platform: &Platform, actor: &Actor, global: &Global) -> anyhow::Result<()> {
    let report = models::drift(platform, actor).await?;
    if global.json {
        return print::json(&report);
    }
    let Some(until) = report.data_until else {
        return print::line("nothing was compared yet: `shelfiq run daily` does");
    };
    let rows: Vec<Vec<String>> = report
        .lines
        .iter()
        .map(|line| {
            vec![
                line.feature.as_str().to_owned(),
                line.statistic.as_str().to_owned(),
                print::number(line.value, 2),
                print::number(Some(line.limit), 2),
                print::or_dash(line.since),
                if line.since.is_some() { line.consequence.as_str().to_owned() } else { "–".to_owned() },
                line.sentence.clone(),
            ]
        })
        .collect();
    print::table(&["feature", "statistic", "value", "limit", "drifted since", "consequence", "what"], &rows)?;
    print::note(format!("the four weeks up to {until} against the time before"));
    Ok(())
}

fn tell(version: &ModelVersion, global: &Global) -> anyhow::Result<()> {
    if global.json {
        return print::json(version);
    }
    let what = match version.stage {
        ModelStage::Candidate => "is a candidate again".to_owned(),
        ModelStage::Canary => {
            format!("serves {:.0} % of the Skus from the next run on", 100.0 * version.canary_share.unwrap_or_default())
        }
        ModelStage::Production => "serves from the next run on".to_owned(),
        ModelStage::Shadow => "is computed beside production from the next run on".to_owned(),
        ModelStage::Archived => "is archived".to_owned(),
    };
    print::line(format!("version {} ({}) {what}", version.number, version.model))
}

/// The version of this number.
async fn by_number(platform: &Platform, actor: &Actor, number: i32) -> anyhow::Result<ModelVersion> {
    let found = all(platform, actor).await?.into_iter().find(|version| version.number == number);
    let Some(version) = found else {
        bail!(not_found(format!("there is no version {number}: `shelfiq models list` shows them")));
    };
    Ok(version)
}

async fn all(platform: &Platform, actor: &Actor) -> anyhow::Result<Vec<ModelVersion>> {
    let (mut versions, mut after) = (Vec::new(), None);
    loop {
        let page = models::versions(platform, actor, ModelKind::Demand, PAGE_SIZE_MAX, after).await?;
        versions.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next.as_str().to_owned()),
            None => return Ok(versions),
        }
    }
}

fn figure_cells(figures: Option<&AccuracyFigures>) -> [String; 6] {
    let coverage = |place: usize| figures.and_then(|figures| figures.coverage[place].1);
    [
        print::number(figures.and_then(|figures| figures.mase), 3),
        percent(figures.and_then(|figures| figures.wape)),
        percent(figures.and_then(|figures| figures.bias)),
        percent(coverage(1)),
        percent(coverage(3)),
        print::or_dash(figures.map(|figures| figures.days)),
    ]
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", 100.0 * share))
}

fn figures_json(figures: &AccuracyFigures) -> Value {
    let calibration: Vec<Value> = figures
        .coverage
        .iter()
        .map(|(nominal, observed)| json!({ "nominal": nominal, "observed": observed }))
        .collect();
    json!({
        "skus": figures.skus, "days": figures.days, "mase": figures.mase, "wape": figures.wape, "bias": figures.bias,
        "pinball": figures.pinball, "calibration": calibration,
    })
}
