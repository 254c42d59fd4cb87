// `npm run mock`: the API of the contract over made-up data, kept in memory. For working on the web app alone.
// SHELFIQ_MOCK=setup starts without a member; SHELFIQ_MOCK_ROWS sets the number of products. With `npm run build` done,
// it also serves web/dist, like the binary.

import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { anomalies, answerAnomaly, withdrawAnswer } from './anomalies.mjs'
import { importPreview, measureForecast, measures, overview, productDetail, whatIf } from './answers.mjs'
import { makeAlerts, makeRecommendations } from './decisions.mjs'
import { demandPlan } from './demand.mjs'
import { ledger, ledgerSummary } from './ledger.mjs'
import { acceptSocket, push } from './live.mjs'
import { drift, leaderboard, makeVersions, modelAccuracy } from './models.mjs'
import { priceFront, pricePlan, season, takePlan } from './price-plan.mjs'
import { makeTests, proposals, simulate, start, withSchedule } from './price-tests.mjs'
import { CURRENCY, instant, makeProducts, uuid } from './shop.mjs'

const PORT = Number(process.env.PORT ?? 8090)
const DIST = new URL('../dist/', import.meta.url).pathname

const products = makeProducts(Number(process.env.SHELFIQ_MOCK_ROWS ?? 640))
const shop = { products, recommendations: makeRecommendations(products), alerts: makeAlerts(products) }
for (const each of shop.recommendations) products.find(({ sku }) => sku === each.sku).open_recommendations += 1
for (const each of shop.alerts) products.find(({ sku }) => sku === each.sku).open_alerts += 1

const versions = makeVersions()
const entries = ledger(products)
const tests = makeTests(products)

let needsSetup = process.env.SHELFIQ_MOCK === 'setup'
let isSignedIn = false
const merchant = { id: uuid(1), name: 'Harbour & Pine', currency: CURRENCY, time_zone: 'Europe/London', is_demo: true }
const settings = {
  default_lead_time_days: 14,
  service_level: 0.95,
  price_guard: { max_change_per_day: 0.1, min_margin: 0.2 },
  pricing: {
    objective: 'margin',
    strategy: 'earn',
    reference: 'median',
    distance: 0,
    sacrifice_max: 0.1,
    own_sellers: [],
    risk: 'neutral',
    confidence: 0.8,
    reductions: 'any',
    reduction_min: 0.05,
    price_endings: 'charm',
    rival_band_below: 0.15,
    rival_band_above: 0.25,
    frozen: [],
  },
  version: 1,
  anomaly_false_share: 0.2,
}
const me = {
  member: { id: uuid(2), name: 'Robin Marsh', email: 'demo@shelfiq.example' },
  merchant,
  role: 'owner',
  permissions: [
    'shop:read',
    'views:write',
    'decisions:write',
    'imports:write',
    'settings:write',
    'members:write',
    'api_keys:write',
    'jobs:write',
    'models:write',
    'audit:read',
  ],
  merchants: [{ id: merchant.id, name: merchant.name, role: 'owner' }],
}
const members = [{ ...me.member, role: 'owner', created_at: instant(-200), last_seen_at: instant(0) }]
const keys = []
const jobs = []
const views = [
  { id: uuid(40), area: 'products', name: 'Low cover', query: 'sort=stock_cover', created_by: 'Robin Marsh' },
]
const uploads = new Map()
const imports = [finishedImport(uuid(60), 'EtsySoldOrderItems2026.csv', 4812)]

function finishedImport(id, file, rows) {
  const counts = { rows, new: rows - 14, changed: 0, unchanged: 2, rejected: 12 }
  return {
    id,
    status: 'finished',
    store: 'harbour-etsy',
    files: [{ file, kind: 'etsy_sold_items', ...counts }],
    counts,
    totals: null,
    progress: 1,
    stage: null,
    error: null,
    has_rejects: true,
    started_at: instant(-2, 8),
    finished_at: instant(-2, 9),
    started_by: 'Robin Marsh',
  }
}

class Refusal extends Error {
  constructor(status, title, detail = '') {
    super(title)
    Object.assign(this, { status, detail })
  }
}

const found = (list, id) => list.find((each) => each.id === id) ?? refuse(404, 'There is nothing with this id')
const refuse = (status, title, detail) => {
  throw new Refusal(status, title, detail)
}
const session = () => ({ access_token: 'mock', expires_in_seconds: 900, me })

function page(list, query, total = list.length) {
  const start = Number(query.after || 0)
  const limit = Number(query.limit || 50)
  const end = start + limit
  return { items: list.slice(start, end), next: end < list.length ? String(end) : null, total }
}

const SORTS = {
  title: (p) => p.title,
  price: (p) => Number(p.price.amount),
  margin_rate: (p) => p.margin_rate ?? -1,
  stock: (p) => p.stock,
  stock_cover: (p) => p.stock_cover_days,
  units: (p) => p.units_30d,
  revenue: (p) => Number(p.revenue_30d.amount),
  forecast: (p) => p.forecast_units_28d ?? -1,
}

function listProducts(query) {
  const descending = query.sort?.startsWith('-') ?? true
  const by = SORTS[(query.sort ?? 'revenue').replace('-', '')] ?? SORTS.revenue
  const wanted = (query.search ?? '').toLowerCase()
  const STATUS = {
    attention: (p) => p.open_alerts + p.open_recommendations > 0,
    out_of_stock: (p) => p.stock === 0,
  }
  const list = products
    .filter((p) => `${p.title} ${p.sku}`.toLowerCase().includes(wanted))
    .filter((p) => !query.category || p.category === query.category)
    .filter((p) => !query.status || (STATUS[query.status]?.(p) ?? true))
    .sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0) * (descending ? -1 : 1))
  return { ...page(list, query), categories: [...new Set(products.map((p) => p.category))].sort() }
}

const DECIDED = {
  accept: 'accepted',
  dismiss: 'dismissed',
  snooze: 'snoozed',
  undo: 'open',
  acknowledge: 'acknowledged',
  resolve: 'resolved',
}

function act(list, id, action, body) {
  const subject = found(list, id)
  subject.state = list === shop.alerts && action === 'undo' ? 'firing' : DECIDED[action]
  subject.version += 1
  subject.decision_reason = body.reason ?? null
  subject.snoozed_until = body.until ? `${body.until}T00:00:00Z` : null
  subject.decided_at = action === 'undo' ? null : new Date().toISOString()
  subject.decided_by = action === 'undo' ? null : me.member.name
  return subject
}

function ofState(list, state, open) {
  return list.filter((each) =>
    state === 'all' ? true : state === undefined || state === 'open' ? open.includes(each.state) : each.state === state,
  )
}

/** Alerts that tell of an anomaly. */
const telling = (sku, measure, day) =>
  shop.alerts.filter(({ anomaly: a }) => a?.sku === sku && a.measure === measure && a.day === day)

function runImport(body) {
  const upload = uploads.get(body.upload_id) ?? refuse(404, 'This upload has expired', 'Drop the file again.')
  const imported = {
    ...finishedImport(uuid(100 + imports.length), upload.file, upload.rows.length),
    status: 'running',
    progress: 0,
    stage: 'Reading',
    finished_at: null,
    started_at: new Date().toISOString(),
  }
  imported.counts = { rows: upload.rows.length, new: upload.rows.length - 1, changed: 0, unchanged: 0, rejected: 1 }
  imports.unshift(imported)
  const timer = setInterval(() => {
    imported.progress = Math.min(1, imported.progress + 0.2)
    imported.stage = imported.progress < 0.6 ? 'Writing events' : 'Building tables'
    push('import.progress', { id: imported.id, progress: imported.progress, stage: imported.stage })
    if (imported.progress < 1) return
    clearInterval(timer)
    Object.assign(imported, { status: 'finished', stage: null, finished_at: new Date().toISOString() })
    push('import.finished', { id: imported.id, status: 'finished' })
  }, 300)
  return imported
}

function runJob(kind) {
  const job = {
    id: uuid(800 + jobs.length),
    kind,
    status: 'running',
    progress: 0,
    stage: 'Forecasts',
    error: null,
    created_at: new Date().toISOString(),
    finished_at: null,
  }
  jobs.unshift(job)
  const timer = setInterval(() => {
    job.progress = Math.min(1, job.progress + 0.1)
    if (job.progress > 0.5) job.stage = 'Recommendations'
    push('job.progress', { id: job.id, kind, progress: job.progress, stage: job.stage })
    if (job.progress < 1) return
    clearInterval(timer)
    job.status = 'done'
    push('job.finished', { id: job.id, kind, status: 'done' })
  }, 300)
  return job
}

const route = (method, pattern, answer) => ({ method, pattern: new RegExp(`^/api/v1${pattern}$`), answer })

const ROUTES = [
  route('GET', '/setup', () => ({
    needs_setup: needsSetup,
    demo: { email: me.member.email, password: 'demo-password' },
    version: '0.1.0',
  })),
  route('POST', '/setup', (_, { body }) => {
    needsSetup = false
    isSignedIn = true
    Object.assign(merchant, { name: body.merchant_name, currency: body.currency, time_zone: body.time_zone })
    return session()
  }),
  route('POST', '/auth/sign-in', (_, { body }) => {
    if (body.password !== 'demo-password') refuse(401, 'Wrong email or password', 'Check both and try again.')
    isSignedIn = true
    return session()
  }),
  route('POST', '/auth/refresh', () => (isSignedIn ? session() : refuse(401, 'Signed out'))),
  route('POST', '/auth/sign-out', () => {
    isSignedIn = false
    return null
  }),
  route('POST', '/auth/password', () => null),
  route('GET', '/me', () => me),
  route('GET', '/merchant', () => ({ ...merchant, ...settings })),
  route('PATCH', '/merchant', (_, { body }) => {
    for (const name of ['name', 'currency', 'time_zone']) if (name in body) merchant[name] = body[name]
    return { ...merchant, ...Object.assign(settings, body) }
  }),
  route('GET', '/members', (_, { query }) => page(members, query)),
  route(
    'POST',
    '/members',
    (_, { body }) =>
      members[
        members.push({
          id: uuid(200 + members.length),
          ...body,
          created_at: new Date().toISOString(),
          last_seen_at: null,
        }) - 1
      ],
  ),
  route('PATCH', '/members/(.+)', ([id], { body }) => Object.assign(found(members, id), body)),
  route('DELETE', '/members/(.+)', ([id]) => void members.splice(members.indexOf(found(members, id)), 1)),
  route('GET', '/api-keys', (_, { query }) => page(keys, query)),
  route('POST', '/api-keys', (_, { body }) => {
    const key = {
      id: uuid(300 + keys.length),
      name: body.name,
      prefix: 'siq_3fa9',
      scopes: body.scopes,
      created_at: new Date().toISOString(),
      last_used_at: null,
      expires_at: body.expires_at ?? null,
    }
    keys.unshift(key)
    return { ...key, key: 'siq_3fa9_M0ckK3yForTheWebAppOnly' }
  }),
  route('DELETE', '/api-keys/(.+)', ([id]) => void keys.splice(keys.indexOf(found(keys, id)), 1)),
  route('GET', '/audit', (_, { query }) =>
    page(
      [
        {
          id: '1',
          at: instant(0),
          actor: me.member.name,
          action: 'recommendation.accepted',
          subject: products[0].sku,
          before: null,
          after: null,
        },
      ],
      query,
    ),
  ),
  route('GET', '/overview', (_, { query }) => overview(shop, query)),
  route('POST', '/measures/query', (_, { body }) => measures(shop, body)),
  route('POST', '/measures/forecast', (_, { body }) => measureForecast(body)),
  route('GET', '/products', (_, { query }) => listProducts(query)),
  route('GET', '/products/([^/]+)', ([sku]) =>
    productDetail(
      shop,
      products.find((p) => p.sku === sku) ?? refuse(404, 'There is no such product', `No Sku “${sku}” in this shop.`),
    ),
  ),
  route('GET', '/products/([^/]+)/anomalies', ([sku]) => anomalies(sku)),
  route('PUT', '/products/([^/]+)/anomalies/([^/]+)/([^/]+)/answer', ([sku, measure, day], { body }) => {
    for (const alert of telling(sku, measure, day)) alert.state = body.answer === 'dismissed' ? 'resolved' : 'firing'
    return answerAnomaly(sku, measure, day, body, me.member.name) ?? refuse(404, 'There is nothing unusual on that day')
  }),
  route('DELETE', '/products/([^/]+)/anomalies/([^/]+)/([^/]+)/answer', ([sku, measure, day]) => {
    for (const alert of telling(sku, measure, day)) alert.state = 'firing'
    withdrawAnswer(sku, measure, day)
  }),
  route('POST', '/products/([^/]+)/what-if', ([sku], { body }) =>
    whatIf(
      products.find((p) => p.sku === sku),
      Number(body.price),
    ),
  ),
  route('POST', '/products/([^/]+)/season', ([sku], { body }) =>
    season(
      products.find((each) => each.sku === decodeURIComponent(sku)) ?? refuse(404, 'There is no such product'),
      body,
    ),
  ),
  route('POST', '/prices/front', () => priceFront(products)),
  route('POST', '/prices/portfolio', (_, { body }) => pricePlan(products, body)),
  route('POST', '/prices/portfolio/take', (_, { body }) => takePlan(body)),
  route('POST', '/products/([^/]+)/simulate', ([sku], { body }) =>
    simulate(
      products.find((p) => p.sku === sku),
      body,
    ),
  ),
  route('GET', '/price-tests/proposals', () => proposals(products)),
  route('GET', '/price-tests', (_, { query }) => page(tests, query)),
  route('POST', '/price-tests', (_, { body }) =>
    start(
      tests,
      products.find((p) => p.sku === body.sku),
    ),
  ),
  route('GET', '/price-tests/([^/]+)', ([id]) => withSchedule(found(tests, id))),
  route('POST', '/price-tests/([^/]+)/stop', ([id]) =>
    withSchedule(
      Object.assign(found(tests, id), {
        state: 'stopped',
        today: null,
        ended_at: instant(0),
        end_reason: 'stopped by hand',
      }),
    ),
  ),
  route('PATCH', '/products/([^/]+)/settings', (_, { body }) => body),
  route('GET', '/recommendations', (_, { query }) =>
    page(
      ofState(shop.recommendations, query.state, ['open']).filter(
        (r) => (!query.kind || r.kind === query.kind) && (!query.sku || r.sku === query.sku),
      ),
      query,
    ),
  ),
  route('GET', '/demand-plan', (_, { query }) => demandPlan(products, query)),
  route('GET', '/models', () => leaderboard(versions)),
  route('GET', '/models/drift', () => drift()),
  route('GET', '/models/accuracy', (_, { query }) => modelAccuracy(versions, query)),
  route('GET', '/models/versions', (_, { query }) => page(versions, query)),
  route('POST', '/models/versions/([^/]+)/(promote|rollback)', ([id, step], { body }) =>
    Object.assign(found(versions, id), { stage: step === 'promote' ? (body.stage ?? 'production') : 'archived' }),
  ),
  route('GET', '/ledger/summary', () => ledgerSummary(entries)),
  route('GET', '/ledger', (_, { query }) =>
    page(
      entries.filter(
        (each) =>
          (!query.origin || each.origin === query.origin) &&
          (!query.outcome || each.outcome === query.outcome) &&
          (!query.sku || each.sku === query.sku),
      ),
      query,
    ),
  ),
  route('GET', '/ledger/([^/]+)', ([id]) => ({
    ...found(entries, id),
    why: null,
    evidence: [],
    guard_rails: [],
    steps: [],
  })),
  route('POST', '/recommendations/bulk', (_, { body }) => ({
    done: body.ids.map((id) => act(shop.recommendations, id, body.action, body).id),
    failed: [],
  })),
  route('POST', '/recommendations/([^/]+)/(accept|dismiss|snooze|undo)', ([id, action], { body }) =>
    act(shop.recommendations, id, action, body ?? {}),
  ),
  route('GET', '/alerts/counts', () => ({
    open: ofState(shop.alerts, 'open', ['firing', 'acknowledged']).length,
    snoozed: ofState(shop.alerts, 'snoozed', []).length,
    by_severity: {},
  })),
  route('GET', '/alerts', (_, { query }) =>
    page(
      ofState(shop.alerts, query.state, ['firing', 'acknowledged']).filter(
        (a) =>
          (!query.severity || a.severity === query.severity) &&
          (!query.kind || a.kind === query.kind) &&
          (!query.sku || a.sku === query.sku) &&
          `${a.title} ${a.product_title}`.toLowerCase().includes((query.search ?? '').toLowerCase()),
      ),
      query,
    ),
  ),
  route('POST', '/alerts/bulk', (_, { body }) => ({
    done: body.ids.map((id) => act(shop.alerts, id, body.action, body).id),
    failed: [],
  })),
  route('POST', '/alerts/([^/]+)/(acknowledge|resolve|snooze|undo)', ([id, action], { body }) =>
    act(shop.alerts, id, action, body ?? {}),
  ),
  route('POST', '/imports/uploads', (_, { form }) => {
    const [header = [], ...rows] = form.text
      .split(/\r?\n/)
      .filter(Boolean)
      .map((line) => line.split(','))
    const upload = { upload_id: uuid(700 + uploads.size), file: form.name, bytes: form.text.length, header, rows }
    uploads.set(upload.upload_id, upload)
    return { upload_id: upload.upload_id, file: upload.file, bytes: upload.bytes }
  }),
  route('POST', '/imports/preview', (_, { body }) =>
    importPreview(uploads.get(body.upload_id) ?? refuse(404, 'This upload has expired'), body.mapping),
  ),
  route('POST', '/imports', (_, { body }) => runImport(body)),
  route('GET', '/imports', (_, { query }) => page(imports, query)),
  route('GET', '/jobs', () => ({ items: jobs, next: null, total: jobs.length })),
  route('POST', '/jobs', (_, { body }) => runJob(body.kind)),
  route('GET', '/imports/([^/]+)', ([id]) => found(imports, id)),
  route('GET', '/imports/([^/]+)/rejects', () => 'line,reason\n3,Not a date\n'),
  route('POST', '/imports/([^/]+)/undo', ([id]) => Object.assign(found(imports, id), { status: 'undone' })),
  route('GET', '/views', (_, { query }) => ({ items: views.filter((view) => view.area === query.area) })),
  route(
    'POST',
    '/views',
    (_, { body }) => views[views.push({ id: uuid(400 + views.length), ...body, created_by: me.member.name }) - 1],
  ),
  route('DELETE', '/views/(.+)', ([id]) => void views.splice(views.indexOf(found(views, id)), 1)),
  route('GET', '/search', (_, { query }) => ({
    items: products
      .filter((p) => `${p.title} ${p.sku}`.toLowerCase().includes(query.q.toLowerCase()))
      .slice(0, 8)
      .map((p) => ({ kind: 'product', title: p.title, subtitle: p.sku, link: `/products/${p.sku}` })),
  })),
]

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

function serveFile(path, response) {
  const file = existsSync(join(DIST, path)) && extname(path) ? path : 'index.html'
  if (!existsSync(join(DIST, file))) return response.writeHead(404).end('Run `npm run build` or `npm run dev`.')
  response
    .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
    .end(readFileSync(join(DIST, file)))
}

async function readBody(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  if (!request.headers['content-type']?.startsWith('multipart/')) return { body: text ? JSON.parse(text) : {} }
  const [head = '', ...rest] = text.split('\r\n\r\n')
  return {
    form: {
      name: /filename="([^"]*)"/.exec(head)?.[1] ?? 'file',
      text: rest.join('\r\n\r\n').replace(/\r\n--[^\n]*--\r\n$/, ''),
    },
  }
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock')
  if (!url.pathname.startsWith('/api/')) return serveFile(url.pathname, response)
  try {
    const match =
      ROUTES.find(({ method, pattern }) => method === request.method && pattern.test(url.pathname)) ??
      refuse(404, 'No such endpoint')
    const params = match.pattern.exec(url.pathname).slice(1).map(decodeURIComponent)
    const answer = match.answer(params, { query: Object.fromEntries(url.searchParams), ...(await readBody(request)) })
    if (answer === null || answer === undefined) return response.writeHead(204).end()
    const isText = typeof answer === 'string'
    response.writeHead(200, { 'content-type': isText ? 'text/csv' : 'application/json' })
    response.end(isText ? answer : JSON.stringify(answer))
  } catch (error) {
    const problem = {
      type: 'about:blank',
      title: error.message,
      status: error.status ?? 500,
      code: 'mock',
      detail: error.detail ?? '',
      request_id: 'mock-0001',
    }
    response.writeHead(problem.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
  }
})
  .on('upgrade', (request, socket) => acceptSocket(request, socket))
  .listen(PORT, '127.0.0.1', () => console.log(`mock API on http://127.0.0.1:${PORT}`))
