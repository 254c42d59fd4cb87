//! How a command ends: exit codes that scripts can rely on.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use shelfiq_app::AppError;
use shelfiq_core::ErrorKind;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All done.
    Done,
    /// Some rows were refused; the rest is done.
    PartlyDone,
}

impl Outcome {
    pub(crate) fn exit_code(self) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::PartlyDone => ExitCode::from(4),
        }
    }
}

/// 1 for a failure, 3 when the thing asked for does not exist. (2, wrong usage, is clap's.)
pub(crate) fn exit_code_of(error: &anyhow::Error) -> ExitCode {
    let is_missing = |cause: &(dyn Error + 'static)| {
        let app = cause.downcast_ref::<AppError>().is_some_and(|error| error.kind() == ErrorKind::NotFound);
        app || cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
    };
    if error.chain().any(is_missing) { ExitCode::from(3) } else { ExitCode::FAILURE }
}

/// The error for something that does not exist, such as a file.
pub(crate) fn not_found(message: String) -> anyhow::Error {
    io::Error::new(io::ErrorKind::NotFound, message).into()
}
