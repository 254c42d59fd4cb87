//! `shelfiq import`

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use serde_json::json;
use shelfiq_app::Platform;
use shelfiq_app::access::Actor;
use shelfiq_app::imports::{self, ImportRequest};
use shelfiq_core::{CurrencyCode, ImportId};
use shelfiq_pipeline::{ImportReport, Mapping, Preview, SourceKind};
use shelfiq_store::PAGE_SIZE_MAX;
use shelfiq_tabular::{DateOrder, DecimalMark};

use super::{desk, import_questions as questions};
use crate::cli::{DateOrderName, DecimalMarkName, Global, Import, ImportAction};
use crate::config::ShelfiqConfig;
use crate::outcome::{Outcome, not_found};
use crate::platform;
use crate::print::{self, Progress};

/// Imports files, lists imports, or takes one back.
///
/// # Errors
/// If a file cannot be read or understood.
pub(super) async fn run(asked: Import, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<Outcome> {
    match &asked.action {
        Some(ImportAction::Undo { id }) => return undo(id, config, global).await,
        Some(ImportAction::List) => return list(config, global).await,
        None => {}
    }
    if asked.kind.as_deref() == Some("help") {
        let rows: Vec<_> =
            SourceKind::ALL.iter().map(|kind| vec![kind.as_str().to_owned(), kind.label().to_owned()]).collect();
        print::table(&["kind", "file"], &rows)?;
        return Ok(Outcome::Done);
    }
    let mut request = request(&asked)?;
    let (files, _kept) = on_disk(&asked.files)?;
    let platform = platform::open(config).await?;
    let known = platform::merchant_if_any(&platform, global.merchant.as_deref()).await?;
    let id = known.as_ref().map(|merchant| merchant.id);
    let is_open = questions::settle(&platform, id, &files, &mut request, asked.dry_run).await?;
    if let (None, true) = (&known, asked.dry_run) {
        if request.currency.is_none() && !is_open {
            request.currency = questions::first_currency(&platform, &files, &request).await.ok();
        }
        return preview(&platform, None, &files, &request, global).await;
    }
    let merchant = match known {
        Some(merchant) => merchant,
        None => {
            let currency = questions::first_currency(&platform, &files, &request).await?;
            platform::first_merchant(&platform, global.merchant.as_deref(), currency).await?
        }
    };
    let actor = platform::actor(merchant.id);
    if asked.dry_run {
        return preview(&platform, Some(&actor), &files, &request, global).await;
    }
    let bar = Progress::start(global);
    let report =
        imports::import_files(&platform, &actor, &files, &request, &|share, stage| bar.tell(share, stage)).await?;
    bar.finish();
    if global.json {
        print::json(&report)?
    } else {
        show(&report, request.currency.unwrap_or(merchant.currency))?
    }
    Ok(if report.rejected > 0 { Outcome::PartlyDone } else { Outcome::Done })
}

fn request(asked: &Import) -> anyhow::Result<ImportRequest> {
    let kind = asked.kind.as_deref().map(kind_of).transpose()?;
    let mapping = asked.mapping.as_deref().map(read_mapping).transpose()?;
    let currency =
        asked.currency.as_deref().map(|code| code.to_uppercase().parse()).transpose().context("--currency")?;
    let date_order = asked.date_order.map(|order| match order {
        DateOrderName::DayFirst => DateOrder::DayFirst,
        DateOrderName::MonthFirst => DateOrder::MonthFirst,
    });
    let decimal_mark = asked.decimal_mark.map(|mark| match mark {
        DecimalMarkName::Point => DecimalMark::Point,
        DecimalMarkName::Comma => DecimalMark::Comma,
    });
    Ok(ImportRequest { kind, mapping, store: asked.store.clone(), currency, date_order, decimal_mark })
}

fn kind_of(name: &str) -> anyhow::Result<SourceKind> {
    let known = SourceKind::ALL.iter().copied().find(|kind| kind.as_str() == name);
    known.ok_or_else(|| anyhow!("there is no kind of file `{name}`: `shelfiq import --kind help -` lists them"))
}

fn read_mapping(file: &Path) -> anyhow::Result<Mapping> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("failed to read the mapping `{}`", file.display()))?;
    toml::from_str(&text).with_context(|| format!("the mapping `{}` is not valid", file.display()))
}

/// The files as paths: an import reads its files twice, so standard input is kept in a folder of its own meanwhile.
fn on_disk(files: &[PathBuf]) -> anyhow::Result<(Vec<PathBuf>, Option<tempfile::TempDir>)> {
    let is_input = |file: &PathBuf| file.as_os_str() == "-";
    if let Some(missing) = files.iter().find(|file| !is_input(file) && !file.is_file()) {
        return Err(not_found(format!("there is no file `{}`", missing.display())));
    }
    if !files.iter().any(is_input) {
        return Ok((files.to_vec(), None));
    }
    if io::stdin().is_terminal() {
        print::note("reading standard input; end it with Ctrl-D");
    }
    let folder = tempfile::tempdir().context("failed to make a temporary folder")?;
    let kept = folder.path().join("stdin");
    let mut copy = std::fs::File::create(&kept).context("failed to keep standard input")?;
    io::copy(&mut io::stdin().lock(), &mut copy).context("failed to read standard input")?;
    let files = files.iter().map(|file| if is_input(file) { kept.clone() } else { file.clone() }).collect();
    Ok((files, Some(folder)))
}

fn show(report: &ImportReport, currency: CurrencyCode) -> anyhow::Result<()> {
    for file in &report.files {
        print::line(format!("{} ({})", file.file, file.kind))?;
        let counts = [file.rows, file.new, file.changed, file.unchanged, file.rejected];
        print::line(format!("  {}", words(counts)))?;
        if file.rows == 0 {
            print::line("  the file has a header and no rows")?;
        }
        if file.rows_without_currency > 0 {
            print::line(format!("  {} rows name no currency and are taken in {currency}", file.rows_without_currency))?;
        }
        if let Some(rejects) = &file.rejects_file {
            print::line(format!("  rejected rows with their reasons: {rejects}"))?;
        }
    }
    if report.files.len() > 1 {
        print::line(format!(
            "in all: {}",
            words([report.rows, report.new, report.changed, report.unchanged, report.rejected])
        ))?;
    }
    print::line(format!("import id {0}; `shelfiq import undo {0}` takes it back", report.import_id))
}

fn words([rows, new, changed, unchanged, rejected]: [u64; 5]) -> String {
    format!("{rows} rows: {new} new, {changed} changed, {unchanged} unchanged, {rejected} rejected")
}

async fn preview(
    platform: &Platform,
    actor: Option<&Actor>,
    files: &[PathBuf],
    request: &ImportRequest,
    global: &Global,
) -> anyhow::Result<Outcome> {
    let mut previews = Vec::new();
    for file in files {
        previews.push(match actor {
            Some(actor) => imports::preview_file(platform, actor, file, request).await?,
            None => imports::preview_without_merchant(platform, file, request).await?,
        });
    }
    if global.json {
        print::json(&json!({ "dry_run": true, "files": previews }))?;
        return Ok(Outcome::Done);
    }
    for (file, preview) in files.iter().zip(&previews) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        match &preview.outcome {
            Some(outcome) => {
                print::line(format!("{name} ({}), nothing is written", outcome.kind))?;
                print::line(format!(
                    "  {}",
                    words([outcome.rows, outcome.new, outcome.changed, outcome.unchanged, outcome.rejected])
                ))?;
            }
            None => show_open(&name, preview)?,
        }
        for question in &preview.questions {
            print::line(format!("  {}: {}", question.column, question.text))?;
        }
        for reject in &preview.rejects {
            let reasons: Vec<_> =
                reject.problems.iter().map(|problem| format!("{}: {}", problem.reason, problem.remedy)).collect();
            print::line(format!("  row {} would be rejected: {}", reject.row, reasons.join("; ")))?;
        }
    }
    Ok(Outcome::Done)
}

/// What a file still needs before anybody can say what importing it would do.
fn show_open(name: &str, preview: &Preview) -> anyhow::Result<()> {
    let missing: Vec<_> =
        preview.recognition.mapping.iter().flat_map(Mapping::missing).map(|field| field.to_string()).collect();
    match preview.recognition.kind {
        None => {
            print::line(format!("{name} was not recognised: name its columns with --mapping, or its kind with --kind"))
        }
        Some(kind) if missing.is_empty() => {
            print::line(format!("{name} ({kind}) has {} rows and leaves something open", preview.rows))
        }
        Some(kind) => print::line(format!(
            "{name} as {kind} needs a column for: {}; name its columns with --mapping, or another kind with --kind",
            missing.join(", ")
        )),
    }
}

async fn undo(id: &str, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<Outcome> {
    let id: ImportId =
        id.parse().with_context(|| format!("`{id}` is no import id: `shelfiq import list` shows them"))?;
    let (platform, actor) = desk(config, global).await?;
    let report = imports::undo(&platform, &actor, id).await?;
    if global.json {
        print::json(&report)?;
    } else {
        print::line(format!(
            "import {id} is undone: {} rows removed, {} rows back to what an earlier import said",
            report.removed, report.restored
        ))?;
    }
    Ok(Outcome::Done)
}

async fn list(config: &ShelfiqConfig, global: &Global) -> anyhow::Result<Outcome> {
    let (platform, actor) = desk(config, global).await?;
    let page = imports::list(&platform, &actor, PAGE_SIZE_MAX, None).await?;
    if global.json {
        print::json(&page.rows)?;
        return Ok(Outcome::Done);
    }
    let row = |import: &shelfiq_store::imports::Import| {
        let files = import
            .files
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|file| file.get("file")?.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        let counts = &import.counts;
        vec![
            import.id.to_string(),
            import.created_at.format("%Y-%m-%d %H:%M").to_string(),
            import.status.to_string(),
            counts.rows.to_string(),
            counts.new.to_string(),
            counts.changed.to_string(),
            counts.rejected.to_string(),
            files,
        ]
    };
    let rows: Vec<_> = page.rows.iter().map(row).collect();
    print::table(&["id", "when (UTC)", "status", "rows", "new", "changed", "rejected", "files"], &rows)?;
    Ok(Outcome::Done)
}
