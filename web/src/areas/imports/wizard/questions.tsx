import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { Reading } from '~/api/imports'
import type { ImportPreview, ImportQuestion } from '~/api/types'
import { plural } from '~/lib/format'
import { currencies } from '~/lib/places'
import { NativeSelect } from '~/ui/fields'
import styles from './questions.module.css'

type Props = { preview: ImportPreview; reading: Reading; onChange: (reading: Reading) => void }

const ANSWERS: Record<string, string> = {
  day_first: 'Dates that can be read in two ways are read with the day first.',
  month_first: 'Dates that can be read in two ways are read with the month first.',
  point: 'Numbers that can be read in two ways have a point before the fraction.',
  comma: 'Numbers that can be read in two ways have a comma before the fraction.',
}

/** What the file does not say by itself: asked with a value of its own, never guessed. */
export function Questions({ preview, reading, onChange }: Props) {
  const { currency, date_order, decimal_mark } = reading
  const told = [date_order, decimal_mark].filter((answer) => answer !== undefined)
  return (
    <>
      {preview.questions.map((question) => (
        <section key={`${question.column} ${question.answer}`} className={styles.question}>
          <IconAlertTriangle size={15} aria-hidden />
          <p className={styles.text}>
            {question.column !== '' && <strong>{question.column}: </strong>}
            {question.text}
          </p>
          <Choices question={question} onAnswer={(value) => onChange({ ...reading, [question.answer]: value })} />
        </section>
      ))}
      {told.length > 0 && (
        <section className={styles.answered}>
          <p>{told.map((answer) => ANSWERS[answer]).join(' ')}</p>
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => onChange({ ...reading, date_order: undefined, decimal_mark: undefined })}
          >
            Answer again
          </Button>
        </section>
      )}
      {(preview.rows_without_currency > 0 || currency !== undefined) && (
        <NativeSelect
          label="Currency of the amounts"
          description={
            preview.rows_without_currency > 0
              ? `${plural(preview.rows_without_currency, 'row')} of the file do not say it`
              : undefined
          }
          className={styles.currency}
          value={currency ?? preview.assumed_currency ?? ''}
          onChange={(event) => onChange({ ...reading, currency: event.currentTarget.value })}
          data={currencies()}
        />
      )}
    </>
  )
}

function Choices({ question, onAnswer }: { question: ImportQuestion; onAnswer: (value: string) => void }) {
  return (
    <div className={styles.choices}>
      {question.choices.map(({ value, reading }) => (
        <Button key={value} size="xs" variant="default" onClick={() => onAnswer(value)}>
          {reading}
        </Button>
      ))}
    </div>
  )
}
