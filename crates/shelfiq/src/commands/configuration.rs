//! `shelfiq config`

use serde_json::{Map, json};

use crate::cli::{ConfigAction, Global};
use crate::config::ShelfiqConfig;
use crate::outcome::Outcome;
use crate::print;

/// Shows the configuration, or only says that it is valid: what is not valid was refused when it was read.
///
/// # Errors
/// If standard output is closed.
pub(crate) fn run(action: &ConfigAction, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<Outcome> {
    let origins = config.origins(global)?;
    match action {
        ConfigAction::Check if global.json => print::json(&json!({ "valid": true }))?,
        ConfigAction::Check => print::line("the configuration is valid")?,
        ConfigAction::Show if global.json => {
            let settings: Map<_, _> =
                origins.into_iter().map(|(key, value, from)| (key, json!({ "value": value, "from": from }))).collect();
            print::json(&settings)?;
        }
        ConfigAction::Show => {
            let rows: Vec<_> =
                origins.into_iter().map(|(key, value, from)| vec![key, value, from.to_owned()]).collect();
            print::table(&["setting", "value", "from"], &rows)?;
        }
    }
    Ok(Outcome::Done)
}
