import { Button } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { ProductDetail } from '~/api/types'
import type { Read } from '~/areas/products/detail/read-form'
import { Panel } from '~/ui/panel'
import styles from './question.module.css'

type PanelProps<Question> = {
  title: string
  subtitle: string
  product: ProductDetail
  form: (onAsk: (question: Question) => void) => ReactNode
  answer: (question: Question) => ReactNode
  /** Stands between the form and the answer. */
  basis?: ReactNode
}

/** A form that asks what a plan would bring, and below it the answer once one was asked for. */
export function QuestionPanel<Question>({ title, subtitle, product, form, answer, basis }: PanelProps<Question>) {
  const [question, setQuestion] = useState<Question | null>(null)
  const isPossible = product.demand.status === 'ready' && product.price !== null
  return (
    <Panel title={title} subtitle={subtitle}>
      {isPossible ? (
        <>
          {form(setQuestion)}
          {basis}
          {question !== null && answer(question)}
        </>
      ) : (
        <p className={styles.note}>It takes a price and a forecast, and one of them is missing.</p>
      )}
    </Panel>
  )
}

type FormProps<Question> = {
  /** What the button says. */
  verb: string
  read: (form: FormData) => Read<Question>
  onAsk: (question: Question) => void
  children: ReactNode
}

/** The fields of a question; what cannot be read is said below them and asked of nobody. */
export function QuestionForm<Question>({ verb, read, onAsk, children }: FormProps<Question>) {
  const [problem, setProblem] = useState<string | null>(null)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const answer = read(new FormData(event.currentTarget))
    setProblem(answer.kind === 'invalid' ? answer.problem : null)
    if (answer.kind === 'valid') onAsk(answer.question)
  }
  return (
    <form onSubmit={submit} className={styles.form}>
      {children}
      <Button type="submit" size="compact-md" variant="light" className={styles.ask}>
        {verb}
      </Button>
      {problem && (
        <p role="alert" className={styles.warning}>
          {problem}
        </p>
      )}
    </form>
  )
}
