//! A fresh database of either kind for each test.

use std::future::Future;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use shelfiq_core::{CurrencyCode, MemberId, MerchantId, Randomness, SeededRandomness, TimeZone};
use shelfiq_store::members::{self, Member, NewMember, Role};
use shelfiq_store::merchants::{self, NewMerchant};
use shelfiq_store::{Author, Database, StoreConfig, Transaction};
use uuid::Uuid;

/// Declares tests that run on both databases: `on_both! { async fn name(shop: Shop) { … } }`.
macro_rules! on_both {
    ($(async fn $name:ident($shop:ident: Shop) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn check($shop: crate::harness::Shop) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                crate::harness::on_sqlite(check).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                crate::harness::on_postgres(check).await;
            }
        }
    )+};
}
pub(crate) use on_both;

/// A store with two merchants that must never see each other.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) store: Database,
    pub(crate) merchant: MerchantId,
    pub(crate) rival: MerchantId,
    pub(crate) config: StoreConfig,
}

impl Shop {
    async fn open(config: StoreConfig) -> Self {
        let store = Database::open(&config).await.expect("the store opens");
        let shop = Self {
            store,
            config,
            merchant: MerchantId::from_uuid(Uuid::from_u128(0xA)),
            rival: MerchantId::from_uuid(Uuid::from_u128(0xB)),
        };
        let tx = shop.begin(0).await;
        for (id, name) in [(shop.merchant, "Alder & Co"), (shop.rival, "Birch Ltd")] {
            let new = NewMerchant {
                id,
                name: name.to_owned(),
                currency: CurrencyCode::GBP,
                time_zone: TimeZone::UTC,
                settings: serde_json::json!({}),
                is_demo: false,
            };
            merchants::insert(&tx, new).await.unwrap();
        }
        tx.commit().await.unwrap();
        shop
    }

    /// A transaction of the test, `second` seconds into it.
    pub(crate) async fn begin(&self, second: i64) -> Transaction {
        self.store.begin(Author::system("test"), at(second)).await.unwrap()
    }

    /// A transaction of a member.
    pub(crate) async fn begin_as(&self, member: MemberId, second: i64) -> Transaction {
        self.store.begin(Author::Member(member), at(second)).await.unwrap()
    }

    /// Adds a member called `name` to the first merchant.
    pub(crate) async fn member(&self, name: &str, role: Role) -> Member {
        let tx = self.begin(1).await;
        let member = members::insert(&tx, self.merchant, new_member(name, role)).await.unwrap();
        tx.commit().await.unwrap();
        member
    }
}

pub(crate) fn new_member(name: &str, role: Role) -> NewMember {
    NewMember {
        id: MemberId::from_uuid(next_uuid()),
        name: name.to_owned(),
        email: format!("{name}@example.com"),
        password_hash: "$argon2id$…".to_owned(),
        role,
    }
}

/// The instant `second` seconds into the test.
pub(crate) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_750_000_000, 0).unwrap() + TimeDelta::seconds(second)
}

pub(crate) fn next_uuid() -> Uuid {
    static RANDOMNESS: OnceLock<SeededRandomness> = OnceLock::new();
    RANDOMNESS.get_or_init(|| SeededRandomness::new(11)).next_uuid(at(0))
}

pub(crate) async fn on_sqlite<F>(check: impl FnOnce(Shop) -> F)
where
    F: Future<Output = ()>,
{
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(StoreConfig::sqlite(&folder.path().join("50% of #1, or not?.db"))).await;
    check(shop).await;
}

pub(crate) async fn on_postgres<F>(check: impl FnOnce(Shop) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(server) = server().await else {
        eprintln!("SKIPPED on PostgreSQL: set SHELFIQ_TEST_POSTGRES, or install Debian's `postgresql`");
        return;
    };
    // A schema of its own is as separate as a database of its own, and a hundred times as quick to make and drop.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("shelfiq_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let admin = connect(&server).await.expect("the server answers");
    admin.execute_unprepared(&format!("CREATE SCHEMA {name}")).await.unwrap();
    let shop = Shop::open(StoreConfig::at(format!("{server}?options[search_path]={name}"))).await;
    let outcome = tokio::spawn(check(shop)).await;
    admin.execute_unprepared(&format!("DROP SCHEMA {name} CASCADE")).await.unwrap();
    if let Err(failed) = outcome {
        std::panic::resume_unwind(failed.into_panic());
    }
}

async fn connect(url: &str) -> Option<DatabaseConnection> {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).connect_timeout(Duration::from_secs(3)).acquire_timeout(Duration::from_secs(3));
    sea_orm::Database::connect(options).await.ok()
}

/// A server that answers: the one that is named or usual, else one of our own.
async fn server() -> Option<String> {
    static SERVER: tokio::sync::OnceCell<Option<String>> = tokio::sync::OnceCell::const_new();
    SERVER
        .get_or_init(|| async {
            #[expect(
                clippy::disallowed_methods,
                reason = "where the server is belongs to the machine, not to the code"
            )]
            let named = std::env::var("SHELFIQ_TEST_POSTGRES");
            let usual = named.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
            if connect(&usual).await.is_some() {
                return Some(usual);
            }
            let own = start_server()?;
            for _ in 0..50 {
                if connect(&own).await.is_some() {
                    return Some(own);
                }
            }
            None
        })
        .await
        .clone()
}

/// Starts Debian's PostgreSQL on a free port. It stops with the process that watches over it, when the tests end.
#[expect(clippy::disallowed_methods, reason = "a server of our own is a child process")]
fn start_server() -> Option<String> {
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    let bin = versions.pop().filter(|bin| bin.join("initdb").exists())?;
    let port = std::net::TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let script = format!(
        r#"set -e
dir=$(mktemp -d); as=""
if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; as="runuser -u postgres --"; fi
cd "$dir"
$as {bin}/initdb -D "$dir/data" -U postgres -A trust >/dev/null
$as {bin}/postgres -D "$dir/data" -k "$dir" -p {port} -c listen_addresses=127.0.0.1 -c fsync=off >/dev/null 2>&1 &
server=$!
while kill -0 {watched} 2>/dev/null; do sleep 1; done
kill $server; wait $server || true; rm -rf "$dir""#,
        bin = bin.display(),
        watched = std::process::id(),
    );
    Command::new("sh").arg("-c").arg(script).spawn().ok()?;
    Some(format!("postgres://postgres@127.0.0.1:{port}/postgres"))
}
