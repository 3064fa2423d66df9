//! Rows that a statement takes as its input: many rows, one round trip.
//!
//! A statement reads them from the table `given`, which stands before it as a common table expression, and is itself
//! written once for both databases. Only how the rows get there differs. PostgreSQL takes each column as one array, so
//! its statement is the same for any number of rows. SQLite has no arrays and takes a list of values, in pieces of a
//! few sizes, so that each is prepared once.

use std::fmt::Write as _;
use std::ops::Range;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, FromRow};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::database::{Either, Transaction, within};
use crate::stamp::{Stamp, truncate};

/// Rows in one SQLite statement, largest first. With 16 columns the largest binds an eighth of what SQLite allows.
const PIECES: [usize; 4] = [256, 32, 4, 1];

/// Rows made of items: a column for each value that the statement needs of an item.
pub(crate) struct Rows<'a, T> {
    items: &'a [T],
    columns: Vec<(&'static str, Column<'a>)>,
}

enum Column<'a> {
    Id(Vec<Uuid>),
    Text(Vec<&'a str>),
    Bytes(Vec<Option<&'a [u8]>>),
    Integer(Vec<i64>),
    Real(Vec<Option<f64>>),
    Time(Vec<OffsetDateTime>),
}

impl<'a, T> Rows<'a, T> {
    /// A row for each item, without columns yet.
    pub(crate) fn of(items: &'a [T]) -> Self {
        Self {
            items,
            columns: Vec::new(),
        }
    }

    pub(crate) fn id(self, name: &'static str, of: impl Fn(&'a T) -> Uuid) -> Self {
        let column = self.items.iter().map(of).collect();
        self.with(name, Column::Id(column))
    }

    pub(crate) fn text(self, name: &'static str, of: impl Fn(&'a T) -> &'a str) -> Self {
        let column = self.items.iter().map(of).collect();
        self.with(name, Column::Text(column))
    }

    pub(crate) fn bytes(self, name: &'static str, of: impl Fn(&'a T) -> Option<&'a [u8]>) -> Self {
        let column = self.items.iter().map(of).collect();
        self.with(name, Column::Bytes(column))
    }

    pub(crate) fn integer(self, name: &'static str, of: impl Fn(&'a T) -> i64) -> Self {
        let column = self.items.iter().map(of).collect();
        self.with(name, Column::Integer(column))
    }

    pub(crate) fn real(self, name: &'static str, of: impl Fn(&'a T) -> Option<f64>) -> Self {
        let column = self.items.iter().map(of).collect();
        self.with(name, Column::Real(column))
    }

    pub(crate) fn time(self, name: &'static str, of: impl Fn(&'a T) -> OffsetDateTime) -> Self {
        let column = self.items.iter().map(|item| truncate(of(item))).collect();
        self.with(name, Column::Time(column))
    }

    fn with(mut self, name: &'static str, column: Column<'a>) -> Self {
        self.columns.push((name, column));
        self
    }

    /// Runs a statement that reads `given`. Without rows there is nothing to run.
    pub(crate) async fn execute(
        self,
        transaction: &mut Transaction,
        statement: &'static str,
    ) -> sqlx::Result<()> {
        let timeout = transaction.statement_timeout;
        if self.items.is_empty() {
            return Ok(());
        }
        match &mut transaction.on {
            Either::Postgres(inner) => {
                let (sql, arguments) = self.for_postgres(statement)?;
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                within(timeout, query.execute(&mut **inner)).await?;
            }
            Either::Sqlite(inner) => {
                for piece in pieces(self.items.len()) {
                    let (sql, arguments) = self.for_sqlite(statement, piece)?;
                    let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                    within(timeout, query.execute(&mut **inner)).await?;
                }
            }
        }
        Ok(())
    }

    /// Runs a statement that reads `given`, and returns its rows. They come in no particular order: on SQLite one that
    /// sorts or groups does so within a piece only.
    pub(crate) async fn fetch_all<R>(
        self,
        transaction: &mut Transaction,
        statement: &'static str,
    ) -> sqlx::Result<Vec<R>>
    where
        R: for<'r> FromRow<'r, PgRow> + for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        let timeout = transaction.statement_timeout;
        if self.items.is_empty() {
            return Ok(Vec::new());
        }
        match &mut transaction.on {
            Either::Postgres(inner) => {
                let (sql, arguments) = self.for_postgres(statement)?;
                let query = sqlx::query_as_with::<_, R, _>(AssertSqlSafe(sql), arguments);
                within(timeout, query.fetch_all(&mut **inner)).await
            }
            Either::Sqlite(inner) => {
                let mut rows = Vec::new();
                for piece in pieces(self.items.len()) {
                    let (sql, arguments) = self.for_sqlite(statement, piece)?;
                    let query = sqlx::query_as_with::<_, R, _>(AssertSqlSafe(sql), arguments);
                    rows.append(&mut within(timeout, query.fetch_all(&mut **inner)).await?);
                }
                Ok(rows)
            }
        }
    }

    fn for_postgres(&self, statement: &str) -> sqlx::Result<(String, PgArguments)> {
        let mut arguments = PgArguments::default();
        for (_, column) in &self.columns {
            match column {
                Column::Id(values) => arguments.add(values),
                Column::Text(values) => arguments.add(values),
                Column::Bytes(values) => arguments.add(values),
                Column::Integer(values) => arguments.add(values),
                Column::Real(values) => arguments.add(values),
                Column::Time(values) => arguments.add(values),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        let arrays = placeholders(1..self.columns.len() + 1, |sql, number| {
            let _ = write!(sql, "${number}");
        });
        let source = format!("SELECT * FROM UNNEST({arrays})");
        Ok((self.before(&source, statement), arguments))
    }

    fn for_sqlite(
        &self,
        statement: &str,
        piece: Range<usize>,
    ) -> sqlx::Result<(String, SqliteArguments)> {
        let mut arguments = SqliteArguments::default();
        for row in piece.clone() {
            for (_, column) in &self.columns {
                match column {
                    Column::Id(values) => arguments.add(values[row]),
                    Column::Text(values) => arguments.add(values[row]),
                    Column::Bytes(values) => arguments.add(values[row]),
                    Column::Integer(values) => arguments.add(values[row]),
                    Column::Real(values) => arguments.add(values[row]),
                    Column::Time(values) => arguments.add(Stamp(values[row])),
                }
                .map_err(sqlx::Error::Encode)?;
            }
        }
        // Without numbers: to look one up, SQLite goes through all of a statement's.
        let row = placeholders(0..self.columns.len(), |sql, _| sql.push('?'));
        let list = placeholders(piece, |sql, _| {
            let _ = write!(sql, "({row})");
        });
        let source = format!("VALUES {list}");
        Ok((self.before(&source, statement), arguments))
    }

    fn before(&self, source: &str, statement: &str) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        let names = names.join(", ");
        format!("WITH given ({names}) AS ({source}) {statement}")
    }
}

/// Cuts so many rows into pieces of few different sizes.
fn pieces(rows: usize) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let size = PIECES.into_iter().find(|size| *size <= rows - from)?;
        let piece = from..from + size;
        from = piece.end;
        Some(piece)
    })
}

fn placeholders(of: Range<usize>, each: impl Fn(&mut String, usize)) -> String {
    let mut sql = String::new();
    for number in of.clone() {
        if number > of.start {
            sql.push_str(", ");
        }
        each(&mut sql, number);
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_into_pieces_of_few_sizes_that_hold_all_of_them() {
        for rows in [1, 3, 4, 255, 256, 1_000] {
            let pieces: Vec<_> = pieces(rows).collect();
            let all: Vec<_> = pieces.iter().cloned().flatten().collect();
            assert_eq!(all, (0..rows).collect::<Vec<_>>());
            assert!(pieces.iter().all(|piece| PIECES.contains(&piece.len())));
        }
    }

    #[test]
    fn a_statement_is_the_same_on_both_databases_but_for_where_its_rows_come_from() {
        let items = [(1, "a"), (2, "b")];
        let rows = Rows::of(&items)
            .integer("number", |item| item.0)
            .text("name", |item| item.1);
        let statement = "SELECT number FROM given";
        let (postgres, _) = rows.for_postgres(statement).expect("encoded");
        assert_eq!(
            postgres,
            "WITH given (number, name) AS (SELECT * FROM UNNEST($1, $2)) SELECT number FROM given"
        );
        let (sqlite, _) = rows.for_sqlite(statement, 0..2).expect("encoded");
        assert_eq!(
            sqlite,
            "WITH given (number, name) AS (VALUES (?, ?), (?, ?)) SELECT number FROM given"
        );
    }
}
