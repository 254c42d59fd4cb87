//! What a stranger's file may cost us.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

/// Bounds on what is read from one file. A file beyond any of them is refused; nothing is cut off in silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of content after decompression.
    pub bytes_max: u64,
    /// Bytes of content for one compressed byte; applies to content above `ratio_free_bytes`.
    pub ratio_max: u64,
    /// Content that any ratio may produce: small files compress absurdly well.
    pub ratio_free_bytes: u64,
    /// Bytes of a workbook's shared strings and other parts that must be held in memory.
    pub workbook_memory_bytes: u64,
    /// Data rows.
    pub rows_max: u64,
    /// Columns.
    pub columns_max: usize,
    /// Bytes of one row, which bounds a quotation mark that is never closed.
    pub row_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes_max: 4 << 30,
            ratio_max: 200,
            ratio_free_bytes: 64 << 20,
            workbook_memory_bytes: 64 << 20,
            rows_max: 50_000_000,
            columns_max: 2_000,
            row_bytes_max: 4 << 20,
        }
    }
}

/// Travels inside an [`io::Error`] from a limited reader up to the place that knows the file's name.
#[derive(Debug, thiserror::Error)]
#[error("{what} exceeds the limit of {limit}")]
pub(crate) struct LimitExceeded {
    pub(crate) what: &'static str,
    pub(crate) limit: u64,
}

/// Travels as [`LimitExceeded`] does: what was compressed cannot be unpacked to its end.
#[derive(Debug, thiserror::Error)]
#[error("the compressed content breaks off or is damaged: was the download cut short?")]
pub(crate) struct BrokenCompression {
    source: io::Error,
}

/// Tells damage of the compression from failures of the disk.
pub(crate) struct UnpackingReader<R>(pub(crate) R);

impl<R: Read> Read for UnpackingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|source| match source.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                io::Error::other(BrokenCompression { source })
            }
            _ => source,
        })
    }
}

impl LimitExceeded {
    pub(crate) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }
}

/// Counts bytes as they pass; the counter is shared with whoever compares it.
pub(crate) struct CountingReader<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R> CountingReader<R> {
    pub(crate) fn new(inner: R) -> (Self, Arc<AtomicU64>) {
        let count = Arc::new(AtomicU64::new(0));
        (Self { inner, count: Arc::clone(&count) }, count)
    }
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Refuses to deliver more content than [`Limits`] allow, in total and for each compressed byte.
pub(crate) struct ContentReader<R> {
    inner: R,
    limits: Limits,
    delivered: u64,
    /// Compressed bytes consumed so far; absent for content that is not compressed.
    consumed: Option<Arc<AtomicU64>>,
}

impl<R> ContentReader<R> {
    pub(crate) fn new(inner: R, limits: &Limits, consumed: Option<Arc<AtomicU64>>) -> Self {
        Self { inner, limits: limits.clone(), delivered: 0, consumed }
    }
}

impl<R: Read> Read for ContentReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.delivered += read as u64;
        if self.delivered > self.limits.bytes_max {
            return Err(LimitExceeded { what: "its content in bytes", limit: self.limits.bytes_max }.into_io());
        }
        if let Some(consumed) = &self.consumed {
            check_ratio(&self.limits, self.delivered, consumed.load(Ordering::Relaxed))?;
        }
        Ok(read)
    }
}

pub(crate) fn check_ratio(limits: &Limits, content: u64, compressed: u64) -> io::Result<()> {
    if content > limits.ratio_free_bytes && content / compressed.max(1) > limits.ratio_max {
        return Err(LimitExceeded { what: "its compression ratio", limit: limits.ratio_max }.into_io());
    }
    Ok(())
}

/// Bounds the bytes read between two resets: the size of one row.
pub(crate) struct RowBudgetReader<R> {
    inner: R,
    used: Arc<AtomicU64>,
    max: u64,
}

impl<R> RowBudgetReader<R> {
    /// The reader, and the counter that its owner sets to zero before each row.
    pub(crate) fn new(inner: R, max: u64) -> (Self, Arc<AtomicU64>) {
        let used = Arc::new(AtomicU64::new(0));
        (Self { inner, used: Arc::clone(&used), max }, used)
    }
}

impl<R: Read> Read for RowBudgetReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if self.used.fetch_add(read as u64, Ordering::Relaxed) + read as u64 > self.max {
            return Err(LimitExceeded {
                what: "one row in bytes (is a quotation mark never closed?)",
                limit: self.max,
            }
            .into_io());
        }
        Ok(read)
    }
}
