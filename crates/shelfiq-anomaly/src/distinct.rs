//! Rows of a table that are equal to each other.

/// Sets of equal rows.
pub(crate) struct Distinct {
    /// The first row of each set.
    pub(crate) firsts: Vec<usize>,
    /// How many rows each set has.
    pub(crate) counts: Vec<u32>,
    /// For each row the number of its set.
    pub(crate) places: Vec<u32>,
}

/// Rows by which it is judged whether looking for equal ones pays.
const TRIAL_ROWS: usize = 4_096;

impl Distinct {
    /// Finds equal rows. Where hardly any rows are equal, each may get a set of its own. A table has fewer than 2³² rows.
    pub(crate) fn of(columns: &[Vec<f64>]) -> Self {
        let rows = columns.first().map_or(0, Vec::len);
        // Places in a hash table with open addressing: numbers of sets, plus one.
        let mut table = vec![0_u32; (2 * rows).next_power_of_two().max(2)];
        let mask = table.len() - 1;
        let mut distinct = Self { firsts: Vec::new(), counts: Vec::new(), places: Vec::with_capacity(rows) };
        for row in 0..rows {
            if row == TRIAL_ROWS && distinct.firsts.len() * 10 > TRIAL_ROWS * 9 {
                return Self { firsts: (0..rows).collect(), counts: vec![1; rows], places: (0..rows as u32).collect() };
            }
            let mut slot = hash(columns, row) as usize & mask;
            loop {
                match table[slot] {
                    0 => {
                        distinct.firsts.push(row);
                        distinct.counts.push(0);
                        table[slot] = distinct.firsts.len() as u32;
                    }
                    set if !is_equal(columns, distinct.firsts[set as usize - 1], row) => {
                        slot = (slot + 1) & mask;
                        continue;
                    }
                    _ => {}
                }
                break;
            }
            let set = table[slot] - 1;
            distinct.counts[set as usize] += 1;
            distinct.places.push(set);
        }
        distinct
    }
}

fn is_equal(columns: &[Vec<f64>], one: usize, other: usize) -> bool {
    columns.iter().all(|column| column[one].to_bits() == column[other].to_bits())
}

fn hash(columns: &[Vec<f64>], row: usize) -> u64 {
    let mixed = columns.iter().fold(0_u64, |mixed, column| {
        let mixed = (mixed ^ column[row].to_bits()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^ (mixed >> 32)
    });
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_share_a_set() {
        let columns = [vec![1.0, 2.0, 1.0, 1.0, 2.0], vec![5.0, 5.0, 5.0, 6.0, 5.0]];
        let Distinct { firsts, counts, places } = Distinct::of(&columns);
        assert_eq!((firsts, counts, places), (vec![0, 1, 3], vec![2, 2, 1], vec![0, 1, 0, 2, 1]));
    }

    #[test]
    fn a_table_without_equal_rows_is_all_sets() {
        let columns = [(0..9_000).map(f64::from).collect()];
        let Distinct { firsts, counts, places } = Distinct::of(&columns);
        assert_eq!((firsts.len(), counts.len(), places.len()), (9_000, 9_000, 9_000));
        assert!(places.iter().zip(0..).all(|(place, row)| *place == row));
    }
}
