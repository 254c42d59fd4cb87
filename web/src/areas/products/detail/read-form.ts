/** What was typed into a form: a question to the server, or why it is none. */
export type Read<Question> = { kind: 'valid'; question: Question } | { kind: 'invalid'; problem: string }
