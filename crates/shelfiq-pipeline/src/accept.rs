//! First stage: from a file to rows with drafts, rejects among them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use shelfiq_tabular::{DecimalMark, MomentStyle, Row, Shape, Table};

use crate::cells::{Cells, Sheet};
use crate::draft::{FactDraft, LineDraft, RowDrafts};
use crate::identity::{PartHasher, passing_hash, row_key};
use crate::sources::{self, Source};
use crate::survey::Survey;
use crate::{
    CellProblem, Field, ImportOptions, Mapping, PipelineError, Question, Recognition, Reject, SourceKind, enrich,
    recognise, validate,
};
use shelfiq_log::RowKey;

/// A file whose form and kind are told, before its rows are read.
pub(crate) struct Recognised {
    pub(crate) shape: Shape,
    pub(crate) recognition: Recognition,
    pub(crate) questions: Vec<Question>,
    table: Table,
    survey: Survey,
    options: ImportOptions,
}

/// Looks over a file and recognises it. Reads as much of it as its dates need to be understood.
pub(crate) fn recognise_file(path: &Path, options: &ImportOptions) -> Result<Recognised, PipelineError> {
    let open = || Table::open(path, &options.hints, &options.limits);
    let survey = Survey::of(open()?)?;
    let table = open()?;
    let mut recognition = recognise::recognise(&table, &survey);
    if let Some(mapping) = &options.mapping {
        recognition.kind = Some(mapping.kind);
        recognition.is_certain = true;
        recognition.mapping = Some(mapping.clone());
    } else if let Some(kind) = options.kind {
        recognition.mapping = kind.is_mapped().then(|| Mapping::guess_as(kind, table.columns(), &survey));
        recognition.kind = Some(kind);
        recognition.is_certain = true;
    }
    let mut recognised = Recognised {
        shape: table.shape().clone(),
        recognition,
        questions: Vec::new(),
        table,
        survey,
        options: options.clone(),
    };
    recognised.questions = recognised.ask();
    Ok(recognised)
}

impl Recognised {
    /// Starts reading the rows.
    pub(crate) fn accept(self) -> Result<Acceptance, PipelineError> {
        let columns = self.table.columns().to_vec();
        let not_recognised =
            || PipelineError::NotRecognised { file: self.table.file().to_owned(), columns: columns.join(", ") };
        let kind = self.recognition.kind.ok_or_else(not_recognised)?;
        let mapping = self.recognition.mapping.clone();
        if let Some(mapping) = &mapping {
            mapping.check(self.table.file(), &columns)?;
        }
        let mut options = self.options.clone();
        if let Some(mapping) = &mapping {
            options.currency = mapping.currency.unwrap_or(options.currency);
            options.time_zone = mapping.time_zone.unwrap_or(options.time_zone);
            options.store = mapping.store.clone().unwrap_or(options.store);
        }
        let sheet = Sheet {
            moment_styles: (0..columns.len()).map(|column| self.moment_style(column)).collect(),
            mark: self.mark(),
            columns,
            options,
        };
        let source = sources::open(kind, &sheet, mapping.as_ref());
        Ok(Acceptance {
            kind,
            table: self.table,
            source,
            sheet,
            row: Row::new(),
            drafts: RowDrafts::default(),
            seen: HashSet::new(),
            occurrences: HashMap::new(),
        })
    }

    fn told_mark(&self) -> Option<DecimalMark> {
        self.recognition.mapping.as_ref().and_then(|mapping| mapping.decimal_mark)
    }

    fn mark(&self) -> DecimalMark {
        if self.shape.is_typed { DecimalMark::Point } else { self.told_mark().unwrap_or(self.survey.mark()) }
    }

    fn moment_style(&self, column: usize) -> MomentStyle {
        let told = self.recognition.mapping.as_ref().and_then(|mapping| mapping.date_order);
        let by_kind = self.recognition.kind.and_then(SourceKind::date_order);
        match (self.survey.moment_style(column, by_kind), told) {
            (MomentStyle::Calendar(_), Some(order)) => MomentStyle::Calendar(order),
            (style, _) => style,
        }
    }

    /// Questions about the columns that matter: those of the mapping, or all of an export that has none.
    fn ask(&self) -> Vec<Question> {
        let mapping = self.recognition.mapping.as_ref();
        let is_used = |column: &String, is_wanted: fn(Field) -> bool| {
            mapping
                .is_none_or(|mapping| mapping.columns.iter().any(|(field, used)| used == column && is_wanted(*field)))
        };
        let is_order_told = mapping.is_some_and(|mapping| mapping.date_order.is_some())
            || self.recognition.kind.and_then(SourceKind::date_order).is_some();
        let mut questions = Vec::new();
        for (index, column) in self.shape.columns.iter().enumerate() {
            if !is_order_told && self.survey.is_order_ambiguous(index) && is_used(column, Field::is_moment) {
                questions.push(Question {
                    column: column.clone(),
                    text: "Every date can be read with the day or the month first; the day is taken first.".to_owned(),
                    answer: "date_order",
                });
            }
            if self.told_mark().is_none()
                && !self.shape.is_typed
                && self.survey.is_mark_ambiguous(index)
                && is_used(column, Field::is_amount)
            {
                questions.push(Question {
                    column: column.clone(),
                    text: "Numbers such as 1,234 can be thousands or have a fraction; they are taken as thousands."
                        .to_owned(),
                    answer: "decimal_mark",
                });
            }
        }
        if self.recognition.kind == Some(SourceKind::AmazonBusinessReport) {
            questions.push(Question {
                column: String::new(),
                text: "The report does not say which days it covers; it counts for the day on which it is imported."
                    .to_owned(),
                answer: "day",
            });
        }
        questions
    }
}

/// A row that went through the stages which need nothing but the file.
pub(crate) struct AcceptedRow {
    pub(crate) number: u64,
    /// Cells as written; kept for rejects, and for the first rows, which a preview shows.
    pub(crate) cells: Vec<String>,
    pub(crate) result: RowResult,
}

pub(crate) enum RowResult {
    Accepted(AcceptedDrafts),
    Rejected(Reject),
    Skipped(&'static str),
}

/// What a good row says, and which row it is.
pub(crate) struct AcceptedDrafts {
    pub(crate) key: RowKey,
    pub(crate) content: u128,
    /// Equal in every cell to an earlier row of the file.
    pub(crate) is_duplicate: bool,
    pub(crate) lines: Vec<LineDraft>,
    pub(crate) facts: Vec<FactDraft>,
}

/// Rows whose cells are kept for the preview.
pub(crate) const SAMPLE_ROWS: u64 = 20;

/// Reads a file row by row.
pub(crate) struct Acceptance {
    pub(crate) kind: SourceKind,
    table: Table,
    source: Box<dyn Source>,
    sheet: Sheet,
    row: Row,
    drafts: RowDrafts,
    /// Hashes of all cells of every row so far.
    seen: HashSet<u128>,
    /// How often each natural key has come so far.
    occurrences: HashMap<u128, u32>,
}

impl Acceptance {
    pub(crate) fn columns(&self) -> &[String] {
        &self.sheet.columns
    }

    pub(crate) fn file(&self) -> &str {
        self.table.file()
    }

    /// Up to `limit` further rows; none at the end.
    pub(crate) fn next_rows(&mut self, limit: usize) -> Result<Vec<AcceptedRow>, PipelineError> {
        let mut rows = Vec::new();
        while rows.len() < limit && self.table.read_row(&mut self.row)? {
            rows.push(self.accept_row());
        }
        Ok(rows)
    }

    fn accept_row(&mut self) -> AcceptedRow {
        let result = self.read_row();
        let keeps_cells = self.row.number() <= SAMPLE_ROWS;
        let cells = if keeps_cells { self.cells() } else { Vec::new() };
        AcceptedRow { number: self.row.number(), cells, result }
    }

    fn cells(&self) -> Vec<String> {
        self.row.cells().map(str::to_owned).collect()
    }

    fn read_row(&mut self) -> RowResult {
        if let Some(problem) = self.row.problem() {
            let remedy = "correct the row in the file";
            let problem = CellProblem {
                column: None,
                value: String::new(),
                reason: problem.to_string(),
                remedy: remedy.to_owned(),
            };
            return self.reject(vec![problem]);
        }
        self.drafts.clear();
        let mut cells = Cells { sheet: &self.sheet, row: &self.row, problems: Vec::new() };
        self.source.read(&mut cells, &mut self.drafts);
        let problems = cells.problems;
        self.drafts.problems.extend(problems);
        validate::validate(&mut self.drafts, self.sheet.options.received_at);
        if !self.drafts.problems.is_empty() {
            let problems = std::mem::take(&mut self.drafts.problems);
            return self.reject(problems);
        }
        if let Some(reason) = self.drafts.skipped {
            return RowResult::Skipped(reason);
        }
        enrich::enrich(&mut self.drafts);
        RowResult::Accepted(self.identify())
    }

    fn reject(&self, problems: Vec<CellProblem>) -> RowResult {
        RowResult::Rejected(Reject { row: self.row.number(), line: self.row.line(), cells: self.cells(), problems })
    }

    fn identify(&mut self) -> AcceptedDrafts {
        let mut natural = PartHasher::default().part(&self.sheet.options.store);
        self.drafts.natural_key.iter().for_each(|part| natural.add(part));
        let natural = natural.finish();
        let occurrence = self.occurrences.entry(natural).or_default();
        *occurrence += 1;
        AcceptedDrafts {
            key: row_key(natural, *occurrence),
            content: content_hash(&self.drafts, &self.sheet.options),
            is_duplicate: !self.seen.insert(passing_hash(self.row.raw_parts())),
            lines: std::mem::take(&mut self.drafts.lines),
            facts: std::mem::take(&mut self.drafts.facts),
        }
    }
}

/// Hash of what was understood, not of what was written: columns that nobody reads change nothing, and a corrected mapping
/// makes changed rows. The day on which an undated file was received is not part of what it says.
fn content_hash(drafts: &RowDrafts, options: &ImportOptions) -> u128 {
    let mut hasher = PartHasher::default();
    for line in &drafts.lines {
        hasher.add(line.number.as_str());
        hasher.add_number(line.ordered_at.timestamp_micros() as u64);
        hasher.add(line.channel.as_str());
        hasher.add(&line.store);
        hasher.add(line.customer.as_ref().map_or("", |customer| customer.as_str()));
        hasher.add(line.country.as_ref().map_or("", |country| country.as_str()));
        hasher.add(line.country_as_written.as_deref().unwrap_or_default());
        hasher.add(line.currency.as_str());
        hasher.add(line.sku.as_str());
        hasher.add(line.title.as_deref().unwrap_or_default());
        hasher.add_number(line.quantity.units() as u64);
        hasher.add(&line.unit_price.normalize().to_string());
        hasher.add(line.kind.as_str());
    }
    for fact in &drafts.facts {
        if fact.time != options.received_at {
            hasher.add_number(fact.time.timestamp_micros() as u64);
        }
        hasher.add(&serde_json::to_string(&fact.kind).unwrap_or_default());
    }
    hasher.finish()
}
