import { createTheme, type MantineColorsTuple } from '@mantine/core'

const cobalt: MantineColorsTuple = [
  '#edf0fd',
  '#dbe2fb',
  '#b8c4f7',
  '#93a5f4',
  '#7089ee',
  '#5570e4',
  '#3d5bd9',
  '#2f49b8',
  '#263c98',
  '#1d2e75',
]

const gray: MantineColorsTuple = [
  '#f6f6f3',
  '#f1f1ed',
  '#e5e4de',
  '#dbdad3',
  '#d0cfc7',
  '#a3a299',
  '#696861',
  '#55544e',
  '#353430',
  '#1b1b19',
]

const dark: MantineColorsTuple = [
  '#eeeeea',
  '#cfcec8',
  '#b2b1aa',
  '#95948c',
  '#41413d',
  '#2b2b28',
  '#21211f',
  '#191918',
  '#111110',
  '#0b0b0a',
]

/** Mantine in our tokens (tokens.css holds the colours that carry meaning). */
export const theme = createTheme({
  fontFamily: '"Inter Variable", ui-sans-serif, system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: { fontWeight: '600' },
  colors: { cobalt, gray, dark },
  primaryColor: 'cobalt',
  primaryShade: 6,
  defaultRadius: 7,
  cursorType: 'pointer',
  respectReducedMotion: true,
  // By name, not by `Component.extend`: that would pull every component into the first page.
  components: {
    Button: { defaultProps: { size: 'xs' }, styles: { root: { fontWeight: 550 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 30 } },
    Tooltip: { defaultProps: { openDelay: 250, fz: 12, color: 'dark.6' } },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', transitionProps: { duration: 120 } } },
    Popover: { defaultProps: { transitionProps: { duration: 120 } } },
    Modal: {
      // The <header> of a dialog is not the banner of the page.
      defaultProps: {
        centered: true,
        radius: 12,
        transitionProps: { duration: 150 },
        attributes: { header: { role: 'presentation' } },
      },
      styles: { title: { fontSize: 15, fontWeight: 600 } },
    },
    Input: { defaultProps: { size: 'sm' } },
    InputWrapper: {
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
      styles: { label: { marginBottom: 3 }, description: { marginTop: 3 } },
    },
  },
})
