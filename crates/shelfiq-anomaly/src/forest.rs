//! Isolation forest: strange rows are cut off by few random splits (Liu, Ting and Zhou, Isolation forest, ICDM 2008).

use rayon::prelude::*;

/// Rows that each tree sees. More make normal rows hide strange ones (the paper's section 4.3).
const SAMPLE: usize = 256;
/// Trees; the score settles well before that.
const TREES: u64 = 200;
const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// A fitted forest over the rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Forest {
    trees: Vec<Tree>,
    /// Mean path length in a tree of the sample's size, which scores are measured by.
    usual_depth: f64,
}

/// Splits from the root to a leaf: the depth at which a balanced tree isolates a full sample.
const LEVELS: usize = 8;
const LEAVES: usize = 1 << LEVELS;
/// Rows that go down a tree side by side: while one waits for its split, the others move.
const LANES: usize = 16;
/// Groups of so many rows that one tree after the other visits while they stay in the first cache.
const GROUPS: usize = 16;

/// A tree padded to full depth, so that every row takes the same number of steps and no step branches. The children of
/// split `i` are splits `2i` and `2i + 1`; the root is number 1.
#[derive(Debug, Clone, PartialEq)]
struct Tree {
    splits: Box<[Split; LEAVES]>,
    /// Depth of each leaf, with what is left to isolate in it.
    depths: Box<[f64; LEAVES]>,
}

/// Rows whose value in `column` is less than `cut` go left; a padded split sends all rows left.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Split {
    cut: f64,
    column: u32,
}

impl Forest {
    /// Grows a forest. `columns` all have the same length and hold finite values. The same seed gives the same forest on
    /// any number of threads.
    pub(crate) fn grow(columns: &[Vec<f64>], seed: u64) -> Self {
        let rows = columns.first().map_or(0, Vec::len);
        let sample = SAMPLE.min(rows);
        // A balanced tree isolates most rows; what is left deeper differs little.
        let depth_max = ((sample.max(2) as f64).log2().ceil() as usize).min(LEVELS);
        let trees = (0..TREES)
            .into_par_iter()
            .map(|index| {
                let mut dice = Dice::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(index));
                let mut chosen = draw_without_repeats(rows, sample, &mut dice);
                let mut tree = Tree::padded();
                tree.grow(1, columns, &mut chosen, 0, depth_max, &mut dice);
                tree
            })
            .collect();
        Self { trees, usual_depth: mean_depth(sample) }
    }

    /// How strange each of `count` rows is: towards 1 if few splits cut it off, below 0.5 if it is like the others.
    /// `value` gives the value of a row in a column.
    pub(crate) fn scores(&self, count: usize, width: usize, value: impl Fn(usize, usize) -> f64 + Sync) -> Vec<f64> {
        let starts: Vec<usize> = (0..count).step_by(LANES * GROUPS).collect();
        let score_from = |start: usize| {
            let rows = (count - start).min(LANES * GROUPS);
            let mut groups = vec![0.0; rows.div_ceil(LANES) * LANES * width];
            for row in 0..rows {
                for column in 0..width {
                    groups[(row / LANES * width + column) * LANES + row % LANES] = value(start + row, column);
                }
            }
            let mut scores = self.score_groups(&groups, width);
            scores.truncate(rows);
            scores
        };
        starts.into_par_iter().flat_map_iter(score_from).collect()
    }

    /// Scores rows in groups: within a group of [`LANES`] rows, one column lies behind the other.
    fn score_groups(&self, groups: &[f64], width: usize) -> Vec<f64> {
        let mut depths = vec![0.0; groups.len() / width.max(1)];
        for tree in &self.trees {
            for (group, depths) in groups.chunks_exact(LANES * width).zip(depths.as_chunks_mut::<LANES>().0) {
                tree.add_depths(group, depths);
            }
        }
        let measure = self.trees.len() as f64 * self.usual_depth;
        depths.into_iter().map(|depth| if measure > 0.0 { (-depth / measure).exp2() } else { 0.5 }).collect()
    }

    /// How strange one row is.
    pub(crate) fn score(&self, row: &[f64]) -> f64 {
        let depth: f64 = self.trees.iter().map(|tree| tree.depth(row)).sum();
        let measure = self.trees.len() as f64 * self.usual_depth;
        if measure > 0.0 { (-depth / measure).exp2() } else { 0.5 }
    }
}

impl Tree {
    fn padded() -> Self {
        let nowhere = Split { cut: f64::INFINITY, column: 0 };
        Self { splits: Box::new([nowhere; LEAVES]), depths: Box::new([0.0; LEAVES]) }
    }

    #[inline]
    fn add_depths(&self, group: &[f64], depths: &mut [f64; LANES]) {
        let mut places = [1_usize; LANES];
        for _ in 0..LEVELS {
            for (lane, place) in places.iter_mut().enumerate() {
                let split = self.splits[*place % LEAVES];
                *place = 2 * *place + usize::from(group[split.column as usize * LANES + lane] >= split.cut);
            }
        }
        for (depth, place) in depths.iter_mut().zip(places) {
            *depth += self.depths[place % LEAVES];
        }
    }

    fn depth(&self, row: &[f64]) -> f64 {
        let mut place = 1;
        for _ in 0..LEVELS {
            let split = self.splits[place % LEAVES];
            place = 2 * place + usize::from(row[split.column as usize] >= split.cut);
        }
        self.depths[place % LEAVES]
    }

    fn grow(
        &mut self,
        place: usize,
        columns: &[Vec<f64>],
        rows: &mut [usize],
        depth: usize,
        depth_max: usize,
        dice: &mut Dice,
    ) {
        let cut = if depth < depth_max { choose_cut(columns, rows, dice) } else { None };
        let Some((column, cut)) = cut else {
            // Padded splits lead to the leftmost leaf below.
            self.depths[(place << (LEVELS - depth)) % LEAVES] = depth as f64 + mean_depth(rows.len());
            return;
        };
        let mut below = 0;
        for index in 0..rows.len() {
            if columns[column][rows[index]] < cut {
                rows.swap(index, below);
                below += 1;
            }
        }
        // No table has 2³² columns.
        self.splits[place] = Split { cut, column: column as u32 };
        let (lower, upper) = rows.split_at_mut(below);
        self.grow(2 * place, columns, lower, depth + 1, depth_max, dice);
        self.grow(2 * place + 1, columns, upper, depth + 1, depth_max, dice);
    }
}

/// A random column that still varies among the rows, and a random value between its ends. `None` if no column varies.
fn choose_cut(columns: &[Vec<f64>], rows: &[usize], dice: &mut Dice) -> Option<(usize, f64)> {
    if rows.len() < 2 {
        return None;
    }
    let first = dice.below(columns.len());
    (0..columns.len()).map(|step| (first + step) % columns.len()).find_map(|column| {
        let values = rows.iter().map(|row| columns[column][*row]);
        let (least, most) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| (least.min(value), most.max(value)));
        // Halves first, so that the ends of the float range do not overflow.
        let at = least + 2.0 * (dice.unit() * (most / 2.0 - least / 2.0));
        // The cut lies above the least value, so that both sides have rows.
        (least < most).then(|| (column, if at > least { at.min(most) } else { most }))
    })
}

/// Mean path length of an unsuccessful search in a binary search tree of `rows` keys (the paper's equation 1).
fn mean_depth(rows: usize) -> f64 {
    match rows {
        0 | 1 => 0.0,
        2 => 1.0,
        _ => {
            let rows = rows as f64;
            2.0 * ((rows - 1.0).ln() + EULER_GAMMA) - 2.0 * (rows - 1.0) / rows
        }
    }
}

fn draw_without_repeats(rows: usize, count: usize, dice: &mut Dice) -> Vec<usize> {
    // Floyd's algorithm: each subset is equally likely, with `count` draws.
    let mut chosen = std::collections::BTreeSet::new();
    for last in rows - count..rows {
        let candidate = dice.below(last + 1);
        if !chosen.insert(candidate) {
            chosen.insert(last);
        }
    }
    chosen.into_iter().collect()
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): small, seeded, the same everywhere.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut dice = Self(seed);
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Uniform in 0..1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in 0..count.
    fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }
}
