//! Statements that mean the same to SQLite and PostgreSQL.

use sea_orm_migration::prelude::*;

/// A table yet without columns.
pub(super) fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).take()
}

/// `table.column` names a row of `target` by its `id`.
pub(super) fn references(table: &'static str, column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().name(format!("{table}_{column}_fkey")).from(table, column).to(target, "id").take()
}

/// Makes lookups by these columns quick.
pub(super) fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// No two rows share these columns.
pub(super) fn unique(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(name, table, columns).unique().take()
}

/// No two rows that are not deleted share these columns.
pub(super) fn unique_while_live(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    unique(name, table, columns).and_where(Expr::col("deleted_at").is_null()).take()
}
