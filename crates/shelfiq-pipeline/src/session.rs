//! Imports from the caller's side: preview, run, undo.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use shelfiq_core::{CurrencyCode, ImportId, MerchantId};
use shelfiq_events::{EventKind, ImportFinished, ImportedFile};
use shelfiq_log::{Batch, EventLog};
use shelfiq_tabular::Table;
use tokio::sync::mpsc;

use crate::accept::{Acceptance, AcceptedDrafts, AcceptedRow, Recognised, RowResult, SAMPLE_ROWS, recognise_file};
use crate::append::{Origin, events, manifest};
use crate::deduplicate::{Deduplicator, Verdict};
use crate::mapping::header_hash;
use crate::rejects::RejectsFile;
use crate::totals::Totals;
use crate::undo::undo;
use crate::{
    FileCurrencies, FileReport, ImportOptions, ImportReport, PipelineError, Preview, Progress, Question, Recognition,
    Reject, RowState, SampleRow, UndoReport,
};

/// Rows that go through the stages together: what bounds memory, and the size of one append.
const CHUNK_ROWS: usize = 40_000;
/// Rejects that a preview shows.
const REJECTS_SHOWN: usize = 100;

/// Imports of one merchant.
#[derive(Clone)]
pub struct ImportSession {
    merchant: MerchantId,
    log: Arc<dyn EventLog>,
    folder: PathBuf,
}

impl ImportSession {
    /// Imports of `merchant` into `log`; rejects files go to a folder of their import below `folder`.
    #[must_use]
    pub fn new(merchant: MerchantId, log: Arc<dyn EventLog>, folder: PathBuf) -> Self {
        Self { merchant, log, folder }
    }

    /// Says what a file is, from its headers and first rows.
    ///
    /// # Errors
    /// [`PipelineError`] if the file cannot be read.
    pub async fn recognise(&self, file: &Path, options: &ImportOptions) -> Result<Recognition, PipelineError> {
        Ok(recognise(file, options).await?.recognition)
    }

    /// Checks that a file can be imported so: that it is recognised, mapped, and leaves no question open.
    ///
    /// # Errors
    /// [`PipelineError`] if not, as [`ImportSession::run`] would say.
    pub async fn check(&self, file: &Path, options: &ImportOptions) -> Result<(), PipelineError> {
        recognise(file, options).await?.confirmed()?.accept().map(drop)
    }

    /// The currencies that a file names, the most frequent one first, and whether it has amounts without any.
    ///
    /// # Errors
    /// As [`ImportSession::run`].
    pub async fn currencies(&self, file: &Path, options: &ImportOptions) -> Result<FileCurrencies, PipelineError> {
        let mut reading = Reading::start(recognise(file, options).await?.confirmed()?.accept()?);
        let mut counts: BTreeMap<CurrencyCode, u64> = BTreeMap::new();
        while let Some(rows) = reading.next().await? {
            if rows.iter().any(|row| row.assumes_currency) {
                return Ok(FileCurrencies { named: Vec::new(), has_amounts_without: true });
            }
            for currency in rows.iter().flat_map(AcceptedRow::currencies) {
                *counts.entry(currency).or_default() += 1;
            }
        }
        let mut named: Vec<_> = counts.into_iter().collect();
        named.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        Ok(FileCurrencies {
            named: named.into_iter().map(|(currency, _)| currency).collect(),
            has_amounts_without: false,
        })
    }

    /// Key under which what is said about a file's columns is remembered. Reads no further than its headers.
    ///
    /// # Errors
    /// [`PipelineError`] if the file cannot be read.
    pub async fn header_hash(&self, file: &Path, options: &ImportOptions) -> Result<String, PipelineError> {
        let (path, options) = (file.to_owned(), options.clone());
        let table = tokio::task::spawn_blocking(move || Table::open(&path, &options.hints, &options.limits)).await;
        let table = table.map_err(|_| PipelineError::Interrupted { file: file.display().to_string() })??;
        Ok(header_hash(table.columns()))
    }

    /// What a file leaves open.
    ///
    /// # Errors
    /// [`PipelineError`] if the file cannot be read.
    pub async fn questions(&self, file: &Path, options: &ImportOptions) -> Result<Vec<Question>, PipelineError> {
        Ok(recognise(file, options).await?.questions)
    }

    /// Says what importing a file would do, row by row, without writing anything.
    ///
    /// A file that needs a mapping or an answer first comes back with its columns, its first rows and a guess, without an
    /// outcome.
    ///
    /// # Errors
    /// [`PipelineError`] if the file cannot be read or a mapping does not fit it.
    pub async fn preview(&self, file: &Path, options: &ImportOptions) -> Result<Preview, PipelineError> {
        let recognised = recognise(file, options).await?;
        let mut preview = Preview {
            shape: recognised.shape.clone(),
            recognition: recognised.recognition.clone(),
            questions: recognised.questions.clone(),
            samples: recognised.samples(),
            rows: 0,
            assumed_currency: recognised.assumed_currency(),
            outcome: None,
            sample: Vec::new(),
            rejects: Vec::new(),
        };
        if !recognised.is_understood() {
            let raw = tokio::task::spawn_blocking(move || recognised.raw_rows()).await;
            let interrupted = |_| PipelineError::Interrupted { file: file.display().to_string() };
            (preview.rows, preview.sample) = raw.map_err(interrupted)??;
            return Ok(preview);
        }
        // No import has this id: nothing is taken for its own earlier work.
        let import = ImportId::from_uuid(uuid::Uuid::nil());
        let mut reading = Reading::start(recognised.accept()?);
        let mut deduplicator = Deduplicator::new(self.log.as_ref(), self.merchant, import);
        let mut tally = Tally::default();
        while let Some(rows) = reading.next().await? {
            let chunk = Chunk::split(rows, &mut tally);
            let verdicts = deduplicator.judge(&chunk.accepted()).await?;
            tally.count(&verdicts.rows);
            preview.sample.extend(chunk.samples(&verdicts.rows));
            let missing = REJECTS_SHOWN - preview.rejects.len();
            preview.rejects.extend(chunk.rejects.into_iter().take(missing));
        }
        preview.rows = tally.rows;
        preview.outcome = Some(tally.report(&reading, None));
        Ok(preview)
    }

    /// Imports files. The good rows land in the log, the bad ones in a rejects file for each file.
    ///
    /// `import` names the import; running again with the same id goes on where an interrupted run stopped. `progress` is
    /// called after each chunk of rows.
    ///
    /// # Errors
    /// [`PipelineError`] if a file cannot be read or the log refuses. What was appended before stays, and can be undone.
    pub async fn run(
        &self,
        import: ImportId,
        files: &[PathBuf],
        options: &ImportOptions,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<ImportReport, PipelineError> {
        let mut reports = Vec::new();
        let mut event_count = 0;
        for (index, file) in files.iter().enumerate() {
            let mut on_rows = |rows| progress(Progress { file: index, rows });
            let same_name = files[..index].iter().filter(|earlier| earlier.file_name() == file.file_name()).count();
            let (report, events) = self.run_file(import, file, same_name, options, &mut on_rows).await?;
            tracing::info!(import.id = %import, file = report.file, rows = report.rows, rejected = report.rejected, "imported `{}`", report.file);
            reports.push(report);
            event_count += events;
        }
        let origin = Origin { merchant: self.merchant, import, file: "" };
        for report in &reports {
            let finished = EventKind::ImportFinished(finished(import, report));
            self.log
                .append(self.merchant, Batch::of_events(vec![manifest(&origin, options.received_at, finished)]))
                .await?;
        }
        Ok(ImportReport::of(import, reports, event_count))
    }

    /// Takes an import back: rows that it added are known no more, rows that it changed are what they were. Tables follow
    /// when the [projector](crate::Projector) next catches up.
    ///
    /// # Errors
    /// [`PipelineError::NoSuchImport`] if no row stands in the log by this import.
    pub async fn undo(&self, import: ImportId, now: DateTime<Utc>) -> Result<UndoReport, PipelineError> {
        undo(self.log.as_ref(), self.merchant, import, now).await
    }

    async fn run_file(
        &self,
        import: ImportId,
        file: &Path,
        same_name: usize,
        options: &ImportOptions,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(FileReport, u64), PipelineError> {
        let mut reading = Reading::start(recognise(file, options).await?.confirmed()?.accept()?);
        let mut deduplicator = Deduplicator::new(self.log.as_ref(), self.merchant, import);
        let folder = self.folder.join(import.to_string());
        let mut rejects = RejectsFile::new(&folder, &reading.file, same_name, &reading.columns);
        let file_name = reading.file.clone();
        let origin = Origin { merchant: self.merchant, import, file: &file_name };
        let (mut tally, mut event_count) = (Tally::default(), 0);
        while let Some(rows) = reading.next().await? {
            let chunk = Chunk::split(rows, &mut tally);
            chunk.rejects.iter().try_for_each(|reject| rejects.write(reject))?;
            let verdicts = deduplicator.judge(&chunk.accepted()).await?;
            tally.count(&verdicts.rows);
            let events = events(&origin, chunk.into_append(&verdicts.rows));
            event_count += events.len() as u64;
            self.log.append(self.merchant, Batch { events, index: verdicts.index }).await?;
            progress(tally.rows);
        }
        let rejects_file = rejects.finish()?;
        Ok((tally.report(&reading, rejects_file.as_deref()), event_count))
    }
}

async fn recognise(file: &Path, options: &ImportOptions) -> Result<Recognised, PipelineError> {
    let (path, options) = (file.to_owned(), options.clone());
    let recognised = tokio::task::spawn_blocking(move || recognise_file(&path, &options)).await;
    recognised.map_err(|_| PipelineError::Interrupted { file: file.display().to_string() })?
}

fn finished(import: ImportId, report: &FileReport) -> ImportFinished {
    ImportFinished {
        import,
        files: vec![ImportedFile {
            file: report.file.clone(),
            kind: report.kind.clone(),
            rows: report.rows,
            new: report.new,
            changed: report.changed,
            unchanged: report.unchanged,
            rejected: report.rejected,
        }],
        totals: report.totals.clone(),
    }
}

/// Rows being read on a thread of their own, a chunk ahead of the stages that wait for the log.
struct Reading {
    file: String,
    kind: &'static str,
    columns: Vec<String>,
    chunks: mpsc::Receiver<Result<Vec<AcceptedRow>, PipelineError>>,
}

impl Reading {
    fn start(mut acceptance: Acceptance) -> Self {
        let (sender, chunks) = mpsc::channel(1);
        let reading = Self {
            file: acceptance.file().to_owned(),
            kind: acceptance.kind.as_str(),
            columns: acceptance.columns().to_vec(),
            chunks,
        };
        tokio::task::spawn_blocking(move || {
            loop {
                let rows = acceptance.next_rows(CHUNK_ROWS);
                let is_last = rows.as_ref().map_or(true, Vec::is_empty);
                // Nobody waits any more if the import failed elsewhere.
                if sender.blocking_send(rows).is_err() || is_last {
                    return;
                }
            }
        });
        reading
    }

    async fn next(&mut self) -> Result<Option<Vec<AcceptedRow>>, PipelineError> {
        match self.chunks.recv().await {
            Some(rows) => rows.map(|rows| (!rows.is_empty()).then_some(rows)),
            // The thread always sends an empty chunk or an error last.
            None => Err(PipelineError::Interrupted { file: self.file.clone() }),
        }
    }
}

/// The rows of a chunk, sorted by what became of them.
struct Chunk {
    rows: Vec<(u64, Vec<String>, AcceptedDrafts)>,
    rejects: Vec<Reject>,
    samples: Vec<SampleRow>,
}

impl Chunk {
    fn split(rows: Vec<AcceptedRow>, tally: &mut Tally) -> Self {
        let mut chunk = Self { rows: Vec::with_capacity(rows.len()), rejects: Vec::new(), samples: Vec::new() };
        for AcceptedRow { number, cells, result, assumes_currency } in rows {
            tally.rows += 1;
            tally.rows_without_currency += u64::from(assumes_currency);
            match result {
                RowResult::Accepted(drafts) => {
                    tally.totals.add(&drafts);
                    chunk.rows.push((number, cells, drafts));
                }
                RowResult::Rejected(reject) => {
                    tally.rejected += 1;
                    if number <= SAMPLE_ROWS {
                        let understood = reject.problems.iter().map(|problem| problem.reason.clone()).collect();
                        chunk.samples.push(SampleRow {
                            row: number,
                            state: Some(RowState::Rejected),
                            cells: reject.cells.clone(),
                            understood,
                        });
                    }
                    chunk.rejects.push(reject);
                }
                RowResult::Skipped(reason) => {
                    tally.skipped += 1;
                    if number <= SAMPLE_ROWS {
                        chunk.samples.push(SampleRow {
                            row: number,
                            state: Some(RowState::Skipped),
                            cells,
                            understood: vec![reason.to_owned()],
                        });
                    }
                }
            }
        }
        chunk
    }

    fn accepted(&self) -> Vec<&AcceptedDrafts> {
        self.rows.iter().map(|(_, _, drafts)| drafts).collect()
    }

    /// The first rows of the file with what was understood, in the order of the file.
    fn samples(&self, verdicts: &[Verdict]) -> Vec<SampleRow> {
        let is_sample = |number: u64| number <= SAMPLE_ROWS;
        let understood = self.rows.iter().zip(verdicts).filter(|((number, _, _), _)| is_sample(*number)).map(
            |((number, cells, drafts), verdict)| SampleRow {
                row: *number,
                state: Some(verdict.state),
                cells: cells.clone(),
                understood: crate::words::describe(drafts),
            },
        );
        let mut samples: Vec<_> = understood.chain(self.samples.iter().cloned()).collect();
        samples.sort_by_key(|sample| sample.row);
        samples
    }

    fn into_append(self, verdicts: &[Verdict]) -> Vec<(u64, AcceptedDrafts, Verdict)> {
        let rows = self.rows.into_iter().zip(verdicts).filter(|(_, verdict)| verdict.is_to_append);
        rows.map(|((number, _, drafts), verdict)| (number, drafts, *verdict)).collect()
    }
}

/// Counts over the rows of a file.
#[derive(Default)]
struct Tally {
    rows: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    rejected: u64,
    skipped: u64,
    rows_without_currency: u64,
    totals: Totals,
}

impl Tally {
    fn count(&mut self, verdicts: &[Verdict]) {
        for verdict in verdicts {
            match verdict.state {
                RowState::New => self.new += 1,
                RowState::Changed => self.changed += 1,
                _ => self.unchanged += 1,
            }
        }
    }

    fn report(&self, reading: &Reading, rejects_file: Option<&Path>) -> FileReport {
        FileReport {
            file: reading.file.clone(),
            kind: reading.kind.to_owned(),
            rows: self.rows,
            new: self.new,
            changed: self.changed,
            unchanged: self.unchanged,
            rejected: self.rejected,
            skipped: self.skipped,
            rejects_file: rejects_file.map(|path| path.display().to_string()),
            totals: self.totals.finish(self.rows),
            currency: self.totals.currency(),
            rows_without_currency: self.rows_without_currency,
        }
    }
}
