//! `shelfiq doctor`: looks at everything in the data directory and says what is wrong.

use anyhow::bail;
use serde::Serialize;
use shelfiq_app::Platform;
use shelfiq_lake::{AsOf, Table, Zone};
use shelfiq_log::PartitionId;
use shelfiq_store::merchants::Merchant;

use crate::cli::Global;
use crate::config::ShelfiqConfig;
use crate::outcome::not_found;
use crate::{platform, print};

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    what: String,
    is_well: bool,
    detail: String,
}

/// Looks at store, log and tables.
///
/// # Errors
/// If something is wrong; what it is was printed.
pub(super) async fn run(config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    if !config.data_dir.exists() {
        return Err(not_found(format!(
            "there is no data directory `{}` yet: `shelfiq demo` or `shelfiq import` makes one",
            config.data_dir.display()
        )));
    }
    let platform = platform::open(config).await?;
    let mut findings =
        vec![finding("store", platform.store.ping().await.map(|()| "answers, schema up to date".to_owned()))];
    for merchant in platform::all_merchants(&platform).await? {
        findings.push(look_at_log(&platform, &merchant).await);
        for table in Table::ALL {
            findings.extend(look_at_table(&platform, &merchant, *table).await);
        }
    }
    if global.json {
        print::json(&findings)?;
    } else {
        let mark = |is_well| if is_well { "well" } else { "BAD" };
        let rows: Vec<_> = findings
            .iter()
            .map(|found| vec![mark(found.is_well).to_owned(), found.what.clone(), found.detail.clone()])
            .collect();
        print::table(&["", "what", "detail"], &rows)?;
    }
    match findings.iter().filter(|finding| !finding.is_well).count() {
        0 => Ok(()),
        bad => bail!("{bad} of {} things are not well", findings.len()),
    }
}

async fn look_at_log(platform: &Platform, merchant: &Merchant) -> Finding {
    let mut events = 0;
    for partition in 0..platform.log.partition_count() {
        match platform.log.end(merchant.id, PartitionId(partition)).await {
            Ok(end) => events += end.0,
            Err(error) => return finding(format!("{}: log", merchant.name), Err(error)),
        }
    }
    finding::<shelfiq_log::LogError>(format!("{}: log", merchant.name), Ok(format!("{events} events")))
}

/// Nothing for a table that was never written.
async fn look_at_table(platform: &Platform, merchant: &Merchant, table: Table) -> Option<Finding> {
    let what = format!("{}: {table}", merchant.name);
    match platform.lake.snapshot(merchant.id, Zone::Curated, table, AsOf::Now).await {
        Err(error) => Some(finding(what, Err(error))),
        Ok(snapshot) => {
            let version = snapshot.version?;
            let detail = match snapshot.rows() {
                Some(rows) => format!("version {version}, {rows} rows in {} files", snapshot.files.len()),
                None => format!("version {version}, {} files", snapshot.files.len()),
            };
            Some(finding::<shelfiq_lake::LakeError>(what, Ok(detail)))
        }
    }
}

fn finding<E: std::error::Error>(what: impl Into<String>, found: Result<String, E>) -> Finding {
    let is_well = found.is_ok();
    Finding { what: what.into(), is_well, detail: found.unwrap_or_else(|error| error.to_string()) }
}
