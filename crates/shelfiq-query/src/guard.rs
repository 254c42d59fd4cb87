//! Questions read. Whatever else a statement would do is refused before it runs.

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;

use crate::QueryError;

/// Refuses every plan that writes, defines, copies or sets anything.
pub(crate) fn refuse_effects(plan: &LogicalPlan) -> Result<(), QueryError> {
    let mut effect = None;
    plan.apply_with_subqueries(|node| {
        effect = match node {
            LogicalPlan::Dml(_) => Some("INSERT, UPDATE or DELETE"),
            LogicalPlan::Ddl(_) => Some("CREATE or DROP"),
            LogicalPlan::Copy(_) => Some("COPY"),
            LogicalPlan::Statement(_) => Some("SET, PREPARE or a transaction"),
            _ => return Ok(TreeNodeRecursion::Continue),
        };
        Ok(TreeNodeRecursion::Stop)
    })
    .map_err(|error| QueryError::of_engine(error, 0))?;
    match effect {
        Some(statement) => Err(QueryError::NotReadOnly { statement: statement.to_owned() }),
        None => Ok(()),
    }
}
