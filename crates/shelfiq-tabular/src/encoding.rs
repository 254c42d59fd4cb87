//! Which bytes mean which characters.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};

/// Encoding of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextEncoding {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// UTF-16, low byte first: what Excel calls "Unicode text".
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// The encoding of old Windows programs in western Europe and America.
    Windows1252,
}

impl TextEncoding {
    /// The name to show.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// Tells the encoding from the first bytes of a file and the length of its byte order mark.
    ///
    /// A sample of plain ASCII is called UTF-8 here; the row reader notices when the file turns out to be Windows-1252
    /// further down.
    pub(crate) fn sniff(sample: &[u8]) -> (Self, usize) {
        match sample {
            [0xEF, 0xBB, 0xBF, ..] => (Self::Utf8, 3),
            [0xFF, 0xFE, ..] => (Self::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Self::Utf16Be, 2),
            _ => (Self::sniff_unmarked(sample), 0),
        }
    }

    fn sniff_unmarked(sample: &[u8]) -> Self {
        // Western text in UTF-16 has a zero in nearly every other byte; other encodings have none.
        let zeros = |start: usize| sample.iter().skip(start).step_by(2).filter(|byte| **byte == 0).count();
        let quarter = sample.len() / 4;
        if sample.len() >= 4 && zeros(1) > quarter && zeros(0) == 0 {
            return Self::Utf16Le;
        }
        if sample.len() >= 4 && zeros(0) > quarter && zeros(1) == 0 {
            return Self::Utf16Be;
        }
        match std::str::from_utf8(sample) {
            Ok(_) => Self::Utf8,
            // Cut inside a character at the end of the sample.
            Err(error) if error.error_len().is_none() => Self::Utf8,
            Err(_) => Self::Windows1252,
        }
    }

    const fn wide(self) -> Option<&'static Encoding> {
        match self {
            Self::Utf16Le => Some(UTF_16LE),
            Self::Utf16Be => Some(UTF_16BE),
            // ASCII-compatible: delimiters can be found before decoding, so rows are decoded one by one.
            Self::Utf8 | Self::Windows1252 => None,
        }
    }

    /// Turns UTF-16 into UTF-8 while reading; other encodings pass unchanged.
    pub(crate) fn narrow(self, inner: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
        match self.wide() {
            None => inner,
            Some(encoding) => Box::new(NarrowingReader::new(inner, encoding.new_decoder_without_bom_handling())),
        }
    }

    /// The text of a sample, without a character that was cut at its end.
    pub(crate) fn decode_sample(self, sample: &[u8]) -> String {
        match self {
            Self::Utf16Le => UTF_16LE.decode_without_bom_handling(sample).0.into_owned(),
            Self::Utf16Be => UTF_16BE.decode_without_bom_handling(sample).0.into_owned(),
            Self::Windows1252 => decode_windows_1252(sample).into_owned(),
            Self::Utf8 => match std::str::from_utf8(sample) {
                Ok(text) => text.to_owned(),
                Err(error) => String::from_utf8_lossy(&sample[..error.valid_up_to()]).into_owned(),
            },
        }
    }
}

/// Every byte sequence is valid Windows-1252.
pub(crate) fn decode_windows_1252(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    WINDOWS_1252.decode_without_bom_handling(bytes).0
}

struct NarrowingReader {
    inner: Box<dyn Read + Send>,
    decoder: Decoder,
    source: Vec<u8>,
    decoded: Vec<u8>,
    given: usize,
    is_finished: bool,
}

impl NarrowingReader {
    fn new(inner: Box<dyn Read + Send>, decoder: Decoder) -> Self {
        Self { inner, decoder, source: vec![0; 32 << 10], decoded: Vec::new(), given: 0, is_finished: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let read = self.inner.read(&mut self.source)?;
        self.is_finished = read == 0;
        // Three bytes of UTF-8 for two of UTF-16 at worst, plus what the decoder still holds.
        self.decoded.resize(read * 3 / 2 + 16, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(&self.source[..read], &mut self.decoded, self.is_finished);
        self.decoded.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl Read for NarrowingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded.len() && !self.is_finished {
            self.refill()?;
        }
        let length = buffer.len().min(self.decoded.len() - self.given);
        buffer[..length].copy_from_slice(&self.decoded[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn encodings_are_told_with_and_without_byte_order_mark() {
        let text = "name;price\ncafé;1,50\n";
        assert_eq!(TextEncoding::sniff(text.as_bytes()), (TextEncoding::Utf8, 0));
        assert_eq!(TextEncoding::sniff(b"\xEF\xBB\xBFname"), (TextEncoding::Utf8, 3));
        assert_eq!(TextEncoding::sniff(&utf16(text, u16::to_le_bytes)), (TextEncoding::Utf16Le, 0));
        assert_eq!(TextEncoding::sniff(&utf16(text, u16::to_be_bytes)), (TextEncoding::Utf16Be, 0));
        assert_eq!(TextEncoding::sniff(b"caf\xE9;1"), (TextEncoding::Windows1252, 0));
    }

    #[test]
    fn a_character_cut_by_the_sample_is_still_utf_8() {
        assert_eq!(TextEncoding::sniff(&"price £".as_bytes()[..7]), (TextEncoding::Utf8, 0));
    }

    proptest! {
        #[test]
        fn utf_16_reads_as_utf_8(text in "\\PC{0,300}") {
            for (encoding, to_bytes) in [(TextEncoding::Utf16Le, u16::to_le_bytes as fn(u16) -> [u8; 2]), (TextEncoding::Utf16Be, u16::to_be_bytes)] {
                let mut read = String::new();
                encoding.narrow(Box::new(io::Cursor::new(utf16(&text, to_bytes)))).read_to_string(&mut read).unwrap();
                prop_assert_eq!(&read, &text);
            }
        }
    }
}
