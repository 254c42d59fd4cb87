import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconMoon, IconSun } from '@tabler/icons-react'

/** Light or dark; the system's own choice until somebody presses this. */
export function ThemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false })
  const next = scheme === 'dark' ? 'light' : 'dark'
  const label = next === 'dark' ? 'Use dark theme' : 'Use light theme'
  const Glyph = next === 'dark' ? IconMoon : IconSun
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={() => setColorScheme(next)}>
        <Glyph size={17} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}
