// Canvas cannot read CSS variables by itself: the tokens are read once per theme.

const TOKENS = {
  accent: '--accent',
  accentText: '--accent-text',
  rival: '--rival',
  text: '--text',
  muted: '--text-3',
  grid: '--border',
  surface: '--surface',
  hatch: '--hatch',
  sunken: '--surface-sunken',
  gain: '--gain',
  loss: '--loss',
  warning: '--warning',
} as const

export type ColourName = keyof typeof TOKENS
/** `bandStrength` is what the opacity of a fill is multiplied by: a dark surface swallows faint ones. */
export type Colours = Record<ColourName, string> & { bandStrength: number }

export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement)
  const read = (name: ColourName) => style.getPropertyValue(TOKENS[name]).trim()
  return {
    accent: read('accent'),
    accentText: read('accentText'),
    rival: read('rival'),
    text: read('text'),
    muted: read('muted'),
    grid: read('grid'),
    surface: read('surface'),
    hatch: read('hatch'),
    sunken: read('sunken'),
    gain: read('gain'),
    loss: read('loss'),
    warning: read('warning'),
    bandStrength: Number(style.getPropertyValue('--band-strength')) || 1,
  }
}

/** `#rrggbb` with an alpha of 0–1. */
export function fade(colour: string, alpha: number): string {
  return `${colour}${Math.round(Math.min(1, alpha) * 255)
    .toString(16)
    .padStart(2, '0')}`
}
