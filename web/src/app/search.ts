// The query string as plain text values: `?range=28d&search=123` stays readable, and "123" stays text.

export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

export function printSearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value))
  }
  // Colons, commas and slashes are legal in a query and read better unescaped.
  const text = params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')
  return text === '' ? '' : `?${text}`
}

/** A search parameter that is text, or absent. */
export function textParam<Name extends string>(
  search: Record<string, unknown>,
  name: Name,
): { [key in Name]?: string } {
  const value = search[name]
  const found: { [key in Name]?: string } = {}
  if (typeof value === 'string' && value !== '') found[name] = value
  return found
}
