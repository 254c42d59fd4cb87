//! What an import must know and the files do not say: asked of the person at the terminal, refused elsewhere.

use std::io::{self, BufRead as _, IsTerminal};
use std::path::PathBuf;

use anyhow::{Context, bail};
use shelfiq_app::Platform;
use shelfiq_app::imports::{self, ImportRequest};
use shelfiq_core::{CurrencyCode, MerchantId};
use shelfiq_pipeline::Question;
use shelfiq_tabular::{DateOrder, DecimalMark};

use crate::print;

/// Puts the answers to what files leave open into `request`; says whether something stays open, which only a dry run may.
///
/// # Errors
/// Nobody can be asked: names the flag. Or a file cannot be read.
pub(super) async fn settle(
    platform: &Platform,
    merchant: Option<MerchantId>,
    files: &[PathBuf],
    request: &mut ImportRequest,
    is_dry_run: bool,
) -> anyhow::Result<bool> {
    while let Some((file, question)) = imports::open_question(platform, merchant, files, request).await? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !can_ask() {
            return if is_dry_run { Ok(true) } else { Err(question.refusal(&name).into()) };
        }
        match ask(&name, &question)? {
            "day_first" => request.date_order = Some(DateOrder::DayFirst),
            "month_first" => request.date_order = Some(DateOrder::MonthFirst),
            "comma" => request.decimal_mark = Some(DecimalMark::Comma),
            _ => request.decimal_mark = Some(DecimalMark::Point),
        }
    }
    Ok(false)
}

/// The currency of a shop that is about to be made by its first import: the one that was told, else the one in which the
/// files write most of their amounts.
///
/// # Errors
/// Neither is there, and nobody can be asked: names the flag. Or a file cannot be read.
pub(super) async fn first_currency(
    platform: &Platform,
    files: &[PathBuf],
    request: &ImportRequest,
) -> anyhow::Result<CurrencyCode> {
    let in_mapping = request.mapping.as_ref().and_then(|mapping| mapping.currency);
    if let Some(told) = request.currency.or(in_mapping) {
        return Ok(told);
    }
    let found = imports::currencies(platform, files, request).await?;
    if let (false, Some(currency)) = (found.has_amounts_without, found.named.first()) {
        return Ok(*currency);
    }
    let names: Vec<_> = files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    let names = names.join(", ");
    if !can_ask() {
        bail!(
            "nothing in {names} says for every amount in which currency it is, and the shop has none yet: say it with \
             `--currency`, such as `--currency EUR`"
        );
    }
    print::note(format!("{names}: in which currency does the shop sell? (a code such as EUR)"));
    loop {
        match CurrencyCode::new(&answer()?) {
            Ok(currency) => return Ok(currency),
            Err(error) => print::note(error.to_string()),
        }
    }
}

/// Whether a person can answer: one who reads standard error and writes standard input.
fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn ask(file: &str, question: &Question) -> anyhow::Result<&'static str> {
    print::note(format!("{file}, column `{}`: {} Which is it?", question.column, question.text));
    for (number, choice) in (1..).zip(&question.choices) {
        print::note(format!("  {number}) {} ({})", choice.reading, choice.value.replace('_', " ")));
    }
    loop {
        let chosen = answer()?.parse::<usize>().ok().and_then(|number| question.choices.get(number.checked_sub(1)?));
        match chosen {
            Some(choice) => return Ok(choice.value),
            None => print::note(format!("type a number from 1 to {}", question.choices.len())),
        }
    }
}

fn answer() -> anyhow::Result<String> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line).context("failed to read the answer")?;
    if read == 0 {
        bail!("there was no answer");
    }
    Ok(line.trim().to_owned())
}
