//! Imports from the caller's side: preview, run, undo.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use shelfiq_core::{ImportId, MerchantId};
use shelfiq_events::{EventKind, ImportFinished, ImportedFile};
use shelfiq_log::{Batch, EventLog};
use tokio::sync::mpsc;

use crate::accept::{Acceptance, AcceptedDrafts, AcceptedRow, Recognised, RowResult, SAMPLE_ROWS, recognise_file};
use crate::append::{Origin, events, manifest};
use crate::deduplicate::{Deduplicator, Verdict};
use crate::rejects::RejectsFile;
use crate::totals::Totals;
use crate::undo::undo;
use crate::{
    FileReport, ImportOptions, ImportReport, PipelineError, Preview, Progress, Recognition, Reject, RowState,
    SampleRow, UndoReport,
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

    /// Says what importing a file would do, row by row, without writing anything.
    ///
    /// A file that needs a mapping and has none comes back with a guess and without an outcome.
    ///
    /// # Errors
    /// [`PipelineError`] if the file cannot be read or a mapping does not fit it.
    pub async fn preview(&self, file: &Path, options: &ImportOptions) -> Result<Preview, PipelineError> {
        let recognised = recognise(file, options).await?;
        let mut preview = Preview {
            shape: recognised.shape.clone(),
            recognition: recognised.recognition.clone(),
            questions: recognised.questions.clone(),
            outcome: None,
            sample: Vec::new(),
            rejects: Vec::new(),
        };
        let is_mapped = recognised.recognition.mapping.as_ref().is_none_or(|mapping| mapping.missing().is_empty());
        if recognised.recognition.kind.is_none() || !is_mapped {
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
            let (report, events) = self.run_file(import, file, options, &mut on_rows).await?;
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
        options: &ImportOptions,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(FileReport, u64), PipelineError> {
        let mut reading = Reading::start(recognise(file, options).await?.accept()?);
        let mut deduplicator = Deduplicator::new(self.log.as_ref(), self.merchant, import);
        let mut rejects = RejectsFile::new(&self.folder.join(import.to_string()), &reading.file, &reading.columns);
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
        for AcceptedRow { number, cells, result } in rows {
            tally.rows += 1;
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
                            state: RowState::Rejected,
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
                            state: RowState::Skipped,
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
                state: verdict.state,
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
        }
    }
}
