//! The file of refused rows, made to be mended and imported again.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use shelfiq_tabular::RowWriter;

use crate::{PipelineError, Reject};

/// Writes refused rows with their reasons as they come. The file exists only if there is one.
pub(crate) struct RejectsFile {
    path: PathBuf,
    columns: Vec<String>,
    writer: Option<RowWriter<BufWriter<File>>>,
}

impl RejectsFile {
    /// `same_name` counts the earlier files of the import that are called alike: each has rejects of its own.
    pub(crate) fn new(folder: &Path, file: &str, same_name: usize, columns: &[String]) -> Self {
        let name = match same_name {
            0 => format!("{file}.rejects.csv"),
            earlier => format!("{file}.{}.rejects.csv", earlier + 1),
        };
        Self { path: folder.join(name), columns: columns.to_vec(), writer: None }
    }

    pub(crate) fn write(&mut self, reject: &Reject) -> Result<(), PipelineError> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => self.writer.insert(create(&self.path, &self.columns)?),
        };
        let mut reasons: Vec<String> = reject.problems.iter().map(describe).collect();
        if let Some(surplus) = reject.cells.get(self.columns.len()..).filter(|surplus| !surplus.is_empty()) {
            reasons.push(format!("cells beyond the last column: {}", surplus.join(" | ")));
        }
        let (row, line, reasons) = (reject.row.to_string(), reject.line.to_string(), reasons.join("; "));
        let cells = reject.cells.iter().map(String::as_str);
        // The reasons stand last: a row with too few cells must not push them into another column.
        let padding = std::iter::repeat_n("", self.columns.len().saturating_sub(reject.cells.len()));
        Ok(writer.write_row(cells.chain(padding).take(self.columns.len()).chain([row.as_str(), &line, &reasons]))?)
    }

    /// The path, if a row was refused.
    pub(crate) fn finish(self) -> Result<Option<PathBuf>, PipelineError> {
        let Some(writer) = self.writer else { return Ok(None) };
        let buffered = writer.finish()?;
        let write_error = |source| PipelineError::WriteRejects { file: self.path.display().to_string(), source };
        let file = buffered.into_inner().map_err(|error| write_error(error.into_error()))?;
        file.sync_all().map_err(write_error)?;
        Ok(Some(self.path))
    }
}

fn create(path: &Path, columns: &[String]) -> Result<RowWriter<BufWriter<File>>, PipelineError> {
    let write_error = |source| PipelineError::WriteRejects { file: path.display().to_string(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(write_error)?;
    }
    let file = File::create(path).map_err(write_error)?;
    let header = columns.iter().map(String::as_str).chain(["rejected row", "rejected line", "reasons"]);
    Ok(RowWriter::new(BufWriter::new(file), &path.display().to_string(), header)?)
}

fn describe(problem: &crate::CellProblem) -> String {
    match &problem.column {
        Some(column) => format!("{column}: `{}` {} ({})", problem.value, problem.reason, problem.remedy),
        None if problem.value.is_empty() => format!("{} ({})", problem.reason, problem.remedy),
        None => format!("`{}` is {} ({})", problem.value, problem.reason, problem.remedy),
    }
}
