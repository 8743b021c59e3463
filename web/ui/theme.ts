/** Hearthline's face on Mantine: shades and sizes whose contrast was checked in light and dark. */
import type { CSSVariablesResolver, MantineThemeOverride } from '@mantine/core';

export const theme: MantineThemeOverride = {
  colors: {
    brand: ['#e9f7f4', '#cdebe5', '#a3d9cf', '#74c5b7', '#4bb3a2', '#2a9d8b', '#177e70', '#0b6a5e', '#07574d', '#04433b'],
    red: ['#fff0f0', '#ffdcdc', '#ffb8b8', '#ff9090', '#f56a6a', '#e03e3e', '#c92a2a', '#b02020', '#961a1a', '#7a1212'],
    // Warm greys from lamp-lit paper to a dark room; Mantine draws its dark scheme from these.
    dark: ['#f3ece2', '#d8cfc3', '#c9bfb2', '#8f857a', '#5b524a', '#463e37', '#332d28', '#26211d', '#1c1815', '#141110'],
  },
  primaryColor: 'brand',
  primaryShade: 7,
  fontFamily: "'Atkinson Hyperlegible Next Variable', 'Atkinson Hyperlegible', system-ui, sans-serif",
  headings: { fontFamily: "'Atkinson Hyperlegible Next Variable', 'Atkinson Hyperlegible', system-ui, sans-serif", fontWeight: '650' },
  fontSizes: { xs: '1rem', sm: '1.0625rem', md: '1.125rem', lg: '1.1875rem', xl: '1.375rem' },
  lineHeights: { xs: '1.5', sm: '1.5', md: '1.5', lg: '1.5', xl: '1.4' },
  defaultRadius: 'lg',
  respectReducedMotion: true,
  components: {
    TextInput: { defaultProps: { size: 'lg' } },
    Textarea: { defaultProps: { size: 'lg' } },
    NativeSelect: { defaultProps: { size: 'lg' } },
    Switch: { defaultProps: { size: 'lg', withThumbIndicator: false } },
    Checkbox: { defaultProps: { size: 'md' } },
    Modal: { defaultProps: { centered: true, radius: 'lg', transitionProps: { duration: 0 } } },
    SegmentedControl: { defaultProps: { size: 'lg', radius: 'xl' } },
  },
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#faf6ef',
    '--mantine-color-text': '#2a2522',
    '--mantine-color-dimmed': '#4d463f',
    '--mantine-color-error': '#b02020',
    '--mantine-color-placeholder': '#5f574f',
    '--mantine-color-default-border': '#8f857a',
  },
  dark: {
    '--mantine-color-body': '#1c1815',
    '--mantine-color-text': '#f3ece2',
    '--mantine-color-dimmed': '#d0c6b9',
    '--mantine-color-error': '#ff9d9d',
    '--mantine-color-placeholder': '#bdb2a5',
    '--mantine-color-default-border': '#8f857a',
  },
});
