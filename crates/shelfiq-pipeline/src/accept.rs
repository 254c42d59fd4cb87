//! First stage: from a file to rows with drafts, rejects among them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use shelfiq_core::CurrencyCode;
use shelfiq_events::EventKind;
use shelfiq_tabular::{DecimalMark, Row, Shape, Table};

use crate::cells::{Cells, Sheet};
use crate::draft::{FactDraft, LineDraft, RowDrafts};
use crate::identity::{PartHasher, passing_hash, row_key};
use crate::likeness::header_currency;
use crate::questions::Told;
use crate::sources::{self, Source};
use crate::survey::{MarkEvidence, Survey};
use crate::{
    CellProblem, ImportOptions, Mapping, PipelineError, Question, Recognition, Reject, SampleRow, SourceKind, enrich,
    questions, recognise, validate,
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
    told: Told,
}

/// Looks over a file and recognises it. Reads as much of it as its dates need to be understood.
pub(crate) fn recognise_file(path: &Path, options: &ImportOptions) -> Result<Recognised, PipelineError> {
    let open = || Table::open(path, &options.hints, &options.limits);
    let survey = Survey::of(open()?, validate::latest_day(options.received_at))?;
    let table = open()?;
    let mut recognition = recognise::recognise(&table, &survey);
    if let Some(mapping) = &options.mapping {
        recognition.kind = Some(mapping.kind);
        recognition.mapping = Some(mapping.clone());
        recognition.confirm();
    } else if let Some(kind) = options.kind {
        recognition.mapping = kind.is_mapped().then(|| Mapping::guess_as(kind, table.columns(), &survey).mapping);
        recognition.kind = Some(kind);
        recognition.confirm();
    }
    let told = Told::of(options, &recognition);
    let shape = table.shape().clone();
    let questions = questions::questions(&shape, &survey, &recognition, told);
    Ok(Recognised { shape, recognition, questions, table, survey, options: options.clone(), told })
}

impl Recognised {
    /// Some values of each column.
    pub(crate) fn samples(&self) -> Vec<Vec<String>> {
        (0..self.shape.columns.len()).map(|column| self.survey.samples(column).to_vec()).collect()
    }

    /// Currency in which amounts are taken that name none.
    pub(crate) fn assumed_currency(&self) -> Option<CurrencyCode> {
        self.recognition.mapping.as_ref().and_then(|mapping| mapping.currency).or(self.options.currency)
    }

    /// Whether rows can be understood: the kind is told, its fields have columns, and no question is open.
    pub(crate) fn is_understood(&self) -> bool {
        let is_mapped = self.recognition.mapping.as_ref().is_none_or(|mapping| mapping.missing().is_empty());
        self.recognition.kind.is_some() && is_mapped && !self.questions.iter().any(|question| question.must_answer)
    }

    /// The rows of a file that nobody understands yet: how many there are, and the cells of the first ones.
    pub(crate) fn raw_rows(mut self) -> Result<(u64, Vec<SampleRow>), PipelineError> {
        let (mut row, mut rows, mut sample) = (Row::new(), 0, Vec::new());
        while self.table.read_row(&mut row)? {
            rows += 1;
            if rows <= SAMPLE_ROWS {
                let cells = row.cells().map(str::to_owned).collect();
                sample.push(SampleRow { row: rows, state: None, cells, understood: Vec::new() });
            }
        }
        Ok((rows, sample))
    }

    /// Refuses a file that was recognised by parts of its headers only, and that nobody has looked at.
    pub(crate) fn confirmed(self) -> Result<Self, PipelineError> {
        let (Some(kind), Some(mapping), true) =
            (self.recognition.kind, &self.recognition.mapping, self.recognition.needs_check)
        else {
            return Ok(self);
        };
        let columns = mapping.columns.iter().map(|(field, column)| format!("{field} = `{column}`")).collect::<Vec<_>>();
        Err(PipelineError::Unconfirmed {
            file: self.table.file().to_owned(),
            kind: kind.to_string(),
            columns: columns.join(", "),
        })
    }

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
        questions::check(self.table.file(), &self.questions)?;
        let mut options = self.options.clone();
        options.currency = self.assumed_currency();
        if let Some(mapping) = &mapping {
            options.time_zone = mapping.time_zone.unwrap_or(options.time_zone);
            options.store = mapping.store.clone().unwrap_or(options.store);
        }
        let moment_style = |column| self.survey.moment_style(column, self.told.date_order, kind.date_order());
        let sheet = Sheet {
            moment_styles: (0..columns.len()).map(moment_style).collect(),
            mark: self.mark(kind),
            header_currencies: columns.iter().map(|column| header_currency(column)).collect(),
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

    fn mark(&self, kind: SourceKind) -> Option<DecimalMark> {
        match self.survey.mark() {
            _ if self.shape.is_typed => Some(DecimalMark::Point),
            MarkEvidence::Decided(mark) => Some(mark),
            MarkEvidence::Unknown | MarkEvidence::Mixed if self.told.decimal_mark.is_some() => self.told.decimal_mark,
            // Marketplaces always write the fraction of an amount: numbers without one are counts, grouped as in English.
            MarkEvidence::Unknown if !kind.is_mapped() => Some(DecimalMark::Point),
            MarkEvidence::Unknown | MarkEvidence::Mixed => None,
        }
    }
}

/// A row that went through the stages which need nothing but the file.
pub(crate) struct AcceptedRow {
    pub(crate) number: u64,
    /// Cells as written; kept for rejects, and for the first rows, which a preview shows.
    pub(crate) cells: Vec<String>,
    pub(crate) result: RowResult,
    /// Whether its amounts name no currency.
    pub(crate) assumes_currency: bool,
}

impl AcceptedRow {
    /// The currencies of its amounts.
    pub(crate) fn currencies(&self) -> impl Iterator<Item = CurrencyCode> {
        let drafts = match &self.result {
            RowResult::Accepted(drafts) => Some(drafts),
            _ => None,
        };
        let of_fact = |fact: &FactDraft| match &fact.kind {
            EventKind::PriceObserved(seen) => Some(seen.currency),
            EventKind::CostObserved(seen) => Some(seen.currency),
            _ => None,
        };
        let lines = drafts.into_iter().flat_map(|drafts| drafts.lines.iter().map(|line| line.currency));
        lines.chain(drafts.into_iter().flat_map(move |drafts| drafts.facts.iter().filter_map(of_fact)))
    }
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
        let (result, assumes_currency) = self.read_row();
        let keeps_cells = self.row.number() <= SAMPLE_ROWS;
        let cells = if keeps_cells { self.cells() } else { Vec::new() };
        AcceptedRow { number: self.row.number(), cells, result, assumes_currency }
    }

    fn cells(&self) -> Vec<String> {
        self.row.cells().map(str::to_owned).collect()
    }

    fn read_row(&mut self) -> (RowResult, bool) {
        if let Some(problem) = self.row.problem() {
            let remedy = "correct the row in the file";
            let problem = CellProblem {
                column: None,
                value: String::new(),
                reason: problem.to_string(),
                remedy: remedy.to_owned(),
            };
            return (self.reject(vec![problem]), false);
        }
        self.drafts.clear();
        let mut cells = Cells { sheet: &self.sheet, row: &self.row, problems: Vec::new(), assumes_currency: false };
        self.source.read(&mut cells, &mut self.drafts);
        let Cells { problems, assumes_currency, .. } = cells;
        self.drafts.problems.extend(problems);
        (self.judge_row(), assumes_currency)
    }

    fn judge_row(&mut self) -> RowResult {
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
