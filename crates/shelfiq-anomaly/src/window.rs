//! The last so many values, in order of size.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Remembers values up to a capacity and forgets the oldest first. Keeping them sorted costs one short move of memory a
/// value, which is less than sorting now and then.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Window {
    by_age: VecDeque<f64>,
    by_size: Vec<f64>,
}

impl Window {
    /// Remembers a value; of `capacity` remembered ones the oldest goes.
    pub(crate) fn push(&mut self, value: f64, capacity: usize) {
        if self.by_age.len() >= capacity
            && let Some(oldest) = self.by_age.pop_front()
        {
            self.by_size.remove(self.rank(oldest));
        }
        self.by_age.push_back(value);
        self.by_size.insert(self.rank(value), value);
    }

    /// The values in ascending order.
    pub(crate) fn sorted(&self) -> &[f64] {
        &self.by_size
    }

    /// How many are smaller than `value`, in the total order of floats.
    fn rank(&self, value: f64) -> usize {
        self.by_size.partition_point(|known| known.total_cmp(&value).is_lt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_the_last_values_in_order() {
        let mut window = Window::default();
        for value in [3.0, -1.0, 3.0, 0.0, -0.0, 7.0] {
            window.push(value, 4);
        }
        assert_eq!(window.sorted(), [-0.0, 0.0, 3.0, 7.0]);
        window.push(5.0, 4);
        assert_eq!(window.sorted(), [-0.0, 0.0, 5.0, 7.0]);
    }
}
