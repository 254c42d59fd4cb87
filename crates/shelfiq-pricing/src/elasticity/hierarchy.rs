//! Which series belong together: population → groups → series.

use std::collections::{BTreeSet, HashMap};

use crate::panel::DemandPanel;

/// Nested groups, from coarse to fine. Level 0 is the population: one node that holds every series.
#[derive(Debug, Clone)]
pub(crate) struct Hierarchy {
    /// `nodes[level][series]`: the node of that level the series belongs to.
    pub(crate) nodes: Vec<Vec<usize>>,
    /// Number of nodes on each level.
    pub(crate) counts: Vec<usize>,
}

/// More levels of groups than this add cost but hardly any information.
const GROUP_LEVELS_MAX: usize = 3;

impl Hierarchy {
    /// Orders the group columns by how many values they have and nests each in those before it, so that the order in which
    /// the caller names them does not matter. A column that separates nothing, or every single series, is left out.
    pub(crate) fn of(panel: &DemandPanel) -> Self {
        let series_count = panel.series.len();
        let value = |series: usize, column: usize| panel.series[series].groups[column].as_str();
        let mut columns: Vec<(usize, usize)> = (0..panel.group_names.len())
            .map(|column| {
                ((0..series_count).map(|series| value(series, column)).collect::<BTreeSet<_>>().len(), column)
            })
            .filter(|&(distinct, _)| distinct > 1 && distinct < series_count)
            .collect();
        columns.sort_unstable();

        let mut nodes = vec![vec![0; series_count]];
        let mut counts = vec![1];
        for (_, column) in columns {
            let parent = &nodes[nodes.len() - 1];
            let mut known: HashMap<(usize, &str), usize> = HashMap::new();
            let level: Vec<usize> = (0..series_count)
                .map(|series| {
                    let next = known.len();
                    *known.entry((parent[series], value(series, column))).or_insert(next)
                })
                .collect();
            let count = known.len();
            if count > counts[counts.len() - 1] && count < series_count && nodes.len() <= GROUP_LEVELS_MAX {
                nodes.push(level);
                counts.push(count);
            }
        }
        Self { nodes, counts }
    }

    /// The members of each node of a level, in the order of the series.
    pub(crate) fn members(&self, level: usize) -> Vec<Vec<usize>> {
        members(&self.nodes[level])
    }
}

/// The series in each node, in their order.
pub(crate) fn members(nodes: &[usize]) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); nodes.iter().max().map_or(0, |last| last + 1)];
    for (series, &node) in nodes.iter().enumerate() {
        members[node].push(series);
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::{DemandSeries, TimeAxis};

    fn hierarchy(names: &[&str], rows: &[&[&str]]) -> Hierarchy {
        let series = |(index, groups): (usize, &&[&str])| DemandSeries {
            id: index.to_string(),
            groups: groups.iter().map(ToString::to_string).collect(),
            observations: Vec::new(),
            controls: Vec::new(),
            unit_cost: None,
        };
        Hierarchy::of(&DemandPanel {
            time: TimeAxis::Steps,
            group_names: names.iter().map(ToString::to_string).collect(),
            controls: Vec::new(),
            series: rows.iter().enumerate().map(series).collect(),
        })
    }

    #[test]
    fn the_order_of_the_columns_does_not_matter() {
        let rows: [&[&str]; 5] =
            [&["mug", "home"], &["mug", "home"], &["bowl", "home"], &["bowl", "home"], &["yarn", "craft"]];
        let swapped: Vec<Vec<&str>> = rows.iter().map(|row| vec![row[1], row[0]]).collect();
        let swapped: Vec<&[&str]> = swapped.iter().map(Vec::as_slice).collect();
        let (one, two) = (hierarchy(&["family", "category"], &rows), hierarchy(&["category", "family"], &swapped));
        assert_eq!(one.nodes, two.nodes);
        assert_eq!(one.counts, [1, 2, 3]);
    }

    #[test]
    fn columns_that_separate_nothing_or_everything_are_left_out() {
        let hierarchy = hierarchy(&["shop", "name"], &[&["s", "a"], &["s", "b"], &["s", "c"]]);
        assert_eq!(hierarchy.counts, [1]);
    }
}
