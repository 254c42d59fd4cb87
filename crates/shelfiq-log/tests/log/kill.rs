//! kill -9 at any instant: acknowledged events are there once and in order, and nothing is there twice.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use shelfiq_log::{EventLog, PartitionId};

use crate::sample::{append, merchant, number_of, open, read_all};

const FOLDER_VARIABLE: &str = "SHELFIQ_KILL_TEST_FOLDER";
const ROUNDS: u64 = 20;

/// Not a test of its own: the process that the test below starts and kills. It appends numbered batches of growing
/// and shrinking size and prints the number after the last acknowledged event.
#[tokio::test]
#[ignore = "started by the kill test"]
async fn child_appends_until_it_is_killed() {
    #[expect(clippy::disallowed_methods, reason = "how the parent tells the child its folder")]
    let Some(folder) = std::env::var_os(FOLDER_VARIABLE) else { return };
    let log = open(Path::new(&folder));
    let mut next = read_all(&log).await.iter().flatten().map(number_of).max().map_or(0, |last| last + 1);
    let mut stdout = std::io::stdout();
    loop {
        let end = next + 1 + next % 37;
        append(&log, next..end).await;
        next = end;
        writeln!(stdout, "acknowledged {next}").unwrap();
        stdout.flush().unwrap();
    }
}

#[tokio::test]
async fn a_killed_writer_loses_nothing_acknowledged_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        acknowledged = run_and_kill(folder.path(), round).unwrap_or(acknowledged);

        let log = open(folder.path());
        let partitions = read_all(&log).await;
        let mut numbers: Vec<u64> = partitions.iter().flatten().map(number_of).collect();
        for (partition, events) in partitions.iter().enumerate() {
            assert!(events.is_sorted_by_key(number_of), "partition {partition} is out of order in round {round}");
            let partition = PartitionId(u16::try_from(partition).unwrap());
            assert_eq!(log.end(merchant(), partition).await.unwrap().0, events.len() as u64);
        }
        numbers.sort_unstable();
        // Numbers without gap or repetition from 0 on; whole batches only, at least up to the last acknowledgement.
        assert_eq!(numbers, (0..numbers.len() as u64).collect::<Vec<_>>(), "round {round}");
        assert!(numbers.len() as u64 >= acknowledged, "{} events found, {acknowledged} acknowledged", numbers.len());
    }
    assert!(acknowledged > ROUNDS, "the child hardly ran: {acknowledged} events");
}

/// Starts the child, lets it work for a while that differs by round, kills it, and returns the last acknowledgement.
fn run_and_kill(folder: &Path, round: u64) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "a writer that is killed must be a process of its own")]
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child_appends_until_it_is_killed", "--ignored", "--nocapture"])
        .env(FOLDER_VARIABLE, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let first = lines.by_ref().find_map(|line| acknowledgement(&line));
    std::thread::sleep(Duration::from_micros(round * 7919 % 60_000));
    child.kill().unwrap();
    child.wait().unwrap();
    lines.filter_map(|line| acknowledgement(&line)).last().or(first)
}

fn acknowledgement(line: &str) -> Option<u64> {
    line.rsplit_once("acknowledged ")?.1.parse().ok()
}
