//! Looking into a ZIP archive before anyone unpacks it: sizes in its directory may lie, so every entry is inflated and
//! counted, and nothing is kept.
//!
//! Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;

use crate::limits::{LimitExceeded, check_ratio};
use crate::{Limits, Place, TabularError};

const ENTRIES_MAX: u16 = 10_000;
const END_BYTES: u64 = 22;
const ENTRY_BYTES: usize = 46;

/// Refuses an archive whose content exceeds the limits, or whose structure only an attacker or a broken disk would write.
pub(crate) fn check(file: &mut File, name: &str, limits: &Limits) -> Result<(), TabularError> {
    let damaged = |reason: &str| TabularError::damaged(Place::file(name), reason);
    let directory = read_directory(file)
        .map_err(TabularError::io("read", name))?
        .ok_or_else(|| damaged("its ZIP directory cannot be read"))?;
    let compressed_total: u64 = directory.iter().map(|entry| entry.compressed).sum();
    let (mut content, mut in_memory) = (0, 0);
    for entry in &directory {
        if entry.name.contains("..") || entry.name.starts_with('/') {
            return Err(damaged("it holds a path that leads out of the archive"));
        }
        let size =
            inflated_size(file, entry, limits, content, compressed_total).map_err(TabularError::io("read", name))?;
        content += size;
        if !entry.name.starts_with("xl/worksheets/") {
            in_memory += size;
        }
        if in_memory > limits.workbook_memory_bytes && is_held_in_memory(&entry.name) {
            return Err(TabularError::TooLarge {
                file: name.to_owned(),
                what: "the workbook's shared texts and styles in bytes",
                limit: limits.workbook_memory_bytes,
            });
        }
    }
    Ok(())
}

/// Pictures and embedded objects are never read; worksheets are streamed.
fn is_held_in_memory(name: &str) -> bool {
    name.ends_with(".xml") || name.ends_with(".rels")
}

struct Entry {
    name: String,
    method: u16,
    compressed: u64,
    header_offset: u64,
}

/// The entries of the central directory; `None` if there is none.
fn read_directory(file: &mut File) -> io::Result<Option<Vec<Entry>>> {
    let length = file.seek(SeekFrom::End(0))?;
    // The end record stands last, before a comment of at most 64 KiB.
    let tail_length = length.min(END_BYTES + u64::from(u16::MAX));
    let tail = read_at(file, length - tail_length, tail_length)?;
    let Some(end) = tail
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")
        .and_then(|start| tail.get(start..start + END_BYTES as usize))
    else {
        return Ok(None);
    };
    let (count, size, offset) = (u16_at(end, 10), u32_at(end, 12), u32_at(end, 16));
    let is_zip64 = count == u16::MAX || size == u32::MAX || offset == u32::MAX;
    if is_zip64 || count > ENTRIES_MAX || u64::from(offset) + u64::from(size) > length {
        return Ok(None);
    }
    let directory = read_at(file, offset.into(), size.into())?;
    let mut rest = directory.as_slice();
    let mut entries = Vec::new();
    for _ in 0..count {
        let Some(entry) = rest.get(..ENTRY_BYTES).filter(|entry| entry.starts_with(b"PK\x01\x02")) else {
            return Ok(None);
        };
        let (name, extra, comment) =
            (usize::from(u16_at(entry, 28)), usize::from(u16_at(entry, 30)), usize::from(u16_at(entry, 32)));
        let Some(name_bytes) = rest.get(ENTRY_BYTES..ENTRY_BYTES + name) else { return Ok(None) };
        entries.push(Entry {
            name: String::from_utf8_lossy(name_bytes).replace('\\', "/"),
            method: u16_at(entry, 10),
            compressed: u32_at(entry, 20).into(),
            header_offset: u32_at(entry, 42).into(),
        });
        let Some(next) = rest.get(ENTRY_BYTES + name + extra + comment..) else { return Ok(None) };
        rest = next;
    }
    Ok(Some(entries))
}

/// Bytes that an entry really unpacks to.
fn inflated_size(
    file: &mut File,
    entry: &Entry,
    limits: &Limits,
    before: u64,
    compressed_total: u64,
) -> io::Result<u64> {
    let header = read_at(file, entry.header_offset, 30)?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "an entry of the ZIP archive has no header"));
    }
    file.seek(SeekFrom::Current(i64::from(u16_at(&header, 26)) + i64::from(u16_at(&header, 28))))?;
    if entry.method != 8 {
        return Ok(entry.compressed);
    }
    let mut inflater = DeflateDecoder::new(BufReader::with_capacity(64 << 10, file.take(entry.compressed)));
    let mut buffer = [0; 64 << 10];
    let mut size = 0;
    loop {
        let read = inflater.read(&mut buffer)?;
        if read == 0 {
            return Ok(size);
        }
        size += read as u64;
        if before + size > limits.bytes_max {
            return Err(LimitExceeded { what: "its content in bytes", limit: limits.bytes_max }.into_io());
        }
        check_ratio(limits, before + size, compressed_total)?;
    }
}

fn read_at(file: &mut File, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
