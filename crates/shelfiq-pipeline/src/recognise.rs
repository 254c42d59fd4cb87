//! Telling from its headers what a file is.

use serde::Serialize;
use shelfiq_tabular::Table;

use crate::mapping::{self, Guess, normalise};
use crate::survey::Survey;
use crate::{Mapping, SourceKind};

/// What a file was recognised as.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recognition {
    /// The kind, if its headers tell it or a mapping could be guessed.
    pub kind: Option<SourceKind>,
    /// Whether the headers leave no doubt. Otherwise show the mapping and ask.
    pub is_certain: bool,
    /// Whether a person should look at the mapping before rows land: a column was found by a part of its header.
    pub needs_check: bool,
    /// Which column means what, for kinds that need a mapping; a guess unless `is_certain`.
    pub mapping: Option<Mapping>,
    /// Key under which a mapping of this file's columns is remembered.
    pub header_hash: String,
}

impl Recognition {
    /// Somebody has said what the file is.
    pub(crate) const fn confirm(&mut self) {
        self.is_certain = true;
        self.needs_check = false;
    }
}

/// Recognises a file by its headers and, for unknown ones, by what its columns hold.
#[must_use]
pub(crate) fn recognise(table: &Table, survey: &Survey) -> Recognition {
    let columns = table.columns();
    let header_hash = mapping::header_hash(columns);
    let by_headers = by_headers(columns);
    if let Some(kind) = by_headers.filter(|kind| !kind.is_mapped()) {
        return Recognition { kind: Some(kind), is_certain: true, needs_check: false, mapping: None, header_hash };
    }
    let guess = match by_headers {
        Some(kind) => Some(Mapping::guess_as(kind, columns, survey)),
        None => Mapping::guess(columns, survey),
    };
    let Some(Guess { mapping, needs_check, .. }) = guess else {
        return Recognition { kind: None, is_certain: false, needs_check: false, mapping: None, header_hash };
    };
    let is_certain = !needs_check && mapping.missing().is_empty() && has_telling_headers(mapping.kind, columns);
    Recognition { kind: Some(mapping.kind), is_certain, needs_check, mapping: Some(mapping), header_hash }
}

/// Whether all headers that tell a kind are there.
pub(crate) fn has_telling_headers(kind: SourceKind, columns: &[String]) -> bool {
    let is_there = |header: &&str| columns.iter().any(|column| normalise(column) == normalise(header));
    kind.headers().iter().all(is_there)
}

/// The exporter most of whose telling headers are there: all of them, or all but one of many (exports lose columns over
/// time). Our own tables tell themselves by so few headers that the whole of their columns must be weighed, orders aside.
fn by_headers(columns: &[String]) -> Option<SourceKind> {
    let present: std::collections::HashSet<String> = columns.iter().map(|column| normalise(column)).collect();
    let score = |kind: SourceKind| {
        let is_exporter = !kind.is_mapped() || matches!(kind, SourceKind::InvoiceLines | SourceKind::Orders);
        let headers = if is_exporter { kind.headers() } else { return None };
        let found = headers.iter().filter(|header| is_present(&present, header)).count();
        let is_enough = found == headers.len() || (headers.len() >= 6 && found + 1 == headers.len());
        is_enough.then_some((found, kind))
    };
    SourceKind::ALL
        .iter()
        .copied()
        .filter_map(score)
        .max_by_key(|(found, kind)| (*found, !kind.is_mapped()))
        .map(|(_, kind)| kind)
}

fn is_present(present: &std::collections::HashSet<String>, header: &str) -> bool {
    // Shopify's new template renamed its headers.
    let renamed = match header {
        "Handle" => Some("URL handle"),
        "Variant Price" => Some("Price"),
        _ => None,
    };
    present.contains(&normalise(header)) || renamed.is_some_and(|header| present.contains(&normalise(header)))
}
