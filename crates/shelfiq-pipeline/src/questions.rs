//! What a file leaves open: dates and numbers that can be read in two ways.

use shelfiq_tabular::{DateOrder, DecimalMark, OrderEvidence, Shape, parse_amount, two_readings};

use crate::cells::long_day;
use crate::survey::{MarkEvidence, OrderCertainty, Survey};
use crate::{Choice, Field, ImportOptions, PipelineError, Question, Recognition, SourceKind};

/// What the caller has said about dates and numbers, with the request or in the mapping. It counts where the values of the
/// file do not tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) date_order: Option<DateOrder>,
    pub(crate) decimal_mark: Option<DecimalMark>,
}

impl Told {
    pub(crate) fn of(options: &ImportOptions, recognition: &Recognition) -> Self {
        let mapping = recognition.mapping.as_ref();
        Self {
            date_order: options.date_order.or(mapping.and_then(|mapping| mapping.date_order)),
            decimal_mark: options.decimal_mark.or(mapping.and_then(|mapping| mapping.decimal_mark)),
        }
    }
}

/// Questions about the columns that matter: those of the mapping, or all of an export that has none. In an export nobody
/// knows which columns matter: its doubtful rows are refused as they come.
pub(crate) fn questions(shape: &Shape, survey: &Survey, recognition: &Recognition, told: Told) -> Vec<Question> {
    let by_kind = recognition.kind.and_then(SourceKind::date_order);
    let mut questions = Vec::new();
    for (index, column) in shape.columns.iter().enumerate() {
        let fields = fields_of(recognition, column);
        let is_date = recognition.mapping.is_none() || fields.iter().any(|field| field.is_moment());
        let (_, certainty) = survey.moment_style(index, told.date_order, by_kind);
        if is_date && certainty == OrderCertainty::Open {
            let question =
                survey.two_way_date(index).and_then(|(date, evidence)| date_question(column, date, evidence));
            questions.extend(question.map(|question| Question { must_answer: !fields.is_empty(), ..question }));
        }
        if shape.is_typed || told.decimal_mark.is_some() || matches!(survey.mark(), MarkEvidence::Decided(_)) {
            continue;
        }
        if let Some(field) = fields.iter().find(|field| field.is_amount())
            && let Some(number) = survey.two_way_number(index, *field)
        {
            questions.extend(number_question(column, number));
        }
    }
    if recognition.kind == Some(SourceKind::AmazonBusinessReport) {
        questions.push(Question {
            column: String::new(),
            text: "The report does not say which days it covers; it counts for the day on which it is imported."
                .to_owned(),
            answer: "day",
            must_answer: false,
            choices: Vec::new(),
        });
    }
    questions
}

/// Refuses to go on while a question is open.
pub(crate) fn check(file: &str, questions: &[Question]) -> Result<(), PipelineError> {
    let open = questions.iter().find(|question| question.must_answer);
    open.map_or(Ok(()), |question| Err(question.refusal(file)))
}

impl Question {
    /// Why `file` cannot be imported before this is answered, and by which flag it is.
    #[must_use]
    pub fn refusal(&self, file: &str) -> PipelineError {
        let flag = if self.answer == "date_order" {
            "--date-order day-first` or `--date-order month-first"
        } else {
            "--decimal-mark point` or `--decimal-mark comma"
        };
        PipelineError::Undecided { file: file.to_owned(), column: self.column.clone(), doubt: self.text.clone(), flag }
    }
}

fn fields_of(recognition: &Recognition, column: &str) -> Vec<Field> {
    let columns = recognition.mapping.iter().flat_map(|mapping| &mapping.columns);
    columns.filter(|(_, used)| *used == column).map(|(field, _)| *field).collect()
}

fn date_question(column: &str, date: &str, evidence: OrderEvidence) -> Option<Question> {
    let (day_first, month_first) = two_readings(date)?;
    let (day_first, month_first) = (long_day(day_first), long_day(month_first));
    let why = if evidence == OrderEvidence::Contradictory {
        "other dates of the column are written in either order"
    } else {
        "nothing in the file decides"
    };
    Some(Question {
        column: column.to_owned(),
        text: format!("`{date}` can be {day_first} or {month_first}, and {why}."),
        answer: "date_order",
        must_answer: true,
        choices: vec![
            Choice { value: "day_first", reading: day_first },
            Choice { value: "month_first", reading: month_first },
        ],
    })
}

fn number_question(column: &str, number: &str) -> Option<Question> {
    let read = |mark| Some(parse_amount(number, mark)?.value.normalize().to_string());
    let (point, comma) = (read(DecimalMark::Point)?, read(DecimalMark::Comma)?);
    Some(Question {
        column: column.to_owned(),
        text: format!("`{number}` can be {point} or {comma}, and nothing in the file decides."),
        answer: "decimal_mark",
        must_answer: true,
        choices: vec![Choice { value: "point", reading: point }, Choice { value: "comma", reading: comma }],
    })
}
