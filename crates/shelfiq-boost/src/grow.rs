//! One tree, grown leaf by leaf.

use rayon::prelude::*;

use crate::bins::{Binned, LANES};
use crate::booster::{Node, Note};
use crate::histogram::{BINS, EMPTY, Group, Scale, Sum, add, clear, fill, take_away};
use crate::options::BoostOptions;
use crate::split::{Judge, Range, Side, Split};

/// Rows times groups of columns from which several threads pay.
const PARALLEL_MIN: usize = 1 << 15;

/// What trees grow from.
pub(crate) struct Soil<'a> {
    pub(crate) binned: &'a Binned,
    pub(crate) options: &'a BoostOptions,
    /// Bins in use per group and lane; none for columns that this tree does not see.
    pub(crate) used: Vec<[usize; LANES]>,
    pub(crate) scale: Scale,
}

/// Memory that is free to be used again, whatever it holds.
#[derive(Default)]
pub(crate) struct Pool {
    /// For the rows of a tree, and what each adds.
    pub(crate) rows: Vec<u32>,
    pub(crate) sums: Vec<Sum>,
    spare: (Vec<u32>, Vec<Sum>),
    histograms: Vec<Vec<Group>>,
}

/// A tree and where its rows ended.
pub(crate) struct Grown {
    /// The root first; leaves hold what they add to the score, before the learning rate.
    pub(crate) nodes: Vec<Node>,
    /// One per node.
    pub(crate) notes: Vec<Note>,
    /// Rows that the tree saw, leaf after leaf.
    pub(crate) rows: Vec<u32>,
    pub(crate) leaves: Vec<Leaf>,
}

/// A leaf.
pub(crate) struct Leaf {
    /// Its place among the nodes.
    pub(crate) node: usize,
    /// Its rows among those of the tree.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Its values must lie in here.
    pub(crate) range: Range,
    sum: Sum,
    depth: usize,
    groups: Vec<Group>,
    best: Option<Split>,
}

/// Nodes in the making.
#[derive(Default)]
struct Tree {
    nodes: Vec<Node>,
    notes: Vec<Note>,
}

impl Tree {
    fn push(&mut self, value: f64, rows: usize) {
        self.nodes.push(Node::leaf(value));
        self.notes.push(Note { gain: 0.0, mean: 0.0, rows: rows as u32 });
    }
}

/// Rows of a tree with what each adds, in the order of its leaves.
struct Field {
    rows: Vec<u32>,
    sums: Vec<Sum>,
    spare_rows: Vec<u32>,
    spare_sums: Vec<Sum>,
}

impl Pool {
    fn take(&mut self, used: &[[usize; LANES]]) -> Vec<Group> {
        let Some(mut groups) = self.histograms.pop() else { return vec![EMPTY; used.len()] };
        groups.iter_mut().zip(used).for_each(|(group, used)| clear(group, *used));
        groups
    }
}

impl Soil<'_> {
    /// Grows a tree on `rows`; `sums` holds what each adds.
    pub(crate) fn grow(&self, rows: Vec<u32>, sums: Vec<Sum>, pool: &mut Pool) -> Grown {
        let judge = Judge { options: self.options, scale: self.scale };
        let (mut spare_rows, mut spare_sums) = std::mem::take(&mut pool.spare);
        spare_rows.resize(rows.len(), 0);
        spare_sums.resize(rows.len(), [0; 2]);
        let mut field = Field { rows, sums, spare_rows, spare_sums };
        let sum = field.sums.iter().fold([0; 2], |sum, row| add(sum, *row));
        let mut tree = Tree::default();
        tree.push(judge.value(sum, Range::ALL), self.scale.rows(sum));
        let mut root = Leaf {
            node: 0,
            from: 0,
            to: field.rows.len(),
            range: Range::ALL,
            sum,
            depth: 0,
            groups: Vec::new(),
            best: None,
        };
        if self.can_split(&judge, &root) {
            root.groups = pool.take(&self.used);
            root.best = self.plant(&judge, &mut root.groups, &field, (root.from, root.to), (sum, Range::ALL));
        }
        let mut leaves = vec![root];
        while leaves.len() < self.options.leaves_max {
            // The first of the best, so that the order of leaves alone decides between equals.
            let gain = |leaf: &Leaf| leaf.best.map_or(f64::NEG_INFINITY, |split| split.gain);
            let Some(place) = (0..leaves.len()).rev().max_by(|a, b| gain(&leaves[*a]).total_cmp(&gain(&leaves[*b])))
            else {
                break;
            };
            let Some(split) = leaves[place].best else { break };
            let is_last = leaves.len() + 1 == self.options.leaves_max;
            let (left, right) = self.divide(&judge, &mut leaves[place], split, &mut tree, &mut field, pool, is_last);
            leaves[place] = left;
            leaves.push(right);
        }
        let used = leaves.iter_mut().map(|leaf| std::mem::take(&mut leaf.groups)).filter(|groups| !groups.is_empty());
        pool.histograms.extend(used);
        pool.sums = field.sums;
        pool.spare = (field.spare_rows, field.spare_sums);
        Grown { nodes: tree.nodes, notes: tree.notes, rows: field.rows, leaves }
    }

    fn can_split(&self, judge: &Judge<'_>, leaf: &Leaf) -> bool {
        leaf.depth < self.options.depth_max
            && judge.scale.rows(leaf.sum) >= 2 * self.options.leaf_rows_min.max(1)
            && judge.scale.hessian(leaf.sum) >= 2.0 * self.options.leaf_hessian_min
    }

    /// Sums up a leaf from its rows, and finds its best split.
    fn plant(
        &self,
        judge: &Judge<'_>,
        groups: &mut [Group],
        field: &Field,
        (from, to): (usize, usize),
        (sum, range): (Sum, Range),
    ) -> Option<Split> {
        let (rows, sums) = (&field.rows[from..to], &field.sums[from..to]);
        let one = |(index, group): (usize, &mut Group)| {
            if self.used[index] == [0; LANES] {
                return None;
            }
            fill(group, &self.binned.groups[index], rows, sums);
            self.best_of_group(judge, index, group, sum, range)
        };
        if (to - from) * groups.len() >= PARALLEL_MIN {
            groups.par_iter_mut().enumerate().map(one).collect::<Vec<_>>().into_iter().fold(None, better)
        } else {
            groups.iter_mut().enumerate().map(one).fold(None, better)
        }
    }

    fn best_of_group(&self, judge: &Judge<'_>, index: usize, group: &Group, sum: Sum, range: Range) -> Option<Split> {
        let of_lane = |(lane, bins): (usize, &[Sum; BINS])| {
            judge.best(index * LANES + lane, &bins[..self.used[index][lane]], sum, range)
        };
        group.iter().enumerate().map(of_lane).fold(None, better)
    }

    /// Splits a leaf into two.
    #[expect(clippy::too_many_arguments, reason = "the parts of one growing tree")]
    fn divide(
        &self,
        judge: &Judge<'_>,
        leaf: &mut Leaf,
        split: Split,
        tree: &mut Tree,
        field: &mut Field,
        pool: &mut Pool,
        is_last: bool,
    ) -> (Leaf, Leaf) {
        let middle = leaf.from + self.part(field, leaf.from, leaf.to, split);
        let monotone = self.options.monotone_of(split.column);
        let (on_left, on_right) = (judge.value(split.left, leaf.range), judge.value(split.right, leaf.range));
        let (left_range, right_range) = leaf.range.divide(monotone, on_left, on_right);
        let first = tree.nodes.len();
        let at = self.binned.ends[split.column].end(usize::from(split.bin));
        tree.nodes[leaf.node].divide(split, at, first);
        tree.notes[leaf.node].gain = split.gain;
        tree.push(on_left, judge.scale.rows(split.left));
        tree.push(on_right, judge.scale.rows(split.right));
        let child = |node, from, to, range, sum| Leaf {
            node,
            from,
            to,
            range,
            sum,
            depth: leaf.depth + 1,
            groups: Vec::new(),
            best: None,
        };
        let mut left = child(first, leaf.from, middle, left_range, split.left);
        let mut right = child(first + 1, middle, leaf.to, right_range, split.right);
        let parent = std::mem::take(&mut leaf.groups);
        if is_last {
            pool.histograms.push(parent);
            return (left, right);
        }
        let (small, large) = if left.to - left.from <= right.to - right.from {
            (&mut left, &mut right)
        } else {
            (&mut right, &mut left)
        };
        self.plant_two(judge, small, large, parent, field, pool);
        (left, right)
    }

    /// Sums up the smaller of two siblings, takes that from the parent for the larger, and finds both best splits.
    fn plant_two(
        &self,
        judge: &Judge<'_>,
        small: &mut Leaf,
        large: &mut Leaf,
        mut parent: Vec<Group>,
        field: &Field,
        pool: &mut Pool,
    ) {
        let (small_splits, large_splits) = (self.can_split(judge, small), self.can_split(judge, large));
        if !small_splits && !large_splits {
            pool.histograms.push(parent);
            return;
        }
        let mut groups = pool.take(&self.used);
        let (rows, sums) = (&field.rows[small.from..small.to], &field.sums[small.from..small.to]);
        let one = |(index, (own, parent)): (usize, (&mut Group, &mut Group))| {
            if self.used[index] == [0; LANES] {
                return (None, None);
            }
            fill(own, &self.binned.groups[index], rows, sums);
            take_away(parent, own, self.used[index]);
            let best = |wanted: bool, group: &Group, leaf: &Leaf| {
                wanted.then(|| self.best_of_group(judge, index, group, leaf.sum, leaf.range)).flatten()
            };
            (best(small_splits, own, small), best(large_splits, parent, large))
        };
        let both = |(a, b): (Option<Split>, Option<Split>), (c, d)| (better(a, c), better(b, d));
        let pairs = groups.len();
        (small.best, large.best) = if rows.len() * pairs >= PARALLEL_MIN {
            let found: Vec<_> = groups.par_iter_mut().zip(parent.par_iter_mut()).enumerate().map(one).collect();
            found.into_iter().fold((None, None), both)
        } else {
            groups.iter_mut().zip(&mut parent).enumerate().map(one).fold((None, None), both)
        };
        small.groups = groups;
        large.groups = parent;
    }

    /// Puts the rows that go left before those that go right, each in their order; how many go left.
    fn part(&self, field: &mut Field, from: usize, to: usize, split: Split) -> usize {
        let missing = self.binned.ends[split.column].bins() as u8;
        let (group, lane) = (&self.binned.groups[split.column / LANES], split.column % LANES);
        let Field { rows, sums, spare_rows, spare_sums } = field;
        let (rows, sums) = (&mut rows[from..to], &mut sums[from..to]);
        let (spare_rows, spare_sums) = (&mut spare_rows[..to - from], &mut spare_sums[..to - from]);
        let (mut left, mut right) = (0, 0);
        // Each row is put down on both sides, and the next row overwrites it on the wrong one: chance decides between
        // sides, and a wrong guess of the processor would cost more.
        for place in 0..rows.len() {
            let (row, sum) = (rows[place], sums[place]);
            let bin = group[row as usize][lane];
            let goes_left = (bin == missing) & (split.missing == Side::Left) | (bin != missing) & (bin <= split.bin);
            (rows[left], sums[left]) = (row, sum);
            (spare_rows[right], spare_sums[right]) = (row, sum);
            left += usize::from(goes_left);
            right += usize::from(!goes_left);
        }
        rows[left..].copy_from_slice(&spare_rows[..right]);
        sums[left..].copy_from_slice(&spare_sums[..right]);
        left
    }
}

/// The split that gains more; of equals the first.
fn better(a: Option<Split>, b: Option<Split>) -> Option<Split> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.gain > a.gain { b } else { a }),
        (a, b) => a.or(b),
    }
}
