// What the first page costs on the wire before its numbers stand: the scripts and styles of the entry, of the shell and
// of the overview, gzipped; beside it what follows to draw its charts. Fails above the budget. Run after `vite build`.

import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET_KB = 250
const FIRST_PAGE = 'src/areas/overview/overview-page.tsx'
const CHARTS = 'src/charts/plot.tsx'
const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))

/** A chunk with everything it imports at once, and their styles. */
function filesOf(name, found = new Set()) {
  const chunk = manifest[name]
  if (!chunk || found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const style of chunk.css ?? []) found.add(style)
  for (const next of chunk.imports ?? []) filesOf(next, found)
  return found
}

const weigh = (files) => files.map((file) => ({ file, kb: gzipSync(readFileSync(new URL(file, dist))).length / 1024 }))
const sum = (sizes) => sizes.reduce((total, { kb }) => total + kb, 0)

const files = filesOf(FIRST_PAGE, filesOf('index.html'))
const sizes = weigh([...files])
const total = sum(sizes)
const charts = sum(weigh([...filesOf(CHARTS)].filter((file) => !files.has(file))))
for (const { file, kb } of sizes.sort((a, b) => b.kb - a.kb)) console.log(`${kb.toFixed(1).padStart(7)} KB  ${file}`)
console.log(
  `${total.toFixed(1).padStart(7)} KB  first page, gzipped (budget ${BUDGET_KB} KB); its charts follow with ${charts.toFixed(1)} KB`,
)
if (total > BUDGET_KB) process.exit(1)
