//! Opening the operational store: one address, SQLite or PostgreSQL, the same tables.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use serde::{Deserialize, Serialize};

use crate::error::Doing;
use crate::{Author, StoreError, migration::Migrator};

/// Where the operational store lives and how many connections it may hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// `sqlite:///path/to/shelfiq.db` or `postgres://user@host/database`.
    pub url: String,
    /// Connections at most. With SQLite one of them writes, the others read.
    #[serde(default = "StoreConfig::connections_max_default")]
    pub connections_max: u32,
    /// How long a caller waits for a free connection, in milliseconds.
    #[serde(default = "StoreConfig::wait_max_ms_default")]
    pub wait_max_ms: u64,
}

impl StoreConfig {
    /// The embedded database in a file of its own.
    #[must_use]
    pub fn sqlite(file: &Path) -> Self {
        // In an address these three stand for something else.
        let path = file.display().to_string().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        Self::at(format!("sqlite://{path}"))
    }

    /// The database at `url` with the usual bounds.
    #[must_use]
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections_max: Self::connections_max_default(),
            wait_max_ms: Self::wait_max_ms_default(),
        }
    }

    fn connections_max_default() -> u32 {
        8
    }

    fn wait_max_ms_default() -> u64 {
        10_000
    }
}

/// The open store. Cheap to clone; all clones share the connections.
///
/// Reads take a [`Database`] or a [`Transaction`]; changes take a [`Transaction`], so that a change, its audit row and
/// the jobs it causes land together or not at all.
#[derive(Debug, Clone)]
pub struct Database {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
}

impl Database {
    /// Connects and brings the schema up to date. A missing SQLite file is created.
    ///
    /// # Errors
    /// [`StoreError::Address`], [`StoreError::Open`] or [`StoreError::Migrate`].
    pub async fn open(config: &StoreConfig) -> Result<Self, StoreError> {
        let database = match config.url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Self::open_sqlite(config).await?,
            Some("postgres" | "postgresql") => {
                let pool = connect(options(config)).await?;
                Self { reader: pool.clone(), writer: pool }
            }
            _ => return Err(StoreError::Address { url: without_password(&config.url) }),
        };
        database.migrate().await.map_err(|error| StoreError::Migrate { source: Box::new(error) })?;
        Ok(database)
    }

    /// All pending steps in one transaction: the schema is the old one or the new one, never between. Of two processes
    /// that start at the same time the second waits and finds nothing to do.
    async fn migrate(&self) -> Result<(), DbErr> {
        let tx = self.writer.begin_with_options(write_options(&self.writer)).await?;
        if tx.get_database_backend() == DbBackend::Postgres {
            tx.execute_unprepared("SELECT pg_advisory_xact_lock(hashtext('shelfiq schema'))").await?;
        }
        Migrator::up(&tx, None).await?;
        tx.commit().await
    }

    /// SQLite has one writer at a time: giving it one connection turns lock errors into waiting in line.
    async fn open_sqlite(config: &StoreConfig) -> Result<Self, StoreError> {
        let wait = Duration::from_millis(config.wait_max_ms);
        let common = move |options: SqliteConnectOptions| {
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // A confirmed change survives a power cut, not only a crash of the process.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(wait)
        };
        let mut writing = options(config);
        writing.max_connections(1).map_sqlx_sqlite_opts(common);
        let writer = connect(writing).await?;
        let mut reading = options(config);
        reading
            .max_connections(config.connections_max.saturating_sub(1).max(1))
            .map_sqlx_sqlite_opts(move |options| common(options).pragma("query_only", "ON"));
        let reader = connect(reading).await?;
        Ok(Self { reader, writer })
    }

    /// Begins a change made by `author` at `at`. Dropping the transaction without [`Transaction::commit`] undoes it.
    ///
    /// With SQLite only one transaction is open at a time: keep it short and never begin a second one inside it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if no connection became free in time.
    pub async fn begin(&self, author: Author, at: DateTime<Utc>) -> Result<Transaction, StoreError> {
        let options = write_options(&self.writer);
        let inner = self.writer.begin_with_options(options).await.doing("beginning a transaction")?;
        Ok(Transaction { inner, author, at: to_the_microsecond(at) })
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`StoreError::Busy`] or [`StoreError::Failed`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.reader.ping().await.doing("pinging the database")
    }

    /// Closes every connection after its running statement.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn close(self) -> Result<(), StoreError> {
        self.reader.close().await.doing("closing the database")?;
        self.writer.close().await.doing("closing the database")
    }
}

/// A change in progress: who makes it and when is written into every audit row.
#[derive(Debug)]
pub struct Transaction {
    inner: DatabaseTransaction,
    author: Author,
    at: DateTime<Utc>,
}

impl Transaction {
    /// Makes the change durable.
    ///
    /// # Errors
    /// [`StoreError::Failed`]; nothing was changed then.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await.doing("committing a transaction")
    }

    /// Who makes the change.
    #[must_use]
    pub const fn author(&self) -> &Author {
        &self.author
    }

    /// When the change is made.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

/// What rows can be read from: the open store, or a transaction that also sees its own changes.
pub trait Read: sealed::Connected {}

impl Read for Database {}
impl Read for Transaction {}

pub(crate) mod sealed {
    use sea_orm::ConnectionTrait;

    pub trait Connected: Sync {
        type Connection: ConnectionTrait;
        fn connection(&self) -> &Self::Connection;
    }
}

impl sealed::Connected for Database {
    type Connection = DatabaseConnection;
    fn connection(&self) -> &DatabaseConnection {
        &self.reader
    }
}

impl sealed::Connected for Transaction {
    type Connection = DatabaseTransaction;
    fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

/// PostgreSQL keeps microseconds: cutting instants before they are stored keeps both databases alike.
pub(crate) fn to_the_microsecond(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// SQLite takes the write lock first, so that no statement inside can fail for want of it.
fn write_options(connection: &DatabaseConnection) -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: (connection.get_database_backend() == DbBackend::Sqlite)
            .then_some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    }
}

fn options(config: &StoreConfig) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.url.clone());
    options
        .max_connections(config.connections_max.max(1))
        .acquire_timeout(Duration::from_millis(config.wait_max_ms))
        .set_application_name("shelfiq")
        .sqlx_logging(false);
    options
}

async fn connect(options: ConnectOptions) -> Result<DatabaseConnection, StoreError> {
    sea_orm::Database::connect(options).await.map_err(|error| StoreError::Open { source: Box::new(error) })
}

fn without_password(url: &str) -> String {
    match url.split_once('@') {
        Some((before, after)) => {
            let scheme = before.split_once("://").map_or("", |(scheme, _)| scheme);
            format!("{scheme}://…@{after}")
        }
        None => url.to_owned(),
    }
}
