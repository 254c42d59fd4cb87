//! Telling from its headers what a file is.

use serde::Serialize;
use shelfiq_tabular::Table;

use crate::mapping::{self, normalise};
use crate::survey::Survey;
use crate::{Mapping, SourceKind};

/// What a file was recognised as.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recognition {
    /// The kind, if its headers tell it or a mapping could be guessed.
    pub kind: Option<SourceKind>,
    /// Whether the headers leave no doubt. Otherwise show the mapping and ask.
    pub is_certain: bool,
    /// Which column means what, for kinds that need a mapping; a guess unless `is_certain`.
    pub mapping: Option<Mapping>,
    /// Key under which a mapping of this file's columns is remembered.
    pub header_hash: String,
}

/// Recognises a file by its headers and, for unknown ones, by what its columns hold.
#[must_use]
pub(crate) fn recognise(table: &Table, survey: &Survey) -> Recognition {
    let columns = table.columns();
    let header_hash = mapping::header_hash(columns);
    let by_headers = by_headers(columns);
    match by_headers {
        Some(kind) if !kind.is_mapped() => {
            Recognition { kind: Some(kind), is_certain: true, mapping: None, header_hash }
        }
        _ => {
            let mapping = by_headers
                .map_or_else(|| Mapping::guess(columns, survey), |kind| Some(Mapping::guess_as(kind, columns, survey)));
            let is_certain =
                by_headers.is_some() && mapping.as_ref().is_some_and(|mapping| mapping.missing().is_empty());
            Recognition { kind: mapping.as_ref().map(|mapping| mapping.kind), is_certain, mapping, header_hash }
        }
    }
}

/// The kind most of whose telling headers are there: all of them, or all but one of many (exports lose columns over time).
fn by_headers(columns: &[String]) -> Option<SourceKind> {
    let present: std::collections::HashSet<String> = columns.iter().map(|column| normalise(column)).collect();
    let score = |kind: SourceKind| {
        let headers = kind.headers();
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
