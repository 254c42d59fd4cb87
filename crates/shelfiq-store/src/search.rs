//! Finding letters in short columns, without case, alike on both databases.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, LikeExpr};
use sea_orm::{ColumnTrait, Condition, IntoSimpleExpr};

/// One of the columns holds `text` somewhere. `%` and `_` stand for themselves.
pub(crate) fn any_contains<C: ColumnTrait, const N: usize>(columns: [C; N], text: &str) -> Condition {
    let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let pattern = format!("%{escaped}%");
    columns.into_iter().fold(Condition::any(), |any, column| {
        let lower = Expr::expr(Func::lower(column.into_simple_expr()));
        any.add(lower.like(LikeExpr::new(pattern.clone()).escape('\\')))
    })
}
