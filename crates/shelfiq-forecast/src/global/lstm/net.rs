//! One layer of long short-term memory (Hochreiter & Schmidhuber, Neural Computation 9, 1997, with the forget gate of
//! Gers et al. 2000) and a linear answer for all steps ahead, trained by Adam (Kingma & Ba, ICLR 2015).
//!
//! Windows are worked on side by side, one per lane, so that sums over inputs need no reordering: the result is the same
//! on every machine.

use serde::{Deserialize, Serialize};

use crate::dice::Dice;

/// Windows side by side.
pub(super) const LANES: usize = 32;
/// Inputs of one period.
pub(super) const INPUTS: usize = 4;
/// Cells of memory.
const CELLS: usize = 32;
/// Inputs and memory of the period before.
const WIDTH: usize = INPUTS + CELLS;
/// Input, forget and output gate, and what is to be remembered: one after the other.
const GATES: usize = 4 * CELLS;

/// The same quantity of all windows.
pub(super) type Lane<const N: usize = LANES> = [f32; N];

/// The weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Net {
    /// A row of `WIDTH` and a constant per gate; then a row of `CELLS` and a constant per step ahead.
    #[serde(with = "crate::exact")]
    weights: Vec<f32>,
    steps: usize,
}

/// What a pass forward leaves for the way back: one entry per period.
struct Trace<const N: usize> {
    inputs: Vec<[Lane<N>; WIDTH]>,
    gates: Vec<[Lane<N>; GATES]>,
    /// Memory after the period, and its hyperbolic tangent.
    memory: Vec<[Lane<N>; CELLS]>,
    bounded: Vec<[Lane<N>; CELLS]>,
    /// What the last period hands to the answer.
    last: [Lane<N>; CELLS],
}

const ZERO: Lane = [0.0; LANES];

impl Net {
    /// Small weights by chance; memory that is kept at first.
    pub(super) fn new(steps: usize, dice: &mut Dice) -> Self {
        let reach = 1.0 / (CELLS as f32).sqrt();
        let mut weights: Vec<f32> =
            (0..GATES * (WIDTH + 1)).map(|_| reach * (2.0 * dice.unit() as f32 - 1.0)).collect();
        for (gate, row) in weights.chunks_exact_mut(WIDTH + 1).enumerate() {
            row[WIDTH] = if (CELLS..2 * CELLS).contains(&gate) { 1.0 } else { 0.0 };
        }
        // At first the answer is that nothing changes.
        weights.resize(weights.len() + steps * (CELLS + 1), 0.0);
        Self { weights, steps }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.weights.len() == GATES * (WIDTH + 1) + self.steps * (CELLS + 1)
    }

    pub(super) const fn steps(&self) -> usize {
        self.steps
    }

    /// The answers for windows of which `inputs` has a row per period, earliest first: a row per step ahead.
    pub(super) fn answer<const N: usize>(&self, inputs: &[[Lane<N>; INPUTS]]) -> Vec<Lane<N>> {
        self.read(&self.forward(inputs).last)
    }

    fn read<const N: usize>(&self, last: &[Lane<N>; CELLS]) -> Vec<Lane<N>> {
        let rows = self.weights[GATES * (WIDTH + 1)..].chunks_exact(CELLS + 1);
        rows.map(|row| weighted(&row[..CELLS], last, row[CELLS])).collect()
    }

    fn forward<const N: usize>(&self, inputs: &[[Lane<N>; INPUTS]]) -> Trace<N> {
        let mut trace = Trace {
            inputs: Vec::with_capacity(inputs.len()),
            gates: Vec::with_capacity(inputs.len()),
            memory: Vec::with_capacity(inputs.len()),
            bounded: Vec::with_capacity(inputs.len()),
            last: [[0.0; N]; CELLS],
        };
        let mut memory = [[0.0; N]; CELLS];
        for now in inputs {
            let mut seen = [[0.0; N]; WIDTH];
            seen[..INPUTS].copy_from_slice(now);
            seen[INPUTS..].copy_from_slice(&trace.last);
            let mut gates = [[0.0; N]; GATES];
            for (gate, row) in gates.iter_mut().zip(self.weights.chunks_exact(WIDTH + 1)) {
                *gate = weighted(&row[..WIDTH], &seen, row[WIDTH]);
            }
            for gate in &mut gates[..3 * CELLS] {
                gate.iter_mut().for_each(|value| *value = sigmoid(*value));
            }
            for gate in &mut gates[3 * CELLS..] {
                gate.iter_mut().for_each(|value| *value = tanh(*value));
            }
            let mut bounded = [[0.0; N]; CELLS];
            for cell in 0..CELLS {
                let [enter, keep, show, new] = [0, 1, 2, 3].map(|part| &gates[part * CELLS + cell]);
                for lane in 0..N {
                    memory[cell][lane] = keep[lane] * memory[cell][lane] + enter[lane] * new[lane];
                    bounded[cell][lane] = tanh(memory[cell][lane]);
                    trace.last[cell][lane] = show[lane] * bounded[cell][lane];
                }
            }
            trace.inputs.push(seen);
            trace.gates.push(gates);
            trace.memory.push(memory);
            trace.bounded.push(bounded);
        }
        trace
    }

    /// Adds to `slopes` how the sum of absolute misses changes with each weight. `NaN` marks targets that are unknown.
    pub(super) fn slopes(&self, inputs: &[[Lane; INPUTS]], targets: &[Lane], slopes: &mut [f32]) {
        let trace = self.forward(inputs);
        let (of_gates, of_answers) = slopes.split_at_mut(GATES * (WIDTH + 1));
        let mut d_last = [ZERO; CELLS];
        let rows = self.weights[GATES * (WIDTH + 1)..].chunks_exact(CELLS + 1);
        let answers = self.read(&trace.last);
        for (((answer, target), row), slope) in
            answers.iter().zip(targets).zip(rows).zip(of_answers.chunks_exact_mut(CELLS + 1))
        {
            let mut d_answer = ZERO;
            for lane in 0..LANES {
                let miss = answer[lane] - target[lane];
                // Rounded at the bottom, so that steps grow small where misses do.
                d_answer[lane] = if miss.is_nan() { 0.0 } else { (miss / ROUND).clamp(-1.0, 1.0) };
            }
            for cell in 0..CELLS {
                slope[cell] += product(&d_answer, &trace.last[cell]);
                add(&mut d_last[cell], row[cell], &d_answer);
            }
            slope[CELLS] += d_answer.iter().sum::<f32>();
        }
        let mut d_memory = [ZERO; CELLS];
        for t in (0..inputs.len()).rev() {
            let (gates, bounded) = (&trace.gates[t], &trace.bounded[t]);
            let mut d_gates = [ZERO; GATES];
            for cell in 0..CELLS {
                let [enter, keep, show, new] = [0, 1, 2, 3].map(|part| &gates[part * CELLS + cell]);
                for lane in 0..LANES {
                    let before = if t > 0 { trace.memory[t - 1][cell][lane] } else { 0.0 };
                    let d_out = d_last[cell][lane];
                    let tangent = bounded[cell][lane];
                    let d_cell = d_memory[cell][lane] + d_out * show[lane] * (1.0 - tangent * tangent);
                    d_gates[cell][lane] = d_cell * new[lane] * enter[lane] * (1.0 - enter[lane]);
                    d_gates[CELLS + cell][lane] = d_cell * before * keep[lane] * (1.0 - keep[lane]);
                    d_gates[2 * CELLS + cell][lane] = d_out * tangent * show[lane] * (1.0 - show[lane]);
                    d_gates[3 * CELLS + cell][lane] = d_cell * enter[lane] * (1.0 - new[lane] * new[lane]);
                    d_memory[cell][lane] = d_cell * keep[lane];
                }
            }
            d_last = [ZERO; CELLS];
            let rows = self.weights.chunks_exact(WIDTH + 1).zip(of_gates.chunks_exact_mut(WIDTH + 1));
            for (d_gate, (row, slope)) in d_gates.iter().zip(rows) {
                for (slope, seen) in slope.iter_mut().zip(&trace.inputs[t]) {
                    *slope += product(d_gate, seen);
                }
                slope[WIDTH] += d_gate.iter().sum::<f32>();
                for cell in 0..CELLS {
                    add(&mut d_last[cell], row[INPUTS + cell], d_gate);
                }
            }
        }
    }
}

/// Misses below which their square counts rather than their size, in logarithms.
const ROUND: f32 = 0.02;

/// Adam's memory.
pub(super) struct Adam {
    mean: Vec<f32>,
    square: Vec<f32>,
    turn: i32,
}

impl Adam {
    const KEEP: (f32, f32) = (0.9, 0.99);
    /// Length of the slope beyond which it is shortened.
    const LENGTH_MAX: f32 = 1.0;

    pub(super) fn new(net: &Net) -> Self {
        Self { mean: vec![0.0; net.weights.len()], square: vec![0.0; net.weights.len()], turn: 0 }
    }

    /// Moves the weights against the slopes.
    pub(super) fn step(&mut self, net: &mut Net, slopes: &[f32], rate: f32) {
        self.turn += 1;
        let length = slopes.iter().map(|slope| slope * slope).sum::<f32>().sqrt();
        if !length.is_finite() {
            return;
        }
        let shorten = if length > Self::LENGTH_MAX { Self::LENGTH_MAX / length } else { 1.0 };
        let (keep_mean, keep_square) = Self::KEEP;
        let (young_mean, young_square) = (1.0 - keep_mean.powi(self.turn), 1.0 - keep_square.powi(self.turn));
        let memory = self.mean.iter_mut().zip(&mut self.square);
        for ((weight, slope), (mean, square)) in net.weights.iter_mut().zip(slopes).zip(memory) {
            let slope = slope * shorten;
            *mean = keep_mean * *mean + (1.0 - keep_mean) * slope;
            *square = keep_square * *square + (1.0 - keep_square) * slope * slope;
            *weight -= rate * (*mean / young_mean) / ((*square / young_square).sqrt() + 1e-8);
        }
    }

    /// Room for the slopes of a net.
    pub(super) fn blank(&self) -> Vec<f32> {
        vec![0.0; self.mean.len()]
    }
}

/// Weighted sum and a constant.
#[inline]
fn weighted<const N: usize>(weights: &[f32], values: &[Lane<N>], constant: f32) -> Lane<N> {
    let mut sum = [constant; N];
    for (weight, value) in weights.iter().zip(values) {
        add(&mut sum, *weight, value);
    }
    sum
}

#[inline]
fn add<const N: usize>(sum: &mut Lane<N>, weight: f32, value: &Lane<N>) {
    for lane in 0..N {
        sum[lane] += weight * value[lane];
    }
}

/// Sum of products, eight sums side by side.
#[inline]
fn product(a: &Lane, b: &Lane) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for place in 0..8 {
            sums[place] += a[place] * b[place];
        }
    }
    sums.iter().sum()
}

#[inline]
fn sigmoid(value: f32) -> f32 {
    0.5 + 0.5 * tanh(0.5 * value)
}

/// Hyperbolic tangent as a ratio of polynomials (that of the Eigen library, good to seven digits): the same on every
/// machine, and many at once.
#[inline]
fn tanh(value: f32) -> f32 {
    let x = value.clamp(-7.9, 7.9);
    let square = x * x;
    let odd =
        [-2.760_768_5e-16, 2.000_188e-13, -8.604_672e-11, 5.122_297e-8, 1.485_722_4e-5, 6.372_619_3e-4, 4.893_524_6e-3];
    let even = [1.198_258_4e-6, 1.185_347_1e-4, 2.268_434_6e-3, 4.893_525e-3];
    let top = odd.iter().fold(0.0_f32, |sum, factor| sum * square + factor);
    let bottom = even.iter().fold(0.0_f32, |sum, factor| sum * square + factor);
    x * top / bottom
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tangent_is_that_of_the_library() {
        for step in -400..=400 {
            let x = step as f32 / 20.0;
            assert!((tanh(x) - x.tanh()).abs() < 1e-6, "{x}");
        }
    }

    /// What [`Net::slopes`] is the slope of.
    fn loss(net: &Net, inputs: &[[Lane; INPUTS]], targets: &[Lane]) -> f64 {
        let of = |miss: f32| {
            let size = f64::from(miss.abs());
            let round = f64::from(ROUND);
            if size < round { size * size / (2.0 * round) } else { size - round / 2.0 }
        };
        let answers = net.answer(inputs);
        let misses = answers.iter().flatten().zip(targets.iter().flatten()).map(|(a, b)| a - b);
        misses.filter(|miss| !miss.is_nan()).map(of).sum()
    }

    #[test]
    fn slopes_are_those_of_the_loss() {
        let mut dice = Dice::new(5);
        let mut net = Net::new(3, &mut dice);
        net.weights.iter_mut().for_each(|weight| *weight += 0.4 * (dice.unit() as f32 - 0.5));
        let mut lane = || std::array::from_fn(|_| 2.0 * dice.unit() as f32 - 1.0);
        let inputs: Vec<[Lane; INPUTS]> = (0..5).map(|_| std::array::from_fn(|_| lane())).collect();
        let mut targets: Vec<Lane> = (0..3).map(|_| lane()).collect();
        targets[1][7] = f32::NAN;
        let mut slopes = vec![0.0; net.weights.len()];
        net.slopes(&inputs, &targets, &mut slopes);
        for place in (0..net.weights.len()).step_by(41) {
            let moved = |by: f32| {
                let mut net = net.clone();
                net.weights[place] += by;
                loss(&net, &inputs, &targets)
            };
            let found = (moved(2e-3) - moved(-2e-3)) / 4e-3;
            let stated = f64::from(slopes[place]);
            assert!((found - stated).abs() < 0.03 * (1.0 + stated.abs()), "{place} {found} {stated}");
        }
    }
}
