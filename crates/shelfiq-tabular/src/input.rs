//! Opening a file: decompression, limits, and a look at its first bytes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::limits::{ContentReader, CountingReader, UnpackingReader};
use crate::{Format, Limits, TabularError};

/// How much is looked at to tell encoding, delimiter and header.
const SAMPLE_BYTES: u64 = 256 << 10;

/// A file that can be read from its start as often as needed.
pub(crate) struct Input {
    /// Name for messages.
    pub(crate) name: String,
    pub(crate) limits: Limits,
    pub(crate) is_compressed: bool,
    pub(crate) format: Format,
    /// First bytes of the content.
    pub(crate) sample: Vec<u8>,
    /// Whether the sample is all there is.
    pub(crate) is_whole: bool,
    file: File,
}

impl Input {
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Self, TabularError> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let file = File::open(path).map_err(TabularError::io("open", &path.display().to_string()))?;
        Self::of_file(file, name, limits)
    }

    /// Spools a stream into an unnamed temporary file, so that formats which need to seek work from standard input too.
    pub(crate) fn spool(stream: impl Read, name: &str, limits: &Limits) -> Result<Self, TabularError> {
        let file = spool(ContentReader::new(stream, limits, None), name)?;
        Self::of_file(file, name.to_owned(), limits)
    }

    fn of_file(mut file: File, name: String, limits: &Limits) -> Result<Self, TabularError> {
        let mut magic = Vec::new();
        let read_error = || TabularError::io("read", &name);
        Read::by_ref(&mut file).take(2).read_to_end(&mut magic).map_err(read_error())?;
        let is_compressed = magic == [0x1F, 0x8B];

        let mut input = Self {
            name,
            limits: limits.clone(),
            is_compressed,
            format: Format::Delimited,
            sample: Vec::new(),
            is_whole: false,
            file,
        };
        let mut sample = Vec::new();
        input.content()?.take(SAMPLE_BYTES).read_to_end(&mut sample).map_err(TabularError::io("read", &input.name))?;
        let is_blank = |sample: &[u8]| sample.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(sample).trim_ascii().is_empty();
        if (sample.len() as u64) < SAMPLE_BYTES && is_blank(&sample) {
            return Err(TabularError::Empty { file: input.name });
        }
        input.is_whole = (sample.len() as u64) < SAMPLE_BYTES;
        input.format =
            Format::sniff(&sample).map_err(|reason| TabularError::NotATable { file: input.name.clone(), reason })?;
        input.sample = sample;
        Ok(input)
    }

    /// The content from its start, decompressed, under the limits.
    pub(crate) fn content(&self) -> Result<Box<dyn Read + Send>, TabularError> {
        let mut file = self.file.try_clone().map_err(TabularError::io("open", &self.name))?;
        file.seek(SeekFrom::Start(0)).map_err(TabularError::io("read", &self.name))?;
        if !self.is_compressed {
            return Ok(Box::new(ContentReader::new(file, &self.limits, None)));
        }
        let (counting, consumed) = CountingReader::new(file);
        let decoder = MultiGzDecoder::new(std::io::BufReader::with_capacity(64 << 10, counting));
        Ok(Box::new(ContentReader::new(UnpackingReader(decoder), &self.limits, Some(consumed))))
    }

    /// The content as a file that can seek.
    pub(crate) fn seekable(&self) -> Result<File, TabularError> {
        if self.is_compressed {
            return spool(self.content()?, &self.name);
        }
        let mut file = self.file.try_clone().map_err(TabularError::io("open", &self.name))?;
        file.seek(SeekFrom::Start(0)).map_err(TabularError::io("read", &self.name))?;
        Ok(file)
    }
}

fn spool(mut content: impl Read, name: &str) -> Result<File, TabularError> {
    let mut file = tempfile::tempfile().map_err(TabularError::io("write a temporary copy of", name))?;
    std::io::copy(&mut content, &mut file).map_err(TabularError::io("read", name))?;
    file.flush().and_then(|()| file.seek(SeekFrom::Start(0))).map_err(TabularError::io("read", name))?;
    Ok(file)
}
