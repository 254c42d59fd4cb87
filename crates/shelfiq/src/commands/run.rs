//! `shelfiq run`

use anyhow::Context;
use shelfiq_app::run::{RunScope, run as run_now};

use super::desk;
use crate::cli::{Global, Run};
use crate::config::ShelfiqConfig;
use crate::print::{self, Progress};

/// Runs scheduled work now and says what it found.
///
/// # Errors
/// If a store fails.
pub(super) async fn run(asked: &Run, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let scope = RunScope::by_name(&asked.what).with_context(|| format!("there is no work called `{}`", asked.what))?;
    let (platform, actor) = desk(config, global).await?;
    let bar = Progress::start(global);
    let report = run_now(&platform, actor.merchant(), scope, &|share, stage| bar.tell(share, stage)).await?;
    bar.finish();
    if global.json {
        return print::json(&report);
    }
    print::line(format!("Skus looked at                 {}", report.skus))?;
    print::line(format!("forecasts ready                {}", report.forecasts_ready))?;
    print::line(format!("elasticities identified        {}", report.elasticities_identified))?;
    print::line(format!("recommendations new or renewed {}", report.recommendations))?;
    print::line(format!("decisions with news            {}", report.decisions_measured))?;
    print::line(format!("alerts opened or changed       {}", report.alerts))?;
    print::line(format!("findings too small to raise    {}", report.alerts_too_small))
}
