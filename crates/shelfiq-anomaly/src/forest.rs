//! Isolation forest: strange rows are cut off by few random splits (Liu, Ting and Zhou, Isolation forest, ICDM 2008).

use rayon::prelude::*;

/// Rows that each tree sees. More make normal rows hide strange ones (the paper's section 4.3).
const SAMPLE: usize = 256;
/// Trees; the score settles well before that.
const TREES: u64 = 200;
const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// A fitted forest over the rows of a table.
pub(crate) struct Forest {
    trees: Vec<Tree>,
    /// Mean path length in a tree of the sample's size, which scores are measured by.
    usual_depth: f64,
}

/// Nodes in one array; the children of a split stand side by side.
struct Tree(Vec<Node>);

/// A split, or a leaf where `column` is [`LEAF`] and `at` holds the depth. Small, so that a tree fits the first cache.
#[derive(Clone, Copy)]
struct Node {
    column: u32,
    left: u32,
    at: f64,
}

const LEAF: u32 = u32::MAX;
/// Rows that are scored together: their values stay in the second cache while one tree after the other comes by.
const BLOCK: usize = 512;

impl Forest {
    /// Grows a forest. `columns` all have the same length and hold finite values. The same seed gives the same forest on
    /// any number of threads.
    pub(crate) fn grow(columns: &[Vec<f64>], seed: u64) -> Self {
        let rows = columns.first().map_or(0, Vec::len);
        let sample = SAMPLE.min(rows);
        // A balanced tree isolates most rows; what is left deeper differs little.
        let depth_max = (sample.max(2) as f64).log2().ceil() as usize;
        let trees = (0..TREES)
            .into_par_iter()
            .map(|index| {
                let mut dice = Dice::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(index));
                let mut chosen = draw_without_repeats(rows, sample, &mut dice);
                let mut tree = Tree(vec![Node::leaf(0.0)]);
                tree.split(0, columns, &mut chosen, 0, depth_max, &mut dice);
                tree
            })
            .collect();
        Self { trees, usual_depth: mean_depth(sample) }
    }

    /// How strange each row of a table is: towards 1 if few splits cut it off, below 0.5 if it is like the others.
    /// `columns` are shaped as those that the forest was grown from.
    pub(crate) fn scores(&self, columns: &[Vec<f64>]) -> Vec<f64> {
        let rows = columns.first().map_or(0, Vec::len);
        let starts: Vec<usize> = (0..rows).step_by(BLOCK).collect();
        let score_block = |start: usize| {
            let count = BLOCK.min(rows - start);
            let mut block = Vec::with_capacity(count * columns.len());
            for row in start..start + count {
                block.extend(columns.iter().map(|column| column[row]));
            }
            self.score_block(&block, columns.len())
        };
        starts.into_par_iter().flat_map_iter(score_block).collect()
    }

    /// How strange one row is.
    pub(crate) fn score(&self, row: &[f64]) -> f64 {
        self.score_block(row, row.len()).first().copied().unwrap_or(0.5)
    }

    /// Scores rows that lie one behind the other.
    fn score_block(&self, block: &[f64], width: usize) -> Vec<f64> {
        let mut depths = vec![0.0; block.len() / width.max(1)];
        for tree in &self.trees {
            for (row, depth) in block.chunks_exact(width).zip(&mut depths) {
                *depth += tree.depth(row);
            }
        }
        let measure = self.trees.len() as f64 * self.usual_depth;
        depths.into_iter().map(|depth| if measure > 0.0 { (-depth / measure).exp2() } else { 0.5 }).collect()
    }
}

impl Node {
    const fn leaf(depth: f64) -> Self {
        Self { column: LEAF, left: 0, at: depth }
    }
}

impl Tree {
    fn depth(&self, row: &[f64]) -> f64 {
        let mut node = self.0[0];
        while node.column != LEAF {
            node = self.0[node.left as usize + usize::from(row[node.column as usize] >= node.at)];
        }
        node.at
    }

    fn split(
        &mut self,
        node: usize,
        columns: &[Vec<f64>],
        rows: &mut [usize],
        depth: usize,
        depth_max: usize,
        dice: &mut Dice,
    ) {
        let cut = if depth < depth_max { choose_cut(columns, rows, dice) } else { None };
        let Some((column, at)) = cut else {
            self.0[node] = Node::leaf(depth as f64 + mean_depth(rows.len()));
            return;
        };
        let mut below = 0;
        for index in 0..rows.len() {
            if columns[column][rows[index]] < at {
                rows.swap(index, below);
                below += 1;
            }
        }
        let left = self.0.len();
        self.0.extend([Node::leaf(0.0), Node::leaf(0.0)]);
        // A tree has fewer than 2 · SAMPLE nodes, and no table 2³² columns.
        self.0[node] = Node { column: column as u32, left: left as u32, at };
        let (lower, upper) = rows.split_at_mut(below);
        self.split(left, columns, lower, depth + 1, depth_max, dice);
        self.split(left + 1, columns, upper, depth + 1, depth_max, dice);
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
