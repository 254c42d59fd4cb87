//! What importing a file would do.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shelfiq_app::imports::{self as app, ImportRequest};
use shelfiq_core::CurrencyCode;
use shelfiq_events::ControlTotals;
use shelfiq_pipeline::{Choice, DateOrder, DecimalMark, Field, Mapping, Preview, Question, SourceKind};
use utoipa::ToSchema;

use super::ImportCountsBody;
use crate::caller::{Body, Caller};
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// An uploaded file and how to read it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportRequestBody {
    pub(crate) upload_id: String,
    /// Store to which rows belong that name none.
    #[serde(default)]
    store: Option<String>,
    /// What the file is, if it was not recognised.
    #[serde(default)]
    kind: Option<String>,
    /// Field → column, for files that need it.
    #[serde(default)]
    mapping: Option<BTreeMap<String, String>>,
    /// Currency of amounts that name none; the shop's if absent.
    #[serde(default)]
    currency: Option<String>,
    /// `day_first` or `month_first`: the order of day and month, where the dates of the file do not tell.
    #[serde(default)]
    date_order: Option<String>,
    /// `point` or `comma`: the mark before the fraction, where the numbers of the file do not tell.
    #[serde(default)]
    decimal_mark: Option<String>,
}

impl ImportRequestBody {
    /// The request as the use case takes it.
    pub(crate) fn request(&self) -> Result<ImportRequest, ApiError> {
        let kind = self.kind.as_deref().filter(|kind| !kind.is_empty()).map(str::parse::<SourceKind>).transpose();
        let kind = kind.map_err(|error| ApiError::invalid("kind", error.to_string()))?;
        let mapping = match (&self.mapping, kind) {
            (Some(columns), Some(kind)) if !columns.is_empty() => {
                let mut mapping = Mapping::empty(kind);
                for (field, column) in columns {
                    let known = Field::ALL.iter().copied().find(|known| known.as_str() == field);
                    let known =
                        known.ok_or_else(|| ApiError::invalid("mapping", format!("there is no field `{field}`")))?;
                    mapping.columns.insert(known, column.clone());
                }
                Some(mapping)
            }
            _ => None,
        };
        let currency = self.currency.as_deref().map(CurrencyCode::new).transpose();
        let currency = currency.map_err(|error| ApiError::invalid("currency", error.to_string()))?;
        let date_order = match self.date_order.as_deref() {
            None => None,
            Some("day_first") => Some(DateOrder::DayFirst),
            Some("month_first") => Some(DateOrder::MonthFirst),
            Some(_) => return Err(ApiError::invalid("date_order", "must be day_first or month_first")),
        };
        let decimal_mark = match self.decimal_mark.as_deref() {
            None => None,
            Some("point") => Some(DecimalMark::Point),
            Some("comma") => Some(DecimalMark::Comma),
            Some(_) => return Err(ApiError::invalid("decimal_mark", "must be point or comma")),
        };
        let store = self.store.clone().filter(|name| !name.trim().is_empty());
        Ok(ImportRequest { kind, mapping, store, currency, date_order, decimal_mark })
    }
}

/// What importing the file would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportPreviewBody {
    upload_id: String,
    file: String,
    format: String,
    encoding: String,
    delimiter: Option<String>,
    /// What the file is; null if nobody knows yet.
    kind: Option<String>,
    kind_title: String,
    /// `recognised`, `guessed` or `unknown`.
    confidence: &'static str,
    columns: Vec<ColumnBody>,
    /// Fields that the kind of file has.
    fields: Vec<FieldBody>,
    /// Field → column.
    mapping: BTreeMap<String, String>,
    /// Kinds of file to choose from.
    kinds: Vec<KindBody>,
    /// Data rows of the file.
    rows: u64,
    /// What would become of them; zeros while the file needs columns or an answer first.
    counts: ImportCountsBody,
    totals: ControlTotalsBody,
    /// Currency of the totals; null where the file has several, or no amounts.
    currency: Option<String>,
    /// Rows whose amounts name no currency: they are taken in `assumed_currency`.
    rows_without_currency: u64,
    /// The currency of amounts that name none: the one asked for, else the shop's.
    assumed_currency: Option<String>,
    problems: Vec<CellProblemBody>,
    sample: Vec<BTreeMap<String, String>>,
    /// What the file leaves open.
    questions: Vec<QuestionBody>,
}

/// Something that the file does not decide.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionBody {
    column: String,
    /// The doubt in one sentence, with a value of the column.
    text: String,
    /// The field of the request that answers it: `date_order` or `decimal_mark`; `day` cannot be answered.
    answer: &'static str,
    /// Whether nothing can be imported before it is answered.
    must_answer: bool,
    choices: Vec<ChoiceBody>,
}

/// An answer, and what it makes of the value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChoiceBody {
    value: &'static str,
    reading: String,
}

impl From<&Question> for QuestionBody {
    fn from(question: &Question) -> Self {
        let choice = |choice: &Choice| ChoiceBody { value: choice.value, reading: choice.reading.clone() };
        Self {
            column: question.column.clone(),
            text: question.text.clone(),
            answer: question.answer,
            must_answer: question.must_answer,
            choices: question.choices.iter().map(choice).collect(),
        }
    }
}

/// A column of the file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ColumnBody {
    name: String,
    samples: Vec<String>,
    /// The field it most likely is.
    guess: Option<String>,
}

/// A field that a column can be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldBody {
    name: String,
    title: String,
    required: bool,
}

/// A kind of file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KindBody {
    kind: String,
    title: String,
}

/// Sums over every row read.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct ControlTotalsBody {
    rows: u64,
    orders: u64,
    customers: u64,
    /// Sum of quantity × unit price, exact; null for several currencies.
    net_amount: Option<String>,
    duplicates: u64,
    by_kind: Vec<KindTotalBody>,
}

/// Rows and amount of one kind of line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KindTotalBody {
    kind: String,
    rows: u64,
    amount: String,
}

impl ControlTotalsBody {
    pub(crate) fn of(totals: &ControlTotals) -> Self {
        Self {
            rows: totals.rows,
            orders: totals.orders,
            customers: totals.customers,
            net_amount: totals.net_amount.map(|amount| amount.normalize().to_string()),
            duplicates: totals.duplicates,
            by_kind: totals
                .by_kind
                .iter()
                .map(|part| KindTotalBody {
                    kind: part.kind.as_str().to_owned(),
                    rows: part.rows,
                    amount: part.amount.normalize().to_string(),
                })
                .collect(),
        }
    }
}

/// Why a cell is refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellProblemBody {
    /// Data row, from 1.
    row: u64,
    column: String,
    value: String,
    /// What is wrong, and how to mend it.
    reason: String,
}

/// Says what importing an uploaded file would do. Nothing is written.
#[utoipa::path(post, path = "/imports/preview", tag = "imports", operation_id = "preview_import", request_body = ImportRequestBody, security(("bearer" = [])),
    responses((status = 200, body = ImportPreviewBody), (status = "default", body = Problem)))]
pub(crate) async fn preview(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<ImportRequestBody>,
) -> Result<Json<ImportPreviewBody>, ApiError> {
    let preview = app::preview_upload(&state.platform, &actor, &body.upload_id, &body.request()?).await?;
    let file = app::upload_name(&state.platform, &actor, &body.upload_id)?;
    Ok(Json(shown(body.upload_id, file, &preview)))
}

fn shown(upload_id: String, file: String, preview: &Preview) -> ImportPreviewBody {
    let shape = &preview.shape;
    let recognition = &preview.recognition;
    let mapping = recognition.mapping.as_ref();
    let columns: BTreeMap<String, String> = mapping
        .map(|mapping| {
            mapping.columns.iter().map(|(field, column)| (field.as_str().to_owned(), column.clone())).collect()
        })
        .unwrap_or_default();
    let kind = recognition.kind;
    let outcome = preview.outcome.as_ref();
    ImportPreviewBody {
        upload_id,
        file,
        format: shape.format.as_str().to_owned(),
        encoding: shape.encoding.map(|encoding| encoding.as_str().to_owned()).unwrap_or_default(),
        delimiter: shape.dialect.as_ref().map(|dialect| char::from(dialect.delimiter.byte()).to_string()),
        kind: kind.map(|kind| kind.as_str().to_owned()),
        kind_title: kind.map_or("Unknown file", SourceKind::label).to_owned(),
        confidence: match (kind, recognition.is_certain) {
            (None, _) => "unknown",
            (Some(_), true) => "recognised",
            (Some(_), false) => "guessed",
        },
        columns: column_bodies(preview, &columns),
        fields: kind.filter(|kind| kind.is_mapped()).map(fields).unwrap_or_default(),
        mapping: columns,
        kinds: SourceKind::ALL
            .iter()
            .map(|kind| KindBody { kind: kind.as_str().to_owned(), title: kind.label().to_owned() })
            .collect(),
        rows: preview.rows,
        counts: outcome
            .map(|report| ImportCountsBody {
                rows: report.rows,
                new: report.new,
                changed: report.changed,
                unchanged: report.unchanged,
                rejected: report.rejected,
            })
            .unwrap_or_default(),
        totals: outcome.map(|report| ControlTotalsBody::of(&report.totals)).unwrap_or_default(),
        currency: outcome.and_then(|report| report.currency).map(|currency| currency.as_str().to_owned()),
        rows_without_currency: outcome.map_or(0, |report| report.rows_without_currency),
        assumed_currency: preview.assumed_currency.map(|currency| currency.as_str().to_owned()),
        problems: problems(preview),
        sample: preview
            .sample
            .iter()
            .map(|row| shape.columns.iter().cloned().zip(row.cells.iter().cloned()).collect())
            .collect(),
        questions: preview.questions.iter().map(QuestionBody::from).collect(),
    }
}

fn column_bodies(preview: &Preview, mapping: &BTreeMap<String, String>) -> Vec<ColumnBody> {
    let samples = |index: usize| preview.samples.get(index).cloned().unwrap_or_default();
    let guess = |name: &String| mapping.iter().find(|(_, column)| *column == name).map(|(field, _)| field.clone());
    let columns = preview.shape.columns.iter().enumerate();
    columns
        .map(|(index, name)| ColumnBody { name: name.clone(), samples: samples(index), guess: guess(name) })
        .collect()
}

fn fields(kind: SourceKind) -> Vec<FieldBody> {
    let body = |field: &Field, required| {
        let words = field.as_str().replace('_', " ");
        let mut letters = words.chars();
        let title =
            letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default();
        FieldBody { name: field.as_str().to_owned(), title, required }
    };
    let required = Field::required_by(kind).iter().map(|field| body(field, true));
    required.chain(Field::optional_in(kind).iter().map(|field| body(field, false))).collect()
}

fn problems(preview: &Preview) -> Vec<CellProblemBody> {
    let rows =
        preview.rejects.iter().flat_map(|reject| reject.problems.iter().map(move |problem| (reject.row, problem)));
    rows.map(|(row, problem)| CellProblemBody {
        row,
        column: problem.column.clone().unwrap_or_default(),
        value: problem.value.clone(),
        reason: if problem.remedy.is_empty() {
            problem.reason.clone()
        } else {
            format!("{}: {}", problem.reason, problem.remedy)
        },
    })
    .collect()
}
